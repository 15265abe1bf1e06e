"""The sheet as CSV, written so that Excel opens it and read back in whatever way Excel has saved it."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from evals.reading.sheet import Filled, FilledRow, Item, Sheet
from ingest.errors import CasesError, DamagedFile
from ingest.readers.decode import decode

COLUMNS = ("number", "case", "asked by", "question", "answer", "quotes", "verdict", "note", "reader", "date", "run")
NEEDED = ("case", "verdict", "note", "reader", "date", "run")
CELL = 32_000
"""Characters; Excel holds 32,767."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIRST = 2
"""The row, as a spreadsheet counts, of the first answer."""


def write_csv(path: Path, sheet: Sheet) -> None:
    """A row for each answer, UTF-8 with the byte order mark by which Excel knows it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for item in sheet.items:
            writer.writerow([item.number, *map(_cell, (*_shown(item), "", "", "", "", sheet.run))])


def _shown(item: Item) -> tuple[str, ...]:
    earlier = [f"Earlier message: {message}" for message in item.earlier]
    question = "\n".join([*earlier, f"Question: {item.question}"]) if earlier else item.question
    quotes = dict.fromkeys(f"[{q.mark}] “{q.words}” ({q.place})" if q.words else f"[{q.mark}] ({q.place})" for s in item.spoken for q in s.quotes)
    return item.case, item.asked_by, question, "\n".join(spoken.marked for spoken in item.spoken), "\n".join(quotes)


def _cell(text: str) -> str:
    """Text that a spreadsheet shows and does not reckon with, no longer than it can hold."""
    return f"'{text}"[:CELL] if text.startswith(FORMULA) else text[:CELL]


def read_csv(path: Path) -> Filled:
    """A sheet that was filled in. Raises CasesError for a file that is none."""
    names, *rows = _table(path)
    cells = [dict(zip(names, row)) for row in rows]
    filled = tuple(FilledRow(f"row {n}", *(_of(c, name) for name in ("case", "verdict", "note", "run"))) for n, c in enumerate(cells, start=FIRST) if any(c.values()))
    dates = _told(cells, "date")
    return Filled(path, f"row {FIRST}", _told(cells, "reader"), dates[0] if dates else "", filled)


def _told(cells: Iterable[dict[str, str]], name: str) -> tuple[str, ...]:
    """Everything that stands in a column, each once."""
    return tuple(dict.fromkeys(words for cell in cells if (words := " ".join(_of(cell, name).split()))))


def _of(cells: dict[str, str], name: str) -> str:
    return cells.get(name, "").strip()


def _table(path: Path) -> list[list[str]]:
    """The rows with the header first, its names in small letters, in whichever separator gives it the columns."""
    try:
        text = decode(path.read_bytes(), path.name)
    except (OSError, DamagedFile) as exc:
        raise CasesError(f"{path} cannot be read as CSV ({exc}). Save the sheet as CSV again, or name another file with --verdicts.") from exc
    for separator in ",;\t":
        try:
            rows = list(csv.reader(io.StringIO(_without_sep(text), newline=""), delimiter=separator))
        except csv.Error:
            continue
        names = [name.strip().casefold() for name in rows[0]] if rows else []
        if set(NEEDED) <= set(names):
            return [names, *rows[1:]]
    raise CasesError(f"{path}, row 1: the columns {', '.join(NEEDED)} are not all there. Keep the first row of the sheet as it was made.")


def _without_sep(text: str) -> str:
    """The text without the line `sep=;`, by which Excel is told the separator."""
    return text.partition("\n")[2] if text[:4].casefold() == "sep=" else text
