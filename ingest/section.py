"""A document becomes sections: a heading trail and the exact span of the text below it.

Markdown headings are taken as they stand. Text and PDF carry their structure in other ways: numbered headings, short
lines that no sentence mark ends, and run-in headings ("Voice and participation: Ensuring that …").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.furniture import page_furniture
from ingest.lists import LIST_MARK, NOTE_MARK
from ingest.read import Document
from ingest.readers.heading_words import can_head
from ingest.spans import Line, lines

ATX = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t#]*$")
NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,2})*[.)]?|[IVXL]{1,5}[.)]|[A-H][.)])[ \t]+(?=[^\W\d_])(.{2,100})$")
APPENDED = re.compile(r"(?:annex|appendix|schedule|references|bibliography|glossary|contact|anexo|annexe|bibliograf)", re.IGNORECASE)
UNDERLINE = re.compile(r"^(?:={3,}|-{3,})\s*$")
FENCE = re.compile(r"^\s*(?:```|~~~)")
RUN_IN = re.compile(r"^(?:\*\*)?([A-Z][\w’'/&-]*(?: [\w’'/&-]+){0,3}):(?:\*\*)? (?=\S.{60})")
TEASER = re.compile(r"(?:\.\.\.|…)?\s*(?:read more|continue reading|show more|weiterlesen|lire la suite|leer más)\s*[»›>.…]*\s*$", re.IGNORECASE)
FRAGMENT = re.compile(r"<[a-zA-Z/][^>]*>|\t")


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading.

    `trail` runs from the document's top heading to the section's own; `start` and `end` are offsets of the body.
    """

    document: Document
    trail: tuple[str, ...]
    start: int
    end: int

    @property
    def text(self) -> str:
        """The body, without its heading."""
        return self.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found: its level (1 is the top), its title, and where it and its section's body begin."""

    level: int
    title: str
    start: int
    body: int


def section(document: Document) -> tuple[Section, ...]:
    """The sections in reading order; those without a body and listings of other pages are left out."""
    headings = tuple(_headings(document))
    end = _end_of_article(document.text, headings)
    edges = [*(h.start for h in headings), len(document.text)]
    found = []
    if headings and document.text[: headings[0].start].strip() or not headings:
        found.append(Section(document, (), 0, min(edges[0], end)))
    trail: list[Heading] = []
    for heading, stop in zip(headings, edges[1:]):
        trail = [h for h in trail if h.level < heading.level] + [heading]
        found.append(Section(document, tuple(h.title for h in trail), heading.body, min(stop, end)))
    return tuple(s for s in found if s.start < s.end and s.text.strip())


def headings_of(document: Document) -> tuple[str, ...]:
    """The titles of all headings in reading order, those of empty sections too."""
    return tuple(heading.title for heading in _headings(document))


def _headings(document: Document) -> Iterator[Heading]:
    found = list(lines(document.text))
    marked = list(_marked_headings(found))
    yield from marked or _implied_headings(document.text, found)


def _marked_headings(found: list[Line]) -> Iterator[Heading]:
    """Markdown's headings: "#" before them or a rule of "=" or "-" below; none inside fenced code."""
    fenced = False
    for line, below in zip(found, [*found[1:], Line(0, "")]):
        if FENCE.match(line.text):
            fenced = not fenced
        elif fenced or not line.text.strip():
            continue
        elif atx := ATX.match(line.text):
            yield Heading(len(atx[1]), _plain(atx[2]), line.start, line.end)
        elif UNDERLINE.match(below.text) and _titlelike(line.text):
            yield Heading(1 if below.text[0] == "=" else 2, _plain(line.text), line.start, below.end)


def _implied_headings(text: str, found: list[Line]) -> Iterator[Heading]:
    """Headings that only their look gives away; one without a number stands below the numbered one before it."""
    furniture = page_furniture(text)
    filled = [line for line in found if line.text.strip() and line.text.strip() not in furniture]
    numbered_level = 1
    width = sorted(len(line.text) for line in filled)[len(filled) * 9 // 10] if filled else 0
    for i, line in enumerate(filled):
        before = filled[i - 1] if i else None
        after = filled[i + 1] if i + 1 < len(filled) else None
        text = line.text.strip()
        if NOTE_MARK.match(text):
            continue
        numbered = NUMBERED.match(text)
        run_in = RUN_IN.match(text)
        if run_in and not LIST_MARK.match(text) and not FRAGMENT.search(text):
            yield Heading(3, _plain(run_in[1]), line.start, line.start)
        elif numbered and _stands_apart(line, before, after, width) and _titlelike(numbered[2]):
            numbered_level = numbered[1].rstrip(".)").count(".") + 2
            yield Heading(numbered_level, _plain(text), line.start, line.end)
        elif not LIST_MARK.match(text) and _titlelike(text) and _stands_apart(line, before, after, width):
            yield Heading(_level(text, numbered_level) if i else 1, _plain(text), line.start, line.end)


def _level(title: str, numbered_level: int) -> int:
    return 2 if APPENDED.match(title) else numbered_level + 1


def _titlelike(text: str) -> bool:
    text = _plain(text)
    words = text.split()
    return (
        0 < len(words) <= 14
        and len(text) <= 100
        and (text[0].isupper() or not text[0].isascii())
        and text[-1] not in ".,;:"
        and not FRAGMENT.search(text)
        and can_head(text)
        and any(len(word) > 2 for word in words)
    )


def _stands_apart(line: Line, before: Line | None, after: Line | None, width: int) -> bool:
    """Whether the lines around it are no continuation of it, nor it of them.

    A wrapped paragraph has neither gap nor full stop before its next line, and its lines reach the text's `width`.
    """
    if after is None or re.match(r"\s*[a-z]", after.text) and not LIST_MARK.match(after.text):
        return False
    gap_before = before is None or line.start - before.end > 1 or before.text.rstrip().endswith((".", "?", "!", ":", ";"))
    short = len(line.text) < 0.7 * width
    gap_after = after.start - line.end > 1 or short and bool(re.match(r"\s*[A-Z•\-*\d“\"]", after.text))
    same_kind = before is not None and LIST_MARK.match(before.text) and LIST_MARK.match(line.text) and line.start - before.end <= 1
    return gap_before and gap_after and not same_kind


def _end_of_article(text: str, headings: tuple[Heading, ...]) -> int:
    """Where the document's own text ends: two or more teasers of other pages at the end are a site's listing."""
    teasers = [line for line in lines(text) if len(line.text) > 40 and TEASER.search(line.text)]
    if len(teasers) < 2:
        return len(text)
    first = teasers[0].start
    above = [h.start for h in headings if h.start < first]
    between = text[above[-1] : first] if above else ""
    start = above[-1] if above and len(between) < 400 else first
    rest = text[start:]
    share = sum(len(line.text) for line in teasers) / max(1, len(rest.strip()))
    return start if share > 0.4 else len(text)


def _plain(title: str) -> str:
    return re.sub(r"[*_`]{1,3}|¹|²|³|\\", "", title).strip()
