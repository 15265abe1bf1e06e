"""Scored run folders made by hand, without a run."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals.casebook.schema import Nugget
from evals.figures import CaseScore
from evals.folder import ANSWERS, CASES, FORMAT, RUN, Answered, Said, write_json, write_lines

ANSWERED = Answered(
    id="lookup-01", kind="lookup", audience="partner", turns=("What is solidarity?",), expected_status=("answered",), expected_sources=("open",),
    expected_sections=(), expected_nuggets=(Nugget("public", ("(?i)publicly",)),), forbidden=(), note=None, actual_status="answered",
    actual_answer="Partners are supported publicly. [1]\nCosts depend on need. [2]",
    actual_statements=(Said("Partners are supported publicly.", (1,)), Said("Costs depend on need.", (2,))),
    actual_citations=(
        {"source": "open", "title": "An open policy", "section": "2 Solidarity", "page": 3, "quote": "Partners are **supported** publicly."},
        {"source": "plain", "quote": "Costs depend on need."},
    ),
    retrieved=(), latency_ms=10.0,
)  # fmt: skip
SCORE = CaseScore(
    id="lookup-01", kind="lookup", verdict="right", reasons=(), status_right=True, must_abstain=False, abstained=False, error=False, wrong_answer=False,
    wrong_refusal=False, missed_urgent=None, false_alarm=False, wrong_party=None, ended_as_current=None, leaks=0, citations=2, invalid_citations=0,
    recall_at_1=1.0, recall_at_3=1.0, recall_at_5=1.0, recall_at_10=1.0, reciprocal_rank=1.0, ndcg_at_10=1.0, f2_at_5=1.0, nugget_recall=1.0,
    exception_recall=float("nan"), statements=2, supported=2, strength_kept=2, citation_recall=1.0, citation_precision=1.0, relevance=0.9, language=1.0,
    document_precision=1.0, document_recall=1.0, section_precision=1.0, section_recall=1.0, words=8.0, latency_ms=10.0,
)  # fmt: skip
STARTED, HASH = "2026-01-02T03:04:05Z", "0" * 64


def answer(case: str, verdict: str = "right", refused: bool = False, **changes: Any) -> tuple[Answered, CaseScore]:
    """A case of the kind that its id begins with, as it was answered and scored."""
    kind = case.rpartition("-")[0]
    refusal = {"actual_status": "not_covered", "actual_answer": "Nothing is said of it.", "actual_statements": (Said("Nothing is said of it."),), "actual_citations": ()}
    row = replace(ANSWERED, id=case, kind=kind, **({**refusal, **changes} if refused else changes))
    reasons = () if verdict == "right" else (f"{case} is {verdict}",)
    return row, replace(SCORE, id=case, kind=kind, verdict=verdict, reasons=reasons, abstained=refused)


def write_run(folder: Path, pairs: Sequence[tuple[Answered, CaseScore]], **changes: Any) -> Path:
    """A scored run folder; `changes` are those of `run.json`."""
    folder.mkdir()
    source = {"source": {"id": "open", "title": "An open policy"}, "version": "a" * 64, "passages": 2, "pages": []}
    described = {
        "format": FORMAT, "name": None, "started": STARTED, "cases": {"folder": "f", "kinds": [], "asked": len(pairs), "sha256": HASH}, "model": "embedded",
        "embedding_model": "e", "catalogue": {"fingerprint": "0"}, "weights": {"one.onnx": "1"}, "prompts": "p", "machine": "m", "workers": 1, "sources": [source],
    }  # fmt: skip
    write_json(folder / RUN, {**described, **changes})
    write_lines(folder / ANSWERS, (row for row, _ in pairs))
    write_lines(folder / CASES, (score for _, score in pairs))
    return folder
