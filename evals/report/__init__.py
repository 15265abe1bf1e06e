"""Report: `report.html`, one file for people: a first page for trustees, then the figures, plots and each failing case."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from evals.folder import REPORT
from evals.report.cases import Detail
from evals.report.history import history
from evals.report.page import Page, page
from evals.report.plots import plots
from evals.report.records import read_records

TEMPLATE = "report.html.j2"
LARGEST = 1_950_000
"""So many bytes a report may have; one that has more is written again with less of the evidence."""
DETAILS = (Detail(), Detail(5, 240, 300, 900, 1500), Detail(3, 100, 120, 300, 600), Detail(0, 0, 0, 160, 300), Detail(0, 0, 0, 80, 200))


def report(folder: Path) -> Path:
    """Write `report.html` from a scored run folder and return its path. Raises CasesError naming the step that is missing."""
    records = read_records(folder)
    drawn = plots(records, history(folder))
    for detail in DETAILS:
        written = render(page(records, drawn, detail)).encode("utf-8", "replace")
        if len(written) <= LARGEST:
            break
    path = folder / REPORT
    path.write_bytes(written)
    return path


def render(shown: Page) -> str:
    """The page as HTML; every text in it is escaped."""
    environment = Environment(loader=PackageLoader("evals.report", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(TEMPLATE).render(page=shown)
