"""Speed: what a person waits for, beside the plain recipe, on the machine at hand. Nothing here is a promise about another one."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.chain import build
from assistant.retrieve import Turn
from assistant.settings import ROOT, Settings
from evals.casebook.schema import Case
from evals.ingestion import scale
from evals.ingestion.process import finish, ingest_command, start
from evals.ingestion.speed import RECIPE
from evals.metrics import percentile
from evals.run import WARM_UP, ask
from ingest.catalogue import Catalogue, current_generation
from ingest.errors import CasesError

REPEATS = 3
PER_DOCUMENT = 26
"""Passages of a made-up policy, on average."""
SEED, ASKED, NEAREST = 20170, 150, 4
HELP = (sys.executable, "-m", "assistant.cli", "--help")
NOTHING = (sys.executable, "-c", "pass")
PLAIN = "import sys; from evals.speed import plain_answers; plain_answers(sys.argv[1])"

WATCH = """
import json, subprocess, sys, time
started = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
seconds, peak = time.perf_counter() - started, None
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
except ImportError:
    pass
print(json.dumps([done.returncode, seconds, peak, done.stdout]))
"""
"""Starts a command from a small process: a child's peak counts what its parent held when it was started. KiB, bytes on macOS."""

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Way:
    """One way of answering: a first answer in a fresh process with the most memory that it held, and warm answers."""

    cold_s: float
    cold_peak_mib: float | None
    warm_p50_ms: float
    warm_p95_ms: float


@dataclass(frozen=True, slots=True)
class Speed:
    """The assistant beside the plain recipe; `help_ratio` is `guidance --help` over a Python that does nothing."""

    passages: int
    questions: int
    ours: Way
    plain: Way
    help_s: float
    help_ratio: float

    def as_json(self) -> str:
        """All figures as one JSON object."""
        return json.dumps(asdict(self), indent=1)


def measure(cases: Sequence[Case], settings: Settings, progress: Progress) -> Speed:
    """Time the help text, a question in a fresh process, then the cases' last questions warm: by both ways."""
    turns = [Turn(case.question, case.turns[:-1], settings.allow(case.audience)) for case in cases]
    return _measured(turns, settings, progress)


def measure_large(passages: int, settings: Settings, progress: Progress) -> Speed:
    """The same over about so many passages of made-up policies, with questions made of their words."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        corpus, data = Path(made) / "corpus", Path(made) / "data"
        corpus.mkdir()
        scale.write_corpus(corpus, max(1, passages // PER_DOCUMENT), SEED)
        progress("reading made-up policies", 0, None)
        finish(start(ingest_command(corpus, data), Path(made) / "said"), Path(made) / "said")
        turns = [Turn(question, (), "staff") for question in scale.questions(ASKED, SEED)]
        return _measured(turns, replace(settings, corpus=corpus, data=data), progress)


def plain_answers(folder: str) -> None:
    """What most tutorials do, in a process of its own: MiniLM, a Chroma collection, the nearest four; prints milliseconds."""
    import chromadb
    from sentence_transformers import SentenceTransformer

    from ingest.vocabulary import packaged_folder

    model = SentenceTransformer(str(packaged_folder()))
    store = chromadb.PersistentClient(path=f"{folder}/plain", settings=chromadb.Settings(anonymized_telemetry=False))
    collection, times = store.get_collection("plain", embedding_function=None), []
    for question in json.loads((Path(folder) / "questions.json").read_text(encoding="utf-8")):
        started = time.perf_counter()
        collection.query(query_embeddings=[model.encode(question).tolist()], n_results=NEAREST)
        times.append((time.perf_counter() - started) * 1000)
    print(json.dumps(times))


def print_speed(speed: Speed) -> None:
    """What was measured, one line each."""
    from rich.console import Console
    from rich.table import Table

    table = Table("What", "Here", "Plain recipe", title=f"{speed.passages:,} passages, {speed.questions:,} questions")
    for name, of in (
        ("first answer of a fresh process", lambda way: f"{way.cold_s:.1f} s"),
        ("most memory that this process held", lambda way: "not known here" if way.cold_peak_mib is None else f"{way.cold_peak_mib:,.0f} MiB"),
        ("warm answer, median", lambda way: f"{way.warm_p50_ms:,.0f} ms"),
        ("warm answer, 95th percentile", lambda way: f"{way.warm_p95_ms:,.0f} ms"),
    ):
        table.add_row(name, of(speed.ours), of(speed.plain))
    table.add_row("guidance --help", f"{speed.help_s:.2f} s, {speed.help_ratio:.1f} times a Python that does nothing", "")
    Console().print(table)


def fastest(command: Sequence[str]) -> float:
    """The least of some wall-clock times of a process, in seconds: what else the machine does only adds."""
    return min(seconds_and_mib(command)[0] for _ in range(REPEATS))


def seconds_and_mib(command: Sequence[str]) -> tuple[float, float | None]:
    """Wall-clock seconds of a process and the most memory that it held at once, in MiB, where the system says."""
    done = subprocess.run((sys.executable, "-c", WATCH, *command), cwd=ROOT, capture_output=True, text=True, check=True)
    status, seconds, peak, said = json.loads(done.stdout)
    if status != 0:
        raise CasesError(f"{' '.join(command[1:])} ended with {status}: {said.strip()[-300:]} Mend that and measure again.")
    return seconds, peak


def _measured(turns: Sequence[Turn], settings: Settings, progress: Progress) -> Speed:
    help_s, nothing_s = fastest(HELP), fastest(NOTHING)
    progress("the plain recipe", 0, None)
    plain = _plain(turns, settings.corpus)
    progress("a fresh process", 0, None)
    cold = seconds_and_mib((sys.executable, "-m", "assistant.cli", "ask", WARM_UP, "--corpus", str(settings.corpus), "--data", str(settings.data)))
    guidance = build(settings)
    ask(guidance, Turn(WARM_UP))
    times = []
    for number, turn in enumerate(turns, start=1):
        times.append(ask(guidance, turn).latency_ms)
        progress("asking", number, len(turns))
    held = sum(entry.passages for entry in Catalogue.load(current_generation(settings.data)).entries)
    return Speed(held, len(turns), Way(*cold, percentile(times, 0.5), percentile(times, 0.95)), plain, help_s, help_s / nothing_s)


def _plain(turns: Sequence[Turn], corpus: Path) -> Way:
    with _asked(turns) as folder:
        seconds_and_mib((sys.executable, "-c", RECIPE, str(corpus), str(folder / "plain")))
        output = folder / "said"
        finish(start([sys.executable, "-c", PLAIN, str(folder)], output), output)
        times = json.loads(output.read_text(encoding="utf-8").splitlines()[-1])
        (folder / "questions.json").write_text(json.dumps([WARM_UP]), encoding="utf-8")
        cold = seconds_and_mib((sys.executable, "-c", PLAIN, str(folder)))
    return Way(*cold, percentile(times[1:], 0.5), percentile(times[1:], 0.95))


@contextmanager
def _asked(turns: Sequence[Turn]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        questions = [WARM_UP, *(turn.message for turn in turns)]
        (Path(made) / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
        yield Path(made)
