"""Describe: everything that is needed to repeat a run, and to tell whether another run is the same."""

import datetime
import hashlib
import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from langchain_core.callbacks import UsageMetadataCallbackHandler

from assistant.settings import ROOT, Settings
from evals.casebook.read import case_files
from evals.casebook.schema import Case
from evals.folder import FORMAT, jsonable
from ingest.catalogue import Catalogue
from ingest.embed import sha256_of

SEED = 20170
PACKAGES = (
    *("bm25s", "chromadb", "langchain", "langchain-core", "numpy", "onnxruntime", "partnership-guidance"),
    *("sentence-transformers", "sentencex", "tokenizers", "torch"),
)
SAME = ("cases", "model", "embedding_model", "catalogue", "weights", "prompts", "commit")
"""What has to agree for a run to be gone on with."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run and where to write it; `workers` ask at the same time, and `prices` are for a million tokens in and out."""

    cases: tuple[Case, ...]
    cases_folder: Path
    out: Path
    name: str | None = None
    kinds: tuple[str, ...] = ()
    workers: int = 1
    prices: tuple[float, float] | None = None


def describe(plan: Plan, settings: Settings, catalogue: Catalogue) -> dict[str, Any]:
    """Everything that is needed to repeat the run, and the sources as they stood."""
    return {
        "format": FORMAT,
        "name": plan.name,
        "started": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "cases": {"folder": plan.cases_folder.resolve(), "kinds": plan.kinds, "asked": len(plan.cases), "sha256": _hash_of(case_files(plan.cases_folder))},
        "prompts": _hash_of(sorted((ROOT / "prompts").glob("*.md"))),
        "workers": plan.workers,
        "prices": plan.prices,
        "settings": {**asdict(settings), "corpus": settings.corpus.resolve(), "data": settings.data.resolve()},
        "model": settings.model or "embedded",
        "embedding_model": catalogue.model,
        "catalogue": {"fingerprint": catalogue.fingerprint, "generation": catalogue.generation, "chunking": catalogue.chunking, "home": catalogue.home},
        "weights": {path.name: sha256_of(path) for path in sorted((ROOT / "assistant" / "weights").glob("*.onnx"))},
        "seed": SEED,
        "commit": commit(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "packages": {name: _version(name) for name in PACKAGES},
        "sources": [{"source": asdict(e.source), "version": e.version, "passages": e.passages, "pages": e.pages} for e in catalogue.entries],
    }


def commit() -> str | None:
    """The git commit of the code, with "+changes" where the working tree differs; None outside a repository."""
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
    return f"{head}+changes" if changed else head


def _hash_of(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def differences(old: dict[str, Any], new: dict[str, Any]) -> tuple[str, ...]:
    """What of two runs does not agree, so that the one cannot go on where the other stopped."""
    return tuple(name for name in SAME if jsonable(old.get(name)) != jsonable(new.get(name)))


def finished(plan: Plan, usage: UsageMetadataCallbackHandler | None) -> dict[str, Any]:
    """What is known at the end: the time, and what a chat model read, wrote and cost; of a run that was gone on with, since then."""
    models = usage.usage_metadata.values() if usage else ()
    read, wrote = (sum(model[side] for model in models) for side in ("input_tokens", "output_tokens"))
    cost = None if plan.prices is None else (read * plan.prices[0] + wrote * plan.prices[1]) / 1_000_000
    return {"finished": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}", "usage": {"input_tokens": read, "output_tokens": wrote, "cost": cost}}
