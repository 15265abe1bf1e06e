"""The reading order of a page: columns found by the white gutters between them, headings across the page between the columns."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.readers.pdf.lines import Piece, same_row

MIN_ROWS = 3  # lines on each side of a gutter
MIN_SHARE = 0.12  # of the region's width that each column takes
MIN_FILL = 0.62  # of a column's width that its lines fill, on the average: prose does, cells of a table do not
MIN_LETTERS = 12  # letters in a column's line, on the average
LOWEST = 15.0  # points of height of columns
NARROWEST = 6.0  # points of a gutter
SET_APART = 1.55  # of the type size: lines of one paragraph stand closer


@dataclass(frozen=True, slots=True)
class Strip:
    """A column's pieces, with its bounds."""

    pieces: tuple[Piece, ...]
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Gutter:
    """A white strip around `x` from `top` to `bottom`; `rows` counts the lines on its poorer side."""

    x: float
    top: float
    bottom: float
    rows: int


def strips_of(pieces: Sequence[Piece]) -> list[Strip]:
    """The columns of a region in reading order; a region without a gutter is one column."""
    if not pieces:
        return []
    gutter = _best_gutter(pieces)
    if gutter is None:
        return [Strip(tuple(pieces), min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces))]
    above = [piece for piece in pieces if _middle(piece) < gutter.top]
    below = [piece for piece in pieces if _middle(piece) > gutter.bottom]
    band = [piece for piece in pieces if gutter.top <= _middle(piece) <= gutter.bottom]
    left = [piece for piece in band if piece.x1 <= gutter.x]
    right = [piece for piece in band if piece.x1 > gutter.x]
    tail = _heading_below(left, right) if below else []
    left = [piece for piece in left if piece not in tail]
    return _joined([strips_of(part) for part in (above, left, right, tail + below)])


def _heading_below(left: list[Piece], right: list[Piece]) -> list[Piece]:
    """Short lines that stand below both columns and apart from the left one: the heading of what follows across the page."""
    tail = [piece for piece in left if piece.top > _bottom(right) - 2]
    rest = [piece for piece in left if piece not in tail]
    if not tail or not rest or len(_heights(tail)) > 2:
        return []
    larger = all(piece.words and (piece.words[0].bold or piece.size > 1.08 * rest[-1].size) for piece in tail)
    space = min(piece.top for piece in tail) - _bottom(rest)
    return tail if space > (0.5 if larger else 1.0) * tail[0].size else []


def _joined(parts: Iterable[list[Strip]]) -> list[Strip]:
    return [strip for part in parts for strip in part]


def _middle(piece: Piece) -> float:
    return (piece.top + piece.bottom) / 2


def _best_gutter(pieces: Sequence[Piece]) -> Gutter | None:
    found = [gutter for x in _candidates(pieces) for gutter in _gutters_at(x, pieces)]
    return max(found, key=lambda gutter: (gutter.rows, gutter.bottom - gutter.top), default=None)


def _candidates(pieces: Sequence[Piece]) -> list[float]:
    """Just left of each piece that has a neighbour to its left, to a whole point."""
    return sorted({float(int(other.x0 - NARROWEST / 2)) for _, other in _neighbours(pieces)})


def _neighbours(pieces: Sequence[Piece]) -> Iterable[tuple[Piece, Piece]]:
    """Pairs on about one height with a gap between them."""
    for number, piece in enumerate(pieces):
        for other in pieces[max(0, number - 8) : number + 9]:
            if other.x0 - piece.x1 >= NARROWEST and min(piece.bottom, other.bottom) - max(piece.top, other.top) > 2:
                yield piece, other


def _gutters_at(x: float, pieces: Sequence[Piece]) -> Iterable[Gutter]:
    """The stretches between what crosses this place that have two columns of text beside it."""
    crossing = sorted((piece for piece in pieces if piece.x0 < x < piece.x1), key=lambda piece: piece.top)
    edges = [-1e9, *(edge for piece in crossing for edge in (piece.top, piece.bottom)), 1e9]
    beside = [(_middle(piece), piece) for piece in pieces if not piece.x0 < x < piece.x1]
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        if bottom - top < LOWEST:
            continue
        band = [piece for middle, piece in beside if top <= middle <= bottom]
        left, right = [piece for piece in band if piece.x1 <= x], [piece for piece in band if piece.x0 >= x]
        if _two_columns(left, right):
            inner_top = min(piece.top for piece in band)
            inner_bottom = max(piece.bottom for piece in band)
            yield Gutter(x, inner_top - 0.1, inner_bottom + 0.1, min(len(left), len(right)))


def _two_columns(left: list[Piece], right: list[Piece]) -> bool:
    if min(len(left), len(right)) < MIN_ROWS:
        return False
    width = max(piece.x1 for piece in right) - min(piece.x0 for piece in left)
    gap = min(piece.x0 for piece in right) - max(piece.x1 for piece in left)
    if gap < max(NARROWEST, 0.7 * median(piece.size for piece in (*left, *right))):
        return False
    beside = min(_bottom(left), _bottom(right)) - max(_top(left), _top(right))
    if beside < 0.2 * min(_bottom(left) - _top(left), _bottom(right) - _top(right)):
        return False
    if _misaligned(left, right):
        return True
    return all(_prose(side, width) for side in (left, right)) and not _rows_agree(left, right)


def _misaligned(left: list[Piece], right: list[Piece]) -> bool:
    """Whether most lines of the poorer side stand on the height of none on the other: no table has such rows."""
    fewer, more = sorted((left, right), key=len)
    low, high = _top(more), _bottom(more)
    heights = sorted(map(_middle, more))
    beside = [(_middle(piece), 0.15 * piece.size) for piece in fewer if low < _middle(piece) < high]
    lone = sum(bisect_left(heights, at - near) == bisect_right(heights, at + near) for at, near in beside)
    return lone > 0.6 * len(beside)


def _top(pieces: list[Piece]) -> float:
    return min(piece.top for piece in pieces)


def _bottom(pieces: list[Piece]) -> float:
    return max(piece.bottom for piece in pieces)


def _prose(side: list[Piece], width: float) -> bool:
    """Whether a side is text that runs from edge to edge, and not labels, numbers or cells."""
    left, right = min(piece.x0 for piece in side), max(piece.x1 for piece in side)
    if right - left < MIN_SHARE * width:
        return False
    rows = [piece for piece in side if piece.island < 0]
    if not rows:
        return True
    letters = sum(len(word.text) for piece in rows for word in piece.words) / len(rows)
    filled = sum(piece.x1 - piece.x0 for piece in rows) / len(_heights(rows)) / (right - left)
    return letters >= MIN_LETTERS and filled >= MIN_FILL


def _heights(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces by row."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=_middle):
        if rows and same_row(rows[-1][0].words[0], piece.words[0]):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _rows_agree(left: list[Piece], right: list[Piece]) -> bool:
    """Whether blocks begin at the same heights on both sides: cells of a table, not columns of text."""
    if _evenly_apart(left, right):
        return True
    tops = [sorted(row[0].top for row in _heights([piece for piece in side if piece.words])) for side in (left, right)]
    pitches = sorted(b - a for side in tops for a, b in pairwise(side))
    usual = pitches[len(pitches) // 4] if pitches else 0.0
    starts = [[b for a, b in pairwise(side) if b - a > 1.2 * usual] for side in tops]
    fewer, more = sorted(starts, key=len)
    agreeing = sum(any(abs(a - b) < 2.5 for b in more) for a in fewer)
    return len(fewer) >= 2 and agreeing >= 0.75 * len(fewer) and agreeing >= 0.6 * len(more)


def _evenly_apart(left: list[Piece], right: list[Piece]) -> bool:
    """Whether all lines stand beside one another, far apart and ragged: rows of one-line cells."""
    low, high = max(_top(left), _top(right)) - 2.5, min(_bottom(left), _bottom(right)) + 2.5
    beside = [[piece for piece in side if piece.words and low < piece.top and piece.bottom < high] for side in (left, right)]
    tops = [[row[0].top for row in _heights(side)] for side in beside]
    if min(map(len, tops)) < MIN_ROWS or len(tops[0]) != len(tops[1]) or any(abs(a - b) > 2.5 for a, b in zip(*tops, strict=True)):
        return False
    size = median(piece.size for piece in (*left, *right))
    return all(b - a > SET_APART * size for a, b in pairwise(tops[0])) and any(map(_ragged, beside))


def _ragged(side: list[Piece]) -> bool:
    edge = max(piece.x1 for piece in side)
    return sum(edge - piece.x1 > 2 * piece.size for piece in side) > 0.3 * len(side)
