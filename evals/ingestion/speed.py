"""Ingestion beside the plain recipe: the same documents, the same machine, each in a process of its own."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.settings import ROOT
from evals.ingestion.process import finish, ingest_command, read_log, start, texts_embedded
from ingest.errors import CasesError

DOCUMENTS = ROOT.parent / "shared" / "bench" / "doc2dial" / "docs.jsonl"
CHARACTERS, OVERLAP = 1000, 200
MOST_RATIO, MOST_SECONDS = 1.3, 3.0
RECIPE = "import sys; from evals.ingestion.speed import plain_recipe; plain_recipe(sys.argv[1], sys.argv[2])"
WARM_UP = "import chromadb, langchain_text_splitters, onnxruntime, sentence_transformers"


@dataclass(frozen=True, slots=True)
class Timed:
    """One way of making the folder searchable: seconds from the start of its process, passages and texts embedded."""

    seconds: float
    passages: int
    texts: int


@dataclass(frozen=True, slots=True)
class IngestSpeed:
    """The plain recipe, `guidance ingest` with and without the export of a model that needs one, and a run over unchanged files."""

    documents: int
    plain: Timed
    cold: Timed
    exported: Timed
    unchanged_seconds: float

    @property
    def cold_ratio(self) -> float:
        """The whole of the first run over the plain recipe."""
        return self.cold.seconds / self.plain.seconds

    @property
    def exported_ratio(self) -> float:
        """A run that finds its model exported over the plain recipe."""
        return self.exported.seconds / self.plain.seconds

    @property
    def passed(self) -> bool:
        """Whether even the cold run and the run over unchanged files are within their limits."""
        return self.cold_ratio <= MOST_RATIO and self.unchanged_seconds < MOST_SECONDS

    def as_json(self) -> str:
        """All figures as one JSON object."""
        return json.dumps({**asdict(self), "cold_ratio": self.cold_ratio, "exported_ratio": self.exported_ratio, "passed": self.passed}, indent=1)


def write_documents(rows: Path, folder: Path) -> None:
    """Write the documents of a JSONL file as text files under names of their own."""
    for number, line in enumerate(rows.read_text(encoding="utf-8").splitlines(), start=1):
        (folder / f"document-{number:04}.txt").write_text(json.loads(line)["text"], encoding="utf-8")


def measure(folder: Path | None, progress: Callable[[str], None] = lambda _: None) -> IngestSpeed:
    """Time every way on the text files of `folder`, by default on doc2dial's documents."""
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        corpus = folder or work / "corpus"
        if folder is None:
            corpus.mkdir()
            write_documents(DOCUMENTS, corpus)
        progress("reading the libraries from disk once")  # whoever comes first would pay for all
        subprocess.run([sys.executable, "-c", WARM_UP], cwd=ROOT, check=True, capture_output=True)
        progress("the plain recipe")
        plain = _timed_recipe(corpus, work)
        progress("guidance ingest, the model not yet exported")
        cold = _timed_ingest(corpus, work / "cold")
        progress("guidance ingest, the model exported")
        (work / "warm").mkdir()
        if (work / "cold" / "models").is_dir():  # the default model needs no export
            (work / "cold" / "models").rename(work / "warm" / "models")
        exported = _timed_ingest(corpus, work / "warm")
        progress("guidance ingest, nothing changed")
        return IngestSpeed(len(_text_files(corpus)), plain, cold, exported, _seconds(ingest_command(corpus, work / "warm"), work / "said"))


def plain_recipe(corpus: str, store: str) -> None:
    """What most tutorials do; prints when the last row was added, and how many rows there are."""
    import chromadb
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from sentence_transformers import SentenceTransformer

    from ingest.vocabulary import packaged_folder

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=OVERLAP)
    chunks = [chunk for path in _text_files(Path(corpus)) for chunk in splitter.split_text(path.read_text(encoding="utf-8"))]
    vectors = SentenceTransformer(str(packaged_folder())).encode(chunks)
    client = chromadb.PersistentClient(path=store, settings=chromadb.Settings(anonymized_telemetry=False))
    collection, most = client.create_collection("plain", embedding_function=None), client.get_max_batch_size()
    for at in range(0, len(chunks), most):
        part = slice(at, at + most)
        collection.add(ids=[str(i) for i in range(len(chunks))[part]], embeddings=vectors[part], documents=chunks[part])
    print(json.dumps({"ended": time.time(), "passages": collection.count()}))


def print_ingest_speed(speed: IngestSpeed) -> None:
    """The figures and whether they are within their limits."""
    from rich.console import Console
    from rich.table import Table

    table = Table("Run", "Seconds", "To the plain recipe", "Passages", "Texts", title=f"{speed.documents} documents")
    for name, timed, ratio in (
        (f"plain recipe ({CHARACTERS:,} characters, sentence-transformers, Chroma)", speed.plain, None),
        ("guidance ingest, exporting the model", speed.cold, speed.cold_ratio),
        ("guidance ingest, model exported before", speed.exported, speed.exported_ratio),
    ):
        table.add_row(name, f"{timed.seconds:.1f}", "" if ratio is None else f"{ratio:.2f}", f"{timed.passages:,}", f"{timed.texts:,}")
    table.add_row("guidance ingest, nothing changed", f"{speed.unchanged_seconds:.1f}", "", "", "0")
    console = Console()
    console.print(table)
    verdict = "Within" if speed.passed else "Not within"
    console.print(f"{verdict} the limits: {MOST_RATIO} times the plain recipe, export included, and {MOST_SECONDS:.0f} s where nothing changed.")


def _text_files(corpus: Path) -> list[Path]:
    found = sorted(path for path in corpus.rglob("*") if path.suffix in (".md", ".txt"))
    if not found:
        raise CasesError(f"{corpus} holds no .txt or .md file. Name a folder of text files with --folder DIR.")
    return found


def _timed_recipe(corpus: Path, work: Path) -> Timed:
    output = work / "recipe"
    started = time.time()
    finish(start([sys.executable, "-c", RECIPE, str(corpus), str(work / "plain")], output), output)
    said = json.loads(output.read_text(encoding="utf-8").splitlines()[-1])
    return Timed(said["ended"] - started, said["passages"], said["passages"])


def _timed_ingest(corpus: Path, data: Path) -> Timed:
    """Timed until `current.json` names the new generation; the process then still tidies up and prints."""
    output, seen = data.with_suffix(".out"), []

    def look() -> None:
        if not seen and (data / "current.json").is_file():
            seen.append(time.time())

    started = time.time()
    ended = finish(start(ingest_command(corpus, data), output), output, look)
    total = json.loads(output.read_text(encoding="utf-8").splitlines()[-1])["total"]
    return Timed(min([*seen, ended]) - started, total["passages"], texts_embedded(read_log(data)))


def _seconds(command: list[str], output: Path) -> float:
    started = time.time()
    return finish(start(command, output), output) - started
