"""Table: cases from a sheet that somebody filled in, one question in each row, without YAML or patterns."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.casebook.schema import Case, case_from
from evals.casebook.sheet import SheetRow, read_sheet
from evals.stored import Stored
from ingest.errors import CasesError

NEEDED = ("question", "audience", "must say", "document")
OPTIONAL = ("must not say", "id", "kind", "status")
FIELDS = {"turns": "question", "expected_status": "status", "nuggets": "must say", "forbidden": "must not say", "expected_sources": "document"}
"""The column that a field of a case is made from, where the names differ."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row: where, and cause with remedy in words. `warning` stops nothing."""

    path: Path
    row: int
    column: str
    words: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}, row {self.row}, column {self.column}: {self.words}"


@dataclass(frozen=True, slots=True)
class Imported:
    """The cases of the rows that can be used, and what is wrong with the others."""

    cases: tuple[Case, ...]
    faults: tuple[RowFault, ...]


def cases_from_table(path: Path, stored: Stored) -> Imported:
    """A case for each row of a CSV file or workbook; a row with a fault is left out and told.

    Raises CasesError where the file cannot be read or lacks a column.
    """
    sheet = read_sheet(path, (*NEEDED, *OPTIONAL))
    missing = [column for column in NEEDED if column not in sheet.columns]
    if missing:
        raise CasesError(
            f"{path}: the column {' and '.join(map(repr, missing))} is missing; the first row names {', '.join(filter(None, sheet.columns)) or 'nothing'}. "
            f"It has to name {', '.join(NEEDED)}, and may name {', '.join(OPTIONAL)}."
        )
    cases: dict[str, Case] = {}
    faults = _unknown(path, sheet.columns)
    for row in sheet.rows:
        case, wrong = _case(path, row, stored)
        if case and case.id in cases:
            wrong = (RowFault(path, row.number, "id", f"{case.id!r} is used twice. Give each row an id of its own."),)
        faults += wrong
        if case and not wrong:
            cases[case.id] = case
    return Imported(tuple(cases.values()), tuple(faults))


def _unknown(path: Path, columns: tuple[str, ...]) -> list[RowFault]:
    known = (*NEEDED, *OPTIONAL)
    words = f"this column is not known and was left out. Known are {', '.join(known)}."
    return [RowFault(path, 1, repr(name), words, True) for name in columns if name and name not in known]


def _case(path: Path, row: SheetRow, stored: Stored) -> tuple[Case | None, tuple[RowFault, ...]]:
    faults = [RowFault(path, row.number, column, words) for column, words in _gaps(row)]
    sources, problems = _sources(row.cells.get("document", ""), stored)
    faults += [RowFault(path, row.number, "document", words) for words in problems]
    if faults:
        return None, tuple(faults)
    audience = row.cells["audience"].lower()
    if hidden := [source for source in sources if audience == "partner" and stored.staff_only(source)]:
        words = f"{', '.join(hidden)} is for staff only, and the audience is partner. Write staff as the audience, or name another document."
        return None, (RowFault(path, row.number, "document", words),)
    case, wrong = case_from(_fields(path, row, audience, sources))
    return case, tuple(RowFault(path, row.number, _column(problem.field), problem.words) for problem in wrong)


def _gaps(row: SheetRow) -> Iterator[tuple[str, str]]:
    """Cells that have to be filled in and are not, or that stand where no column is."""
    if row.overfull:
        yield "question", "the row has more cells than the first row names. Put a cell that holds the separator in double quotes."
    if "question" not in row.cells:
        yield "question", "it is empty. Write the question as somebody would ask it."
    audience = row.cells.get("audience", "")
    if audience.lower() not in ("staff", "partner"):
        yield "audience", f"{audience!r} is not allowed. Write staff or partner." if audience else "it is empty. Write staff or partner."


def _fields(path: Path, row: SheetRow, audience: str, sources: tuple[str, ...]) -> dict[str, object]:
    """The fields of a case. Where nothing has to be said and no document is named, the question is to be declined."""
    cells = row.cells
    must, declined = _parts(cells.get("must say", "")), "must say" not in cells and "document" not in cells
    status = [part.strip().lower().replace(" ", "_") for part in re.split(r"[,;/\n]", cells.get("status", "")) if part.strip()]
    return {
        "id": cells.get("id") or f"{re.sub(r'[^a-z0-9]+', '-', path.stem.lower()).strip('-') or 'row'}-{row.number:03d}",
        "kind": cells.get("kind") or ("unanswerable" if declined else "lookup"),
        "audience": audience,
        "question": cells["question"],
        "expected_status": status or (["not_covered"] if declined else ["answered", "partial"]),
        "expected_sources": list(sources),
        "nuggets": [{"fact": part, "means": part} for part in must],
        "forbidden": [{"fact": part, "means": part} for part in _parts(cells.get("must not say", ""))],
    }


def _parts(cell: str) -> list[str]:
    """One sentence for each line and each part before a semicolon, without the mark of a list."""
    parts = (re.sub(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+", "", part).strip() for part in re.split(r"[;\n]", cell))
    return list(dict.fromkeys(part for part in parts if part))


def _sources(cell: str, stored: Stored) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of the documents that a cell names, by id or title, and what is wrong with the other names."""
    names = [cell] if len(_named(cell, stored)) == 1 else _parts(cell)
    found = {name: _named(name, stored) for name in names}
    ids = tuple(dict.fromkeys(ids[0] for ids in found.values() if len(ids) == 1))
    return ids, tuple(_unclear(name, ids, stored) for name, ids in found.items() if len(ids) != 1)


def _named(name: str, stored: Stored) -> tuple[str, ...]:
    wanted = _folded(name)
    ids = tuple(source for source in stored.entries if _folded(source) == wanted)
    return ids or tuple(source for source, entry in stored.entries.items() if entry.source.title and _folded(entry.source.title) == wanted)


def _unclear(name: str, ids: tuple[str, ...], stored: Stored) -> str:
    """Why a name leads to no document or to several, with those that are meant by chance."""
    if ids:
        return f"{name!r} is the title of {', '.join(ids)}. Write the id of one of them."
    titles = {_folded(title): f"{title!r} ({source})" for source, entry in stored.entries.items() for title in (entry.source.title or source, source)}
    near = [titles[key] for key in difflib.get_close_matches(_folded(name), titles, n=3, cutoff=0.5)]
    held = f"Is {' or '.join(dict.fromkeys(near))} meant?" if near else f"It holds {', '.join(sorted(stored.entries)) or 'no document'}."
    return f"{name!r} is no id and no title of the index. {held} Correct the name, or ingest the document."


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _column(field: str) -> str:
    name = field.partition(".")[0]
    return FIELDS.get(name, name)
