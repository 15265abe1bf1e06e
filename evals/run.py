"""Run: every case goes through the real chain, turn by turn; what was expected and what came is written down."""

import datetime
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from langchain_core.callbacks import UsageMetadataCallbackHandler
from langchain_core.runnables import RunnableSequence

from assistant.batch import answer_dict
from assistant.chain import Guidance
from assistant.check import CitedAnswer
from assistant.retrieve import Evidence, Scored, Turn
from assistant.settings import ROOT, Settings
from evals.casebook.schema import Case
from evals.describe import SEED, Plan, describe, differences, finished
from evals.folder import ANSWERS, RUN, Answered, Retrieved, Said, append_lines, read_finished, read_json, write_json, write_lines
from ingest.catalogue import Catalogue, current_generation
from ingest.errors import CasesError, GuidanceError
from ingest.manifest import Audience

KEPT = 20
WARM_UP = "What does partnership mean?"


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
        raise CasesError(f"{folder} already holds a run. Name another folder with --out, go on with it by --resume, or remove it.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise CasesError(f"The run folder {folder} cannot be made ({exc.strerror}). Name another with --out.") from exc
    return folder


def run(
    plan: Plan, guidance: Guidance, settings: Settings, progress: Callable[[Case, int], None] = lambda *_: None, usage: UsageMetadataCallbackHandler | None = None
) -> None:
    """Answer every case into the run folder; `progress` hears each case and how many are done.

    Each answer is on disk as soon as it is there. A folder that holds a part of this very run is gone on with; it raises
    CasesError where cases, documents, models or code are not what they were.
    """
    random.seed(SEED)
    described = describe(plan, settings, Catalogue.load(current_generation(settings.data)))
    done = _done(plan, described)
    if not done:
        write_json(plan.out / RUN, described)
    ask(guidance, Turn(WARM_UP))
    left = [case for case in plan.cases if case.id not in done]
    append_lines(plan.out / ANSWERS, _answers(left, plan.workers, guidance, settings, lambda case, n: progress(case, len(done) + n)))
    write_json(plan.out / RUN, {**read_json(plan.out, RUN), **finished(plan, usage)})
    order = {case.id: place for place, case in enumerate(plan.cases)}
    write_lines(plan.out / ANSWERS, sorted(read_finished(plan.out).values(), key=lambda row: order[row["id"]]))


def _done(plan: Plan, described: dict) -> set[str]:
    """The ids that an interrupted run has answered."""
    finished = read_finished(plan.out)
    if not finished:
        return set()
    changed = differences(read_json(plan.out, RUN), described)
    if changed:
        raise CasesError(f"The run in {plan.out} cannot be gone on with: {', '.join(changed)} changed since it began. Begin another with --out FOLDER.")
    write_lines(plan.out / ANSWERS, finished.values())
    return set(finished)


def ask(guidance: Guidance, turn: Turn) -> Exchange:
    """Put one turn through the steps of the chain, keeping the evidence that passes by: nothing is searched twice."""
    evidence, value = None, turn
    started = time.perf_counter()
    for step in guidance.chain.steps if isinstance(guidance.chain, RunnableSequence) else (guidance.chain,):
        value = step.invoke(value)
        evidence = value if isinstance(value, Evidence) else evidence
    return Exchange(evidence, value, (time.perf_counter() - started) * 1000)


def _answers(cases: list[Case], workers: int, guidance: Guidance, settings: Settings, progress: Callable[[Case, int], None]) -> Iterator[Answered]:
    with ThreadPoolExecutor(workers, thread_name_prefix="case") as pool:
        asked = {pool.submit(answer_case, case, guidance, settings.allow(case.audience)): case for case in cases}
        try:
            for number, future in enumerate(as_completed(asked), start=1):
                yield future.result()
                progress(asked[future], number)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


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
    said = tuple(Said(statement.text, statement.marks) for statement in exchange.answer.statements)
    row = _row(case, audience, answer_dict(exchange.answer), hits, exchange.latency_ms)
    return replace(row, concepts=concepts, actual_statements=said, actual_language=exchange.answer.language)


def _row(case: Case, audience: Audience, answer: dict, hits: tuple[Scored, ...], latency_ms: float) -> Answered:
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
        actual_statements=(),
        actual_citations=tuple(answer["citations"]),
        retrieved=tuple(_retrieved(scored) for scored in hits),
        latency_ms=round(latency_ms, 1) if latency_ms else float("nan"),
        tags=case.tags,
    )


def _retrieved(scored: Scored) -> Retrieved:
    hit = scored.hit
    return Retrieved(hit.id, hit.source.id, hit.trail, f"{hit.lead_text} {hit.plain_text}".strip(), round(scored.score, 6))
