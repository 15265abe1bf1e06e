"""The answer scorer: a small cross-encoder that reads a question and a sentence together."""

from pathlib import Path
from typing import Protocol

import numpy as np

from ingest.embed import sha256_of
from ingest.embed.exported import batches
from ingest.errors import ModelFilesError
from ingest.runtime import open_session
from ingest.vocabulary import packaged_folder

WEIGHTS = Path(__file__).parent / "weights" / "answer-scorer.onnx"
WEIGHTS_SHA256 = "04f3af7f828bab6d041af52092c9d254b16e1950152bc7ea5a3218aed0841313"
MAX_TOKENS = 128
BATCH_TOKENS = 512
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class AnswerScorer(Protocol):
    """Anything that says how likely it is that a text answers a question."""

    def score(self, question: str, texts: list[str]) -> list[float]:
        """A probability for each text."""
        ...


class CrossEncoderScorer:
    """The packaged cross-encoder on onnxruntime (int8); `evals/training/reranker.py` made it."""

    def __init__(self, weights: Path = WEIGHTS, expected: str = WEIGHTS_SHA256, tokens: int = MAX_TOKENS) -> None:
        from tokenizers import Tokenizer

        if not weights.is_file() or sha256_of(weights) != expected:
            raise ModelFilesError(f"{weights} is missing or is not the file that this version was measured with. Check the project out again.")
        self._tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
        self._tokenizer.enable_truncation(tokens, strategy="longest_first")
        self._tokenizer.no_padding()
        self._session = open_session(weights)

    def score(self, question: str, texts: list[str]) -> list[float]:
        """The probability, 0 to 1, that each text answers the question."""
        encoded = self._tokenizer.encode_batch([(question, text) for text in texts])
        logits = np.zeros(len(texts))
        for batch in batches(encoded, BATCH_TOKENS):  # those of like length together: half of the tokens were padding
            width = max(len(e.ids) for _, e in batch)
            rows = [np.array([[*values, *[0] * (width - len(values))] for values in field], dtype=np.int64) for field in zip(*((e.ids, e.attention_mask, e.type_ids) for _, e in batch))]
            logits[[i for i, _ in batch]] = self._session.run(None, dict(zip(INPUTS, rows)))[0][:, 0]
        return (1 / (1 + np.exp(-logits))).tolist()
