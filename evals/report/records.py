"""Records: everything that a run folder says of a run, read once."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.folder import CASES, RUN, SCORE, STATEMENTS, Answered, read_answers, read_json, read_lines
from evals.metrics import NAN
from ingest.errors import CasesError

READING = "reading.json"
COUNTS = ("read", "right", "wrong", "unsure")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person found who read a sample of the answers."""

    reader: str
    date: str
    read: int
    right: int
    wrong: int
    unsure: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """A scored run: how it was made, its figures, each case with its answer, and the statements of each case by number."""

    folder: Path
    run: dict[str, Any]
    score: dict[str, Any]
    cases: tuple[dict[str, Any], ...]
    answers: dict[str, Answered]
    statements: dict[str, dict[int, dict[str, Any]]]
    reading: Reading | None = None

    @property
    def sources(self) -> dict[str, dict[str, Any]]:
        """The documents of the run by id."""
        return {entry["source"]["id"]: entry["source"] for entry in self.run["sources"]}

    def title(self, source: str) -> str:
        """A document as a reader knows it; its id stands in where it has no title."""
        return self.sources.get(source, {}).get("title") or source

    def with_verdict(self, verdict: str) -> tuple[dict[str, Any], ...]:
        """The cases of one verdict, in the order in which they were asked."""
        return tuple(case for case in self.cases if case["verdict"] == verdict)


def read_records(folder: Path) -> Records:
    """A run folder as it stands. Raises CasesError naming the step that is missing, or what is wrong with a file."""
    run, score, answers = read_json(folder, RUN), read_json(folder, SCORE), {row.id: row for row in read_answers(folder)}
    cases, statements = read_lines(folder, CASES), read_lines(folder, STATEMENTS)
    if {case["id"] for case in cases} != set(answers):
        raise CasesError(f"{folder / CASES} is not of these answers. Make it again with: guidance eval score {folder}")
    by_case: dict[str, dict[int, dict[str, Any]]] = {}
    for row in statements:
        by_case.setdefault(row["case"], {})[row["number"]] = row
    return Records(folder, run, score, tuple(cases), answers, by_case, read_reading(folder))


def read_reading(folder: Path) -> Reading | None:
    """What a reader noted in `reading.json`; None where nobody has. Raises CasesError for a file that cannot be used."""
    path = folder / READING
    if not path.is_file():
        return None
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        counts = {name: int(row[name]) for name in COUNTS}
        return Reading(str(row["reader"]), str(row["date"]), **counts, notes=tuple(str(note) for note in row.get("notes") or ()))
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise CasesError(f"{path} is not a reading ({exc}). It needs reader, date, {', '.join(COUNTS)}; correct it or remove it.") from exc


def number(value: Any) -> float:
    """A figure from JSON, where null stands for undefined."""
    return NAN if value is None else float(value)
