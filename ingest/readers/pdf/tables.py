"""Tables of a PDF: words in ruled grids, and tables that go on over a page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.readers.blocks import PAGE, Cell, Table
from ingest.readers.pdf.grid import Grid, Place
from ingest.readers.pdf.lines import Line, lines_of, pieces_of
from ingest.readers.pdf.page import Word
from ingest.readers.pdf.words import Words, mark_of, text_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell with the lines in it, before it becomes text; `items` where a list in it is known."""

    row: int
    column: int
    rows: int
    columns: int
    lines: tuple[Line, ...]
    items: tuple[tuple[Line, ...], ...] = ()

    @property
    def all_lines(self) -> list[Line]:
        return [*self.lines, *(line for item in self.items for line in item)]

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.all_lines)


@dataclass(frozen=True, slots=True)
class Tabular:
    """A table as found on one page: its entries, where its columns are parted, and its page from 0.

    `headers` is 0 where it is not known how many rows name columns; a `whole` table holds all of its pages.
    """

    entries: tuple[Entry, ...]
    edges: tuple[float, ...]
    page: int
    top: float
    bottom: float
    height: int
    headers: int = 0
    whole: bool = False

    @property
    def width(self) -> int:
        return len(self.edges) - 1

    @property
    def last_page(self) -> int:
        return max((line.page for entry in self.entries for line in entry.all_lines), default=self.page)


def ruled(grid: Grid, words: Sequence[Word], page: int) -> Tabular | None:
    """The table in a grid; None where the grid holds fewer than two cells with text."""
    entries = [_entry(place, words, page) for place in grid.places]
    if sum(bool(entry.lines) for entry in entries) < 2:
        return None
    found = Tabular(tuple(entries), grid.xs, page, grid.box.top, grid.box.bottom, len(grid.ys) - 1)
    return _without_empty_rows(_without_empty_columns(found))


def _entry(place: Place, words: Sequence[Word], page: int) -> Entry:
    inside = [word for word in words if place.box.holds(word)]
    lines = lines_of(pieces_of(inside), page, place.box.x0, place.box.x1) if inside else []
    return Entry(place.row, place.column, place.rows, place.columns, tuple(lines))


def _without_empty_columns(table: Tabular) -> Tabular:
    """Columns in which no cell with text begins are taken by the one before: double lines, spacers."""
    used = sorted({entry.column for entry in table.entries if entry.lines} | {0})
    place = {column: max(n for n, start in enumerate(used) if start <= column) for column in range(table.width)}
    entries = []
    for entry in table.entries:
        first, last = place[entry.column], place[entry.column + entry.columns - 1]
        if entry.column in used:
            entries.append(replace(entry, column=first, columns=last - first + 1))
    edges = tuple(table.edges[column] for column in used) + table.edges[-1:]
    return replace(table, entries=tuple(entries), edges=edges)


def _without_empty_rows(table: Tabular) -> Tabular:
    used = sorted({entry.row for entry in table.entries if entry.lines})
    entries = []
    for entry in table.entries:
        rows = [row for row in used if entry.row <= row < entry.row + entry.rows]
        if rows:
            entries.append(replace(entry, row=used.index(rows[0]), rows=len(rows)))
    return replace(table, entries=tuple(entries), height=len(used))


def table_of(parts: Sequence[Tabular], words: Words) -> Table:
    """A table from its parts on successive pages, header rows that are repeated left out."""
    headers = parts[0].headers or header_rows(parts[0])
    rows = _turning(parts[0], words) if parts[0].whole else _rows(parts[0], words)
    seen = [_plain(row) for row in rows[:headers]]
    page = parts[0].page
    for part in parts[1:]:
        more = _rows(part, words)
        repeated = headers if [_plain(row) for row in more[:headers]] == seen else 0
        more = more[repeated:]
        if more:
            turn = PAGE * (part.page - page)
            page = part.page
            rows = _spliced(rows, more, turn, part.width)
    return Table(tuple(map(tuple, rows)), headers)


def _rows(part: Tabular, words: Words) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[] for _ in range(part.height)]
    for entry in sorted(part.entries, key=lambda entry: (entry.row, entry.column)):
        rows[entry.row].append(_cell(entry, words))
    return rows


def _turning(part: Tabular, words: Words) -> list[list[Cell]]:
    """The rows of a table over several pages, a form feed in the first cell that shows where each page begins."""
    rows: list[list[Cell]] = [[] for _ in range(part.height)]
    page = part.page
    for entry in sorted(part.entries, key=lambda entry: (entry.row, entry.column)):
        pages = [line.page for line in entry.all_lines]
        first, last = min(pages, default=page), max(pages, default=page)
        cell = _cell(entry, words) if last > page else _without_turn(_cell(entry, words))
        if first > page:
            cell = replace(cell, text=PAGE * (first - page) + cell.text)
        rows[entry.row].append(cell)
        page = max(page, last)
    return rows


def _plain(row: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in row]


def _cell(entry: Entry, words: Words) -> Cell:
    text, items = cell_text(entry.lines, words)
    items += tuple(text_of(item, words, _skipped(item)) for item in entry.items)
    return Cell(text, items, entry.columns, entry.rows)


def _skipped(item: Sequence[Line]) -> int:
    mark = mark_of(item[0])
    return 1 if mark and mark.bullet else 0


def cell_text(lines: Sequence[Line], words: Words) -> tuple[str, tuple[str, ...]]:
    """The words of a cell before its first bullet, and its bullets."""
    starts = [number for number, line in enumerate(lines) if (mark := mark_of(line)) and mark.bullet]
    if not starts:
        return text_of(lines, words), ()
    items = tuple(text_of(lines[start:end], words, 1) for start, end in pairwise([*starts, len(lines)]))
    return text_of(lines[: starts[0]], words), tuple(item for item in items if item)


def _spliced(rows: list[list[Cell]], more: list[list[Cell]], turn: str, width: int) -> list[list[Cell]]:
    """Rows of the next page put below; a row that the page breaks in two is made one."""
    if _goes_on(rows[-1], more[0], width):
        joined = [_cells_joined(above, below, turn) for above, below in zip(rows[-1], more[0], strict=True)]
        turned = [n for n, cell in enumerate(joined) if PAGE in cell.text or any(PAGE in item for item in cell.items)]
        kept = [_without_turn(cell) if n in turned[:-1] else cell for n, cell in enumerate(joined)]  # all cells begin above the turn
        return [*rows[:-1], kept, *more[1:]]
    opening = replace(more[0][0], text=turn + more[0][0].text) if more[0] else Cell(turn)
    return [*rows, [opening, *more[0][1:]], *more[1:]]


def _goes_on(last: Sequence[Cell], first: Sequence[Cell], width: int) -> bool:
    """Whether a row is the rest of the one before: no name in front, or words that begin in the middle of a sentence."""
    if len(last) != len(first) or [cell.columns for cell in last] != [cell.columns for cell in first] or len(first) < 2:
        return False
    filled = [(above, below) for above, below in zip(last, first, strict=True) if below.text or below.items]
    lower = sum((below.text or below.items[0])[:1].islower() and not above.text.endswith((".", "!", "?")) for above, below in filled)
    headless = not first[0].text and bool(last[0].text)
    gaps = any(above.text and not below.text and not below.items for above, below in zip(last, first, strict=True))
    broken = gaps and lower > 0.5 * len(filled) and not any(above.text.endswith((".", "!", "?")) for above, _ in filled)
    return bool(filled) and (lower == len(filled) or broken or headless and (lower > 0 or any(below.items for _, below in filled)))


def _cells_joined(above: Cell, below: Cell, turn: str) -> Cell:
    if not below.text and not below.items:
        return above
    if above.items and below.text:
        items = (*above.items[:-1], f"{above.items[-1]} {turn}{below.text}", *below.items)
        return replace(above, items=items)
    if below.text:
        return replace(above, text=f"{above.text} {turn}{below.text}", items=below.items)
    return replace(above, items=(*above.items, turn + below.items[0], *below.items[1:]))


def _without_turn(cell: Cell) -> Cell:
    return replace(cell, text=cell.text.replace(PAGE, ""), items=tuple(item.replace(PAGE, "") for item in cell.items))


def header_rows(table: Tabular) -> int:
    """Rows at the top that are set in bold throughout, with those that a cell among them reaches into; at least one."""
    by_row: list[list[Entry]] = [[] for _ in range(table.height)]
    for entry in table.entries:
        by_row[entry.row].append(entry)
    count = 0
    for number, row in enumerate(by_row[:-1]):
        filled = [entry for entry in row if entry.all_lines]
        group = number > 0 and len(filled) == 1 and (filled[0].columns == table.width or len(row) > 1)
        if group or not filled or not all(entry.bold for entry in filled):
            break
        count = number + 1
    reach = max((entry.row + entry.rows for row in by_row[: max(count, 1)] for entry in row), default=1)
    return max(1, count, reach if reach < table.height else 1)
