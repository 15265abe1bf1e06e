"""Spelling: a word that is neither English nor in the documents is read as the word of the documents that it resembles."""

import difflib
import re
from weakref import WeakKeyDictionary

from assistant.search import Searcher
from ingest.lexical import words
from ingest.vocabulary import english_words

SHORTEST = 5
LIKENESS = 0.8

_vocabularies: WeakKeyDictionary[Searcher, dict[str, list[str]]] = WeakKeyDictionary()


def respell(message: str, searcher: Searcher) -> str:
    """The message with its misspelt words put right where the documents hold a word that is clearly meant."""
    return re.sub(rf"\b[^\W\d_]{{{SHORTEST},}}\b", lambda match: _meant(match[0], searcher), message)


def nearest(word: str, searcher: Searcher) -> str:
    """The word of the English documents that a word is, or clearly resembles; "" where there is none."""
    known = _vocabulary(searcher).get(word[:1], [])
    if word in known:
        return word
    near = difflib.get_close_matches(word, [k for k in known if abs(len(k) - len(word)) <= 2], n=1, cutoff=LIKENESS) if len(word) >= SHORTEST else []
    return near[0] if near else ""


def _meant(word: str, searcher: Searcher) -> str:
    lower = word.lower()
    if lower in english_words() or word[0].isupper() and not word.isupper():
        return word
    near = nearest(lower, searcher)
    return word if near == lower else near or word


def _vocabulary(searcher: Searcher) -> dict[str, list[str]]:
    """The words of the English documents that the audience sees, by first letter."""
    if searcher not in _vocabularies:
        found = {w for e in searcher.entries.values() if e.source.language == "en" for w in words(searcher.text_of(e.version)) if len(w) >= SHORTEST}
        by_letter: dict[str, list[str]] = {}
        for word in sorted(found):
            by_letter.setdefault(word[0], []).append(word)
        _vocabularies[searcher] = by_letter
    return _vocabularies[searcher]
