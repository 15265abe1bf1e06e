"""A comparison in the terminal: warnings, the figures, and the cases that turned."""

import math
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from evals.compare import RESAMPLES, Comparison, Difference, ScoredRun, Turned
from evals.figures import Figure

MARK = "*"
MUCH = 100_000


def print_comparison(comparison: Comparison, console: Console | None = None) -> None:
    """Everything of a comparison, for a terminal of 80 columns."""
    console = console or Console(highlight=False)
    console.print(f"A: {_named(comparison.a)}\nB: {_named(comparison.b)}")
    for warning in comparison.warnings:
        console.print(f"[yellow]Warning:[/yellow] {escape(warning)}")
    console.print(_table(comparison.differences))
    console.print(
        f"Over the {len(comparison.both)} cases that both answered. The interval holds the difference B - A with 95 % confidence "
        f"(paired bootstrap, {RESAMPLES:,} draws); {MARK} marks one that leaves out 0. A dash: does not apply."
    )
    _print_turned("Got better", comparison.better, console)
    _print_turned("Got worse", comparison.worse, console)
    for name, cases in (("A", comparison.only_a), ("B", comparison.only_b)):
        if cases:
            console.print(f"\n[bold]Only in {name} ({len(cases)})[/bold]: {escape(', '.join(cases))}")


def _named(scored: ScoredRun) -> str:
    name = f", {scored.run['name']}" if scored.run.get("name") else ""
    return escape(f"{scored.folder}{name} (begun {scored.run['started']})")


def _table(differences: Sequence[Difference]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), collapse_padding=True)
    table.add_column("Figure", overflow="fold")
    for heading in ("A", "B", "B - A", "95 % interval", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for d in differences:
        interval = "–" if math.isnan(d.low) else f"{signed(d.figure, d.low)} to {signed(d.figure, d.high)}"
        values = (_bare(d.figure, d.a), _bare(d.figure, d.b), signed(d.figure, d.difference), interval)
        table.add_row(_title(d.figure), *values, MARK if d.is_marked else "", style="bold" if d.is_marked else "")
    return table


def _title(figure: Figure) -> str:
    return f"{figure.title} (ms)" if figure.unit == "ms" else figure.title


def _bare(figure: Figure, value: float) -> str:
    """The value without its unit, which the title tells; words with a digit, as their differences are small, and much in thousands."""
    if abs(value) >= MUCH:
        return f"{value / 1000:,.0f}k"
    return f"{value:,.1f}" if figure.unit == "words" and not math.isnan(value) else figure.show(value).removesuffix(" ms")


def signed(figure: Figure, value: float) -> str:
    """A difference with its sign; 0 has none, nor what is shown as 0."""
    shown = _bare(figure, value).removeprefix("-")
    if math.isnan(value) or not any(digit in shown for digit in "123456789"):
        return shown
    return f"{'-' if value < 0 else '+'}{shown}"


def _print_turned(title: str, turned: Sequence[Turned], console: Console) -> None:
    console.print(f"\n[bold]{title} ({len(turned)})[/bold]")
    for t in turned:
        console.print(f"{escape(t.case)}: {t.old.verdict} -> {t.new.verdict}")
        console.print(Padding(escape(t.question), (0, 0, 0, 2)))
        for name, reasons in (("A", t.old.reasons), ("B", t.new.reasons)):
            for reason in reasons:
                console.print(Padding(f"{name}: {escape(reason)}", (0, 0, 0, 2)))
