"""Tables without ruling lines: successive lines whose words stand in aligned columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.pdf.lines import Box, Line, Piece, lines_of, pieces_of
from ingest.readers.pdf.tables import Entry, Tabular
from ingest.readers.pdf.words import mark_of

MIN_ROWS = 3  # lines with words in two columns or more
MOST_HEADS = 2
NARROWEST = 0.55  # of the type size: white between two columns
APART = 2.4  # times the type size: a wider step ends a table
AGREE = 0.6  # of a column's lines that begin, or end, at one place
LEADERS = re.compile(r"[.…·_]{4,}")


@dataclass(frozen=True, slots=True)
class _Region:
    """Lines from `start` to before `end` and the white gaps between their columns."""

    start: int
    end: int
    gaps: tuple[tuple[float, float], ...]


def aligned_tables(lines: Sequence[Line], shaded: Sequence[Box] = ()) -> list[Line | Tabular]:
    """The lines of a column, those that form tables replaced by the tables; a row in a `shaded` box heads one."""
    parts = [_parts(line) for line in lines]
    found: list[Line | Tabular] = []
    number = 0
    while number < len(lines):
        region, heads = _best_region(lines, parts, number, any(box.top < lines[number].base < box.bottom for box in shaded))
        if region is None:
            found.append(lines[number])
            number += 1
        else:
            found.append(_table(lines, parts, region, heads))
            number = region.end
    return found


def _best_region(lines: Sequence[Line], parts: Sequence[list[Piece]], number: int, shaded: bool) -> tuple[_Region | None, int]:
    """The table that begins at a line, and how many of its first lines are header rows that reach over several columns."""
    best, heads = None, 0
    for start in range(number, min(number + MOST_HEADS + 1, len(lines))):
        if start > number and not _is_head(lines, parts, start - 1):
            break
        region = _region(lines, parts, start, 2 if shaded else MIN_ROWS) if len(parts[start]) > 1 else None
        if region and (best is None or len(region.gaps) > len(best.gaps) and region.end >= best.end):
            best, heads = region, start - number
    return best, heads


def _is_head(lines: Sequence[Line], parts: Sequence[list[Piece]], number: int) -> bool:
    line, below = lines[number], lines[number + 1]
    return line.bold and len(parts[number]) > 1 and below.base - line.base < APART * line.size


def _parts(line: Line) -> list[Piece]:
    """The pieces of a line; a list's mark belongs to what follows it."""
    pieces = pieces_of(line.words)
    pieces.sort(key=lambda piece: piece.x0)
    if len(pieces) > 1 and mark_of(line) and len(pieces[0].words) == 1:
        return [Piece(pieces[0].words + pieces[1].words, pieces[0].x0, pieces[1].x1, line.top, line.bottom), *pieces[2:]]
    return pieces


def _region(lines: Sequence[Line], parts: Sequence[list[Piece]], start: int, least: int) -> _Region | None:
    """The longest stretch from a line on through which white gaps run; None where it is no table."""
    gaps = [(a.x1, b.x0) for a, b in pairwise(parts[start])]
    end = start + 1
    while end < len(lines) and lines[end].base - lines[end - 1].base < APART * lines[end].size and LEADERS.search(lines[end].text) is None:
        narrowed = [gap for old in gaps if (gap := _narrowed(old, parts[end])) and gap[1] - gap[0] > NARROWEST * lines[end].size]
        if not narrowed:
            break
        gaps = narrowed
        end += 1
    while end > start and (len(parts[end - 1]) < 2 and _stands_off(lines, end - 1, start)):
        end -= 1
    region = _Region(start, end, tuple(gaps))
    return region if _is_table(lines, parts, region, least) else None


def _narrowed(gap: tuple[float, float], pieces: Sequence[Piece]) -> tuple[float, float] | None:
    """What a line leaves white of a gap."""
    low, high = gap
    for piece in pieces:
        if piece.x0 < low + 0.5 and piece.x1 > high - 0.5:
            return None
        if piece.x0 <= low < piece.x1:
            low = piece.x1
        elif low < piece.x0 < high:
            if piece.x1 >= high:
                high = piece.x0
            elif piece.x0 - low >= high - piece.x1:
                high = piece.x0
            else:
                low = piece.x1
    return (low, high) if high > low else None


def _stands_off(lines: Sequence[Line], number: int, start: int) -> bool:
    """Whether a line below a table is no longer part of it: more space above it, or set as a heading."""
    line, before = lines[number], lines[number - 1]
    closest = min((b.base - a.base for a, b in pairwise(lines[start:number])), default=0.0)  # wrapped cells may be set wide
    return line.base - before.base > max(1.35 * line.size, min(1.1 * closest, 1.6 * line.size)) or line.bold or line.size > before.size + 0.4


def _is_table(lines: Sequence[Line], parts: Sequence[list[Piece]], region: _Region, least: int) -> bool:
    full = [number for number in range(region.start, region.end) if len(_by_column(parts[number], region.gaps)) > 1]
    if len(full) < least or any(LEADERS.search(lines[number].text) for number in full):
        return False
    placed = [pair for number in full for pair in _by_column(parts[number], region.gaps)]
    columns = [[piece for column, piece in placed if column == at] for at in range(len(region.gaps) + 1)]
    if any(len(column) < 0.5 * len(full) for column in columns):
        return False
    return all(_agree([piece.x0 for piece in column]) or _agree([piece.x1 for piece in column]) for column in columns)


def _agree(places: Sequence[float]) -> bool:
    return max(sum(abs(place - other) < 2.5 for other in places) for place in places) >= AGREE * len(places)


def _by_column(pieces: Sequence[Piece], gaps: Sequence[tuple[float, float]]) -> list[tuple[int, Piece]]:
    """Pieces with their columns, those in one column as one piece."""
    found: dict[int, Piece] = {}
    for piece in pieces:
        column = sum((gap[0] + gap[1]) / 2 < (piece.x0 + piece.x1) / 2 for gap in gaps)
        before = found.get(column)
        words = (before.words if before else ()) + piece.words
        found[column] = Piece(words, min(w.x0 for w in words), max(w.x1 for w in words), piece.top, piece.bottom)
    return sorted(found.items())


def _table(lines: Sequence[Line], parts: Sequence[list[Piece]], region: _Region, heads: int) -> Tabular:
    rows = [[number] for number in range(region.start - heads, region.start)]
    rows += _rows(lines, parts, region)
    entries = [entry for row, numbers in enumerate(rows) for entry in _entries(lines, parts, region, (row, numbers))]
    edges = (min(line.x0 for line in lines[region.start : region.end]), *((low + high) / 2 for low, high in region.gaps))
    right = max(line.x1 for line in lines[region.start : region.end])
    top = lines[region.start - heads].top
    return Tabular(tuple(entries), (*edges, right), lines[region.start].page, top, lines[region.end - 1].bottom, len(rows))


def _rows(lines: Sequence[Line], parts: Sequence[list[Piece]], region: _Region) -> list[list[int]]:
    """The numbers of the lines of each row: told by white between rows where there is some, else by the first column."""
    numbers = list(range(region.start, region.end))
    steps = [lines[b].base - lines[a].base for a, b in pairwise(numbers)]
    usual = sorted(steps)[len(steps) // 4] if steps else 0.0
    wide = [step > 1.17 * usual + 0.6 for step in steps]
    told = 1 < sum(wide) < len(steps)
    rows = [[numbers[0]]]
    for number, apart in zip(numbers[1:], wide, strict=True):
        columns = _by_column(parts[number], region.gaps)
        named_before = _by_column(parts[number - 1], region.gaps)[0][0] == 0
        if apart or _begins(columns, len(region.gaps) + 1) and not (told and named_before):
            rows.append([number])
        else:
            rows[-1].append(number)
    return rows


def _begins(columns: Sequence[tuple[int, Piece]], width: int) -> bool:
    """Whether a line looks like the first of a row: its first column and most others filled, not in mid-sentence."""
    lower = sum(piece.words[0].text[:1].islower() for _, piece in columns)
    return columns[0][0] == 0 and len(columns) >= max(2, 0.6 * width) and 2 * lower < len(columns)


def _entries(lines: Sequence[Line], parts: Sequence[list[Piece]], region: _Region, row: tuple[int, list[int]]) -> list[Entry]:
    """The cells of a row; a piece of a header that reaches over several columns covers them."""
    at, numbers = row
    spans = _spans(parts[numbers[0]], region) if numbers[0] < region.start else {}
    gathered: dict[int, list[Piece]] = {}
    for number in numbers:
        for column, piece in _by_column(parts[number], region.gaps):
            gathered.setdefault(column, []).append(piece)
    page = lines[numbers[0]].page
    entries = []
    column = 0
    while column <= len(region.gaps):
        first, wide = next((span for span in spans.values() if span[0] <= column < span[0] + span[1]), (column, 1))
        pieces = [piece for place in range(first, first + wide) for piece in gathered.get(place, [])]
        cell = lines_of(pieces, page, min((p.x0 for p in pieces), default=0), max((p.x1 for p in pieces), default=0)) if pieces else []
        entries.append(Entry(at, column, 1, wide, tuple(cell)))
        column = first + wide
    return entries


def _spans(pieces: Sequence[Piece], region: _Region) -> dict[int, tuple[int, int]]:
    """The first column and the number of columns of each piece that lies across a gap."""
    spans: dict[int, tuple[int, int]] = {}
    for number, piece in enumerate(pieces):
        first = sum((low + high) / 2 < piece.x0 + 1 for low, high in region.gaps)
        last = sum((low + high) / 2 < piece.x1 - 1 for low, high in region.gaps)
        if last > first:
            spans[number] = (first, last - first + 1)
    return spans
