"""Ruling lines of a page become grids: which cells they enclose and how many columns and rows each covers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.readers.pdf.lines import Box
from ingest.readers.pdf.rules import Rule

NEAR = 3.5  # points within which lines count as one, or as touching: borders of neighbouring cells, miters
SHORTEST = 4.0  # points; shorter lines are ornaments and underlined letters


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell begins in its grid, how far it reaches, and its box on the page."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table, or with a single place a box around text; `filled` where only the edges of shading make it."""

    places: tuple[Place, ...]
    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    filled: bool

    @property
    def width(self) -> int:
        return len(self.xs) - 1

    @property
    def flat(self) -> bool:
        """Whether it is one row of several cells: the shaded header of a table that has no other lines."""
        return len(self.ys) == 2 and self.width > 1


@dataclass(frozen=True, slots=True)
class Span:
    """A line at `at` (x of an upright one, y of a level one) from `low` to `high`."""

    at: float
    low: float
    high: float
    fill: bool = False


def grids_of(rules: Iterable[Rule], page: Box) -> list[Grid]:
    """Every grid on a page, outermost first."""
    level, upright = _spans(rules, page)
    grids = []
    for levels, uprights in _clusters(level, upright):
        if grid := _grid(levels, uprights):
            grids.append(grid)
    return sorted(grids, key=lambda grid: (grid.box.top, grid.box.x0))


def _spans(rules: Iterable[Rule], page: Box) -> tuple[list[Span], list[Span]]:
    """Level and upright lines, those in one line joined; what frames the whole page is left out."""
    level, upright = [], []
    for rule in rules:
        if rule.level and rule.x1 - rule.x0 >= SHORTEST:
            level.append(Span((rule.top + rule.bottom) / 2, rule.x0, rule.x1, rule.fill))
        elif not rule.level and rule.bottom - rule.top >= SHORTEST:
            upright.append(Span((rule.x0 + rule.x1) / 2, rule.top, rule.bottom, rule.fill))
    inside_x = [span for span in upright if page.x0 + 2 < span.at < page.x1 - 2]
    inside_y = [span for span in level if page.top + 2 < span.at < page.bottom - 2]
    return _joined(inside_y), _joined(inside_x)


def level_spans(rules: Iterable[Rule], page: Box) -> list[Span]:
    """The level lines of a page from top to bottom, those in one line joined."""
    return _spans([rule for rule in rules if rule.level], page)[0]


def _joined(spans: list[Span]) -> list[Span]:
    """Pieces of one line made one."""
    joined: list[Span] = []
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda span: span.at):
        if rows and span.at - rows[-1][0].at <= NEAR:
            rows[-1].append(span)
        else:
            rows.append([span])
    for row in rows:
        at = sum(span.at for span in row) / len(row)
        fill = all(span.fill for span in row)
        run = sorted((span.low, span.high) for span in row)
        low, high = run[0]
        for next_low, next_high in run[1:]:
            if next_low <= high + NEAR:
                high = max(high, next_high)
            else:
                joined.append(Span(at, low, high, fill))
                low, high = next_low, next_high
        joined.append(Span(at, low, high, fill))
    return joined


def _clusters(level: Sequence[Span], upright: Sequence[Span]) -> list[tuple[list[Span], list[Span]]]:
    """Lines that touch one another, directly or over others."""
    group = list(range(len(level) + len(upright)))

    def head(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    for i, line in enumerate(level):
        for j, post in enumerate(upright):
            if post.low - NEAR <= line.at <= post.high + NEAR and line.low - NEAR <= post.at <= line.high + NEAR:
                group[head(i)] = head(len(level) + j)
    clusters: dict[int, tuple[list[Span], list[Span]]] = {}
    for i, line in enumerate(level):
        clusters.setdefault(head(i), ([], []))[0].append(line)
    for j, post in enumerate(upright):
        clusters.setdefault(head(len(level) + j), ([], []))[1].append(post)
    return [cluster for cluster in clusters.values() if len(cluster[0]) >= 2 and cluster[1]]


def _grid(levels: list[Span], uprights: list[Span]) -> Grid | None:
    """The cells between the lines of one cluster; sides left open are closed where the lines end."""
    low_x, high_x = min(span.low for span in levels), max(span.high for span in levels)
    low_y = min(min(span.low for span in uprights), min(span.at for span in levels))
    high_y = max(max(span.high for span in uprights), max(span.at for span in levels))
    xs = _distinct([low_x, high_x, *(span.at for span in uprights)])
    ys = _distinct([low_y, high_y, *(span.at for span in levels)])
    if len(xs) < 2 or len(ys) < 2 or high_x - low_x < 30 or high_y - low_y < 8:
        return None
    places = tuple(_places(xs, ys, levels, uprights))
    return Grid(places, Box(xs[0], ys[0], xs[-1], ys[-1]), tuple(xs), tuple(ys), all(span.fill for span in (*levels, *uprights)))


def _distinct(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > NEAR:
            found.append(value)
    return found


def _places(xs: list[float], ys: list[float], levels: list[Span], uprights: list[Span]) -> Iterable[Place]:
    """The cells: the smallest boxes of the grid, joined where no line parts them, each made a rectangle."""
    taken: set[tuple[int, int]] = set()
    for row, column in ((row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)):
        if (row, column) in taken:
            continue
        wide = 1
        while column + wide < len(xs) - 1 and (row, column + wide) not in taken and not _parted(uprights, xs[column + wide], ys[row], ys[row + 1]):
            wide += 1
        tall = 1
        while row + tall < len(ys) - 1 and _open_below(xs, ys, levels, uprights, (row + tall, column, wide), taken):
            tall += 1
        taken |= {(row + down, column + right) for down in range(tall) for right in range(wide)}
        yield Place(row, column, tall, wide, Box(xs[column], ys[row], xs[column + wide], ys[row + tall]))


def _open_below(
    xs: list[float], ys: list[float], levels: list[Span], uprights: list[Span], at: tuple[int, int, int], taken: set[tuple[int, int]]
) -> bool:
    """Whether the cell above goes on through this row: no line above any of its columns, and the same columns open."""
    row, column, wide = at
    columns = range(column, column + wide)
    if any((row, one) in taken or _parted(levels, ys[row], xs[one], xs[one + 1]) for one in columns):
        return False
    return not any(_parted(uprights, xs[one], ys[row], ys[row + 1]) for one in columns[1:])


def _parted(spans: Iterable[Span], at: float, low: float, high: float) -> bool:
    """Whether a line at this place covers over half of the way from low to high."""
    near = [span for span in spans if abs(span.at - at) <= NEAR and span.low < high and span.high > low]
    return sum(min(span.high, high) - max(span.low, low) for span in near) > 0.5 * (high - low)
