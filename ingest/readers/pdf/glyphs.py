"""The style of a letter in a PDF, and the letters themselves: symbol fonts, surrogates, ligatures."""

import ctypes
import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

BULLET = "•"
SYMBOL_FONTS = re.compile(r"wingdings|webdings|dingbats", re.IGNORECASE)
BOLD_FONTS = re.compile(r"bold|black|heavy|semibold|demi(?!ng)|[-,](?:bd|b)\b|medi(?:um)?\b|\d[-_]?b$", re.IGNORECASE)
LATEX_BOLD = re.compile(r"^(?:[A-Z]{6}\+)?(?:CMBX|CMSSBX|SFBX|SFSX|SFBI|LMRoman\d+-Bold|ECBX)", re.IGNORECASE)
MARKS = {0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0xE0: "→"}
RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
LATIN_RUN = re.compile(r"[0-9A-Za-z]+(?:[.,/:-][0-9A-Za-z]+)*")
LIGATURES = re.compile("[\ufb00-\ufb06\ufb1d-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]")
ACCENTS = {"´": "\u0301", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "¸": "\u0327", "ˇ": "\u030c", "˚": "\u030a", "˘": "\u0306"}
ACCENTED = re.compile(f"([{''.join(ACCENTS)}])([^\\W\\d_])")
FORCED_BOLD = 1 << 18
STROKED = 2  # fill and stroke: bold faked by an outline


class Style(NamedTuple):
    """`size` in points as shown; `turned` in degrees clockwise; `symbols` where the font holds pictures for letters."""

    size: float
    bold: bool
    tag: int
    turned: int
    symbols: bool


class Styles:
    """The styles on a text page, read once for each object that draws text."""

    def __init__(self, text: Any, rotation: int, place: Callable[[float, float], tuple[float, float]]) -> None:
        self.text, self.rotation, self.place = text, rotation, place
        self.known: dict[int | None, Style] = {}
        self.fonts: dict[int | None, tuple[bool, bool]] = {}
        self.x, self.y = ctypes.c_double(), ctypes.c_double()

    def at(self, index: int) -> tuple[Style, float]:
        """The style of a letter and the height of its baseline."""
        import pypdfium2.raw as pdfium

        pdfium.FPDFText_GetCharOrigin(self.text, index, ctypes.byref(self.x), ctypes.byref(self.y))
        base = self.place(self.x.value, self.y.value)[1]
        drawn = pdfium.FPDFText_GetTextObject(self.text, index)
        key = ctypes.cast(drawn, ctypes.c_void_p).value
        if key not in self.known:
            self.known[key] = self._style(index, drawn)
        return self.known[key], base

    def _style(self, index: int, drawn: Any) -> Style:
        import pypdfium2.raw as pdfium

        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self.text, index, ctypes.byref(matrix))
        size = pdfium.FPDFText_GetFontSize(self.text, index) * (math.hypot(matrix.c, matrix.d) or 1)
        turned = round(-math.degrees(math.atan2(matrix.b, matrix.a)) / 90) * 90 + self.rotation
        bold, symbols = self._font(pdfium.FPDFTextObj_GetFont(drawn)) if drawn else (False, False)
        stroked = bool(drawn) and pdfium.FPDFTextObj_GetTextRenderMode(drawn) == STROKED
        tag = pdfium.FPDFPageObj_GetMarkedContentID(drawn) if drawn else -1
        return Style(round(abs(size), 1), bold or stroked, tag, turned % 360, symbols)

    def _font(self, font: Any) -> tuple[bool, bool]:
        """Whether it is bold, and whether its letters are pictures."""
        import pypdfium2.raw as pdfium

        key = ctypes.cast(font, ctypes.c_void_p).value
        if key not in self.fonts:
            name = ctypes.create_string_buffer(256)
            pdfium.FPDFFont_GetBaseFontName(font, name, 256)
            called = name.value.decode("utf-8", "replace")
            flagged = pdfium.FPDFFont_GetFlags(font) > 0 and bool(pdfium.FPDFFont_GetFlags(font) & FORCED_BOLD)
            heavy = bool(BOLD_FONTS.search(called) or LATEX_BOLD.search(called)) or flagged or pdfium.FPDFFont_GetWeight(font) >= 600
            self.fonts[key] = heavy, bool(SYMBOL_FONTS.search(called))
        return self.fonts[key]


def written(letters: str, symbols: bool) -> str:
    """Letters as text: halves of a pair joined, ligatures spelled out, pictures of symbol fonts as bullets or ticks."""
    if letters.isascii() and not symbols:
        return letters
    if any("\ud800" <= letter <= "\udfff" for letter in letters):
        letters = letters.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    letters = "".join(map(_picture, letters)) if symbols or any("\ue000" <= letter <= "\uf8ff" for letter in letters) else letters
    if len(letters) == 1 and "\x80" <= letters <= "\x9f":
        return BULLET  # old TeX fonts have their bullet among the control characters
    letters = ACCENTED.sub(_accented, letters)
    spelled = LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), letters)
    return unicodedata.normalize("NFC", spelled)


def _accented(found: re.Match[str]) -> str:
    return found[2].replace("ı", "i").replace("ȷ", "j") + ACCENTS[found[1]]


def _picture(letter: str) -> str:
    """Symbol fonts stand at U+F020 to U+F0FF or at the letters' own places."""
    code = ord(letter) - 0xF000 if 0xF000 <= ord(letter) <= 0xF0FF else ord(letter)
    if 0xE000 <= code <= 0xF8FF or code < 0x20:
        return letter
    return MARKS.get(code, BULLET) if code < 0x100 and not letter.isspace() else letter
