"""Footnotes of a PDF: found at the foot of a column, set behind the block that calls them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ingest.readers.blocks import Block, Item, Note, Paragraph, reworded
from ingest.readers.pdf.lines import CALL, CALLED, Line
from ingest.readers.pdf.tables import Tabular
from ingest.readers.pdf.words import Words, text_of

SMALLER = 0.94  # times the body's size, at most
FAR = 1.9  # times the type size: the white above notes that are set as large as the text
MARKED = re.compile(r"(\d{1,3}|[a-z]|[*†‡§¶#]{1,3})[.)]?")
CALLS = re.compile(f" ?{CALL}([^{CALLED}]*){CALLED}")
BACK = re.compile(r"\s*[↩↑⏎^]\ufe0e?$")


@dataclass(frozen=True, slots=True)
class Found:
    """A block with the pages, from 0, that it begins and ends on, and which box it stands in, 0 for none."""

    block: Block
    first: int
    last: int
    boxed: int = 0


@dataclass(frozen=True, slots=True)
class Footnote:
    mark: str
    text: str
    page: int


def take_notes(elements: Sequence[Line | Tabular], body: float, words: Words) -> tuple[list[Line | Tabular], list[Footnote]]:
    """A page's elements without its footnotes, and these."""
    called = set(_called(elements))
    kept: list[Line | Tabular] = []
    notes: list[Footnote] = []
    for _, strip in groupby(elements, key=lambda element: (element.left, element.right) if isinstance(element, Line) else element.page):
        part = list(strip)
        start = _notes_start(part, body, called)
        kept += part[:start]
        notes += _notes([element for element in part[start:] if isinstance(element, Line)], called, words)
    return kept, notes


def _called(elements: Iterable[Line | Tabular]) -> Iterator[str]:
    for element in elements:
        lines = [element] if isinstance(element, Line) else [line for entry in element.entries for line in entry.lines]
        for line in lines:
            for call in CALLS.findall(line.text):
                yield from marks_in(call)


def marks_in(call: str) -> list[str]:
    """The marks in one raised piece: "1,2" holds two."""
    return [mark for mark in re.split(r"[,;\s]+", call.strip("()[]")) if MARKED.fullmatch(mark)]


def _notes_start(lines: Sequence[Line | Tabular], body: float, called: set[str]) -> int:
    """Where the notes at the end of a column begin, in small print or else well apart; the number of lines where there are none."""
    start = len(lines)
    for number in range(len(lines) - 1, -1, -1):
        line, above = lines[number], lines[number - 1] if number else None
        if not isinstance(line, Line) or line.size > 1.02 * body:
            break
        far = not isinstance(above, Line) or line.base - above.base > FAR * line.size
        if _mark(line) in called and (line.size <= SMALLER * body or far and line.words[0].text.isdigit()):
            start = number
    return start


def _mark(line: Line) -> str | None:
    found = MARKED.fullmatch(line.words[0].text)
    if not found or len(line.words) < 2:
        return None
    raised = line.raised(line.words[0])
    return found[1] if raised or not found[1].isalpha() else None


def _notes(lines: Sequence[Line], called: set[str], words: Words) -> Iterator[Footnote]:
    starts = [number for number, line in enumerate(lines) if _mark(line) in called]
    for start, end in pairwise([*starts, len(lines)]):
        yield Footnote(_mark(lines[start]) or "", BACK.sub("", text_of(lines[start:end], words, 1)), lines[start].page)


def with_notes(found: Sequence[Found], notes: Sequence[Footnote]) -> list[Found]:
    """Each note behind the block that calls it, the raised marks made calls; marks that call nothing become plain text."""
    left = list(notes)
    names: dict[int, str] = {}
    placed: list[Found] = []
    for one in found:
        behind: list[Found] = []

        def call(text: re.Match[str], one: Found = one, behind: list[Found] = behind) -> str:
            matched = [note for mark in marks_in(text[1]) if (note := _note(mark, one, left))]
            if not matched:
                return text[0].replace(CALL, "").replace(CALLED, "")
            for note in matched:
                left.remove(note)
                names[id(note)] = _name(note, names)
                behind.append(Found(Note(names[id(note)], _plain(note.text)), note.page, note.page))
            return "".join(f"[^{names[id(note)]}]" for note in matched)

        placed += [replace(one, block=reworded(one.block, lambda of, call=call: CALLS.sub(call, of))), *behind]
    return placed + [Found(Paragraph(f"{note.mark} {_plain(note.text)}"), note.page, note.page) for note in left]


def _plain(text: str) -> str:
    return text.replace(CALL, "").replace(CALLED, "")


def _note(mark: str, one: Found, left: Sequence[Footnote]) -> Footnote | None:
    here = [note for note in left if note.mark == mark and one.first <= note.page <= one.last]
    return here[0] if here else next((note for note in left if note.mark == mark and note.page == -1), None)


def _name(note: Footnote, names: dict[int, str]) -> str:
    taken = set(names.values())
    if note.mark not in taken:
        return note.mark
    return next(name for number in range(2, 10_000) if (name := f"{note.mark}-{number}") not in taken)


def split_endnotes(found: Sequence[Found]) -> tuple[list[Found], list[Footnote]]:
    """Items that lead back to the text ("1. ... ↩") are notes of a page that prints them at its end."""
    kept, notes = [], []
    for one in found:
        if isinstance(one.block, Item) and BACK.search(one.block.text) and one.block.label != "-":
            notes.append(Footnote(one.block.label.strip("()."), BACK.sub("", one.block.text), -1))
        else:
            kept.append(one)
    return kept, notes
