"""`guidance eval cases`: check the cases that are there, draft new ones, import those that somebody wrote in a spreadsheet."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.commands.options import folders, staff_settings

if TYPE_CHECKING:
    from assistant.settings import Settings
    from evals.casebook.schema import Case
    from evals.stored import Stored

OUT = click.option("--out", type=click.Path(path_type=Path), help="The file to write; an existing one is left alone.")


@click.group()
def cases() -> None:
    """Check, draft or import evaluation cases."""


@cases.command("check")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@folders
def check_command(folder: Path | None, corpus: Path | None, data: Path | None) -> None:
    """Hold the cases of FOLDER (default: evals/cases) against the schema and the documents; exit code 1 where one is wrong."""
    from evals.casebook.lint import lint
    from evals.casebook.read import read_cases

    book = read_cases(folder or Path(__file__).parent.parent / "cases")
    faults = sorted((*book.faults, *lint(book, _stored(staff_settings(corpus, data)))), key=lambda fault: (fault.path, fault.line))
    for fault in faults:
        click.echo(f"warning: {fault}" if fault.warning else str(fault))
    wrong = sum(not fault.warning for fault in faults)
    drafts = len(book.cases) - len(book.ready)
    read = f"{_counted(len(book.cases), 'case')} read, {_counted(drafts, 'draft')} among them"
    click.echo(f"{read}: {_counted(wrong, 'fault')}, {_counted(len(faults) - wrong, 'warning')}.")
    sys.exit(1 if wrong else 0)


@cases.command("draft")
@click.argument("source", required=False)
@click.option("--feedback", is_flag=True, help="Draft from the questions whose answers people called wrong.")
@OUT
@folders
def draft_command(source: str | None, feedback: bool, out: Path | None, corpus: Path | None, data: Path | None) -> None:
    """Propose cases from the document SOURCE, or from feedback, for you to edit. They are never run while they have the tag draft."""
    from evals.casebook.draft import drafts_from, drafts_from_feedback

    if feedback is (source is not None):
        raise click.UsageError("Name a document, or give --feedback: guidance eval cases draft SOURCE")
    settings = staff_settings(corpus, data)
    if source is None:
        path = _written(drafts_from_feedback(settings.data / "feedback.jsonl"), out or Path("feedback-draft.yaml"))
        click.echo(f"In {path}, remove what would name a person, and write the facts of a right answer. Then take the tag draft away.")
    else:
        path = _written(drafts_from(source, _stored(settings)), out or Path(f"{source}-draft.yaml"))
        click.echo(f"In {path}, improve the questions, and remove what a right answer need not tell. Then take the tag draft away.")


@cases.command("import")
@click.argument("sheet", type=click.Path(path_type=Path))
@OUT
@folders
def import_command(sheet: Path, out: Path | None, corpus: Path | None, data: Path | None) -> None:
    """Make cases from SHEET, a CSV or XLSX file with the columns question, audience, must say, must not say, document.

    A cell holds several sentences on lines of their own or parted by semicolons. Exit code 1 where a row cannot be used;
    the others are imported.
    """
    from evals.casebook.table import cases_from_table

    found = cases_from_table(sheet, _stored(staff_settings(corpus, data)))
    for fault in found.faults:
        click.echo(f"warning: {fault}" if fault.warning else str(fault))
    if found.cases:
        _written(found.cases, out or Path(f"{sheet.stem}.yaml"))
    else:
        click.echo("No row can be used; nothing is written.")
    sys.exit(0 if found.cases and all(fault.warning for fault in found.faults) else 1)


def _written(made: "Sequence[Case]", path: Path) -> Path:
    from evals.casebook.write import write_cases

    write_cases(made, path)
    click.echo(f"{_counted(len(made), 'case')} written to {path}. Check with: guidance eval cases check {path.parent}")
    return path


def _stored(settings: "Settings") -> "Stored":
    """The index, brought up to date with the documents."""
    from evals.stored import Stored
    from ingest.catalogue import Catalogue, current_generation
    from ingest.pipeline import ingest, is_stale

    if is_stale(settings.corpus, settings.data, settings.embedding_model):
        ingest(settings.corpus, settings.data, settings.embedding_model)
    return Stored.from_catalogue(settings.data, Catalogue.load(current_generation(settings.data)))


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
