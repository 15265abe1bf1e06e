"""Which evaluation cases are answered differently after a change of the corpus: old and new side by side."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.chain import Guidance
from assistant.settings import Settings
from evals.casebook.schema import Case
from evals.run import answer_case


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as far as it is compared: its status and words."""

    status: str
    answer: str


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose answer is another one now."""

    case: Case
    old: Said
    new: Said


def answers(cases: tuple[Case, ...], guidance: Guidance, settings: Settings, progress: Callable[[int], None] = lambda _: None) -> dict[str, Said]:
    """What the assistant says to each case now, by case id."""
    said = {}
    for number, case in enumerate(cases, start=1):
        answered = answer_case(case, guidance, settings.allow(case.audience))
        said[case.id] = Said(answered.actual_status, answered.actual_answer)
        progress(number)
    return said


def changes(cases: tuple[Case, ...], old: dict[str, Said], new: dict[str, Said]) -> tuple[Change, ...]:
    """The cases whose status or words differ, in the order of the cases."""
    return tuple(Change(case, old[case.id], new[case.id]) for case in cases if old[case.id] != new[case.id])
