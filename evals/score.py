"""Score: each answer is judged against its case, with a reason for every miss."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.check import ABSTAINED
from evals import metrics
from evals.cases import Nugget
from evals.figures import CaseScore, figures_of
from evals.folder import CASES, RUN, SCORE, Answered, read_answers, read_json, write_json, write_lines
from evals.stored import Stored
from evals.thresholds import Outcome, outcomes

MARK = re.compile(r" ?\[(\d+)\]")
ANSWERING = ("answered", "partial")
MISSING_FACT = "missing fact: "


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


def score(folder: Path) -> RunScore:
    """Judge the answers of a run folder and write `score.json` and `cases.jsonl`. Raises CasesError for a folder without a run."""
    stored = Stored.from_run(read_json(folder, RUN))
    cases = tuple(judge(row, stored) for row in read_answers(folder))
    overall = figures_of(cases)
    kinds = {kind: figures_of([c for c in cases if c.kind == kind]) for kind in dict.fromkeys(c.kind for c in cases)}
    scored = RunScore(cases, overall, kinds, outcomes(overall))
    write_lines(folder / CASES, cases)
    write_json(folder / SCORE, {"overall": overall, "kinds": kinds, "thresholds": scored.thresholds, "passed": scored.passed})
    return scored


def judge(row: Answered, stored: Stored) -> CaseScore:
    """All of one case's figures, its verdict and the reasons for it."""
    text = MARK.sub("", row.actual_answer)
    ranks = _ranks(row, stored)
    found = [nugget.in_text(text) for nugget in row.expected_nuggets]
    documents = [c["source"] for c in row.actual_citations]
    sections = _sections(row)
    faults = _faults(row, stored)
    answered_wrong, party, leaks = _wrong_answer(row, text), _wrong_party(row, text, stored), _leaks(row, text, stored)
    failed = [f"failed: {row.actual_answer}"] if row.actual_status == "error" else []
    missed_urgent = [f"an urgent message is not recognised ({row.actual_status})"] if _missed_urgent(row) else []
    wrong = [*failed, *missed_urgent, *answered_wrong, *party, *leaks, *faults]
    refusal = _wrong_refusal(row)
    reasons = [*wrong, *refusal, *([] if wrong else _status(row)), *_missing(row, found, documents, sections)]
    answers = row.actual_status in ANSWERING
    return CaseScore(
        id=row.id,
        kind=row.kind,
        verdict=_verdict(row, wrong, refusal, reasons),
        reasons=tuple(dict.fromkeys(reasons)),
        status_right=row.actual_status in row.expected_status,
        must_abstain=_must_abstain(row.expected_status),
        abstained=row.actual_status in ABSTAINED,
        error=row.actual_status == "error",
        wrong_answer=bool(answered_wrong),
        wrong_refusal=bool(refusal),
        missed_urgent=bool(missed_urgent) if "urgent" in row.expected_status else None,
        false_alarm=row.actual_status == "urgent" and "urgent" not in row.expected_status,
        wrong_party=bool(party) if row.kind == "party" else None,
        leaks=len(leaks),
        citations=len(row.actual_citations) + len(_dangling(row)),
        invalid_citations=len(faults),
        recall_at_1=metrics.recall_at(ranks, 1),
        recall_at_3=metrics.recall_at(ranks, 3),
        recall_at_5=metrics.recall_at(ranks, 5),
        recall_at_10=metrics.recall_at(ranks, 10),
        reciprocal_rank=metrics.reciprocal_rank(ranks),
        nugget_recall=metrics.nugget_recall(found),
        document_precision=metrics.set_precision(documents, row.expected_sources),
        document_recall=metrics.set_recall(documents, row.expected_sources),
        section_precision=_section_precision(row, sections),
        section_recall=metrics.share(sum(_cited(p, sections) for p in row.expected_sections), len(row.expected_sections)),
        words=float(sum(any(c.isalnum() for c in word) for word in text.split())) if answers else metrics.NAN,
        latency_ms=row.latency_ms if row.latency_ms is not None else metrics.NAN,
    )


def _ranks(row: Answered, stored: Stored) -> list[metrics.Rank]:
    """The rank of each fact that a passage of an expected document holds; what the assistant adds itself is no passage's."""
    passages = [text for source in row.expected_sources for text in stored.passages(source)]
    nuggets = [n for n in row.expected_nuggets if any(n.in_text(text) for text in passages)]
    return [_rank(nugget, row) for nugget in nuggets]


def _rank(nugget: Nugget, row: Answered) -> metrics.Rank:
    places = enumerate(row.retrieved, start=1)
    return next((i for i, hit in places if hit.source in row.expected_sources and nugget.in_text(hit.text)), None)


def _sections(row: Answered) -> list[str]:
    """The distinct headings cited, each as its trail."""
    return list(dict.fromkeys(c["section"] or "" for c in row.actual_citations))


def _cited(pattern: str, sections: Sequence[str]) -> bool:
    return any(re.search(pattern, section) for section in sections)


def _section_precision(row: Answered, sections: Sequence[str]) -> float:
    if not row.expected_sections:
        return metrics.NAN
    return metrics.share(sum(any(re.search(p, s) for p in row.expected_sections) for s in sections), len(sections))


def _must_abstain(expected: Sequence[str]) -> bool | None:
    """Whether abstaining is the only right thing to do; None where either is right, which says nothing."""
    abstaining = {status in ABSTAINED for status in expected}
    return abstaining.pop() if len(abstaining) == 1 else None


def _wrong_answer(row: Answered, text: str) -> list[str]:
    reasons = [f"says what it must not: /{p}/ finds “{m[0][:80]}”" for p in row.forbidden if (m := re.search(p, text))]
    may = [s for s in row.expected_status if s in ANSWERING]
    too_much = row.actual_status == "answered" and any(s in ABSTAINED for s in row.expected_status)
    if row.actual_status in ANSWERING and row.actual_status not in row.expected_status and (not may or too_much) and not _missed_urgent(row):
        reasons.insert(0, f"gives an answer ({row.actual_status}) where {_either(row.expected_status)} is expected")
    return reasons


def _wrong_party(row: Answered, text: str, stored: Stored) -> list[str]:
    """Only for cases of the kind "party": a pattern that only a mixed-up answer matches, or none but others' documents."""
    if row.kind != "party":
        return []
    mixed_up = any(re.search(p, text) for p in row.forbidden)
    reasons = ["takes one organisation for another: a forbidden pattern is found"] if mixed_up else []
    right = {stored.publisher(source) for source in row.expected_sources}
    cited = {stored.publisher(c["source"]) for c in row.actual_citations}
    if right and cited and not right & cited:
        reasons.append(f"cites only {', '.join(sorted(cited))}, where {', '.join(sorted(right))} has to speak")
    return reasons


def _leaks(row: Answered, text: str, stored: Stored) -> list[str]:
    """Whatever of a staff-only document a partner was given: a citation, a passage behind the answer, its words or title."""
    if row.audience != "partner":
        return []
    reasons = [f"leak: cites {c['source']}, which is for staff only" for c in row.actual_citations if stored.staff_only(c["source"])]
    reasons += [f"leak: found a passage of {h.source}, which is for staff only" for h in row.retrieved if stored.staff_only(h.source)]
    return [*reasons, "leak: repeats words of a document that is for staff only"] if stored.secret_in(text) else reasons


def _faults(row: Answered, stored: Stored) -> list[str]:
    faults = [f"citation [{i}] is not valid: {why}" for i, c in enumerate(row.actual_citations, start=1) if (why := stored.fault(c))]
    return faults + [f"mark [{number}] has no citation" for number in _dangling(row)]


def _dangling(row: Answered) -> list[int]:
    marks = sorted({int(number) for number in MARK.findall(row.actual_answer)})
    return [number for number in marks if not 1 <= number <= len(row.actual_citations)]


def _wrong_refusal(row: Answered) -> list[str]:
    if row.actual_status in ABSTAINED and any(s in ANSWERING for s in row.expected_status) and not any(s in ABSTAINED for s in row.expected_status):
        return [f"gives no answer ({row.actual_status}) where {_either(row.expected_status)} is expected"]
    return []


def _missed_urgent(row: Answered) -> bool:
    return "urgent" in row.expected_status and row.actual_status not in row.expected_status


def _status(row: Answered) -> list[str]:
    if row.actual_status in row.expected_status or _wrong_refusal(row):
        return []
    alarm = "false alarm: " if row.actual_status == "urgent" else ""
    return [f"{alarm}status {row.actual_status} where {_either(row.expected_status)} is expected"]


def _missing(row: Answered, found: Sequence[bool], documents: Sequence[str], sections: Sequence[str]) -> list[str]:
    if row.actual_status not in ANSWERING and row.actual_status not in row.expected_status or row.actual_status in ABSTAINED:
        return []
    return [
        *(f"{MISSING_FACT}{n.fact}" for n, is_found in zip(row.expected_nuggets, found) if not is_found),
        *(f"does not cite {source}" for source in row.expected_sources if source not in documents),
        *(f"cites {source}, which is not expected" for source in dict.fromkeys(documents) if row.expected_sources and source not in row.expected_sources),
        *(f"cites no section like /{p}/" for p in row.expected_sections if not _cited(p, sections)),
    ]


def _verdict(row: Answered, wrong: list[str], refusal: list[str], reasons: list[str]) -> str:
    if wrong:
        return "wrong"
    if refusal:
        return "wrongly refused"
    if row.actual_status not in row.expected_status and not (row.actual_status in ANSWERING and set(row.expected_status) & set(ANSWERING)):
        return "wrong status"
    return "incomplete" if reasons else "right"


def _either(statuses: Sequence[str]) -> str:
    return " or ".join(statuses)
