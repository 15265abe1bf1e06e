"""Sentences: which sentence of a given paragraph answers, and whether one does, for SQuAD 2.0 and PolicyQA."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answerable import judge
from assistant.retrieve import Turn
from evals.bench.outcome import Outcome
from evals.bench.sets import Choice, SentenceSet
from evals.bench.shelf import Parts, Progress, Shelf, Stock, Vectors
from evals.metrics import NAN, auroc, mean
from ingest.spans import Span

METRICS = {"squad2": ("sentence_accuracy", "answerable_auroc"), "policyqa": ("sentence_accuracy",)}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The place of the sentence that was put first, None where nothing was found, and how surely it answers."""

    sentence: int | None
    answerable: float


def measure_sentences(bench: str, found: SentenceSet, parts: Parts, progress: Progress) -> Outcome:
    """Choose a sentence for each question, by the assistant and by the plain recipe."""
    used = tuple(dict.fromkeys(choice.paragraph for choice in found.choices))
    ours, plain = [], []
    with Stock(found.texts.values(), parts.vectors) as stock:
        stock.embed(used, progress)
        parts.plain.embed((words for one in used for words in _sentences(found, one)), progress)
        shelves = {one: stock.shelf(one) for one in used}
        for number, choice in enumerate(found.choices, start=1):
            ours.append(choose(choice, found.sentences[choice.paragraph], shelves[choice.paragraph], parts))
            plain.append(choose_plainly(choice, _sentences(found, choice.paragraph), parts.plain))
            progress("asking", number, len(found.choices))
    return Outcome(bench, len(found.choices), _figures(bench, found.choices, ours), _figures(bench, found.choices, plain))


def choose(choice: Choice, sentences: Sequence[Span], shelf: Shelf, parts: Parts) -> Chosen:
    """The sentence that shares most characters with the unit that the assistant ranks first."""
    evidence = parts.evidence(Turn(choice.question), shelf)
    sure = judge(evidence.all_hits, evidence.question).probability
    if not evidence.all_hits:
        return Chosen(None, sure)
    best = evidence.all_hits[0].hit.span
    return Chosen(max(range(len(sentences)), key=lambda place: _overlap(sentences[place], best)), sure)


def choose_plainly(choice: Choice, sentences: Sequence[str], vectors: Vectors) -> Chosen:
    """The sentence nearest to the question, one vector each; its cosine says how surely it answers."""
    near = vectors.of(sentences) @ vectors.vector_of(choice.question).astype(np.float32)
    return Chosen(int(near.argmax()), float(near.max()))


def _sentences(found: SentenceSet, paragraph: str) -> list[str]:
    return [found.texts[paragraph].text[span.start : span.end] for span in found.sentences[paragraph]]


def _overlap(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def _figures(bench: str, choices: Sequence[Choice], chosen: Sequence[Chosen]) -> dict[str, float]:
    """Accuracy over the questions that have an answer; the area under the curve over all of them."""
    right = (float(c.sentence in choice.gold) if choice.answerable else NAN for choice, c in zip(choices, chosen))
    figures = {"sentence_accuracy": mean(right), "answerable_auroc": auroc([c.answerable for c in chosen], [choice.answerable for choice in choices])}
    return {metric: figures[metric] for metric in METRICS[bench]}
