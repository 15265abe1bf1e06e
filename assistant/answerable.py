"""Answerable: whether the hits answer the question, or are merely near it."""

import math
from dataclasses import dataclass

from assistant.question import Question
from assistant.retrieve import Evidence, Scored, log_odds

THRESHOLD = 0.16
COMPARED = 0.02
NEAR = 0.3
UNREAD = -3.5
FEATURES = ("log-odds of the best", "mean log-odds of the best six", "asks for one fact")
INTERCEPT, WEIGHTS = 3.91, (0.38, 1.39, -0.52)
SMALL_TALK = 0.5
LIKE, LIKE_SLOPE = 0.58, 8.2


@dataclass(frozen=True, slots=True)
class Answerable:
    """How likely the hits hold the answer, and why it is so judged."""

    probability: float
    reason: str

    def holds(self, threshold: float) -> bool:
        """Whether to answer."""
        return self.probability >= threshold


def judge(ranked: tuple[Scored, ...], question: Question) -> Answerable:
    """Weigh the answer scorer's highest values; a question for one fact (an amount, a date, a name) asks for more.

    A logistic regression on documents that the scorer was not trained on: `evals/training/answerable.py`, `docs/reranker.md`.
    """
    if not ranked:
        return Answerable(0.0, "nothing was found")
    if all(s.answers is None for s in ranked):
        return _by_likeness(ranked)
    found = features(ranked, question)
    logit = INTERCEPT + sum(weight * value for weight, value in zip(WEIGHTS, found))
    return Answerable(1 / (1 + math.exp(-logit)), ", ".join(f"{name} {value:.1f}" for name, value in zip(FEATURES, found)))


def features(ranked: tuple[Scored, ...], question: Question) -> tuple[float, ...]:
    """What the judgement is made from, in the order of `FEATURES`."""
    odds = sorted((log_odds(s.answers) for s in ranked if s.answers is not None), reverse=True)
    odds += [UNREAD] * (6 - len(odds))
    one_fact = bool(question.forms & {"amount", "number", "date", "person", "reach"})
    return odds[0], sum(odds[:6]) / 6, float(one_fact)


def _by_likeness(ranked: tuple[Scored, ...]) -> Answerable:
    """What can be said without the scorer; it tells little (AUROC 0.67), so that near questions are answered, too."""
    nearest = max(s.hit.dense for s in ranked)
    return Answerable(1 / (1 + math.exp(-LIKE_SLOPE * (nearest - LIKE))), f"cosine of the nearest passage {nearest:.2f}")


def is_off_topic(evidence: Evidence) -> bool:
    """Whether the message is about something else altogether: nothing is near, or it reads like small talk."""
    nearest = max((max(s.hit.dense, s.hit.block_score) for s in evidence.all_hits), default=0.0)
    if evidence.question.context:
        return nearest < 0.12
    return nearest < NEAR and (evidence.screening.off_topic > 0.1 or nearest < 0.2) or is_small_talk(evidence, nearest)


def is_small_talk(evidence: Evidence, nearest: float | None = None) -> bool:
    """Whether the message surely is about something else, whatever the scorer finds in the documents."""
    if nearest is None:
        nearest = max((max(s.hit.dense, s.hit.block_score) for s in evidence.all_hits), default=0.0)
    return not evidence.question.context and evidence.screening.off_topic > SMALL_TALK and nearest < 0.45
