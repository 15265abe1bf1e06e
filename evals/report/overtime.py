"""Over time: lines of counts and of a share over runs, each named at its end."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evals.report import drawing
from evals.report.history import Past

SERIES = (("right", "right", "right", "o", "-"), ("wrong", "wrong", "wrong", "X", "--"), ("refused", "wrongly refused", "wrongly refused", "s", ":"))
MOST_TICKS = 5


def draw_over_time(figure: Figure, past: Sequence[Past]) -> None:
    """Counts above, the share of facts told below."""
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    for field, label, verdict, marker, line in SERIES:
        _line(above, [getattr(run, field) for run in past], drawing.VERDICT_COLOURS[verdict], marker, line)
    _name_ends(above, [(getattr(past[-1], field), label) for field, label, *_ in SERIES], len(past) - 1)
    above.set_ylim(bottom=0)
    _line(below, [run.told for run in past], drawing.INK, "D", "-")
    _name_ends(below, [(past[-1].told, "facts told")], len(past) - 1)
    below.set_ylim(0, 1.05)
    for axes in (above, below):
        drawing.bare(axes, "y")
        axes.set_xlim(-0.3, (len(past) - 1) * 1.42 + 0.1)
    _dates(below, past)


def _line(axes: Axes, values: Sequence[float], colour: str, marker: str, line: str) -> None:
    axes.plot(range(len(values)), values, color=colour, marker=marker, linestyle=line, linewidth=1.8, markersize=5)


def _name_ends(axes: Axes, ends: Sequence[tuple[float, str]], last: int) -> None:
    """Each line's name and last value behind its end, moved apart where two ends are close."""
    bottom, top = axes.get_ylim()
    least = (max(top, 1e-9) - min(bottom, 0)) * 0.11
    at = float("-inf")
    for value, label in sorted(end for end in ends if end[0] == end[0]):
        at = max(value, at + least)
        shown = f"{value:.0f}" if label != "facts told" else f"{value:.2f}"
        axes.annotate(f"{label} {shown}", (last, at), xytext=(7, 0), textcoords="offset points", va="center", fontsize=8.5, annotation_clip=False)


def _dates(axes: Axes, past: Sequence[Past]) -> None:
    step = max(1, -(-len(past) // MOST_TICKS))
    shown = range(len(past) - 1, -1, -step)
    axes.set_xticks(list(shown), [past[place].started[5:10] for place in shown])
