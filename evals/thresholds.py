"""Thresholds: what a run has to reach, from `thresholds.toml`."""

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evals.figures import BY_NAME
from ingest.errors import CasesError

FILE = Path(__file__).parent / "thresholds.toml"
DIRECTIONS = ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A threshold and the figure held against it; `decides` is false for latency, which depends on the machine."""

    figure: str
    direction: Literal["at_least", "at_most"]
    limit: float
    value: float

    @property
    def decides(self) -> bool:
        """Whether missing it fails the run."""
        return not self.figure.startswith("latency")

    @property
    def missed(self) -> bool:
        """Whether the run fails by it; a figure that these cases do not measure fails nothing."""
        return self.decides and self.state == "missed"

    @property
    def state(self) -> str:
        """met, missed, or not measured."""
        if math.isnan(self.value):
            return "not measured"
        met = self.value >= self.limit if self.direction == "at_least" else self.value <= self.limit
        return "met" if met else "missed"


def outcomes(figures: dict[str, float], path: Path = FILE) -> tuple[Outcome, ...]:
    """Every threshold against these figures. Raises CasesError for a figure that does not exist."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as exc:
        raise CasesError(f"{path} cannot be read ({exc}). Correct the file and run again.") from exc
    found = []
    for direction, limits in table.items():
        if direction not in DIRECTIONS:
            raise CasesError(f"{path}: unknown table {direction!r}. Write the thresholds under {' or '.join(f'[{d}]' for d in DIRECTIONS)}.")
        for name, limit in limits.items():
            if name not in BY_NAME:
                raise CasesError(f"{path}: unknown figure {name!r}. The figures are {', '.join(BY_NAME)}.")
            found.append(Outcome(name, direction, float(limit), figures[name]))
    return tuple(found)
