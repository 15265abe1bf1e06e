"""Passages become rows: what Chroma stores and BM25 reads."""

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.spans import Span
from ingest.split import Passage, plain

LED = ":led"
HEAD = ":head"


@dataclass(frozen=True, slots=True)
class Row:
    """What Chroma stores: an opaque id, the text that is embedded, flat metadata, and whether partners may see it."""

    id: str
    text: str
    metadata: dict[str, str | int]
    for_everyone: bool


def passage_rows(passages: tuple[Passage, ...]) -> Iterator[Row]:
    """In reading order a row for each passage's own words, and one more where a lead-in or a note belongs to them."""
    for order, passage in enumerate(passages):
        section = passage.section
        source = section.document.source
        shared = source.audience == "everyone"
        metadata: dict[str, str | int] = {
            "source": source.id,
            "start": passage.span.start,
            "end": passage.span.end,
            "lead": spans_text(passage.lead),
            "notes": spans_text(passage.notes),
            "kind": passage.kind,
            "trail": " > ".join(section.trail),
            "section_start": section.start,
            "section_end": section.end,
            "page": section.document.page_at(passage.span.start) or 0,
            "order": order,
            "block": block_id(passage),
        }
        yield Row(passage.id, plain(passage.text), metadata, shared)
        if passage.lead or passage.notes:
            words = plain(f"{passage.lead_text} {passage.text} {passage.note_text}")
            yield Row(passage.id + LED, words, {"of": passage.id, "source": source.id}, shared)


def block_rows(passages: tuple[Passage, ...]) -> Iterator[Row]:
    """A row for each block's whole text, and one for what stands above it: heading and lead-in."""
    members: dict[str, list[Passage]] = {}
    for passage in passages:
        members.setdefault(block_id(passage), []).append(passage)
    for name, group in members.items():
        source = group[0].section.document.source
        heading, lead = group[-1].heading, group[-1].lead_text
        metadata: dict[str, str | int] = {"source": source.id, "members": ",".join(p.id for p in group)}
        shared = source.audience == "everyone"
        own = " ".join(p.text for p in group if p.kind != "lead") or group[0].text
        yield Row(name, plain(". ".join(part for part in (heading, lead, own) if part)), metadata, shared)
        yield Row(name + HEAD, plain(". ".join(part for part in (heading, lead) if part)), {**metadata, "of": name}, shared)


def row_counts(passages: tuple[Passage, ...]) -> tuple[int, int]:
    """How many rows passages have in the table of passages, and in that of blocks."""
    return sum(2 if p.lead or p.notes else 1 for p in passages), 2 * len({block_id(p) for p in passages})


def block_id(passage: Passage) -> str:
    """The opaque name of the block that a passage belongs to."""
    return f"b{passage.section.document.version[:12]}-{passage.section.document.source.id}-{passage.section.start}-{passage.block}"


def spans_of(text: str) -> tuple[Span, ...]:
    """Spans back from flat metadata."""
    return tuple(Span(*map(int, part.split("-"))) for part in text.split(";") if part)


def spans_text(spans: tuple[Span, ...]) -> str:
    """Spans as flat metadata: "3-17;20-31"."""
    return ";".join(f"{s.start}-{s.end}" for s in spans)
