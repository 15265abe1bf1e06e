"""Schema: what a case is. One set of types reads YAML, JSONL and spreadsheets and makes the JSON Schema for editors."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from assistant.check import Status
from ingest.manifest import Audience

STATUSES = tuple(s for s in get_args(Status) if s != "error")
DRAFT = "draft"
"""The tag of a case that nobody has looked at yet: it is checked and never run."""
UNFILLED = "TO BE FILLED IN"
"""How a draft writes what only a person can: a case that still has it is no case yet."""
STRICT = ConfigDict(extra="forbid")


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as exc:
        raise ValueError(f"{pattern!r} is not a regular expression ({exc})") from exc
    return pattern


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _as_nuggets(value: Any) -> Any:
    """A bare pattern is a fact that is named by its pattern."""
    return tuple({"fact": v, "any": [v]} if isinstance(v, str) else v for v in value) if isinstance(value, list) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Pattern = Annotated[Text, AfterValidator(_compiles)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_tuple)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_as_tuple)]
Expected = Literal["answered", "partial", "not_covered", "out_of_scope", "unsupported_language", "urgent", "refused"]


@dataclass(frozen=True, slots=True)
class Nugget:
    """One fact. It is told where any of the regular expressions `any` matches, or where the text says what `means` says.

    `condition` marks a condition, limit or exception that belongs to another fact and has to come along with it;
    `remark` what the assistant says of itself, which no document holds ("no amount is given").
    """

    __pydantic_config__ = STRICT

    fact: Text
    any: Patterns = ()
    means: Text | None = None
    condition: bool = False
    remark: bool = False

    def __post_init__(self) -> None:
        if not self.any and not self.means:
            raise ValueError(f"{self.fact!r} has neither any nor means")

    def matched(self, text: str) -> re.Match[str] | None:
        """Where a pattern finds the fact, or None."""
        return next((found for pattern in self.any if (found := re.search(pattern, text))), None)


Nuggets = Annotated[tuple[Nugget, ...], BeforeValidator(_as_nuggets)]


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation whose last turn is judged. `question` may be written in the place of `turns` with one message.

    `expected_status` holds every acceptable status, `expected_sources` every document that has to be cited,
    `expected_sections` a pattern for each heading that has to be cited, `forbidden` what no answer may say.
    """

    __pydantic_config__ = STRICT

    id: Text
    kind: Text
    audience: Audience
    turns: Annotated[Texts, AfterValidator(lambda turns: _filled(turns, "Write at least the question."))]
    expected_status: Annotated[tuple[Expected, ...], BeforeValidator(_as_tuple), AfterValidator(lambda s: _filled(s, "Name every acceptable status."))]
    expected_sources: Texts
    nuggets: Nuggets
    expected_sections: Patterns = ()
    forbidden: Nuggets = ()
    tags: Texts = ()
    note: Text | None = None

    @property
    def question(self) -> str:
        """The message that is judged."""
        return self.turns[-1]

    @property
    def is_draft(self) -> bool:
        """Whether a person has yet to look at it."""
        return DRAFT in self.tags


ADAPTER = TypeAdapter(Case)
CASE_FIELDS = tuple(name for field in Case.__dataclass_fields__ for name in (("question", field) if field == "turns" else (field,)))
"""What a person may write: the fields of a case, and `question` in the place of `turns`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: the field, "" for the row itself and "nuggets.0" for the first of a list, and cause with remedy in words."""

    field: str
    words: str


def case_from(row: Any) -> tuple[Case | None, tuple[Problem, ...]]:
    """A row as a case, or None with everything that is wrong with it."""
    if not isinstance(row, dict):
        return None, (Problem("", f"this is not a case but {row!r}. Begin each case with `- id:` and its fields below."),)
    asked = "question" in row
    if asked and "turns" in row:
        return None, (Problem("question", "question and turns are both given. Write question for one message, turns for a conversation."),)
    if asked:
        row = {("turns" if key == "question" else key): ([value] if key == "question" else value) for key, value in row.items()}
    try:
        return ADAPTER.validate_python(row), ()
    except ValidationError as exc:
        return None, tuple(_problem(error, asked) for error in exc.errors(include_url=False))


def _filled(values: tuple, remedy: str) -> tuple:
    if not values:
        raise ValueError(f"is empty. {remedy}")
    return values


def _problem(error: Any, asked: bool) -> Problem:
    """Pydantic's error in the words of someone who writes cases; `asked` where the message stands under `question`."""
    place = ["question"] if asked and error["loc"][:1] == ("turns",) else [str(part) for part in error["loc"]]
    field = ".".join(place[:2]) if len(place) > 1 and place[1].isdigit() else place[0] if place else ""
    where = ", ".join(f"number {int(part) + 1}" if part.isdigit() else part for part in place)
    return Problem(field, _words(where, place, error))


def _words(where: str, place: list[str], error: Any) -> str:
    """Cause and remedy."""
    value, kind = error["input"], error["type"]
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        known = tuple(Nugget.__dataclass_fields__) if place[0] in ("nuggets", "forbidden") and len(place) > 1 else CASE_FIELDS
        return f"{'' if len(place) == 1 else where.rpartition(', ')[0] + ': '}unknown field {place[-1]!r}. Allowed are {', '.join(known)}."
    if kind in ("missing", "missing_argument"):
        return f"{where} is missing. {_missing(place)}"
    if kind == "value_error":
        return _invalid(where, str(error["ctx"]["error"]))
    if kind == "literal_error":
        return f"{where} = {value!r} is not allowed. Write {error['ctx']['expected']}."
    if kind == "tuple_type":
        return f"{where} = {value!r} has to be a list. Write it in square brackets."
    if kind == "string_too_short":
        return f"{where} is empty. Write something."
    if kind == "string_type":
        return f"{where} = {value!r} has to be text. Put it in quotes."
    if kind in ("dataclass_type", "dataclass_exact_type"):
        return f"{where} = {value!r} is no fact. Write a pattern in single quotes, or the fields {', '.join(Nugget.__dataclass_fields__)}."
    if kind.startswith("bool"):
        return f"{where} = {value!r} has to be true or false."
    return f"{where} = {value!r}: {error['msg']}. Correct it."


def _missing(place: list[str]) -> str:
    if place[-1] == "turns":
        return "Write question with one message, or turns with the whole conversation."
    return "Add it; where there is none write []." if place[-1] in ("expected_sources", "nuggets") else "Add it."


def _invalid(where: str, words: str) -> str:
    if words.startswith("is empty"):
        return f"{where} {words}"
    if "regular expression" in words:
        return f"{where}: {words}. Correct it; put it in single quotes."
    return f"{where}: {words}. Give it patterns under any, or a sentence under means."
