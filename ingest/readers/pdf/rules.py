"""What is drawn on a page of a PDF beside its text: ruling lines, the edges of boxes, and pictures."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

THIN = 3.0  # points: a filled box no thicker than this is a line
MOST_SHAPES = 6000  # a map may hold hundreds of thousands; no table needs more
DOT = (1.2, 7.5)  # points across
MOST_DOTS = 400
DEEPEST = 4  # forms inside forms
Place = Callable[[float, float], tuple[float, float]]
Points = list[tuple[float, float]]


class Rule(NamedTuple):
    """A straight line along the page's edges, x0 <= x1 and top <= bottom; `fill` where it is the edge of a filled box."""

    x0: float
    top: float
    x1: float
    bottom: float
    fill: bool

    @property
    def level(self) -> bool:
        return self.x1 - self.x0 >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Drawing:
    """`pictures` is the share of the page that pictures cover, from 0; `objects` counts what is drawn, `texts` the text objects.

    `dots` are small round or square shapes by their boxes (x0, top, x1, bottom): bullets, where a printer draws them.
    """

    rules: tuple[Rule, ...]
    dots: tuple[tuple[float, float, float, float], ...]
    pictures: float
    objects: int
    texts: int


def drawing_on(page: Any, place: Place, area: float) -> Drawing:
    """The drawing of a raw PDFium page whose area is given in square points."""
    rules: list[Rule] = []
    dots: list[tuple[float, float, float, float]] = []
    covered, objects, texts = 0.0, 0, 0
    for kind, points, filled in _shapes(page, place):
        objects += 1
        texts += kind == "text"
        if kind == "picture":
            (xa, ya), (xb, yb) = points
            covered += abs(xb - xa) * abs(yb - ya)
        elif kind == "dot":
            (xa, ya), (xb, yb) = points
            dots.append((min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)))
        elif kind == "path" and len(rules) < MOST_SHAPES * 4:
            rules += _rules(points, filled)
    return Drawing(tuple(rules), tuple(dots[:MOST_DOTS]), covered / (area or 1), objects, texts)


def _shapes(page: Any, place: Place) -> Iterator[tuple[str, Points, bool]]:
    """Kind ("path", "picture", "text"), points as shown, whether filled: of the page's objects and those of its forms."""
    import pypdfium2.raw as pdfium

    left = MOST_SHAPES
    waiting: list[tuple[Any, Any, Place, int]] = [
        (pdfium.FPDFPage_GetObject(page, index), index, place, 0) for index in range(min(pdfium.FPDFPage_CountObjects(page), MOST_SHAPES))
    ]
    waiting.reverse()
    while waiting and left:
        shape, _, where, depth = waiting.pop()
        left -= 1
        kind = pdfium.FPDFPageObj_GetType(shape)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            inner = _within(shape, where)
            count = min(pdfium.FPDFFormObj_CountObjects(shape), left)
            waiting += [(pdfium.FPDFFormObj_GetObject(shape, index), index, inner, depth + 1) for index in reversed(range(count))]
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            bounds = _bounds(shape, where)
            yield ("dot", bounds, True) if _is_dot(bounds) else ("path", *_path(shape, where))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            yield "picture", _bounds(shape, where), True
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield "text", [], True


def _is_dot(bounds: Points) -> bool:
    wide, tall = (abs(a - b) for a, b in zip(*bounds, strict=True))
    return DOT[0] < wide < DOT[1] and DOT[0] < tall < DOT[1] and abs(wide - tall) < 0.3 * max(wide, tall)


def _within(form: Any, place: Place) -> Place:
    """Where the coordinates inside a form stand on the page."""
    import pypdfium2.raw as pdfium

    m = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(form, ctypes.byref(m))
    a, b, c, d, e, f = m.a, m.b, m.c, m.d, m.e, m.f
    return lambda x, y: place(a * x + c * y + e, b * x + d * y + f)


def _bounds(shape: Any, place: Place) -> Points:
    import pypdfium2.raw as pdfium

    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(shape, *map(ctypes.byref, sides))
    left, bottom, right, top = (side.value for side in sides)
    return [place(left, bottom), place(right, top)]


def _path(shape: Any, place: Place) -> tuple[Points, bool]:
    """The corners of a path as pairs of ends of straight lines, and whether it is filled; nothing for what cannot be seen."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(shape, ctypes.byref(fill), ctypes.byref(stroke))
    if not (fill.value or stroke.value) or fill.value and not stroke.value and _white(shape):
        return [], False
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(shape, ctypes.byref(matrix))
    inner = _within(shape, place)
    return _sides(shape, inner), not stroke.value


def _white(shape: Any) -> bool:
    import pypdfium2.raw as pdfium

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFPageObj_GetFillColor(shape, *(ctypes.byref(part) for part in (red, green, blue, alpha)))
    return min(red.value, green.value, blue.value) > 250 or alpha.value < 8


def _sides(shape: Any, place: Place) -> Points:
    """The two ends of each straight side, one pair after the other."""
    import pypdfium2.raw as pdfium

    ends: Points = []
    x, y = ctypes.c_float(), ctypes.c_float()
    at: tuple[float, float] | None = None
    start: tuple[float, float] | None = None
    for index in range(min(pdfium.FPDFPath_CountSegments(shape), 400)):
        segment = pdfium.FPDFPath_GetPathSegment(shape, index)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        here = place(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = here
        elif kind == pdfium.FPDF_SEGMENT_LINETO and at:
            ends += [at, here]
        if pdfium.FPDFPathSegment_GetClose(segment) and start and kind != pdfium.FPDF_SEGMENT_MOVETO:
            ends += [here, start]
        at = here
    return ends


def _rules(ends: Points, filled: bool) -> Iterator[Rule]:
    """Level and upright lines; a thin filled box is one line, a thick one its four edges."""
    xs, ys = [x for x, _ in ends], [y for _, y in ends]
    if not ends:
        return
    if filled and len(ends) <= 10 and min(max(xs) - min(xs), max(ys) - min(ys)) <= THIN:
        yield Rule(min(xs), min(ys), max(xs), max(ys), False)
        return
    for (xa, ya), (xb, yb) in zip(ends[::2], ends[1::2], strict=True):
        if min(abs(xa - xb), abs(ya - yb)) <= 0.5 < max(abs(xa - xb), abs(ya - yb)):
            yield Rule(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb), filled)
