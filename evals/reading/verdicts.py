"""Verdicts: what a reader's words mean, and how far the reader and the program agree."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.reading.sheet import Filled, FilledRow
from ingest.errors import CasesError

VERDICTS = ("right", "wrong", "unsure")
WORDS = {
    "right": ("right", "correct", "ok", "okay", "yes", "true", "r", "y", "✓", "✔"),
    "wrong": ("wrong", "incorrect", "not right", "no", "false", "w", "n", "✗", "✘"),
    "unsure": ("unsure", "not sure", "unclear", "maybe", "don't know", "do not know", "u", "?"),
}
"""All that is read as each verdict, in any case, with any spaces and full stops, exclamation marks or quotation marks around it."""
MEANING = {word: verdict for verdict, words in WORDS.items() for word in words}
AROUND = " .,;:!\"'“”‘’()[]*_"


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be used: where it stands, and cause with remedy in words."""

    path: Path
    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}, {self.place}: {self.words}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found, by case id; `program` holds the program's verdicts of the same cases."""

    reader: str
    date: str
    found: dict[str, str]
    notes: dict[str, str]
    program: dict[str, str]

    def count(self, verdict: str) -> int:
        """How many answers got this verdict."""
        return sum(found == verdict for found in self.found.values())

    @property
    def differing(self) -> tuple[str, ...]:
        """The cases that one of both calls right and the other does not. The program's "right" is one in every respect."""
        return tuple(case for case, found in self.found.items() if found != "unsure" and (found == "right") != (self.program[case] == "right"))

    def as_json(self) -> dict[str, Any]:
        """The contents of `reading.json`."""
        told = len(self.found) - self.count("unsure")
        return {
            "reader": self.reader,
            "date": self.date,
            "read": len(self.found),
            **{verdict: self.count(verdict) for verdict in VERDICTS},
            "agreement": {"same": told - len(self.differing), "different": len(self.differing), "cases": self.differing},
            "notes": [{"case": case, "verdict": self.found[case], "note": note} for case, note in self.notes.items()],
            "verdicts": self.found,
        }


def verdict_of(words: str) -> str | None:
    """The verdict that a reader's words stand for, or None where they say something else."""
    plain = " ".join(unicodedata.normalize("NFKC", words).replace("’", "'").casefold().strip(AROUND).split())
    return MEANING.get("?" if re.fullmatch(r"\?+", plain) else plain)


def judge(filled: Filled, run: str, program: Mapping[str, str]) -> tuple[Reading, tuple[Fault, ...]]:
    """What the rows say that can be used, and what is wrong with the others; rows that nobody wrote in are left out.

    Raises CasesError where nothing is filled in, name or date is missing, two readers are named, or no row can be used.
    """
    touched = [row for row in filled.rows if row.is_touched]
    if not touched:
        raise CasesError(f"{filled.path}: no verdict is filled in. Write {', '.join(VERDICTS[:-1])} or {VERDICTS[-1]} for each answer that was read.")
    reader = _reader(filled)
    found: dict[str, str] = {}
    notes: dict[str, str] = {}
    faults: list[Fault] = []
    for row in touched:
        verdict = verdict_of(row.verdict)
        if words := _wrong_with(row, run, program, found):
            faults.append(Fault(filled.path, f"{row.place}, {row.case or 'no case'}", words))
        elif verdict:
            found[row.case] = verdict
            notes |= {row.case: row.note} if row.note else {}
    if not found:
        raise CasesError("\n".join(map(str, faults)))
    return Reading(reader, filled.date, found, notes, {case: program[case] for case in found}), tuple(faults)


def _reader(filled: Filled) -> str:
    """Who read. Raises CasesError for a name or a date that is missing, and for two readers."""
    for words, name in ((filled.readers, "reader's name"), (filled.date, "date")):
        if not words:
            raise CasesError(f"{filled.path}, {filled.place}: the {name} is missing. Fill it in there, and read the sheet again.")
    if len(filled.readers) > 1:
        raise CasesError(f"{filled.path}: more than one reader is named ({', '.join(filled.readers)}). Give each reader a sheet of their own.")
    return filled.readers[0]


def _wrong_with(row: FilledRow, run: str, program: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Why a row cannot be used, with the remedy; "" where it can."""
    if " ".join(row.run.split()) != run:
        return f"it belongs to another run ({row.run or 'none is named'}) than this one ({run}). Name the folder of that run, or fill in the sheet of this one."
    if row.case not in program:
        return "the run has no case of this id. Write the id as it was on the sheet."
    if row.case in found:
        return "the case is there twice, and its first row is used. Remove one of them."
    if not row.verdict:
        return "there is a note and no verdict. Write right, wrong or unsure."
    return "" if verdict_of(row.verdict) else f"{row.verdict!r} is no verdict. Write right, wrong or unsure, and anything else under the note."
