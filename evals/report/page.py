"""Page: everything that the report prints, in its order."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.figures import COLUMNS, LEGEND
from evals.report.cases import Detail, Group, anchors, groups
from evals.report.measures import KindRow, Limit, Value, by_kind, limits, values
from evals.report.plots import Plot
from evals.report.records import Records
from evals.report.repeat import Repeat, repeat
from evals.report.trustees import Trustees, trustees, when

FOLDED = 12
"""More failing cases than this are folded."""


@dataclass(frozen=True, slots=True)
class Page:
    """The report as the template needs it."""

    title: str
    when: str
    trustees: Trustees
    limits: tuple[Limit, ...]
    values: tuple[Value, ...]
    columns: tuple[str, ...]
    kinds: tuple[KindRow, ...]
    legend: str
    plots: tuple[Plot, ...]
    groups: tuple[Group, ...]
    folded: bool
    detail: Detail
    repeat: Repeat


def page(records: Records, plots: Sequence[Plot], detail: Detail) -> Page:
    """The page of a run, with so much of the evidence."""
    numbers = anchors(records)
    name = records.run.get("name")
    return Page(
        title=f"Evaluation of {records.run['started'][:10]}{f': {name}' if name else ''}",
        when=when(records.run),
        trustees=trustees(records, numbers, detail.answer),
        limits=limits(records.score),
        values=values(records.score),
        columns=tuple(COLUMNS.values()),
        kinds=by_kind(records.score),
        legend=LEGEND,
        plots=tuple(plots),
        groups=groups(records, numbers, detail),
        folded=len(numbers) > FOLDED,
        detail=detail,
        repeat=repeat(records.run, str(records.folder)),
    )
