"""`guidance eval`: run, score and report in a row, or one of them; the other subcommands each measure one thing apart."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from assistant.commands.options import folders, settings_for
from evals.bench.command import bench
from evals.casebook.command import cases as casebook
from evals.checker.command import checker
from evals.compare_command import compare
from evals.faults.command import faults
from evals.ingestion import command as ingestion
from evals.ingestion.command import progress_bar
from evals.reading.command import sheet

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
    workers: int = 1
    resume: bool = False
    prices: tuple[float, float] | None = None


def run_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `guidance eval` and of `guidance eval run`."""
    for option in (
        click.option("--resume", is_flag=True, help="Go on with the interrupted run in the folder that --out names."),
        click.option("--prices", type=(float, float), help="What a chat model costs for a million tokens read and written, for the run's cost."),
        click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Questions asked at the same time; more make each slower."),
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
    folder, whole = _run(wanted)
    passed = _score(folder)
    _report(folder)
    sys.exit(0 if passed and whole else 1)


@command.command("run")
@run_options
def run_command(**options: Any) -> None:
    """Put the cases to the assistant and keep its answers in a run folder; exit code 1 when a case had to be left out."""
    folder, whole = _run(Wanted(**options))
    click.echo(f"Answers in {folder}")
    sys.exit(0 if whole else 1)


@command.command("score")
@FOLDER
def score_command(folder: Path) -> None:
    """Score the answers of RUNFOLDER; exit code 1 when a threshold is missed."""
    sys.exit(0 if _score(folder) else 1)


@command.command("report")
@FOLDER
def report_command(folder: Path) -> None:
    """Write report.html, one page that opens without a server, for a scored RUNFOLDER."""
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
    from evals.casebook.read import load_cases
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


for subcommand in (casebook, checker, compare, faults, sheet, bench, ingestion.ingest_speed, ingestion.ingest_scale, ingestion.kills, ingestion.structure):
    command.add_command(subcommand)


def _run(wanted: Wanted) -> tuple[Path, bool]:
    """The run folder, and whether every case could be asked. Cases are read first, so that a mistake in them costs no time."""
    from evals.casebook.lint import usable
    from evals.casebook.read import of_kinds, read_cases

    where = wanted.cases or _bundled()
    book = read_cases(where)
    wanted_cases = of_kinds(book.ready, wanted.kind, where)
    if wanted.resume and wanted.out is None:
        raise click.UsageError("--resume needs --out with the folder of the run that was interrupted.")
    from langchain_core.callbacks import UsageMetadataCallbackHandler

    from assistant.chain import build
    from evals.describe import Plan
    from evals.run import new_folder, run
    from evals.stored import Stored
    from ingest.catalogue import Catalogue, current_generation

    settings = settings_for(wanted.corpus, wanted.data)
    with progress_bar() as bar:
        task = bar.add_task("reading", total=None)
        _bring_up_to_date(settings, lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total))
        cases, faults = usable(wanted_cases, book, Stored.from_catalogue(settings.data, Catalogue.load(current_generation(settings.data))))
        usage = UsageMetadataCallbackHandler()
        guidance = build(settings, usage=usage)
        folder = wanted.out if wanted.resume and wanted.out else new_folder(wanted.out, wanted.name)
        plan = Plan(cases, where, folder, wanted.name, wanted.kind, wanted.workers, wanted.prices)
        bar.update(task, description="asking", completed=0, total=len(cases))
        try:
            run(plan, guidance, settings, lambda case, done: bar.update(task, description=case.id, completed=done), usage)
        except KeyboardInterrupt:
            raise click.ClickException(f"Stopped. What was answered is kept; go on with the same options and --out {folder} --resume") from None
    for fault in faults:
        click.echo(f"Left out: {fault}", err=True)
    return folder, not faults


def _score(folder: Path) -> bool:
    from assistant.judges import judge_named
    from assistant.settings import Settings
    from evals.score import score
    from evals.tables import print_score

    settings = Settings.from_env()
    with progress_bar() as bar:
        task = bar.add_task("judging", total=None)
        scored = score(folder, judge_named(settings.checker, settings, "policies"), progress=lambda done, total: bar.update(task, completed=done, total=total))
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
