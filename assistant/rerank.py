"""Rerank: which models read the best passages again, and what is said when one of them cannot be loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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
        if Path(name).is_absolute() and not Path(name).is_dir():
            raise ModelFilesError(f"The reranker {name!r} cannot be loaded: there is no such folder. {REMEDY}")
        try:
            from sentence_transformers import CrossEncoder
            from transformers.utils import logging

            logging.disable_progress_bar()
            self._model = CrossEncoder(name, device="cpu", local_files_only=Path(name).is_dir())
        except Exception as exc:  # the libraries raise OSError, ValueError, SafetensorError and others for what is missing or damaged
            cause = (str(exc).strip() or type(exc).__name__).splitlines()[0]
            raise ModelFilesError(f"The reranker {name!r} cannot be loaded ({type(exc).__name__}: {cause}). {REMEDY}") from exc
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
