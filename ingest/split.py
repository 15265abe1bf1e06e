"""Sections become passages: one sentence, list item or table cell each, with the words that introduce it.

A passage is what is searched, quoted and cited. Its block is the list, the table row or the run of sentences that it
stands in: what a question about the whole is matched against, and what an answer may be filled up from.
"""

import functools
import hashlib
import html
import re
from dataclasses import dataclass, replace

from ingest.hyphens import rejoined
from ingest.pieces import pieces
from ingest.section import Section
from ingest.sentences import clauses, sentences
from ingest.spans import TAG, Piece, Span

CHUNKING = "units-4"
BLOCK_WORDS = 110
BROKEN = re.compile(r"([^\W\d_]{2,})-[ \t]*\n[ \t]*([^\W\d_A-Z][^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest citable piece.

    `lead` are the spans that introduce it, `notes` the footnotes that it calls; `block` is shared with its neighbours.
    """

    section: Section
    span: Span
    kind: str
    lead: tuple[Span, ...] = ()
    block: int = 0
    notes: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The words of the passage, exactly as they stand."""
        return self.section.document.text[self.span.start : self.span.end]

    @property
    def lead_text(self) -> str:
        """The introducing words, joined by a space."""
        return self._joined(self.lead)

    @property
    def note_text(self) -> str:
        """The words of its footnotes, joined by a space."""
        return self._joined(self.notes)

    @property
    def heading(self) -> str:
        """The nearest heading, else the document's title."""
        return self.section.trail[-1] if self.section.trail else self.section.document.source.title or ""

    @property
    def in_context(self) -> str:
        """Heading, lead-in, words and notes: what the lexical search reads."""
        return plain(". ".join(part for part in (self.heading, self.lead_text, self.text, self.note_text) if part))

    @property
    def id(self) -> str:
        """An opaque name that stays while the passage stands where it stands."""
        key = f"{CHUNKING}|{self.section.document.source.id}|{self.span.start}|{self.span.end}|{self.in_context}"
        return hashlib.sha256(key.encode()).hexdigest()[:16]

    def _joined(self, spans: tuple[Span, ...]) -> str:
        return " ".join(self.section.document.text[s.start : s.end] for s in spans)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the splitter stands: the block's number, its words so far, and the lead-in of each column.

    `opened` says that the block so far is only a lead-in, which what follows belongs to. The lead-in of no column
    stands above the whole list or table.
    """

    block: int = 0
    words: int = 0
    opened: bool = False
    leads: tuple[tuple[int | None, tuple[Span, ...]], ...] = ()

    def lead_of(self, column: int | None) -> tuple[Span, ...]:
        """The lead-in that stands above a column, or above the whole list."""
        return dict(self.leads).get(column, ())

    def with_lead(self, column: int | None, spans: tuple[Span, ...]) -> "Place":
        """The next block, introduced by `spans`."""
        return Place(self.block + 1, 0, True, tuple({**dict(self.leads), column: spans}.items()))


def split(section: Section) -> tuple[Passage, ...]:
    """The passages of a section in reading order; notes stand alone (`ingest.notes` joins them)."""
    passages: list[Passage] = []
    place, previous = Place(), None
    for piece in pieces(section):
        introduced = place.opened and (previous is None or previous.column == piece.column)
        if previous and not introduced and _parted(previous, piece):
            behind_table = previous.column is not None and piece.column is None
            place = Place(place.block + 1, 0, False, () if behind_table else place.leads)
        made, place = _passages(section, piece, place)
        passages += made
        previous = piece
    return tuple(passages)


def _parted(previous: Piece, piece: Piece) -> bool:
    """Whether two neighbours belong to different blocks."""
    if piece.group is not None and previous.group is not None:
        return piece.group != previous.group
    return (piece.kind, piece.column) != (previous.kind, previous.column)


def _passages(section: Section, piece: Piece, place: Place) -> tuple[list[Passage], Place]:
    """The passages of one piece, and where the splitter stands behind it."""
    text = section.document.text
    if piece.kind == "paragraph":
        return _paragraph(section, piece, place)
    if piece.kind == "note":
        apart = Place(place.block + 1, 0, False, place.leads)
        return [Passage(section, span, "note", (), apart.block) for span in clauses(text, piece.span)], apart
    above = _above(piece, place)
    if piece.kind in ("header", "opening"):
        return [Passage(section, piece.span, "lead", above, place.block)], place
    if piece.kind == "leading":
        unfinished = [s for s in place.lead_of(piece.column) if text[s.start : s.end].rstrip().endswith(",")]
        after = place.with_lead(piece.column, (*unfinished, piece.span))
        return [Passage(section, piece.span, "lead", (), after.block)], after
    kind = "lead" if piece.kind == "item" and plain(text[piece.span.start : piece.span.end]).endswith(":") else piece.kind
    return [Passage(section, span, kind, above, place.block) for span in clauses(text, piece.span)], replace(place, opened=False)


def _above(piece: Piece, place: Place) -> tuple[Span, ...]:
    """What introduces a piece, from the top: lead-ins, then the headers or items that it stands under."""
    return tuple(sorted({*place.lead_of(piece.column), *piece.above}, key=lambda span: span.start))


def _paragraph(section: Section, piece: Piece, place: Place) -> tuple[list[Passage], Place]:
    """Sentences in blocks of about `BLOCK_WORDS`; a last one that ends with a colon introduces what follows."""
    text = section.document.text
    made = []
    place = Place(place.block, place.words)
    for span in sentences(text, piece.span, section.document.source.language):
        words = text[span.start : span.end]
        length = len(words.split())
        if place.words and place.words + length > BLOCK_WORDS:
            place = Place(place.block + 1)
        opens = plain(words).endswith(":")
        place = place.with_lead(None, (span,)) if opens else Place(place.block, place.words + length)
        made.append(Passage(section, span, "lead" if opens else "sentence", (), place.block))
    return made, place


@functools.lru_cache(maxsize=1 << 14)
def plain(text: str) -> str:
    """Text for a reader or a model: Markdown emphasis, tags, marks and line breaks gone, words broken at a line's end whole."""
    text = BROKEN.sub(lambda m: rejoined(m[1], m[2]), text)
    text = re.sub(r"\[\^[^\]\s]+\]", "", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<(https?://[^>]+)>", r"\1", text)
    text = re.sub(rf"{TAG}|\*\*|__|`", "", text).replace("\\|", "|")
    return re.sub(r"\s+", " ", html.unescape(text)).strip()
