"""An untagged PDF: the geometry of its pages becomes blocks."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

from ingest.readers.blocks import Block, Heading, Item, Paragraph
from ingest.readers.pdf.blocks import Group, Setting, groups_of, levels_fixed
from ingest.readers.pdf.faux import without_false_headings
from ingest.readers.pdf.flow import Element, bulleted, flow_of, frames, page_grids, table_boxes, upright
from ingest.readers.pdf.lines import Box, Line, lines_of, pieces_of
from ingest.readers.pdf.marks import heading_levels, number_depth
from ingest.readers.pdf.notes import Footnote, Found, split_endnotes, take_notes, with_notes
from ingest.readers.pdf.page import Page, Word
from ingest.readers.pdf.rtl import mirrored
from ingest.readers.pdf.running import without_running
from ingest.readers.pdf.shape import with_boxes_behind, with_definitions
from ingest.readers.pdf.tables import Tabular, table_of
from ingest.readers.pdf.tagged import Content, Telling, content_of, trusted
from ingest.readers.pdf.tags import Node
from ingest.readers.pdf.titles import without_title_block
from ingest.readers.pdf.words import Words, text_of

MOST_BOXES = 1000  # on a page: boxes are numbered by page and place

logger = logging.getLogger(__name__)


def blocks_of(pages: Sequence[Page], tree: Node | None, plain: Callable[[int], str]) -> list[Found]:
    """The blocks of a document; `plain` gives the text of a page whose layout cannot be understood."""
    turned = [mirrored(upright(page)) for page in pages]
    grids = [page_grids(page) for page in turned]
    tables = [table_boxes(page, found) for page, found in zip(turned, grids, strict=True)]
    cleaned = without_running(turned, tables)
    content = content_of(cleaned) if tree else {}
    if tree and trusted(tree, cleaned, content):
        with suppress(ArithmeticError, LookupError, RecursionError, TypeError, ValueError):  # a tree may be nonsense
            return _tagged(tree, cleaned, content, [frames(found, page) for page, found in zip(cleaned, grids, strict=True)])
    return _laid_out([_flow(page, found, plain) for page, found in zip(cleaned, grids, strict=True)])


def _laid_out(flows: Sequence[Sequence[Element]]) -> list[Found]:
    lines = list(_lines(flows))
    if not lines:
        return []
    setting, words = Setting.from_lines(lines), Words.from_lines(line.text for line in lines)
    elements: list[Element] = []
    notes: list[Footnote] = []
    for flow in flows:
        kept, noted = take_notes(flow, setting.body, words)
        elements += kept
        notes += noted
    return _complete(without_title_block(without_false_headings(list(groups_of(elements, setting)))), notes, words)


def _tagged(tree: Node, pages: Sequence[Page], content: Content, boxes: Sequence[Sequence[Box]]) -> list[Found]:
    lines = [line for page in pages for line in lines_of(pieces_of(page.words), page.number, 0, page.width)]
    words = Words.from_lines(line.text for line in lines)
    telling = Telling(content, words, Setting.from_lines(lines), boxes)
    return _complete(levels_fixed(list(telling.tell(tree))), telling.notes, words)


def _complete(groups: Sequence[Group | Tabular], notes: Sequence[Footnote], words: Words) -> list[Found]:
    found, endnotes = split_endnotes(with_boxes_behind(_found(with_definitions(groups), words)))
    return with_notes(found, [*notes, *endnotes])


def _flow(page: Page, grids: Sequence, plain: Callable[[int], str]) -> list[Element]:  # type: ignore[type-arg]
    try:
        return flow_of(bulleted(page), grids)
    except (ArithmeticError, LookupError, TypeError, ValueError) as exc:
        logger.warning("page %d is read as plain text: %s", page.number + 1, exc)
        return list(plain_lines(page, plain(page.number)))


def plain_lines(page: Page, text: str) -> Iterable[Line]:
    """Lines of plain text set one below the other over the whole width, so that they become paragraphs."""
    for number, line in enumerate(text.splitlines()):
        if line.strip():
            base = 12.0 * (number + 1)
            yield Line((Word(line.strip(), 0, page.width, base - 8, base + 2, base, 10, False, -1, True, 0),), page.number, 0, page.width)


def _lines(flows: Iterable[Sequence[Element]]) -> Iterable[Line]:
    for flow in flows:
        for element in flow:
            if isinstance(element, Line):
                yield element
            else:
                yield from (line for entry in element.entries for line in entry.lines)


def _found(groups: Sequence[Group | Tabular], words: Words) -> list[Found]:
    levels = iter(_levels([group for group in groups if isinstance(group, Group) and group.kind == "heading" and not group.level]))
    found: list[Found] = []
    number = 0
    while number < len(groups):
        group = groups[number]
        number += 1
        if isinstance(group, Group):
            line = group.lines[0]
            boxed = line.boxed and line.page * MOST_BOXES + line.boxed
            found.append(Found(_block(group, words, levels), line.page, max(line.page for line in group.lines), boxed))
            continue
        parts = [group]
        while number < len(groups) and isinstance(following := groups[number], Tabular) and _goes_over(parts[-1], following):
            parts.append(following)
            number += 1
        found.append(Found(table_of(parts, words), parts[0].page, max(part.last_page for part in parts)))
    return found


def _block(group: Group, words: Words, levels: Iterator[int]) -> Block:
    if group.kind == "heading":
        return Heading(group.level or next(levels), text_of(group.lines, words))
    if group.kind == "item" and group.mark:
        return Item(text_of(group.lines, words, group.mark.words), group.depth, group.mark.label)
    return Paragraph(text_of(group.lines, words))


def _levels(headings: Sequence[Group]) -> list[int]:
    keys = [(group.lines[0].size, group.lines[0].bold, number_depth(group.lines[0].text)) for group in headings]
    largest = max(keys, key=lambda key: key[0], default=None)
    title = next((n for n, group in enumerate(headings) if group.lines[0].page == 0 and largest and keys[n][0] == largest[0]), None)
    return heading_levels(keys, title)


def _goes_over(above: Tabular, below: Tabular) -> bool:
    """Whether a table at the head of a page has the columns of the one at the foot of the page before."""
    if above.whole or below.page != above.page + 1 or above.width != below.width:
        return False
    shift = below.edges[0] - above.edges[0]
    return all(abs(b - a - shift) < 8 for a, b in zip(above.edges, below.edges, strict=True))
