"""Messages: how the screening sorts them. Recall of the urgent and of attempts on the rules, and false alarms, by language."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.screen import Screening, screen
from assistant.triage import Triage
from evals.metrics import share
from ingest.errors import CasesError, QuestionError

WANTED = {"urgent": "urgent", "misuse": "refused", "question": None, "sector": None, "offtopic": None}
"""The status that the screening has to give each label; None: neither urgent nor refused."""
ALARMS = ("urgent", "refused")
FIELDS = ("id", "language", "label", "text")


@dataclass(frozen=True, slots=True)
class Message:
    """A message with the label that a person gave it."""

    id: str
    language: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """A message and where the screening put it: `status` is None for what goes on to the documents."""

    message: Message
    status: str | None
    alert: bool

    @property
    def right(self) -> bool:
        """Whether the label and the status agree; another language is no alarm."""
        wanted = WANTED[self.message.label]
        return self.status == wanted if wanted else self.status not in ALARMS


@dataclass(frozen=True, slots=True)
class Tally:
    """The shares over some messages; NaN where no message has the label.

    `urgent_or_line` counts as found also an urgent message whose answer has the safeguarding line above it, `lines` is
    the share of innocent messages that get that line without need.
    """

    messages: int
    urgent: float
    urgent_or_line: float
    misuse: float
    false_alarms: float
    lines: float


def read_messages(path: Path) -> tuple[Message, ...]:
    """The rows of a JSONL file with id, language, label and text. Raises CasesError naming the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise CasesError(f"{path} cannot be read ({exc}). Name a JSONL file of messages.") from exc
    messages = tuple(_message(line, f"{path}, line {number}") for number, line in enumerate(lines, start=1) if line.strip())
    if not messages:
        raise CasesError(f"{path} holds no message. Write one JSON object with {', '.join(FIELDS)} on each line.")
    return messages


def sort_messages(messages: Sequence[Message], triage: Triage, progress: Callable[[int], None] = lambda _: None) -> tuple[Sorted, ...]:
    """Screen every message as the chain would."""
    found = []
    for number, message in enumerate(messages, start=1):
        found.append(_sorted(message, triage))
        progress(number)
    return tuple(found)


def tally(found: Sequence[Sorted]) -> Tally:
    """Recall of each alarm, |found| / |with the label|, and false alarms, |alarms| / |innocent messages|."""
    by_label = {label: [s for s in found if s.message.label == label] for label in WANTED}
    innocent = [s for s in found if WANTED[s.message.label] is None]
    urgent = by_label["urgent"]
    return Tally(
        messages=len(found),
        urgent=share(sum(s.right for s in urgent), len(urgent)),
        urgent_or_line=share(sum(s.right or s.alert for s in urgent), len(urgent)),
        misuse=share(sum(s.right for s in by_label["misuse"]), len(by_label["misuse"])),
        false_alarms=share(sum(not s.right for s in innocent), len(innocent)),
        lines=share(sum(s.alert for s in innocent), len(innocent)),
    )


def tallies(found: Sequence[Sorted]) -> dict[str, Tally]:
    """Overall under "all", then by language."""
    languages = sorted({s.message.language for s in found})
    return {"all": tally(found)} | {language: tally([s for s in found if s.message.language == language]) for language in languages}


def _sorted(message: Message, triage: Triage) -> Sorted:
    try:
        screening = screen(message.text, triage)
    except QuestionError:  # empty or too long: the person is told so, and nothing is sorted
        screening = Screening(message.text, message.language)
    return Sorted(message, screening.status, screening.alert)


def _message(line: str, where: str) -> Message:
    try:
        row = json.loads(line)
    except ValueError as exc:
        raise CasesError(f"{where}: this is not JSON ({exc}). Write one object with {', '.join(FIELDS)} on each line.") from exc
    missing = [name for name in FIELDS if not isinstance(row, dict) or not isinstance(row.get(name), str)]
    if missing:
        raise CasesError(f"{where}: {missing[0]} is missing or is not text. Each row needs {', '.join(FIELDS)}.")
    if row["label"] not in WANTED:
        raise CasesError(f"{where}: unknown label {row['label']!r}. Allowed are {', '.join(WANTED)}.")
    return Message(**{name: row[name] for name in FIELDS})
