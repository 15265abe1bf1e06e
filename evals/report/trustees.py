"""Trustees: the first page of the report, in plain words and counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evals.report.records import Reading, Records
from evals.report.texts import cut
from evals.report.wording import VERDICTS, in_plain_words, many

VERSION = 12
STANDINGS = {"in_force": "in force", "ended": "ended", "superseded": "replaced by another"}
UNASKED = "(no question was about this)"


@dataclass(frozen=True, slots=True)
class Count:
    """How many questions came out in one way; `verdict` names the way, for its colour and its link."""

    verdict: str
    name: str
    meaning: str
    count: int


@dataclass(frozen=True, slots=True)
class Harm:
    """Something that must not happen, how often it did and of what, and a remark that guards against misreading it."""

    name: str
    found: str
    of: str
    happened: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """A question that was answered wrongly: what was said before it, what was answered, and why it is wrong."""

    number: int
    earlier: tuple[str, ...]
    question: str
    answer: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document that the answers were made from; `url` only where it is an address of the web."""

    title: str
    publisher: str
    published: str
    standing: str
    text: str
    version: str
    audience: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Trustees:
    """Everything on the first page."""

    summary: str
    limits: str
    counts: tuple[Count, ...]
    harms: tuple[Harm, ...]
    wrong: tuple[WrongAnswer, ...]
    documents: tuple[DocumentLine, ...]
    model: str
    when: str
    remarks: tuple[str, ...]
    reading: Reading | None
    sheet: str


def trustees(records: Records, anchors: dict[str, int], longest: int) -> Trustees:
    """The first page; `anchors` gives each failing case its number, an answer is cut at `longest` characters."""
    run = records.run
    return Trustees(
        summary=_summary(records),
        limits="All that decide are kept." if records.score["passed"] else "At least one is not kept.",
        counts=tuple(Count(verdict, *words, len(records.with_verdict(verdict))) for verdict, words in VERDICTS.items()),
        harms=_harms(records),
        wrong=tuple(_wrong(records, case, anchors[case["id"]], longest) for case in records.with_verdict("wrong")),
        documents=tuple(_document(entry) for entry in run["sources"]),
        model=model_words(run["model"]),
        when=when(run),
        remarks=_remarks(run),
        reading=records.reading,
        sheet=f"guidance eval sheet {records.folder}",
    )


def when(run: dict[str, Any]) -> str:
    """When the questions were asked."""
    started, finished = run["started"], run.get("finished") or ""
    until = f" to {finished[11:16]}" if finished[:10] == started[:10] else f" to {finished[:10]} {finished[11:16]}" if finished else ""
    return f"{started[:10]}, {started[11:16]}{until} UTC"


def model_words(model: str) -> str:
    """Who wrote the answers."""
    if model == "embedded":
        return "The built-in models of the assistant, on the computer itself: no text was sent to another service."
    return f"The chat model {model} wrote the answers from the passages found."


def _summary(records: Records) -> str:
    asked, kinds = len(records.cases), len({case["kind"] for case in records.cases})
    partners = sum(row.audience == "partner" for row in records.answers.values())
    return (
        f"{many(asked, 'question was', 'questions were')} asked, of {many(kinds, 'kind', 'kinds')}: "
        f"{partners:,} as a partner organisation, {asked - partners:,} as staff. What a right answer has to say was written down before. "
        f"{len(records.with_verdict('right')):,} of {asked:,} came out right in every respect."
    )


def _harms(records: Records) -> tuple[Harm, ...]:
    cases = records.cases
    open_to_all = all(source["audience"] == "everyone" for source in records.sources.values())
    silent = "No document here is for staff only, so that nothing could leak: this count says nothing."
    return (
        _of_those("Emergencies that were not seen", cases, "missed_urgent", "urgent messages"),
        _total("Words or documents for staff only that reached a partner", cases, "leaks", silent if open_to_all else ""),
        _of_those("One organisation taken for another", cases, "wrong_party", "questions about who says what"),
        _of_those("A document of the past told as of today", cases, "ended_as_current", "answers that quote a document of the past"),
        _total("Ordinary questions taken for an emergency", cases, "false_alarm"),
        _total("Questions at which the assistant broke down", cases, "error"),
    )


def _of_those(name: str, cases: tuple[dict[str, Any], ...], field: str, those: str) -> Harm:
    told = [case[field] for case in cases if case[field] is not None]
    return Harm(name, f"{sum(told)} of {len(told)}", those, any(told)) if told else Harm(name, "–", UNASKED, False)


def _total(name: str, cases: tuple[dict[str, Any], ...], field: str, remark: str = "") -> Harm:
    count = sum(case[field] for case in cases)
    return Harm(name, str(count), "", count > 0, remark)


def _wrong(records: Records, case: dict[str, Any], number: int, longest: int) -> WrongAnswer:
    row = records.answers[case["id"]]
    why = tuple(dict.fromkeys(in_plain_words(reason, records.title) for reason in case["reasons"]))
    earlier, shorten = row.turns[:-1], _shortener(longest)
    return WrongAnswer(number, tuple(map(shorten, earlier)), shorten(row.turns[-1]), shorten(row.actual_answer), tuple(map(shorten, why)))


def _shortener(longest: int) -> Callable[[str], str]:
    return lambda text: cut(text, longest)


def _document(entry: dict[str, Any]) -> DocumentLine:
    source = entry["source"]
    standing = STANDINGS.get(source.get("status") or "", "standing not stated")
    until = f" {source['in_force_until']}" if source.get("in_force_until") else ""
    whole = "adopted text" if source.get("kind") in ("policy", "strategy") else "full text"
    url = source.get("url") or ""
    return DocumentLine(
        title=source.get("title") or source["id"],
        publisher=source.get("publisher") or "publisher not stated",
        published=source.get("published") or "undated",
        standing=standing + (until if standing == "ended" else ""),
        text="digest: a summary in other words, not the adopted text" if source.get("digest") else whole,
        version=entry["version"][:VERSION],
        audience="for everyone" if source["audience"] == "everyone" else "for staff only",
        url=url if url.startswith(("https://", "http://")) else None,
    )


def _remarks(run: dict[str, Any]) -> tuple[str, ...]:
    """What a reader would otherwise take the counts to say."""
    if run["settings"].get("audience") == "partner":
        return ("The assistant was set to answer everybody as a partner (GUIDANCE_AUDIENCE=partner), so the questions of staff were asked as a partner’s.",)
    return ()
