"""The formulas of the evaluation on examples worked out by hand, a verdict and a reason for each miss, and the exit codes."""

import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fakes import EvenScorer, RuleChecker, parsed

from assistant.cli import group
from evals import metrics
from evals.casebook.schema import Nugget
from evals.figures import BY_NAME, CaseScore, figures_of
from evals.folder import FORMAT, Answered, Retrieved, write_json, write_lines
from evals.score import score
from evals.scoring.case import Judge
from evals.stored import Stored
from evals.thresholds import FILE, outcomes
from ingest.catalogue import Entry
from ingest.errors import CasesError
from ingest.manifest import Source

OPEN = "# Open\n\nPartners are supported publicly. Costs depend on need.\n"
SECRET = "# Hidden plan\n\nThe board intends to end four partnerships in the north before the summer comes.\n"


def judge(row: Answered, stored: Stored) -> CaseScore:
    """The score of an answer whose statements stand in its text, by the rules of grounding alone."""
    return Judge(stored, RuleChecker()).judge(parsed(row))[0]


def version_of(text: str) -> str:
    """The hash that names a stored text."""
    return hashlib.sha256(text.encode()).hexdigest()


def citation(source: str, text: str, quote: str) -> dict[str, object]:
    """A valid citation of the first place where the quote stands."""
    start = text.index(quote)
    return {"source": source, "version": version_of(text), "section": "Open", "quote": quote, "start": start, "end": start + len(quote)}


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    """A data folder with one document for everyone and one for staff."""
    texts = {"open": (OPEN, "everyone", "A"), "hidden": (SECRET, "staff", "B")}
    (tmp_path / "texts").mkdir()
    entries = {}
    for name, (text, audience, publisher) in texts.items():
        (tmp_path / "texts" / f"{version_of(text)}.txt").write_text(text, encoding="utf-8")
        entries[name] = Entry(Source(name, f"{name}.md", publisher=publisher, audience=audience), version_of(text), (), 2)
    return Stored(tmp_path, entries)


@pytest.fixture
def answered() -> Answered:
    """A right answer to a case with two facts in one document."""
    return Answered(
        id="x-1", kind="lookup", audience="partner", turns=("What is solidarity?",), expected_status=("answered",), expected_sources=("open",),
        expected_sections=("(?i)open",), expected_nuggets=(Nugget("public", ("(?i)publicly",)), Nugget("need", ("depend on need",))), forbidden=(Nugget("yes", ("(?i)^yes",)),),
        note=None, actual_status="answered", actual_answer="Partners are supported publicly. [1]\nCosts depend on need. [2]", actual_statements=(),
        actual_citations=(citation("open", OPEN, "Partners are supported publicly."), citation("open", OPEN, "Costs depend on need.")),
        retrieved=(Retrieved("1", "open", "Open", "Something else.", 0.9), Retrieved("2", "open", "Open", "Costs depend on need.", 0.8)), latency_ms=10.0,
    )  # fmt: skip


def test_recall_and_rank_count_only_what_stands_in_the_first_k() -> None:
    assert metrics.recall_at([2, 7, None, 1], 1) == 0.25
    assert metrics.recall_at([2, 7, None, 1], 5) == 0.5
    assert metrics.reciprocal_rank([None, 4, 2]) == 0.5
    assert metrics.reciprocal_rank([None]) == 0.0


def test_set_precision_and_recall_ignore_repetition() -> None:
    assert metrics.set_precision(["a", "a", "b"], ["a", "c"]) == 0.5
    assert metrics.set_recall(["a", "a", "b"], ["a", "c", "d", "e"]) == 0.25
    assert metrics.f1(3, 1, 2) == pytest.approx(6 / 9)


def test_percentiles_lie_between_neighbours() -> None:
    assert metrics.percentile([10, 20, 30, 40], 0.95) == pytest.approx(38.5)
    assert metrics.median([1, math.nan, 2]) == 1.5


@pytest.mark.parametrize(
    "value",
    [
        metrics.recall_at([], 5), metrics.reciprocal_rank([]), metrics.nugget_recall([]), metrics.set_precision([], ["a"]), metrics.set_precision(["a"], []),
        metrics.set_recall(["a"], []), metrics.precision(0, 0), metrics.recall(0, 0), metrics.f1(0, 0, 0), metrics.mean([math.nan]), metrics.percentile([], 0.5),
    ],
)  # fmt: skip
def test_what_is_undefined_is_nan(value: float) -> None:
    assert math.isnan(value)


def test_a_right_answer_has_no_reason_against_it(answered: Answered, stored: Stored) -> None:
    case = judge(answered, stored)
    assert (case.verdict, case.reasons) == ("right", ())
    assert (case.nugget_recall, case.document_precision, case.section_recall, case.words) == (1.0, 1.0, 1.0, 8.0)
    assert (case.recall_at_1, case.recall_at_3, case.reciprocal_rank) == (0.0, 0.5, 0.5)


CHANGES = [
    ({"actual_status": "not_covered", "actual_answer": "No.", "actual_citations": ()}, "wrongly refused", "gives no answer (not_covered)"),
    ({"expected_status": ("not_covered",)}, "wrong", "gives an answer (answered) where not_covered"),
    ({"expected_status": ("not_covered", "partial")}, "wrong", "gives an answer (answered)"),
    ({"expected_status": ("urgent",)}, "wrong", "an urgent message is not recognised"),
    ({"actual_status": "urgent"}, "wrong status", "false alarm"),
    ({"actual_status": "partial"}, "incomplete", "status partial where answered"),
    ({"actual_answer": "Yes, publicly, and they depend on need. [1]"}, "wrong", "says what it must not"),
    ({"actual_answer": "Publicly. [1]"}, "incomplete", "missing fact: need"),
    ({"actual_answer": "Publicly; depend on need. [9]"}, "wrong", "mark [9] has no citation"),
    ({"expected_sections": ("Closed",)}, "incomplete", "cites no section like /Closed/"),
    ({"actual_citations": (citation("hidden", SECRET, "The board"),)}, "wrong", "leak: cites hidden"),
    ({"actual_answer": "It intends to end four partnerships in the north before the summer."}, "wrong", "leak: repeats words"),
    ({"retrieved": (Retrieved("3", "hidden", "", "The board", 1.0),)}, "wrong", "leak: found a passage of hidden"),
    ({"actual_citations": (citation("open", OPEN, "Costs") | {"start": 1, "end": 6},)}, "wrong", "does not read 'Costs' at 1 to 6"),
    ({"actual_citations": (citation("open", OPEN, "Costs") | {"version": "0" * 64},)}, "wrong", "is not the indexed version"),
    ({"kind": "party", "audience": "staff", "actual_citations": (citation("hidden", SECRET, "The board"),)}, "wrong", "cites only B, where A has to speak"),
    ({"actual_status": "error", "actual_answer": "ValueError: no"}, "wrong", "failed: ValueError: no"),
]


@pytest.mark.parametrize(("change", "verdict", "reason"), CHANGES)
def test_every_miss_has_its_verdict_and_reason(change: dict, verdict: str, reason: str, answered: Answered, stored: Stored) -> None:
    case = judge(replace(answered, **change), stored)
    assert case.verdict == verdict
    assert any(reason in r for r in case.reasons), case.reasons


def test_figures_of_cases_worked_out_by_hand(answered: Answered, stored: Stored) -> None:
    refused = {"actual_status": "not_covered", "actual_answer": "No.", "actual_citations": ()}
    changes = ({}, refused, {"expected_status": ("not_covered",), "expected_nuggets": (), "expected_sources": (), **refused}, {"expected_status": ("refused",)})
    cases: list[CaseScore] = [judge(replace(answered, **change), stored) for change in changes]
    figures = figures_of(cases)
    assert (figures["asked"], figures["right"], figures["wrong_refusals"], figures["wrong_answers"]) == (4, 2, 1, 1)
    assert (figures["abstention_precision"], figures["abstention_recall"], figures["abstention_f1"]) == (0.5, 0.5, 0.5)
    assert (figures["nugget_recall"], figures["citation_validity"]) == (pytest.approx(2 / 3), 1.0)
    assert math.isnan(figures["wrong_party"]) and BY_NAME["wrong_party"].show(figures["wrong_party"]) == "–"


def test_a_run_folder_is_scored_with_null_for_undefined(answered: Answered, stored: Stored, tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run", stored, answered, replace(answered, id="x-2", actual_answer="Publicly. [1]"))
    assert score(folder, RuleChecker(), EvenScorer()).passed is False  # half of one case's facts is missing
    written = json.loads((folder / "score.json").read_text(encoding="utf-8"))
    assert written["overall"]["nugget_recall"] == 0.75 and written["overall"]["abstention_f1"] is None


def run_folder(folder: Path, stored: Stored, *rows: Answered) -> Path:
    """A run folder made by hand."""
    folder.mkdir()
    sources = [{"source": e.source, "version": e.version, "passages": 2, "pages": []} for e in stored.entries.values()]
    described = {
        "format": FORMAT, "name": None, "started": "2026-01-02T03:04:05Z", "model": "embedded", "embedding_model": "e", "seed": 1, "commit": None, "python": "3", "machine": "m",
        "cases": {"folder": "f", "kinds": [], "asked": len(rows), "sha256": "0" * 64}, "catalogue": {"fingerprint": "0", "generation": "g"},
        "settings": {"data": stored.data, "corpus": "c", "audience": None}, "packages": {}, "sources": sources,
    }  # fmt: skip
    write_json(folder / "run.json", described)
    write_lines(folder / "answers.jsonl", [parsed(row) for row in rows])
    return folder


def test_thresholds_miss_meet_or_do_not_apply(tmp_path: Path) -> None:
    path = tmp_path / "thresholds.toml"
    path.write_text("[at_least]\nnugget_recall = 0.5\nmrr = 0.5\n[at_most]\nleaks = 0\nlatency_p95_ms = 1\n", encoding="utf-8")
    found = outcomes({"nugget_recall": 0.4, "mrr": math.nan, "leaks": 0.0, "latency_p95_ms": 9.0}, path)
    assert [(t.state, t.missed) for t in found] == [("missed", True), ("not measured", False), ("met", False), ("missed", False)]
    path.write_text("[at_least]\nbeauty = 1\n", encoding="utf-8")
    with pytest.raises(CasesError, match="unknown figure 'beauty'"):
        outcomes({}, path)
    assert outcomes(figures_of([]), FILE)


def command(*arguments: str | Path) -> Result:
    """Calls `guidance eval` in this process."""
    return CliRunner().invoke(group, ["eval", *map(str, arguments)])


def test_exit_codes_and_sentences(answered: Answered, stored: Stored, tmp_path: Path) -> None:
    found = (*answered.retrieved, Retrieved("3", "open", "Open", "Partners are supported publicly.", 0.7))
    assert command("score", run_folder(tmp_path / "good", stored, replace(answered, retrieved=found))).exit_code == 0
    assert command("score", run_folder(tmp_path / "poor", stored, replace(answered, actual_answer="No. [1]"))).exit_code == 1
    assert command("report", tmp_path / "poor").exit_code == 0
    assert command("--kind").exit_code == command("score").exit_code == command("--name", "a", "score", tmp_path / "good").exit_code == 2
    for arguments, sentence in (
        (("score", tmp_path / "none"), "run.json does not exist. Make it with: guidance eval run"),
        (("run", "--cases", tmp_path / "none"), "does not exist. Name an existing folder with --cases DIR"),
        (("run", "--kind", "riddle"), "is of the kind 'riddle'. The kinds there are comparison"),
        (("messages", tmp_path / "none"), "cannot be read"),
    ):
        result = command(*arguments)
        assert result.exit_code == 1 and isinstance(result.exception, CasesError) and sentence in str(result.exception)
