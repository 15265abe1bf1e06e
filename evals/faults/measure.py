"""Measure: how many planted faults the scoring finds, kind by kind, and how many right answers it finds fault with."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.grounding import Origin, Verdict
from assistant.score import AnswerScorer
from assistant.support import Checker
from evals.faults.answers import as_right
from evals.faults.plant import KINDS, Pool, beside_the_question, names_in
from evals.folder import Answered
from evals.metrics import share
from evals.scoring.case import Judge
from evals.scoring.conduct import ANSWERING
from evals.stored import Stored

BESIDE = "beside the question"


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer with what was planted in it, None for a right one, and what the scoring says against it."""

    id: str
    kind: str | None
    changed: str
    reasons: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Whether it is judged wrong."""
        return bool(self.reasons)


@dataclass(frozen=True, slots=True)
class Faults:
    """What became of right answers and planted faults; `verbatim` tells whether a whole quote counted as its own proof."""

    findings: tuple[Finding, ...]
    verbatim: bool

    def rate(self, kind: str | None) -> float:
        """The share judged wrong of one kind, of the right ones for None."""
        own = [f for f in self.findings if f.kind == kind]
        return share(sum(f.found for f in own), len(own))

    def count(self, kind: str | None) -> int:
        """How many there are of one kind."""
        return sum(f.kind == kind for f in self.findings)

    @property
    def found(self) -> float:
        """The share found of all planted faults, those beside the question left out."""
        planted = [f for f in self.findings if f.kind in KINDS]
        return share(sum(f.found for f in planted), len(planted))


class Remembering:
    """A checker and an answer scorer that judge the same thing once: a planted fault leaves most of an answer as it was."""

    def __init__(self, checker: Checker, scorer: AnswerScorer) -> None:
        self._checker, self._scorer = checker, scorer
        self._verdicts: dict[tuple[str, tuple[str, ...], Origin], Verdict] = {}
        self._scores: dict[tuple[str, str], float] = {}

    def check(self, statement: str, passages: Sequence[str], origin: Origin = Origin()) -> Verdict:
        """The checker's verdict."""
        key = (statement, tuple(passages), origin)
        if key not in self._verdicts:
            self._verdicts[key] = self._checker.check(statement, passages, origin)
        return self._verdicts[key]

    def score(self, question: str, texts: list[str]) -> list[float]:
        """The scorer's values."""
        new = [text for text in dict.fromkeys(texts) if (question, text) not in self._scores]
        self._scores |= {(question, text): value for text, value in zip(new, self._scorer.score(question, new) if new else [])}
        return [self._scores[question, text] for text in texts]


def right_answers(own: Sequence[Answered], written: Sequence[Answered]) -> tuple[Answered, ...]:
    """The assistant's own answers that cite something, and those that people wrote."""
    return tuple(as_right(row) for row in (*(r for r in own if r.actual_status in ANSWERING and r.actual_citations), *written))


def pool_of(answers: Sequence[Answered], stored: Stored, invented: Sequence[str], secret: str) -> Pool:
    """What faults are made of; the document `secret` counts as one for staff only."""
    entry = stored.entries[secret]
    entries = {**stored.entries, secret: replace(entry, source=replace(entry.source, audience="staff"))}
    closed = Stored(stored.data, entries, stored.home)
    ended = next((e.source.id for e in entries.values() if e.source.ended), "")
    return Pool(closed, tuple(answers), tuple(invented), names_in(stored, list(entries)), stored.home or "", secret, ended)


def measure(pool: Pool, checker: Checker, scorer: AnswerScorer, seed: int, verbatim: bool, progress: Callable[[int], None] = lambda _: None) -> Faults:
    """Judge every right answer, and for each kind every answer that has something of it to spoil.

    What cites the document for staff is judged as a staff member's, since to a partner it would be a leak.
    """
    rng = random.Random(seed)
    remembering = Remembering(checker, scorer)
    judge = Judge(pool.stored, remembering, remembering)
    answers = [replace(row, audience="staff") for row in pool.answers]
    findings = []
    for number, row in enumerate(answers, start=1):
        findings.append(_finding(row, None, row, judge))
        for kind, plant in (*KINDS.items(), (BESIDE, beside_the_question)):
            changed = plant(row, pool, rng)
            if changed is not None:
                findings.append(_finding(changed, kind, row, judge))
        progress(number)
    return Faults(tuple(findings), verbatim)


def _finding(row: Answered, kind: str | None, was: Answered, judge: Judge) -> Finding:
    score, _ = judge.judge(row)
    before = {said.text for said in was.actual_statements}
    changed = next((said.text for said in row.actual_statements if said.text not in before), row.actual_answer)
    return Finding(row.id, kind, changed, score.reasons if score.verdict == "wrong" else ())
