"""Retrieval: whether the passage that answers is among the first, for doc2dial, MTRAG, OR-ShARC and ConditionalQA."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from assistant.retrieve import Turn
from evals.bench.outcome import Outcome
from evals.bench.sets import Asked, RetrievalSet, Text
from evals.bench.shelf import Parts, Progress, Shelf, Stock, Vectors
from evals.metrics import Rank, hit_at, mean, ndcg_at, recall_at

METRICS: dict[str, dict[str, Callable[[Sequence[Rank]], float]]] = {
    "doc2dial": {"hit@1": partial(hit_at, k=1), "hit@5": partial(hit_at, k=5)},
    "mtrag": {"ndcg@5": partial(ndcg_at, k=5), "recall@5": partial(recall_at, k=5)},
    "orsharc": {"hit@1": partial(hit_at, k=1), "hit@5": partial(hit_at, k=5)},
    "conditionalqa": {"recall@5": partial(recall_at, k=5)},
}
PLACES = 50
"""How many passages of the plain ranking are looked at; enough that five are left when duplicates are one."""


def measure_retrieval(bench: str, found: RetrievalSet, parts: Parts, progress: Progress) -> Outcome:
    """Rank the set's passages for each question, by the assistant and by the plain recipe."""
    plain = PlainRanking(found.texts, parts.plain, progress)
    ours, plains = [], []
    with Stock(found.texts, parts.vectors) as stock:
        stock.embed(progress=progress)
        shelf = stock.shelf()
        for number, asked in enumerate(found.asked, start=1):
            ours.append(ranks_of(asked, ranking(asked.turn, shelf, stock, parts), found.same))
            plains.append(ranks_of(asked, plain.ranked(asked.question), found.same))
            progress("asking", number, len(found.asked))
    return Outcome(bench, len(found.asked), _figures(bench, ours), _figures(bench, plains))


def ranking(turn: Turn, shelf: Shelf, stock: Stock, parts: Parts) -> tuple[str, ...]:
    """The ids of passages in the order of the best unit of each, as the assistant ranks units."""
    return tuple(dict.fromkeys(stock.passage(scored.hit) for scored in parts.evidence(turn, shelf).all_hits))


class PlainRanking:
    """The plain recipe: each passage whole, under its title, as one vector; cosine with the question's."""

    def __init__(self, texts: Sequence[Text], vectors: Vectors, progress: Progress) -> None:
        self._vectors, self._ids = vectors, [text.id for text in texts]
        words = [f"{text.title} {text.text}".strip() for text in texts]
        vectors.embed(words, progress)
        self._matrix = vectors.of(words)

    def ranked(self, question: str) -> tuple[str, ...]:
        """The ids of the nearest passages, best first."""
        near = self._matrix @ self._vectors.vector_of(question).astype(np.float32)
        return tuple(self._ids[place] for place in np.argsort(-near, kind="stable")[:PLACES])


def ranks_of(asked: Asked, ranked: Iterable[str], same: Mapping[str, str]) -> tuple[Rank, ...]:
    """The rank of each distinct gold passage; passages with the same words count as one on both sides."""
    places = {one: rank for rank, one in enumerate(_merged(ranked, same), start=1)}
    return tuple(places.get(one) for one in _merged(asked.gold, same))


def _merged(ids: Iterable[str], same: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(same.get(one, one) for one in ids))


def _figures(bench: str, ranks: Sequence[Sequence[Rank]]) -> dict[str, float]:
    return {metric: mean(map(formula, ranks)) for metric, formula in METRICS[bench].items()}
