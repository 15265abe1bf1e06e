"""Answerable: whether the hits answer the question, or are merely near it."""

import math
from dataclasses import dataclass

from assistant.question import Question
from assistant.retrieve import Scored
from assistant.search import Searcher
from ingest.lexical import terms

THRESHOLD = 0.5
COMPARED = 0.2
OFF_TOPIC = 0.5
NEAR = 0.3


@dataclass(frozen=True, slots=True)
class Answerable:
    """How likely the hits hold the answer, and why it is so judged."""

    probability: float
    reason: str

    def holds(self, threshold: float) -> bool:
        """Whether to answer."""
        return self.probability >= threshold


def judge(ranked: tuple[Scored, ...], question: Question, searcher: Searcher) -> Answerable:
    """Weigh the answer scorer, the cosines and the words that question and passages share."""
    if not ranked:
        return Answerable(0.0, "nothing was found")
    answers = sorted((s.answers for s in ranked if s.answers is not None), reverse=True) or [0.5]
    best = max(s.hit.dense for s in ranked)
    shared = coverage(ranked[:3], question, searcher)
    logit = 0.9 * log_odds(answers[0]) + 0.5 * log_odds(sum(answers[:3]) / len(answers[:3])) + 1.5 * best + 0.8 * shared + 0.8
    probability = 1 / (1 + math.exp(-logit))
    return Answerable(probability, f"answer scorer {answers[0]:.2f}, cosine {best:.2f}, shared words {shared:.0%}")


def coverage(ranked: tuple[Scored, ...], question: Question, searcher: Searcher) -> float:
    """The share of the question's words, weighed by rarity, that stand in the hits or in what introduces them."""
    asked = dict.fromkeys(terms(question.standalone))
    weights = {t: searcher.lexical.idf(t) for t in asked}
    held = {t for s in ranked for t in terms(f"{s.hit.trail.split(' > ')[-1]} {s.hit.lead_text} {s.hit.plain_text}")}
    total = sum(weights.values())
    return sum(w for t, w in weights.items() if t in held) / total if total else 0.0


def is_off_topic(ranked: tuple[Scored, ...], off_topic: float) -> bool:
    """Whether the message is about something else altogether: nothing is near, or it reads like small talk."""
    nearest = max((max(s.hit.dense, s.hit.block_score) for s in ranked), default=0.0)
    return nearest < NEAR and (off_topic > 0.1 or nearest < 0.2) or off_topic > OFF_TOPIC and nearest < 0.6


def log_odds(probability: float) -> float:
    """The logit, bounded."""
    p = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))
