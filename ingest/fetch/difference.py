"""How a downloaded original differs from the text that is indexed. Nothing is changed: a person reads this and decides."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.fetch.record import Fetched
from ingest.manifest import Source

SHOWN = 5
ALIKE = 0.6
COMPARED = 2000
DIGEST_NOTE = "The indexed text is a summary in other words: only size and date can be compared. Read the original before using it."


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that only one side has, and the other side's most similar one where there is any."""

    sentence: str
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Counts and shares (0 to 1, None where they mean nothing); `missing` and `added` are the first few sentences.

    `stored_found` is the share of the stored text's sentences that the fetched one has, word for word; `fetched_found` the reverse.
    """

    digest: bool
    stored_words: int
    fetched_words: int
    stored_found: float | None = None
    fetched_found: float | None = None
    missing: tuple[Change, ...] = ()
    added: tuple[Change, ...] = ()


def compare(stored: str, fetched: str, digest: bool = False, language: str = "en") -> Difference:
    """Compare two texts sentence by sentence, by their words alone: case, punctuation, line breaks and markup do not count.

    A digest tells its original in other words, so for one only the sizes are compared.
    """
    stored_words, fetched_words = _words(stored), _words(fetched)
    sizes = Difference(digest, len(stored_words.split()), len(fetched_words.split()))
    if digest:
        return sizes
    ours, theirs = _sentences(stored, language), _sentences(fetched, language)
    missing, added = _absent(ours, fetched_words), _absent(theirs, stored_words)
    return Difference(
        digest,
        sizes.stored_words,
        sizes.fetched_words,
        1 - len(missing) / len(ours) if ours else None,
        1 - len(added) / len(theirs) if theirs else None,
        _changes(missing, added),
        _changes(added, missing),
    )


def report(source: Source, fetched: Fetched, difference: Difference) -> str:
    """What a person needs to choose between the indexed text and the original: lines of plain text."""
    lines = [
        f"{source.id}: {fetched.address} ({fetched.content_type or 'type not stated'}, {fetched.bytes:,} bytes)",
        f"  indexed: {difference.stored_words:,} words, published {_day(source.published)}",
        f"  fetched: {difference.fetched_words:,} words, on {_day(fetched.time)}, last changed {_day(fetched.modified)}",
    ]
    if fetched.address != fetched.asked:
        lines.append(f"  redirected from {fetched.asked}")
    if fetched.note:
        lines.append(f"  note: {fetched.note}")
    if difference.digest:
        return "\n".join([*lines, f"  {DIGEST_NOTE}"])
    lines.append(
        f"  of the indexed sentences {_share(difference.stored_found)} are in the fetched text; "
        f"of the fetched sentences {_share(difference.fetched_found)} are in the indexed text"
    )
    lines += _listed("only in the indexed text", difference.missing) + _listed("only in the fetched text", difference.added)
    return "\n".join(lines)


def _day(date: str | None) -> str:
    return date[:10] if date else "at an unknown date"


def _share(value: float | None) -> str:
    """Rounded down, so that 100% is said only where nothing differs."""
    return "none (there are no sentences)" if value is None else f"{int(value * 100)}%"


def _listed(title: str, changes: Sequence[Change]) -> list[str]:
    lines = [f"  {title}, the first {len(changes)}:"] if changes else []
    for change in changes:
        lines.append(f"    - {change.sentence}")
        if change.nearest:
            lines.append(f"      there: {change.nearest}")
    return lines


def _words(text: str) -> str:
    """The words alone, in lower case with single spaces; the targets of Markdown links are not words of the text."""
    plain = unicodedata.normalize("NFKC", re.sub(r"\]\([^)\s]*\)", "]", text)).casefold()
    return " ".join(re.findall(r"[^\W_]+", plain))


def _sentences(text: str, language: str) -> list[str]:
    """Sentences of each line on its own, so that a heading or list item is never joined to what follows it."""
    from sentencex import segment

    found = [sentence.strip() for line in _lines(text) for sentence in segment(language, line)]
    return [sentence for sentence in found if _words(sentence)]


def _lines(text: str) -> list[str]:
    """Paragraphs joined to one line each; a line that begins as a heading, list item or table row starts anew."""
    parts = re.split(r"\n\s*\n|\n(?=\s*(?:[#>|*•\-–]|\d+[.)]))", text)
    return [" ".join(part.split()) for part in parts if part.strip()]


def _absent(sentences: Sequence[str], words: str) -> list[str]:
    padded = f" {words} "
    return [sentence for sentence in sentences if f" {_words(sentence)} " not in padded]


def _changes(sentences: Sequence[str], others: Sequence[str]) -> tuple[Change, ...]:
    """The first few, each with its nearest, word by word, among the first 2,000 of the others."""
    from difflib import get_close_matches

    pool = {tuple(_words(other).split()): other for other in others[:COMPARED]}
    nearest = (get_close_matches(tuple(_words(sentence).split()), pool, n=1, cutoff=ALIKE) for sentence in sentences[:SHOWN])
    return tuple(Change(sentence, pool[found[0]] if found else None) for sentence, found in zip(sentences, nearest))
