"""The answer scorer: a small cross-encoder that reads a question and a sentence together."""

from pathlib import Path
from typing import Protocol

import numpy as np

from ingest.embed import sha256_of
from ingest.errors import ModelFilesError
from ingest.runtime import open_session
from ingest.vocabulary import packaged_folder

WEIGHTS = Path(__file__).parent / "weights" / "answer-scorer.onnx"
WEIGHTS_SHA256 = "04f3af7f828bab6d041af52092c9d254b16e1950152bc7ea5a3218aed0841313"
MAX_TOKENS = 128


class AnswerScorer(Protocol):
    """Anything that says how likely it is that a text answers a question."""

    def score(self, question: str, texts: list[str]) -> list[float]:
        """A probability for each text."""
        ...


class CrossEncoderScorer:
    """The packaged cross-encoder on onnxruntime (int8); `evals/training/reranker.py` made it."""

    def __init__(self, weights: Path = WEIGHTS, expected: str = WEIGHTS_SHA256) -> None:
        from tokenizers import Tokenizer

        if not weights.is_file() or sha256_of(weights) != expected:
            raise ModelFilesError(f"{weights} is missing or is not the file that this version was measured with. Check the project out again.")
        self._tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        self._tokenizer.enable_padding()
        self._session = open_session(weights)

    def score(self, question: str, texts: list[str]) -> list[float]:
        """The probability, 0 to 1, that each text answers the question."""
        if not texts:
            return []
        encoded = self._tokenizer.encode_batch([(question, text) for text in texts])
        inputs = {
            "input_ids": np.array([e.ids for e in encoded], dtype=np.int64),
            "attention_mask": np.array([e.attention_mask for e in encoded], dtype=np.int64),
            "token_type_ids": np.array([e.type_ids for e in encoded], dtype=np.int64),
        }
        logits = self._session.run(None, inputs)[0][:, 0]
        return (1 / (1 + np.exp(-logits))).tolist()
