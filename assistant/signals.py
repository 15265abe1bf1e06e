"""Signals: what can be measured of a statement beside its passages, each a number, and none of them a verdict."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.grounding import Origin, Reading, capitalised, faults_of, other_actor
from assistant.tokens import TokenModel, Tokens
from assistant.wording import sentences
from ingest.lexical import terms, words

SIGNALS = ("coverage", "numbers missing", "names missing", "alignment", "reader", "reader of a part", "partly read", "length", "number", "negation", "strength", "condition", "party")
"""In the order of the weights; the last five say whether the rules of `assistant.grounding` find that kind of fault.

The reader's log-odds count apart where it read all that is cited, and where that is longer and it read a part."""
RULES = ("number", "negation", "strength", "condition", "party")
EVIDENCE_WORDS, READ_WORDS, MOST = 160, 100, 6
"""How much of long passages is compared word by word, how much is read together with the statement, and in how many sentences."""
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_COMMON = 200.0
"""A word piece's id grows with its rarity in English; up to about here stand marks and letters."""
_GAIN = 0.12


@dataclass(frozen=True, slots=True)
class Passages:
    """The sentences that a statement is held against, with the stemmed content words of each."""

    sentences: tuple[str, ...]
    terms: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Passages":
        """Texts parted into sentences."""
        parts = tuple(part for text in texts for part in sentences(text))
        return cls(parts, tuple(frozenset(terms(part)) for part in parts))

    def evidence(self, statement: frozenset[str], budget: int) -> str:
        """The sentences, in their order, that together hold most of the statement's words: each adds to those before it."""
        if self.words <= budget:
            return " ".join(self.sentences)
        chosen: list[int] = []
        left, count = set(statement), 0
        while len(chosen) < MOST and count < budget:
            gains = [(self._gain(i, left, statement, chosen), -i) for i in range(len(self.sentences)) if i not in chosen]
            if not gains or (chosen and max(gains)[0] < _GAIN):
                break
            best = -max(gains)[1]
            chosen.append(best)
            left -= self.terms[best]
            count += len(self.sentences[best].split())
        return " ".join(self.sentences[i] for i in sorted(chosen))

    def _gain(self, i: int, left: set[str], statement: frozenset[str], chosen: list[int]) -> float:
        """New words found, words found again for half, and a little for standing beside what was chosen."""
        total = max(1, len(statement))
        beside = 0.03 if any(abs(i - c) == 1 for c in chosen) else 0.0
        return len(left & self.terms[i]) / total + 0.2 * len(statement & self.terms[i]) / total + beside

    @property
    def words(self) -> int:
        """How many words there are."""
        return sum(len(sentence.split()) for sentence in self.sentences)

    def coverage(self, statement: frozenset[str]) -> float:
        """The largest share of the statement's content words that two neighbouring sentences hold."""
        pairs = [a | b for a, b in zip(self.terms, (*self.terms[1:], frozenset()))]
        return max((len(statement & pair) for pair in pairs), default=0) / max(1, len(statement))


def alignment(statement: Tokens, evidence: Tokens) -> float:
    """Mean over the rarer half of the statement's tokens of each one's highest cosine with a token of the evidence.

    The recall half of BERTScore (Zhang et al., BERTScore: Evaluating Text Generation with BERT, ICLR 2020), over the rarer tokens.
    """
    if not len(statement.ids) or not len(evidence.ids):
        return 0.0
    best = (statement.vectors @ evidence.vectors.T).max(axis=1)
    rarity = np.log(2 + statement.ids / _COMMON)
    rare = rarity > np.median(rarity)
    return float(best[rare].mean() if rare.any() else best.mean())


def numbers_missing(statement: str, evidence: str) -> int:
    """How many of the statement's numbers, up to two, stand nowhere in the evidence."""
    return min(2, len(set(_NUMBER.findall(statement)) - set(_NUMBER.findall(evidence))))


def names_missing(statement: str, evidence: str) -> float:
    """The share of the words of the statement's names that stand nowhere in the evidence; 0 without names."""
    named = [word for sentence in sentences(statement) for name in capitalised(sentence) for word in words(name)]
    held = set(words(evidence))
    return sum(word not in held for word in named) / len(named) if named else 0.0


def lexical(statement: str, texts: Sequence[str], origin: Origin) -> tuple[dict[str, float], dict[str, str], Passages]:
    """The signals that need no model, what the rules have against the statement, in words by kind, and the passages, parted."""
    reading = Reading.of(statement, texts, origin)
    passages = Passages.of(reading.quotes)
    own = frozenset(terms(reading.said))
    held = f"{passages.evidence(own, EVIDENCE_WORDS)} {origin.around}"
    actor = other_actor(reading)
    faults = faults_of(reading) | ({"actor": actor} if actor else {})
    found = {
        "coverage": passages.coverage(own),
        "numbers missing": float(numbers_missing(reading.said, held)),
        "names missing": names_missing(reading.said, held),
        "length": math.log(1 + len(own)),
        **{rule: float(rule in faults) for rule in RULES},
    }
    return found, faults, passages


def aligned(statement: str, passages: Passages, model: TokenModel) -> float:
    """`alignment` of the statement with what of the passages is nearest to it."""
    evidence = passages.evidence(frozenset(terms(statement)), EVIDENCE_WORDS)
    said, held = model.tokens([statement, evidence])
    return alignment(said, held)
