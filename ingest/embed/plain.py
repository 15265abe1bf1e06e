"""The plain route: sentence-transformers itself, which every process that embeds has to import (with torch, 7 to 11 s)."""

from dataclasses import dataclass
from pathlib import Path

from langchain_core.embeddings import Embeddings

from ingest.embed.files import REMEDY
from ingest.errors import ModelFilesError


@dataclass(frozen=True, slots=True)
class Prompts:
    """What a model wants before each question and before each passage."""

    query: str
    document: str


class SentenceTransformerEmbeddings(Embeddings):
    """A sentence-transformers model with the prompts that it defines; `reason` says why it was not exported."""

    def __init__(self, name: str, folder: Path, reason: str = "") -> None:
        self.reason = reason
        self.model = open_model(name, folder)
        self.prompts = prompts_of(self.model)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text, of length 1."""
        return self.model.encode_document(texts, prompt=self.prompts.document, normalize_embeddings=True, show_progress_bar=False).tolist()

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.model.encode_query(text, prompt=self.prompts.query, normalize_embeddings=True, show_progress_bar=False).tolist()


def prompts_of(model) -> Prompts:
    """The prompts that a SentenceTransformer defines, by the names that the library knows.

    Chosen here since the library fills in an empty prompt for documents, and then overlooks the one for passages.
    """
    held = {name: prompt for name, prompt in model.prompts.items() if prompt}
    return Prompts(held.get("query", ""), next((held[name] for name in ("document", "passage", "corpus") if name in held), ""))


def open_model(name: str, folder: Path, device: str | None = None):
    """The SentenceTransformer in a folder, from its files alone, in fp32 whatever they hold. Raises ModelFilesError naming the folder and the remedy."""
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()
        return SentenceTransformer(str(folder), device=device, local_files_only=True).float()
    except Exception as exc:  # the libraries raise OSError, ValueError, SafetensorError and others for files that are missing or damaged
        cause = (str(exc).strip() or type(exc).__name__).splitlines()[0]
        raise ModelFilesError(
            f"The embedding model {name!r} cannot be loaded: a file in {folder} is missing or damaged ({type(exc).__name__}: {cause}). "
            f"Copy or download it again. {REMEDY}"
        ) from exc
