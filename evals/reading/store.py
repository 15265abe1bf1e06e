"""Store: sheets and readings on the disk. Nothing that a person has filled in is written over unasked."""

import json
from collections.abc import Callable
from pathlib import Path

from evals.folder import write_json
from evals.reading.sheet import CSV, DOCX, READING, Filled, Sheet
from evals.reading.sheet_csv import read_csv, write_csv
from evals.reading.sheet_docx import read_docx, write_docx
from evals.reading.verdicts import Reading
from ingest.errors import CasesError

READERS: dict[str, Callable[[Path], Filled]] = {".docx": read_docx, ".csv": read_csv, ".txt": read_csv, ".tsv": read_csv}
"""By the end of the name; Excel calls its "Unicode text" .txt."""


def write_sheet(folder: Path, sheet: Sheet, replace: bool = False) -> tuple[Path, Path]:
    """The sheet as a Word document and as CSV. Raises CasesError for a sheet there that is filled in, unless told to replace it."""
    paths = folder / DOCX, folder / CSV
    for path in paths:
        if path.exists() and not replace and _is_filled(path):
            raise CasesError(
                f"{path} is filled in, or is no sheet, and is left as it is. "
                f"Read it with --verdicts {path}, name another folder with --out, or give --replace to write over it."
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, write in zip(paths, (write_docx, write_csv)):
            half = path.with_name(f".{path.name}")
            write(half, sheet)
            half.replace(path)
    except OSError as exc:
        raise CasesError(f"The sheet cannot be written into {folder} ({exc.strerror}). Close it where it is open, or name another folder with --out.") from exc
    return paths


def _is_filled(path: Path) -> bool:
    try:
        return read_sheet(path).is_touched
    except CasesError:
        return True


def read_sheet(path: Path) -> Filled:
    """A sheet that came back. Raises CasesError for a file that is none."""
    if not path.is_file():
        raise CasesError(f"{path} does not exist. Name the filled-in sheet with --verdicts FILE.")
    reader = READERS.get(path.suffix.casefold())
    if reader is None:
        raise CasesError(f"{path} is neither .docx nor .csv. Save the sheet as one of these, and name that file with --verdicts.")
    return reader(path)


def write_reading(folder: Path, reading: Reading, replace: bool = False) -> Path:
    """`reading.json`. Raises CasesError where there is one, unless told to replace it."""
    path = folder / READING
    if path.exists() and not replace:
        raise CasesError(f"{path} already holds the reading of {_reader(path)}. Give --replace to put this one in its place.")
    write_json(path, reading.as_json())
    return path


def _reader(path: Path) -> str:
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["reader"])
    except (ValueError, KeyError, TypeError):
        return "someone"
