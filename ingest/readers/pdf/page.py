"""One page of a PDF as PDFium sees it: words with their boxes, ruling lines, and how much of it pictures cover.

Coordinates are points from the top left corner of the page as it is shown, whatever its rotation.
"""

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ingest.readers.pdf.glyphs import BULLET, RTL, Style, Styles, written
from ingest.readers.pdf.letters import Frame, Letter, letters_of, read_leftwards
from ingest.readers.pdf.rules import Drawing, Rule, drawing_on

SPACE = 0.17  # of the type size: a wider gap parts two words; fonts set spaces of 0.2 to 0.3 and kern by up to 0.1
FAINT_SPACE = 0.08  # enough where PDFium, which knows the font's own space, sees one too
FINE = 1000  # parts of a point to which PDFium is asked for places
NARROW, SQUEEZED_SPACE = 0.12, 0.6  # parts of a ligature whose width PDFium does not know, and the gap that it leaves then
RTL_SPACE = 0.24  # Arabic letters that do not join leave gaps of up to 0.2 inside words


class Word(NamedTuple):
    """Letters without a space in one style; `base` is the height of the baseline, `tag` the marked content id or -1.

    `spaced` tells whether the file has a space before it, `turned` its direction in degrees clockwise: 0, 90, 180, 270;
    `mirrored` whether left and right are exchanged, as on a page of right-to-left text.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    size: float
    bold: bool
    tag: int
    spaced: bool
    turned: int
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """`number` counts from 0; words stand in the order of the file; `drawing` is what is not text."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    drawing: Drawing

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.drawing.rules


def read_page(document: Any, number: int) -> Page:
    """The page with this number, counted from 0, of a pypdfium2 document."""
    page = document[number]
    text = page.get_textpage()
    try:
        frame, width, height = _framed(page)
        words = _page_words(text.raw, frame, page.get_rotation())
        return Page(number, width, height, words, drawing_on(page.raw, frame.place, width * height))
    finally:
        text.close()
        page.close()


def _page_words(text: Any, frame: Frame, rotation: int) -> tuple[Word, ...]:
    letters = letters_of(text, frame)
    styles = Styles(text, rotation, frame.place)
    if not any(RTL.match(letter.text) for letter in letters):
        return tuple(_words(letters, styles))
    others = [letter._replace(text="") if RTL.match(letter.text) else letter for letter in letters]
    return (*_words(others, styles), *_words(_by_place(letters, styles), styles))


def plain_text(document: Any, number: int) -> str:
    """PDFium's own text of a page, for where the layout defeats us."""
    page = document[number]
    text = page.get_textpage()
    try:
        return str(text.get_text_range())
    finally:
        text.close()
        page.close()


def _framed(page: Any) -> tuple[Frame, float, float]:
    """How the file's coordinates become points from the top left as shown; the shown width and height."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    right, down = ctypes.c_int(), ctypes.c_int()

    def shown(x: float, y: float) -> tuple[float, float]:
        size = round(width * FINE), round(height * FINE)
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, ctypes.byref(right), ctypes.byref(down))
        return right.value / FINE, down.value / FINE

    (x0, y0), (xa, ya), (xb, yb) = shown(0, 0), shown(1000, 0), shown(0, 1000)
    return Frame(x0, y0, (xa - x0) / 1000, (ya - y0) / 1000, (xb - x0) / 1000, (yb - y0) / 1000), width, height


@dataclass(slots=True)
class _Gathered:
    """A word that is being gathered from its letters."""

    letters: list[Letter]
    style: Style
    base: float
    spaced: bool

    def word(self) -> Word:
        style, letters = self.style, self.letters
        shown = "".join(letter.text for letter in letters)
        text = written(read_leftwards(letters) if RTL.search(shown) else shown, style.symbols)
        x0, x1 = min(letter.x0 for letter in letters), max(letter.x1 for letter in letters)
        top, bottom = min(letter.top for letter in letters), max(letter.bottom for letter in letters)
        return Word(text, x0, x1, top, bottom, self.base, style.size, style.bold, style.tag, self.spaced, style.turned)

    def gap(self, letter: Letter) -> float:
        """How far away a letter is along the line, in type sizes; negative where it overlaps."""
        last = self.letters[-1]
        if self.style.turned in (90, 270):
            return max(letter.top - last.bottom, last.top - letter.bottom) / (self.style.size or 1)
        return max(letter.x0 - last.x1, last.x0 - letter.x1) / (self.style.size or 1)


def _words(letters: Iterable[Letter], styles: Styles) -> Iterator[Word]:
    """The words in the order of the letters; an empty letter parts them without a space."""
    word: _Gathered | None = None
    spaced = faint = False
    for letter in letters:
        if letter.text == " ":
            spaced, faint = spaced or not letter.made, faint or letter.made
            continue
        if not letter.text:
            if word:
                yield word.word()
            word, spaced, faint = None, False, False
            continue
        room = _room(word, letter, faint)
        joined = word and not spaced and -1 < word.gap(letter) < room and word.letters[-1].text != BULLET
        known = word and joined and word.letters[-1].edges == letter.edges
        style, base = (word.style, word.base) if word and known else styles.at(letter.index)
        if word and joined and word.style == style and abs(word.base - base) < (0.25 if RTL.match(letter.text) else 0.1) * style.size:
            word.letters.append(letter)
        else:
            if word:
                yield word.word()
            word = _Gathered([letter], style, base, spaced)
        spaced = faint = False
    if word:
        yield word.word()


def _room(word: _Gathered | None, letter: Letter, faint: bool) -> float:
    """The widest gap, in type sizes, that is no space between words."""
    if not RTL.match(letter.text):
        return FAINT_SPACE if faint else SPACE
    squeezed = word is not None and 0 < word.letters[-1].x1 - word.letters[-1].x0 < NARROW * word.style.size
    return SQUEEZED_SPACE if squeezed else RTL_SPACE


def _by_place(letters: Iterable[Letter], styles: Styles) -> Iterator[Letter]:
    """The right-to-left letters of a page row by row from left to right, and the spaces where they stand."""
    rows: dict[int, list[Letter]] = {}
    for letter in letters:
        space = letter.text == " " and not letter.made and letter.x1 - letter.x0 > 0.5  # PDFium misplaces those without width
        if space or RTL.match(letter.text):
            base = round(styles.at(letter.index)[1])
            near = next((base + step for step in (0, -1, 1, -2, 2) if base + step in rows), base)
            rows.setdefault(near, []).append(letter)
    for row in rows.values():
        yield from sorted(row, key=lambda letter: letter.x0 + letter.x1)
        yield Letter(" ", -1, 0, 0, 0, 0, (0.0, 0.0))
