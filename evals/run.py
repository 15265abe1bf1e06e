"""Run: every case goes through the real chain, turn by turn; what was expected and what came is written down."""

import datetime
import hashlib
import importlib.metadata
import os
import platform
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableSequence

from assistant.batch import answer_dict
from assistant.chain import Guidance
from assistant.check import CitedAnswer
from assistant.retrieve import Evidence, Scored, Turn
from assistant.settings import ROOT, Settings
from evals.cases import Case, case_files
from evals.folder import ANSWERS, RUN, Answered, Retrieved, write_json, write_lines
from ingest.catalogue import Catalogue, current_generation
from ingest.embed import sha256_of
from ingest.errors import CasesError, GuidanceError
from ingest.manifest import Audience

KEPT = 20
SEED = 20170
WARM_UP = "What does partnership mean?"
PACKAGES = (
    *("bm25s", "chromadb", "langchain", "langchain-core", "numpy", "onnxruntime", "partnership-guidance"),
    *("sentence-transformers", "sentencex", "tokenizers", "torch"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run and where to write it."""

    cases: tuple[Case, ...]
    cases_folder: Path
    out: Path
    name: str | None = None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn and what the chain made of it: what was found, what was answered, and how long both took."""

    evidence: Evidence | None
    answer: CitedAnswer
    latency_ms: float


def new_folder(out: Path | None, name: str | None) -> Path:
    """The run folder: the one named, or one with the UTC time. Raises CasesError where it already holds a run."""
    started = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%SZ}"
    folder = out or ROOT / "evals" / "runs" / "-".join(part for part in (started, name) if part)
    if (folder / ANSWERS).exists():
        raise CasesError(f"{folder} already holds a run. Name another folder with --out, or remove this one.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise CasesError(f"The run folder {folder} cannot be made ({exc.strerror}). Name another with --out.") from exc
    return folder


def run(plan: Plan, guidance: Guidance, settings: Settings, progress: Callable[[Case, int], None] = lambda *_: None) -> None:
    """Answer every case into the run folder; `progress` hears each case and how many are done.

    Raises CasesError when a case expects a document that the index does not hold.
    """
    random.seed(SEED)
    catalogue = Catalogue.load(current_generation(settings.data))
    _check_sources(plan.cases, catalogue, settings)
    write_json(plan.out / RUN, describe(plan, settings, catalogue))
    ask(guidance, Turn(WARM_UP))
    write_lines(plan.out / ANSWERS, _answers(plan.cases, guidance, settings, progress))


def ask(guidance: Guidance, turn: Turn) -> Exchange:
    """Put one turn through the steps of the chain, keeping the evidence that passes by: nothing is searched twice."""
    evidence, value = None, turn
    started = time.perf_counter()
    for step in guidance.chain.steps if isinstance(guidance.chain, RunnableSequence) else (guidance.chain,):
        value = step.invoke(value)
        evidence = value if isinstance(value, Evidence) else evidence
    return Exchange(evidence, value, (time.perf_counter() - started) * 1000)


def _answers(cases: tuple[Case, ...], guidance: Guidance, settings: Settings, progress: Callable[[Case, int], None]) -> Iterator[Answered]:
    for number, case in enumerate(cases, start=1):
        yield answer_case(case, guidance, settings.allow(case.audience))
        progress(case, number)


def answer_case(case: Case, guidance: Guidance, audience: Audience) -> Answered:
    """One case. An exception becomes an answer of status "error", so that one defect does not hide the other cases."""
    try:
        told: tuple[str, ...] = ()
        for position, message in enumerate(case.turns):
            exchange = ask(guidance, Turn(message, case.turns[:position], audience, told))
            told = (*told, exchange.answer.told)
    except GuidanceError as exc:
        return _row(case, audience, {"status": "error", "answer": str(exc), "citations": []}, (), 0.0)
    except Exception as exc:  # a defect of ours, to be seen in the report
        return _row(case, audience, {"status": "error", "answer": f"{type(exc).__name__}: {exc}", "citations": []}, (), 0.0)
    evidence = exchange.evidence
    hits = evidence.all_hits[:KEPT] if evidence else ()
    concepts = tuple(found.concept.name for part in (evidence.parts or (evidence,)) for found in part.concepts) if evidence else ()
    return replace(_row(case, audience, answer_dict(exchange.answer), hits, exchange.latency_ms), concepts=concepts)


def _row(case: Case, audience: Audience, answer: dict[str, Any], hits: tuple[Scored, ...], latency_ms: float) -> Answered:
    return Answered(
        id=case.id,
        kind=case.kind,
        audience=audience,
        turns=case.turns,
        expected_status=case.expected_status,
        expected_sources=case.expected_sources,
        expected_sections=case.expected_sections,
        expected_nuggets=case.nuggets,
        forbidden=case.forbidden,
        note=case.note,
        actual_status=answer["status"],
        actual_answer=answer["answer"],
        actual_citations=tuple(answer["citations"]),
        retrieved=tuple(_retrieved(scored) for scored in hits),
        latency_ms=round(latency_ms, 1) if latency_ms else float("nan"),
    )


def _retrieved(scored: Scored) -> Retrieved:
    hit = scored.hit
    return Retrieved(hit.id, hit.source.id, hit.trail, f"{hit.lead_text} {hit.plain_text}".strip(), round(scored.score, 6))


def _check_sources(cases: tuple[Case, ...], catalogue: Catalogue, settings: Settings) -> None:
    known = [entry.source.id for entry in catalogue.entries]
    for case in cases:
        for source in case.expected_sources:
            if source not in known:
                raise CasesError(
                    f"{case.id}: expected_sources names {source!r}, which the index in {settings.data} does not hold; it holds "
                    f"{', '.join(known)}. Correct the id, or name the cases of this corpus with --cases."
                )


def describe(plan: Plan, settings: Settings, catalogue: Catalogue) -> dict[str, Any]:
    """Everything that is needed to repeat the run, and the sources as they stood."""
    return {
        "name": plan.name,
        "started": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "cases": {"folder": plan.cases_folder.resolve(), "kinds": plan.kinds, "asked": len(plan.cases), "sha256": _hash_of(plan.cases_folder)},
        "settings": {**asdict(settings), "corpus": settings.corpus.resolve(), "data": settings.data.resolve()},
        "model": settings.model or "embedded",
        "embedding_model": catalogue.model,
        "catalogue": {"fingerprint": catalogue.fingerprint, "generation": catalogue.generation, "chunking": catalogue.chunking, "home": catalogue.home},
        "weights": {path.name: sha256_of(path) for path in sorted((ROOT / "assistant" / "weights").glob("*.onnx"))},
        "seed": SEED,
        "commit": commit(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "packages": {name: _version(name) for name in PACKAGES},
        "sources": [{"source": asdict(e.source), "version": e.version, "passages": e.passages, "pages": e.pages} for e in catalogue.entries],
    }


def commit() -> str | None:
    """The git commit of the code, with "+changes" where the working tree differs; None outside a repository."""
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
    return f"{head}+changes" if changed else head


def _hash_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in case_files(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
