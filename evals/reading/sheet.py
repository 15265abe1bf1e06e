"""Sheet: what a reader is shown of each answer, and what comes back filled in. Word and CSV files hold the same."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.folder import Answered, Said
from ingest.errors import CasesError
from ingest.split import plain

DOCX, CSV, READING = "reading-sheet.docx", "reading-sheet.csv", "reading.json"
MARK = re.compile(r" ?\[(\d+)\]")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no Word file can hold."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The passage behind a mark: its words, and document, section and page in one line."""

    mark: int
    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement of an answer with the passages that it cites; none for the assistant's own remark."""

    words: str
    quotes: tuple[Quoted, ...]

    @property
    def marked(self) -> str:
        """The words with their marks behind them."""
        return self.words + "".join(f" [{quoted.mark}]" for quoted in self.quotes)


@dataclass(frozen=True, slots=True)
class Item:
    """An answer as its reader sees it. It says nothing of what the program makes of it."""

    number: int
    case: str
    asked_by: str
    earlier: tuple[str, ...]
    question: str
    spoken: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers to read; `run` tells this run from every other."""

    run: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row as it came back, its words untouched; `place` is where in the file it stands."""

    place: str
    case: str
    verdict: str
    note: str
    run: str

    @property
    def is_touched(self) -> bool:
        """Whether the reader wrote anything in it."""
        return bool(self.verdict or self.note)


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet as it came back; `place` is where name and date belong, `readers` holds every name that was written there."""

    path: Path
    place: str
    readers: tuple[str, ...]
    date: str
    rows: tuple[FilledRow, ...]

    @property
    def is_touched(self) -> bool:
        """Whether anybody wrote anything in it."""
        return bool(self.readers or self.date or any(row.is_touched for row in self.rows))


def sheet_of(run: dict[str, Any], rows: Iterable[Answered]) -> Sheet:
    """The sheet of some answers, in their order."""
    return Sheet(run_of(run), tuple(_item(number, row) for number, row in enumerate(rows, start=1)))


def run_of(run: dict[str, Any]) -> str:
    """When a run began and which cases it was asked, as words that no spreadsheet takes for a date or a number.

    Raises CasesError where `run.json` does not say it.
    """
    try:
        return f"begun {run['started']}, cases {run['cases']['sha256'][:16]}"
    except (KeyError, TypeError) as exc:
        raise CasesError(f"run.json does not say when the run began and of which cases ({exc}). Make the run again with: guidance eval run") from exc


def printable(text: str) -> str:
    """The text without the characters that a Word file cannot hold."""
    return UNPRINTABLE.sub("", text)


def _item(number: int, row: Answered) -> Item:
    *earlier, question = map(printable, row.turns)
    said = row.actual_statements or tuple(_unparted(line) for line in row.actual_answer.splitlines() if line.strip())
    asked_by = {"staff": "a member of staff", "partner": "a partner"}.get(row.audience, row.audience)
    return Item(number, row.id, asked_by, tuple(earlier), question, tuple(_spoken(part, row) for part in said))


def _unparted(line: str) -> Said:
    """A line of an answer that came without its statements."""
    return Said(MARK.sub("", line), tuple(int(mark) for mark in MARK.findall(line)))


def _spoken(said: Said, row: Answered) -> Spoken:
    return Spoken(printable(said.text), tuple(_quoted(mark, row.actual_citations) for mark in said.marks))


def _quoted(mark: int, citations: tuple[dict[str, Any], ...]) -> Quoted:
    if not 1 <= mark <= len(citations):
        return Quoted(mark, "", "there is no passage for this mark")
    cited = citations[mark - 1]
    page = f"page {cited['page']}" if cited.get("page") else ""
    place = [cited.get("title") or cited["source"], cited.get("section") or "", page]
    return Quoted(mark, printable(plain(cited["quote"])), printable(", ".join(part for part in place if part)))
