"""`guidance eval bench`."""

import sys
from pathlib import Path

import click

from evals.ingestion.command import progress_bar

BENCHES = ("doc2dial", "mtrag", "orsharc", "conditionalqa", "squad2", "policyqa", "injection")


@click.command("bench")
@click.argument("name", metavar="NAME", type=click.Choice(BENCHES))
@click.option("--from", "folder", required=True, type=click.Path(path_type=Path), help="Folder that holds the set's files.")
@click.option("--limit", type=click.IntRange(1), help="Ask only so many questions, the same ones each time.")
@click.option("--json", "as_json", is_flag=True, help="Print one line with one JSON object.")
def bench(name: str, folder: Path, limit: int | None, as_json: bool) -> None:
    """Measure search and answers on a public set, beside the plain recipe.

    NAME is doc2dial, mtrag, orsharc, conditionalqa, squad2, policyqa or injection.
    """
    from assistant.settings import Settings
    from evals.bench.measure import load, measure
    from evals.bench.outcome import print_outcome
    from evals.bench.shelf import Parts
    from ingest.errors import CasesError

    try:
        found = load(name, folder, limit)
    except CasesError as exc:
        click.echo(f"guidance: {exc}", err=True)
        sys.exit(2)
    with progress_bar() as bar:
        task = bar.add_task("loading the models", total=None)
        parts = Parts.from_settings(Settings.from_env())
        outcome = measure(name, found, parts, lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total))
    if as_json:
        click.echo(outcome.as_json())
    else:
        print_outcome(outcome)
