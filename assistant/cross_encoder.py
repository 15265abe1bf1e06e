"""A sentence-transformers cross-encoder by its name on the hub or its folder: what a reranker and an inference judge are made of."""

from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import ModelFilesError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


def load_cross_encoder(name: str, role: str, remedy: str) -> "CrossEncoder":
    """Loads it on the CPU; imports torch. Raises ModelFilesError with the cause, and the remedy for this role."""
    if Path(name).is_absolute() and not Path(name).is_dir():
        raise ModelFilesError(f"The {role} {name!r} cannot be loaded: there is no such folder. {remedy}")
    try:
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging

        logging.disable_progress_bar()
        return CrossEncoder(name, device="cpu", local_files_only=Path(name).is_dir())
    except Exception as exc:  # the libraries raise OSError, ValueError, SafetensorError and others for what is missing or damaged
        cause = (str(exc).strip() or type(exc).__name__).splitlines()[0]
        raise ModelFilesError(f"The {role} {name!r} cannot be loaded ({type(exc).__name__}: {cause}). {remedy}") from exc
