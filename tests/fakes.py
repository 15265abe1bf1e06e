"""Small stand-ins for the two packaged models, passed in where a test has to choose their verdict."""

from dataclasses import dataclass

from collections.abc import Sequence
from dataclasses import replace

from assistant.grounding import Origin, Verdict, supported_by
from assistant.triage import TriageVerdict
from evals.folder import Answered, Said
from evals.scoring.conduct import MARK


@dataclass(frozen=True, slots=True)
class WordTriage:
    """A triage that goes by single words, so that a test can choose the verdict."""

    def judge(self, message: str) -> TriageVerdict:
        """Urgent for "locked", in doubt for "afraid", misuse for "ignore"."""
        urgent = 0.95 if "locked" in message else 0.5 if "afraid" in message else 0.01
        return TriageVerdict(urgent, 0.95 if "ignore" in message else 0.01)


@dataclass(frozen=True, slots=True)
class EvenScorer:
    """An answer scorer that takes every passage for a likely answer, so that each question here is answered."""

    def score(self, question: str, texts: list[str]) -> list[float]:
        """The same for all."""
        return [0.9] * len(texts)


class RuleChecker:
    """The grounding rules alone, which need no model."""

    def check(self, statement: str, passages: Sequence[str], origin: Origin = Origin()) -> Verdict:
        """Supported where no rule objects."""
        verdict = supported_by(statement, list(passages), origin)
        return replace(verdict, probability=float(verdict.supported))


def parsed(row: Answered) -> Answered:
    """The answer with its statements read from its lines and marks."""
    said = tuple(Said(MARK.sub("", line), tuple(int(mark) for mark in MARK.findall(line))) for line in row.actual_answer.splitlines())
    return replace(row, actual_statements=said)
