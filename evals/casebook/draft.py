"""Draft: cases proposed from a document or from feedback, by rules alone, for a person to edit before they count."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from assistant.conversations import Feedback
from evals.casebook.facts import Maker, heading_pattern
from evals.casebook.phrase import NUMBER, kinds_of, list_question, named, question_on, topic_of
from evals.casebook.schema import DRAFT, UNFILLED, Case, Nugget
from evals.stored import Stored
from ingest.errors import CasesError
from ingest.manifest import Audience, Source
from ingest.notes import passages_of
from ingest.read import Document
from ingest.section import Section
from ingest.split import Passage, plain

SENTENCES = 5
"""So many sentences make a case at most; those that tell the most come first."""


@dataclass(frozen=True, slots=True)
class _Drafter:
    """What the drafts of one document have in common."""

    source: Source
    text: str
    maker: Maker

    def drafts(self, section: Section, passages: Sequence[Passage]) -> Iterator[Case]:
        """Up to two cases of a section: its longest list, and the sentences that tell amounts, dates, duties or conditions."""
        title = self.source.title or self.source.id
        topic = topic_of(section.trail, title, self.text)
        items, asked = _longest_list(passages), ""
        if items:
            lead = plain(items[0].lead_text)
            asked = list_question(topic, lead, title)
            facts = [fact for item in items for fact in self.maker.nuggets(plain(item.text))]
            yield self._case("list", asked, section, (*facts, *self.maker.condition(lead)))
        telling = _telling([plain(p.text) for p in passages if p not in items and p.kind not in ("lead", "header", "opening")])
        if telling:
            question = question_on(topic, telling, title)
            question = f"What else does {title} say under {named(topic)}?" if question == asked else question
            yield self._case("lookup", question, section, [n for text in telling for n in self.maker.nuggets(text)])

    def _case(self, kind: str, question: str, section: Section, nuggets: Sequence[Nugget]) -> Case:
        audience: Audience = "partner" if self.source.visible_to("partner") else "staff"
        sections = (heading_pattern(NUMBER.sub("", section.trail[-1])),) if section.trail else ()
        return Case(self.source.id, kind, audience, (question,), ("answered",), (self.source.id,), tuple(dict.fromkeys(nuggets)), sections, tags=(DRAFT,))


def drafts_from(source: str, stored: Stored) -> tuple[Case, ...]:
    """Cases from a document of the index, in reading order.

    Raises CasesError for a document that is not there, is not in English, or says nothing that a case can be made from.
    """
    document = _document(source, stored)
    passages = passages_of(document)
    drafter = _Drafter(document.source, document.text, Maker.of([plain(p.text) for p in passages]))
    found = [case for section, group in groupby(passages, key=lambda p: p.section) for case in drafter.drafts(section, list(group))]
    if not found:
        raise CasesError(f"{source} holds no list, amount, date, duty or condition to make a case from. Write cases for it by hand.")
    return tuple(_named(case, f"{source}-{number:02d}") for number, case in enumerate(found, start=1))


def drafts_from_feedback(path: Path) -> tuple[Case, ...]:
    """A case for each question whose answer somebody called wrong, the facts left open.

    Raises CasesError where there is no feedback, or none that calls an answer wrong.
    """
    asked: dict[tuple[str, str], list[Feedback]] = {}
    for row in {row.exchange: row for row in _feedback(path)}.values():
        if row.verdict == "wrong" and row.question.strip():
            asked.setdefault((" ".join(row.question.lower().split()), row.audience), []).append(row)
    if not asked:
        raise CasesError(f"{path} calls no answer wrong, so there is nothing to draft. Draft from a document with: guidance eval cases draft SOURCE")
    return tuple(_open_case(number, rows) for number, rows in enumerate(asked.values(), start=1))


def _document(source: str, stored: Stored) -> Document:
    entry = stored.entries.get(source)
    if entry is None:
        held = ", ".join(sorted(stored.entries)) or "none"
        raise CasesError(f"There is no document {source!r} in the index; it holds {held}. Name one of them, or ingest the document.")
    if entry.source.language != "en":
        raise CasesError(f"{source} is in the language {entry.source.language!r}, and drafts are made from English alone. Write cases for it by hand.")
    return Document(entry.source, stored.text(entry.version) or "", entry.version, entry.pages)


def _longest_list(passages: Sequence[Passage]) -> list[Passage]:
    """The items under one lead-in; none where there are fewer than two."""
    items = [p for p in passages if p.kind in ("item", "cell") and p.lead]
    lists = [[p for p in items if p.lead == lead] for lead in dict.fromkeys(p.lead for p in items)]
    longest = max(lists, key=len, default=[])
    return longest if len(longest) > 1 else []


def _telling(texts: Sequence[str]) -> list[str]:
    """The sentences that tell the most kinds of facts, in reading order."""
    found = [text for text in dict.fromkeys(texts) if kinds_of(text)]
    best = sorted(found, key=lambda text: -len(kinds_of(text)))[:SENTENCES]
    return [text for text in found if text in best]


def _named(case: Case, name: str) -> Case:
    return Case(name, case.kind, case.audience, case.turns, case.expected_status, case.expected_sources, case.nuggets, case.expected_sections, tags=case.tags)


def _feedback(path: Path) -> Iterator[Feedback]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as exc:
        raise CasesError(f"{path} does not exist: nobody has marked an answer yet. Draft from a document with: guidance eval cases draft SOURCE") from exc
    for number, line in enumerate(lines, start=1):
        try:
            yield Feedback(**json.loads(line))
        except (ValueError, TypeError) as exc:
            raise CasesError(f"{path}, line {number}: this is no row of feedback ({exc}). Remove the line.") from exc


def _open_case(number: int, rows: Sequence[Feedback]) -> Case:
    """A question with what was answered and what people wrote of it; the facts are for a person to write."""
    fact = Nugget(f"{UNFILLED}: a fact that a right answer tells", (), f"{UNFILLED}: the same fact as a sentence")
    note = "\n".join(line for row in rows for line in _told(row))
    name = f"feedback-{rows[0].time[:10].replace('-', '')}-{number:02d}"
    return Case(name, "feedback", rows[0].audience, (rows[0].question.strip(),), ("answered", "partial"), (), (fact,), tags=(DRAFT,), note=note)


def _told(row: Feedback) -> Iterator[str]:
    yield f"{row.time}, {row.status}: {' '.join(row.answer.split())}"
    if row.note.strip():
        yield f"What the person wrote: {' '.join(row.note.split())}"
