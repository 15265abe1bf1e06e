"""Export a sentence-transformers model once: everything up to the sentence vector becomes one ONNX graph.

An export is used only where its vectors are those of sentence-transformers on the sentences below.
"""

import os
import shutil
import warnings
from pathlib import Path

import numpy as np

from ingest.embed.exported import GRAPH, PARTIAL, TOKENIZER, Export, ExportedModel, Recipe, Side
from ingest.embed.files import sha256_of
from ingest.embed.plain import open_model, prompts_of
from ingest.errors import ModelFilesError

ALIKE = 0.9999
"""The least cosine of an exported vector with the library's own."""
MOST_TOKENS = 1_000_000
"""A limit above this is transformers' way to say that there is none."""
ACCEPTED = ("input_ids", "attention_mask", "token_type_ids")
TRIED = (
    "Partners",
    "Which principles guide our partnerships?",
    "  Two LINES\nwith a tab\t and   spaces, £20 – 15% of the “core” costs; é as one or as two: e\u0301.  ",
    "¿Qué apoyo pueden esperar las organizaciones asociadas, y qué se espera de ellas?",
    "Partners take part in decisions from the start of a project to its end. " * 8,
    "Las organizaciones asociadas participan en las decisiones desde el principio hasta el final del proyecto. " * 45,
)


class NotExportable(Exception):
    """A model has to run by sentence-transformers itself: `str(error)` says why."""


def export(name: str, folder: Path, target: Path) -> Export:
    """Write graph, tokenizer and recipe of the model in `folder` to the new folder `target`, or the reason why not.

    Raises ModelFilesError when the model itself cannot be loaded or the export cannot be written.
    """
    model = open_model(name, folder, device="cpu")
    partial = target.with_name(f"{target.name}.{os.getpid()}{PARTIAL}")
    try:
        partial.mkdir(parents=True, exist_ok=True)
        done = _exported(model, partial)
        done.save(partial)
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
        return done
    except OSError as exc:
        if meanwhile := Export.load(target):  # another process was quicker
            return meanwhile
        raise ModelFilesError(f"The embedding model {name!r} cannot be exported to {target.parent} ({exc.strerror}). Make room, or choose another folder with --data DIR.") from exc
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _exported(model, folder: Path) -> Export:
    try:
        recipe = recipe_of(model)
        expected = _by_the_library(model, recipe)
        (folder / TOKENIZER).write_text(model.tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
        _write_graph(model, recipe, folder / GRAPH)
        least = check(ExportedModel(folder / GRAPH, folder / TOKENIZER, recipe), expected)
    except NotExportable as exc:
        return _none(str(exc), folder)
    except (OSError, MemoryError):
        raise  # of the machine, not of the model: the next run may do better
    except Exception as exc:  # tracing runs any model's own code, and the exporter and onnxruntime raise what they like
        return _none(f"its export fails ({type(exc).__name__}: {(str(exc).strip() or 'no more is said').splitlines()[0]})", folder)
    return Export(recipe, cosine=least, files={path.name: sha256_of(path) for path in sorted(folder.iterdir())})


def _none(reason: str, folder: Path) -> Export:
    for path in folder.iterdir():
        path.unlink()
    return Export(None, reason)


def recipe_of(model) -> Recipe:
    """How the model's texts are prepared. Raises NotExportable where the recipe cannot say it."""
    transformer = _transformer(model)
    tokenizer = transformer.tokenizer
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        raise NotExportable("it has no fast tokenizer")
    prompts, limit = prompts_of(model), model.max_seq_length
    return Recipe(
        query=Side(prompts.query, _unpooled(model, prompts.query)),
        document=Side(prompts.document, _unpooled(model, prompts.document)),
        tokens=limit if limit and limit < MOST_TOKENS else None,
        cut=tokenizer.truncation_side,
        padding=tokenizer.padding_side,
        pad_id=tokenizer.pad_token_id or 0,
        pad_type=tokenizer.pad_token_type_id,
    )


def _transformer(model):
    """The model's first module. Raises NotExportable unless every module is one that a graph can hold."""
    from sentence_transformers.base.modules import Dense, Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Dropout, LayerNorm, Pooling

    first, *others = model
    foreign = [type(m).__name__ for m in others if type(m) not in (Pooling, Dense, Normalize, Dropout, LayerNorm)]
    if type(first) is not Transformer or foreign:
        raise NotExportable(f"it has modules of other kinds ({', '.join([type(first).__name__, *foreign])})")
    if "message" in first.modality_config or first.modality_config.get("text", {}).get("method") != "forward":
        raise NotExportable("its texts go through a chat template or a method of their own")
    if first.query_expansion or first.query_length or first.document_length or first.processing_kwargs:
        raise NotExportable("it prepares questions and passages in ways of their own")
    features = model.preprocess(["a"])
    if foreign := [key for key in features if key not in (*ACCEPTED, "modality", "prompt_length")] or "input_ids" not in features:
        raise NotExportable(f"its tokenizer makes inputs of other kinds ({foreign})")
    return first


def _unpooled(model, prompt: str) -> int:
    """How many leading tokens are the prompt's, where the model leaves those out of the vector."""
    if all(getattr(module, "include_prompt", True) for module in model) or not prompt:
        return 0
    return model.preprocess(["a"], prompt=prompt)["prompt_length"]


def _by_the_library(model, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """The vectors of the sentences as passages, in one batch, and as questions, each alone; of shape (sentences, dimensions)."""
    options = {"normalize_embeddings": True, "show_progress_bar": False}
    passages = model.encode_document(list(TRIED), prompt=recipe.document.prompt, **options)
    return passages, np.stack([model.encode_query(text, prompt=recipe.query.prompt, **options) for text in TRIED])


def check(exported: ExportedModel, expected: tuple[np.ndarray, np.ndarray]) -> float:
    """The least cosine with the library's vectors. Raises NotExportable when it is under `ALIKE`."""
    made = np.asarray([exported.embed_documents(list(TRIED)), [exported.embed_query(text) for text in TRIED]])
    least = float(np.sum(made * np.asarray(expected), axis=-1).min())
    if not least >= ALIKE:  # NaN fails too
        raise NotExportable(f"the exported vectors differ from the library's (cosine {least:.4f}, at least {ALIKE} is asked)")
    return least


def _write_graph(model, recipe: Recipe, path: Path) -> None:
    """Trace the model (fp32, any number of texts and tokens) into an ONNX file."""
    import torch

    model[0].auto_model.set_attn_implementation("eager")  # fused attention takes shortcuts that a trace would keep as constants
    names = [name for name in ACCEPTED if name in model.preprocess(["a"])]
    if recipe.query.unpooled or recipe.document.unpooled:
        names.append("pooled_mask")
    ids = model.preprocess([TRIED[1], TRIED[2]])
    example = tuple(ids.get(name, ids["attention_mask"]) for name in names)
    dynamic = {name: {0: "texts", 1: "tokens"} for name in names}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the exporter warns of its own deprecation and of constants it folds
        torch.onnx.export(
            _sentence(model, names), example, str(path), dynamo=False, opset_version=17,
            input_names=names, output_names=["vector"], dynamic_axes={**dynamic, "vector": {0: "texts"}},
        )


def _sentence(model, names: list[str]):
    """The model from token ids to the vector, with its inputs in a fixed order and one output of length 1."""
    import torch

    class Sentence(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.steps = torch.nn.ModuleList(model)

        def forward(self, *arrays):
            features = dict(zip(names, arrays))
            pooled = features.pop("pooled_mask", None)
            for step in self.steps:
                if pooled is not None and hasattr(step, "include_prompt"):
                    features["attention_mask"] = pooled
                features = step(features)
            return torch.nn.functional.normalize(features["sentence_embedding"][:, : model.truncate_dim], p=2, dim=1)

    return Sentence().eval()
