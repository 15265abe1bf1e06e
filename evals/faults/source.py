"""Source: where the right answers and the invented sentences come from."""

import json
import random
from pathlib import Path

from evals.faults.answers import read_answers as read_written
from evals.faults.measure import right_answers
from evals.folder import CASES, RUN, Answered, read_answers, read_json, read_lines
from evals.stored import Stored
from ingest.errors import CasesError

SECTIONS = Path(__file__).parents[1] / "training" / "sections"
"""Invented organisations' policies: plausible sentences that the documents do not hold."""
INVENTED = 400


def gathered(folder: Path, written: Path, own: int, seed: int) -> tuple[tuple[Answered, ...], Stored]:
    """Right answers of a scored run and those that people wrote, with the documents. Raises CasesError where there are none."""
    stored = Stored.from_run(read_json(folder, RUN))
    right = {case["id"] for case in read_lines(folder, CASES) if case["verdict"] == "right"}
    ours = [row for row in read_answers(folder) if row.id in right and row.actual_language == "en"]
    files = sorted(written.glob("*.jsonl")) if written.is_dir() else [written] if written.is_file() else []
    theirs = [row for path in files for row in read_written(path, stored)]
    answers = right_answers(random.Random(seed).sample(ours, min(own, len(ours))), theirs)
    if not answers:
        raise CasesError(f"{folder} has no right answer, and {written} holds none. Score the run first, or name answers with --answers.")
    return answers, stored


def invented() -> tuple[str, ...]:
    """Sentences of invented policies, of twelve words or more, the same each time."""
    rows = [json.loads(line) for path in sorted(SECTIONS.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    sentences = [unit for row in rows for unit in row["units"] if len(unit.split()) >= 12]
    return tuple(random.Random(1).sample(sentences, INVENTED))


def secret_of(stored: Stored) -> str:
    """The document that counts as one for staff: the shortest that is neither a translation nor of the past."""
    able = [e for e in stored.entries.values() if not e.source.ended and not e.source.translation_of and stored.passages(e.source.id)]
    return min(able, key=lambda e: e.passages).source.id
