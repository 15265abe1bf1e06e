"""The default model: all-MiniLM-L6-v2 trained on questions about partnership policies, as one file of the project's own.

`evals/training/encoder.py` made it, `docs/encoder.md` says from what and what it gained. Its weights are in int8 and its
arithmetic in fp32; it needs no export and, like every ONNX file here, no torch.
"""

from pathlib import Path

from ingest.embed.exported import TOKENIZER, ExportedModel, Recipe, Side
from ingest.embed.files import PINNED, PUBLISHED, TUNED, TUNED_SHA256, sha256_of, verify
from ingest.errors import ModelFilesError
from ingest.vocabulary import packaged_folder

WEIGHTS = Path(__file__).parent / "weights" / f"{TUNED}.onnx"
RECIPE = Recipe(query=Side(), document=Side(), tokens=256, cut="right", padding="right", pad_id=0, pad_type=0)


def verified_tokenizer(weights: Path = WEIGHTS, expected: str = TUNED_SHA256) -> Path:
    """The file of the tokenizer, once it and the weights are the pinned ones. Raises ModelFilesError."""
    if not weights.is_file() or sha256_of(weights) != expected:
        raise ModelFilesError(
            f"{weights} is missing or is not the file that this version was measured with. Check the project out again, "
            f"or set GUIDANCE_EMBEDDING_MODEL={PUBLISHED} and run: guidance ingest"
        )
    folder = packaged_folder()
    verify(folder, {TOKENIZER: PINNED[TOKENIZER]})
    return folder / TOKENIZER


def load_tuned(weights: Path = WEIGHTS, expected: str = TUNED_SHA256) -> ExportedModel:
    """The packaged encoder. Vectors have 384 dimensions and length 1. Raises ModelFilesError."""
    return ExportedModel(weights, verified_tokenizer(weights, expected), RECIPE)
