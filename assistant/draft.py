"""What a writer hands to the checker: claims with the passages they rest on, and remarks of the assistant's own."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.retrieve import Evidence
from assistant.search import Hit
from ingest.spans import Span

NOTE_WORDS = 60
"""A longer footnote is a passage to be asked for, not part of the answer that its sentence gives."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Words to say and the spans they rest on; without spans it is a remark of the assistant, not of a document.

    `flaw` is why it can never be shown, whatever it rests on: a key that no passage has, or no key at all.
    """

    text: str
    rests_on: tuple[tuple[Hit, Span], ...] = ()
    item: bool = False
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A written answer before it is checked. `status` is what the writer takes it for."""

    evidence: Evidence
    status: str
    claims: tuple[Claim, ...]
    writer: str = "embedded"


def remark(text: str) -> Claim:
    """A sentence of the assistant's own."""
    return Claim(text)


def quoted(hit: Hit) -> Claim:
    """The passage in its own words."""
    return Claim(hit.shown.plain_text, _spans(hit, lambda h: (h.span,)), item=False)


def listed(hit: Hit) -> Claim:
    """The passage as an item of a list whose lead-in stands above."""
    return replace(quoted(hit), item=True)


def lead_in(hit: Hit) -> Claim:
    """The words that introduce a hit, each span cited on its own."""
    return Claim(hit.shown.lead_text, _spans(hit, lambda h: h.lead))


def noted(hit: Hit) -> Claim:
    """The footnotes of a passage, each cited on its own."""
    return Claim(hit.shown.note_text, _spans(hit, lambda h: h.notes), item=True)


def _spans(hit: Hit, of: Callable[[Hit], tuple[Span, ...]]) -> tuple[tuple[Hit, Span], ...]:
    """The spans that words rest on: those of the translation that is shown first, then those of its original."""
    both = (hit.translated, hit) if hit.translated else (hit,)
    return tuple((each, span) for each in both for span in of(each))


def introduced(hits: tuple[Hit, ...]) -> list[Claim]:
    """Hits in their order, each list item under its lead-in, said once."""
    claims: list[Claim] = []
    said: set[tuple[str, int]] = set()
    for position, hit in enumerate(hits):
        leads = {(hit.source.id, span.start) for span in hit.lead}
        own = (hit.source.id, hit.span.start)
        if own in said or (hit.kind == "lead" and _introduces_next(hit, hits[position + 1 :])):
            continue
        if hit.lead and not leads <= said:
            claims.append(lead_in(hit))
            said |= leads
        claims.append(listed(hit) if hit.lead or hit.kind in ("item", "cell") else quoted(hit))
        said.add(own)
        if hit.notes and len(hit.note_text.split()) <= NOTE_WORDS:
            claims.append(noted(hit))
            said |= {(hit.source.id, span.start) for span in hit.notes}
    return claims


def _introduces_next(hit: Hit, after: tuple[Hit, ...]) -> bool:
    """Whether a later hit brings this lead-in along anyway."""
    return any(span.start == hit.span.start and other.source.id == hit.source.id for other in after for span in other.lead)
