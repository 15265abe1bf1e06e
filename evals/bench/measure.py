"""Measure: each public set by name, from its folder to its figures."""

from pathlib import Path

from evals.bench.injection import measure_injection
from evals.bench.outcome import Outcome
from evals.bench.retrieval import measure_retrieval
from evals.bench.sentences import measure_sentences
from evals.bench.sets import LOADERS, InjectionSet, RetrievalSet, SentenceSet, load_injection, load_sentences
from evals.bench.shelf import Parts, Progress, silent
from ingest.errors import CasesError

LEAST_SENTENCES = {"squad2": 1, "policyqa": 3}
"""Paragraphs of one or two sentences leave nothing to choose: PolicyQA has many."""

BenchSet = RetrievalSet | SentenceSet | InjectionSet


def load(name: str, folder: Path, limit: int | None = None) -> BenchSet:
    """Read a set. Raises CasesError naming the file, the line, the cause and what to do."""
    if not folder.is_dir():
        raise CasesError(f"There is no folder {folder}. Name the folder of the set's files with --from.")
    if name in LEAST_SENTENCES:
        return load_sentences(folder, limit, LEAST_SENTENCES[name])
    return load_injection(folder, limit) if name == "injection" else LOADERS[name](folder, limit)


def measure(name: str, found: BenchSet, parts: Parts, progress: Progress = silent) -> Outcome:
    """Run the assistant and the plain recipe over a set that was read under this name."""
    if isinstance(found, RetrievalSet):
        return measure_retrieval(name, found, parts, progress)
    if isinstance(found, SentenceSet):
        return measure_sentences(name, found, parts, progress)
    return measure_injection(found, parts, progress)
