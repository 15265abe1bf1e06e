"""Ellipsis: a follow-up that is only another name ("and the local groups?") takes the place of its like in the question before."""

import re
from collections.abc import Callable, Iterator

import numpy as np

from assistant.question import understand
from ingest.lexical import STOPWORDS, terms

DETERMINERS = "the|a|an|our|your|their|its|his|her|my|these|those|this|that|any|some|all|each|every"
OWNERS = frozenset("our your their its his her my".split())
PREPOSITIONS = "in|at|for|with|from|to|by|on|under|of"
NAME_ALONE = re.compile(
    rf"^\W*(?:(?:ok(?:ay)?|so|well|thanks?(?: you)?|great|good|right)\b[\s,.!]*)*(?:(?:and|or|but)\s+)?(?P<opener>what about|how about|and|or|but)\s+(?:also\s+)?"
    rf"(?:(?P<preposition>{PREPOSITIONS})\s+)?(?P<name>(?:(?:{DETERMINERS})\s+)?[\w’'-]+(?:\s+[\w’'-]+){{0,4}}?)(?:\s+(?:themselves|itself|too|as well|then|instead|though))?\W*$",
    re.IGNORECASE,
)
LEANING = frozenset("one ones it its they them others other else same that this those these there then more again always never first second third last next former latter not so why how what which who when where if".split())
WORD = re.compile(r"[\w’'-]+")
NO_NAME = frozenset(
    "do does did can could will would should must may might is are was were be been have has had you we they i he she thank thanks please per after before during until since keep make give get take go".split()
)
VERBS = frozenset("say says said mean means ask asks asked tell tells told need needs want wants expect expects last lasts take takes give gives get happen happens cover covers".split())
ASKS_FOR_ONE = frozenset({"amount", "number", "date", "person", "reach"})
SUBJECTS = frozenset("you we they i he she it to".split())
"""What stands behind one of these is a verb."""
LIKE = 0.3

VectorOf = Callable[[str], np.ndarray]


def completed(message: str, before: str, vector_of: VectorOf) -> str:
    """The question before with its likest name exchanged for the one that the message says; else the message as it is."""
    match = NAME_ALONE.match(message)
    if match is None or not _may_replace(match, before):
        return message
    other = match["name"]
    vector = vector_of(other)
    spans = [(a, b) for a, b in _spans(before, match["preposition"]) if _is_name(other) or not _is_name(before[a:b])]
    likeness, start, end = max(((float(vector @ vector_of(before[a:b])), a, b) for a, b in spans), default=(0.0, 0, 0))
    return f"{before[:start]}{_owned(other, before[start:end])}{before[end:]}" if likeness >= LIKE else message


def _may_replace(match: re.Match[str], before: str) -> bool:
    """Whether the words are a name, say something new, and ask for no other kind of fact ("and the deadline?")."""
    name = match["name"]
    said = name.lower().split()
    short = len(said) <= 2 or match["preposition"] or match["opener"].lower().endswith("about") or re.fullmatch(DETERMINERS, said[0])
    new = set(terms(name)) - set(terms(before))
    return bool(short and new) and not (LEANING | NO_NAME) & set(said) and not ASKS_FOR_ONE & understand(name, (), "staff").forms


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
    plain = [_stands_for_a_thing(word[0].lower(), words[i - 1][0].lower() if i else "") for i, word in enumerate(words)]
    for first in (i for i, named in enumerate(plain) if named and not (i and plain[i - 1])):
        last = next((i for i in range(first, len(words)) if not plain[i]), len(words)) - 1
        start = first - 1 if first and re.fullmatch(DETERMINERS, words[first - 1][0], re.IGNORECASE) else first
        if preposition is None or start and words[start - 1][0].lower() == preposition.lower():
            yield words[start].start(), words[last].end()


def _stands_for_a_thing(word: str, before: str) -> bool:
    """Whether a word may be part of a name, by itself and by the word before it."""
    return word not in STOPWORDS and before not in SUBJECTS and before != "how" and (word not in VERBS or bool(re.fullmatch(DETERMINERS, before)))
