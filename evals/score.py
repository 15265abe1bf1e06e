"""Score: the answers of a run folder are judged, as often as one likes; the run itself stays as it is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.score import AnswerScorer, CrossEncoderScorer
from assistant.support import Checker, load_checker
from evals.figures import CaseScore, figures_of
from evals.folder import CASES, FORMAT, RUN, SCORE, STATEMENTS, read_answers, read_json, write_json, write_lines
from evals.scoring.case import Judge
from evals.stored import Stored
from evals.thresholds import Outcome, outcomes


@dataclass(frozen=True, slots=True)
class RunScore:
    """The scores of a run: every case, the figures overall and by kind, and how the thresholds came out."""

    cases: tuple[CaseScore, ...]
    overall: dict[str, float]
    kinds: dict[str, dict[str, float]]
    thresholds: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """Whether no threshold that decides is missed."""
        return not any(t.missed for t in self.thresholds)


def score(folder: Path, checker: Checker | None = None, scorer: AnswerScorer | None = None, progress: Callable[[int, int], None] = lambda *_: None) -> RunScore:
    """Judge the answers of a run folder and write `score.json`, `cases.jsonl` and `statements.jsonl`; `progress` hears how many of how many are judged.

    Raises CasesError for a folder without a run, damaged, or of another version.
    """
    stored, rows = Stored.from_run(read_json(folder, RUN)), read_answers(folder)
    judge = Judge(stored, checker or load_checker(), scorer or CrossEncoderScorer())
    judged = []
    for number, row in enumerate(rows, start=1):
        judged.append(judge.judge(row))
        progress(number, len(rows))
    cases = tuple(case for case, _ in judged)
    overall = figures_of(cases)
    kinds = {kind: figures_of([c for c in cases if c.kind == kind]) for kind in dict.fromkeys(c.kind for c in cases)}
    scored = RunScore(cases, overall, kinds, outcomes(overall))
    write_lines(folder / STATEMENTS, (statement for _, statements in judged for statement in statements))
    write_lines(folder / CASES, cases)
    write_json(folder / SCORE, {"format": FORMAT, "overall": overall, "kinds": kinds, "thresholds": scored.thresholds, "passed": scored.passed})
    return scored
