"""Tables of HTML become rows of cells; a table that only lays out the page is opened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from ingest.readers.blocks import Block, Cell, Heading, Item, Paragraph, Table
from ingest.readers.elements.words import FAUX

Reader = Callable[[_Element], list[Block]]
WIDEST, TALLEST = 100, 1000  # what a cell may span, far beyond any real table
LABEL_WORDS = 6
LONGER = 3  # times the words of a label: what stands below it is what it labels


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the file: what it holds, what it covers, and whether it is marked as a header."""

    blocks: list[Block]
    columns: int
    rows: int
    header: bool

    @property
    def words(self) -> str:
        """Its running words, without the items of a list."""
        return " ".join(block.text for block in self.blocks if isinstance(block, Paragraph | Heading))

    @property
    def bold(self) -> bool:
        """Whether all that it says is set as a heading."""
        return bool(self.blocks) and all(isinstance(block, Heading) for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of the file; `head` counts those inside a <thead>."""

    rows: list[list[Place]] = field(default_factory=list)
    head: int = 0

    @property
    def width(self) -> int:
        """Columns of the widest row, cells that reach down into it left aside."""
        return max((sum(place.columns for place in row) for row in self.rows), default=0)

    @property
    def places(self) -> list[Place]:
        """All cells in reading order."""
        return [place for row in self.rows for place in row]


def tables(element: _Element, read: Reader) -> Iterator[Block]:
    """A table with its caption above it, or the contents of a table that is layout."""
    for caption in element.iterchildren("caption"):
        yield from (Paragraph(block.text) if isinstance(block, Heading) else block for block in read(caption))
    grid = _grid(element, read)
    if _is_layout(element, grid):
        for place in grid.places:
            yield from place.blocks
    elif any(place.blocks for place in grid.places):
        yield Table(tuple(tuple(map(_cell, row)) for row in grid.rows), _headers(grid))


def _grid(element: _Element, read: Reader) -> Grid:
    rows, head = [], 0
    for row in element.xpath("./tr|./thead/tr|./tbody/tr|./tfoot/tr"):
        in_head = row.getparent().tag == "thead"
        places = [_place(cell, read, in_head) for cell in row.iterchildren("td", "th")]
        if places:
            rows.append(places)
            head += in_head
    return Grid(rows, head)


def _place(cell: _Element, read: Reader, in_head: bool) -> Place:
    columns = _span(cell.get("colspan"), WIDEST) or 1
    rows = _span(cell.get("rowspan"), TALLEST)
    return Place(read(cell), columns, TALLEST if rows == 0 else rows, cell.tag == "th" or in_head)


def _span(value: str | None, limit: int) -> int:
    return min(int(value), limit) if value and value.strip().isdecimal() else 1


def _is_layout(element: _Element, grid: Grid) -> bool:
    """One column, headings above paragraphs in a cell, a table around tables, or a single row of several paragraphs."""
    marked = any(place.header for place in grid.places)
    if grid.width <= 1 or (element.get("role") in ("presentation", "none") and not marked):
        return True
    if any(_holds_section(place) for row in grid.rows[1:] or grid.rows for place in row):
        return True
    if marked:
        return False
    nested = any(isinstance(block, Table) for place in grid.places for block in place.blocks)
    return nested or (len(grid.rows) == 1 and any(len(place.blocks) > 1 for place in grid.places))


def _holds_section(place: Place) -> bool:
    real = [isinstance(block, Heading) and block.level != FAUX for block in place.blocks]
    return any(real) and not all(real)


def _headers(grid: Grid) -> int:
    """How many of the first rows name the columns."""
    if 0 < grid.head < len(grid.rows):
        return grid.head
    marked = 0
    for number, row in enumerate(grid.rows):
        if not all(place.header or not place.blocks for place in row) or (number and len(row) == 1 and row[0].columns > 1):
            break
        marked += 1
    if 0 < marked < len(grid.rows):
        return marked
    return 1 if marked or _is_bold(grid.rows[0]) or _reads_as_header(grid) or _stands_above(grid) else 0


def _is_bold(row: list[Place]) -> bool:
    said = [place for place in row if place.blocks]
    return bool(said) and all(place.bold for place in said)


def _reads_as_header(grid: Grid) -> bool:
    """Whether the first row of an unmarked table of three columns or more holds short labels alone."""
    first = grid.rows[0]
    if len(grid.rows) < 3 or len(first) < 3:
        return False
    return all(len(place.blocks) == 1 and _is_label(place.words) for place in first) and len({place.words for place in first}) == len(first)


def _stands_above(grid: Grid) -> bool:
    """Whether every column of an unmarked table begins with a short label and goes on with lists or sentences."""
    first, rest = grid.rows[0], grid.rows[1:]
    if len(first) < 2 or not rest or any(len(row) != len(first) for row in rest):
        return False
    labels = all(len(place.blocks) == 1 and _is_label(place.words) for place in first)
    return labels and all(_explains(place, label) for row in rest for place, label in zip(row, first, strict=True))


def _explains(place: Place, label: Place) -> bool:
    listed = any(isinstance(block, Item) for block in place.blocks)
    return listed or len(place.words.split()) >= LONGER * len(label.words.split())


def _is_label(words: str) -> bool:
    return 0 < len(words.split()) <= LABEL_WORDS and not any(map(str.isdigit, words)) and words[-1] not in ".;,"


def _cell(place: Place) -> Cell:
    """Words before a list are the cell's text; from the first item on each block is an item."""
    first = next((n for n, block in enumerate(place.blocks) if isinstance(block, Item | Table)), len(place.blocks))
    text = " ".join(block.text for block in place.blocks[:first] if isinstance(block, Paragraph | Heading))
    listed = tuple(line for block in place.blocks[first:] for line in _lines(block))
    return Cell(text, listed, place.columns, place.rows)


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        for row in block.rows:
            yield "; ".join(" ".join((cell.text, *cell.items)).strip() for cell in row)
    elif isinstance(block, Item) and block.label != "-":
        yield f"{block.label} {block.text}"
    else:
        yield block.text
