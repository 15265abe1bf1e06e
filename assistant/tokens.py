"""Token vectors: what the packaged encoder makes of each token in its place, for comparing a statement with a passage word by word."""

import functools
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ingest.embed.exported import tokenizer_of
from ingest.embed.tuned import RECIPE, WEIGHTS, verified_tokenizer
from ingest.runtime import open_session

HIDDEN = "/steps.0/encoder/layer.5/output/LayerNorm/LayerNormalization_output_0"
"""The encoder's last layer before its tokens are pooled."""
KEPT = 512
"""Texts; 256 tokens take 0.4 MB."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's token ids, shape (tokens,), and their vectors of length 1, shape (tokens, dimensions); the marks at both ends left out."""

    ids: np.ndarray
    vectors: np.ndarray


class TokenModel(Protocol):
    """Anything that makes token vectors."""

    def tokens(self, texts: list[str]) -> list[Tokens]:
        """The tokens of each text."""
        ...


class PackagedTokens:
    """The packaged encoder with its tokens let out. The vectors of the last texts are kept: passages come again and again."""

    def __init__(self) -> None:
        import onnx

        self._tokenizer = tokenizer_of(verified_tokenizer(WEIGHTS), RECIPE)
        graph = onnx.load(str(WEIGHTS))
        graph.graph.output.append(onnx.helper.make_tensor_value_info(HIDDEN, onnx.TensorProto.FLOAT, None))
        self._session = open_session(graph.SerializeToString())
        self._inputs = [held.name for held in self._session.get_inputs()]
        self._one = functools.lru_cache(KEPT)(self._made)

    def tokens(self, texts: list[str]) -> list[Tokens]:
        """The tokens of each text; at most 256 of one are read."""
        return [self._one(text) for text in texts]

    def _made(self, text: str) -> Tokens:
        encoded = self._tokenizer.encode(text)
        arrays = RECIPE.arrays([encoded], RECIPE.document)
        (hidden,) = self._session.run([HIDDEN], {name: arrays[name] for name in self._inputs})
        vectors = hidden[0, 1:-1]
        return Tokens(np.array(encoded.ids[1:-1]), vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
