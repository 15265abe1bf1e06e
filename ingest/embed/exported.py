"""An exported model: texts become token ids as its recipe says, and onnxruntime makes their vectors, without torch."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

from ingest.embed.files import sha256_of
from ingest.runtime import open_session

if TYPE_CHECKING:
    from tokenizers import Tokenizer

VERSION = 1
"""Of the export's form; one of another version is made anew."""
GRAPH, TOKENIZER, RECIPE = "model.onnx", "tokenizer.json", "recipe.json"
PARTIAL = ".partial"
BATCH_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Side:
    """How questions, or passages, are put to a model: the words before each, and how many leading tokens of them the vector leaves out."""

    prompt: str = ""
    unpooled: int = 0


@dataclass(frozen=True, slots=True)
class Recipe:
    """What happens to a text before the graph: its side's prompt, the most tokens that are read (None: all), and padding."""

    query: Side
    document: Side
    tokens: int | None
    cut: str
    padding: str
    pad_id: int
    pad_type: int

    def arrays(self, encoded: list, side: Side) -> dict[str, np.ndarray]:
        """The graph's inputs, each int64 of shape (texts, tokens of the longest)."""
        width = max(len(e.ids) for e in encoded)
        ids, types = (np.full((len(encoded), width), fill, dtype=np.int64) for fill in (self.pad_id, self.pad_type))
        mask, pooled = (np.zeros((len(encoded), width), dtype=np.int64) for _ in range(2))
        for row, e in enumerate(encoded):
            first = width - len(e.ids) if self.padding == "left" else 0
            end = first + len(e.ids)
            ids[row, first:end], types[row, first:end], mask[row, first:end] = e.ids, e.type_ids, 1
            pooled[row, first + side.unpooled : end] = 1
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types, "pooled_mask": pooled}


@dataclass(frozen=True, slots=True)
class Export:
    """What came of exporting a model: its recipe, the least cosine with the library's vectors and the SHA-256 of each file; or the reason why there is none."""

    recipe: Recipe | None
    reason: str = ""
    cosine: float | None = None
    files: dict[str, str] | None = None

    @classmethod
    def load(cls, folder: Path) -> "Export | None":
        """What the folder says, or None where nothing was exported, by this version, or a file is not as it was written."""
        try:
            row = json.loads((folder / RECIPE).read_text(encoding="utf-8"))
            if row["version"] != VERSION or any(sha256_of(folder / name) != seal for name, seal in row["files"].items()):
                return None
            recipe = row["recipe"]
            sides = recipe and {side: Side(**recipe[side]) for side in ("query", "document")}
            return cls(recipe and Recipe(**{**recipe, **sides}), row["reason"], row["cosine"], row["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, folder: Path) -> None:
        """Write it beside the files that it describes."""
        row = {"version": VERSION, **asdict(self), "files": self.files or {}}
        (folder / RECIPE).write_text(json.dumps(row, indent=1, ensure_ascii=False), encoding="utf-8")


def tokenizer_of(file: Path, recipe: Recipe) -> "Tokenizer":
    """The tokenizer, without padding, cut where the recipe cuts."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    if recipe.tokens:
        tokenizer.enable_truncation(recipe.tokens, direction=recipe.cut)
    return tokenizer


class ExportedModel(Embeddings):
    """A sentence-transformers model on onnxruntime. Vectors have length 1."""

    def __init__(self, graph: Path, tokenizer: Path, recipe: Recipe) -> None:
        self.recipe = recipe
        self.tokenizer = tokenizer_of(tokenizer, recipe)
        self.session = open_session(graph)
        self._inputs = [held.name for held in self.session.get_inputs()]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text; a text that comes twice is embedded once."""
        unique = list(dict.fromkeys(texts))
        side = self.recipe.document
        vectors: dict[str, list[float]] = {}
        for batch in batches(self.tokenizer.encode_batch([side.prompt + text for text in unique]), BATCH_TOKENS):
            made = self._embed([encoded for _, encoded in batch], side)
            vectors |= {unique[i]: vector for (i, _), vector in zip(batch, made.tolist())}
        return [vectors[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        side = self.recipe.query
        return self._embed([self.tokenizer.encode(side.prompt + text)], side)[0].tolist()

    def _embed(self, encoded: list, side: Side) -> np.ndarray:
        """Vectors of shape (texts, dimensions)."""
        arrays = self.recipe.arrays(encoded, side)
        return self.session.run(None, {name: arrays[name] for name in self._inputs})[0]


def batches(encoded: list, tokens: int) -> Iterator[list[tuple[int, object]]]:
    """Encoded texts with their positions, those of like length together, at most `tokens` with padding in a batch.

    Small batches stay in the processor's cache: 1,024 tokens run twice as fast as 64 texts of 100 tokens.
    """
    batch: list[tuple[int, object]] = []
    for i in sorted(range(len(encoded)), key=lambda i: len(encoded[i].ids)):
        if batch and (len(batch) + 1) * len(encoded[i].ids) > tokens:
            yield batch
            batch = []
        batch.append((i, encoded[i]))
    if batch:
        yield batch
