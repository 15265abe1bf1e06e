"""Compare: two scored runs of the same cases, figure by figure with an interval of the difference, and case by case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from evals.figures import FIGURES, CaseScore, Figure
from evals.folder import CASES, RUN, Answered, jsonable, read_answers, read_json, read_lines
from evals.metrics import NAN
from ingest.errors import CasesError

RESAMPLES, CONFIDENCE, SEED = 2000, 0.95, 20170
RANK = ("wrong", "wrongly refused", "wrong status", "incomplete", "right")
"""The verdicts, worst first."""


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run folder that was scored: how it was made, with the documents' versions, and each case's answer and score by id."""

    folder: Path
    run: dict[str, Any]
    documents: dict[str, str]
    answers: dict[str, Answered]
    scores: dict[str, CaseScore]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure over the cases that both runs answered, and the interval that its difference B - A lies in."""

    figure: Figure
    a: float
    b: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """B - A; NaN where either is undefined."""
        return self.b - self.a

    @property
    def is_marked(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Turned:
    """A case whose verdict changed."""

    case: str
    question: str
    old: CaseScore
    new: CaseScore

    @property
    def is_better(self) -> bool:
        """Whether the new verdict is the better one."""
        return RANK.index(self.new.verdict) > RANK.index(self.old.verdict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs differ in. `warnings` say what else than the assistant's doing may have made the difference."""

    a: ScoredRun
    b: ScoredRun
    both: tuple[str, ...]
    differences: tuple[Difference, ...]
    turned: tuple[Turned, ...]
    warnings: tuple[str, ...]

    @property
    def better(self) -> tuple[Turned, ...]:
        """The cases that got better."""
        return tuple(t for t in self.turned if t.is_better)

    @property
    def worse(self) -> tuple[Turned, ...]:
        """The cases that got worse."""
        return tuple(t for t in self.turned if not t.is_better)

    @property
    def only_a(self) -> tuple[str, ...]:
        """The cases that only the first run has."""
        return tuple(case for case in self.a.scores if case not in self.b.scores)

    @property
    def only_b(self) -> tuple[str, ...]:
        """The cases that only the second run has."""
        return tuple(case for case in self.b.scores if case not in self.a.scores)

    def as_json(self) -> dict[str, Any]:
        """Everything as one object; undefined is null."""
        return jsonable(
            {
                "a": _named(self.a),
                "b": _named(self.b),
                "cases": {"both": len(self.both), "only_a": self.only_a, "only_b": self.only_b},
                "warnings": self.warnings,
                "bootstrap": {"resamples": RESAMPLES, "confidence": CONFIDENCE, "seed": SEED},
                "figures": [_row(d) for d in self.differences],
                "better": [_turned(t) for t in self.better],
                "worse": [_turned(t) for t in self.worse],
            }
        )


def read_scored(folder: Path) -> ScoredRun:
    """A scored run folder. Raises CasesError naming the step that is missing, or the line that cannot be read."""
    run, answers = read_json(folder, RUN), {row.id: row for row in read_answers(folder)}
    scores = {}
    for number, row in enumerate(read_lines(folder, CASES), start=1):
        try:
            score = case_score(row)
            RANK.index(score.verdict)
            question = answers[score.id]
        except (TypeError, KeyError, ValueError, AttributeError) as exc:
            raise CasesError(f"{folder / CASES}, line {number}: this is no score of this run's cases ({exc}). Make it again with: guidance eval score {folder}") from exc
        scores[question.id] = score
    return ScoredRun(folder, run, _documents_of(folder, run), answers, scores)


def _documents_of(folder: Path, run: dict[str, Any]) -> dict[str, str]:
    """The version of each document. Raises CasesError where `run.json` lacks what is compared."""
    try:
        str(run["started"]), str(run["cases"]["sha256"])
        return {entry["source"]["id"]: entry["version"] for entry in run["sources"]}
    except (KeyError, TypeError) as exc:
        raise CasesError(f"{folder / RUN} lacks what is compared ({exc}). Make the run again with: guidance eval run") from exc


def case_score(row: dict[str, Any]) -> CaseScore:
    """A row of `cases.jsonl`, null read as NaN where a number belongs. Raises TypeError or AttributeError where it is none."""
    numbers = {field.name for field in fields(CaseScore) if field.type in (float, "float")}
    values = {name: NAN if value is None and name in numbers else value for name, value in row.items()}
    return CaseScore(**{**values, "reasons": tuple(row.get("reasons", ()))})


def compare(a: ScoredRun, b: ScoredRun) -> Comparison:
    """What B does otherwise than A, over the cases that both answered. Raises CasesError where there is none."""
    both = tuple(case for case in a.scores if case in b.scores)
    if not both:
        raise CasesError(f"{a.folder} and {b.folder} have no case in common. Compare two runs of the same cases.")
    old, new = [a.scores[case] for case in both], [b.scores[case] for case in both]
    turned = tuple(Turned(o.id, b.answers[o.id].turns[-1], o, n) for o, n in zip(old, new) if o.verdict != n.verdict)
    return Comparison(a, b, both, differences(old, new), turned, warnings(a, b, both))


def differences(old: Sequence[CaseScore], new: Sequence[CaseScore], figures: Sequence[Figure] = FIGURES) -> tuple[Difference, ...]:
    """Every figure of the same cases in two runs, with a percentile interval of B - A from the paired bootstrap.

    The cases are drawn with replacement, the same ones for both runs, and each figure is made anew of every draw (Efron
    and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). Draws in which a figure is undefined are left out.
    """
    drawn = np.random.default_rng(SEED).integers(len(old), size=(RESAMPLES, len(old)))
    pairs = [([old[i] for i in draw], [new[i] for i in draw]) for draw in drawn.tolist()]
    return tuple(_difference(figure, old, new, pairs) for figure in figures)


def _difference(figure: Figure, old: Sequence[CaseScore], new: Sequence[CaseScore], pairs: Sequence[tuple[list[CaseScore], list[CaseScore]]]) -> Difference:
    a, b = float(figure.of(old)), float(figure.of(new))
    if np.isnan(b - a):
        return Difference(figure, a, b, NAN, NAN)
    found = np.array([figure.of(after) - figure.of(before) for before, after in pairs], dtype=float)
    low, high = np.nanquantile(found, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Difference(figure, a, b, float(low), float(high))


def warnings(a: ScoredRun, b: ScoredRun, both: Sequence[str]) -> tuple[str, ...]:
    """What of cases, documents, models, prompts and machine is not the same, in sentences."""
    found = (_cases(a.run, b.run), _asked(a, b, both), _documents(a, b), *_models(a.run, b.run), *_machine(a.run, b.run))
    return tuple(words for words in found if words)


def _cases(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    hashes = [str(run["cases"]["sha256"])[:12] for run in (old, new)]
    return f"The files of cases are not the same ({hashes[0]} in A, {hashes[1]} in B)." if hashes[0] != hashes[1] else ""


def _asked(a: ScoredRun, b: ScoredRun, both: Sequence[str]) -> str:
    """The cases whose question or expectation was rewritten."""
    changed = [case for case in both if _expected(a.answers[case]) != _expected(b.answers[case])]
    return f"Of the cases in both, {len(changed)} ask or expect something else in B: {', '.join(changed)}." if changed else ""


def _expected(row: Answered) -> tuple[Any, ...]:
    return row.turns, row.audience, row.expected_status, row.expected_sources, row.expected_sections, row.expected_nuggets, row.forbidden


def _documents(a: ScoredRun, b: ScoredRun) -> str:
    before, after = a.documents, b.documents
    parts = {
        "only in A": sorted(before.keys() - after.keys()),
        "only in B": sorted(after.keys() - before.keys()),
        "of another version": sorted(source for source in before.keys() & after.keys() if before[source] != after[source]),
    }
    told = [f"{words}: {', '.join(sources)}" for words, sources in parts.items() if sources]
    if not told and a.run.get("catalogue", {}).get("fingerprint") != b.run.get("catalogue", {}).get("fingerprint"):
        told = ["the same texts, read or split otherwise"]
    return f"The documents are not the same ({'; '.join(told)})." if told else ""


def _models(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    weights = [run.get("weights") or {} for run in (old, new)]
    files = sorted(name for name in weights[0].keys() | weights[1].keys() if weights[0].get(name) != weights[1].get(name))
    return [
        *_unlike(old, new, {"model": "The models are not the same", "embedding_model": "The embedding models are not the same"}),
        f"The models' weights are not the same ({', '.join(files)})." if files else "",
        "The prompts are not the same." if old.get("prompts") != new.get("prompts") else "",
    ]


def _machine(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    words = {"machine": "the machines are not the same", "workers": "not as many questions were asked at once"}
    return _unlike(old, new, {name: f"Times do not compare: {why}" for name, why in words.items()})


def _unlike(old: Mapping[str, Any], new: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    return [f"{sentence} ({old.get(name)} in A, {new.get(name)} in B)." for name, sentence in words.items() if old.get(name) != new.get(name)]


def _named(scored: ScoredRun) -> dict[str, Any]:
    return {"folder": scored.folder, "name": scored.run.get("name"), "started": scored.run["started"], "commit": scored.run.get("commit")}


def _row(d: Difference) -> dict[str, Any]:
    words = {"figure": d.figure.name, "title": d.figure.title, "unit": d.figure.unit}
    return {**words, "a": d.a, "b": d.b, "difference": d.difference, "low": d.low, "high": d.high, "marked": d.is_marked}


def _turned(t: Turned) -> dict[str, Any]:
    return {"case": t.case, "question": t.question, "old": t.old.verdict, "new": t.new.verdict, "old_reasons": t.old.reasons, "new_reasons": t.new.reasons}
