"""Lines: a JSONL file of a public set, each field checked when it is read."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.errors import CasesError


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field may hold: how to write it, and whether a value is so written."""

    words: str
    holds: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_filled(value: Any) -> bool:
    return isinstance(value, str) and any(c.isalnum() for c in value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool) or value in (0, 1)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, int) for v in value)


def _are_spans(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_are_numbers(v) and len(v) == 2 and 0 <= v[0] < v[1] for v in value)


def _are_turns(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, dict) and v.get("role") in ("user", "agent") and _is_text(v.get("text")) for v in value)


def _is_ideal(value: Any) -> bool:
    return isinstance(value, str | int | float) or isinstance(value, list) and all(isinstance(v, str | int | float) for v in value)


TEXT = Kind("text in quotes", _is_text)
WORDS = Kind("text with at least one letter", _is_filled)
FLAG = Kind("true or false", _is_flag)
TEXTS = Kind("a list of texts", _are_texts)
NUMBERS = Kind("a list of whole numbers", _are_numbers)
IDEAL = Kind("text, or a list of texts", _is_ideal)
SPANS = Kind("a list of [start, end], start before end", _are_spans)
TURNS = Kind('a list of {"role": "user" or "agent", "text": …}', _are_turns)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a line: those that are read and have to be there, those read where they are there, and those left alone."""

    wanted: Mapping[str, Kind]
    unread: frozenset[str] = frozenset()
    optional: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A checked line and where it stands, in words for a message."""

    where: str
    fields: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]


def read_lines(path: Path, form: Form) -> Iterator[Line]:
    """The lines of a file that are not blank. Raises CasesError naming the file, the line, the cause and what to do."""
    if not path.is_file():
        raise CasesError(f"{path} is not there. Put the set's file into the folder, or name another folder with --from.")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as exc:
        raise CasesError(f"{path}, line {_line_of(path, exc.start)}: these bytes are not UTF-8. Save the file as UTF-8.") from exc
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _checked(line, f"{path}, line {number}", form)


def _line_of(path: Path, offset: int) -> int:
    return path.read_bytes()[:offset].count(b"\n") + 1


def _checked(line: str, where: str, form: Form) -> Line:
    try:
        row = json.loads(line)
    except ValueError as exc:
        raise CasesError(f"{where}: this is not JSON ({exc}). Write one whole object on each line.") from exc
    if not isinstance(row, dict):
        raise CasesError(f"{where}: this is no object but {line.strip()[:40]!r}. Write one object in braces on each line.")
    known = {**form.wanted, **form.optional}
    for name in row:
        if name not in known and name not in form.unread:
            raise CasesError(f"{where}: unknown field {name!r}. Allowed are {', '.join(sorted({*known, *form.unread}))}.")
    for name, kind in known.items():
        if name not in row and name in form.wanted:
            raise CasesError(f"{where}: {name} is missing. Add it as {kind.words}.")
        if name in row and not kind.holds(row[name]):
            raise CasesError(f"{where}: {name} = {str(row[name])[:40]!r} cannot be used. Write {kind.words}.")
    return Line(where, row)
