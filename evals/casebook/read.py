"""Read: cases from every YAML and JSONL file of a folder. What is wrong is told by file and line, and the rest is used."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.casebook.schema import Case, case_from
from ingest.errors import CasesError

YAML, JSONL = (".yaml", ".yml"), (".jsonl",)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a case or a file: where, and cause with remedy in words. `warning` is worth a look and stops nothing."""

    path: Path
    line: int
    case: str
    words: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}, {self.case}: {self.words}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was read, with the line where it begins and those of its fields, and of "nuggets.0", the first of a list."""

    path: Path
    line: int
    number: int
    value: Any
    lines: dict[str, int]

    @property
    def name(self) -> str:
        """Its id, or its place in the file."""
        found = self.value.get("id") if isinstance(self.value, dict) else None
        return found if isinstance(found, str) and found.strip() else f"case {self.number}"

    def fault(self, words: str, field: str = "", warning: bool = False) -> Fault:
        """A fault of one of its fields, or of one of a list, "nuggets.0"."""
        line = self.lines.get(field) or self.lines.get(field.partition(".")[0], self.line)
        return Fault(self.path, line, self.name, words, warning)


@dataclass(frozen=True, slots=True)
class Casebook:
    """The cases that can be used, each with its row, and what is wrong with the others."""

    cases: tuple[Case, ...]
    rows: dict[str, Row]
    faults: tuple[Fault, ...]

    @property
    def ready(self) -> tuple[Case, ...]:
        """The cases without the drafts."""
        return tuple(case for case in self.cases if not case.is_draft)


def read_cases(folder: Path) -> Casebook:
    """Every case of a folder, by file name. Raises CasesError where the folder holds no file of cases."""
    if not folder.is_dir():
        raise CasesError(f"The folder of cases {folder} does not exist. Name an existing folder with --cases DIR.")
    files = case_files(folder)
    if not files:
        raise CasesError(f"{folder} holds no *.yaml or *.jsonl file of cases. Put one there, or name another folder with --cases DIR.")
    cases: dict[str, Case] = {}
    rows: dict[str, Row] = {}
    faults: list[Fault] = []
    for path in files:
        for row in (_yaml if path.suffix in YAML else _jsonl)(path, faults.append):
            case, problems = case_from(row.value)
            faults += [row.fault(problem.words, problem.field) for problem in problems]
            if case and case.id in cases:
                faults.append(row.fault(f"id is used twice, first in {rows[case.id].path}, line {rows[case.id].line}. Give each case an id of its own.", "id"))
            elif case:
                cases[case.id], rows[case.id] = case, row
    return Casebook(tuple(cases.values()), rows, tuple(faults))


def load_cases(folder: Path, kinds: tuple[str, ...] = ()) -> tuple[Case, ...]:
    """The cases of a folder, or those of some kinds, without drafts. Raises CasesError for the first one that is wrong."""
    book = read_cases(folder)
    if book.faults:
        raise CasesError(str(book.faults[0]))
    return of_kinds(book.ready, kinds, folder)


def of_kinds(cases: tuple[Case, ...], kinds: tuple[str, ...], folder: Path) -> tuple[Case, ...]:
    """The cases of some kinds, of all where none is named. Raises CasesError for a kind that no case has."""
    known = sorted({case.kind for case in cases})
    for kind in kinds:
        if kind not in known:
            raise CasesError(f"No case in {folder} is of the kind {kind!r}. The kinds there are {', '.join(known)}.")
    return tuple(case for case in cases if not kinds or case.kind in kinds)


def case_files(folder: Path) -> tuple[Path, ...]:
    """The files that cases are read from, sorted by name."""
    return tuple(sorted(p for p in folder.iterdir() if p.suffix in (*YAML, *JSONL) and not p.name.startswith(".")))


def _yaml(path: Path, say: Callable[[Fault], None]) -> Iterator[Row]:
    import yaml

    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # a safe loader either way
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        mark = getattr(exc, "problem_mark", None)
        say(Fault(path, mark.line + 1 if mark else 1, "the file", f"this is not valid YAML: {' '.join(str(exc).split())}. Correct the file."))
        return
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        say(Fault(path, 1, "the file", "it does not hold a list of cases. Begin each case with `- id:`."))
        return
    for number, part in enumerate(node.value, start=1):
        lines = _lines(part.value) if isinstance(part, yaml.MappingNode) else {}
        try:
            value = yaml.constructor.SafeConstructor().construct_document(part)
        except yaml.YAMLError as exc:
            say(Fault(path, part.start_mark.line + 1, f"case {number}", f"this cannot be read: {' '.join(str(exc).split())}. Correct it."))
            continue
        yield Row(path, part.start_mark.line + 1, number, value, lines)


def _lines(fields: list) -> dict[str, int]:
    """The line of each field of a YAML mapping, and of each part of a list by its number: "nuggets.0"."""
    found = {str(key.value): key.start_mark.line + 1 for key, _ in fields}
    for key, value in fields:
        parts = value.value if isinstance(value.value, list) and value.id == "sequence" else ()
        found |= {f"{key.value}.{number}": part.start_mark.line + 1 for number, part in enumerate(parts)}
    return found


def _jsonl(path: Path, say: Callable[[Fault], None]) -> Iterator[Row]:
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield Row(path, number, number, json.loads(line), {})
        except ValueError as exc:
            say(Fault(path, number, f"line {number}", f"this is not JSON ({exc}). Write one object on each line."))
