"""What the tests share: one export of MiniLM, one index of the bundled corpus, and builders for small real files.

Nothing here stands in for a part of the project. A test that needs another corpus writes one and ingests it.
"""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from assistant import score, triage
from assistant.chain import Guidance, build
from assistant.search import Hit, Query, Searcher
from assistant.settings import Settings
from ingest.catalogue import Catalogue, current_generation
from ingest.embed import DEFAULT_MODEL, PUBLISHED, load_embeddings
from ingest.lexical import terms
from ingest.manifest import Audience, Source
from ingest.pipeline import ingest
from ingest.read import Document, read

ROOT = Path(__file__).resolve().parent.parent
ORIGINALS = ROOT.parent / "shared" / "originals"
SCRIPT = Path(sys.executable).with_name("guidance")
ENTRY = [str(SCRIPT)] if SCRIPT.is_file() else [sys.executable, "-m", "assistant.cli"]

Files = Mapping[str, str | bytes]


def missing_weights() -> list[str]:
    """The weights of the assistant's own small models that are not in this checkout."""
    return [path.name for path in (triage.WEIGHTS, score.WEIGHTS) if not path.is_file()]


@pytest.fixture(scope="session")
def weights() -> None:
    """Skips what has to answer a question while the weights are not there."""
    if missing := missing_weights():
        pytest.skip(f"assistant/weights/ lacks {', '.join(missing)}: no question can be answered without")


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `models/` folder of a data folder, the published MiniLM exported into it once for the whole session."""
    data = tmp_path_factory.mktemp("exported")
    load_embeddings(PUBLISHED, data)
    return data / "models"


@pytest.fixture(scope="session")
def embeddings(exported: Path) -> Embeddings:
    """The default embedding model."""
    return load_embeddings(DEFAULT_MODEL, exported.parent)


@pytest.fixture(scope="session")
def new_data(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes data folders that hold the exported model and no index yet."""

    def make() -> Path:
        data = tmp_path_factory.mktemp("data")
        shutil.copytree(exported, data / "models", copy_function=_link_or_copy)
        return data

    return make


@pytest.fixture
def fresh_data(new_data: Callable[[], Path]) -> Path:
    """A data folder of the test's own, with the exported model and no index yet."""
    return new_data()


@pytest.fixture(scope="session")
def index(new_data: Callable[[], Path]) -> Path:
    """The data folder into which the bundled corpus was ingested with the default model. Only to be read."""
    data = new_data()
    ingest(ROOT / "corpus", data, DEFAULT_MODEL)
    return data


@pytest.fixture(scope="session")
def guidance(index: Path, weights: None) -> Guidance:
    """The whole assistant over the bundled corpus."""
    return build(Settings(data=index))


@pytest.fixture(scope="session")
def new_corpus(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Files], Path]:
    """Writes files into a new corpus folder and names it."""

    def make(files: Files) -> Path:
        folder = tmp_path_factory.mktemp("corpus")
        write_files(folder, files)
        return folder

    return make


@pytest.fixture
def document(tmp_path: Path) -> Callable[..., Document]:
    """Reads a document from words or bytes through a real file: `document("# A", "a.md", digest=True)`."""

    def make(content: str | bytes, name: str = "a.txt", **row: object) -> Document:
        write_files(tmp_path, {name: content})
        return read(Source(id="a", path=name, **row), tmp_path)

    return make


@pytest.fixture(scope="session")
def make_pdf() -> Callable[..., bytes]:
    """Sets pages as a PDF; None makes a page that is only a picture. A password encrypts it."""
    return pdf_of


@pytest.fixture(scope="session")
def search(embeddings: Embeddings) -> Callable[..., tuple[Hit, ...]]:
    """Opens an index anew, as a process that starts would, and searches it for an audience."""

    def hits(data: Path, question: str, audience: Audience = "staff") -> tuple[Hit, ...]:
        generation = current_generation(data)
        searcher = Searcher(data, generation, Catalogue.load(generation), audience)
        try:
            return searcher.search(query_of(question, embeddings))
        finally:
            searcher.close()

    return hits


@pytest.fixture(scope="session")
def cli() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the real `guidance` command, with no GUIDANCE_* variable but those given."""

    def call(*arguments: str | Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        command = [*ENTRY, *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=environment(env), capture_output=True, encoding="utf-8", timeout=300)

    return call


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's variables without GUIDANCE_*, and `extra` on top; wide enough for every table."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUIDANCE_")}
    return {**kept, "COLUMNS": "250", **(extra or {})}


def query_of(question: str, embeddings: Embeddings) -> Query:
    """A question as the search takes it."""
    return Query(tuple(embeddings.embed_query(question)), dict.fromkeys(terms(question), 1.0))


def write_files(folder: Path, files: Files) -> None:
    """Write text (as UTF-8, line ends untouched) and bytes under `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def pdf_of(pages: list[str | None], password: str | None = None) -> bytes:
    """A PDF made with fpdf2; see `make_pdf`."""
    from fpdf import FPDF
    from PIL import Image
    from pypdf import PdfWriter

    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    for words in pages:
        pdf.add_page()
        if words is None:
            pdf.image(Image.new("RGB", (60, 90), "grey"), w=60)
        else:
            pdf.multi_cell(0, 8, words)
    made = bytes(pdf.output())
    if password is None:
        return made
    writer, encrypted = PdfWriter(clone_from=io.BytesIO(made)), io.BytesIO()
    writer.encrypt(password, algorithm="AES-256")
    writer.write(encrypted)
    return encrypted.getvalue()


def _link_or_copy(source: str, target: str) -> None:
    """A hard link where the file system has them: the exported model is 90 MB."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
