"""Texts: long ones cut to a length, and the words in them that a reader has to see, marked. Nothing here writes HTML."""

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.lexical import terms

WORD = re.compile(r"[^\W_]+")
LEAD = 60
"""So much is shown before the first marked word of a text that is cut."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, marked or not."""

    text: str
    marked: bool = False


Pieces = tuple[Piece, ...]


def cut(text: str, limit: int) -> str:
    """The text, or its beginning up to a space with … behind."""
    if len(text) <= limit:
        return text
    kept = text[:limit]
    return (kept.rsplit(None, 1)[0] if " " in kept[limit // 2 :] else kept).rstrip() + " …"


def marked(text: str, spans: Iterable[Span], limit: int) -> Pieces:
    """The text in pieces, cut to the limit around its first marked stretch; nothing at all where the limit is 0."""
    if not limit:
        return ()
    merged = _merged(text, spans)
    start = _window(text, merged, limit)
    end = min(len(text), start + limit)
    pieces = [Piece("… ")] if start else []
    at = start
    for first, last in merged:
        first, last = max(first, at), min(last, end)
        if first < last:
            pieces += [Piece(text[at:first]), Piece(text[first:last], True)]
            at = last
    pieces += [Piece(text[at:end]), Piece(" …" if end < len(text) else "")]
    return tuple(piece for piece in pieces if piece.text)


def shared(text: str, quote: str) -> list[Span]:
    """Where the quote has content words of the text, by their stems."""
    wanted = set(terms(text))
    return [found.span() for found in WORD.finditer(quote) if wanted.intersection(_stems(found[0]))]


@functools.lru_cache(maxsize=20_000)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(terms(word))


def _merged(text: str, spans: Iterable[Span]) -> Sequence[Span]:
    """Spans in order, those that overlap or that only a space parts as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and (start <= merged[-1][1] or text[merged[-1][1] : start].isspace()):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _window(text: str, spans: Sequence[Span], limit: int) -> int:
    """Where to begin, so that the first marked stretch is in what is shown."""
    if len(text) <= limit or not spans or spans[0][1] <= limit:
        return 0
    start = max(0, min(spans[0][0] - LEAD, len(text) - limit))
    space = text.find(" ", start, start + LEAD)
    return space + 1 if space >= 0 and space < spans[0][0] else start
