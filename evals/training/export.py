"""Turn a trained model into the ONNX file that the project ships, and print its SHA-256.

    python -m evals.training.export --model FOLDER --out assistant/weights/NAME.onnx
    python -m evals.training.export --model FOLDER --encoder --out ingest/embed/weights/partnership-minilm.onnx

A classifier runs in int8. An encoder, a sentence-transformers folder, keeps its vectors: only its weights are int8.
"""

import argparse
import tempfile
import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModelForSequenceClassification

from evals.training.shrink import shrink
from ingest.embed import sha256_of
from ingest.embed.export import export
from ingest.embed.exported import GRAPH

NAMES = ["input_ids", "attention_mask", "token_type_ids"]


class Logits(torch.nn.Module):
    """The classifier with its inputs in a fixed order and one output."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.model = AutoModelForSequenceClassification.from_pretrained(str(folder), attn_implementation="eager").eval()

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor) -> torch.Tensor:
        """Logits of shape (batch, labels)."""
        return self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).logits


def export_encoder(model: Path, out: Path) -> None:
    """Export as any embedding model is exported, then store the weights in int8."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "export"
        export(str(model), model, folder)
        out.parent.mkdir(parents=True, exist_ok=True)
        shrink(folder / GRAPH, out)
    print(out, out.stat().st_size, sha256_of(out))


def main() -> None:
    """Export, quantize, print the hash."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--encoder", action="store_true", help="an encoder, and not a classifier")
    args = parser.parse_args()
    if args.encoder:
        export_encoder(args.model, args.out)
        return
    example = torch.ones((2, 8), dtype=torch.int64)
    dynamic = {0: "batch", 1: "tokens"}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the exporter warns of its own deprecation and of constants it folds
        full = Path(scratch) / "full.onnx"
        torch.onnx.export(
            Logits(args.model), (example, example, torch.zeros_like(example)), str(full), dynamo=False, opset_version=17,
            input_names=NAMES, output_names=["logits"], dynamic_axes={**{n: dynamic for n in NAMES}, "logits": {0: "batch"}},
        )
        quantize_dynamic(full, args.out, weight_type=QuantType.QInt8, per_channel=True)
    print(args.out, args.out.stat().st_size, sha256_of(args.out))


if __name__ == "__main__":
    main()
