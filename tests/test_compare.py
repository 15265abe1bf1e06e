"""Two runs side by side: the bootstrap on differences known beforehand, the cases that turned, and what else differs."""

import io
import json
import math
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console
from run_folders import SCORE, answer, write_run

from evals.compare import ScoredRun, case_score, compare, differences, read_scored
from evals.compare_command import compare as command
from evals.compare_tables import print_comparison, signed
from evals.figures import BY_NAME, FIGURES, CaseScore
from evals.folder import jsonable
from ingest.errors import CasesError


def test_the_interval_of_a_known_difference() -> None:
    """100 cases, of which 20 turn right: the share's difference is 0.2, its standard error sqrt(0.2 * 0.8 / 100) = 0.04."""
    old = [replace(SCORE, id=str(i), status_right=i >= 40) for i in range(100)]
    new = [replace(score, status_right=i >= 20) for i, score in enumerate(old)]
    (found,) = differences(old, new, [BY_NAME["status_accuracy"]])
    assert (found.a, found.b, found.difference) == (0.6, 0.8, pytest.approx(0.2))
    assert found.low == pytest.approx(0.2 - 1.96 * 0.04, abs=0.015) and found.high == pytest.approx(0.2 + 1.96 * 0.04, abs=0.015)
    assert found.is_marked
    assert differences(old, new, [BY_NAME["status_accuracy"]]) == (found,)


def test_a_ratio_of_sums_is_made_anew_of_each_draw() -> None:
    """One case has nearly all the statements: where it is not drawn, the figure is that of the others."""
    old = [replace(SCORE, id="a", statements=98, supported=0), *(replace(SCORE, id=str(i), statements=1, supported=1) for i in range(2))]
    new = [replace(old[0], supported=98), *old[1:]]
    (found,) = differences(old, new, [BY_NAME["groundedness"]])
    assert (found.a, found.b) == (0.02, 1.0)
    assert found.low == 0.0 and found.high == 1.0 and not found.is_marked


def test_the_same_run_differs_in_nothing_and_the_undefined_stays_undefined() -> None:
    cases = [replace(SCORE, id=str(i), words=float(i)) for i in range(9)]
    found = {d.figure.name: d for d in differences(cases, cases)}
    assert list(found) == list(BY_NAME) and not any(d.is_marked for d in found.values())
    assert (found["mean_words"].low, found["mean_words"].high) == (0.0, 0.0)
    undefined = found["wrong_party"]
    assert all(math.isnan(value) for value in (undefined.a, undefined.difference, undefined.low, undefined.high))


def test_draws_without_the_figure_are_left_out() -> None:
    """Only one case of three was urgent, so that every third draw or so has none."""
    old = [replace(SCORE, id="a", missed_urgent=True), replace(SCORE, id="b"), replace(SCORE, id="c")]
    new = [replace(old[0], missed_urgent=False), *old[1:]]
    (found,) = differences(old, new, [BY_NAME["missed_urgent"]])
    assert found.difference == -1 and -3 <= found.low < found.high == -1 and found.is_marked


def test_all_figures_of_173_cases_are_quick() -> None:
    old = [replace(SCORE, id=str(i), words=float(i % 50), latency_ms=float(i)) for i in range(173)]
    started = time.process_time()
    differences(old, [replace(score, latency_ms=score.latency_ms + i % 3) for i, score in enumerate(old)], FIGURES)
    assert time.process_time() - started < 10


def test_a_score_is_read_as_it_was_written() -> None:
    read = case_score(json.loads(json.dumps(jsonable(replace(SCORE, reasons=("why",))))))
    assert math.isnan(read.exception_recall) and read.wrong_party is None and read.reasons == ("why",)
    assert replace(read, exception_recall=1.0) == replace(SCORE, reasons=("why",), exception_recall=1.0) and isinstance(read, CaseScore)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two runs: one case got better, one worse, one stayed, and each run has one of its own."""
    same, [left, right] = answer("lookup-01"), [answer("lookup-08"), answer("lookup-09")]
    refused = answer("lookup-03", "wrongly refused", refused=True, turns=("Is [this] asked?",))
    a = write_run(tmp_path / "a", [same, answer("lookup-02", "wrong"), answer("lookup-03"), left])
    b = write_run(tmp_path / "b", [same, answer("lookup-02", "incomplete"), refused, right])
    return a, b


def test_the_cases_that_turned_with_their_reasons(folders: tuple[Path, Path]) -> None:
    found = compare(*map(read_scored, folders))
    assert [(t.case, t.old.verdict, t.new.verdict) for t in found.better] == [("lookup-02", "wrong", "incomplete")]
    assert [(t.case, t.new.reasons) for t in found.worse] == [("lookup-03", ("lookup-03 is wrongly refused",))]
    assert (found.both, found.only_a, found.only_b) == (("lookup-01", "lookup-02", "lookup-03"), ("lookup-08",), ("lookup-09",))
    assert found.warnings == ("Of the cases in both, 1 ask or expect something else in B: lookup-03.",)
    right = next(d for d in found.differences if d.figure.name == "right")
    assert (right.a, right.b, right.difference) == (2, 1, -1)


def test_it_warns_of_all_that_is_not_the_same(tmp_path: Path) -> None:
    pairs = [answer("lookup-01")]
    a = read_scored(write_run(tmp_path / "a", pairs))
    entries = [{"source": {"id": "open"}, "version": "b" * 64}, {"source": {"id": "new"}, "version": "c" * 64}]
    changes = {"cases": {"sha256": "1" * 64}, "sources": entries, "model": "gpt", "embedding_model": "f", "weights": {"one.onnx": "2", "two.onnx": "1"}}
    b = read_scored(write_run(tmp_path / "b", pairs, prompts="q", machine="n", workers=4, **changes))
    words = " ".join(compare(a, b).warnings)
    for part in (
        "files of cases are not the same (000000000000 in A, 111111111111 in B)", "only in B: new; of another version: open", "models are not the same (embedded in A, gpt in B)",
        "embedding models are not the same (e in A, f in B)", "weights are not the same (one.onnx, two.onnx)", "prompts are not", "machines are not", "asked at once (1 in A, 4 in B)",
    ):  # fmt: skip
        assert part in words
    c = read_scored(write_run(tmp_path / "c", pairs, catalogue={"fingerprint": "1"}))
    assert compare(a, c).warnings == ("The documents are not the same (the same texts, read or split otherwise).",)
    assert compare(a, a).warnings == ()


def test_the_table_fits_80_columns_and_shows_brackets(folders: tuple[Path, Path]) -> None:
    printed = io.StringIO()
    print_comparison(compare(*map(read_scored, folders)), Console(file=printed, width=80, highlight=False))
    words = printed.getvalue()
    assert max(map(len, words.splitlines())) <= 80 and "…" not in words
    parts = ("Got better (1)", "lookup-02: wrong -> incomplete", "A: lookup-02 is wrong", "Got worse (1)", "Is [this] asked?", "Only in A (1): lookup-08")
    for part in (*parts, "Warning: Of the cases"):
        assert part in words


def test_large_times_fit_too(tmp_path: Path) -> None:
    def made(name: str, **figures: float) -> ScoredRun:
        pairs = [answer(f"lookup-{i}") for i in range(9)]
        return read_scored(write_run(tmp_path / name, [(row, replace(score, **figures)) for row, score in pairs]))

    a, b = made("a", latency_ms=12345.6), made("b", latency_ms=98765.4)
    printed = io.StringIO()
    print_comparison(compare(a, b), Console(file=printed, width=80, highlight=False))
    words = printed.getvalue()
    assert max(map(len, words.splitlines())) <= 80 and "+86,420 to +86,420  *" in words and "…" not in words


def test_signs() -> None:
    share, count, words = BY_NAME["mrr"], BY_NAME["right"], BY_NAME["mean_words"]
    assert [signed(share, value) for value in (0.25, -0.25, 0.0, -0.001, math.nan)] == ["+0.25", "-0.25", "0.00", "0.00", "–"]
    assert (signed(count, -3.0), signed(words, 0.4)) == ("-3", "+0.4")


def test_the_command_prints_a_table_or_one_object(folders: tuple[Path, Path]) -> None:
    told = CliRunner().invoke(command, [*map(str, folders)])
    assert told.exit_code == 0 and "95 % interval" in told.output
    result = CliRunner().invoke(command, [*map(str, folders), "--json"])
    found = json.loads(result.output, parse_constant=pytest.fail)
    assert result.exit_code == 0 and found["cases"] == {"both": 3, "only_a": ["lookup-08"], "only_b": ["lookup-09"]}
    figures = {row["figure"]: row for row in found["figures"]}
    assert figures["wrong_party"]["low"] is None and figures["right"]["difference"] == -1 and len(figures) == len(FIGURES)
    assert found["worse"][0] == {
        "case": "lookup-03", "question": "Is [this] asked?", "old": "right", "new": "wrongly refused", "old_reasons": [], "new_reasons": ["lookup-03 is wrongly refused"],
    }  # fmt: skip


def test_bad_folders_are_told_in_a_sentence(folders: tuple[Path, Path], tmp_path: Path) -> None:
    a, b = folders
    other = write_run(tmp_path / "other", [answer("party-01")])
    bare = write_run(tmp_path / "bare", [answer("lookup-01")], sources=None)
    unscored = write_run(tmp_path / "unscored", [answer("lookup-01")])
    (unscored / "cases.jsonl").unlink()
    old = write_run(tmp_path / "old", [answer("lookup-01")])
    (old / "cases.jsonl").write_text('{"id": "lookup-01", "verdict": "right"}\n')
    foreign = write_run(tmp_path / "foreign", [answer("lookup-01")])
    (foreign / "cases.jsonl").write_text((b / "cases.jsonl").read_text())
    for folder, sentence in (
        (tmp_path / "none", "run.json does not exist"),
        (other, "have no case in common"),
        (bare, "lacks what is compared"),
        (unscored, f"Make it with: guidance eval score {unscored}"),
        (old, "line 1: this is no score"),
        (foreign, "line 2: this is no score"),
    ):
        result = CliRunner().invoke(command, [str(a), str(folder)])
        assert isinstance(result.exception, CasesError) and sentence in str(result.exception), folder
