"""Answers that are right: written by people in their own words, and the assistant's own, each as a run would have it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals.folder import Answered, Said
from evals.stored import Stored
from ingest.errors import CasesError

BLANK = Answered(
    id="", kind="right", audience="staff", turns=(), expected_status=("answered", "partial"), expected_sources=(), expected_sections=(), expected_nuggets=(),
    forbidden=(), note=None, actual_status="answered", actual_answer="", actual_statements=(), actual_citations=(), retrieved=(), latency_ms=0.0,
)  # fmt: skip


def read_answers(path: Path, stored: Stored) -> tuple[Answered, ...]:
    """Rows `{"id", "question", "audience", "statements": [{"text", "source", "quotes"}]}` as answers with citations.

    Raises CasesError for a row that cannot be used and for a quote that its document does not hold.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            rows.append(_answer(json.loads(line), stored))
        except (ValueError, KeyError, TypeError) as exc:
            raise CasesError(f"{path}, line {number}: this is no answer ({exc}). It needs id, question, audience and statements with text, source and quotes.") from exc
    return tuple(rows)


def _answer(row: dict[str, Any], stored: Stored) -> Answered:
    citations: list[dict[str, Any]] = []
    said = []
    for statement in row["statements"]:
        marks = []
        for quote in statement["quotes"]:
            citations.append(citation(statement["source"], quote, stored))
            marks.append(len(citations))
        said.append(Said(statement["text"], tuple(marks)))
    return with_statements(replace(BLANK, id=row["id"], audience=row["audience"], turns=(row["question"],)), said, citations)


def citation(source: str, quote: str, stored: Stored) -> dict[str, Any]:
    """A valid citation of the first place of a quote. Raises KeyError for an unknown document, ValueError where it does not hold the quote."""
    entry = stored.entries[source]
    text = stored.text(entry.version) or ""
    start = text.find(quote)
    if start < 0:
        raise ValueError(f"{source} does not hold {quote[:60]!r}")
    title = entry.source.title or source
    return {"source": source, "version": entry.version, "title": title, "section": None, "quote": quote, "start": start, "end": start + len(quote)}


def with_statements(row: Answered, said: Sequence[Said], citations: Sequence[dict[str, Any]] | None = None) -> Answered:
    """The answer with other statements, its text made from them."""
    text = "\n".join(f"{s.text}{''.join(f' [{mark}]' for mark in s.marks)}" for s in said)
    found = row.actual_citations if citations is None else tuple(citations)
    return replace(row, actual_statements=tuple(said), actual_answer=text, actual_citations=found)


def as_right(row: Answered) -> Answered:
    """One of the assistant's own answers, of which nothing but its grounds is asked."""
    return replace(row, kind="right", expected_status=("answered", "partial"), expected_sources=(), expected_sections=(), expected_nuggets=(), forbidden=())
