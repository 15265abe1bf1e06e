"""Statements: whether each one stands in what it cites, and whether each citation carries its part."""

from dataclasses import dataclass

from assistant.check import standing
from assistant.grounding import Origin
from assistant.parties import is_home
from assistant.support import Checker
from evals.folder import Answered, Said
from evals.scoring.remarks import is_remark
from evals.stored import Stored

UNCITED = "it cites nothing"


@dataclass(frozen=True, slots=True)
class Citing:
    """One citation behind a statement; `needed` says that the statement rests on it, in the sense of ALCE's precision."""

    mark: int
    needed: bool


@dataclass(frozen=True, slots=True)
class StatementScore:
    """What was found of a statement. `kinds` names what has no support; `number` counts from 1 within the answer."""

    case: str
    number: int
    text: str
    citing: tuple[Citing, ...]
    supported: bool
    probability: float
    reason: str
    kinds: tuple[str, ...] = ()


def judge_statements(row: Answered, stored: Stored, checker: Checker) -> tuple[StatementScore, ...]:
    """Every statement of an answer that claims something; the assistant's own remarks claim nothing."""
    found = []
    for number, said in enumerate(row.actual_statements, start=1):
        if said.marks:
            found.append(_cited(row, number, said, stored, checker))
        elif not is_remark(said.text):
            found.append(StatementScore(row.id, number, said.text, (), False, 0.0, UNCITED, ("uncited",)))
    return tuple(found)


def _cited(row: Answered, number: int, said: Said, stored: Stored, checker: Checker) -> StatementScore:
    quotes = {mark: _quote(row, mark, stored) for mark in dict.fromkeys(said.marks)}
    origin = _origin(row, said, stored)
    verdict = checker.check(said.text, list(quotes.values()), origin)

    def holds(marks: list[int]) -> bool:
        return bool(marks) and checker.check(said.text, [quotes[m] for m in marks], origin).supported

    def needed(mark: int) -> bool:
        """Liu et al.'s and ALCE's precision: it supports the statement alone, or the others do not without it."""
        others = [m for m in quotes if m != mark]
        return verdict.supported and (not others or holds([mark]) or not holds(others))

    return StatementScore(
        row.id, number, said.text, tuple(Citing(mark, needed(mark)) for mark in quotes), verdict.supported, verdict.probability, verdict.reason, verdict.kinds
    )


def _quote(row: Answered, mark: int, stored: Stored) -> str:
    """What stands at the citation's place in the stored text; nothing where that is not what it quotes."""
    if not 1 <= mark <= len(row.actual_citations):
        return ""
    citation = row.actual_citations[mark - 1]
    return "" if stored.fault(citation) else citation["quote"]


def _origin(row: Answered, said: Said, stored: Stored) -> Origin:
    cited = [row.actual_citations[m - 1] for m in said.marks if 1 <= m <= len(row.actual_citations)]
    entries = list({c["source"]: stored.entries[c["source"]] for c in cited if c["source"] in stored.entries}.values())
    headings = dict.fromkeys(c["section"] for c in cited if c.get("section"))
    around = " ".join([*(f"{stored.publisher(e.source.id)}. {e.source.title or ''}, {standing(e.source)}." for e in entries), *headings])
    foreign = bool(entries) and not any(is_home(entry.source, stored.home) for entry in entries)
    return Origin(around, stored.home, foreign)
