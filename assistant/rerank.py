"""Rerank: which models read the best passages again, and what is said when one of them cannot be loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.cross_encoder import load_cross_encoder
from assistant.score import WEIGHTS, AnswerScorer, CrossEncoderScorer
from assistant.settings import PACKAGED
from ingest.errors import ModelFilesError

REMEDY = "Look at the name or the folder, fetch it where there is a network, or unset GUIDANCE_RERANKER."


@dataclass(frozen=True, slots=True)
class Readers:
    """`scorer` judges whether passages answer and, without a `reranker`, orders them. `missing` names those that failed to load."""

    scorer: AnswerScorer | None
    reranker: AnswerScorer | None = None
    missing: tuple[str, ...] = ()


class LibraryReranker:
    """Any sentence-transformers cross-encoder with one output, by its name on the hub or its folder. Imports torch."""

    def __init__(self, name: str) -> None:
        self._model = load_cross_encoder(name, "reranker", REMEDY)
        if self._model.num_labels != 1:
            raise ModelFilesError(f"{name!r} gives {self._model.num_labels} values for a question and a passage, and a reranker gives one. {REMEDY}")

    def score(self, question: str, texts: list[str]) -> list[float]:
        """A value from 0 to 1 for each text."""
        import torch

        return self._model.predict([(question, text) for text in texts], activation_fn=torch.nn.Sigmoid(), show_progress_bar=False).tolist()


def load_readers(name: str = PACKAGED, weights: Path = WEIGHTS) -> Readers:
    """The packaged scorer, and the reranker that is set beside it; what cannot be loaded is named and done without."""
    missing: list[str] = []
    scorer, reranker = _or_none(lambda: CrossEncoderScorer(weights), missing), None
    if name != PACKAGED:
        reranker = _or_none(lambda: LibraryReranker(name), missing)
    return Readers(scorer, reranker, tuple(missing))


def _or_none(load: Callable[[], AnswerScorer], missing: list[str]) -> AnswerScorer | None:
    try:
        return load()
    except ModelFilesError as exc:
        missing.append(str(exc))
        return None
