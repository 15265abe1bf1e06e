"""`guidance sources`: what is indexed, what was understood of it, and whether index, files and manifest agree."""

import datetime
import json
import sys
from pathlib import Path

import click

from assistant.commands import sources_change
from assistant.commands.options import AUDIENCE, DATA, folders, settings_for, staff_settings
from ingest.catalogue import Catalogue, Entry, current_generation, stored_text
from ingest.errors import GuidanceError


@click.group("sources")
def command() -> None:
    """List, show, check, replace, remove or fetch documents."""


for change in (sources_change.replace_source, sources_change.remove, sources_change.use, sources_change.fetch):
    command.add_command(change)


@command.command("list")
@folders
@AUDIENCE
def list_sources(corpus: Path | None, data: Path | None, audience: str | None) -> None:
    """A table of the indexed documents; staff's unless GUIDANCE_AUDIENCE or --audience says partner."""
    from rich.console import Console
    from rich.table import Table

    from assistant.check import standing

    settings = settings_for(corpus, data)
    seen_by = settings.allow(audience or "staff")
    catalogue = Catalogue.load(current_generation(settings.data))
    table = Table(expand=True)
    table.add_column("Id", no_wrap=True, min_width=max((len(e.source.id) for e in catalogue.entries), default=2))
    for heading, ratio in (("Title and publisher", 5), ("What it is", 4)):
        table.add_column(heading, overflow="fold", ratio=ratio)
    for heading in ("For", "Passages"):
        table.add_column(heading, no_wrap=True)
    for entry in catalogue.visible_to(seen_by):
        source = entry.source
        table.add_row(source.id, _titled(source), standing(source), source.audience, str(entry.passages))
    for source in _ignored(settings.corpus) if seen_by == "staff" else ():
        stands_for = f"ignored; history of {source.replaced_by}" if source.replaced_by else "ignored"
        table.add_row(source.id, _titled(source), stands_for, source.audience, "0", style="dim")
    Console().print(table)


def _titled(source) -> str:
    return "\n".join(part for part in (source.title, source.publisher) if part)


def _ignored(corpus: Path) -> tuple:
    from ingest.manifest import load_manifest

    try:
        return load_manifest(corpus).ignored
    except GuidanceError:
        return ()  # the index can be listed without the folder that it was made from


@command.command("show")
@click.argument("source_id", metavar="ID")
@click.option("--text", is_flag=True, help="Print exactly the stored text, nothing else.")
@click.option("--passages", is_flag=True, help="Print every passage with its headings, its lead-in, its notes and its page.")
@DATA
@AUDIENCE
def show(source_id: str, text: bool, passages: bool, data: Path | None, audience: str | None) -> None:
    """What is known of one document, its stored text, or what was understood of it."""
    settings = settings_for(None, data)
    entry = Catalogue.load(current_generation(settings.data)).entry(source_id, settings.allow(audience or "staff"))
    if text:
        sys.stdout.buffer.write(stored_text(settings.data, entry.version).encode("utf-8"))
    elif passages:
        _show_passages(entry, settings.data)
    else:
        _show_entry(entry)


def _show_entry(entry: Entry) -> None:
    from dataclasses import asdict

    for key, value in {**asdict(entry.source), "version": entry.version, "passages": entry.passages}.items():
        if value is not None and value is not False:
            click.echo(f"{key:16}{value}")
    for warning in entry.warnings:
        click.echo(f"{'note':16}{warning}")
    for _, _, trail in entry.sections:
        click.echo(f"{'section':16}{trail}")


def _show_passages(entry: Entry, data: Path) -> None:
    """As the search holds them: under their headings, each with the words that introduce it."""
    from ingest.notes import passages_of
    from ingest.read import Document
    from ingest.split import plain

    document = Document(entry.source, stored_text(data, entry.version), entry.version, entry.pages)
    trail: tuple[str, ...] | None = None
    for passage in passages_of(document):
        if passage.section.trail != trail:
            trail = passage.section.trail
            click.echo(f"\n{' > '.join(trail) or entry.source.title}")
        page = document.page_at(passage.span.start)
        lead = f"{plain(passage.lead_text)} → " if passage.lead else ""
        note = f" (note: {plain(passage.note_text)})" if passage.notes else ""
        click.echo(f"  [{passage.kind}{f', page {page}' if page else ''}, {passage.span.start}-{passage.span.end}] {lead}{plain(passage.text)}{note}")


@command.command("check")
@folders
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check_sources(corpus: Path | None, data: Path | None, as_json: bool) -> None:
    """Compare manifest, files and index; exit code 1 when they differ or a review is overdue."""
    from ingest.health import check

    settings = staff_settings(corpus, data)
    health = check(settings.corpus, settings.data, settings.embedding_model, datetime.date.today())
    if as_json:
        click.echo(json.dumps(health.as_dict()))
    else:
        _show_health(health)
    if health.problems:
        sys.exit(1)


def _show_health(health) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if health.problems:
        table = Table()
        for heading in ("Document", "Problem", "What to do"):
            table.add_column(heading, overflow="fold")
        for problem in health.problems:
            table.add_row(problem.source or "the index", problem.kind.replace("_", " "), problem.message)
        console.print(table)
    console.print(f"{health.sources} documents, {health.passages} passages, {health.vectors} with a vector, {health.lexical} in the lexical index.")
    console.print("Manifest, files and index agree." if not health.problems else f"{len(health.problems)} problem(s).")
