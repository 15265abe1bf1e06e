"""Sentences of a stretch of text, none longer than the embedding model reads."""

import re
from collections.abc import Iterator

from sentencex import segment

from ingest.spans import Span

PASSAGE_WORDS = 150
CALLS = re.compile(r"(?:\s*(?:\[\^[^\]\s]+\]|[¹²³⁴-⁹⁰]+))+(?=\s|$)")


def sentences(text: str, span: Span, language: str) -> Iterator[Span]:
    """Sentence spans, trimmed; note marks belong to the sentence before; one longer than `PASSAGE_WORDS` is cut at a clause or a word."""
    start = position = span.start
    for part in segment(language, text[span.start : span.end]):
        calls = CALLS.match(part) if position > start else None
        cut = position + (calls.end() if calls else 0)
        if position > start:
            yield from _trimmed(text, start, cut)
            start = cut
        position += len(part)
    yield from _trimmed(text, start, span.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    words = text[start:end]
    if any(c.isalnum() for c in words):
        yield from clauses(text, Span(start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())))


def clauses(text: str, span: Span) -> Iterator[Span]:
    """The span whole, or in parts of at most `PASSAGE_WORDS` words."""
    words = list(re.finditer(r"\S+", text[span.start : span.end]))
    if len(words) <= PASSAGE_WORDS:
        yield span
        return
    breaks = [i for i in range(PASSAGE_WORDS // 2, PASSAGE_WORDS) if words[i].group().endswith((";", ",", ":"))]
    cut = breaks[-1] if breaks else PASSAGE_WORDS - 1
    yield Span(span.start, span.start + words[cut].end())
    yield from clauses(text, Span(span.start + words[cut + 1].start(), span.end))
