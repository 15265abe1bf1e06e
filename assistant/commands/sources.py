"""`guidance sources`: the indexed documents, and the text that citations count their offsets in."""

import sys
from pathlib import Path

import click

from assistant.commands.options import AUDIENCE, DATA, settings_for
from ingest.catalogue import Catalogue, current_generation, stored_text


@click.group("sources")
def command() -> None:
    """List the indexed documents, or show one."""


@command.command("list")
@DATA
@AUDIENCE
def list_sources(data: Path | None, audience: str | None) -> None:
    """A table of the indexed documents; staff's unless GUIDANCE_AUDIENCE or --audience says partner."""
    from rich.console import Console
    from rich.table import Table

    from assistant.check import standing

    settings = settings_for(None, data)
    catalogue = Catalogue.load(current_generation(settings.data))
    table = Table()
    table.add_column("Id", no_wrap=True)
    for heading in ("Title", "Publisher", "What it is", "For", "Passages"):
        table.add_column(heading, overflow="fold")
    for entry in catalogue.visible_to(settings.allow(audience or "staff")):
        source = entry.source
        table.add_row(source.id, source.title, source.publisher or "", standing(source), source.audience, str(entry.passages))
    Console().print(table)


@command.command("show")
@click.argument("source_id", metavar="ID")
@click.option("--text", is_flag=True, help="Print exactly the stored text, nothing else.")
@DATA
@AUDIENCE
def show(source_id: str, text: bool, data: Path | None, audience: str | None) -> None:
    """What is known of one document, or its stored text."""
    from dataclasses import asdict

    settings = settings_for(None, data)
    entry = Catalogue.load(current_generation(settings.data)).entry(source_id, settings.allow(audience or "staff"))
    if text:
        sys.stdout.buffer.write(stored_text(settings.data, entry.version).encode("utf-8"))
        return
    for key, value in {**asdict(entry.source), "version": entry.version, "passages": entry.passages}.items():
        if value is not None:
            click.echo(f"{key:16}{value}")
    for _, _, trail in entry.sections:
        click.echo(f"{'section':16}{trail}")
