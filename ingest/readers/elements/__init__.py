"""An HTML tree becomes blocks: headings, paragraphs, items, tables and notes, in reading order.

Web pages and Word files (which come here as HTML) share this walk. A call-out with its own heading is told at the end of the
section it stands in, for the notation has no way to end a heading's reach before the next heading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml.etree import _Element

from ingest.readers.blocks import Block, Heading, Item, Note, Paragraph, Table
from ingest.readers.elements.lists import definitions, items
from ingest.readers.elements.notes import marks_in, take_notes
from ingest.readers.elements.tables import tables
from ingest.readers.elements.typed import with_typed_items
from ingest.readers.elements.words import BLOCKS, FAUX, HEADINGS, LISTS, bare, child_said, paragraphs, said, spaced

CALLOUT = re.compile(r"(?:^|[\s_-])(?:call-?out|case-study|info-?box|inset|pull-?out|side-?bar|side-?note|admonition)(?:$|[\s_-])", re.IGNORECASE)
PANEL = re.compile(r"(?:^|[\s_-])(?:box|highlight|panel|alert|notice)(?:$|[\s_-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Box:
    """A call-out, whose heading does not reach beyond it. One known `by_name` alone may be a section like any other."""

    blocks: tuple[Block, ...]
    by_name: bool = False

    def is_section(self, level: int) -> bool:
        """Whether its heading stands as high as that of the section around it, on `level`."""
        first = self.blocks[0]
        return self.by_name and isinstance(first, Heading) and FAUX < first.level <= level


def blocks_of(root: _Element) -> list[Block]:
    """Everything that `root` says. The tree is changed on the way: notes are taken out of it."""
    notes = take_notes(root)
    _unnest(root)
    return _noted(with_typed_items(list(_levelled(_contained(root)))), notes)


def _unnest(root: _Element) -> None:
    """An inline element or a paragraph around blocks counts as a division."""
    for element in list(root.iter(*BLOCKS)):
        for above in element.iterancestors():
            if above.tag == "div":
                break
            if above.tag == "p" or above.tag not in BLOCKS:
                above.tag = "div"


def _contained(element: _Element) -> Iterator[Block | Box]:
    """The blocks in an element; its own words between them are paragraphs."""
    run = [spaced(element.text)]
    for child in element:
        if child.tag in BLOCKS:
            yield from paragraphs("".join(run))
            run = []
            yield from _block(child)
        else:
            run.append(child_said(child))
        run.append(spaced(child.tail))
    yield from paragraphs("".join(run))


def _block(element: _Element) -> Iterator[Block | Box]:
    tag = element.tag
    if tag in HEADINGS or element.get("role") == "heading":
        yield Heading(_level(element), bare(said(element)))
    elif element.get("data-item"):
        yield Item(bare(said(element)), int(element.get("data-item")), element.get("data-label") or "-")
    elif tag in LISTS:
        yield from items(element, _plainly)
    elif tag == "dl":
        yield from definitions(element, _plainly)
    elif tag == "table" and not _is_box(element):
        yield from tables(element, _plainly)
    elif tag == "pre":
        yield from _preformatted(element)
    elif tag == "summary":
        yield from (Heading(FAUX, bare(said(element))),) if bare(said(element)) else ()
    elif _is_box(element):
        yield from _boxed_up(_plainly(element), element.tag in ("div", "section") and not CALLOUT.search(element.get("class", "")))
    else:
        yield from _contained(element)


def _boxed_up(blocks: list[Block], by_name: bool) -> Iterator[Block | Box]:
    """A box where a lone heading stands at its head, else its blocks as they are."""
    headed = bool(blocks) and isinstance(blocks[0], Heading) and sum(isinstance(block, Heading) for block in blocks) == 1
    yield from (Box(tuple(blocks), by_name),) if headed else blocks


def _plainly(element: _Element) -> list[Block]:
    """The blocks in an element, boxes among them opened."""
    return [one for block in _contained(element) for one in (block.blocks if isinstance(block, Box) else (block,))]


def _level(element: _Element) -> int:
    level = element.get("aria-level", "") if element.get("role") == "heading" else ""
    return max(1, min(int(level), 6)) if level.isdecimal() else int(element.tag[1]) if element.tag in HEADINGS else 2


def _is_box(element: _Element) -> bool:
    """Whether an element may be a call-out: details, an aside, a division named so, a table of one cell."""
    if element.tag == "table":
        return len(list(element.iter("td", "th"))) == 1
    told = element.tag in ("details", "aside") or element.get("role") in ("note", "complementary")
    named = CALLOUT.search(element.get("class", "")) or PANEL.search(element.get("class", ""))
    return bool(told or named) and element.tag not in ("body", "main", "article") and element.find(".//article") is None


def _preformatted(element: _Element) -> Iterator[Block]:
    """Lines as typed; a blank line, a bullet or a number begins the next paragraph."""
    text = "".join(element.itertext())
    for part in re.split(r"\n\s*\n|\n(?=\s*(?:[•*–-]|\(?\w{1,3}[.)])\s)", text):
        if part.strip():
            yield from paragraphs(spaced(part).strip())


def _levelled(found: Iterator[Block | Box]) -> Iterator[Block]:
    """Headings that only look like one go a level below the last real one; boxes wait for the end of their section."""
    level, current, waiting = 0, 0, []
    for block in found:
        if isinstance(block, Box) and not block.is_section(level):
            waiting.append(block)
            continue
        first, *rest = block.blocks if isinstance(block, Box) else (block,)
        if isinstance(first, Heading):
            yield from _boxed(waiting, current)
            waiting = []
            level, current = first.level or level, first.level or min(level + 1, 6)
            first = replace(first, level=current)
        yield first
        yield from rest
    yield from _boxed(waiting, current)


def _boxed(boxes: list[Box], level: int) -> Iterator[Block]:
    for block in (block for box in boxes for block in box.blocks):
        yield replace(block, level=min(level + 1, 6)) if isinstance(block, Heading) else block


def _noted(found: Iterator[Block], notes: dict[str, str]) -> list[Block]:
    """Each note below the block that calls it; a list is not broken by the notes of its items."""
    told: list[Block] = []
    due: list[Note] = []
    for block in found:
        if not isinstance(block, Item):
            told += due
            due = []
        told.append(block)
        due += [Note(mark, notes.pop(mark)) for mark in marks_in(_words(block)) if mark in notes]
    return told + due + [Paragraph(text) for text in notes.values()]


def _words(block: Block) -> str:
    if isinstance(block, Table):
        return " ".join(" ".join((cell.text, *cell.items)) for row in block.rows for cell in row)
    return block.text
