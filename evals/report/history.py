"""History: this run among those beside it that asked the same questions."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.folder import RUN, SCORE, read_json
from evals.report.records import number
from ingest.errors import CasesError


@dataclass(frozen=True, slots=True)
class Past:
    """A run in a line: when, by what name, and what it came to."""

    started: str
    name: str
    right: float
    wrong: float
    refused: float
    told: float
    this: bool


def history(folder: Path) -> tuple[Past, ...]:
    """This run and every scored one beside it of the same format, cases and kinds, oldest first; others are passed over."""
    here = folder.resolve()
    own = read_json(here, RUN)
    beside = sorted(path for path in here.parent.iterdir() if path.is_dir())
    found = [past for path in beside if (past := _past(path, own, path == here))]
    return tuple(sorted(found, key=lambda past: past.started))


def _past(path: Path, own: dict[str, Any], this: bool) -> Past | None:
    try:
        run, score = read_json(path, RUN), read_json(path, SCORE)
    except (CasesError, OSError):
        return None
    return _line(run, score["overall"], this) if _asked(run) == _asked(own) else None


def _asked(run: dict[str, Any]) -> tuple[Any, ...]:
    """What makes two runs comparable."""
    cases = run.get("cases") or {}
    return cases.get("sha256"), list(cases.get("kinds") or ()), cases.get("asked")


def _line(run: dict[str, Any], overall: dict[str, Any], this: bool) -> Past:
    counts = (number(overall.get(name)) for name in ("right", "wrong", "wrong_refusals", "nugget_recall"))
    return Past(run["started"], run.get("name") or "", *counts, this=this)
