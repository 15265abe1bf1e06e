"""Tables with level rules only, as booktabs and longtable set them: rules part rows or only the header, gutters the columns."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from ingest.readers.pdf.grid import NEAR, Grid, level_spans
from ingest.readers.pdf.lines import Box, Line, Piece, lines_of, pieces_of
from ingest.readers.pdf.page import Page, Word
from ingest.readers.pdf.tables import Entry, Tabular

MIN_RULES = 3
SHORTEST = 60.0  # points of a rule across a table
ALIKE = 4.0  # points by which the ends of rules of one table differ
MOST_GROUP_LINES = 2  # of a row whose text runs over the columns: more are prose between two rules
MOST_CROSSING = 0.4  # of the lines that reach over a gutter
WIDER = 1.17  # times the usual step between lines: a step between rows
BESIDE = 2  # cells on one line that make it a table's


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a band in pieces from left to right."""

    base: float
    pieces: tuple[Piece, ...]


Band = list[_Row]


def stacked_tables(page: Page, grids: Sequence[Grid]) -> list[Tabular]:
    """The tables of a page between rules of one width that no upright line joins."""
    found: list[Tabular] = []
    if len(page.rules) < MIN_RULES:
        return found
    words = [word for word in page.words if not word.turned]
    for low, high, heights in _stacks(page, grids):
        bands = [_band(words, Box(low, a, high, b), page.number) for a, b in pairwise(heights)]
        found += _tables(bands, heights, (low, high), page)
    return found


def _stacks(page: Page, grids: Sequence[Grid]) -> Iterable[tuple[float, float, list[float]]]:
    """Rules of one width with their heights, those in grids left out."""
    spans = [span for span in level_spans(page.rules, Box(0, 0, page.width, page.height)) if not span.fill and span.high - span.low >= SHORTEST]
    spans = [span for span in spans if not any(_on(grid.box, span.at, span.low) for grid in grids)]
    while spans:
        first = spans[0]
        alike = [span for span in spans if abs(span.low - first.low) < ALIKE and abs(span.high - first.high) < ALIKE]
        spans = [span for span in spans if span not in alike]
        if len(alike) >= MIN_RULES:
            yield first.low, first.high, [span.at for span in alike]


def _on(box: Box, y: float, x: float) -> bool:
    return box.top - NEAR <= y <= box.bottom + NEAR and box.x0 - NEAR <= x <= box.x1 + NEAR


def _band(words: Sequence[Word], box: Box, page: int) -> Band:
    inside = [word for word in words if box.top - 1 < word.base < box.bottom + 1 and box.holds(word)]
    lines = lines_of(pieces_of(inside), page, box.x0, box.x1) if inside else []
    return [_Row(line.base, tuple(sorted(pieces_of(line.words), key=lambda piece: piece.x0))) for line in lines]


def _tables(bands: Sequence[Band], heights: Sequence[float], sides: tuple[float, float], page: Page) -> Iterable[Tabular]:
    start = 0
    while start < len(bands) - 1:
        end, gutters = start, []
        if any(len(row.pieces) >= BESIDE for row in bands[start]):
            end, gutters = _reach(bands, start)
        if end - start < 2:
            start += 1
            continue
        yield _table(bands[start:end], (heights[start], heights[end]), sides, gutters, page)
        start = end


def _reach(bands: Sequence[Band], start: int) -> tuple[int, list[tuple[float, float]]]:
    """Before which band a table ends that begins at one, and its gutters; the start itself where there is none."""
    end, gutters = start, _gutters(bands[start])
    while end < len(bands) and _belongs(bands[end], gutters):
        wider = _gutters([row for band in bands[start : end + 1] for row in band])
        if len(wider) < len(gutters):
            break
        gutters, end = wider, end + 1
    while end > start and not any(len(row.pieces) >= BESIDE for row in bands[end - 1]):
        end -= 1
    rows = [row for band in bands[start:end] for row in band]
    gutters = _gutters(rows)
    crossing = sum(any(_columns(piece, gutters)[1] > 1 for piece in row.pieces) for row in rows)
    return (end, gutters) if gutters and crossing <= MOST_CROSSING * len(rows) else (start, [])


def _belongs(band: Band, gutters: Sequence[tuple[float, float]]) -> bool:
    return bool(band) and (len(band) <= MOST_GROUP_LINES or any(len(row.pieces) > 1 for row in band)) and bool(gutters)


def _gutters(rows: Sequence[_Row]) -> list[tuple[float, float]]:
    """White between the columns; pieces that reach over two of another line do not count."""
    gaps = sorted({(a.x1, b.x0) for row in rows for a, b in pairwise(row.pieces) if a.x1 < b.x0})
    lows = [low for low, _ in gaps]
    nearest = [*accumulate((high for _, high in reversed(gaps)), min)][::-1] + [float("inf")]  # where the first of the gaps from one on ends
    narrow = [piece for row in rows for piece in row.pieces if nearest[bisect_right(lows, piece.x0 + 1)] >= piece.x1 - 1]
    found: list[tuple[float, float]] = []
    reach = None
    for piece in sorted(narrow, key=lambda piece: piece.x0):
        if reach is not None and piece.x0 - reach > 1:
            found.append((reach, piece.x0))
        reach = max(reach if reach is not None else piece.x1, piece.x1)
    return found


def _columns(piece: Piece, gutters: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """The first column of a piece and how many it covers."""
    cuts = [(low + high) / 2 for low, high in gutters]
    first = sum(cut < piece.x0 + 1 for cut in cuts)
    return first, max(sum(cut < piece.x1 - 1 for cut in cuts) - first, 0) + 1


def _table(bands: Sequence[Band], ends: tuple[float, float], sides: tuple[float, float], gutters: list[tuple[float, float]], page: Page) -> Tabular:
    heads = _header_rows(bands[0], gutters)
    single = len(bands) > MIN_RULES
    rows = [*heads, *(row for band in bands[1:] for row in _body_rows(band, gutters, single))]
    entries = [entry for at, row in enumerate(rows) for entry in _entries(at, row, gutters, page.number)]
    if len(heads) > 1:
        entries = _spanning(entries, len(gutters) + 1)
    edges = (sides[0], *(high - 3 for _, high in gutters), sides[1])
    return Tabular(tuple(entries), edges, page.number, *ends, len(rows), len(heads))


def _header_rows(band: Band, gutters: Sequence[tuple[float, float]]) -> list[Band]:
    """One row, its lines wrapped, or two where the second names parts of what the first names."""
    filled = [{_columns(piece, gutters)[0] for piece in row.pieces} for row in band]
    width = len(gutters) + 1
    reaching = any(_columns(piece, gutters)[1] > 1 for piece in band[0].pieces)
    under = len(band) > 1 and bool(filled[1] - filled[0]) and 0 in filled[0] and (reaching or len(filled[-1]) < width)
    return [band[:1], band[1:]] if under else [band]


def _body_rows(band: Band, gutters: Sequence[tuple[float, float]], single: bool) -> list[Band]:
    """The rows between two rules: parted by white, else by lines that fill most columns, else one row."""
    steps = [b.base - a.base for a, b in pairwise(band)]
    usual = sorted(steps)[len(steps) // 4] if steps else 0.0
    wide = [step > WIDER * usual + 0.6 for step in steps]
    full = all(len(row.pieces) > len(gutters) for row in band)
    rows = [band[:1]]
    for row, apart in zip(band[1:], wide, strict=True):
        if apart and _columns(row.pieces[0], gutters)[0] == 0 or full or not single and not any(wide) and _begins(row, gutters):
            rows.append([row])
        else:
            rows[-1].append(row)
    return rows


def _begins(row: _Row, gutters: Sequence[tuple[float, float]]) -> bool:
    """Whether a line looks like the first of a row: its first column and most others filled, not in mid-sentence."""
    covered = [_columns(piece, gutters) for piece in row.pieces]
    lower = sum(piece.words[0].text[:1].islower() for piece in row.pieces)
    return covered[0][0] == 0 and sum(wide for _, wide in covered) >= max(2, 0.6 * (len(gutters) + 1)) and 2 * lower < len(covered)


def _entries(at: int, rows: Band, gutters: Sequence[tuple[float, float]], page: int) -> list[Entry]:
    """The cells of a row; what reaches over several columns covers them, and takes what is wrapped below it."""
    placed = [(*_columns(piece, gutters), piece) for row in rows for piece in row.pieces]
    wide = {first: count for first, count, _ in sorted(placed, key=lambda one: one[1])}
    entries = []
    column = 0
    while column <= len(gutters):
        count = wide.get(column, 1)
        pieces = [piece for first, _, piece in placed if column <= first < column + count]
        entries.append(Entry(at, column, 1, count, tuple(_cell_lines(pieces, page))))
        column += count
    return entries


def _cell_lines(pieces: Sequence[Piece], page: int) -> list[Line]:
    return lines_of(pieces, page, min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)) if pieces else []


def _spanning(entries: Sequence[Entry], width: int) -> list[Entry]:
    """The two rows of a header: a name reaches over the empty places to its right that have names below, and down where it has none."""
    upper = {entry.column: entry for entry in entries if entry.row == 0}
    lower = {entry.column for entry in entries if entry.row == 1 and entry.lines}
    made: list[Entry] = []
    column = 0
    while column < width:
        entry = upper[column]
        reach = column + entry.columns
        while reach < width and not upper[reach].lines and reach in lower and column in lower:
            reach += upper[reach].columns
        down = 1 if any(column <= one < reach for one in lower) else 2
        made.append(Entry(0, column, down, reach - column, entry.lines))
        column = reach
    deep = {column for entry in made if entry.rows == 2 for column in range(entry.column, entry.column + entry.columns)}
    return made + [entry for entry in entries if entry.row > 1 or entry.row == 1 and entry.column not in deep]
