"""`guidance ask`: one question answered in the terminal, or a JSONL file of them."""

import json
import sys
import time
from pathlib import Path

import click

from assistant.commands.options import AUDIENCE, folders, settings_for


@click.command("ask")
@click.argument("question", required=False)
@AUDIENCE
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
@click.option("--batch", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="JSONL file of questions; needs --out.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="JSONL file for the answers.")
@folders
def command(question: str | None, audience: str | None, as_json: bool, batch: Path | None, out: Path | None, corpus: Path | None, data: Path | None) -> None:
    """Ask one QUESTION, or a file of them with --batch IN.jsonl --out OUT.jsonl."""
    if (batch is None) == (question is None) or (batch is None) != (out is None):
        raise click.UsageError("Give one QUESTION in quotes, or both --batch IN.jsonl and --out OUT.jsonl.")
    if batch and out and batch.resolve() == out.resolve():
        raise click.UsageError("--out names the file of questions itself. Name another file for the answers.")
    from assistant.batch import answer_dict, run_batch
    from assistant.chain import build
    from assistant.retrieve import Turn

    settings = settings_for(corpus, data)
    guidance = build(settings)
    if batch and out:
        sys.exit(1 if run_batch(guidance, settings, batch, out) else 0)
    started = time.perf_counter()
    answer = guidance.chain.invoke(Turn(question or "", (), settings.allow(audience)))
    if as_json:
        row = {"id": None, **answer_dict(answer), "latency_ms": round((time.perf_counter() - started) * 1000)}
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    click.echo(answer.text)
    if answer.citations:
        click.echo()
    for number, citation in enumerate(answer.citations, start=1):
        page = f", page {citation.page}" if citation.page else ""
        section = citation.section.split(" > ")[-1]
        click.echo(f"[{number}] {citation.title}{f', {section}' if section else ''}{page}{f' ({citation.standing})' if citation.standing else ''}")
