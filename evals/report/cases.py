"""Cases: every case that is not right, with all that a reader needs to see why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.check import ABSTAINED
from evals.casebook.schema import Nugget
from evals.folder import Answered
from evals.metrics import NAN
from evals.report.records import Records, number
from evals.report.texts import Pieces, cut, marked, shared
from evals.report.wording import VERDICTS, reply, sentence_of
from evals.scoring.conduct import MARK, MISSING_FACT

REMARK = "the assistant’s own words, which claim nothing of the documents"
ORDER = ("wrong", "wrongly refused", "wrong status", "incomplete")


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of the evidence is shown: how many passages, and the longest passage, quote, other text and answer on the first page."""

    passages: int = 5
    passage: int = 500
    quote: int = 500
    text: int = 1500
    answer: int = 4000


@dataclass(frozen=True, slots=True)
class Fact:
    """An expected fact: whether the answer tells it, and by which words."""

    fact: str
    told: bool
    words: str
    condition: bool


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation: its mark, the document and the place in it, and the quote with the statement's words marked."""

    mark: int
    title: str
    place: str
    quote: Pieces


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the answer: what was found of it in a word, how likely it is supported, and why."""

    text: str
    found: str
    probability: float
    reason: str
    quotes: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the search ranked it, expected facts marked; `facts` counts those that it holds."""

    rank: int
    title: str
    section: str
    expected: bool
    facts: int
    text: Pieces


@dataclass(frozen=True, slots=True)
class FailingCase:
    """A case that is not right, as it is printed."""

    number: int
    id: str
    kind: str
    audience: str
    earlier: tuple[str, ...]
    question: str
    expected: str
    given: str
    documents: tuple[str, ...]
    facts: tuple[Fact, ...]
    statements: tuple[Statement, ...]
    answer: str
    uncited: tuple[Quoted, ...]
    passages: tuple[Passage, ...]
    found: int
    reasons: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """The failing cases of one verdict."""

    verdict: str
    name: str
    meaning: str
    cases: tuple[FailingCase, ...]


def anchors(records: Records) -> dict[str, int]:
    """The number of each failing case on the page, by its id."""
    failing = [case["id"] for verdict in ORDER for case in records.with_verdict(verdict)]
    return {case: place for place, case in enumerate(failing, start=1)}


def groups(records: Records, numbers: dict[str, int], detail: Detail) -> tuple[Group, ...]:
    """The failing cases by verdict, verdicts without any left out."""
    found = (Group(v, *VERDICTS[v], tuple(_case(records, case, numbers[case["id"]], detail) for case in records.with_verdict(v))) for v in ORDER)
    return tuple(group for group in found if group.cases)


def _case(records: Records, case: dict[str, Any], place: int, detail: Detail) -> FailingCase:
    row = records.answers[case["id"]]
    statements = _statements(records, row, detail)
    used = {quoted.mark for statement in statements for quoted in statement.quotes}
    return FailingCase(
        number=place,
        id=row.id,
        kind=row.kind,
        audience="a partner organisation" if row.audience == "partner" else "staff",
        earlier=tuple(cut(turn, detail.text) for turn in row.turns[:-1]),
        question=cut(row.turns[-1], detail.text),
        expected=reply(row.expected_status),
        given=reply([row.actual_status]),
        documents=tuple(records.title(source) for source in row.expected_sources),
        facts=_facts(row, case["reasons"]),
        statements=statements,
        answer="" if statements else cut(row.actual_answer, detail.text),
        uncited=tuple(_quoted(records, row, mark, "", detail) for mark in range(1, len(row.actual_citations) + 1) if mark not in used),
        passages=_passages(records, row, detail),
        found=len(row.retrieved),
        reasons=tuple(cut(sentence_of(reason), detail.text) for reason in case["reasons"] if not reason.startswith(MISSING_FACT)),
        note=row.note,
    )


def _facts(row: Answered, reasons: Sequence[str]) -> tuple[Fact, ...]:
    """Each expected fact; one that no pattern finds is told where the scoring did not call it missing."""
    text, missing = MARK.sub("", row.actual_answer), {reason.removeprefix(MISSING_FACT) for reason in reasons if reason.startswith(MISSING_FACT)}
    silent = row.actual_status in ABSTAINED or row.actual_status == "error" or row.actual_status == "urgent"
    return tuple(_fact(nugget, text, nugget.fact in missing or silent) for nugget in row.expected_nuggets)


def _fact(nugget: Nugget, text: str, missing: bool) -> Fact:
    found = None if missing else nugget.matched(text)
    return Fact(nugget.fact, not missing, cut(found[0], 160) if found else "" if missing else "by its meaning", nugget.condition)


def _statements(records: Records, row: Answered, detail: Detail) -> tuple[Statement, ...]:
    judged = records.statements.get(row.id, {})
    return tuple(_statement(records, row, place, judged.get(place), detail) for place in range(1, len(row.actual_statements) + 1))


def _statement(records: Records, row: Answered, place: int, judged: dict[str, Any] | None, detail: Detail) -> Statement:
    said = row.actual_statements[place - 1]
    quotes = tuple(_quoted(records, row, mark, said.text, detail) for mark in dict.fromkeys(said.marks) if 1 <= mark <= len(row.actual_citations))
    text = cut(said.text, detail.text)
    if judged is None:
        return Statement(text, "not judged", NAN, "" if said.marks else REMARK, quotes)
    return Statement(text, "supported" if judged["supported"] else "not supported", number(judged["probability"]), judged["reason"], quotes)


def _quoted(records: Records, row: Answered, mark: int, text: str, detail: Detail) -> Quoted:
    citation = row.actual_citations[mark - 1]
    page = f"page {citation['page']}" if citation.get("page") else ""
    place = ", ".join(part for part in (_heading(citation.get("section")), page) if part)
    quote = marked(citation["quote"], shared(text, citation["quote"]), detail.quote)
    return Quoted(mark, citation.get("title") or records.title(citation["source"]), place, quote)


def _heading(trail: str | None) -> str:
    return (trail or "").split(" > ")[-1]


def _passages(records: Records, row: Answered, detail: Detail) -> tuple[Passage, ...]:
    found = []
    for rank, hit in enumerate(row.retrieved[: detail.passages], start=1):
        spans = [match.span() for nugget in row.expected_nuggets if not nugget.remark and (match := nugget.matched(hit.text))]
        text = marked(hit.text, spans, detail.passage)
        found.append(Passage(rank, records.title(hit.source), _heading(hit.section), hit.source in row.expected_sources, len(spans), text))
    return tuple(found)
