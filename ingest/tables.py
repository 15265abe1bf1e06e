"""Table rows become pieces: each cell, and each item in it, with its column's and its row's headers.

A row is a line with cells between upright bars or tabs. `<<` and `^^` mark places that a merged cell covers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.spans import TAG, Line, Piece, Span

NAME_WORDS = 8
HEAD = (-1, -1)
SEPARATOR = re.compile(r"^\s*\|?[\s:|-]*-{2,}[\s:|-]*\|?\s*$")
BULLET = re.compile(rf"{TAG}|[•‣▪◦●]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a cell between tags and bullets; `marked` when a bullet stands before them."""

    span: Span
    words: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the grid: its words, or which neighbour's cell covers it; `bars` or else tabs part it from the others."""

    parts: tuple[Stretch, ...] = ()
    covered: str = ""
    bars: bool = True

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where its words stand."""
        return tuple(part.span for part in self.parts)

    @property
    def is_name(self) -> bool:
        """Whether it is one short stretch of words, as headers are."""
        return len(self.parts) == 1 and not self.parts[0].marked and len(self.parts[0].words.split()) <= NAME_WORDS


def is_row(content: str) -> bool:
    """Whether a line is a table row: cells between tabs, or between upright bars."""
    return bool(re.search(r"\S *\t\s*\S", content)) or (content.startswith("|") and content.count("|") > 2)


def is_separator(content: str) -> bool:
    """Whether a line only parts header rows from the others."""
    return bool(SEPARATOR.match(content)) and ("|" in content or "\t" in content)


def cells(rows: list[Line]) -> Iterator[Piece]:
    """The pieces of consecutive rows, separators among them, row by row."""
    grid = [_places(line) for line in rows if not is_separator(line.text)]
    headers = _header_rows(rows, grid)
    columns: dict[int, tuple[Span, ...]] = {}
    for row in grid[:headers]:
        yield from _header_cells(row, columns)
    body = grid[headers:]
    named = _row_headers([row for row in body if not _divides(row)], grid[:headers])
    names = _names_of_rows(body, named)
    divider: tuple[Span, ...] = ()
    for number, row in enumerate(body):
        if _divides(row):
            divider = row[0].spans
            yield Piece(divider[0], "header", (), 0, (number, -1))
            continue
        for column, place in enumerate(row):
            above = (*_over(row, column, columns), *divider, *_beside(body, number, column, names))
            yield from _cell_pieces(place, column, tuple(dict.fromkeys(above)), (number, -1 if named else column))


def fragments(line: Line) -> Iterator[Piece]:
    """The pieces of a line that holds an HTML list: items, and what stands before the first."""
    for part in _stretches(line, 0, len(line.text)):
        yield Piece(part.span, "item" if part.marked else "paragraph")


def _header_rows(rows: list[Line], grid: list[list[Place]]) -> int:
    """How many rows name columns: those above the separator; without one a first row of short cells."""
    above = next((i for i, line in enumerate(rows) if is_separator(line.text)), None)
    if above is not None and above < len(grid):
        while above < len(grid) - 1 and any(place.covered == "^^" for place in grid[above]):
            above += 1  # a cell of the header reaches down into this row
        return above
    first = [place for place in grid[0] if place.parts]
    return int(len(first) > 1 and all(place.is_name for place in first))


def _header_cells(row: list[Place], columns: dict[int, tuple[Span, ...]]) -> Iterator[Piece]:
    """Header cells as pieces; `columns` learns what stands above each column."""
    for column, place in enumerate(row):
        if place.covered == "<<":
            columns[column] = columns.get(column, ()) + columns.get(column - 1, ())[-1:]
        elif place.spans:
            above = columns.get(column, ())
            columns[column] = above + place.spans
            yield from (Piece(span, "header", above, column, HEAD) for span in place.spans)


def _row_headers(body: list[list[Place]], header: list[list[Place]]) -> int:
    """How many leading columns name the rows: none beside parallel lists, two where the first is merged over rows."""
    if not any(len(row) > 1 for row in body) or not _names(body, 0) or _parallel(header):
        return 0
    merged = any(row and row[0].covered == "^^" for row in body)
    return 2 if merged and any(len(row) > 2 for row in body) and _names(body, 1) else 1


def _names(body: list[list[Place]], column: int) -> bool:
    """Whether every filled place of the column is a short name, and none opens a list."""
    filled = [row[column] for row in body if len(row) > column and row[column].parts]
    return all(place.is_name and place.parts[0].words[-1] not in ":," for place in filled)


def _parallel(header: list[list[Place]]) -> bool:
    """Whether the two columns of a table are headed alike ("What we offer", "What you offer")."""
    if not header or len(header[-1]) != 2:
        return False
    left, right = (set(re.findall(r"[^\W\d_]{4,}", " ".join(part.words for part in p.parts).lower())) for p in header[-1])
    return bool(left & right)


def _divides(row: list[Place]) -> bool:
    """Whether one short cell over all columns heads the rows below it."""
    return len(row) > 1 and row[0].is_name and all(place.covered == "<<" for place in row[1:])


def _names_of_rows(body: list[list[Place]], named: int) -> list[dict[int, tuple[Span, ...]]]:
    """For each row the spans that name it, by column; a merged name holds for every row that it covers."""
    found: list[dict[int, tuple[Span, ...]]] = []
    for row in body:
        before = found[-1] if found else {}
        found.append({c: before.get(c, ()) if row[c].covered == "^^" else row[c].spans for c in range(min(named, len(row)))})
    return found


def _over(row: list[Place], column: int, columns: dict[int, tuple[Span, ...]]) -> Iterator[Span]:
    """The headers of the columns that a place covers."""
    yield from columns.get(column, ())
    for right in range(column + 1, len(row)):
        if row[right].covered != "<<":
            break
        yield from columns.get(right, ())


def _beside(body: list[list[Place]], number: int, column: int, names: list[dict[int, tuple[Span, ...]]]) -> Iterator[Span]:
    """The names, left of a place, of the rows that it covers."""
    for below in range(number, len(body)):
        if below > number and (len(body[below]) <= column or body[below][column].covered != "^^"):
            break
        yield from (span for c in sorted(names[below]) if c < column for span in names[below][c])


def _cell_pieces(place: Place, column: int, above: tuple[Span, ...], group: tuple[int, int]) -> Iterator[Piece]:
    """A cell's words and its items, which the words before them introduce."""
    parts = place.parts
    if len(parts) > 1 and not parts[0].marked and parts[1].marked:
        yield Piece(parts[0].span, "opening", above, column, group)
        above, parts = (*above, parts[0].span), parts[1:]
    for part in parts:
        carries_on = not place.bars and part.words.rstrip("*_")[-1:] in (":", ",")
        yield Piece(part.span, "leading" if carries_on else "cell", above, column, group)


def _places(line: Line) -> list[Place]:
    bars = line.text.lstrip().startswith("|")
    edges = [0, *(edge for m in re.finditer(r"(?<!\\)\|" if bars else r"\t+", line.text) for edge in m.span()), len(line.text)]
    stretches = list(zip(edges[::2], edges[1::2]))
    return [_place(line, a, b, bars) for a, b in (stretches[1:-1] if bars else stretches)]


def _place(line: Line, start: int, end: int, bars: bool) -> Place:
    words = line.text[start:end].strip()
    return Place(covered=words) if words in ("^^", "<<") else Place(tuple(_stretches(line, start, end)), bars=bars)


def _stretches(line: Line, start: int, end: int) -> Iterator[Stretch]:
    """What stands between tags and bullets of a cell, trimmed."""
    marks = [(start, start, False)]
    marks += [(start + m.start(), start + m.end(), m.group()[0] != "<" or m.group()[:3] == "<li") for m in BULLET.finditer(line.text[start:end])]
    for (_, a, marked), (b, _, _) in zip(marks, [*marks[1:], (end, end, False)]):
        words = line.text[a:b]
        if any(c.isalnum() for c in words):
            left, right = a + len(words) - len(words.lstrip()), b - len(words) + len(words.rstrip())
            yield Stretch(Span(line.start + left, line.start + right), line.text[left:right], marked)
