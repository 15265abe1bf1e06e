"""The truth of a document: its units with their headings and lead-ins, its notes, what must not be stored."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evals.structure.model import (
    Block,
    Box,
    Cell,
    Columns,
    Definitions,
    Document,
    Heading,
    Item,
    Listing,
    Para,
    Table,
    occupants,
    plain,
    sentences,
    spans,
)

SENTENCE_WORDS = 7  # a shorter paragraph is a label, not a sentence to look for


@dataclass(slots=True)
class Walk:
    """Where the walk through the blocks stands, and what it has gathered."""

    trail: list[Heading] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    units: list[dict[str, Any]] = field(default_factory=list)
    called: list[str] = field(default_factory=list)  # every text that may call a footnote

    def add(self, kind: str, text: str, lead: list[str]) -> None:
        self.called.append(text)
        trail = [plain(heading.text) for heading in self.trail]
        self.units.append({"kind": kind, "text": plain(text), "trail": trail, "lead": [plain(one) for one in lead]})

    def enter(self, heading: Heading) -> None:
        self.trail = [above for above in self.trail if above.level < heading.level] + [heading]
        self.headings.append(plain(heading.text))


def truth(document: Document) -> dict[str, Any]:
    """All of it but the pages."""
    walk = Walk()
    _walk(document.blocks, walk)
    return {
        "file": document.file,
        "producer": document.meta["producer"],
        "units": walk.units,
        "notes": list(_notes(walk.called, document.notes)),
        "absent": _absent(document, walk.called),
        "headings": walk.headings,
    }


def _walk(blocks: tuple[Block, ...], walk: Walk) -> None:
    before: Block | None = None
    for block in blocks:
        match block:
            case Heading():
                walk.enter(block)
            case Para():
                _sentences(block.text, walk)
            case Listing():
                _items(block.items, _lead(before), walk)
            case Definitions():
                for term, meaning in block.pairs:
                    walk.add("item", meaning, [*_lead(before), term])
            case Table():
                _cells(block, walk)
            case Box():
                _box(block, walk)
            case Columns():
                _walk(block.blocks, walk)
        before = block


def _box(box: Box, walk: Walk) -> None:
    """The title counts for the box alone."""
    outside = list(walk.trail)
    if box.title:
        walk.enter(Heading(outside[-1].level + 1 if outside else 1, box.title))
    _walk(box.blocks, walk)
    walk.trail = outside


def _lead(before: Block | None) -> list[str]:
    if isinstance(before, Para) and plain(before.text).endswith(":"):
        return [sentences(before.text)[-1]]
    return []


def _sentences(text: str, walk: Walk) -> None:
    """The first sentence is a unit, unless it is a lead-in; the rest may still call a footnote."""
    first, *rest = sentences(text)
    if len(first.split()) >= SENTENCE_WORDS and not plain(first).endswith(":"):
        walk.add("sentence", first, [])
    else:
        walk.called.append(first)
    walk.called.extend(rest)


def _items(items: tuple[Item, ...], lead: list[str], walk: Walk) -> None:
    for item in items:
        walk.add("item", item.text, lead)
        _items(item.children, [*lead, item.text], walk)


def _cells(table: Table, walk: Walk) -> None:
    header = occupants(table.header, table.columns)
    body = occupants(table.body, table.columns)
    walk.called.extend(line for row in table.header for cell in row for line in cell.lines)
    seen: set[int] = set()
    group: list[str] = []
    for r, row in enumerate(body):
        if r in table.groups:
            group = [row[0].text]
            continue
        for c, cell in enumerate(row):
            if id(cell) in seen or not cell.text:
                continue
            seen.add(id(cell))
            if table.row_header and c == 0:
                walk.called.extend(cell.lines)
                continue
            _cell(cell, _cell_lead(table, header, body, (r, c), group), walk)


def _cell_lead(
    table: Table, header: list[list[Cell]], body: list[list[Cell]], place: tuple[int, int], group: list[str]
) -> list[str]:
    """The headers of every column, then the row headers of every row, that the cell at `place` covers."""
    r, c = place
    cell = body[r][c]
    above = [line[column].text for column in range(c, c + cell.colspan) for line in header]
    beside = [body[row][0].text for row in range(r, r + cell.rowspan)] if table.row_header else []
    return [text for text in dict.fromkeys([*above, *group, *beside]) if text]


def _cell(cell: Cell, lead: list[str], walk: Walk) -> None:
    for text in cell.lines if cell.bullets else (" ".join(cell.lines),):
        walk.add("cell", text, lead)


def _absent(document: Document, texts: list[str]) -> list[str]:
    """What the source says, reviewers' comments and words that a reviewer struck out."""
    comments = [comment["text"] for comment in document.meta.get("comments", ())]
    deleted = [value.strip() for text in texts for kind, value in spans(text) if kind == "deleted"]
    return [*document.meta.get("absent", ()), *comments, *deleted]


def _notes(texts: list[str], notes: dict[str, str]) -> Iterator[dict[str, str]]:
    for text in texts:
        for sentence in sentences(text):
            for mark, note in notes.items():
                if f"[^{mark}]" in sentence:
                    yield {"sentence": plain(sentence), "note": plain(note)}
