"""Sample: which answers a person reads. Every kind of question is there, and right answers, wrong ones and refusals are mixed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

from assistant.check import ABSTAINED
from evals.folder import Answered
from ingest.errors import CasesError


def draw(rows: Sequence[Answered], verdicts: Mapping[str, str], answers: int, seed: int) -> tuple[Answered, ...]:
    """So many answers in a mixed order, the same for the same seed; all of them where there are no more.

    Each kind gets one place, and the others go by its size. Within a kind the rarest outcome of the sample so far comes
    next, so that a run with few faults shows them: the share of right answers in a sample is not that of its run.
    Raises CasesError where there are more kinds than places.
    """
    random = Random(seed)
    mixed = sorted(rows, key=lambda row: row.id)
    random.shuffle(mixed)
    drawn: list[Answered] = []
    outcomes: Counter[str] = Counter()
    for kind, places in sorted(places_of(Counter(row.kind for row in rows), answers).items()):
        left = [row for row in mixed if row.kind == kind]
        for _ in range(places):
            chosen = min(left, key=lambda row: outcomes[outcome(row, verdicts)])
            left.remove(chosen)
            drawn.append(chosen)
            outcomes[outcome(chosen, verdicts)] += 1
    random.shuffle(drawn)
    return tuple(drawn)


def outcome(row: Answered, verdicts: Mapping[str, str]) -> str:
    """refused where no answer was given, rightly or not; else right or wrong. Raises CasesError for an answer that was not scored."""
    if row.id not in verdicts:
        raise CasesError(f"The answer to {row.id} has no score. Score the run again with: guidance eval score")
    if row.actual_status in ABSTAINED:
        return "refused"
    return "right" if verdicts[row.id] == "right" else "wrong"


def places_of(sizes: Mapping[str, int], answers: int) -> dict[str, int]:
    """How many of each kind: one, then by size after Sainte-Laguë (the next place to the largest size / (2 · places + 1))."""
    if answers < len(sizes):
        raise CasesError(f"--answers {answers} is too few: there are {len(sizes)} kinds of questions. Give at least {len(sizes)}.")
    places = dict.fromkeys(sorted(sizes), 1)
    for _ in range(min(answers, sum(sizes.values())) - len(places)):
        room = [kind for kind in places if places[kind] < sizes[kind]]
        places[max(room, key=lambda kind: sizes[kind] / (2 * places[kind] + 1))] += 1
    return places
