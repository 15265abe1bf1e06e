"""Check: a draft becomes a cited answer; what its own citations do not support is taken out and counted."""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.draft import Draft
from assistant.search import Hit, Searcher
from ingest.catalogue import Entry
from ingest.lexical import terms
from ingest.manifest import Source
from ingest.split import Span, plain

Status = Literal["answered", "partial", "not_covered", "out_of_scope", "unsupported_language", "urgent", "refused", "error"]
ABSTAINED = ("not_covered", "out_of_scope", "unsupported_language", "refused")


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote that exists: `quote == text[start:end]` of the stored text whose SHA-256 is `version`.

    `section_span` is the stretch around it that a reader is shown; `standing` says in words what the document is.
    """

    source: str
    version: str
    title: str
    publisher: str | None
    published: str | None
    section: str
    page: int | None
    quote: str
    start: int
    end: int
    url: str | None
    status: str | None
    digest: bool
    standing: str
    section_span: Span

    def as_dict(self) -> dict[str, object]:
        """The fields of the public contract; an absent value is None."""
        return {
            "source": self.source,
            "version": self.version,
            "title": self.title,
            "section": self.section or None,
            "page": self.page,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "url": self.url,
            "status": self.status,
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement stands in what it cites, and why."""

    supported: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing said. `marks` index the answer's citations from 1; without marks it is the assistant's own remark."""

    text: str
    marks: tuple[int, ...] = ()
    item: bool = False
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class CitedAnswer:
    """What a person gets. `withheld` counts statements that failed the check and are not shown."""

    question: str
    status: Status
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...] = ()
    withheld: int = 0
    writer: str = "embedded"
    language: str = "en"

    @property
    def abstained(self) -> bool:
        """Whether no answer is given."""
        return self.status in ABSTAINED

    @property
    def text(self) -> str:
        """The answer as a person reads it, with marks `[1]` behind each statement."""
        lines: list[str] = []
        for statement in self.statements:
            marks = "".join(f" [{m}]" for m in statement.marks)
            lines.append(f"{'- ' if statement.item else ''}{statement.text}{marks}")
        return "\n".join(lines)


def standing(source: Source) -> str:
    """What may be said of a document: policies as in force or ended, others by kind and date, a digest as one."""
    if source.status == "ended":
        words = f"ended {source.in_force_until}" if source.in_force_until else "ended"
    elif source.status == "superseded":
        words = "superseded"
    elif source.status == "in_force" and source.kind in ("policy", "strategy"):
        words = "in force"
    else:
        words = ""
    parts = [part for part in (source.kind, source.published, words, "summary, not the adopted text" if source.digest else "") if part]
    return ", ".join(parts)


def cite(hit: Hit, span: Span, searcher: Searcher) -> Citation:
    """A citation of one span of the hit's document."""
    source = hit.source
    entry: Entry = searcher.entries[source.id]
    text = searcher.text_of(entry.version)
    return Citation(
        source=source.id,
        version=entry.version,
        title=source.title or source.id,
        publisher=source.publisher,
        published=source.published,
        section=hit.trail,
        page=hit.page,
        quote=text[span.start : span.end],
        start=span.start,
        end=span.end,
        url=source.url,
        status=source.status,
        digest=source.digest,
        standing=standing(source),
        section_span=hit.section,
    )


def check(draft: Draft) -> CitedAnswer:
    """Verify each claim against the spans it rests on and number the citations; a failed claim is not shown."""
    evidence = draft.evidence
    citations: dict[tuple[str, int, int], Citation] = {}
    statements: list[Statement] = []
    withheld = 0
    for claim in draft.claims:
        cited = [cite(hit, span, evidence.searcher) for hit, span in claim.rests_on]
        verdict = supported_by(claim.text, [c.quote for c in cited]) if cited else None
        if verdict and not verdict.supported:
            withheld += 1
            continue
        for c in cited:
            citations.setdefault((c.source, c.start, c.end), c)
        order = list(citations)
        marks = tuple(order.index((c.source, c.start, c.end)) + 1 for c in cited)
        statements.append(Statement(claim.text, marks, claim.item, verdict))
    return CitedAnswer(
        question=evidence.turn.message,
        status=draft.status,
        statements=tuple(statements),
        citations=tuple(citations.values()),
        withheld=withheld,
        writer=draft.writer,
        language=evidence.screening.language if draft.status in ("urgent", "refused", "unsupported_language") else "en",
    )


NUMBERS = re.compile(r"\d+(?:[.,]\d+)*%?")


def supported_by(statement: str, quotes: list[str]) -> Verdict:
    """Whether the words of a statement stand in its quotes.

    The embedded writer repeats its quotes, so anything else there is a defect. For prose by a chat model every number,
    name and negation has to stand in the quotes, and most of the content words.
    """
    said, held = plain(statement), plain(" ".join(quotes))
    if said.strip(" .;,:") in held:
        return Verdict(True, "quoted word for word")
    missing_numbers = set(NUMBERS.findall(said)) - set(NUMBERS.findall(held))
    if missing_numbers:
        return Verdict(False, f"numbers not in the cited passage: {', '.join(sorted(missing_numbers))}")
    names = {m for m in re.findall(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w’'-]+", said)}
    missing_names = {n for n in names if n.lower().rstrip("'s’") not in held.lower()}
    if missing_names:
        return Verdict(False, f"names not in the cited passage: {', '.join(sorted(missing_names))}")
    if bool(NEGATION.search(said)) != bool(NEGATION.search(held)):
        return Verdict(False, "a negation stands on one side only")
    for strong, pattern in OBLIGATION.items():
        if pattern.search(said) and not pattern.search(held):
            return Verdict(False, f"the cited passage does not say {strong!r}")
    content = terms(said)
    missing = [t for t in content if t not in set(terms(held))]
    share = len(missing) / len(content) if content else 0.0
    if share > 0.5:
        return Verdict(False, f"words not in the cited passage: {', '.join(missing[:6])}")
    return Verdict(True, f"{1 - share:.0%} of the content words stand in the cited passage")


NEGATION = re.compile(r"\b(?:not|no|never|nor|neither|without|cannot|n't)\b|n't\b", re.IGNORECASE)
OBLIGATION = {
    "must": re.compile(r"\b(?:must|required?|obliged|mandatory|have to|has to)\b", re.IGNORECASE),
    "guarantee": re.compile(r"\b(?:guarantee\w*|always|promise\w*|entitled)\b", re.IGNORECASE),
}
