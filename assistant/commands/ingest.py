"""`guidance ingest`: a progress bar, then a table of what is indexed and what could not be read."""

import sys
from pathlib import Path

import click

from assistant.commands.options import folders, settings_for


@click.command("ingest")
@folders
@click.option("--if-stale", is_flag=True, help="Say nothing and do nothing when the index is up to date.")
def command(corpus: Path | None, data: Path | None, if_stale: bool) -> None:
    """Bring the index up to date with the documents of a folder."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from ingest.pipeline import ingest, is_stale

    settings = settings_for(corpus, data)
    if if_stale and not is_stale(settings.corpus, settings.data, settings.embedding_model):
        return
    errors = Console(stderr=True)
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=errors, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        report = ingest(
            settings.corpus,
            settings.data,
            settings.embedding_model,
            lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total),
        )
    _print(report)
    if report.catalogue.failures:
        sys.exit(1)


def _print(report) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table()
    table.add_column("File", overflow="fold")
    table.add_column("Id", overflow="fold")
    for heading in ("Sections", "Passages", "For"):
        table.add_column(heading)
    for entry in report.catalogue.entries:
        table.add_row(entry.source.path, entry.source.id, str(len(entry.sections)), str(entry.passages), entry.source.audience)
    for failure in report.catalogue.failures:
        table.add_row(failure.path, "[red]failed[/red]", "", "", failure.reason)
    console.print(table)
    state = f"{report.embedded} texts embedded." if report.changed else "Nothing has changed; nothing was embedded."
    total = sum(entry.passages for entry in report.catalogue.entries)
    console.print(f"{len(report.catalogue.entries)} documents, {total} passages. {state}")
    if report.catalogue.failures:
        console.print(f"{len(report.catalogue.failures)} file(s) could not be read and are not in the index.")
