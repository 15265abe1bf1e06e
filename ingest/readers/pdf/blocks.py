"""Lines in reading order become headings, paragraphs and list items, over columns and pages."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.readers.pdf.lines import Line
from ingest.readers.pdf.marks import Lists, most_common_size, opens
from ingest.readers.pdf.tables import Tabular
from ingest.readers.pdf.words import Mark, mark_of

LARGER = 1.08  # times the body's size: a heading
ENDS = re.compile(r"[.!?:;…؟。！？][\"'”’»)\]\x01\x02\d*†‡]*$")
MOST_WORDS = 28  # in a heading
MOST_BOLD_WORDS = 16


@dataclass(slots=True)
class Group:
    """Lines that form one block: "heading", "item" or "text"; `level` where a heading's is known, else 0."""

    kind: str
    lines: list[Line]
    mark: Mark | None = None
    depth: int = 0
    level: int = 0

    @property
    def last(self) -> Line:
        return self.lines[-1]


@dataclass(frozen=True, slots=True)
class Setting:
    """How a document is set: the size of its body, whether that is bold, and the usual distance of baselines for a size."""

    body: float
    bold: bool
    leading: dict[float, float]

    @classmethod
    def from_lines(cls, lines: Sequence[Line]) -> "Setting":
        body = most_common_size(lines)
        letters = Counter[bool]()
        steps: dict[float, Counter[float]] = {}
        for line in lines:
            letters[line.bold] += len(line.text) if line.size == body else 0
        for a, b in pairwise(lines):
            if a.page == b.page and a.size == b.size and a.left == b.left and 0.9 * a.size < b.base - a.base < 2.2 * a.size:
                steps.setdefault(a.size, Counter())[round(2 * (b.base - a.base)) / 2] += 1
        leading = {size: min(step for step, times in count.items() if times >= 0.2 * max(count.values())) for size, count in steps.items()}
        return cls(body, letters[True] > letters[False], leading)

    def gap(self, a: Line, b: Line) -> bool:
        """Whether more than the usual space parts two lines of a column."""
        usual = self.leading.get(b.size) or self.leading.get(self.body, 1.2 * self.body) * b.size / self.body
        return b.base - a.base > 1.17 * usual + 0.6

    def heading(self, line: Line) -> bool:
        """Whether a line is set as headings are."""
        mark = mark_of(line)
        if mark and mark.bullet or not re.search(r"\w", line.text):
            return False
        return line.size >= LARGER * self.body or line.bold and not self.bold and line.size > 0.93 * self.body


    def faux_heading(self, lines: Sequence[Line]) -> bool:
        """Whether a paragraph is set as a heading: short, in bold or larger throughout, and no sentence."""
        words = sum(len(line.words) for line in lines)
        return all(map(self.heading, lines)) and words <= MOST_BOLD_WORDS and not lines[-1].text.rstrip().endswith((".", ";", ",", ":"))


def groups_of(elements: Iterable[Line | Tabular], setting: Setting) -> Iterator[Group | Tabular]:
    """Blocks of lines in order; tables pass through."""
    group: Group | None = None
    lists = Lists()
    for element in elements:
        if isinstance(element, Tabular):
            if group:
                yield from _settled(group, setting)
            yield element
            group = None
            continue
        if group and _runs_on(group, element, setting, lists):
            group.lines.append(element)
            continue
        if group:
            yield from _settled(group, setting)
        group = _begun(element, group, setting, lists)
    if group:
        yield from _settled(group, setting)


def _begun(line: Line, before: Group | None, setting: Setting, lists: Lists) -> Group:
    if setting.heading(line):
        lists.open.clear()
        return Group("heading", [line])
    mark = mark_of(line)
    if mark and _is_item(mark, line, lists):
        return Group("item", [line], mark, lists.place(mark, line, line.left))
    if line.x0 - line.left < 0.5 * line.size:
        lists.open.clear()
    return Group("text", [line])


def _is_item(mark: Mark, line: Line, lists: Lists) -> bool:
    apart = mark.text_x - line.words[0].x1 > 0.45 * line.size
    indented = line.x0 - line.left > 0.5 * line.size
    return mark.bullet or apart or indented or opens(mark.label) or lists.continues(mark.label)


def _runs_on(group: Group, line: Line, setting: Setting, lists: Lists) -> bool:
    """Whether a line goes on with the block that is open."""
    last = group.last
    heading = setting.heading(line)
    if heading != (group.kind == "heading") and not (line.bold and line.size <= LARGER * setting.body and _same_flow(last, line)):
        return False
    if group.kind == "heading":
        return _same_heading(last, line)
    if abs(line.size - last.size) > 0.08 * last.size or line.boxed != last.boxed:
        return False
    mark = mark_of(line)
    if mark and (mark.bullet or lists.continues(mark.label) or _is_item(mark, line, lists) and _short(last, line)):
        return False
    if not _same_flow(last, line):
        return _runs_over(group, line)
    return _same_block(group, line, setting, heading)


def _same_flow(last: Line, line: Line) -> bool:
    return last.page == line.page and last.left == line.left and line.base > last.base


def _same_heading(last: Line, line: Line) -> bool:
    alike = last.size == line.size and last.bold == line.bold and last.boxed == line.boxed
    return alike and last.page == line.page and 0 < line.base - last.base < 1.45 * line.size and not _short(last, line)


def _runs_over(group: Group, line: Line) -> bool:
    """Whether the first line of a column or page goes on with a block at the end of the one before."""
    last = group.last
    return not ENDS.search(last.text) and (line.text[:1].islower() or not _ends_early(last) and not line.bold)


def _ends_early(line: Line) -> bool:
    return line.right - line.x1 > 0.25 * (line.right - line.left)


def _same_block(group: Group, line: Line, setting: Setting, heading: bool) -> bool:
    last = group.last
    if setting.gap(last, line) or heading and _short(last, line):
        return False
    lower = line.text[:1].islower() and not ENDS.search(last.text)
    if _short(last, line) and not lower:
        return False
    if group.kind == "item" and group.mark:
        return line.x0 > group.lines[0].x0 - 0.5 * line.size and (line.x0 > group.mark.text_x - 0.8 * line.size or lower or not _short(last, line))
    return _aligned(group, line) or lower


def _aligned(group: Group, line: Line) -> bool:
    """Whether a line begins where the lines before do; a first line may be indented."""
    first, step = group.lines[0].x0, 0.6 * line.size
    if len(group.lines) == 1:
        return line.x0 - first < step
    return abs(line.x0 - group.last.x0) < step


def _short(last: Line, line: Line) -> bool:
    """Whether the first word of a line would have fitted at the end of the one before: it was not broken for want of room."""
    first = line.words[0]
    return last.right - last.x1 > (first.x1 - first.x0) + 0.9 * line.size


def _settled(group: Group, setting: Setting) -> Iterator[Group]:
    """A group as it is; a heading that turns out to be a bold sentence becomes text."""
    words = sum(len(line.words) for line in group.lines)
    if group.kind == "heading":
        large = group.lines[0].size >= LARGER * setting.body
        text = group.last.text.rstrip()
        sentence = text.endswith((".", ";", ",", ":")) and not large
        if sentence or words > (MOST_WORDS if large else MOST_BOLD_WORDS):
            mark = mark_of(group.lines[0])
            group = Group("item", group.lines, mark) if mark else Group("text", group.lines)
    yield group


def levels_fixed(groups: Sequence[Group | Tabular]) -> list[Group | Tabular]:
    """Headings without a level of their own, set in bold only, made one level deeper than all that have one."""
    deepest = max((group.level for group in groups if isinstance(group, Group)), default=0)
    return [
        replace(group, level=min(deepest + 1, 6)) if isinstance(group, Group) and group.kind == "heading" and not group.level else group
        for group in groups
    ]
