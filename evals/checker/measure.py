"""Measure: the checker's word on each row beside a person's, set by set, with the baselines in the same run."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from assistant.support import Checker
from evals import metrics
from evals.checker.baselines import Baseline
from evals.checker.rows import Labelled

BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A row as a checker judged it."""

    id: str
    score: float
    supported: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a checker agrees with people over one set; NaN where a set has only one of both labels."""

    n: int
    auroc: float
    balanced_accuracy: float
    f1: float
    ece: float
    baselines: dict[str, dict[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckerScore:
    """Agreement by set, in the order given, and each figure's mean over the sets."""

    sets: dict[str, Agreement]
    judged: dict[str, tuple[Judged, ...]]

    @property
    def mean(self) -> dict[str, float | dict[str, dict[str, float]]]:
        """Unweighted means over the sets, as LLM-AggreFact averages (Tang, Laban and Durrett, EMNLP 2024)."""
        names = ("auroc", "balanced_accuracy", "f1", "ece")
        first = next(iter(self.sets.values()))
        beside = {
            base: {figure: metrics.mean(s.baselines[base][figure] for s in self.sets.values()) for figure in values} for base, values in first.baselines.items()
        }
        return {**{name: metrics.mean(getattr(s, name) for s in self.sets.values()) for name in names}, "baselines": beside}

    def as_dict(self) -> dict[str, object]:
        """The object of `--json`."""
        return {"sets": {name: asdict(agreement) for name, agreement in self.sets.items()}, "mean": self.mean}


def measure(sets: dict[str, Sequence[Labelled]], checker: Checker, beside: dict[str, Baseline], progress: Callable[[int], None] = lambda _: None) -> CheckerScore:
    """Judge every row of every set; `progress` hears how many are done."""
    done, judged, agreements = 0, {}, {}
    for name, rows in sets.items():
        own = []
        for row in rows:
            verdict = checker.check(row.claim, row.sentences)
            own.append(Judged(row.id, verdict.probability, verdict.supported, verdict.reason))
            progress(done := done + 1)
        judged[name] = tuple(own)
        agreements[name] = _agreement(rows, own, beside)
    return CheckerScore(agreements, judged)


def _agreement(rows: Sequence[Labelled], judged: Sequence[Judged], beside: dict[str, Baseline]) -> Agreement:
    labels = [row.supported for row in rows]
    scores, verdicts = [j.score for j in judged], [j.supported for j in judged]
    others = {}
    for name, baseline in beside.items():
        values = [baseline.score(row) for row in rows]
        others[name] = {"auroc": metrics.auroc(values, labels), "balanced_accuracy": balanced_accuracy([v >= baseline.threshold for v in values], labels)}
    return Agreement(len(rows), metrics.auroc(scores, labels), balanced_accuracy(verdicts, labels), f1_unsupported(verdicts, labels), calibration_error(scores, labels), others)


def balanced_accuracy(verdicts: Sequence[bool], labels: Sequence[bool]) -> float:
    """The mean of the shares right of the supported and of the unsupported rows; NaN without either (Brodersen et al., ICPR 2010)."""
    positive = metrics.share(sum(v for v, y in zip(verdicts, labels) if y), sum(labels))
    negative = metrics.share(sum(not v for v, y in zip(verdicts, labels) if not y), len(labels) - sum(labels))
    return (positive + negative) / 2


def f1_unsupported(verdicts: Sequence[bool], labels: Sequence[bool]) -> float:
    """F1 of finding the unsupported; NaN where neither the labels nor the verdicts have any."""
    pairs = list(zip(verdicts, labels))
    return metrics.f1(pairs.count((False, False)), pairs.count((False, True)), pairs.count((True, False)))


def calibration_error(scores: Sequence[float], labels: Sequence[bool], bins: int = BINS) -> float:
    """Expected calibration error: |mean score - share supported| in equal bins of the score, weighted by size (Guo et al., ICML 2017)."""
    placed: dict[int, list[tuple[float, bool]]] = {}
    for score, label in zip(scores, labels):
        placed.setdefault(min(bins - 1, int(score * bins)), []).append((score, label))
    apart = (len(own) * abs(metrics.mean(s for s, _ in own) - metrics.share(sum(y for _, y in own), len(own))) for own in placed.values())
    return metrics.share(sum(apart), len(scores))
