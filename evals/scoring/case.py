"""Case: everything that is found of one answer, its verdict and the reasons for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.check import ABSTAINED
from assistant.score import AnswerScorer
from assistant.support import Checker
from evals import metrics
from evals.casebook.schema import Nugget
from evals.figures import CaseScore
from evals.folder import Answered
from evals.scoring import conduct
from evals.scoring.conduct import ANSWERING, MARK, MISSING_FACT
from evals.scoring.facts import DEPTH, Told, matches, ranking, told_by
from evals.scoring.statements import StatementScore, judge_statements
from evals.stored import Stored

RELEVANT = 0.02
"""The least probability, by the answer scorer, that any statement answers the question."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What judges the answers of a run: the documents as they stood, the grounding checker, and what reads whether a text answers."""

    stored: Stored
    checker: Checker
    scorer: AnswerScorer | None = None

    def judge(self, row: Answered) -> tuple[CaseScore, tuple[StatementScore, ...]]:
        """One case's figures with verdict and reasons, and what was found of each statement."""
        text = MARK.sub("", row.actual_answer)
        said = [statement.text for statement in row.actual_statements]
        answers = row.actual_status in ANSWERING
        told = told_by(text, said, row.expected_nuggets, self.checker)
        forbidden = tuple((t.nugget, t.by) for t in told_by(text, said, row.forbidden, self.checker) if t.by is not None)
        statements = judge_statements(row, self.stored, self.checker) if answers else ()
        seen = _Seen(row, text, told, forbidden, statements, self._relevance(row) if answers else metrics.NAN, self.stored)
        return _score(seen, _Misses.of(seen)), statements

    def _relevance(self, row: Answered) -> float:
        """The highest probability that a statement answers; NaN for a follow-up, whose question leans on others, and another language."""
        claims = [said.text for said in row.actual_statements if said.marks]
        if self.scorer is None or not claims or len(row.turns) > 1 or row.actual_language != "en":
            return metrics.NAN
        return max(self.scorer.score(row.turns[-1], claims))


@dataclass(frozen=True, slots=True)
class _Seen:
    """An answer and all that was read out of it."""

    row: Answered
    text: str
    told: tuple[Told, ...]
    forbidden: tuple[tuple[Nugget, str], ...]
    statements: tuple[StatementScore, ...]
    relevance: float
    stored: Stored


@dataclass(frozen=True, slots=True)
class _Misses:
    """What is wrong, in words, by what it is."""

    wrong: tuple[str, ...]
    answered_wrong: tuple[str, ...]
    party: tuple[str, ...]
    leaks: tuple[str, ...]
    ended: tuple[str, ...] | None
    faults: tuple[str, ...]
    refusal: tuple[str, ...]
    urgent: bool
    rest: tuple[str, ...]

    @classmethod
    def of(cls, seen: _Seen) -> "_Misses":
        """Everything that is held against an answer."""
        row, stored = seen.row, seen.stored
        answered_wrong = conduct.wrong_answer(row, seen.forbidden)
        party = conduct.wrong_party(row, bool(seen.forbidden), stored)
        leaks = conduct.leaks(row, seen.text, stored)
        ended = conduct.ended_as_current(row, stored)
        faults = conduct.citation_faults(row, stored)
        ungrounded = [f"no support: “{s.text[:90]}”: {s.reason}" for s in seen.statements if not s.supported]
        failed = [f"failed: {row.actual_answer}"] if row.actual_status == "error" else []
        missed = conduct.missed_urgent(row)
        urgent = [f"an urgent message is not recognised ({row.actual_status})"] if missed else []
        beside = [] if answered_wrong else _beside(row, seen.told, seen.relevance)
        wrong = [*failed, *urgent, *answered_wrong, *party, *leaks, *(ended or []), *faults, *ungrounded, *beside]
        refusal = conduct.wrong_refusal(row)
        rest = [*([] if wrong else conduct.other_status(row)), *_missing(row, seen.told)]
        return cls(tuple(wrong), tuple(answered_wrong), tuple(party), tuple(leaks), None if ended is None else tuple(ended), tuple(faults), tuple(refusal), missed, tuple(rest))

    @property
    def reasons(self) -> tuple[str, ...]:
        """All of it, each once."""
        return tuple(dict.fromkeys((*self.wrong, *self.refusal, *self.rest)))


def _beside(row: Answered, told: Sequence[Told], relevance: float) -> list[str]:
    """An answer that is true and answers something else."""
    if row.actual_status != "answered":
        return []
    if told and not any(t.by for t in told):
        return ["answers something else: it tells none of the facts that were asked for"]
    if not told and relevance < RELEVANT:
        return [f"answers something else: no statement reads like an answer ({relevance:.3f})"]
    return []


def _missing(row: Answered, told: Sequence[Told]) -> list[str]:
    if row.actual_status not in ANSWERING and row.actual_status not in row.expected_status or row.actual_status in ABSTAINED:
        return []
    documents = list(dict.fromkeys(c["source"] for c in row.actual_citations))
    sections = _sections(row)
    return [
        *(f"{MISSING_FACT}{t.nugget.fact}" for t in told if t.by is None),
        *(f"does not cite {source}" for source in row.expected_sources if source not in documents),
        *(f"cites {source}, which is not expected" for source in documents if row.expected_sources and source not in row.expected_sources),
        *(f"cites no section like /{p}/" for p in row.expected_sections if not matches(p, sections)),
    ]


def _score(seen: _Seen, misses: _Misses) -> CaseScore:
    row, statements = seen.row, seen.statements
    ranks, documents, sections = ranking(row, seen.stored), [c["source"] for c in row.actual_citations], _sections(row)
    answers = row.actual_status in ANSWERING
    conditions = [bool(t.by) for t in seen.told if t.nugget.condition]
    citing = [c.needed for s in statements for c in s.citing]
    return CaseScore(
        id=row.id,
        kind=row.kind,
        verdict=_verdict(row, misses),
        reasons=misses.reasons,
        status_right=row.actual_status in row.expected_status,
        must_abstain=conduct.must_abstain(row.expected_status),
        abstained=row.actual_status in ABSTAINED,
        error=row.actual_status == "error",
        wrong_answer=bool(misses.answered_wrong),
        wrong_refusal=bool(misses.refusal),
        missed_urgent=misses.urgent if "urgent" in row.expected_status else None,
        false_alarm=row.actual_status == "urgent" and "urgent" not in row.expected_status,
        wrong_party=bool(misses.party) if row.kind == "party" else None,
        ended_as_current=bool(misses.ended) if misses.ended is not None else None,
        leaks=len(misses.leaks),
        citations=len(row.actual_citations) + len(conduct.dangling(row)),
        invalid_citations=len(misses.faults),
        recall_at_1=ranks.recall_at(1),
        recall_at_3=ranks.recall_at(3),
        recall_at_5=ranks.recall_at(5),
        recall_at_10=ranks.recall_at(DEPTH),
        reciprocal_rank=metrics.reciprocal_rank(ranks.ranks),
        ndcg_at_10=ranks.ndcg_at(DEPTH),
        f2_at_5=ranks.f2_at(5),
        nugget_recall=metrics.nugget_recall([t.by is not None for t in seen.told]),
        exception_recall=metrics.nugget_recall(conditions) if answers else metrics.NAN,
        statements=len(statements),
        supported=sum(s.supported for s in statements),
        strength_kept=sum("strength" not in s.kinds for s in statements),
        citation_recall=metrics.share(sum(s.supported for s in statements), len(statements)),
        citation_precision=metrics.share(sum(citing), len(citing)),
        relevance=seen.relevance,
        language=conduct.in_askers_language(row),
        document_precision=metrics.set_precision(documents, row.expected_sources),
        document_recall=metrics.set_recall(documents, row.expected_sources),
        section_precision=_section_precision(row, sections),
        section_recall=metrics.share(sum(matches(p, sections) for p in row.expected_sections), len(row.expected_sections)),
        words=float(sum(any(c.isalnum() for c in word) for word in seen.text.split())) if answers else metrics.NAN,
        latency_ms=metrics.NAN if row.latency_ms is None else row.latency_ms,
    )


def _sections(row: Answered) -> list[str]:
    """The distinct headings cited, each as its trail."""
    return list(dict.fromkeys(c["section"] or "" for c in row.actual_citations))


def _section_precision(row: Answered, sections: Sequence[str]) -> float:
    if not row.expected_sections:
        return metrics.NAN
    return metrics.share(sum(any(matches(p, [section]) for p in row.expected_sections) for section in sections), len(sections))


def _verdict(row: Answered, misses: _Misses) -> str:
    if misses.wrong:
        return "wrong"
    if misses.refusal:
        return "wrongly refused"
    if row.actual_status not in row.expected_status and not (row.actual_status in ANSWERING and set(row.expected_status) & set(ANSWERING)):
        return "wrong status"
    return "incomplete" if misses.reasons else "right"
