"""Tables in the terminal: the figures by kind, the messages that were sorted wrongly, the times."""

from collections.abc import Sequence
from dataclasses import asdict

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.figures import BY_NAME, COLUMNS, FIGURES
from evals.messages_check import ALARMS, Sorted, tallies
from evals.score import RunScore

LEFT_OUT = ("citation_document_precision", "citation_document_recall", "latency_p95_ms")
SHARE = next(figure for figure in FIGURES if figure.unit == "share")


def print_score(scored: RunScore) -> None:
    """The figures by kind, then the thresholds that are missed."""
    console = Console()
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), collapse_padding=True)
    table.add_column("Kind", no_wrap=True)
    for heading in _headings().values():
        table.add_column(heading, justify="right", no_wrap=True)
    for kind, figures in scored.kinds.items():
        table.add_row(kind, *(BY_NAME[name].show(figures[name]) for name in _headings()))
    table.add_section()
    table.add_row("all", *(BY_NAME[name].show(scored.overall[name]) for name in _headings()))
    console.print(table)
    for outcome in (t for t in scored.thresholds if t.state == "missed"):
        figure = BY_NAME[outcome.figure]
        words = "[red]Missed[/red]" if outcome.decides else "Over, but shown only"
        wanted = f"{outcome.direction.replace('_', ' ')} {figure.show(outcome.limit, digits=3)}"
        console.print(f"{words}: {figure.title}: {figure.show(outcome.value, digits=3)}, wanted {wanted}.")
    if scored.passed:
        console.print("Every threshold that decides is met.")


def _headings() -> dict[str, str]:
    """The columns that fit 80 characters; the report has all."""
    return {name: heading for name, heading in COLUMNS.items() if name not in LEFT_OUT} | {"incomplete": "Part"}


def print_messages(found: Sequence[Sorted]) -> None:
    """Shares overall and by language, then each message that was sorted wrongly."""
    console = Console()
    table = Table("Language", "Messages", "Urgent found", "…or with the contact line", "Misuse found", "False alarms", "Contact line without need")
    for language, tally in tallies(found).items():
        shares = [SHARE.show(value) for name, value in asdict(tally).items() if name != "messages"]
        table.add_row(language, str(tally.messages), *shares)
    console.print(table)
    wrong = [s for s in found if not s.right]
    for s in wrong:
        taken = s.status if s.status in ALARMS else s.status or ("a question, with the contact line" if s.alert else "a question")
        console.print(f"{escape(s.message.id)} ({s.message.language}): {s.message.label} taken for {taken}: {escape(s.message.text)}", highlight=False)
    console.print(f"{len(wrong)} of {len(found)} messages are sorted wrongly.")
