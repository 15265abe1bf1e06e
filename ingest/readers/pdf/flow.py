"""A page in reading order: lines of text and tables, boxes around text kept together, turned pages set upright."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.readers.pdf.aligned import aligned_tables
from ingest.readers.pdf.columns import strips_of
from ingest.readers.pdf.glyphs import BULLET
from ingest.readers.pdf.grid import Grid, grids_of
from ingest.readers.pdf.lines import Box, Line, Piece, lines_of, pieces_of
from ingest.readers.pdf.page import Page, Word
from ingest.readers.pdf.rules import Rule
from ingest.readers.pdf.stacked import stacked_tables
from ingest.readers.pdf.tables import Tabular, ruled

Element = Line | Tabular


def upright(page: Page) -> Page:
    """The page turned so that most of its text runs from left to right."""
    turns = Counter({0: 1})
    for word in page.words:
        turns[word.turned] += len(word.text)
    turned = turns.most_common(1)[0][0]
    if not turned:
        return page
    width, height = (page.height, page.width) if turned in (90, 270) else (page.width, page.height)
    words = tuple(_turned_word(word, turned, page) for word in page.words)
    rules = tuple(Rule(*_turned_box(rule, turned, page), rule.fill) for rule in page.rules)
    return replace(page, width=width, height=height, words=words, drawing=replace(page.drawing, rules=rules))


def _turned_box(box: Word | Rule, turned: int, page: Page) -> tuple[float, float, float, float]:
    if turned == 90:
        return box.top, page.width - box.x1, box.bottom, page.width - box.x0
    if turned == 180:
        return page.width - box.x1, page.height - box.bottom, page.width - box.x0, page.height - box.top
    return page.height - box.bottom, box.x0, page.height - box.top, box.x1


def _turned_word(word: Word, turned: int, page: Page) -> Word:
    x0, top, x1, bottom = _turned_box(word, turned, page)
    return word._replace(x0=x0, x1=x1, top=top, bottom=bottom, base=bottom - 0.2 * word.size, turned=(word.turned - turned) % 360)


def bulleted(page: Page) -> Page:
    """The page with a bullet for each small shape that is drawn where a bullet stands: close before a line, alone."""
    words = list(page.words)
    for x0, top, x1, bottom in page.drawing.dots:
        middle = (top + bottom) / 2
        row = [word for word in page.words if word.base - 0.8 * word.size < middle < word.base + 0.15 * word.size]
        after = min((word for word in row if word.x0 > x1 - 0.5), key=lambda word: word.x0, default=None)
        if after and after.x0 - x1 < 3 * after.size and not any(x0 - 1.2 * word.size < word.x1 < x1 for word in row):
            bullet = after._replace(text=BULLET, x0=x0, x1=x1, top=top, bottom=bottom, bold=False, tag=-1, spaced=True)
            words.append(bullet)
    return replace(page, words=tuple(words)) if len(words) > len(page.words) else page


def page_grids(page: Page) -> list[Grid]:
    return grids_of(page.rules, Box(0, 0, page.width, page.height))


def table_boxes(page: Page, grids: Iterable[Grid]) -> list[Box]:
    """Where ruled tables stand: grids of several cells with text in two or more."""
    ruled_boxes = [grid.box for grid in grids if len(grid.places) > 1 and ruled(grid, page.words, page.number)]
    return ruled_boxes + [box_of(table) for table in stacked_tables(page, list(grids))]


def box_of(table: Tabular) -> Box:
    return Box(table.edges[0], table.top, table.edges[-1], table.bottom)


def flow_of(page: Page, grids: Sequence[Grid]) -> list[Element]:
    """The lines and tables of a page, in reading order."""
    words = [word for word in page.words if not word.turned]
    islands: list[list[Element]] = []
    pieces: list[Piece] = []
    for grid in _outermost(grids, page):
        inside = [word for word in words if grid.box.holds(word)]
        found = [] if grid.flat else _island(grid, page, inside, len(islands) + 1)
        if inside and found:
            words = [word for word in words if not grid.box.holds(word)]
            pieces.append(Piece((), grid.box.x0, grid.box.x1, grid.box.top, grid.box.bottom, len(islands)))
            islands.append(found)
    for table in stacked_tables(page, grids):
        box = box_of(table)
        words = [word for word in words if not box.holds(word)]
        pieces.append(Piece((), box.x0, box.x1, box.top, box.bottom, len(islands)))
        islands.append([table])
    shaded = [grid.box for grid in grids if grid.flat]
    return [*_ordered(pieces_of(words) + pieces, islands, page, shaded=shaded), *_turned_lines(page)]


def frames(grids: Sequence[Grid], page: Page) -> list[Box]:
    """The boxes drawn around text."""
    return [grid.box for grid in _outermost(grids, page) if len(grid.places) == 1]


def _outermost(grids: Sequence[Grid], page: Page) -> list[Grid]:
    """Grids that stand in no other; a frame around nearly the whole page is none."""
    grids = [grid for grid in grids if not (len(grid.places) == 1 and _area(grid.box) > 0.7 * page.width * page.height)]
    return [grid for grid in grids if not any(_within(grid.box, other.box) for other in grids if other is not grid)]


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)


def _within(inner: Box, outer: Box) -> bool:
    x, y = inner.middle
    return outer.x0 <= x <= outer.x1 and outer.top <= y <= outer.bottom and _area(inner) < _area(outer)


def _island(grid: Grid, page: Page, words: Sequence[Word], number: int) -> list[Element]:
    """A table; or where the grid is a box around text, what is in it; nothing where it is only the edge of something."""
    if table := ruled(grid, (*words, *(word for word in page.words if word.turned)), page.number) if len(grid.places) > 1 else None:
        if table.width > 1 and table.height > 1 and not _holds_rows(table):
            return [table]
        return _ordered(pieces_of(words), [], page, shaded=[place.box for place in grid.places])
    if grid.width == 1 and words:
        return _ordered(pieces_of(words), [], page, number)
    return []


def _ordered(pieces: Sequence[Piece], islands: Sequence[list[Element]], page: Page, boxed: int = 0, shaded: Sequence[Box] = ()) -> list[Element]:
    found: list[Element] = []
    for strip in strips_of(pieces):
        lines = lines_of((piece for piece in strip.pieces if piece.words), page.number, strip.left, strip.right, boxed)
        elements: list[tuple[float, list[Element]]] = [(piece.top, islands[piece.island]) for piece in strip.pieces if not piece.words]
        elements += [(_top(element), [element]) for element in aligned_tables(lines, shaded)]
        found += [element for _, some in sorted(elements, key=lambda pair: pair[0]) for element in some]
    return found


def _holds_rows(table: Tabular) -> bool:
    """Whether a cell over the whole width holds rows of its own: the lines are a frame, not all of the table's ruling."""
    wide = [entry for entry in table.entries if entry.columns == table.width]
    return any(sum(len(pieces_of(line.words)) > 2 for line in entry.lines) > 3 for entry in wide)


def _top(element: Element) -> float:
    return element.top


def _turned_lines(page: Page) -> list[Line]:
    """Text that runs up or down a page beside the rest, in the margin or on a picture, each run as a line."""
    turned = [word for word in page.words if word.turned and not 0.08 * page.width > word.x0 and word.x1 < 0.92 * page.width]
    if not turned:
        return []
    return [Line(tuple(turned), page.number, 0, page.width)] if sum(len(word.text) for word in turned) > 3 else []
