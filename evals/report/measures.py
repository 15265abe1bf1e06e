"""Measures: the thresholds, all figures, and the figures by kind of question, as they are printed."""

from dataclasses import dataclass
from typing import Any

from evals.figures import BY_NAME, COLUMNS, FIGURES
from evals.report.records import number
from evals.thresholds import Outcome


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold: what is wanted, what was reached, and how it came out in words; `state` is for its colour."""

    title: str
    name: str
    wanted: str
    reached: str
    state: str
    remark: str


@dataclass(frozen=True, slots=True)
class Value:
    """A figure with its value; one of an older scoring that lacks it is undefined."""

    name: str
    title: str
    value: str


@dataclass(frozen=True, slots=True)
class KindRow:
    """The figures of one kind of question, or of all."""

    kind: str
    cells: tuple[str, ...]
    overall: bool = False


def limits(score: dict[str, Any]) -> tuple[Limit, ...]:
    """Every threshold."""
    return tuple(_limit(Outcome(t["figure"], t["direction"], t["limit"], number(t["value"]))) for t in score["thresholds"])


def values(score: dict[str, Any]) -> tuple[Value, ...]:
    """Every figure over all cases."""
    return tuple(Value(f.name, f.title, f.show(number(score["overall"].get(f.name)), digits=3)) for f in FIGURES)


def by_kind(score: dict[str, Any]) -> tuple[KindRow, ...]:
    """The table by kind; the last row is that of all."""
    kinds = tuple(KindRow(kind, _cells(figures)) for kind, figures in score["kinds"].items())
    return (*kinds, KindRow("all", _cells(score["overall"]), overall=True))


def _cells(figures: dict[str, Any]) -> tuple[str, ...]:
    return tuple(BY_NAME[name].show(number(figures.get(name))) for name in COLUMNS)


def _limit(outcome: Outcome) -> Limit:
    figure = BY_NAME[outcome.figure]
    wanted = f"{outcome.direction.replace('_', ' ')} {figure.show(outcome.limit, digits=3)}"
    unmeasured = "no case of this run is about it" if outcome.state == "not measured" else ""
    remark = unmeasured if outcome.decides else "shown only: it depends on the machine"
    return Limit(figure.title, figure.name, wanted, figure.show(outcome.value, digits=3), outcome.state, remark)
