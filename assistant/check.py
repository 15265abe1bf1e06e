"""Check: a draft becomes a cited answer; what its own citations do not support is taken out and counted."""

from dataclasses import dataclass
from typing import Literal

from assistant.draft import Claim, Draft
from assistant.grounding import Origin, Verdict, supported_by
from assistant.parties import is_home
from assistant.retrieve import Evidence
from assistant.search import Hit, Searcher
from ingest.catalogue import Entry
from ingest.manifest import Source
from ingest.spans import Span
from ingest.split import plain

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
    language: str = "en"

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
    def told(self) -> str:
        """What the documents were quoted as saying, without the assistant's own remarks; a translation in its original's words."""
        return " ".join(self._in_original(statement) for statement in self.statements if statement.marks)

    def _in_original(self, statement: Statement) -> str:
        cited = [self.citations[mark - 1] for mark in statement.marks]
        originals = [c.quote for c in cited if c.language != cited[0].language]
        return " ".join(map(plain, originals)) or statement.text

    def language_of(self, statement: Statement) -> str:
        """The language that a statement is in: that of what it quotes, or the answer's own."""
        return self.citations[statement.marks[0] - 1].language if statement.marks else self.language

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
    unchecked = "translation, not yet checked by a person" if source.translation_of and not source.checked else ""
    parts = [part for part in (source.kind, source.published, words, unchecked, "summary, not the adopted text" if source.digest else "") if part]
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
        language=source.language,
    )


def check(draft: Draft) -> CitedAnswer:
    """Verify each claim against the spans it rests on and number the citations; a failed claim is not shown."""
    evidence = draft.evidence
    citations: dict[tuple[str, int, int], Citation] = {}
    statements: list[Statement] = []
    withheld = 0
    for claim in draft.claims:
        cited = [cite(hit, span, evidence.searcher) for hit, span in claim.rests_on]
        verdict = verdict_on(claim, evidence)
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
        language=evidence.screening.language,
    )


def verdict_on(claim: Claim, evidence: Evidence) -> Verdict | None:
    """Whether a claim stands in the spans it rests on; None for a remark, which claims nothing of a document."""
    if claim.flaw:
        return Verdict(False, claim.flaw)
    if not claim.rests_on:
        return None
    hits = [hit for hit, _ in claim.rests_on]
    if len({voice(hit, evidence.home) for hit in hits}) > 1:
        return Verdict(False, "it mixes documents of different bodies or of different standing")
    around = " ".join(f"{h.source.publisher or ''} {h.source.title or ''} {h.trail}" for h in hits)
    origin = Origin(around, evidence.home, foreign=not is_home(hits[0].source, evidence.home))
    text = {hit.version: evidence.searcher.text_of(hit.version) for hit in hits}
    return supported_by(claim.text, [text[hit.version][span.start : span.end] for hit, span in claim.rests_on], origin)


def voice(hit: Hit, home: str | None) -> tuple[str | None, str | None]:
    """Under what label a hit's words stand: another body's name, and the document's id where its period has ended."""
    source = hit.source
    return None if is_home(source, home) else source.publisher or source.id, (source.translation_of or source.id) if source.ended else None
