"""Write: cases as YAML that a person likes to read and edit."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from evals.casebook.editor import FILE as SCHEMA
from evals.casebook.schema import Case, Nugget
from ingest.errors import CasesError


class _Quoted(str):
    """Text in single quotes: a pattern."""


class _Spoken(str):
    """Text in double quotes: words that somebody says."""


class _Inline(list):
    """A short list on one line, in square brackets."""


class _Writer(yaml.SafeDumper):
    """Lists are indented below their field."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists too, as people do."""
        return super().increase_indent(flow, False)


def _text(writer: yaml.SafeDumper, value: str) -> yaml.Node:
    return writer.represent_scalar("tag:yaml.org,2002:str", str(value), style="|" if "\n" in value else None)


_Writer.add_representer(str, _text)
_Writer.add_representer(_Quoted, lambda writer, value: writer.represent_scalar("tag:yaml.org,2002:str", str(value), style="'"))
_Writer.add_representer(_Spoken, lambda writer, value: writer.represent_scalar("tag:yaml.org,2002:str", str(value), style='"'))
_Writer.add_representer(_Inline, lambda writer, value: writer.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True))


def write_cases(cases: Sequence[Case], path: Path) -> None:
    """Cases into a new file. Raises CasesError where the file exists already or cannot be written."""
    text = _editor_line(path) + as_yaml(cases)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as exc:
        raise CasesError(f"{path} exists already, and nothing is overwritten. Name another file with --out FILE.") from exc
    except OSError as exc:
        raise CasesError(f"{path} cannot be written ({exc.strerror}). Name another file with --out FILE.") from exc


def as_yaml(cases: Sequence[Case]) -> str:
    """Cases as YAML with an empty line between them; what a case does not say is left out."""
    return "\n".join(yaml.dump([_case(case)], Dumper=_Writer, sort_keys=False, allow_unicode=True, width=10**6) for case in cases)


def _editor_line(path: Path) -> str:
    """Where an editor finds the schema; only for files beside it, since another machine has it elsewhere."""
    if not path.resolve().is_relative_to(SCHEMA.parent):
        return ""
    return f"# yaml-language-server: $schema={Path(os.path.relpath(SCHEMA, path.resolve().parent)).as_posix()}\n"


def _case(case: Case) -> dict[str, Any]:
    asked = {"question": _Spoken(case.question)} if len(case.turns) == 1 else {"turns": [_Spoken(turn) for turn in case.turns]}
    fields = {
        "id": case.id,
        "kind": case.kind,
        "audience": case.audience,
        **asked,
        "expected_status": _Inline(case.expected_status),
        "expected_sources": _Inline(case.expected_sources),
        "expected_sections": _Inline(map(_Quoted, case.expected_sections)),
        "nuggets": [_nugget(nugget) for nugget in case.nuggets],
        "forbidden": [_nugget(nugget) for nugget in case.forbidden],
        "tags": _Inline(case.tags),
        "note": case.note,
    }
    needed = ("expected_sources", "nuggets")
    return {name: value for name, value in fields.items() if value or name in needed}


def _nugget(nugget: Nugget) -> Any:
    """A fact; one that is only its pattern is written as that."""
    if nugget == Nugget(nugget.fact, (nugget.fact,)):
        return _Quoted(nugget.fact)
    fields = {
        "fact": _Spoken(nugget.fact),
        "condition": nugget.condition,
        "remark": nugget.remark,
        "means": nugget.means and _Spoken(nugget.means),
        "any": [_Quoted(pattern) for pattern in nugget.any],
    }
    return {name: value for name, value in fields.items() if value}
