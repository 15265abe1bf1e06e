"""Sheet: the rows of a CSV file or an Excel workbook, as a spreadsheet program saves them."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from ingest.errors import CasesError

DELIMITERS = (",", ";", "\t")
WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with its number, the first being 1, its filled cells by column, and whether it has more cells than there are columns."""

    number: int
    cells: dict[str, str]
    overfull: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns in their order, by name in lower case, and the rows that are not empty."""

    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_sheet(path: Path, known: Sequence[str]) -> Sheet:
    """The rows below the first. Raises CasesError for a file that is no table; the separator is the one that parts the `known` columns."""
    if not path.is_file():
        raise CasesError(f"{path} does not exist. Name an existing CSV or XLSX file.")
    if path.suffix.lower() in WORKBOOKS:
        table = _workbook(path)
    elif path.suffix.lower() in TEXTS:
        table = _text(path, known)
    else:
        raise CasesError(f"{path} is no CSV or XLSX file. Save the sheet as one of them.")
    if not table:
        raise CasesError(f"{path} is empty. The first row has to name the columns.")
    columns = tuple(_name(cell) for cell in table[0])
    if twice := next((name for name in columns if name and columns.count(name) > 1), None):
        raise CasesError(f"{path} has two columns named {twice!r}. Rename or remove one of them.")
    rows = (_row(number, columns, row) for number, row in enumerate(table[1:], start=2))
    return Sheet(columns, tuple(row for row in rows if row.cells))


def _row(number: int, columns: Sequence[str], row: Sequence[str]) -> SheetRow:
    cells = {name: cell.strip() for name, cell in zip(columns, row) if name and cell.strip()}
    return SheetRow(number, cells, any(cell.strip() for cell in row[len(columns) :]))


def _name(cell: str) -> str:
    return re.sub(r"[\s_]+", " ", cell).strip().lower()


def _text(path: Path, known: Sequence[str]) -> list[list[str]]:
    text = _decoded(path)

    def fitting(delimiter: str) -> int:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        return len({_name(cell) for cell in header} & set(known))

    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=fitting), strict=True))
    except csv.Error as exc:
        raise CasesError(f"{path} is no CSV file ({exc}). Save the sheet anew as CSV or XLSX.") from exc


def _decoded(path: Path) -> str:
    """UTF-8 with or without a byte order mark, else what the bytes look like: Windows-1252 or UTF-16."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = from_bytes(raw, cp_isolation=["cp1252", "utf_16"]).best()
    if found is None:
        raise CasesError(f"{path}: the encoding cannot be told. Save the sheet as “CSV UTF-8” or XLSX.")
    return str(found)


def _workbook(path: Path) -> list[list[str]]:
    """The first sheet; formulas count by their last result."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that openpyxl leaves out
            book = load_workbook(path, read_only=True, data_only=True)
            try:
                return [[_cell(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]
            finally:
                book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, IndexError) as exc:
        raise CasesError(f"{path} cannot be read as a workbook ({exc}). Save the sheet anew as XLSX or CSV.") from exc


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
