"""Lint: what no reader of a single case can see: a document that is not there, a fact that no document holds, a case that judges nothing."""

from collections.abc import Iterator

from assistant.check import ABSTAINED
from evals.casebook.read import Casebook, Fault, Row
from evals.casebook.schema import UNFILLED, Case, Nugget
from evals.scoring.facts import matches
from evals.stored import Stored


def lint(book: Casebook, stored: Stored) -> tuple[Fault, ...]:
    """The faults of the cases that can be read, held against the index, in the order of the cases."""
    return tuple(fault for case in book.cases for fault in _faults(case, book.rows[case.id], stored))


def usable(cases: tuple[Case, ...], book: Casebook, stored: Stored) -> tuple[tuple[Case, ...], tuple[Fault, ...]]:
    """The cases without a fault, and the faults for which others are left out, those of reading among them."""
    found = {case.id: [f for f in _faults(case, book.rows[case.id], stored) if not f.warning] for case in cases}
    left_out = tuple(fault for own in found.values() for fault in own)
    return tuple(case for case in cases if not found[case.id]), (*(f for f in book.faults if not f.warning), *left_out)


def _faults(case: Case, row: Row, stored: Stored) -> Iterator[Fault]:
    known = tuple(source for source in case.expected_sources if source in stored.entries)
    yield from _documents(case, row, stored)
    yield from _sections(case, row, stored, known)
    yield from _facts(case, row, stored, known)
    yield from _abstaining(case, row)
    yield from _unjudged(case, row)
    yield from _forbidden(case, row, stored, known)


def _documents(case: Case, row: Row, stored: Stored) -> Iterator[Fault]:
    """Documents that are not in the index, and those that the person who asks may not see."""
    for number, source in enumerate(case.expected_sources):
        place = f"expected_sources.{number}"
        if source not in stored.entries:
            held = ", ".join(sorted(stored.entries)) or "no document"
            yield row.fault(f"expected_sources names {source!r}, which the index does not hold; it holds {held}. Correct the id, or ingest the document.", place)
        elif case.audience == "partner" and stored.staff_only(source):
            yield row.fault(
                f"audience is partner, and {source} is for staff only, so no answer may cite it. "
                "Write audience: staff, or expect another document.", place,
            )


def _sections(case: Case, row: Row, stored: Stored, known: tuple[str, ...]) -> Iterator[Fault]:
    """Patterns of headings that none of the expected documents has."""
    if len(known) < len(case.expected_sources):
        return
    trails = [trail for source in known or stored.entries for _, _, trail in stored.entries[source].sections]
    for number, pattern in enumerate(case.expected_sections):
        if not matches(pattern, trails):
            where = ", ".join(known) or "the index"
            some = "; ".join(repr(trail) for trail in dict.fromkeys(trails) if trail)
            yield row.fault(
                f"expected_sections: no heading of {where} matches {pattern!r}; the headings are {some or 'none'}. Correct the pattern.",
                f"expected_sections.{number}",
            )


def _facts(case: Case, row: Row, stored: Stored, known: tuple[str, ...]) -> Iterator[Fault]:
    """Facts that stand in no expected document, and those that a person has yet to write."""
    if len(known) < len(case.expected_sources):
        return
    texts = _texts(stored, known)
    for number, nugget in enumerate(case.nuggets):
        place = f"nuggets.{number}"
        if not case.is_draft and UNFILLED in f"{nugget.fact} {nugget.means}":
            yield row.fault(f"nuggets: {nugget.fact!r} is what a draft leaves open. Write the fact, or put the tag draft back.", place)
        elif nugget.any and not nugget.remark and not any(nugget.matched(text) for text in texts):
            yield row.fault(_not_held(nugget, known), place)


def _not_held(nugget: Nugget, known: tuple[str, ...]) -> str:
    where = f"nothing in {', '.join(known)} matches" if known else "no document is expected that could hold"
    return (
        f"nuggets: {where} {nugget.fact!r}. Correct its patterns, name the right document in expected_sources, "
        "or mark it remark: true if the assistant says it of itself."
    )


def _texts(stored: Stored, sources: tuple[str, ...]) -> list[str]:
    """What can be cited of the documents: each passage, all of a document's in a row, and the headings."""
    passages = [stored.passages(source) for source in sources]
    headings = [trail for source in sources for _, _, trail in stored.entries[source].sections]
    return [*(text for texts in passages for text in texts), *(" ".join(texts) for texts in passages), *headings]


def _abstaining(case: Case, row: Row) -> Iterator[Fault]:
    if case.nuggets and all(status in ABSTAINED for status in case.expected_status):
        yield row.fault(
            f"nuggets are facts of an answer, and expected_status allows none ({', '.join(case.expected_status)}). "
            "Remove the nuggets, or add the status that may tell them.", "nuggets",
        )


def _unjudged(case: Case, row: Row) -> Iterator[Fault]:
    if "answered" in case.expected_status and not (case.nuggets or case.forbidden or case.expected_sources):
        yield row.fault(
            "an answer is allowed, and nothing says what a right one tells. Add nuggets, forbidden facts or expected_sources.",
            "expected_status", warning=True,
        )


def _forbidden(case: Case, row: Row, stored: Stored, known: tuple[str, ...]) -> Iterator[Fault]:
    """Forbidden words that the expected documents use themselves: an answer that quotes them would be wrong."""
    for number, nugget in enumerate(case.forbidden):
        found = next(((source, match) for source in known for text in stored.passages(source) if (match := nugget.matched(text))), None)
        if found:
            yield row.fault(
                f"forbidden: {nugget.fact!r} matches {found[1][0][:60]!r} in {found[0]}, so quoting the document would be wrong. "
                "Make the pattern narrower.", f"forbidden.{number}", warning=True,
            )
