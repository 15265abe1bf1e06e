"""Plots: what each one shows, its text alternative, and the same numbers as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure

from evals import metrics
from evals.report import drawing
from evals.report.drawing import svg
from evals.report.history import Past
from evals.report.overtime import draw_over_time
from evals.report.records import Records, number
from evals.report.texts import cut
from evals.report.wording import VERDICTS, many

DEPTHS = (1, 3, 5, 10)
BINS = 10
HISTOGRAM = 16
FEWEST = 2
LONGEST = 20
"""So many letters of a kind's name stand beside its bar."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with its caption and its numbers; where there is nothing to draw, `svg` is empty and the caption says so."""

    name: str
    title: str
    caption: str
    svg: Markup = Markup()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def plots(records: Records, past: Sequence[Past]) -> tuple[Plot, ...]:
    """Every plot of a run."""
    return verdicts_by_kind(records.cases), depth(records.score["overall"]), latency(records.cases), calibration(records.cases), over_time(past)


def verdicts_by_kind(cases: Sequence[dict[str, Any]]) -> Plot:
    """How many cases of each kind got which verdict."""
    kinds = list(dict.fromkeys(case["kind"] for case in cases))
    counts = {kind: [sum(c["kind"] == kind and c["verdict"] == verdict for c in cases) for verdict in VERDICTS] for kind in kinds}
    alt = "Bars of the verdicts by kind of question. " + "; ".join(f"{kind}: {row[0]} of {sum(row)} right" for kind, row in counts.items()) + "."
    drawn = svg("verdicts", alt, lambda figure: _draw_verdicts(figure, counts), 1.1 + 0.31 * len(kinds))
    rows = tuple((kind, *map(str, row), str(sum(row))) for kind, row in counts.items())
    caption = "How many questions of each kind came out in which way. Colour and pattern say which; the number is the count."
    return Plot("verdicts", "Verdicts by kind of question", caption, drawn, ("Kind", *(name for name, _ in VERDICTS.values()), "All"), rows)


def _draw_verdicts(figure: Figure, counts: dict[str, list[int]]) -> None:
    axes = figure.subplots()
    names, left = list(counts), [0] * len(counts)
    for place, (verdict, (label, _)) in enumerate(VERDICTS.items()):
        widths = [row[place] for row in counts.values()]
        style = {"color": drawing.VERDICT_COLOURS[verdict], "hatch": drawing.HATCHES[verdict], "edgecolor": drawing.PAPER}
        axes.barh(range(len(names)), widths, left=left, height=0.76, label=label, linewidth=0.8, **style)
        for row, width in enumerate(widths):
            if width:
                box = {"facecolor": drawing.PAPER, "edgecolor": "none", "boxstyle": "square,pad=0.06"}
                axes.text(left[row] + width / 2, row, str(width), ha="center", va="center", fontsize=7, bbox=box)
        left = [start + width for start, width in zip(left, widths)]
    axes.set_yticks(range(len(names)), [cut(name, LONGEST) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlabel("questions")
    drawing.bare(axes, "x")
    figure.legend(loc="outside upper left", ncols=2, handlelength=1.6, fontsize=8.5, columnspacing=1.2)


def depth(overall: dict[str, Any]) -> Plot:
    """The share of facts within the first passages found."""
    title = "How deep the search has to look"
    shares = {k: number(overall.get(f"recall_at_{k}")) for k in DEPTHS}
    if all(value != value for value in shares.values()):
        return Plot("depth", title, "No case of this run has facts that the search could find, so there is nothing to draw.")
    alt = "Bars of the share of facts found. " + "; ".join(f"in the first {k}: {_share(value)}" for k, value in shares.items()) + "."
    rows = tuple((str(k), _share(value)) for k, value in shares.items())
    caption = "The share of a case’s facts that stand in the first 1, 3, 5 and 10 passages found."
    return Plot("depth", title, caption, svg("depth", alt, lambda figure: _draw_depth(figure, shares), 2.7), ("First passages", "Share of facts"), rows)


def _draw_depth(figure: Figure, shares: dict[int, float]) -> None:
    axes = figure.subplots()
    defined = [value if value == value else 0.0 for value in shares.values()]
    bars = axes.bar([str(k) for k in shares], defined, width=0.6, color=drawing.BAR)
    axes.bar_label(bars, [_share(value) for value in shares.values()], padding=2)
    axes.set_ylim(0, 1.1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_xlabel("passages looked at")
    drawing.bare(axes, "y")


def latency(cases: Sequence[dict[str, Any]]) -> Plot:
    """How long the answers took."""
    title = "Time of an answer"
    times = sorted(float(case["latency_ms"]) for case in cases if case["latency_ms"] is not None)
    if not times:
        return Plot("latency", title, "No time was measured, so there is nothing to draw.")
    p50, p95 = metrics.percentile(times, 0.5), metrics.percentile(times, 0.95)
    edges = _edges(times)
    counts = [sum(low <= t < high for t in times) for low, high in zip(edges, edges[1:])]
    said = f"within {p50:,.0f} ms (p50), 95 of 100 within {p95:,.0f} ms (p95), the slowest after {times[-1]:,.0f} ms."
    alt = f"Histogram of the time of {many(len(times), 'answer', 'answers')}: half {said}"
    caption = f"Half of the answers came {said} It depends on the machine."
    rows = tuple((f"{low:,.0f} to {high:,.0f} ms", str(count)) for low, high, count in zip(edges, edges[1:], counts))
    return Plot("latency", title, caption, svg("latency", alt, lambda figure: _draw_latency(figure, edges, counts, p50, p95), 2.7), ("Time", "Answers"), rows)


def _edges(times: Sequence[float]) -> list[float]:
    """Edges of equal bins from 0 to beyond the longest time."""
    step = max(times[-1] * 1.0001, 1.0) / HISTOGRAM
    return [place * step for place in range(HISTOGRAM + 1)]


def _draw_latency(figure: Figure, edges: Sequence[float], counts: Sequence[int], p50: float, p95: float) -> None:
    axes = figure.subplots()
    axes.bar(edges[:-1], counts, width=edges[1], align="edge", color=drawing.BAR, edgecolor=drawing.PAPER, linewidth=0.8)
    top = max(counts)
    for place, (value, name) in enumerate(((p50, "p50"), (p95, "p95"))):
        axes.axvline(value, color=drawing.INK, linewidth=1.1, linestyle=("-", "--")[place])
        left = value > edges[-1] * 0.7
        where = {"xytext": (-4 if left else 4, 0), "textcoords": "offset points", "ha": "right" if left else "left", "va": "center"}
        axes.annotate(f"{name} {value:,.0f} ms", (value, top * (1.19 - 0.12 * place)), fontsize=8.5, **where)
    axes.set_ylim(0, top * 1.27)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("milliseconds")
    axes.set_ylabel("answers")
    drawing.bare(axes, "y")


def calibration(cases: Sequence[dict[str, Any]]) -> Plot:
    """How often an answer is right that the answer scorer gives so much."""
    title = "How far the answer scorer can be believed"
    told = [(float(case["relevance"]), case["verdict"] == "right") for case in cases if case["relevance"] is not None]
    if not told:
        return Plot("calibration", title, "The answer scorer judged no answer of this run, so there is nothing to draw.")
    bins = [[right for value, right in told if min(int(value * BINS), BINS - 1) == place] for place in range(BINS)]
    names = [f"{place / BINS:.1f} to {(place + 1) / BINS:.1f}" for place in range(BINS)]
    rows = tuple((name, str(len(found)), str(sum(found)), _share(metrics.share(sum(found), len(found)))) for name, found in zip(names, bins))
    filled = "; ".join(f"{row[0]}: {row[2]} of {row[1]}" for row in rows if row[1] != "0")
    alt = f"Bars of the share of right answers by what the answer scorer says. {filled}."
    caption = (
        "Answers in bins of how likely the answer scorer holds them to answer the question, and the share of each bin that was judged right; "
        "the number is how many answers are in the bin. Were the scorer’s probability that of being right, the bars would end at the dashed line."
    )
    drawn = svg("calibration", alt, lambda figure: _draw_calibration(figure, bins), 2.9)
    return Plot("calibration", title, caption, drawn, ("Scorer says", "Answers", "Right", "Share right"), rows)


def _draw_calibration(figure: Figure, bins: Sequence[Sequence[bool]]) -> None:
    axes = figure.subplots()
    middles = [(place + 0.5) / BINS for place in range(BINS)]
    shares = [sum(found) / len(found) if found else 0.0 for found in bins]
    bars = axes.bar(middles, shares, width=0.8 / BINS, color=drawing.BAR)
    axes.plot([0, 1], [0, 1], color=drawing.INK, linewidth=1, linestyle="--")
    box = {"facecolor": drawing.PAPER, "edgecolor": "none", "boxstyle": "square,pad=0.1"}
    axes.bar_label(bars, [str(len(found)) if found else "" for found in bins], padding=3, fontsize=8.5, bbox=box)
    axes.set(xlim=(-0.02, 1.02), ylim=(0, 1.12), xlabel="the scorer’s probability", ylabel="share judged right")
    drawing.bare(axes, "y")


def over_time(past: Sequence[Past]) -> Plot:
    """This run among earlier ones of the same cases."""
    title = "Over time"
    if len(past) < FEWEST:
        return Plot("over-time", title, "No other scored run of the same cases stands beside this one, so there is nothing to compare it with.")
    first, last = past[0], past[-1]
    alt = (
        f"Lines over {len(past)} runs of the same cases from {first.started[:10]} to {last.started[:10]}: right from {first.right:.0f} to {last.right:.0f}, "
        f"wrong from {first.wrong:.0f} to {last.wrong:.0f}, wrongly refused from {first.refused:.0f} to {last.refused:.0f}, "
        f"facts told from {_share(first.told)} to {_share(last.told)}."
    )
    rows = tuple((_label(run), f"{run.right:.0f}", f"{run.wrong:.0f}", f"{run.refused:.0f}", _share(run.told)) for run in past)
    caption = "Runs beside this one that asked the same cases, oldest first: counts of questions above, the share of facts told below."
    drawn = svg("over-time", alt, lambda figure: draw_over_time(figure, past), 3.9)
    return Plot("over-time", title, caption, drawn, ("Run", "Right", "Wrong", "Wrongly refused", "Facts told"), rows)


def _label(run: Past) -> str:
    return f"{run.started[:10]} {run.started[11:16]}{f', {run.name}' if run.name else ''}{' (this run)' if run.this else ''}"


def _share(value: float) -> str:
    return "–" if value != value else f"{value:.2f}"
