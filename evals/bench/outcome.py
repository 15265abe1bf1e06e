"""The outcome of a measurement on a public set, as a table and as a line of JSON."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of the assistant and of the plain recipe over the same `n` questions, by metric; NaN is undefined."""

    bench: str
    n: int
    ours: Mapping[str, float]
    plain: Mapping[str, float]

    def as_json(self) -> str:
        """One line; an undefined figure is null."""
        return json.dumps({"bench": self.bench, "n": self.n, "ours": _rounded(self.ours), "plain": _rounded(self.plain)})


def print_outcome(outcome: Outcome) -> None:
    """A row for each metric."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("Metric", title=f"{outcome.bench}, {outcome.n:,} questions", title_justify="left", box=box.SIMPLE_HEAD)
    for column in ("Guidance", "Plain recipe"):
        table.add_column(column, justify="right")
    for metric, value in outcome.ours.items():
        table.add_row(metric, _shown(value), _shown(outcome.plain[metric]))
    Console().print(table)


def _shown(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _rounded(figures: Mapping[str, float]) -> dict[str, float | None]:
    return {metric: None if math.isnan(value) else round(value, 4) for metric, value in figures.items()}
