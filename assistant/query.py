"""The query: a question, what was said before it and what the thesaurus adds, as one vector and weighted terms.

Cosine and BM25 add up over what is searched for, so the sum over the messages of a conversation, each with its weight,
is one vector and one weight for each term. The weights were measured on development conversations: `docs/retrieval.md`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assistant.thesaurus import Found, content, widen
from ingest.lexical import terms

BEFORE, BEFORE_A_WORD, BEFORE_LEAST = 0.5, 0.05, 0.1
FADING = 0.7
TOLD = 0.5
LOOKED_BACK = 6
WIDENED = 0.5

VectorOf = Callable[[str], np.ndarray]


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be searched: a vector of length 1, and the weight of each stemmed term.

    `own` is the same question in the asker's own words where these are not English, for documents of that language.
    """

    vector: tuple[float, ...]
    terms: dict[str, float]
    own: "Query | None" = None


@dataclass(frozen=True, slots=True)
class Said:
    """Words that bear on what is sought, with their weight beside the question's own, which is 1.

    An answer given before was `answered`: its words are the documents' own, and as terms would find again what was said.
    """

    text: str
    weight: float
    answered: bool = False


def said_before(asked: str, messages: tuple[str, ...], answers: tuple[str, ...]) -> tuple[Said, ...]:
    """The last messages and answers of a conversation, the latest first.

    The more the question says itself, the less weight has what was said before it.
    """
    weight = max(BEFORE_LEAST, BEFORE - BEFORE_A_WORD * len(terms(asked)))
    spoken: list[tuple[str, bool]] = []
    for number, message in enumerate(messages):
        spoken += [(message, False), *((answer, True) for answer in answers[number : number + 1])]
    latest = [one for one in reversed(spoken) if one[0].strip()][:LOOKED_BACK]
    return tuple(Said(text, weight * FADING**back, answered) for back, (text, answered) in enumerate(latest))


def query_for(asked: str, besides: tuple[Said, ...], found: tuple[Found, ...], vector_of: VectorOf, language: str = "en") -> Query:
    """The query for what is asked, for what was said besides, and for the concepts found in it, all in one language."""
    parts = (Said(asked, 1.0), *besides)
    vector = sum(part.weight * vector_of(part.text) for part in parts)
    wanted: Counter[str] = Counter()
    for part in (part for part in parts if not part.answered):
        for term in terms(part.text if language == "en" else content(part.text, language)):
            wanted[term] += part.weight
    widened = {term: WIDENED * weight for term, weight in widen(found, language).items() if term not in wanted}
    return Query(tuple((vector / np.linalg.norm(vector)).tolist()), {**wanted, **widened})
