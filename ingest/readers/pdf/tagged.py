"""A tagged PDF: its structure tree says what is a heading, an item, a cell; PDFium's words fill it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.readers.pdf.adopt import adopted
from ingest.readers.pdf.blocks import Group, Setting, groups_of
from ingest.readers.heading_words import can_head
from ingest.readers.pdf.lines import Box, Line, same_row
from ingest.readers.pdf.marks import Lists
from ingest.readers.pdf.notes import Footnote
from ingest.readers.pdf.page import Page, Word
from ingest.readers.pdf.rtl import reading_order
from ingest.readers.pdf.tables import Entry, Tabular
from ingest.readers.pdf.tagged_cells import disorder, header_rows, placed, rows_of
from ingest.readers.pdf.tagged_notes import without_notes
from ingest.readers.pdf.tags import CONTENT, HEADING, NOTES, Node, headed, holds_blocks, is_inline, parts_of
from ingest.readers.pdf.words import Mark, Words, mark_of, text_of

COVERED = 0.9  # of the text, without running heads, that the tree has to hold
RICH = frozenset(("L", "Table", "H", "Title", *(f"H{level}" for level in range(1, 7))))
MOST_DISORDER = 0.1  # of a table's rows: more, and the tags are not to be trusted
Content = dict[tuple[int, int], list[Word]]


def content_of(pages: Sequence[Page]) -> Content:
    """The words of each piece of marked content, by page and id."""
    content: Content = defaultdict(list)
    for page in pages:
        for word in adopted(page.words):
            content[page.number, word.tag].append(word)
    return content


def trusted(tree: Node, pages: Sequence[Page], content: Content) -> bool:
    """Whether the tree holds nearly all of the text, and says more of it than that it is text."""
    nodes = list(tree.walk())
    if not any(node.kind in RICH for node in nodes):
        return False
    held = sum(_letters(content.get((node.page, node.content), ())) for node in nodes if node.kind == CONTENT)
    return held >= COVERED * sum(_letters(page.words) for page in pages)


def _letters(words: Iterable[Word]) -> int:
    return sum(len(word.text) for word in words)


@dataclass(slots=True)
class Telling:
    """Walks the tree and tells groups, tables and notes in its order."""

    content: Content
    words: Words
    setting: Setting
    boxes: Sequence[Sequence[Box]]  # drawn around text, by page
    notes: list[Footnote] = field(default_factory=list)
    lists: Lists = field(default_factory=Lists)
    section: int = 0
    list_x: list[float] = field(default_factory=list)  # where the items of the list before begin, by depth

    def tell(self, tree: Node) -> list[Group | Tabular]:
        """What the document holds; its notes are gathered apart."""
        kept, notes = without_notes(list(self._told(tree)), self.setting.body, self.words)
        self.notes += notes
        return kept

    def _told(self, node: Node) -> Iterator[Group | Tabular]:
        """What an element holds; inline content that stands loose between blocks is grouped by its geometry."""
        loose: list[Node] = []
        for kid in node.kids:
            if is_inline(kid):
                loose.append(kid)
                continue
            yield from self._loose(loose)
            loose = []
            yield from self._block(kid)
        yield from self._loose(loose)

    def _loose(self, nodes: Sequence[Node]) -> Iterator[Group | Tabular]:
        lines = self.lines(nodes)
        if lines:
            yield from groups_of(lines, self.setting)

    def _block(self, node: Node) -> Iterator[Group | Tabular]:
        heading = HEADING.match(node.kind)
        if node.kind != "L":
            self.list_x.clear()
        if node.kind in NOTES:
            self._note(node)
        elif heading and not holds_blocks(node, labelled=True):
            yield from self._heading(node, heading)
        elif node.kind == "L":
            yield from self._list(node, self._depth(node))
        elif node.kind == "Table":
            yield from self._table(node)
        elif node.kind in ("P", "Caption", "BlockQuote", "TOCI", "Lbl", "LBody") and not holds_blocks(node):
            yield from self._paragraph(node)
        else:
            self.section += node.kind == "Sect"
            yield from self._told(node)
            self.section -= node.kind == "Sect"

    def _heading(self, node: Node, kind: re.Match[str]) -> Iterator[Group]:
        lines = self.lines([node])
        self.lists.open.clear()
        if lines:
            level = int(kind[1]) if kind[1] else 1 if node.kind == "Title" else max(1, min(self.section, 6))
            yield Group("heading", lines, level=level)

    def _paragraph(self, node: Node) -> Iterator[Group]:
        lines = self.lines([node])
        if not lines:
            return
        mark = mark_of(lines[0])
        if mark and (mark.bullet or mark.text_x - lines[0].words[0].x1 > 0.45 * lines[0].size or self.lists.continues(mark.label)):
            yield Group("item", lines, mark, self.lists.place(mark, lines[0], 0))
        elif len(lines) < 3 and self._set_as_heading(lines):
            self.lists.open.clear()
            yield Group("heading", lines)
        else:
            self.lists.open.clear()
            yield Group("text", lines)

    def _set_as_heading(self, lines: Sequence[Line]) -> bool:
        text = text_of(lines, self.words)
        return self.setting.faux_heading(lines) and can_head(text)

    def _depth(self, node: Node) -> int:
        """The depth of a list that stands in no other; below an item of the list before, if it is set further in."""
        words = (word for part in node.walk() for word in self.content.get((part.page, part.content), ()))
        first = next(words, None) if self.list_x else None
        return sum(x < first.x0 - 0.6 * first.size for x in self.list_x) if first else 0

    def _list(self, node: Node, depth: int) -> Iterator[Group | Tabular]:
        for kid in node.kids:
            if kid.kind == "L":
                yield from self._list(kid, depth + 1)
            elif kid.kind == "LI":
                yield from self._item(kid, depth)
            else:
                yield from self._block(kid)

    def _item(self, node: Node, depth: int) -> Iterator[Group | Tabular]:
        """The item's own text, then the lists and tables in it; a heading, where its number makes it an item."""
        if heading := headed(node):
            yield from self._block(heading)
            return
        label = text_of(self.lines([kid for kid in node.kids if kid.kind == "Lbl"]), self.words).strip()
        parts = list(parts_of(node))
        own = [part for part in parts if part.kind not in ("L", "Table")]
        lines = self.lines(own)
        if lines:
            self.list_x[depth:] = [lines[0].x0]
            yield Group("item", lines, *_labelled(label, lines[0], depth))
        for part in parts:
            if part.kind == "L":
                yield from self._list(part, depth + 1)
            elif part.kind == "Table":
                yield from self._table(part)

    def _note(self, node: Node) -> None:
        lines = self.lines([node], within_notes=True)
        if lines:
            mark = lines[0].words[0].text.strip("().")
            self.notes.append(Footnote(mark, text_of(lines, self.words, 1), lines[0].page))

    def _table(self, node: Node) -> Iterator[Group | Tabular]:
        rows = rows_of(node)
        for part in node.kids:
            if part.kind == "Caption":
                yield from self._paragraph(part)
        if sum(len(row) for row in rows) == 1:
            yield from self._told(rows[0][0])
        elif rows:
            table = self._tabular(rows)
            if table:
                yield table

    def _tabular(self, rows: Sequence[Sequence[Node]]) -> Tabular | None:
        entries = [self._entry(cell, at, tall) for cell, at, tall in placed(rows)]
        filled = [line for entry in entries for line in entry.all_lines]
        if not filled:
            return None
        if disorder(entries) > MOST_DISORDER * len(rows):
            raise ValueError("the cells of a tagged table do not stand in the order of its rows")
        width = max(entry.column + entry.columns for entry in entries)
        edges = tuple(float(column) for column in range(width + 1))
        page = min(line.page for line in filled)
        return Tabular(tuple(entries), edges, page, 0, 0, len(rows), header_rows(rows), True)

    def _entry(self, cell: Node, at: tuple[int, int], tall: int) -> Entry:
        """A cell; of a header that is printed again on later pages, what the first of them shows."""
        items = [node for node in cell.walk() if node.kind == "LI"]
        own = [part for part in parts_of(cell, through=("L",)) if part.kind != "LI"]
        lines = self.lines(own)
        if cell.kind == "TH" and lines:
            lines = [line for line in lines if line.page == lines[0].page]
        listed = (self.lines([part for part in parts_of(item) if part.kind != "L"]) for item in items)
        return Entry(*at, tall, cell.columns, tuple(lines), tuple(tuple(one) for one in listed if one))

    def lines(self, nodes: Iterable[Node], within_notes: bool = False) -> list[Line]:
        """The words of elements as lines, in the order of the tree; notes inside are told and left out."""
        gathered: list[tuple[int, list[Word]]] = []
        for node in nodes:
            for part in _contents(node, within_notes, self):
                for word in self.content.get((part.page, part.content), ()):
                    if gathered and gathered[-1][0] == part.page and same_row(_lead(gathered[-1][1]), word):
                        gathered[-1][1].append(word)
                    else:
                        gathered.append((part.page, [word]))
        if not gathered:
            return []
        left, right = min(w.x0 for _, row in gathered for w in row), max(w.x1 for _, row in gathered for w in row)
        return [Line(reading_order(row), page, left, right, self._boxed(page, row[0])) for page, row in gathered]

    def _boxed(self, page: int, word: Word) -> int:
        return next((number for number, box in enumerate(self.boxes[page], 1) if box.holds(word)), 0)

    def note_inside(self, node: Node) -> None:
        self._note(node)


def _lead(row: Sequence[Word]) -> Word:
    return max(row, key=lambda word: (word.size, len(word.text)))


def _contents(node: Node, within_notes: bool, telling: Telling) -> Iterator[Node]:
    if node.kind == CONTENT:
        yield node
    if node.kind in NOTES and not within_notes:
        telling.note_inside(node)
        return
    for kid in node.kids:
        yield from _contents(kid, within_notes, telling)


def _labelled(label: str, line: Line, depth: int) -> tuple[Mark, int]:
    """The mark of an item, from its label element or else from the first word of its text."""
    if re.search(r"\w", label):
        return Mark(label, 0, False, line.x0), depth
    found = None if label else mark_of(line)
    return found or Mark("-", 0, True, line.x0), depth
