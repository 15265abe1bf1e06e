"""`guidance eval faults`: faults planted in right answers, and what the scoring finds of them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evals.ingestion.command import progress_bar

if TYPE_CHECKING:
    from evals.faults.measure import Faults

WRITTEN = Path(__file__).parent / "answers"


@click.command("faults")
@click.argument("folder", metavar="RUNFOLDER", type=click.Path(path_type=Path))
@click.option("--answers", type=click.Path(path_type=Path), default=WRITTEN, help="Folder of right answers that people wrote. Default: evals/faults/answers.")
@click.option("--own", type=click.IntRange(0), default=150, show_default=True, help="So many of the run's own answers, at most.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--misses", is_flag=True, help="Print what was not found, and what was found where nothing is.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def faults(folder: Path, answers: Path, own: int, seed: int, misses: bool, as_json: bool) -> None:
    """Plant eleven kinds of faults in right answers: those of RUNFOLDER that were judged right and those that people wrote.

    Told with a whole quote counting as its own proof, and without.
    """
    from dataclasses import replace

    from assistant.score import CrossEncoderScorer
    from assistant.support import load_checker
    from evals.faults.measure import measure, pool_of
    from evals.faults.source import gathered, invented, secret_of

    right, stored = gathered(folder, answers, own, seed)
    pool = pool_of(right, stored, invented(), secret_of(stored))
    checker, scorer = load_checker(), CrossEncoderScorer()
    found = []
    with progress_bar() as bar:
        task = bar.add_task("planting", total=2 * len(pool.answers))
        for number, verbatim in enumerate((True, False)):
            judging = replace(checker, verbatim=verbatim)
            found.append(measure(pool, judging, scorer, seed, verbatim, lambda done: bar.update(task, completed=number * len(pool.answers) + done)))
    if as_json:
        click.echo(json.dumps({("with" if f.verbatim else "without") + " verbatim": _figures(f) for f in found}))
    else:
        _print(found)
    for one in found if misses else ():
        for finding in one.findings:
            if finding.found != bool(finding.kind):
                click.echo(f"{'with' if one.verbatim else 'without'}, {finding.kind or 'right'}, {finding.id}: {finding.changed} {'; '.join(finding.reasons)}")


def _figures(found: "Faults") -> dict[str, object]:
    from evals.faults.measure import BESIDE
    from evals.faults.plant import KINDS

    return {
        "right": found.count(None), "false_alarms": found.rate(None), "planted": sum(found.count(kind) for kind in KINDS), "found": found.found,
        "kinds": {kind: {"planted": found.count(kind), "found": found.rate(kind)} for kind in (*KINDS, BESIDE)},
    }  # fmt: skip


def _print(found: list["Faults"]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from evals.faults.measure import BESIDE
    from evals.faults.plant import KINDS

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Planted")
    for heading in ("Answers", "Found", "Found, quotes not compared"):
        table.add_column(heading, justify="right")
    for kind in KINDS:
        table.add_row(kind, str(found[0].count(kind)), *(f"{f.rate(kind):.2f}" for f in found))
    table.add_section()
    table.add_row("all eleven", str(sum(found[0].count(kind) for kind in KINDS)), *(f"{f.found:.3f}" for f in found))
    table.add_row(BESIDE, str(found[0].count(BESIDE)), *(f"{f.rate(BESIDE):.2f}" for f in found))
    table.add_row("nothing (false alarms)", str(found[0].count(None)), *(f"{f.rate(None):.3f}" for f in found))
    Console().print(table)
