"""A run folder: what run, score and report hand to each other, as files that a person can open too.

    run.json          what is needed to repeat the run
    answers.jsonl     a row for each case: what was expected, what came
    score.json        the figures, overall and by kind, and the thresholds
    cases.jsonl       each case's own figures, verdict and the reason for every miss
    statements.jsonl  each statement with what was found of it: supported or not, how sure, why
    report.html       the same for a reader
"""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from evals.casebook.schema import Nugget
from ingest.errors import CasesError

RUN, ANSWERS, SCORE, CASES, STATEMENTS, REPORT = "run.json", "answers.jsonl", "score.json", "cases.jsonl", "statements.jsonl", "report.html"
FORMAT = 2
"""Of these files; a folder of another one is not guessed at."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage as the search ranked it; `text` has its lead-in in front, `section` is the heading trail."""

    id: str
    source: str
    section: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as it was given; `marks` index the answer's citations from 1, none for the assistant's own remark."""

    text: str
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """A case and what came of its last turn. `actual_citations` are dicts of the public contract."""

    id: str
    kind: str
    audience: str
    turns: tuple[str, ...]
    expected_status: tuple[str, ...]
    expected_sources: tuple[str, ...]
    expected_sections: tuple[str, ...]
    expected_nuggets: tuple[Nugget, ...]
    forbidden: tuple[Nugget, ...]
    note: str | None
    actual_status: str
    actual_answer: str
    actual_statements: tuple[Said, ...]
    actual_citations: tuple[dict[str, Any], ...]
    retrieved: tuple[Retrieved, ...]
    latency_ms: float
    concepts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    actual_language: str = "en"

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Answered":
        """A row of `answers.jsonl`. Raises KeyError or TypeError where it is not one."""
        values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
        read = {
            "expected_nuggets": tuple(_nugget(n) for n in row["expected_nuggets"]),
            "forbidden": tuple(_nugget(n) for n in row["forbidden"]),
            "retrieved": tuple(Retrieved(**r) for r in row["retrieved"]),
            "actual_statements": tuple(Said(said["text"], tuple(said["marks"])) for said in row["actual_statements"]),
        }
        return cls(**{**values, **read})


def _nugget(row: dict[str, Any]) -> Nugget:
    return Nugget(**{**row, "any": tuple(row["any"])})


def write_json(path: Path, value: Any) -> None:
    """One JSON value, indented; NaN becomes null."""
    path.write_text(json.dumps(jsonable(value), ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def write_lines(path: Path, rows: Iterable[Any]) -> None:
    """One JSON value on each line, in the place of what was there; a stop in between leaves the old file."""
    half = path.with_name(f".{path.name}")
    half.unlink(missing_ok=True)
    append_lines(half, rows)
    half.replace(path)


def append_lines(path: Path, rows: Iterable[Any]) -> None:
    """More lines behind those that are there, each written out at once."""
    with path.open("a", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(jsonable(row), ensure_ascii=False, allow_nan=False) + "\n")
            file.flush()


def read_finished(folder: Path) -> dict[str, dict[str, Any]]:
    """The answer rows of a run that may have been interrupted, by id; a last line that was cut off is none."""
    path = folder / ANSWERS
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            row = json.loads(line)
            rows[row["id"]] = row
        except (ValueError, TypeError, KeyError):
            continue
    return rows


def jsonable(value: Any) -> Any:
    """The value with dataclasses as dicts, paths as text and NaN as None."""
    if is_dataclass(value) and not isinstance(value, type):
        return jsonable(asdict(value))
    if isinstance(value, dict):
        return {str(key): jsonable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(part) for part in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    return str(value) if isinstance(value, Path) else value


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """One of the folder's JSON objects. Raises CasesError naming the step that makes it."""
    path = _existing(folder, name)
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as exc:
        raise CasesError(f"{path} is not JSON ({exc}). Make it again with: {_maker(name, folder)}") from exc
    if not isinstance(value, dict):
        raise CasesError(f"{path} is not a JSON object. Make it again with: {_maker(name, folder)}")
    if value.get("format") != FORMAT:
        raise CasesError(f"{path} is of format {value.get('format', 1)}, and this version reads {FORMAT}. Make it again with: {_maker(name, folder)}")
    return value


def read_answers(folder: Path) -> tuple[Answered, ...]:
    """The rows of `answers.jsonl`. Raises CasesError naming the line."""
    path = _existing(folder, ANSWERS)
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            rows.append(Answered.from_row(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError) as exc:
            wanted = ", ".join(field.name for field in fields(Answered))
            raise CasesError(f"{path}, line {number}: this is no answer row ({exc}). It needs {wanted}; make it with: guidance eval run") from exc
    if not rows:
        raise CasesError(f"{path} is empty. Make it again with: guidance eval run")
    return tuple(rows)


def read_lines(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of another of the folder's JSONL files."""
    path = _existing(folder, name)
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except ValueError as exc:
        raise CasesError(f"{path} is not JSONL ({exc}). Make it again with: {_maker(name, folder)}") from exc


def _existing(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise CasesError(f"{path} does not exist. Make it with: {_maker(name, folder)}")
    return path


def _maker(name: str, folder: Path) -> str:
    return "guidance eval run" if name in (RUN, ANSWERS) else f"guidance eval score {folder}"
