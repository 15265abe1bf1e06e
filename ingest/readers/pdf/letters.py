"""The letters of a page, one by one with their boxes, and how right-to-left ones become words by where they stand.

PDFium gives right-to-left text in an order that mixes what is seen with what is read; the places are reliable.
"""

import ctypes
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from ingest.readers.pdf.glyphs import LATIN_RUN

SPACES = frozenset((0x20, 0x0D, 0x0A, 0x09, 0xA0, 0x3000, *range(0x2000, 0x200C)))
HYPHENS = (0x02, 0xFFFE)  # what PDFium gives for a hyphen at a line end
LIGATED = frozenset("ft")  # PDFium gives both letters of "ff" and "tt" drawn as one the same box
LAM, ALEFS = "ل", "اأإآٱ"
SUSPECT = 3  # letters at one place: so many, and a page may have text that is drawn twice


class Frame(NamedTuple):
    """How the file's coordinates become points from the top left as shown: x = left + a x + c y, y = top + b x + d y."""

    left: float
    top: float
    a: float
    b: float
    c: float
    d: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        return self.left + self.a * x + self.c * y, self.top + self.b * x + self.d * y


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


def letters_of(text: Any, frame: Frame) -> list[Letter]:
    """The letters of a raw text page in the order of the file, one drawn several times at one place given once."""
    letters = list(_drawn(text, frame))
    told = [(letter.text, int(letter.x0), int(letter.top)) for letter in letters if letter.text != " " and letter.text not in LIGATED]
    return list(_once(letters)) if len(told) - len(set(told)) >= SUSPECT else letters


def _drawn(text: Any, frame: Frame) -> Iterator[Letter]:
    import pypdfium2.raw as pdfium

    rect = pdfium.FS_RECTF()
    edge, unicode_at, box_at = ctypes.byref(rect), pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    (x, y, a, _, c, d), upright = frame, frame.b == frame.c == 0 and frame.a > 0 > frame.d
    for index in range(pdfium.FPDFText_CountChars(text)):
        code = unicode_at(text, index)
        if not box_at(text, index, edge):
            continue
        left, top, right, bottom = rect.left, rect.top, rect.right, rect.bottom
        if upright:
            box = x + a * left, y + d * top, x + a * right, y + d * bottom
        else:
            (xa, ya), (xb, yb) = frame.place(left, top), frame.place(right, bottom)
            box = min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)
        if code in SPACES:
            yield Letter(" ", index, *box, (0.0, 0.0), bool(pdfium.FPDFText_IsGenerated(text, index)))
        else:
            yield Letter("-" if code in HYPHENS else chr(code), index, *box, (top, bottom))


def _once(letters: Iterable[Letter]) -> Iterator[Letter]:
    """Letters without those drawn within a point of their own place before: bold is faked so, and shadows are."""
    seen: dict[tuple[str, int, int], Letter] = {}
    before: Letter | None = None
    for letter in letters:
        doubled = before and letter.text in LIGATED and before.text == letter.text and before[2:6] == letter[2:6]
        if letter.text == " " or doubled or not _seen(seen, letter):
            yield letter
        before = letter


def _seen(seen: dict[tuple[str, int, int], Letter], letter: Letter) -> bool:
    x, y, near = letter.x0, letter.top, min(1.0, 0.3 * (letter.x1 - letter.x0))
    if near < 0.3 or letter.bottom - y < 2:
        return False
    for column in {int((x - near) / 2), int((x + near) / 2)}:
        for row in {int((y - 1) / 2), int((y + 1) / 2)}:
            at = seen.get((letter.text, column, row))
            if at and abs(at.x0 - x) <= near and abs(at.top - y) <= 1:
                return True
    seen[letter.text, int(x / 2), int(y / 2)] = letter
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
