"""A document as its author meant it: what every renderer draws and what the truth is read from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MARKUP = re.compile(r"\*\*(?P<bold>.+?)\*\*|\[\^(?P<note>\w)\]|\{-(?P<deleted>.+?)-\}|\{\+(?P<inserted>.+?)\+\}")
KEPT = ("bold", "inserted")  # the markup whose words are part of the text
CLAUSE = re.compile(r"\d+\.\d+")  # the mark of a numbered clause, typed and not counted by a program
SENTENCE_END = re.compile(r"(?:(?<=[.!?؟])|(?<=[.!?؟]\[\^\w\]))\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Heading:
    """`text` is as printed, with its number. A faux heading is set as a bold paragraph; `level` 1 is the title."""

    level: int
    text: str
    faux: bool = False


@dataclass(frozen=True, slots=True)
class Para:
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """`mark` is "-" for a bullet, else the number as printed: "1.", "(a)", "2.3"."""

    mark: str
    text: str
    children: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """`lines` are the cell's bullets where `bullets`, else its lines. Compared by identity: it may fill many places."""

    lines: tuple[str, ...]
    bullets: bool = False
    colspan: int = 1
    rowspan: int = 1

    @property
    def text(self) -> str:
        return " ".join(plain(line) for line in self.lines)


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows hold the cells that begin in them, as in HTML. `groups` are body rows of one cell that heads the next."""

    header: tuple[Row, ...]
    body: tuple[Row, ...]
    groups: frozenset[int] = frozenset()
    row_header: bool = True
    repeat: bool = True
    borders: bool = True
    widths: tuple[float, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.header + self.body

    @property
    def columns(self) -> int:
        return sum(cell.colspan for cell in self.rows[0])

    @property
    def shares(self) -> tuple[float, ...]:
        """The width of each column as a share of the table's."""
        widths = self.widths or (1.0,) * self.columns
        return tuple(width / sum(widths) for width in widths)


@dataclass(frozen=True, slots=True)
class Box:
    """A call-out. Its title, if any, is a heading of the box only."""

    title: str | None
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks that are set in two columns."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


Block = Heading | Para | Listing | Definitions | Table | Box | Columns | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """`meta` is the source's front matter: what kind of file to make and how; `notes` are footnotes by their mark."""

    name: str
    meta: dict[str, Any]
    blocks: tuple[Block, ...]
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return f"{self.name}.{self.meta['format']}"

    @property
    def language(self) -> str:
        return self.meta.get("language", "en")

    @property
    def title(self) -> str:
        return next((block.text for block in self.blocks if isinstance(block, Heading)), self.name)


def spans(text: str) -> Iterator[tuple[str, str]]:
    """The pieces of a text: "text" and its words, or the name of a group of MARKUP and what it holds."""
    at = 0
    for match in MARKUP.finditer(text):
        if match.start() > at:
            yield "text", text[at : match.start()]
        kind = str(match.lastgroup)
        yield kind, match[kind]
        at = match.end()
    if at < len(text):
        yield "text", text[at:]


def plain(text: str) -> str:
    """A text as a reader sees it with all changes accepted, without the marks of footnotes."""
    return " ".join(MARKUP.sub(lambda match: match[0][2:-2] if match.lastgroup in KEPT else "", text).split())


def sentences(text: str) -> list[str]:
    return SENTENCE_END.split(text)


def occupants(rows: tuple[Row, ...], columns: int) -> list[list[Cell]]:
    """The cell that covers each place of the grid, so that a merged cell stands in every place it covers."""
    grid: list[list[Cell | None]] = [[None] * columns for _ in rows]
    for r, row in enumerate(rows):
        for cell in row:
            c = grid[r].index(None)
            for down in range(cell.rowspan):
                grid[r + down][c : c + cell.colspan] = [cell] * cell.colspan
    return grid  # type: ignore[return-value]


def beginnings(rows: tuple[Row, ...], columns: int) -> list[list[Cell | None]]:
    """The grid with each cell at the place where it begins, and None where a merged cell covers the place."""
    seen: set[int] = set()
    grid: list[list[Cell | None]] = []
    for row in occupants(rows, columns):
        grid.append([])
        for cell in row:
            grid[-1].append(None if id(cell) in seen else cell)
            seen.add(id(cell))
    return grid
