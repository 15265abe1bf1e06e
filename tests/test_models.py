"""Embedding models other than the default: exported where that works, run by the library where not, and known by their files."""

import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import tiny_models as tiny
from conftest import ROOT, environment
from langchain_core.embeddings import Embeddings

from assistant.search import Library
from ingest.embed import load_embeddings, model_identity, obtain
from ingest.embed.exported import Export, ExportedModel
from ingest.embed.plain import SentenceTransformerEmbeddings
from ingest.errors import IndexMismatch, ModelFilesError
from ingest.pipeline import ingest, is_stale

pytestmark = pytest.mark.slow  # builds and exports models

E5 = {"query": "query: ", "passage": "passage: "}
KINDS = {
    "BERT, first token, lower case, 48 tokens": tiny.Kind(tiny.bert, "cls", tokens=48, lower=True),
    "BERT that pads on the left, last token": tiny.Kind(tiny.bert_padded_left, "lasttoken"),
    "BERT in half precision, mean": tiny.Kind(tiny.bert_half),
    "BERT, mean without the prompt": tiny.Kind(tiny.bert, prompts={"query": "Which principles ", "document": "Partners take part "}, include_prompt=False),
    "XLM-R, unigram, prompts, mean, normalised": tiny.Kind(tiny.xlm_roberta, prompts=E5, normalized=True),
    "XLM-R, unigram, maximum, dense": tiny.Kind(tiny.xlm_roberta, "max", dense=True, normalized=True),
    "MPNet, mean by root of length": tiny.Kind(tiny.mpnet, "mean_sqrt_len_tokens"),
    "T5, weighted mean, dense": tiny.Kind(tiny.t5, "weightedmean", dense=True),
    "ModernBERT, two poolings, cut to 40 dimensions": tiny.Kind(tiny.modern_bert, ("cls", "mean"), truncated=40),
    "Qwen3, last token, instruction": tiny.Kind(tiny.qwen, "lasttoken", prompts={"query": "Instruct: find\nQuery: "}),
}
TEXTS = [
    "Partners",
    "Which principles guide our partnerships?",
    " Las organizaciones asociadas participan en las decisiones, desde el principio. ",
    "शिक्षा के सिद्धांत 合作伙伴参与决策 🙂",
    "We PAY fifteen per cent of the core costs of each partner. " * 3,
    "Partners take part in decisions from the start of a project to its end. " * 30,
]
CORPUS = {"costs.md": "# Costs\n\nWe pay fifteen per cent of the core costs.\n", "voice.md": "# Voice\n\nPartners take part in decisions.\n"}
Make = Callable[..., Path]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Torch on one thread: for models this small, several wait for each other and for onnxruntime's, three times as long."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Makes a tiny model in a folder of its own."""
    return lambda kind: tiny.make(kind, tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def e5(made: Make) -> Path:
    """A multilingual model with prompts."""
    return made(KINDS["XLM-R, unigram, prompts, mean, normalised"])


@pytest.fixture(scope="module")
def quick(e5: Path, tmp_path_factory: pytest.TempPathFactory) -> Embeddings:
    """The same model, exported."""
    return load_embeddings(str(e5), tmp_path_factory.mktemp("quick"))


def exports(data: Path) -> list[Export | None]:
    return [Export.load(folder) for folder in (data / "models").iterdir()]


# The route of the export


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_an_exported_model_gives_the_vectors_of_the_library(made: Make, tmp_path: Path, kind: tiny.Kind) -> None:
    folder = made(kind)
    ours, theirs = load_embeddings(str(folder), tmp_path), SentenceTransformerEmbeddings("tiny", folder)
    assert isinstance(ours, ExportedModel)
    together = np.sum(np.multiply(ours.embed_documents(TEXTS), theirs.embed_documents(TEXTS)), axis=1)
    alone = [np.dot(ours.embed_query(text), theirs.embed_query(text)) for text in TEXTS]
    assert together.min() > 0.9999 and min(alone) > 0.9999
    [export] = exports(tmp_path)
    assert export.cosine > 0.9999


def test_vectors_tell_texts_apart(quick: Embeddings) -> None:
    vectors = np.asarray(quick.embed_documents(TEXTS))
    others = (vectors @ vectors.T)[~np.eye(len(TEXTS), dtype=bool)]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1) and others.max() < 0.99


def test_prompts_make_a_question_and_a_passage_of_the_same_words_differ(e5: Path, quick: Embeddings, tmp_path: Path) -> None:
    [passage], question = quick.embed_documents([TEXTS[1]]), quick.embed_query(TEXTS[1])
    assert np.dot(passage, question) < 0.999
    without = shutil.copytree(e5, tmp_path / "without")
    (without / "config_sentence_transformers.json").unlink()
    plain = SentenceTransformerEmbeddings("tiny", without)
    assert np.dot(plain.embed_query("passage: " + TEXTS[1]), passage) > 0.9999


def test_lower_case_and_the_limit_of_tokens_are_taken_over(made: Make, tmp_path: Path) -> None:
    model = load_embeddings(str(made(KINDS["BERT, first token, lower case, 48 tokens"])), tmp_path)
    assert model.embed_query("PARTNERS Take Part") == pytest.approx(model.embed_query("partners take part"))
    assert model.embed_query("decisions " * 60) == pytest.approx(model.embed_query("decisions " * 90), abs=1e-5)


def test_an_export_is_made_once_and_anew_when_a_file_of_it_was_touched(e5: Path, tmp_path: Path) -> None:
    load_embeddings(str(e5), tmp_path)
    [folder] = (tmp_path / "models").iterdir()
    first = (folder / "model.onnx").stat().st_mtime_ns
    load_embeddings(str(e5), tmp_path)
    assert (folder / "model.onnx").stat().st_mtime_ns == first
    (folder / "tokenizer.json").write_text("{}")
    load_embeddings(str(e5), tmp_path)
    assert (folder / "model.onnx").stat().st_mtime_ns > first and Export.load(folder).recipe


def test_a_question_imports_neither_torch_nor_the_library(e5: Path, new_corpus: Callable, tmp_path: Path) -> None:
    ingest(new_corpus(CORPUS), tmp_path, str(e5))
    script = """
        import sys
        from pathlib import Path
        from assistant.query import query_for
        from assistant.search import Library
        from ingest.embed import load_embeddings
        model, data = sys.argv[1], Path(sys.argv[2])
        library = Library(data, load_embeddings(model, data), model)
        hits = library.searcher("staff").search(query_for("What do you pay?", (), (), library.vector_of))
        print(len(hits), sorted({"torch", "sentence_transformers", "transformers"} & set(sys.modules)))
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(e5), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)
    assert done.stdout == "2 []\n", done.stderr


def test_a_data_folder_that_cannot_be_written_is_named(e5: Path, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("")
    with pytest.raises(ModelFilesError, match="cannot be exported to .*--data DIR") as error:
        load_embeddings(str(e5), tmp_path)
    assert str(tmp_path / "models") in str(error.value)


# The plain route


def reason(folder: Path, data: Path) -> str:
    """Why the model in the folder was not exported; it has to embed all the same, and not to be tried again."""
    embeddings = load_embeddings(str(folder), data)
    assert isinstance(embeddings, SentenceTransformerEmbeddings)
    assert np.linalg.norm(embeddings.embed_query("Partners")) == pytest.approx(1)
    [export] = exports(data)
    assert export == Export(None, embeddings.reason, None, {})
    return embeddings.reason


def test_a_model_without_a_fast_tokenizer_takes_the_plain_route(made: Make, tmp_path: Path) -> None:
    assert reason(made(tiny.Kind(tiny.canine)), tmp_path) == "it has no fast tokenizer"


def test_a_model_of_other_modules_takes_the_plain_route(tmp_path: Path) -> None:
    assert reason(tiny.make_static(tmp_path / "static"), tmp_path) == "it has modules of other kinds (StaticEmbedding)"


def test_a_model_that_the_exporter_cannot_trace_takes_the_plain_route(made: Make, tmp_path: Path) -> None:
    assert reason(made(tiny.Kind(tiny.gemma)), tmp_path).startswith("its export fails (RuntimeError: ")


def test_a_model_whose_export_gives_other_vectors_takes_the_plain_route(made: Make, tmp_path: Path) -> None:
    """The library weighs positions from the text's start on, the graph from the end of the prompt that is left out."""
    kind = tiny.Kind(tiny.bert, "weightedmean", prompts={"query": "Which principles guide our ", "document": "We pay "}, include_prompt=False)
    assert "the exported vectors differ from the library's (cosine 0." in reason(made(kind), tmp_path)


def test_the_plain_route_is_said_once_at_ingestion(new_corpus: Callable, tmp_path: Path, cli: Callable) -> None:
    folder = tiny.make_static(tmp_path / "static")
    done = cli("ingest", "--corpus", new_corpus(CORPUS), "--data", tmp_path / "data", env={"GUIDANCE_EMBEDDING_MODEL": str(folder)})
    said = "runs by sentence-transformers itself, since it has modules of other kinds (StaticEmbedding)"
    log = (tmp_path / "data" / "ingest.log").read_text()
    assert done.returncode == 0 and (done.stdout + done.stderr).count(said) == log.count(said) == 1


# Which model it is


def test_a_model_trained_anew_in_its_folder_is_another_model(made: Make, new_corpus: Callable, tmp_path: Path) -> None:
    folder, corpus, data = tmp_path / "mine", new_corpus(CORPUS), tmp_path / "data"
    shutil.copytree(made(tiny.Kind(tiny.bert)), folder)
    first = ingest(corpus, data, str(folder))
    shutil.copytree(made(tiny.Kind(tiny.bert, seed=2)), folder, dirs_exist_ok=True)
    with pytest.raises(IndexMismatch, match="guidance ingest"):
        Library(data, load_embeddings(str(folder), tmp_path / "elsewhere"), str(folder)).searcher("staff")
    assert is_stale(corpus, data, str(folder))
    again = ingest(corpus, data, str(folder))
    assert again.embedded == first.embedded > 0 and again.catalogue.model != first.catalogue.model and len(exports(data)) == 1


@pytest.mark.parametrize("file", ["config_sentence_transformers.json", "1_Pooling/config.json", "tokenizer.json"])
def test_other_prompts_pooling_or_tokens_make_another_model(made: Make, tmp_path: Path, file: str) -> None:
    folder = shutil.copytree(made(tiny.Kind(tiny.bert)), tmp_path / "mine")
    before = model_identity(str(folder))
    with (folder / file).open("a") as changed:
        changed.write(" ")
    assert model_identity(str(folder)) != before


def test_words_about_a_model_are_no_part_of_it(made: Make, tmp_path: Path) -> None:
    folder = shutil.copytree(made(tiny.Kind(tiny.bert)), tmp_path / "mine")
    before = model_identity(str(folder))
    (folder / "README.md").write_text("A model.")
    assert model_identity(str(folder)) == before and before.startswith(f"{folder}@")


# Where it lies


@pytest.mark.parametrize("name", ["acme/tiny", "tiny"])
def test_a_model_in_the_hubs_cache_is_found_by_name(e5: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    entry = tmp_path / "cache" / f"models--{'acme' if '/' in name else 'sentence-transformers'}--tiny"
    shutil.copytree(e5, entry / "snapshots" / "0123abc")
    (entry / "refs").mkdir()
    (entry / "refs" / "main").write_text("0123abc")
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "cache"))
    obtain(name)
    assert isinstance(load_embeddings(name, tmp_path), ExportedModel) and model_identity(name).startswith(f"{name}@")


@pytest.mark.parametrize("name", ["acme/no-such-model", "no-such-model", "no such model?"])
@pytest.mark.parametrize("network", [{"HF_HUB_OFFLINE": "1"}, {"HF_ENDPOINT": "http://127.0.0.1:9"}], ids=["offline", "no network"])
def test_a_wrong_name_is_said_at_once(name: str, network: dict[str, str], tmp_path: Path) -> None:
    script = "import sys, ingest.embed\ntry: ingest.embed.obtain(sys.argv[1])\nexcept ingest.errors.ModelFilesError as exc: print(exc)"
    started = time.perf_counter()
    env = {**environment(network), "HF_HUB_CACHE": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script, name], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert repr(name) in done.stdout and "GUIDANCE_EMBEDDING_MODEL" in done.stdout and done.stdout.count("\n") == 1, done.stderr
    assert time.perf_counter() - started < 15


def test_a_question_never_asks_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path))
    with pytest.raises(ModelFilesError, match="is not on this machine.*run guidance ingest once with a network"):
        load_embeddings("acme/no-such-model", tmp_path)


@pytest.mark.parametrize("name", ["./no-such-folder", "/no/such/folder", "~/no-such-folder"])
def test_a_folder_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(ModelFilesError, match="there is no such folder") as error:
        obtain(name)
    assert repr(name) in str(error.value)


def test_a_folder_that_is_no_model_is_named_with_the_variable_to_set(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="cannot be loaded") as error:
        obtain(str(tmp_path))
    assert str(tmp_path) in str(error.value) and "GUIDANCE_EMBEDDING_MODEL" in str(error.value)


@pytest.mark.parametrize("file", ["model.safetensors", "config.json", "modules.json", "tokenizer.json", "1_Pooling/config.json"])
def test_a_damaged_folder_is_named_with_the_remedy(made: Make, tmp_path: Path, file: str) -> None:
    folder = shutil.copytree(made(tiny.Kind(tiny.bert)), tmp_path / "mine")
    os.truncate(folder / file, (folder / file).stat().st_size // 2)
    with pytest.raises(ModelFilesError, match="Copy or download it again") as error:
        load_embeddings(str(folder), tmp_path)
    assert str(folder) in str(error.value) and not list((tmp_path / "models").glob("*"))
