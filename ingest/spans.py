"""Stretches of a document's text: spans, lines, and the pieces that sections are parted into."""

from collections.abc import Iterator
from dataclasses import dataclass

TAG = r"</?[a-zA-Z][^>:]*>|</?[a-zA-Z]+ [^>]*>"


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets `start` (first character) and `end` (behind the last) in a document's text, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text with the offset at which it begins."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The offset behind the line, its line break excluded."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a section before it becomes passages, markup excluded.

    `kind` is paragraph, item, note, or of a table: header (of a column), opening (words of a cell before its items),
    leading (a cell that introduces those below it) and cell. `above` are the headers of a cell or the items that an
    item stands under; pieces of one `group` are one block of a table.
    """

    span: Span
    kind: str
    above: tuple[Span, ...] = ()
    column: int | None = None
    group: tuple[int, int] | None = None


def lines(text: str, start: int = 0) -> Iterator[Line]:
    """The lines of `text` with their offsets, counted from `start`."""
    position = start
    for line in text.split("\n"):
        yield Line(position, line)
        position += len(line) + 1
