"""Embedding models behind LangChain's `Embeddings`.

When documents are ingested a model is exported once to ONNX (`export`) and run by onnxruntime afterwards (`exported`),
so that a question never waits for torch. A model that cannot be exported, or whose exported vectors are not the
library's, runs through sentence-transformers itself (`plain`). The default is all-MiniLM-L6-v2 as this project trained it
further (`tuned`), which comes as an ONNX file; the published one is packaged too. The files of both are compared with
pinned hashes (`files`).
"""

import re
import shutil
import time
from pathlib import Path

from langchain_core.embeddings import Embeddings

from ingest.embed.exported import GRAPH, PARTIAL, TOKENIZER, Export, ExportedModel
from ingest.embed.files import DEFAULT_MODEL, PINNED, PUBLISHED, TUNED, locate, model_identity, obtain, sha256_of, verify
from ingest.embed.plain import SentenceTransformerEmbeddings

__all__ = ["DEFAULT_MODEL", "PUBLISHED", "load_embeddings", "model_identity", "obtain", "remark", "sha256_of"]

AN_HOUR = 3600.0


def load_embeddings(name: str, data: Path) -> Embeddings:
    """The embedding model that is set; it is exported into `data/models` if it is not there yet.

    Raises ModelFilesError when files are missing, damaged or not the pinned ones.
    """
    if name == TUNED:
        from ingest.embed.tuned import load_tuned

        return load_tuned()
    folder, target = locate(name), data / "models" / _folder_name(model_identity(name))
    export = Export.load(target)
    if name == PUBLISHED:
        verify(folder, PINNED if export is None else {"tokenizer.json": PINNED["tokenizer.json"]})
    if export is None:
        from ingest.embed.export import export as make

        export = make(name, folder, target)
        _delete_others(target)
    if export.recipe is None:
        return SentenceTransformerEmbeddings(name, folder, export.reason)
    return ExportedModel(target / GRAPH, target / TOKENIZER, export.recipe)


def remark(name: str, embeddings: Embeddings) -> str | None:
    """What the one who ingests should know of the route that a model takes, or None where it is the quick one."""
    if not isinstance(embeddings, SentenceTransformerEmbeddings):
        return None
    return (
        f"The embedding model {name!r} runs by sentence-transformers itself, since {embeddings.reason}: "
        "the answers are the same, and each start of the assistant waits some ten seconds longer."
    )


def _folder_name(identity: str) -> str:
    """An identity as the name of a folder; its end, which holds the hash, is kept whole."""
    return re.sub(r"[^\w.]+", "-", identity)[-80:].strip("-")


def _delete_others(target: Path) -> None:
    """Exports of other models and of this one before it was trained anew: an index has one model."""
    for path in target.parent.iterdir():
        if path.is_file():
            path.unlink(missing_ok=True)
        elif path != target and not (path.name.endswith(PARTIAL) and time.time() - path.stat().st_mtime < AN_HOUR):
            shutil.rmtree(path, ignore_errors=True)  # a young partial one is another process at work
