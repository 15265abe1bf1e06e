"""Rows: statements with their passages and what a person said of them, from JSONL files."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import CasesError
from ingest.sentences import sentences
from ingest.spans import Span

WANTED = '{"id", "claim", "context" or "context_sentences", "label": 1 supported or 0}'


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement beside its passage, and whether a person found it supported. `sentences` is the passage, parted."""

    id: str
    claim: str
    sentences: tuple[str, ...]
    supported: bool


def read_rows(path: Path) -> tuple[Labelled, ...]:
    """The rows of one set. Raises CasesError naming file, line, cause and remedy."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise CasesError(f"{path} cannot be read ({exc}). Name a JSONL file of rows {WANTED}.") from exc
    rows = tuple(_row(line, f"{path}, line {number}") for number, line in enumerate(lines, start=1) if line.strip())
    if not rows:
        raise CasesError(f"{path} holds no row. Write one JSON object {WANTED} on each line.")
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise CasesError(f"{path}: the id {row.id!r} is used twice. Give each row an id of its own.")
        seen.add(row.id)
    return rows


def _row(line: str, where: str) -> Labelled:
    try:
        row = json.loads(line)
    except ValueError as exc:
        raise CasesError(f"{where}: this is not JSON ({exc}). Write one object {WANTED} on each line.") from exc
    if not isinstance(row, dict):
        raise CasesError(f"{where}: this is not a row. It needs {WANTED}.")
    for name in ("id", "claim"):
        if not isinstance(row.get(name), str):
            raise CasesError(f"{where}: {name} is missing or is not text. A row needs {WANTED}.")
    if row.get("label") not in (0, 1):
        raise CasesError(f"{where}: label = {row.get('label')!r} is not allowed. Write 1 for supported or 0.")
    return Labelled(row["id"], row["claim"], _sentences(row, where), bool(row["label"]))


def _sentences(row: dict[str, Any], where: str) -> tuple[str, ...]:
    given, context = row.get("context_sentences"), row.get("context")
    if isinstance(given, list) and all(isinstance(part, str) for part in given):
        return tuple(part for part in given if part.strip())
    if isinstance(context, str):
        return tuple(part for paragraph in context.splitlines() for part in _parted(paragraph))
    raise CasesError(f"{where}: neither context (text) nor context_sentences (a list of texts) is there. A row needs {WANTED}.")


def _parted(paragraph: str) -> list[str]:
    return [paragraph[span.start : span.end] for span in sentences(paragraph, Span(0, len(paragraph)), "en")]
