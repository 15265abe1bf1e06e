"""Notes of a tagged PDF that its tags call a list or paragraphs: small print, its numbers called by raised marks before it."""

from collections.abc import Iterator, Sequence

from ingest.readers.pdf.blocks import Group
from ingest.readers.pdf.lines import Line
from ingest.readers.pdf.notes import BACK, CALLS, MARKED, SMALLER, Footnote, marks_in
from ingest.readers.pdf.tables import Tabular
from ingest.readers.pdf.words import Words, text_of

Element = Group | Tabular


def without_notes(elements: Sequence[Element], body: float, words: Words) -> tuple[list[Element], list[Footnote]]:
    """A document's elements without the notes among them, and these; those of the list at its end belong to no page."""
    start = _listed_from(elements, body)
    notes = [Footnote(_label(group), BACK.sub("", text_of(group.lines, words, _skip(group))), -1) for group in _groups(elements[start:])]
    kept: list[Element] = []
    called: set[tuple[str, int]] = set()
    for element in elements[:start]:
        if isinstance(element, Group) and _at_foot(element, body, called):
            line = element.lines[0]
            notes.append(Footnote(_first(line), text_of(element.lines, words, 1), line.page))
        else:
            kept.append(element)
            called |= _called(element)
    return kept, notes


def _groups(elements: Sequence[Element]) -> list[Group]:
    return [element for element in elements if isinstance(element, Group)]


def _listed_from(elements: Sequence[Element], body: float) -> int:
    """Where a list of notes at the end begins: numbered from 1, small, each of its numbers called."""
    start = len(elements)
    while start and _may_be_note(elements[start - 1], body):
        start -= 1
    labels = [_label(group) for group in _groups(elements[start:])]
    marks = {mark for element in elements[:start] for mark, _ in _called(element)}
    counted = labels == [str(number) for number in range(1, len(labels) + 1)]
    return start if labels and counted and marks >= set(labels) else len(elements)


def _may_be_note(element: Element, body: float) -> bool:
    return isinstance(element, Group) and element.kind == "item" and element.lines[0].size <= SMALLER * body and _label(element).isdigit()


def _at_foot(group: Group, body: float, called: set[tuple[str, int]]) -> bool:
    """Whether a group is a paragraph in small print with a raised mark in front that its page calls."""
    line = group.lines[0]
    if group.kind == "heading" or len(line.words) < 2 or line.size > SMALLER * body:
        return False
    return line.raised(line.words[0]) and (_first(line), line.page) in called


def _first(line: Line) -> str:
    found = MARKED.fullmatch(line.words[0].text)
    return found[1] if found else ""


def _label(group: Group) -> str:
    return group.mark.label.strip("().[]") if group.mark else ""


def _skip(group: Group) -> int:
    return group.mark.words if group.mark else 0


def _called(element: Element) -> set[tuple[str, int]]:
    return {(mark, line.page) for line in _lines(element) for call in CALLS.findall(line.text) for mark in marks_in(call)}


def _lines(element: Element) -> Iterator[Line]:
    if isinstance(element, Group):
        yield from element.lines
    else:
        yield from (line for entry in element.entries for line in entry.all_lines)
