"""Sections become passages: one sentence, list item or table cell each, with the words that introduce it.

A passage is what is searched, quoted and cited. Its block is the list or the run of sentences that it stands in: what
a question about the whole is matched against, and what an answer may be filled up from.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sentencex import segment

from ingest.section import LIST_MARK, Section, lines

CHUNKING = "units-2"
TAG = r"</?[a-zA-Z][^>:]*>|</?[a-zA-Z]+ [^>]*>"
BLOCK_WORDS = 110
PASSAGE_WORDS = 150


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets `start` (first character) and `end` (behind the last) in a document's text, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest citable piece. `lead` are the spans that introduce it; `block` is shared with its neighbours."""

    section: Section
    span: Span
    kind: str
    lead: tuple[Span, ...] = ()
    block: int = 0

    @property
    def text(self) -> str:
        """The words of the passage, exactly as they stand."""
        return self.section.document.text[self.span.start : self.span.end]

    @property
    def lead_text(self) -> str:
        """The introducing words, joined by a space."""
        return " ".join(self.section.document.text[s.start : s.end] for s in self.lead)

    @property
    def heading(self) -> str:
        """The nearest heading, else the document's title."""
        return self.section.trail[-1] if self.section.trail else self.section.document.source.title or ""

    @property
    def in_context(self) -> str:
        """Heading, lead-in and words: what the lexical search reads."""
        return plain(". ".join(part for part in (self.heading, self.lead_text, self.text) if part))

    @property
    def id(self) -> str:
        """An opaque name that stays while the passage stands where it stands."""
        key = f"{CHUNKING}|{self.section.document.source.id}|{self.span.start}|{self.span.end}|{self.in_context}"
        return hashlib.sha256(key.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a section before it is grouped: a paragraph, an item, a table's header or cell, markup excluded."""

    span: Span
    kind: str
    column: int | None = None
    row: Span | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the splitter stands: the block's number, its words so far, and the lead-in of each column.

    `opened` says that the block so far is only a lead-in, which what follows belongs to.
    """

    block: int = 0
    words: int = 0
    opened: bool = False
    leads: tuple[tuple[int | None, tuple[Span, ...]], ...] = ()

    def lead_of(self, column: int | None) -> tuple[Span, ...]:
        """The lead-in of a column, else the one that stands above the whole list or table."""
        known = dict(self.leads)
        return known.get(column) or known.get(None, ())

    def with_lead(self, column: int | None, spans: tuple[Span, ...]) -> "Place":
        """The next block, introduced by `spans`."""
        return Place(self.block + 1, 0, True, tuple({**dict(self.leads), column: spans}.items()))


def split(section: Section) -> tuple[Passage, ...]:
    """The passages of a section in reading order."""
    passages: list[Passage] = []
    place, previous = Place(), None
    for piece in _pieces(section):
        introduced = place.opened and (previous is None or previous.column == piece.column)
        if previous and not introduced and (piece.kind, piece.column) != (previous.kind, previous.column):
            behind_table = previous.kind in ("cell", "header") and piece.kind == "item"
            place = Place(place.block + 1, 0, False, () if behind_table else place.leads)
        made, place = _passages(section, piece, place)
        passages += made
        previous = piece
    return tuple(passages)


def _passages(section: Section, piece: Piece, place: Place) -> tuple[list[Passage], Place]:
    """The passages of one piece, and where the splitter stands behind it."""
    text = section.document.text
    words = text[piece.span.start : piece.span.end].rstrip("*_ ")
    if piece.kind == "paragraph":
        return _paragraph(section, piece, place)
    if piece.kind == "header" or words.endswith(":") or (piece.kind == "cell" and words.endswith(",")):
        unfinished = [s for s in place.lead_of(piece.column) if text[s.start : s.end].rstrip().endswith(",")]
        after = place.with_lead(piece.column, (*unfinished, piece.span))
        return [Passage(section, piece.span, "lead", (), after.block)], after
    lead = place.lead_of(piece.column) + ((piece.row,) if piece.row else ())
    return [Passage(section, piece.span, piece.kind, lead, place.block)], replace(place, opened=False)


def _paragraph(section: Section, piece: Piece, place: Place) -> tuple[list[Passage], Place]:
    """Sentences in blocks of about `BLOCK_WORDS`; a last one that ends with a colon introduces what follows."""
    text = section.document.text
    made = []
    place = Place(place.block, place.words)
    for span in _sentences(text, piece.span, section.document.source.language):
        words = text[span.start : span.end]
        length = len(words.split())
        if place.words and place.words + length > BLOCK_WORDS:
            place = Place(place.block + 1)
        opens = words.rstrip("*_ ").endswith(":")
        place = place.with_lead(None, (span,)) if opens else Place(place.block, place.words + length)
        made.append(Passage(section, span, "lead" if opens else "sentence", (), place.block))
    return made, place


def plain(text: str) -> str:
    """Text for a reader or a model: Markdown emphasis, tags, marks and line breaks gone."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<(https?://[^>]+)>", r"\1", text)
    text = re.sub(rf"{TAG}|\*\*|__|`", "", text)
    return re.sub(r"\s+", " ", text).strip()


def _pieces(section: Section) -> Iterator[Piece]:
    """Paragraphs, items and cells; a paragraph or an item runs on over the lines that neither mark nor gap begins."""
    open_piece: Piece | None = None
    in_table = False
    for line in lines(section.text, section.start):
        content = line.text.strip()
        if not content or re.fullmatch(r"[|:\-=_*>\s]+", content):
            yield from (open_piece,) if open_piece else ()
            open_piece = None
            continue
        if _is_row(content):
            yield from (open_piece,) if open_piece else ()
            open_piece = None
            yield from _cells(line.start, line.text, header=not in_table)
            in_table = True
            continue
        in_table = False
        mark, quote = LIST_MARK.match(content), re.match(r"(?:>\s?)+", content)
        if quote and section.document.source.digest:
            continue  # what a digest says of itself is no passage of the document
        end = line.start + len(line.text.rstrip())
        if mark or open_piece is None:
            yield from (open_piece,) if open_piece else ()
            start = line.start + len(line.text) - len(line.text.lstrip())
            start += mark.end() if mark else quote.end() if quote else 0
            open_piece = Piece(Span(_past_mark(section.document.text, start, end), end), "item" if mark else "paragraph")
        else:
            open_piece = Piece(Span(open_piece.span.start, end), open_piece.kind)
    yield from (open_piece,) if open_piece else ()


def _is_row(content: str) -> bool:
    """Whether a line is a table row: cells between tabs, or between upright bars."""
    return bool(re.search(r"\S *\t\s*\S", content)) or (content.startswith("|") and content.count("|") > 2)


def _past_mark(text: str, start: int, end: int) -> int:
    """Skip a second mark behind the first ("- iv. "), which belongs to the list and not to the words."""
    second = re.match(r"(?:\(?(?:\d{1,2}|[ivxlc]{1,6}|[a-z])[.)])\s+", text[start:end])
    return start + second.end() if second else start


def _cells(start: int, line: str, header: bool) -> Iterator[Piece]:
    """The cells of a table row and the items inside them; a short first cell names the row for the others."""
    separator = r"\|" if line.lstrip().startswith("|") else r"\t+"
    edges = [0, *(edge for m in re.finditer(separator, line) for edge in m.span()), len(line)]
    cells = list(zip(edges[::2], edges[1::2]))
    if separator == r"\|":
        cells = cells[1:-1]
    row = None
    for column, (a, b) in enumerate(cells):
        if not line[a:b].strip():
            continue
        found = [Span(start + x, start + y) for x, y in _items(line, a, b)]
        kind = "header" if header and len(found) == 1 and len(line[a:b].split()) <= 8 else "cell"
        for span in found:
            yield Piece(span, kind, column, row)
        if column == 0 and kind == "cell" and len(found) == 1 and len(line[a:b].split()) <= 8:
            row = found[0]


def _items(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches between tags and bullets of a cell, trimmed."""
    edges = [start]
    for match in re.finditer(rf"{TAG}|[•‣▪◦]", line[start:end]):
        edges += [start + match.start(), start + match.end()]
    edges.append(end)
    for a, b in zip(edges[::2], edges[1::2]):
        words = line[a:b]
        if any(c.isalnum() for c in words):
            yield a + len(words) - len(words.lstrip()), b - len(words) + len(words.rstrip())


def _sentences(text: str, span: Span, language: str) -> Iterator[Span]:
    """Sentence spans, trimmed; one longer than the embedding model reads is cut at a clause or a word."""
    position = span.start
    for part in segment(language, text[span.start : span.end]):
        start, stop = position, position + len(part)
        position = stop
        words = text[start:stop]
        start, stop = start + len(words) - len(words.lstrip()), stop - len(words) + len(words.rstrip())
        if any(c.isalnum() for c in text[start:stop]):
            yield from _clauses(text, Span(start, stop))


def _clauses(text: str, span: Span) -> Iterator[Span]:
    words = list(re.finditer(r"\S+", text[span.start : span.end]))
    if len(words) <= PASSAGE_WORDS:
        yield span
        return
    breaks = [i for i in range(PASSAGE_WORDS // 2, PASSAGE_WORDS) if words[i].group().endswith((";", ",", ":"))]
    cut = breaks[-1] if breaks else PASSAGE_WORDS - 1
    middle = span.start + words[cut].end()
    yield Span(span.start, middle)
    yield from _clauses(text, Span(span.start + words[cut + 1].start(), span.end))
