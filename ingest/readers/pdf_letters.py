"""The letters of a page, one by one with their boxes, and how right-to-left ones become words by where they stand.

PDFium gives right-to-left text in an order that mixes what is seen with what is read; the places are reliable.
"""

import ctypes
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from ingest.readers.pdf_glyphs import LATIN_RUN

SPACES = frozenset((0x20, 0x0D, 0x0A, 0x09, 0xA0, 0x3000, *range(0x2000, 0x200C)))
HYPHENS = (0x02, 0xFFFE)  # what PDFium gives for a hyphen at a line end
LIGATED = frozenset(map(ord, "ft"))  # PDFium gives both letters of "ff" and "tt" drawn as one the same box
LAM, ALEFS = "ل", "اأإآٱ"
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


def read_leftwards(letters: Sequence[Letter]) -> str:
    """The text of a word with right-to-left letters in it, from where they stand; Latin letters and numbers run the other way."""
    bases = [letter for letter in letters if not unicodedata.combining(letter.text)] or list(letters)
    units = [[letter] for letter in sorted(bases, key=_middle, reverse=True)]
    for mark in letters:
        if unicodedata.combining(mark.text) and mark not in bases:
            min(units, key=lambda unit: abs(_middle(unit[0]) - _middle(mark))).append(mark)
    for before, unit in pairwise(units):
        if before[0].text in ALEFS and unit[0].text == LAM and _drawn_as_one(unit[0], before[0]):
            before[:], unit[:] = unit[:], before[:]
    text = "".join(letter.text for unit in units for letter in unit)
    return LATIN_RUN.sub(lambda run: run[0][::-1], text)


def _middle(letter: Letter) -> float:
    return letter.x0 + letter.x1


def _drawn_as_one(left: Letter, right: Letter) -> bool:
    """Whether two letters share a ligature: PDFium gives them equal parts of its width, and not always in order."""
    return abs((left.x1 - left.x0) - (right.x1 - right.x0)) < 0.03 and abs(right.x0 - left.x1) < 0.03
