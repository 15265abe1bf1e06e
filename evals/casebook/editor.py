"""Editor: the JSON Schema by which an editor completes and checks case files while they are written.

Made again with `python -m evals.casebook.editor` when `evals.casebook.schema` changes; a test keeps the two equal.
"""

import json
from pathlib import Path
from typing import Any

from evals.casebook.schema import ADAPTER, CASE_FIELDS, DRAFT

FILE = Path(__file__).resolve().parent.parent / "case.schema.json"
HELP = {
    "id": "A name of its own, which no other case of the folder has.",
    "kind": "A word to group cases by: figures are shown for each kind, and --kind runs one alone.",
    "audience": "Who asks. A partner is never shown a document for staff only.",
    "question": "The message that is judged, for a conversation of one message.",
    "turns": "The messages of a conversation, in order. The last one is judged.",
    "expected_status": "Every acceptable status.",
    "expected_sources": "The ids of all documents that have to be cited; [] where none has to be.",
    "expected_sections": "A regular expression for each heading that has to be cited.",
    "nuggets": "The facts of a right answer; [] where none is expected. A pattern alone stands for a fact of that name.",
    "forbidden": "What no answer may say.",
    "tags": f"Words of your own. A case with the tag {DRAFT} is checked and never run.",
    "note": "A remark for people.",
}
FACT_HELP = {
    "fact": "The fact in your own words.",
    "any": "Regular expressions in single quotes. The fact is told where any of them matches.",
    "means": "A sentence. The fact is told where the answer says the same in other words.",
    "condition": "true for a condition, limit or exception that belongs to another fact and has to come along with it.",
    "remark": "true for what the assistant says of itself and no document holds.",
}


def json_schema() -> dict[str, Any]:
    """The schema of a file of cases: what pydantic knows, what is read besides it, and a sentence on each field."""
    made = ADAPTER.json_schema()
    definitions = made.pop("$defs")
    nugget = {**definitions["Nugget"], "description": "One fact.", "anyOf": [{"required": ["any"]}, {"required": ["means"]}]}
    fields = {name: _field(name, made["properties"].get(name, {"type": "string", "minLength": 1})) for name in CASE_FIELDS}
    nugget["properties"] = {name: {**field, "description": FACT_HELP[name]} for name, field in nugget["properties"].items()}
    required = [name for name in made["required"] if name != "turns"]
    either = [{"required": ["question"]}, {"required": ["turns"]}]
    case = {"type": "object", "additionalProperties": False, "properties": fields, "required": required, "oneOf": either}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Evaluation cases",
        "type": "array",
        "minItems": 1,
        "items": {"$ref": "#/$defs/Case"},
        "$defs": {"Case": case, "Nugget": nugget},
    }


def as_text() -> str:
    """The file's text."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def _field(name: str, made: dict[str, Any]) -> dict[str, Any]:
    field = {key: value for key, value in made.items() if key != "title"} | {"description": HELP[name]}
    if name in ("turns", "expected_status"):
        field["minItems"] = 1
    if name in ("nuggets", "forbidden"):
        field["items"] = {"anyOf": [{"type": "string", "minLength": 1}, field["items"]]}
    return field


if __name__ == "__main__":
    FILE.write_text(as_text(), encoding="utf-8")
