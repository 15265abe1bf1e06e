"""What readers of laid-out formats find (headings, paragraphs, items, tables, notes), and how it is stored as text.

The notation is Markdown with three additions, so that a stored text can be read, quoted and split without its file:

    ## 2 Support              a heading: one line, its level from 1 to 6
    We offer:                 a paragraph: one line, blank lines around it
    - Training.[^1]           an item: its own label ("-", "1.", "(a)"), two spaces of indent for each level
      - Two days a year.
    [^1]: For members.        a note: below the block that calls it
    | Year | Grant | << |     a table: `<<` carries on the cell to the left, `^^` the one above,
    | ^^ | Small | Large |    header rows stand above the dashes,
    | --- | --- | --- |
    | 2024 | £500 | <br>• Travel <br>• Rent |     and each item inside a cell follows `<br>• `

A form feed inside a block's words marks where the next page begins; it becomes an offset and is not stored.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

ABOVE, LEFT = "^^", "<<"
IN_CELL = "<br>• "
PAGE = "\f"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 is the document's title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A list item without its sub-items; `depth` 0 is the outermost list, `label` its bullet or number as printed."""

    text: str
    depth: int = 0
    label: str = "-"


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its words, the items of a list in it, and how many columns and rows it covers."""

    text: str
    items: tuple[str, ...] = ()
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, each cell where it begins (a covered place has none); the first `headers` rows name columns."""

    rows: tuple[tuple[Cell, ...], ...]
    headers: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote; `mark` is what calls it in the text as `[^mark]`."""

    mark: str
    text: str


Block = Heading | Paragraph | Item | Table | Note


@dataclass(frozen=True, slots=True)
class Extract:
    """A file's text as it will be stored; `pages` holds the offset at which each page begins, where there are pages.

    `notes` are sentences on what the file holds beside the text, such as pages that are pictures.
    """

    text: str
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def extract_of(blocks: Iterable[Block], paged: bool = False) -> Extract:
    """Blocks written down in reading order; with `paged`, form feeds in them become page offsets."""
    parts: list[str] = []
    previous: Block | None = None
    for block in blocks:
        if written := _written(block):
            close = isinstance(block, Item) and isinstance(previous, Item) or isinstance(block, Note) and isinstance(previous, Note)
            parts += ["\n" if close else "\n\n", written] if parts else [written]
            previous = block
    marked = "".join(parts)
    pieces = marked.split(PAGE)
    starts = [0]
    for piece in pieces[:-1]:
        starts.append(starts[-1] + len(piece))
    return Extract("".join(pieces), tuple(starts) if paged else ())


def reworded(block: Block, change: Callable[[str], str]) -> Block:
    """The block with each of its texts changed: a table's cells and their items one by one."""
    if isinstance(block, Table):
        return replace(block, rows=tuple(tuple(replace(c, text=change(c.text), items=tuple(map(change, c.items))) for c in row) for row in block.rows))
    return replace(block, text=change(block.text))


def _written(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * min(level, 6)} {_line(text)}" if _line(text) else ""
        case Paragraph(text):
            return _line(text)
        case Item(text, depth, label):
            return f"{'  ' * depth}{label} {_line(text)}" if _line(text) else ""
        case Note(mark, text):
            return f"[^{mark}]: {_line(text)}"
        case Table():
            return "\n".join(_rows(block))


def _rows(table: Table) -> Iterable[str]:
    grid = grid_of(table)
    for number, row in enumerate(grid):
        yield f"| {' | '.join(row)} |"
        if number + 1 == table.headers:
            yield f"|{' --- |' * len(row)}"


def grid_of(table: Table) -> list[list[str]]:
    """The written cells of every row and column, covered places marked."""
    grid: list[dict[int, str]] = [{} for _ in table.rows]
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row:
            while column in grid[number]:
                column += 1
            for down in range(min(cell.rows, len(grid) - number)):
                for right in range(cell.columns):
                    grid[number + down][column + right] = LEFT if right else ABOVE if down else _cell(cell)
            column += cell.columns
    width = max((max(row, default=-1) + 1 for row in grid), default=0)
    return [[row.get(column, "") for column in range(width)] for row in grid]


def _cell(cell: Cell) -> str:
    words = " ".join((_line(cell.text), *(IN_CELL + _line(item) for item in cell.items))).strip(" ")
    return words.replace("|", "\\|")


def _line(text: str) -> str:
    """One line; form feeds stay where they stand."""
    return re.sub(r"[^\S\f]+", " ", text).strip(" ")
