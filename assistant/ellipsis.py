"""Ellipsis: a follow-up that is only another name ("and the local groups?") takes the place of its like in the question before."""

import re
from collections.abc import Callable, Iterator

import numpy as np

from ingest.lexical import STOPWORDS, terms

DETERMINERS = "the|a|an|our|your|their|its|his|her|my|these|those|this|that|any|some|all|each|every"
OWNERS = frozenset("our your their its his her my".split())
PREPOSITIONS = "in|at|for|with|from|to|by|on|under|of"
NAMES = re.compile(
    rf"^\W*(?:(?:ok(?:ay)?|so|well|thanks?(?: you)?|great|good|right)\b[\s,.!]*)*(?:(?:and|or|but)\s+)?(?:what about|how about|and|or|but)\s+(?:also\s+)?"
    rf"(?:(?P<preposition>{PREPOSITIONS})\s+)?(?P<name>(?:(?:{DETERMINERS})\s+)?[\w’'-]+(?:\s+[\w’'-]+){{0,4}}?)(?:\s+(?:themselves|itself|too|as well|then|instead|though))?\W*$",
    re.IGNORECASE,
)
LEANING = frozenset("one ones it its they them others other else same that this those these there then more again always never first second third last next former latter not so why how what which who when where if".split())
WORD = re.compile(r"[\w’'-]+")
SUBJECTS = frozenset("you we they i he she it to".split())
"""What stands behind one of these is a verb."""
LIKE = 0.3

VectorOf = Callable[[str], np.ndarray]


def completed(message: str, before: str, vector_of: VectorOf) -> str:
    """The question before with its likest name exchanged for the one that the message says; else the message as it is."""
    match = NAMES.match(message)
    if match is None or not terms(match["name"]) or LEANING & set(match["name"].lower().split()) or set(terms(match["name"])) <= set(terms(before)):
        return message
    other = match["name"]
    vector = vector_of(other)
    spans = [(a, b) for a, b in _spans(before, match["preposition"]) if _is_name(other) or not _is_name(before[a:b])]
    likeness, start, end = max(((float(vector @ vector_of(before[a:b])), a, b) for a, b in spans), default=(0.0, 0, 0))
    return f"{before[:start]}{_owned(other, before[start:end])}{before[end:]}" if likeness >= LIKE else message


def _is_name(words: str) -> bool:
    """Whether it has a capital behind its determiner: a title or a body, in whose place only another may stand."""
    return any(word[:1].isupper() for word in words.split()[1:] or words.split())


def _owned(other: str, instead_of: str) -> str:
    """The name, as somebody's if what stood there was ("your principles", "the criteria": "your criteria")."""
    owner = instead_of.split()[0]
    return re.sub(r"^(?:the\s+)?(?=\S)", f"{owner} ", other, count=1, flags=re.IGNORECASE) if owner.lower() in OWNERS and other.split()[0].lower() not in OWNERS else other


def _spans(text: str, preposition: str | None) -> Iterator[tuple[int, int]]:
    """Where a name may stand: content words in a row with the determiner before them; behind the same preposition, if there is one."""
    words = list(WORD.finditer(text))
    plain = [word[0].lower() not in STOPWORDS and not (i and words[i - 1][0].lower() in SUBJECTS) for i, word in enumerate(words)]
    for first in (i for i, named in enumerate(plain) if named and not (i and plain[i - 1])):
        last = next((i for i in range(first, len(words)) if not plain[i]), len(words)) - 1
        start = first - 1 if first and re.fullmatch(DETERMINERS, words[first - 1][0], re.IGNORECASE) else first
        if preposition is None or start and words[start - 1][0].lower() == preposition.lower():
            yield words[start].start(), words[last].end()
