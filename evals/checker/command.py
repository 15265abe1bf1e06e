"""`guidance eval checker`: the grounding checker against sets that people labelled."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evals.ingestion.command import progress_bar

if TYPE_CHECKING:
    from evals.checker.measure import CheckerScore

JUDGES = "packaged, nli:NAME (a sentence-transformers CrossEncoder with entailment), or chat (the chat model that GUIDANCE_MODEL names)."


@click.command("checker")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write each row's id, score, supported and reason to this JSONL file.")
@click.option("--judge", default=None, help=f"Who judges: {JUDGES} Default: GUIDANCE_CHECKER, or packaged.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def checker(files: tuple[Path, ...], out: Path | None, judge: str | None, as_json: bool) -> None:
    """Hold the grounding checker against people: rows with a claim, its context and their label, beside the baselines.

    Each row is {"id", "claim", "context" or "context_sentences", "label": 1 supported or 0}. With several files the last
    line is the mean over the sets.
    """
    from assistant.judges import judge_named
    from assistant.settings import Settings
    from assistant.tokens import PackagedTokens
    from evals.checker.baselines import baselines
    from evals.checker.measure import measure
    from evals.checker.rows import read_rows
    from evals.folder import jsonable, write_lines

    settings = Settings.from_env()
    sets = {name: read_rows(path) for name, path in _by_name(files).items()}
    judging = judge_named(judge or settings.checker, settings, "general")
    with progress_bar() as bar:
        task = bar.add_task("judging", total=sum(map(len, sets.values())))
        scored = measure(sets, judging, baselines(PackagedTokens()), lambda done: bar.update(task, completed=done))
    if out is not None:
        write_lines(out, (judged for rows in scored.judged.values() for judged in rows))
    if as_json:
        click.echo(json.dumps(jsonable(scored.as_dict())))
    else:
        _print(scored)


def _by_name(files: Sequence[Path]) -> dict[str, Path]:
    """Files by their stem. Raises CasesError where two have the same."""
    from ingest.errors import CasesError

    named: dict[str, Path] = {}
    for path in files:
        if path.stem in named:
            raise CasesError(f"{path} and {named[path.stem]} are both called {path.stem}. Rename one of them.")
        named[path.stem] = path
    return named


def _print(scored: "CheckerScore") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), collapse_padding=True)
    for heading in ("Set", "Who", "Rows", "AUROC", "Bal. acc.", "F1 unsup.", "Cal. error"):
        table.add_column(heading, justify="left" if heading in ("Set", "Who") else "right", no_wrap=True)
    for name, found in scored.sets.items():
        table.add_row(name, "checker", str(found.n), *map(_number, (found.auroc, found.balanced_accuracy, found.f1, found.ece)))
        for base, values in found.baselines.items():
            table.add_row("", base, "", _number(values["auroc"]), _number(values["balanced_accuracy"]), "", "")
    mean = scored.mean
    table.add_section()
    table.add_row("mean", "checker", "", *(_number(mean[figure]) for figure in ("auroc", "balanced_accuracy", "f1", "ece")))
    for base, values in mean["baselines"].items():
        table.add_row("", base, "", _number(values["auroc"]), _number(values["balanced_accuracy"]), "", "")
    Console().print(table)


def _number(value: float) -> str:
    return "–" if value != value else f"{value:.3f}"
