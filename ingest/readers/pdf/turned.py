"""Words that go on behind a page's foot: an item or a paragraph that stops in mid-sentence, and the lower-case paragraph of the next page."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.blocks import PAGE, Item, Note, Paragraph
from ingest.readers.pdf.notes import Found

GOES_ON = re.compile(r"^[“\"‘«(]?[^\W\d_A-Z]")
ENDED = re.compile(r"[.!?:;…][”\"’»)]*(?:\[\^[^\]]+\])*$")


def with_turned_pages(found: Sequence[Found]) -> list[Found]:
    """The blocks with such halves joined; notes that stand between them come behind."""
    joined: list[Found] = []
    for one in found:
        at = next((i for i in range(len(joined) - 1, -1, -1) if not isinstance(joined[i].block, Note)), None)
        if at is not None and _goes_on(joined[at], one):
            half = joined[at]
            joined[at] = Found(replace(half.block, text=f"{half.block.text} {PAGE}{one.block.text}"), half.first, one.last, half.boxed)
        else:
            joined.append(one)
    return joined


def _goes_on(half: Found, rest: Found) -> bool:
    if not isinstance(half.block, Item | Paragraph) or not isinstance(rest.block, Paragraph) or rest.first != half.last + 1:
        return False
    begins = rest.block.text
    lower = bool(GOES_ON.match(begins)) and begins[:1].lower() == begins[:1] and begins[:1].upper() != begins[:1]
    return lower and not ENDED.search(half.block.text.rstrip())
