"""Cases: YAML files of questions with what a right answer has to do, checked field by field when they are read."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

from assistant.check import Status
from ingest.errors import CasesError
from ingest.manifest import AUDIENCES, Audience

STATUSES = tuple(s for s in get_args(Status) if s != "error")
NUGGET_FIELDS = ("fact", "any")


@dataclass(frozen=True, slots=True)
class Nugget:
    """One fact that a complete answer holds: it is there if any of the regular expressions matches."""

    fact: str
    any: tuple[str, ...]

    def in_text(self, text: str) -> bool:
        """Whether the text tells the fact."""
        return any(re.search(pattern, text) for pattern in self.any)


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation whose last turn is judged. Regular expressions are kept as text and are known to compile.

    `expected_status` holds every acceptable status, `expected_sources` every document that has to be cited,
    `expected_sections` a pattern for each heading that has to be cited, `forbidden` what no answer may say.
    """

    id: str
    kind: str
    audience: Audience
    turns: tuple[str, ...]
    expected_status: tuple[str, ...]
    expected_sources: tuple[str, ...]
    nuggets: tuple[Nugget, ...]
    expected_sections: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    note: str | None = None

    @property
    def question(self) -> str:
        """The message that is judged."""
        return self.turns[-1]


def load_cases(folder: Path, kinds: tuple[str, ...] = ()) -> tuple[Case, ...]:
    """The cases of every `*.yaml` file in a folder, by file name, or those of some kinds.

    Raises CasesError naming the file, the case, the field and what to do.
    """
    if not folder.is_dir():
        raise CasesError(f"The folder of cases {folder} does not exist. Name an existing folder with --cases DIR.")
    files = case_files(folder)
    if not files:
        raise CasesError(f"{folder} holds no *.yaml file of cases. Put one there, or name another folder with --cases DIR.")
    cases: dict[str, Case] = {}
    for path in files:
        for number, row in enumerate(_rows(path), start=1):
            case = _case(row, path, number)
            if case.id in cases:
                raise CasesError(f"{path}, {case.id}: id is used twice. Give each case an id of its own.")
            cases[case.id] = case
    return _of_kinds(tuple(cases.values()), kinds, folder)


def case_files(folder: Path) -> tuple[Path, ...]:
    """The files that cases are read from, sorted by name."""
    return tuple(sorted(p for p in folder.iterdir() if p.suffix in (".yaml", ".yml") and not p.name.startswith(".")))


def _of_kinds(cases: tuple[Case, ...], kinds: tuple[str, ...], folder: Path) -> tuple[Case, ...]:
    known = sorted({case.kind for case in cases})
    for kind in kinds:
        if kind not in known:
            raise CasesError(f"No case in {folder} is of the kind {kind!r}. The kinds there are {', '.join(known)}.")
    return tuple(case for case in cases if not kinds or case.kind in kinds)


def _rows(path: Path) -> list[Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        rows = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # a safe loader either way
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise CasesError(f"{path} is not valid YAML: {' '.join(str(exc).split())}. Correct the file and run again.") from exc
    if not isinstance(rows, list) or not rows:
        raise CasesError(f"{path} does not hold a list of cases. Begin each case with `- id:`.")
    return rows


def _case(row: Any, path: Path, number: int) -> Case:
    name = row.get("id", f"case {number}") if isinstance(row, dict) else f"case {number}"
    where = f"{path}, {name}"
    if not isinstance(row, dict):
        raise CasesError(f"{where}: this is not a case but {row!r}. Begin each case with `- id:` and its fields below.")
    allowed = [field.name for field in fields(Case)]
    for key in row:
        if key not in allowed:
            raise CasesError(f"{where}: unknown field {key!r}. Allowed are {', '.join(allowed)}.")
    for key in ("id", "kind", "audience", "turns", "expected_status", "expected_sources", "nuggets"):
        if key not in row:
            raise CasesError(f"{where}: {key} is missing. Add it; an empty list is written [].")
    read: dict[str, Callable[[Any, str], Any]] = {
        "id": _text,
        "kind": _text,
        "audience": _audience,
        "turns": _turns,
        "expected_status": _statuses,
        "expected_sources": _texts,
        "nuggets": _nuggets,
        "expected_sections": _patterns,
        "forbidden": _patterns,
        "note": _text,
    }
    return Case(**{key: read[key](value, f"{where}: {key}") for key, value in row.items()})


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CasesError(f"{where} = {value!r} has to be text. Put it in quotes.")
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise CasesError(f"{where} = {value!r} has to be a list. Write it in square brackets.")
    return tuple(_text(part, where) for part in value)


def _turns(value: Any, where: str) -> tuple[str, ...]:
    turns = _texts(value, where)
    if not turns:
        raise CasesError(f"{where} is empty. Write at least the question.")
    return turns


def _audience(value: Any, where: str) -> Audience:
    allowed = get_args(Audience)
    if value not in allowed:
        meant = " (that is a document's audience)" if value in AUDIENCES else ""
        raise CasesError(f"{where} = {value!r}{meant} is not allowed. Write {' or '.join(allowed)}.")
    return value


def _statuses(value: Any, where: str) -> tuple[str, ...]:
    statuses = _texts(value, where)
    for status in statuses:
        if status not in STATUSES:
            raise CasesError(f"{where}: unknown status {status!r}. Allowed are {', '.join(STATUSES)}.")
    if not statuses:
        raise CasesError(f"{where} is empty. Name every acceptable status.")
    return statuses


def _patterns(value: Any, where: str) -> tuple[str, ...]:
    patterns = _texts(value, where)
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as exc:
            raise CasesError(f"{where}: {pattern!r} is not a regular expression ({exc}). Correct it; quote it with single quotes.") from exc
    return patterns


def _nuggets(value: Any, where: str) -> tuple[Nugget, ...]:
    if not isinstance(value, list):
        raise CasesError(f"{where} = {value!r} has to be a list of fact and any. Write [] when the answer should abstain.")
    return tuple(_nugget(part, where) for part in value)


def _nugget(value: Any, where: str) -> Nugget:
    if not isinstance(value, dict) or set(value) != set(NUGGET_FIELDS):
        found = ", ".join(map(str, value)) if isinstance(value, dict) else repr(value)
        raise CasesError(f"{where}: a nugget has the fields {' and '.join(NUGGET_FIELDS)}, and this one has {found}. Write both and nothing else.")
    patterns = _patterns(value["any"], f"{where}, any")
    if not patterns:
        raise CasesError(f"{where}, any is empty for {value['fact']!r}. Give at least one pattern that finds the fact.")
    return Nugget(_text(value["fact"], f"{where}, fact"), patterns)
