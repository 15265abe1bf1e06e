"""`guidance eval`: run, score and report in a row, or one of them; the other subcommands each measure one thing apart."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from assistant.commands.options import folders, settings_for
from evals.bench.command import bench
from evals.ingestion import command as ingestion
from evals.ingestion.command import progress_bar

FOLDER = click.argument("folder", metavar="RUNFOLDER", type=click.Path(path_type=Path))
CASES = click.option("--cases", type=click.Path(path_type=Path), help="Folder of case files. Default: evals/cases.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of a run; None and () mean that an option was not given."""

    cases: Path | None = None
    corpus: Path | None = None
    data: Path | None = None
    out: Path | None = None
    kind: tuple[str, ...] = ()
    name: str | None = None


def run_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `guidance eval` and of `guidance eval run`."""
    for option in (
        click.option("--name", help="A word for this run, kept in run.json and in the folder's name."),
        click.option("--kind", multiple=True, help="Only cases of this kind; may be given several times."),
        click.option("--out", type=click.Path(path_type=Path), help="Run folder. Default: evals/runs/ with the UTC time."),
        folders,
        CASES,
    ):
        function = option(function)
    return function


@click.group("eval", invoke_without_command=True)
@run_options
@click.pass_context
def command(ctx: click.Context, **options: Any) -> None:
    """Run the cases, score the answers and write a report; exit code 1 when a threshold is missed.

    The three steps are subcommands too, joined by the files of a run folder.
    """
    wanted = Wanted(**options)
    if ctx.invoked_subcommand is not None:
        if wanted != Wanted():
            raise click.UsageError(f"Put the options behind the subcommand: guidance eval {ctx.invoked_subcommand} …")
        return
    folder = _run(wanted)
    passed = _score(folder)
    _report(folder)
    sys.exit(0 if passed else 1)


@command.command("run")
@run_options
def run_command(**options: Any) -> None:
    """Put the cases to the assistant and keep its answers in a run folder."""
    click.echo(f"Answers in {_run(Wanted(**options))}")


@command.command("score")
@FOLDER
def score_command(folder: Path) -> None:
    """Score the answers of RUNFOLDER; exit code 1 when a threshold is missed."""
    sys.exit(0 if _score(folder) else 1)


@command.command("report")
@FOLDER
def report_command(folder: Path) -> None:
    """Write report.md for a scored RUNFOLDER."""
    _report(folder)


@command.command("messages")
@click.argument("file", type=click.Path(path_type=Path))
def messages_command(file: Path) -> None:
    """Sort the messages of FILE (JSONL: id, language, label, text) as the screening does, and list what it gets wrong."""
    from assistant.triage import TriageModel
    from evals.messages_check import read_messages, sort_messages
    from evals.tables import print_messages

    messages = read_messages(file)
    with progress_bar() as bar:
        task = bar.add_task("screening", total=len(messages))
        found = sort_messages(messages, TriageModel(), lambda done: bar.update(task, completed=done))
    print_messages(found)


@command.command("speed")
@CASES
@folders
@click.option("--passages", type=click.IntRange(100), help="Measure over about so many made-up passages instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def speed_command(cases: Path | None, corpus: Path | None, data: Path | None, passages: int | None, as_json: bool) -> None:
    """Measure first and warm answers and memory beside the plain recipe's, and the time of --help, on this machine."""
    from evals.cases import load_cases
    from evals.speed import measure, measure_large, print_speed

    settings = settings_for(corpus, data)
    loaded = load_cases(cases or _bundled())
    with progress_bar() as bar:
        task = bar.add_task("reading", total=None)

        def shown(stage: str, done: int, total: int | None) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        if passages is None:
            _bring_up_to_date(settings, shown)
        speed = measure(loaded, settings, shown) if passages is None else measure_large(passages, settings, shown)
    if as_json:
        click.echo(speed.as_json())
    else:
        print_speed(speed)


for measurement in (ingestion.ingest_speed, ingestion.ingest_scale, ingestion.kills, ingestion.structure, bench):
    command.add_command(measurement)


def _run(wanted: Wanted) -> Path:
    """Load the cases first, so that a mistake in them costs no time; then index, then ask."""
    from evals.cases import load_cases

    where = wanted.cases or _bundled()
    cases = load_cases(where, wanted.kind)
    from assistant.chain import build
    from evals.run import Plan, new_folder, run

    settings = settings_for(wanted.corpus, wanted.data)
    with progress_bar() as bar:
        task = bar.add_task("reading", total=None)
        _bring_up_to_date(settings, lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total))
        guidance = build(settings)
        plan = Plan(cases, where, new_folder(wanted.out, wanted.name), wanted.name, wanted.kind)
        bar.update(task, description="asking", completed=0, total=len(cases))
        run(plan, guidance, settings, lambda case, done: bar.update(task, description=case.id, completed=done))
    return plan.out


def _score(folder: Path) -> bool:
    from evals.score import score
    from evals.tables import print_score

    scored = score(folder)
    print_score(scored)
    return scored.passed


def _report(folder: Path) -> None:
    from evals.report import report

    click.echo(f"Report: {report(folder)}")


def _bring_up_to_date(settings: Any, progress: Callable[[str, int, int], None]) -> None:
    from ingest.pipeline import ingest, is_stale

    if is_stale(settings.corpus, settings.data, settings.embedding_model):
        ingest(settings.corpus, settings.data, settings.embedding_model, progress)


def _bundled() -> Path:
    return Path(__file__).parent / "cases"
