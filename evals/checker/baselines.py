"""Baselines: what costs nothing, or a vector. A checker that does not beat them is not worth having."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assistant.signals import numbers_missing
from assistant.tokens import TokenModel
from evals.checker.rows import Labelled
from ingest.lexical import terms


@dataclass(frozen=True, slots=True)
class Baseline:
    """A score for a row, and from which score it counts as supported (fitted on the development sets)."""

    score: Callable[[Labelled], float]
    threshold: float


def overlap(row: Labelled) -> float:
    """The largest share of the claim's content words in two neighbouring sentences, halved where a number is missing from all."""
    own = set(terms(row.claim))
    parts = [set(terms(sentence)) for sentence in row.sentences]
    best = max((len(own & (a | b)) for a, b in zip(parts, [*parts[1:], set()])), default=0) / max(1, len(own))
    return best / 2 if numbers_missing(row.claim, " ".join(row.sentences)) else best


def cosine(row: Labelled, model: TokenModel) -> float:
    """The highest cosine of the claim's vector, the mean of its tokens', with a sentence's."""
    vectors = [t.vectors.mean(axis=0) if len(t.ids) else np.zeros(384) for t in model.tokens([row.claim, *row.sentences])]
    claim, *others = (v / (np.linalg.norm(v) or 1.0) for v in vectors)
    return max((float(claim @ other) for other in others), default=0.0)


def baselines(model: TokenModel) -> dict[str, Baseline]:
    """Every baseline by name."""
    return {
        "always supported": Baseline(lambda row: 1.0, 0.5),
        "word overlap": Baseline(overlap, 0.5),
        "embedding cosine": Baseline(lambda row: cosine(row, model), 0.6),
    }
