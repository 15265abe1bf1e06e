"""Triage: how likely a message is urgent, or an attempt on the assistant's rules, in English, French and Spanish."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from ingest.embed import sha256_of
from ingest.errors import ModelFilesError
from ingest.runtime import open_session
from ingest.vocabulary import packaged_folder

WEIGHTS = Path(__file__).parent / "weights" / "triage.onnx"
WEIGHTS_SHA256 = "6d2c0fa69e46e8312461dae7ab631b4511a373a62daf770d9b42fa13397de05b"
MAX_TOKENS = 192
URGENT, PERHAPS_URGENT, MISUSE = 0.8, 0.4, 0.9


@dataclass(frozen=True, slots=True)
class TriageVerdict:
    """Probabilities of what is no question to the documents."""

    p_urgent: float
    p_misuse: float
    p_offtopic: float = 0.0

    @property
    def urgent(self) -> bool:
        """Someone may be in danger, exploited, arrested, abused or accused of abuse."""
        return self.p_urgent >= URGENT

    @property
    def perhaps_urgent(self) -> bool:
        """In doubt: the contact line stands above a normal answer."""
        return self.p_urgent >= PERHAPS_URGENT

    @property
    def misuse(self) -> bool:
        """An attempt to change the assistant's rules or to get what it must not give."""
        return self.p_misuse >= MISUSE


class Triage(Protocol):
    """Anything that judges a message."""

    def judge(self, message: str) -> TriageVerdict:
        """The verdict on one message."""
        ...


class TriageModel:
    """The packaged classifier on onnxruntime (int8); `evals/training/triage.py` made it."""

    def __init__(self, weights: Path = WEIGHTS, expected: str = WEIGHTS_SHA256) -> None:
        from tokenizers import Tokenizer

        if not weights.is_file() or sha256_of(weights) != expected:
            raise ModelFilesError(f"{weights} is missing or is not the file that this version was measured with. Check the project out again.")
        self._tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._session = open_session(weights)

    def judge(self, message: str) -> TriageVerdict:
        """The verdict on one message."""
        encoded = self._tokenizer.encode(message)
        inputs = {
            "input_ids": np.array([encoded.ids], dtype=np.int64),
            "attention_mask": np.array([encoded.attention_mask], dtype=np.int64),
            "token_type_ids": np.array([encoded.type_ids], dtype=np.int64),
        }
        logits = self._session.run(None, inputs)[0][0]
        odds = np.exp(logits - logits.max())
        _, urgent, misuse, offtopic = odds / odds.sum()
        return TriageVerdict(float(urgent), float(misuse), float(offtopic))
