"""A section's body is parted into pieces: paragraphs, list items, table cells and notes, their marks left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest import tables
from ingest.furniture import page_furniture
from ingest.lists import LIST_MARK, NOTE_MARK, SECOND_MARK, Level, nested
from ingest.section import FENCE, Section
from ingest.spans import Line, Piece, Span, lines

QUOTE_MARK = re.compile(r"(?:>\s?)+")
ITEM_TAG = re.compile(r"<li\b[^>]*>", re.IGNORECASE)
DECORATION = re.compile(r"[|:\-=_*>~`\s]+")


@dataclass(frozen=True, slots=True)
class Open:
    """What the line before left open: a piece that may run on, and the items that the next one may stand under."""

    piece: Piece | None = None
    gap: bool = False
    levels: tuple[Level, ...] = ()
    items: tuple[Span, ...] = ()

    @property
    def indent(self) -> int:
        """How far the innermost item is indented."""
        return self.levels[-1].indent if self.levels else -1


def pieces(section: Section) -> Iterator[Piece]:
    """The pieces of a section in reading order.

    A paragraph or an item runs on over the lines that neither a mark nor a gap begins; an indented paragraph behind an
    item belongs to it.
    """
    state, rows = Open(), []
    furniture = page_furniture(section.document.text)
    for line in lines(section.text, section.start):
        content = line.text.strip()
        if content in furniture and content:
            continue
        if tables.is_row(content) or rows and tables.is_separator(content):
            if state.piece:
                yield state.piece
                state = Open()
            rows.append(line)
            continue
        if rows:
            yield from tables.cells(rows)
            rows = []
        if ITEM_TAG.search(content):
            yield from (state.piece,) if state.piece else ()
            state = Open()
            yield from tables.fragments(line)
            continue
        before = state.piece
        state = _next(section, line, content, state)
        if before and (state.piece is None or state.piece.span.start != before.span.start):
            yield before
    yield from tables.cells(rows) if rows else ()
    yield from (state.piece,) if state.piece else ()


def _next(section: Section, line: Line, content: str, state: Open) -> Open:
    """The state behind a line that is no table row."""
    if not content or DECORATION.fullmatch(content) or FENCE.match(content):
        return replace(state, piece=None, gap=True)
    quote = QUOTE_MARK.match(content)
    if quote and section.document.source.digest:
        return state  # what a digest says of itself is no passage of the document
    start = line.start + len(line.text) - len(line.text.lstrip())
    end = line.start + len(line.text.rstrip())
    indent = len(line.text.expandtabs(4)) - len(line.text.expandtabs(4).lstrip())
    if note := NOTE_MARK.match(line.text):
        return replace(state, piece=Piece(Span(line.start + note.end(), end), "note"), gap=False)
    if mark := LIST_MARK.match(content) or _letter_bullet(content, indent, section.document.source.language):
        return _item(section.document.text, Span(start, end), indent, mark, state)
    if state.piece is not None:
        return _longer(state, end)
    if state.gap and state.items and indent > state.indent and indent > 1:
        return replace(state, piece=Piece(Span(start, end), "item", state.items), gap=False)
    return Open(Piece(Span(start + (quote.end() if quote else 0), end), "paragraph"))


def _letter_bullet(content: str, indent: int, language: str) -> re.Match | None:
    """The letter "o" that stands for a hollow bullet; where it is a word of the language, nothing."""
    return re.match(r"o\s+(?=\w)", content) if indent > 1 and language not in ("es", "it", "pt") else None


def _longer(state: Open, end: int) -> Open:
    """The open piece runs on; an item does so for those below it too."""
    span = Span(state.piece.span.start, end)
    items = tuple(span if item.start == span.start else item for item in state.items)
    return replace(state, piece=replace(state.piece, span=span), items=items)


def _item(text: str, line: Span, indent: int, mark: re.Match, state: Open) -> Open:
    """The state behind an item's first line: the item stands under those of the levels above its own."""
    start = line.start + mark.end()
    second = SECOND_MARK.match(text[start : line.end])
    span = Span(start + second.end() if second else start, line.end)
    levels = nested(state.levels, indent, second[0] if second else mark[0])
    parents = state.items[: len(levels) - 1]
    return Open(Piece(span, "item", parents), False, levels, (*parents, span))
