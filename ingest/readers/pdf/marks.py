"""Depths of list items and levels of headings, from where they stand and how they are set."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.readers.pdf.lines import Line
from ingest.readers.pdf.words import Mark

NUMBERED = re.compile(r"(?:[A-Z]\.?)?(\d{1,2}(?:\.\d{1,2})*)\.?\s|[A-Z]((?:\.\d{1,2})+)\s")
ALIKE = 0.7  # of the type size: labels or texts that begin within this stand at one depth
ROMAN = re.compile(r"[ivxlc]+|[IVXLC]+")


def kind_of(mark: Mark, line: Line) -> str:
    """What labels of one list share: the glyph, or the way of counting with its brackets."""
    if mark.bullet:
        return line.words[0].text
    bare = mark.label.strip("().")
    shape = re.sub(r"[^().]+", "x", mark.label)
    counting = "1" if bare[0].isdigit() else "a" if bare.islower() else "A"
    return counting + shape


def follows(label: str, before: str) -> bool:
    """Whether one label counts on from another: 2. after 1., (d) after (c), iv after iii, 2.3 after 2.2."""
    return any(_value(label, roman) == _value(before, roman) + 1 > 0 for roman in (False, True))


def opens(label: str) -> bool:
    """Whether a list may begin with this label."""
    bare = label.strip("().")
    return bare in ("1", "a", "A", "i", "I") or "." in bare


def _value(label: str, roman: bool) -> int:
    bare = label.strip("().").rpartition(".")[2]
    if bare.isdigit():
        return int(bare)
    if roman and ROMAN.fullmatch(bare):
        digits = ["ivxlc".index(letter) for letter in bare.lower()]
        worth = [(1, 5, 10, 50, 100)[digit] for digit in digits]
        return sum(-value if value < max([*worth[n + 1 :], 0]) else value for n, value in enumerate(worth))
    return ord(bare.lower()) - 96 if len(bare) == 1 and not roman else -9


@dataclass(frozen=True, slots=True)
class Level:
    """An open list: how it is labelled, its last label, where its labels and its texts begin."""

    kind: str
    label: str
    x0: float
    text_x: float


@dataclass(slots=True)
class Lists:
    """The lists that are open, outermost first."""

    open: list[Level] = field(default_factory=list)

    def place(self, mark: Mark, line: Line, left: float) -> int:
        """Enter an item; its depth from 0."""
        near = ALIKE * line.size
        level = Level(kind_of(mark, line), mark.label, line.x0 - left, mark.text_x - left)
        for depth in range(len(self.open) - 1, -1, -1):
            other = self.open[depth]
            if other.kind == level.kind and min(abs(other.x0 - level.x0), abs(other.text_x - level.text_x)) < near:
                self.open[depth:] = [level]
                return depth
        while self.open and self.open[-1].x0 > level.x0 - 0.35 * line.size:
            self.open.pop()
        self.open.append(level)
        return len(self.open) - 1

    def continues(self, label: str) -> bool:
        return any(follows(label, level.label) for level in self.open)


def heading_levels(keys: Sequence[tuple[float, bool, int]], title: int | None) -> list[int]:
    """Levels from 1 for headings given as (size in points, bold, depth of number or 0); `title` is the place of the title's."""
    order = sorted({key for key in keys}, key=lambda key: (-key[0], not key[1], key[2]))
    rank = {key: number for number, key in enumerate(order)}
    shift = 1 if title is not None and rank.get(keys[title]) == 0 else 2
    return [min(rank[key] + shift, 6) for key in keys]


def number_depth(text: str) -> int:
    """How many parts the number in front of a heading has: 2 for "2.1 Scope", 0 for none."""
    found = NUMBERED.match(text + " ")
    if not found:
        return 0
    return found[1].count(".") + 1 if found[1] else found[2].count(".") + 1


def most_common_size(lines: Iterable[Line]) -> float:
    """The size in points that most letters have; 10 where there are none."""
    weights: dict[float, int] = {}
    for line in lines:
        weights[line.size] = weights.get(line.size, 0) + len(line.text)
    return max(weights, key=lambda size: weights[size], default=10.0)
