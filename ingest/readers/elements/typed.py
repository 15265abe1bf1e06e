"""Lists typed by hand: paragraphs one after another that each begin with a dash or a number are items."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.readers.blocks import Block, Item, Paragraph
from ingest.readers.elements.words import NUMBER

MARK = re.compile(rf"^({NUMBER}|[-–—*])\s+(?=\S)")
ROMAN = re.compile(r"^[ivx]+$", re.IGNORECASE)


def with_typed_items(blocks: list[Block]) -> Iterator[Block]:
    """The blocks with runs of two typed items or more as items; one alone may as well be a sentence that begins with a number."""
    run: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph) and MARK.match(block.text):
            run.append(block)
        else:
            yield from _items(run)
            run = []
            yield block
    yield from _items(run)


def _items(run: list[Paragraph]) -> Iterator[Block]:
    if len(run) < 2:
        yield from run
        return
    marked = [(match[1], match.string[match.end() :]) for block in run if (match := MARK.match(block.text))]
    for (label, words), depth in zip(marked, _depths([label for label, _ in marked]), strict=True):
        yield Item(words, depth, "-" if label in "-–—*" else label)


def _depths(labels: list[str]) -> list[int]:
    """A shape of number not seen yet is a level deeper; one seen goes back to its level."""
    open_shapes: list[str] = []
    depths = []
    for before, label in pairwise(["", *labels]):
        shape = _shape(label, before)
        open_shapes = open_shapes[: open_shapes.index(shape) + 1] if shape in open_shapes else [*open_shapes, shape]
        depths.append(len(open_shapes) - 1)
    return depths


def _shape(label: str, before: str) -> str:
    """A number's form with its digits and letters made alike: "(1)", "(a)", "(i)", "1.1"."""
    core, last = label.strip("()."), before.strip("().")
    follows = len(core) == len(last) == 1 and ord(core) == ord(last) + 1
    kind = "i" if ROMAN.match(core) and not follows else "a" if core.isalpha() else core
    return label.replace(core, re.sub(r"\d+", "1", kind) + ("^" if core.isupper() else "")) if core else label
