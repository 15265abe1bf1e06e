"""Words of a page become pieces (words in a row without a wide gap) and lines (the pieces of one row of a column)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.readers.pdf.page import Word
from ingest.readers.pdf.rtl import is_rtl, reading_order

WIDE = 0.8  # of the type size: a gap that may part columns; justified spaces stay below it
TIGHT = 0.1  # of the type size: words nearer than this, with no space between them in the file, are one
RAISED = 0.12  # of the type size: how far a footnote's mark stands above the line
STEP = 12.0  # points: how finely rows are looked up by height
CUTS = ("-", "\u2010", "\u00ad")
CALL, CALLED = "\x01", "\x02"  # around a raised mark until it is known to call a note


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a page, in points."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, word: Word, slack: float = 1.0) -> bool:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        return self.x0 - slack <= x <= self.x1 + slack and self.top - slack <= y <= self.bottom + slack

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Line:
    """Words of one row from left to right; `left` and `right` bound the column it stands in."""

    words: tuple[Word, ...]
    page: int
    left: float = 0.0
    right: float = 0.0
    boxed: int = 0  # which box around text it stands in, 0 for none

    @cached_property
    def x0(self) -> float:
        return min(word.x0 for word in self.words)

    @cached_property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @cached_property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @cached_property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @cached_property
    def size(self) -> float:
        return _most((word.size, len(word.text)) for word in self.words)

    @cached_property
    def base(self) -> float:
        return _most((round(word.base, 1), len(word.text) * word.size) for word in self.words)

    @cached_property
    def bold(self) -> bool:
        lettered = [word for word in self.words if any(map(str.isalnum, word.text)) and not self.raised(word)]
        return bool(lettered) and all(word.bold for word in lettered)

    @cached_property
    def text(self) -> str:
        return self.text_from(0)

    def raised(self, word: Word) -> bool:
        return word.size < 0.87 * self.size and self.base - word.base > RAISED * self.size

    def text_from(self, start: int) -> str:
        """The words from a place on, spaced as they are set, a raised mark between `CALL` and `CALLED`."""
        parts: list[str] = []
        for before, word in zip((None, *self.words[start:]), self.words[start:], strict=False):
            if before and not _touching(before, word, self.raised(word)):
                parts.append(" ")
            parts.append(f"{CALL}{word.text}{CALLED}" if before and self.raised(word) else word.text)
        return "".join(parts).replace(CALLED + CALL, "")


def _touching(before: Word, word: Word, raised: bool) -> bool:
    gap = max(word.x0 - before.x1, before.x0 - word.x1)
    near = TIGHT * max(before.size, word.size)
    if is_rtl(word.text) and is_rtl(before.text):
        return gap < 0.5 * near
    if word.text in CUTS and not word.spaced:
        return gap < 4 * near  # a hyphen that a justified line ends with, set apart by its spacing
    return gap < near and (not word.spaced or gap < -near) or raised and gap < 2 * near and not word.spaced


def _most(weights: Iterable[tuple[float, float]]) -> float:
    total: dict[float, float] = defaultdict(float)
    for value, weight in weights:
        total[value] += weight
    return max(total, key=lambda value: total[value])


def same_row(a: Word, b: Word) -> bool:
    """Whether two words stand on one line: on about one baseline, or one of them a short raised or lowered mark."""
    shift = abs(a.base - b.base)
    small, large = (a, b) if a.size < b.size else (b, a)
    if small.size < 0.87 * large.size and len(small.text) < 5:
        return shift < 0.5 * large.size
    return shift < 0.35 * small.size


@dataclass(frozen=True, slots=True)
class Piece:
    """Words without a wide gap between them, or a whole table or box (`island`, its number) as one."""

    words: tuple[Word, ...]
    x0: float
    x1: float
    top: float
    bottom: float
    island: int = -1

    @property
    def size(self) -> float:
        return self.words[0].size if self.words else 10.0


def piece_of(words: Sequence[Word]) -> Piece:
    return Piece(
        tuple(words),
        min(word.x0 for word in words),
        max(word.x1 for word in words),
        min(word.base - 0.75 * word.size for word in words),
        max(word.base + 0.25 * word.size for word in words),
    )


def pieces_of(words: Iterable[Word]) -> list[Piece]:
    """Words of any order gathered into pieces, from top to bottom and left to right."""
    open_at: dict[int, list[list[Word]]] = defaultdict(list)
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.x0):
        at = round(word.base / 8)
        near = [row for key in (at - 1, at, at + 1) for row in open_at[key] if _follows(row[-1], word)]
        row = min(near, key=lambda row: (abs(row[-1].base - word.base), word.x0 - row[-1].x1), default=None)
        if row is None:
            row = []
            found.append(row)
            open_at[at].append(row)
        row.append(word)
    return sorted(map(piece_of, found), key=lambda piece: (piece.top, piece.x0))


def _follows(last: Word, word: Word) -> bool:
    size = min(last.size, word.size)
    return same_row(last, word) and -0.5 * size < word.x0 - last.x1 < WIDE * size


def lines_of(pieces: Iterable[Piece], page: int, left: float, right: float, boxed: int = 0) -> list[Line]:
    """The rows of a column, from top to bottom."""
    rows: list[list[Word]] = []
    near: dict[int, list[list[Word]]] = defaultdict(list)
    for piece in sorted(pieces, key=lambda piece: -max(word.size for word in piece.words)):
        lead = max(piece.words, key=lambda word: (word.size, len(word.text)))
        at, reach = int(lead.base / STEP), int(rows[0][0].size / STEP) + 1 if rows else 0
        row = next((row for key in range(at - reach, at + reach + 1) for row in near.get(key, ()) if same_row(row[0], lead)), None)
        if row is None:
            rows.append([lead, *(word for word in piece.words if word is not lead)])
            near[at].append(rows[-1])
        else:
            row.extend(piece.words)
    lines = (Line(reading_order(row), page, left, right, boxed) for row in rows)
    return sorted(lines, key=lambda line: line.base)
