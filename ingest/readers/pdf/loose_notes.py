"""Footnotes that their type and place did not give away: a paragraph that begins with a number, and a word that ends with it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.blocks import Block, Item, Note, Paragraph, Table, reworded
from ingest.readers.pdf.notes import Found

NUMBERED = re.compile(r"^(\d{1,2})\s*(?=[“\"‘«(]?[^\W\d_])(.{10,})$", re.DOTALL)
ALONE = re.compile(r"^\d{1,2}$")


def with_loose_notes(found: Sequence[Found]) -> list[Found]:
    """The blocks with such paragraphs made notes behind the block that calls them, and what they interrupted whole again."""
    blocks = _joined(found)
    for one in [one for one in blocks if isinstance(one.block, Paragraph) and NUMBERED.match(one.block.text)]:
        number, words = NUMBERED.match(one.block.text).groups()
        position = blocks.index(one)
        caller = next((i for i in range(position - 1, -1, -1) if _calls(blocks[i].block, number)), None)
        if caller is not None:
            del blocks[position]
            blocks[caller] = replace(blocks[caller], block=reworded(blocks[caller].block, lambda text: _call(number).sub(f"[^{number}]", text)))
            behind = _end_of_list(blocks, caller)
            blocks.insert(behind, Found(Note(number, words), blocks[behind - 1].last, blocks[behind - 1].last))
    return blocks


def _joined(found: Sequence[Found]) -> list[Found]:
    """A number alone in its paragraph and the paragraph behind it made one."""
    joined: list[Found] = []
    for one in found:
        before = joined[-1].block if joined else None
        if isinstance(one.block, Paragraph) and isinstance(before, Paragraph) and ALONE.match(before.text):
            joined[-1] = replace(one, block=Paragraph(f"{before.text} {one.block.text}"))
        else:
            joined.append(one)
    return joined


def _call(number: str) -> re.Pattern[str]:
    """The number right behind a word in lower case, or behind the mark that ends it; never behind a figure or a currency."""
    return re.compile(rf"(?<=[^\W\d_A-Z][.;:,)”’»]){number}(?=\s|$)|(?<=[^\W\d_A-Z]){number}(?=[\s.;:,)]|$)")


def _texts(block: Block) -> list[str]:
    match block:
        case Table(rows):
            return [text for row in rows for cell in row for text in (cell.text, *cell.items)]
        case Paragraph(text) | Item(text):
            return [text]
    return []


def _calls(block: Block, number: str) -> bool:
    return any(_call(number).search(text) for text in _texts(block))


def _end_of_list(blocks: Sequence[Found], position: int) -> int:
    """The place behind a block, and behind the list that it stands in."""
    end = position + 1
    while isinstance(blocks[position].block, Item) and end < len(blocks) and isinstance(blocks[end].block, Item | Note):
        end += 1
    return end
