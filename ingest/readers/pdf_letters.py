"""The letters of a page, one by one with their boxes, and how right-to-left ones become words by where they stand.

PDFium gives right-to-left text in an order that mixes what is seen with what is read; the places are reliable.
"""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from ingest.readers.pdf_glyphs import LATIN_RUN, RTL

SPACES = frozenset((0x20, 0x0D, 0x0A, 0x09, 0xA0, 0x3000, *range(0x2000, 0x200C)))
HYPHENS = (0x02, 0xFFFE)  # what PDFium gives for a hyphen at a line end
LIGATED = frozenset(map(ord, "ft"))  # PDFium gives both letters of "ff" and "tt" drawn as one the same box
PART = 0.4  # of the type size: parts of a ligature, which PDFium makes equally wide, are no wider
Place = Callable[[float, float], tuple[float, float]]


class Letter(NamedTuple):
    """One letter and its box; a space has the text " ", and is `made` where PDFium put it in for a gap."""

    text: str
    index: int
    x0: float
    top: float
    x1: float
    bottom: float
    edges: tuple[float, float]
    made: bool = False


def letters_of(text: Any, place: Place) -> Iterator[Letter]:
    """The letters of a raw text page in the order of the file, one drawn several times at one place given once."""
    import pypdfium2.raw as pdfium

    rect = pdfium.FS_RECTF()
    edge, unicode_at, box_at = ctypes.byref(rect), pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    seen: dict[tuple[int, int, int], tuple[float, float]] = {}
    last: tuple[int, float, float] | None = None
    for index in range(pdfium.FPDFText_CountChars(text)):
        code = unicode_at(text, index)
        if not box_at(text, index, edge):
            continue
        (xa, ya), (xb, yb) = place(rect.left, rect.top), place(rect.right, rect.bottom)
        box = (min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))
        if code in SPACES:
            yield Letter(" ", index, *box, (0.0, 0.0), bool(pdfium.FPDFText_IsGenerated(text, index)))
            continue
        doubled = code in LIGATED and last == (code, box[0], box[1])
        if doubled or not _drawn_before(seen, code, box):
            last = (code, box[0], box[1])
            yield Letter("-" if code in HYPHENS else chr(code), index, *box, (rect.top, rect.bottom))


def _drawn_before(seen: dict[tuple[int, int, int], tuple[float, float]], code: int, box: tuple[float, float, float, float]) -> bool:
    """Whether this letter was drawn within a point of the place: bold is faked so, and shadows are."""
    x, y, near = box[0], box[1], min(1.0, 0.3 * (box[2] - box[0]))
    if near < 0.3 or box[3] - box[1] < 2:
        return False
    for column in (int((x - near) / 2), int((x + near) / 2)):
        for row in (int((y - 1) / 2), int((y + 1) / 2)):
            if (at := seen.get((code, column, row))) and abs(at[0] - x) <= near and abs(at[1] - y) <= 1:
                return True
    seen[code, int(x / 2), int(y / 2)] = x, y
    return False


def read_leftwards(letters: Sequence[Letter], size: float) -> str:
    """The text of a word with right-to-left letters in it, from where they stand; Latin letters and numbers run the other way."""
    row = sorted(letters, key=lambda letter: letter.x0)
    units = [row[0].text]
    for before, letter in pairwise(row):
        if _parts_of_one(before, letter, size):
            units[-1] += letter.text
        else:
            units.append(letter.text)
    return LATIN_RUN.sub(lambda run: run[0][::-1], "".join(reversed(units)))


def _parts_of_one(a: Letter, b: Letter, size: float) -> bool:
    """Whether two letters are drawn as one: PDFium shares the width out between them, from left to right as they are read."""
    wide, other = a.x1 - a.x0, b.x1 - b.x0
    rtl = RTL.match(a.text) and RTL.match(b.text)
    return bool(rtl) and abs(wide - other) < 0.03 and abs(b.x0 - a.x1) < 0.03 and 0 < wide < PART * size
