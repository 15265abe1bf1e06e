"""A file of questions in, a file of answers out: a row for each line, in order, whatever the line is like."""

import json
import time
from pathlib import Path
from typing import TextIO

from assistant.chain import Guidance
from assistant.check import CitedAnswer
from assistant.messages import say
from assistant.retrieve import Turn
from assistant.settings import Settings
from ingest.errors import BatchRowError, GuidanceError


def answer_dict(answer: CitedAnswer) -> dict[str, object]:
    """The public fields of an answer."""
    return {
        "status": answer.status,
        "abstained": answer.abstained,
        "answer": answer.text,
        "citations": [c.as_dict() for c in answer.citations],
    }


def run_batch(guidance: Guidance, settings: Settings, source: Path, target: Path) -> int:
    """Answer every row of `source` into `target`; returns how many rows are errors."""
    failed = 0
    lines = source.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    with _open(target) as out:
        for number, line in enumerate(lines, start=1):
            row = _answer_line(guidance, settings, line, number)
            failed += row["status"] == "error"
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
    return failed


def _open(target: Path) -> TextIO:
    """The file for the answers; half a character, which UTF-8 cannot write, is written as its JSON escape."""
    try:
        return target.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as exc:
        raise BatchRowError(f"{target} cannot be written ({exc.strerror}). Name a file in a folder that exists with --out.") from exc


def _answer_line(guidance: Guidance, settings: Settings, line: bytes, number: int) -> dict:
    row_id = None
    try:
        row = _parsed(line)
        row_id = row.get("id")
        turns = _turns(row)
        audience = settings.allow(row["audience"])
        started = time.perf_counter()
        told: tuple[str, ...] = ()
        for position, message in enumerate(turns):
            started = time.perf_counter()
            answer = guidance.chain.invoke(Turn(message, tuple(turns[:position]), audience, told))
            told = (*told, answer.told)
        elapsed = round((time.perf_counter() - started) * 1000)
        return {"id": row_id, **answer_dict(answer), "latency_ms": elapsed}
    except GuidanceError as exc:
        return {"id": row_id, "line": number, "status": "error", "answer": f"Line {number}: {exc}"}
    except Exception:  # a defect of ours must not take the other rows with it
        return {"id": row_id, "line": number, "status": "error", "answer": f"Line {number}: {say('error')}"}


def _parsed(line: bytes) -> dict:
    try:
        row = json.loads(line.decode("utf-8"))
    except ValueError as exc:
        raise BatchRowError(f'this is not JSON ({exc}). Write {{"id": ..., "audience": ..., "question": ...}} on one line.') from exc
    if not isinstance(row, dict):
        raise BatchRowError("this is not a JSON object. Write an object with id, audience and question or turns.")
    return row


def _turns(row: dict) -> list[str]:
    if row.get("audience") not in ("staff", "partner"):
        raise BatchRowError(f"audience is {row.get('audience')!r}; it has to be \"staff\" or \"partner\".")
    turns = row.get("turns") if "turns" in row else [row.get("question")]
    if not isinstance(turns, list) or not turns or not all(isinstance(t, str) for t in turns):
        raise BatchRowError("question has to be text, or turns a list of texts, oldest first.")
    return turns
