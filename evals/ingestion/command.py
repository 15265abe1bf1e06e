"""`guidance eval ingest-speed`, `ingest-scale`, `kills` and `structure`."""

import sys
from pathlib import Path
from typing import Any

import click

SEED = click.option("--seed", type=int, default=1, show_default=True, help="Decides all that is random.")
OUT_FILE = click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File for the figures as JSON. Default: printed.")


@click.command("ingest-speed")
@click.option("--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Folder of .txt and .md files. Default: doc2dial.")
@OUT_FILE
def ingest_speed(folder: Path | None, out: Path | None) -> None:
    """Time ingestion beside the plain recipe (splitter, sentence-transformers, Chroma); exit code 1 over a limit."""
    from evals.ingestion.speed import DOCUMENTS, measure, print_ingest_speed

    if folder is None and not DOCUMENTS.is_file():
        click.echo(f"Skipped: {DOCUMENTS} is not there. Name a folder of text files with --folder DIR.")
        return
    with progress_bar() as bar:
        task = bar.add_task("starting", total=None)
        speed = measure(folder, lambda stage: bar.update(task, description=stage))
    print_ingest_speed(speed)
    _keep(speed.as_json(), out)
    sys.exit(0 if speed.passed else 1)


@click.command("ingest-scale")
@click.option("--documents", type=click.IntRange(1), default=2000, show_default=True, help="How many documents to make up.")
@SEED
@OUT_FILE
def ingest_scale(documents: int, seed: int, out: Path | None) -> None:
    """Ingest made-up policies; exit code 1 when memory is over its limit or the rate drops by more than a fifth."""
    from evals.ingestion.scale import measure, print_scale

    with progress_bar() as bar:
        task = bar.add_task("writing the documents", total=None)
        scale = measure(documents, seed, lambda seconds, mib: bar.update(task, description=f"ingesting, {seconds} s, {mib} MiB at most"))
    print_scale(scale)
    _keep(scale.as_json(), out)
    sys.exit(0 if scale.passed else 1)


@click.command("kills")
@click.option("--kills", "number", type=click.IntRange(1), default=200, show_default=True, help="How many runs to kill.")
@SEED
@click.option("--fraction", type=click.FloatRange(0.1, 1), default=1.0, show_default=True, help="Size of the corpus, as a fraction of 36 documents.")
def kills(number: int, seed: int, fraction: float) -> None:
    """Kill ingestions at random moments while a second process asks; exit code 1 when anything is wrong, lost or left."""
    from assistant.settings import Settings
    from evals.ingestion.kills import Plan, print_kills, run

    with progress_bar() as bar:
        task = bar.add_task("killing", total=number)
        trial = run(Plan(number, seed, fraction), Settings.from_env().data / "models", lambda done: bar.update(task, completed=done))
    print_kills(trial)
    sys.exit(0 if trial.passed else 1)


@click.command("structure")
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--misses", is_flag=True, help="Name every unit that did not arrive.")
def structure(folder: Path | None, misses: bool) -> None:
    """Measure how many list items and table cells of documents with a known structure arrive whole. Default: evals/structure/files."""
    from evals.structure.measure import measure_folder, print_structure

    print_structure(measure_folder(folder or Path(__file__).parent.parent / "structure" / "files"), misses)


def _keep(figures: str, out: Path | None) -> None:
    """Write the JSON of a measurement to a file, or print it."""
    if out is None:
        click.echo(figures)
    else:
        out.write_text(figures + "\n", encoding="utf-8")


def progress_bar() -> Any:
    """A bar on stderr that goes when it is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=Console(stderr=True), transient=True)
