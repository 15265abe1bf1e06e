"""Drawing: a figure of matplotlib as SVG that stands in a page, in the page's own colours and letters."""

import io
import re
import warnings
from collections.abc import Callable

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

WIDTH = 4.7
INK, PAPER, LINE, MUTED = "#010101", "#020202", "#030303", "#040404"
VERDICT_COLOURS = {"right": "#050505", "incomplete": "#060606", "wrong": "#070707", "wrongly refused": "#080808", "wrong status": "#090909"}
HATCHES = {"right": "", "incomplete": "////", "wrong": "xxxx", "wrongly refused": "\\\\\\\\", "wrong status": "----"}
BAR = VERDICT_COLOURS["right"]
_NAMES = {INK: "ink", PAPER: "paper", LINE: "line", MUTED: "muted"} | {colour: verdict.replace(" ", "-") for verdict, colour in VERDICT_COLOURS.items()}
"""Stand-ins for the colours of the page's style sheet, which knows light and dark."""
_STYLE = {
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "none",
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}

Draw = Callable[[Figure], None]


def svg(name: str, alt: str, draw: Draw, height: float) -> Markup:
    """What `draw` puts on a figure of this height in inches, as an inline image with a text alternative; the same bytes each time."""
    with matplotlib.rc_context(_STYLE | {"svg.hashsalt": name}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        draw(figure)
        written = io.StringIO()
        FigureCanvasSVG(figure).print_svg(written, metadata=_NO_METADATA)
    return Markup(_inline(written.getvalue(), name)).replace("<svg ", Markup('<svg role="img" aria-label="{}" ').format(alt), 1)


def bare(axes: Axes, grid: str) -> None:
    """Axes with a grid across one direction and no more lines than needed."""
    axes.grid(axis=grid)
    axes.tick_params(length=0)
    axes.spines["left" if grid == "y" else "bottom"].set_visible(False)


def _inline(written: str, name: str) -> str:
    """The drawing without what belongs to a file of its own: declarations, sizes, fonts, and ids that another one has too."""
    body = written[written.index("<svg ") :]
    body = re.sub(r"<!--.*?-->|<defs>\s*<style.*?</style>\s*</defs>", "", body, flags=re.DOTALL)
    opening, rest = body.split(">", 1)
    body = re.sub(r'\s(?:xmlns(?::\w+)?|width|height|version)="[^"]*"', "", opening) + ">" + rest
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = re.sub(r"url\(#", f"url(#{name}-", body)
    body = re.sub(r'xlink:href="#', f'href="#{name}-', body)
    body = re.sub(r"font: ([\d.]+px) [^;\"]+", r"font-size: \1", body)
    body = re.sub(r"font-family: [^;\"]+;? ?", "", body)
    body = re.sub(r"\s*\n\s*", " ", body)
    return re.sub("|".join(_NAMES), lambda colour: f"var(--{_NAMES[colour[0]]})", body)
