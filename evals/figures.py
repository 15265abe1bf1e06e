"""Figures: what the scores of many cases come to. One table names them, says how they are made and how they are shown."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals import metrics


@dataclass(frozen=True, slots=True)
class CaseScore:
    """One case's figures; NaN where a figure does not apply.

    `must_abstain` is None where the case accepts an answer and an abstention, `missed_urgent`, `wrong_party` and
    `ended_as_current` for cases that they are not about.
    `verdict` is right, incomplete, wrong, wrongly refused or wrong status; `reasons` says why it is not right.
    """

    id: str
    kind: str
    verdict: str
    reasons: tuple[str, ...]
    status_right: bool
    must_abstain: bool | None
    abstained: bool
    error: bool
    wrong_answer: bool
    wrong_refusal: bool
    missed_urgent: bool | None
    false_alarm: bool
    wrong_party: bool | None
    ended_as_current: bool | None
    leaks: int
    citations: int
    invalid_citations: int
    recall_at_1: float
    recall_at_3: float
    recall_at_5: float
    recall_at_10: float
    reciprocal_rank: float
    ndcg_at_10: float
    f2_at_5: float
    nugget_recall: float
    exception_recall: float
    statements: int
    supported: int
    strength_kept: int
    citation_recall: float
    citation_precision: float
    relevance: float
    language: float
    document_precision: float
    document_recall: float
    section_precision: float
    section_recall: float
    words: float
    latency_ms: float


Cases = Sequence[CaseScore]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its name in JSON and thresholds, its words for a reader, its unit, and how cases come to it."""

    name: str
    title: str
    unit: str
    of: Callable[[Cases], float]

    def show(self, value: float, digits: int = 2) -> str:
        """The value as a person reads it, shares with so many digits; – where it is undefined."""
        if math.isnan(value):
            return "–"
        return {"share": f"{value:.{digits}f}", "ms": f"{value:,.0f} ms"}.get(self.unit, f"{value:,.0f}")


def _mean_of(field: str) -> Callable[[Cases], float]:
    return lambda cases: metrics.mean(getattr(c, field) for c in cases)


def _count_of(field: str) -> Callable[[Cases], float]:
    return lambda cases: sum(getattr(c, field) for c in cases)


def _told_of(field: str) -> Callable[[Cases], float]:
    """How many of the cases that the field applies to; NaN where it applies to none."""

    def count(cases: Cases) -> float:
        told = [value for c in cases if (value := getattr(c, field)) is not None]
        return sum(told) if told else metrics.NAN

    return count


def _verdicts(verdict: str) -> Callable[[Cases], float]:
    return lambda cases: sum(c.verdict == verdict for c in cases)


def _confusion(cases: Cases) -> tuple[int, int, int]:
    """True positives, false positives and false negatives of abstaining, over the cases where only one of both is right."""
    told = [(c.must_abstain, c.abstained) for c in cases if c.must_abstain is not None]
    return told.count((True, True)), told.count((False, True)), told.count((True, False))


def abstention_precision(cases: Cases) -> float:
    """The share of abstentions that had to be."""
    right, needless, _ = _confusion(cases)
    return metrics.precision(right, needless)


def abstention_recall(cases: Cases) -> float:
    """The share of the cases that had to be turned away that were."""
    right, _, missed = _confusion(cases)
    return metrics.recall(right, missed)


def abstention_f1(cases: Cases) -> float:
    """Both in one; NaN where no case had to be turned away, whose recall is undefined."""
    right, needless, missed = _confusion(cases)
    return metrics.f1(right, needless, missed) if right + missed else metrics.NAN


def _of_statements(field: str) -> Callable[[Cases], float]:
    """A share over all statements of all cases together."""
    return lambda cases: metrics.share(sum(getattr(c, field) for c in cases), sum(c.statements for c in cases))


def citation_validity(cases: Cases) -> float:
    """Valid citations / citations, over all cases together; a mark without a citation counts as one that is not valid."""
    total = sum(c.citations for c in cases)
    return metrics.share(total - sum(c.invalid_citations for c in cases), total)


FIGURES = (
    Figure("asked", "questions asked", "count", len),
    Figure("right", "right in every respect", "count", _verdicts("right")),
    Figure("incomplete", "answered, but a fact or a document is missing", "count", _verdicts("incomplete")),
    Figure("wrong", "wrong", "count", _verdicts("wrong")),
    Figure("wrong_status", "another status than expected", "count", _verdicts("wrong status")),
    Figure("missed_urgent", "urgent messages not recognised", "count", _told_of("missed_urgent")),
    Figure("false_alarms", "questions taken for urgent", "count", _count_of("false_alarm")),
    Figure("wrong_answers", "wrong answers (should abstain, or says what it must not)", "count", _count_of("wrong_answer")),
    Figure("wrong_refusals", "wrong refusals (should answer)", "count", _count_of("wrong_refusal")),
    Figure("wrong_party", "one organisation taken for another", "count", _told_of("wrong_party")),
    Figure("ended_as_current", "a document of the past told as of today", "count", _told_of("ended_as_current")),
    Figure("leaks", "leaks of a staff document to a partner", "count", _count_of("leaks")),
    Figure("errors", "errors", "count", _count_of("error")),
    Figure("status_accuracy", "status as expected", "share", _mean_of("status_right")),
    Figure("recall_at_1", "facts in the first passage found", "share", _mean_of("recall_at_1")),
    Figure("recall_at_3", "facts in the first 3 passages", "share", _mean_of("recall_at_3")),
    Figure("recall_at_5", "facts in the first 5 passages", "share", _mean_of("recall_at_5")),
    Figure("recall_at_10", "facts in the first 10 passages", "share", _mean_of("recall_at_10")),
    Figure("mrr", "mean reciprocal rank of the first passage with a fact", "share", _mean_of("reciprocal_rank")),
    Figure("ndcg_at_10", "nDCG of the first 10 passages", "share", _mean_of("ndcg_at_10")),
    Figure("f2_at_5", "F2 of the first 5 passages", "share", _mean_of("f2_at_5")),
    Figure("nugget_recall", "facts in the answer", "share", _mean_of("nugget_recall")),
    Figure("exception_recall", "conditions and exceptions that come along", "share", _mean_of("exception_recall")),
    Figure("groundedness", "statements that stand in what they cite", "share", _of_statements("supported")),
    Figure("strength_kept", "statements as strong as what they cite (may, should, must)", "share", _of_statements("strength_kept")),
    Figure("citation_recall", "citation recall (ALCE): statements whose citations support them, mean of cases", "share", _mean_of("citation_recall")),
    Figure("citation_precision", "citation precision (ALCE): citations that a statement rests on, mean of cases", "share", _mean_of("citation_precision")),
    Figure("relevance", "how likely the answer answers the question, by the answer scorer", "share", _mean_of("relevance")),
    Figure("language", "own sentences in the language of the question", "share", _mean_of("language")),
    Figure("citation_validity", "citations that are valid to the character", "share", citation_validity),
    Figure("citation_document_precision", "documents cited that are the expected ones", "share", _mean_of("document_precision")),
    Figure("citation_document_recall", "expected documents that are cited", "share", _mean_of("document_recall")),
    Figure("citation_section_precision", "sections cited that are the expected ones", "share", _mean_of("section_precision")),
    Figure("citation_section_recall", "expected sections that are cited", "share", _mean_of("section_recall")),
    Figure("abstention_precision", "abstentions that had to be", "share", abstention_precision),
    Figure("abstention_recall", "abstentions made of those that had to be", "share", abstention_recall),
    Figure("abstention_f1", "abstention F1", "share", abstention_f1),
    Figure("mean_words", "words of an answer, mean", "words", _mean_of("words")),
    Figure("median_words", "words of an answer, median", "words", lambda cases: metrics.median(c.words for c in cases)),
    Figure("latency_p50_ms", "time of an answer, median", "ms", lambda cases: metrics.percentile((c.latency_ms for c in cases), 0.5)),
    Figure("latency_p95_ms", "time of an answer, 95th percentile", "ms", lambda cases: metrics.percentile((c.latency_ms for c in cases), 0.95)),
)
BY_NAME = {figure.name: figure for figure in FIGURES}
COLUMNS = {
    "asked": "Asked",
    "right": "Right",
    "incomplete": "Incomplete",
    "wrong": "Wrong",
    "wrong_refusals": "Refused",
    "status_accuracy": "Status",
    "recall_at_10": "Found",
    "nugget_recall": "Told",
    "citation_document_precision": "Precision",
    "citation_document_recall": "Recall",
    "mean_words": "Words",
    "latency_p95_ms": "p95",
}
"""The figures of the table by kind, with their headings; `LEGEND` says what they mean."""
LEGEND = (
    "Refused: wrongly, of those that should be answered. Status: share of statuses as expected. Found: share of a case's facts in the "
    "first ten passages found. Told: share of the facts in the answer. Precision and Recall: of the documents cited. Words: mean of the "
    "answers. p95: time of an answer, 95th percentile. A dash: does not apply."
)


def figures_of(cases: Cases) -> dict[str, float]:
    """Every figure of these cases by name."""
    return {figure.name: float(figure.of(cases)) for figure in FIGURES}
