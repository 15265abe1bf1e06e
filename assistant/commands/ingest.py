"""`guidance ingest`: a progress bar, then a table of what became of each file; or one line of JSON for each."""

import json
import sys
from pathlib import Path

import click

from assistant.commands.options import folders, settings_for


@click.command("ingest")
@folders
@click.option("--if-stale", is_flag=True, help="Say nothing and do nothing when the index is up to date.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each file and a last one with the total.")
@click.option("--verbose", "-v", is_flag=True, help="Say on stderr what becomes of each file: received, parsed and split, embedded, searchable.")
@click.option("--seconds", type=click.FloatRange(1, 86400), default=300, show_default=True, help="Time that reading one file may take.")
def command(corpus: Path | None, data: Path | None, if_stale: bool, as_json: bool, verbose: bool, seconds: float) -> None:
    """Bring the index up to date with the documents of a folder.

    Exit code 1 when a file could not be read; a kind of file that is not supported does not count.
    """
    from ingest.pipeline import is_stale

    settings = settings_for(corpus, data)
    if if_stale and not is_stale(settings.corpus, settings.data, settings.embedding_model):
        return
    report = run(settings, seconds=seconds, aloud=verbose)
    if as_json:
        for row in report.rows():
            click.echo(json.dumps(row))
    else:
        show(report)
    if report.failed:
        sys.exit(1)


def run(settings, seconds: float = 300, keep_previous: bool = True, aloud: bool = False):
    """Ingest with a progress bar on stderr and the log in the data folder."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from ingest.logfile import logged
    from ingest.pipeline import ingest
    from ingest.prepare import Limits

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with logged(settings.data, aloud), Progress(*columns, console=Console(stderr=True), transient=True, disable=aloud) as bar:
        task = bar.add_task("looking at the files", total=None)

        def progress(stage: str, done: int, total: int) -> None:
            if stage.startswith("waiting for"):
                bar.console.print(stage)  # said without a terminal too
            bar.update(task, description=stage, completed=done, total=total)

        return ingest(settings.corpus, settings.data, settings.embedding_model, progress, Limits(seconds=seconds), keep_previous)


def show(report) -> None:
    """The table of files, and the sentences below it."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(expand=True)
    table.add_column("File", overflow="fold", ratio=3)
    for heading in ("Status", "Sections", "Passages", "Seconds"):
        table.add_column(heading)
    table.add_column("Note", overflow="fold", ratio=4)
    for file in report.files:
        status = f"[red]{file.status}: {file.error}[/red]" if file.status == "failed" else file.status
        counts = ("", "", "") if file.status in ("failed", "removed") else (str(file.sections), str(file.passages), f"{file.seconds:.2f}")
        table.add_row(file.path, status, *counts, file.message or "")
    console.print(table)
    state = f"{report.embedded} texts embedded in {report.seconds:.1f} s." if report.changed else "Nothing has changed; nothing was embedded."
    console.print(f"{len(report.catalogue.entries)} documents, {report.passages} passages. {state}")
    for sentence in report.alike:
        console.print(sentence, style="yellow")
    if report.about_model:
        console.print(report.about_model, style="yellow", markup=False)
    if report.failed:
        console.print(f"{len(report.failed)} file(s) could not be read.")
    if report.catalogue.entries and not report.catalogue.visible_to("partner"):
        console.print('No document is marked audience = "everyone" in sources.toml: staff see them all, partners none.')
