"""Where the cells of a tagged table stand: rows and columns counted with the cells that reach over several."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.readers.pdf.tables import Entry
from ingest.readers.pdf.tags import Node

CELLS = frozenset(("TD", "TH"))


def rows_of(table: Node) -> list[list[Node]]:
    return [[cell for cell in row.kids if cell.kind in CELLS] for row in table.walk() if row.kind == "TR"]


def placed(rows: Sequence[Sequence[Node]]) -> Iterator[tuple[Node, tuple[int, int], int]]:
    """Each cell with its row and column and how many rows it covers."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            tall = min(cell.rows, len(rows) - number)
            taken |= {(number + down, column + right) for down in range(tall) for right in range(cell.columns)}
            yield cell, (number, column), tall
            column += cell.columns


def header_rows(rows: Sequence[Sequence[Node]]) -> int:
    """How many rows at the top hold headers only; 1 where it is all of them or none."""
    heads = next((n for n, row in enumerate(rows) if not row or any(cell.kind != "TH" for cell in row)), len(rows))
    return heads if heads < len(rows) else 1


def disorder(entries: Sequence[Entry]) -> int:
    """How many times a cell of a row stands left of the one before it."""
    set_at = [(entry.row, entry.all_lines[0]) for entry in entries if entry.all_lines]
    return sum(row == other and line.page == right.page and right.x0 < line.x0 - 2 for (row, line), (other, right) in pairwise(set_at))
