"""`guidance eval sheet`: make the sheet for a reader, or take the reader's verdicts back."""

import sys
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from ingest.errors import CasesError

MAKING = ("answers", "seed", "out")


@click.command("sheet")
@click.argument("folder", metavar="RUNFOLDER", type=click.Path(path_type=Path))
@click.option("--answers", type=click.IntRange(1), default=30, show_default=True, help="How many answers to draw.")
@click.option("--seed", type=int, default=1, show_default=True, help="Decides which answers are drawn.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the sheet. Default: RUNFOLDER.")
@click.option("--verdicts", type=click.Path(path_type=Path), help="Filled-in sheet (.docx or .csv) to read into RUNFOLDER/reading.json.")
@click.option("--replace", is_flag=True, help="Write over a filled-in sheet, or over the reading that is there.")
@click.pass_context
def sheet(ctx: click.Context, folder: Path, answers: int, seed: int, out: Path | None, verdicts: Path | None, replace: bool) -> None:
    """Make a sheet of answers from a scored RUNFOLDER for a person to judge by eye, or read it back with --verdicts.

    Exit code 1 when a row of a sheet cannot be used; the others are kept.
    """
    given = [f"--{name}" for name in MAKING if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if verdicts is not None and given:
        raise click.UsageError(f"--verdicts reads a sheet, and {given[0]} is for making one. Leave one of them out.")
    if verdicts is None:
        _make(folder, out or folder, answers, seed, replace)
    else:
        sys.exit(0 if _take(folder, verdicts, replace) else 1)


def _make(folder: Path, out: Path, answers: int, seed: int, replace: bool) -> None:
    from evals.folder import RUN, read_answers, read_json
    from evals.reading.sample import draw
    from evals.reading.sheet import sheet_of
    from evals.reading.store import write_sheet

    run, program = read_json(folder, RUN), _program(folder)
    made = sheet_of(run, draw(read_answers(folder), program, answers, seed))
    files = write_sheet(out, made, replace)
    click.echo(f"{len(made.items)} answers to read: {' and '.join(map(str, files))}. Fill in one of them.")


def _take(folder: Path, verdicts: Path, replace: bool) -> bool:
    """Whether every row that was filled in could be used."""
    from evals.folder import RUN, read_json
    from evals.reading.sheet import run_of
    from evals.reading.store import read_sheet, write_reading
    from evals.reading.verdicts import judge

    run, program = read_json(folder, RUN), _program(folder)
    reading, faults = judge(read_sheet(verdicts), run_of(run), program)
    path = write_reading(folder, reading, replace)
    for fault in faults:
        click.echo(f"guidance: {fault}", err=True)
    click.echo(f"{_told(reading.as_json())} Written to {path}.")
    if faults:
        click.echo(f"Rows that cannot be used: {len(faults)}. Correct them and read the sheet again with --replace.", err=True)
    return not faults


def _told(reading: dict[str, Any]) -> str:
    agreement = reading["agreement"]
    counts = ", ".join(f"{reading[verdict]} {verdict}" for verdict in ("right", "wrong", "unsure"))
    differing = f" ({', '.join(agreement['cases'])})" if agreement["cases"] else ""
    return f"{reading['reader']} read {reading['read']} answers: {counts}. The program agrees on {agreement['same']} and differs on {agreement['different']}{differing}."


def _program(folder: Path) -> dict[str, str]:
    """The program's verdict of each case. Raises CasesError for a run that was not scored."""
    from evals.folder import CASES, read_lines

    try:
        return {row["id"]: row["verdict"] for row in read_lines(folder, CASES)}
    except (KeyError, TypeError) as exc:
        raise CasesError(f"{folder / CASES} holds a row without {exc}. Make it again with: guidance eval score {folder}") from exc
