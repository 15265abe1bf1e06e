"""What only the sight of several blocks tells: lists of definitions, and boxes that interrupt a section."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.readers.blocks import Block, Heading, Paragraph
from ingest.readers.pdf.blocks import ENDS, Group
from ingest.readers.pdf.faux import without_false_headings
from ingest.readers.pdf.lines import Line
from ingest.readers.pdf.marks import number_depth
from ingest.readers.pdf.notes import Found
from ingest.readers.pdf.tables import Tabular
from ingest.readers.pdf.words import Mark

MOST_TERM_WORDS = 8
MOST_MEANING_WORDS = 70
SEPARATORS = frozenset((":", "–", "—", "-"))
Element = Group | Tabular


def with_definitions(groups: Sequence[Element]) -> list[Element]:
    """Two or more terms, each with its meaning, as items with their meanings as items below them; false headings as text."""
    groups = without_false_headings(groups)
    found: list[Element] = []
    number = 0
    while number < len(groups):
        pairs, after = _pairs(groups, number)
        if len(pairs) < 2:
            found.append(groups[number])
            number += 1
            continue
        for term, meaning in pairs:
            found += [_item(term, 0), _item(meaning, 1)]
        number = after
    return found


def _item(lines: list[Line], depth: int) -> Group:
    return Group("item", lines, Mark("-", 0, True, lines[0].x0), depth)


def _pairs(groups: Sequence[Element], number: int) -> tuple[list[tuple[list[Line], list[Line]]], int]:
    """The pairs from a place on, and the place after them."""
    pairs: list[tuple[list[Line], list[Line]]] = []
    first = groups[number]
    while number < len(groups):
        group = groups[number]
        if not isinstance(group, Group) or not isinstance(first, Group) or not _may_open(group) or not _level_with(first, group):
            break
        if group.kind == "text" and (run_in := _run_in(group)):
            pairs.append(run_in)
            number += 1
        elif number + 1 < len(groups) and _hangs(group, groups[number + 1]):
            pairs.append((group.lines, groups[number + 1].lines))  # type: ignore[union-attr]
            number += 2
        else:
            break
    return pairs, number


def _may_open(group: Group) -> bool:
    """Whether a group may be a term: text, or bold words that were taken for a heading and bear no number."""
    return group.kind == "text" or group.kind == "heading" and not group.level and group.lines[0].bold and not number_depth(group.lines[0].text)


def _level_with(first: Group, group: Group) -> bool:
    a, b = first.lines[0], group.lines[0]
    return abs((a.x0 - a.left) - (b.x0 - b.left)) < 0.5 * a.size or abs(a.x0 - b.x0) < 0.5 * a.size


def _run_in(group: Group) -> tuple[list[Line], list[Line]] | None:
    """The term in bold at the beginning of a paragraph, and the rest, its meaning."""
    line = group.lines[0]
    bold = next((n for n, word in enumerate(line.words) if not word.bold), len(line.words))
    if not 0 < bold < len(line.words) or bold > MOST_TERM_WORDS or any(word.bold for word in line.words[bold:]):
        return None
    end = bold + (line.words[bold].text in SEPARATORS)
    if end >= len(line.words) or sum(len(one.words) for one in group.lines) > MOST_MEANING_WORDS:
        return None
    if line.words[bold - 1].text.endswith("."):
        return None
    return [_cut(line, 0, end)], [_cut(line, end, len(line.words)), *group.lines[1:]]


def _cut(line: Line, start: int, end: int) -> Line:
    return Line(line.words[start:end], line.page, line.left, line.right, line.boxed)


def _hangs(term: Group, meaning: Element) -> bool:
    """Whether a short line stands over an indented block, close above it."""
    if not isinstance(meaning, Group) or meaning.kind != "text" or len(term.lines) > 1:
        return False
    a, b = term.lines[0], meaning.lines[0]
    if a.size > 1.05 * b.size:
        return False
    close = a.page != b.page or a.left != b.left or b.base - a.base < 1.7 * b.size
    return close and b.x0 - a.x0 > 1.4 * a.size and len(a.words) <= MOST_TERM_WORDS and not ENDS.search(a.text)


def with_boxes_behind(found: Sequence[Found]) -> list[Found]:
    """A box with a heading behind the section that it interrupts, as its heading is for the box alone.

    Where the section runs on over the page, which a box cannot follow, the heading becomes a paragraph.
    """
    ordered: list[Found] = []
    waiting: list[Found] = []
    level = 0
    for run in _runs(found):
        block = run[0].block
        if run[0].boxed and isinstance(block, Heading):
            waiting += [replace(one, block=_below(one.block, level)) for one in run]
            continue
        if not run[0].boxed and isinstance(block, Heading):
            ordered += waiting
            waiting = []
            level = block.level
        elif waiting and max(one.last for one in run) > waiting[-1].last:
            ordered += [replace(one, block=Paragraph(one.block.text)) if isinstance(one.block, Heading) else one for one in waiting]
            waiting = []
        ordered += run
    return ordered + waiting


def _below(block: Block, level: int) -> Block:
    return replace(block, level=max(block.level if level == 0 else level + 1, 1)) if isinstance(block, Heading) else block


def _runs(found: Sequence[Found]) -> Iterator[list[Found]]:
    """Blocks of one box together, other blocks one by one."""
    run: list[Found] = []
    for one in found:
        if run and not (one.boxed and one.boxed == run[-1].boxed):
            yield run
            run = []
        run.append(one)
    if run:
        yield run
