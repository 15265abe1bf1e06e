"""The numbers and bullets that Word sets itself: which a paragraph has, and how they are printed ("1.1", "(a)", "iv.").

mammoth says only that a list is ordered, so a clause cited by its number could not be found by it. Here the definitions in
`numbering.xml` are followed and counted as Word counts (ECMA-376 part 1, 17.9).
"""

import re
from dataclasses import dataclass, field

from lxml.etree import _Element

from ingest.readers.docx.styles import W, Styles, is_on, style_of, value, whole
from ingest.readers.elements.lists import printed

FORMATS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
DEEPEST = 8
STEP = 360  # twentieths of a point: what a level is indented by where its definition does not say


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph's place in a list: which list, its level from 0, its indentation, and its label as printed ("-" for a bullet)."""

    abstract: str
    level: int
    indent: int
    label: str


@dataclass(slots=True)
class Numbering:
    """The lists of a file and how far each has been counted."""

    styles: Styles
    abstracts: dict[str, _Element] = field(default_factory=dict)
    numbers: dict[str, _Element] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def from_part(cls, part: _Element | None, styles: Styles) -> "Numbering":
        """Read `numbering.xml`; without it nothing is numbered."""
        if part is None:
            return cls(styles)
        abstracts = {one.get(W + "abstractNumId", ""): one for one in part.iterchildren(W + "abstractNum")}
        return cls(styles, abstracts, {one.get(W + "numId", ""): one for one in part.iterchildren(W + "num")})

    def take(self, paragraph: _Element) -> Numbered | None:
        """The next number of the list that a paragraph belongs to; to be called once for each, in order."""
        number, level = self._place(paragraph)
        key = self._abstract(number)
        definition = self._level(number, level)
        if not key or definition is None:
            return None
        self._count(number, key, level)
        label = self._label(number, key, level)
        return Numbered(key, level, self._indent(paragraph, definition, level), label) if label else None

    def _place(self, paragraph: _Element) -> tuple[str, int]:
        """The list and the level that a paragraph names, or its style for it."""
        own, style = paragraph.find(f"{W}pPr/{W}numPr"), style_of(paragraph) or self.styles.default
        given = own if own is not None and own.find(W + "numId") is not None else self.styles.found(style, f"{W}pPr/{W}numPr")
        if given is None:
            return "", 0
        number, level = value(given.find(W + "numId")), own.find(W + "ilvl") if own is not None else given.find(W + "ilvl")
        named = self._level_of_style(number, style) if own is None else None
        return number, max(0, min(whole(level, 0) if named is None else named, DEEPEST))

    def _level_of_style(self, number: str, style: str) -> int | None:
        """The level that a list ties to a paragraph style."""
        names = {one.get(W + "styleId", "") for one in self.styles.chain(style)}
        abstract = self.abstracts.get(self._abstract(number))
        tied = [] if abstract is None else [one for one in abstract.iterchildren(W + "lvl") if value(one.find(W + "pStyle")) in names]
        exact = [one for one in tied if value(one.find(W + "pStyle")) == style] or tied
        return int(exact[0].get(W + "ilvl", "0")) if exact else None

    def _abstract(self, number: str) -> str:
        """The id of the definition behind a list, through the style that may stand between."""
        for _ in range(3):
            found = self.numbers.get(number)
            key = value(found.find(W + "abstractNumId")) if found is not None else ""
            link = value(self.abstracts[key].find(W + "numStyleLink")) if key in self.abstracts else ""
            if not link:
                return key if key in self.abstracts else ""
            number = value(self.styles.found(link, f"{W}pPr/{W}numPr/{W}numId"))
        return ""

    def _level(self, number: str, level: int) -> _Element | None:
        override = self._override(number, level)
        own = override.find(W + "lvl") if override is not None else None
        if own is not None:
            return own
        abstract = self.abstracts.get(self._abstract(number))
        return None if abstract is None else next((one for one in abstract.iterchildren(W + "lvl") if one.get(W + "ilvl") == str(level)), None)

    def _override(self, number: str, level: int) -> _Element | None:
        found = self.numbers.get(number)
        return None if found is None else next((one for one in found.iterchildren(W + "lvlOverride") if one.get(W + "ilvl") == str(level)), None)

    def _count(self, number: str, key: str, level: int) -> None:
        """Count one up; deeper levels begin again, and levels passed over count as begun."""
        counts = self.counts.setdefault(key, {})
        override = self._override(number, level)
        restart = override.find(W + "startOverride") if override is not None else None
        if restart is not None and (number, level) not in self.begun:
            counts[level] = whole(restart, 1)
        else:
            counts[level] = counts[level] + 1 if level in counts else self._start(number, level)
        self.begun.add((number, level))
        for above in range(level):
            counts.setdefault(above, self._start(number, above))
        for below in [one for one in counts if one > level and self._restarts(number, one, level)]:
            del counts[below]

    def _start(self, number: str, level: int) -> int:
        definition = self._level(number, level)
        return 1 if definition is None else whole(definition.find(W + "start"), 1)

    def _restarts(self, number: str, below: int, level: int) -> bool:
        """Whether a number at `level` makes the level `below` begin again."""
        definition = self._level(number, below)
        after = definition.find(W + "lvlRestart") if definition is not None else None
        return after is None or (whole(after, 0) > 0 and level < whole(after, 0))

    def _label(self, number: str, key: str, level: int) -> str:
        definition = self._level(number, level)
        if definition is None:
            return ""
        text, kind = value(definition.find(W + "lvlText")), value(definition.find(W + "numFmt"))
        if kind == "bullet":
            return "-"
        legal = is_on(definition.find(W + "isLgl"))
        return re.sub(r"%(\d)", lambda part: self._printed(number, key, int(part[1]) - 1, legal), text).strip()

    def _printed(self, number: str, key: str, level: int, legal: bool) -> str:
        definition = self._level(number, level)
        kind = value(definition.find(W + "numFmt")) if definition is not None else ""
        count = self.counts[key].get(level, 1)
        if kind == "none":
            return ""
        if kind == "decimalZero" and not legal:
            return f"{count:02}"
        if kind in ("lowerLetter", "upperLetter") and not legal and count > 26:  # Word goes on with aa, bb, cc
            return printed((count - 1) % 26 + 1, FORMATS[kind]) * ((count - 1) // 26 + 1)
        return str(count) if legal else printed(count, FORMATS.get(kind, "1"))

    def _indent(self, paragraph: _Element, definition: _Element, level: int) -> int:
        own, tied = indent_in(paragraph), indent_in(definition)
        styled = style_indent(paragraph, self.styles)
        return next((one for one in (own, tied, styled) if one is not None), (level + 1) * STEP)


def indent_in(element: _Element) -> int | None:
    """How far a paragraph, a style or a level is set in, in twentieths of a point; None where it does not say."""
    found = element.find(f"{W}pPr/{W}ind")
    text = "" if found is None else found.get(W + "left", found.get(W + "start", ""))
    return int(text) if text.removeprefix("-").isdecimal() else None


def style_indent(paragraph: _Element, styles: Styles) -> int | None:
    """What a paragraph's style sets it in by."""
    return next((one for style in styles.chain(style_of(paragraph) or styles.default) if (one := indent_in(style)) is not None), None)
