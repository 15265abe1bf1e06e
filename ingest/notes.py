"""Footnotes are joined to what calls them: the sentence knows its notes, and a note stands under its sentence."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.lists import NOTE_MARK
from ingest.planted import is_planted
from ingest.read import Document
from ingest.section import section
from ingest.spans import Span
from ingest.split import Passage, plain, split

CALL = re.compile(r"\[\^([^\]\s]+)\](?!:)|([¹²³⁴-⁹⁰]+)|(?<=\S)\[(\d{1,3})\]")


def passages_of(document: Document) -> tuple[Passage, ...]:
    """All passages of a document in reading order, notes joined, without what is planted there for whoever answers."""
    return told_apart(document)[0]


def told_apart(document: Document) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """The passages of a document, and those that are planted in it."""
    every = [passage for part in section(document) for passage in split(part)]
    planted = tuple(passage for passage in every if is_planted(plain(passage.text)))
    found = [passage for passage in every if passage not in planted] if planted else every
    return _joined(found) if any(p.kind == "note" for p in found) else tuple(found), planted


def _joined(found: list[Passage]) -> tuple[Passage, ...]:
    notes = [_note(found, i) for i, passage in enumerate(found) if passage.kind == "note"]
    called: dict[int, tuple[Span, ...]] = {}
    caller: dict[int, Passage] = {}
    for passage in found:
        if passage.kind == "note":
            continue
        for mark in _calls(passage.text):
            if note := _nearest([n for n in notes if n[0] == mark], passage.span.start):
                called[passage.span.start] = (*called.get(passage.span.start, ()), *(p.span for p in note[1]))
                caller |= {p.span.start: passage for p in note[1] if p.span.start > passage.span.start}
    under = {p.span.start: members[0] for _, members in notes for p in members[1:]}
    return tuple(_placed(p, called, caller, under) for p in found)


def _note(found: list[Passage], i: int) -> tuple[str, list[Passage]]:
    """A note's mark and its passages: its own, and when it ends with a colon the sentences that it introduces."""
    passage, members = found[i], [found[i]]
    if passage.text.rstrip("*_ ").endswith(":"):
        for follower in found[i + 1 :]:
            if follower.section is not passage.section or follower.kind == "note":
                break
            members.append(follower)
    return _mark(passage), members


def _mark(passage: Passage) -> str:
    """The mark that stands before a note's words."""
    text = passage.section.document.text
    before = text[text.rfind("\n", 0, passage.span.start) + 1 : passage.span.start]
    match = NOTE_MARK.match(before + " x") or NOTE_MARK.match(before)
    return next((group for group in match.groups() if group), "") if match else ""


def _calls(text: str) -> Iterator[str]:
    for match in CALL.finditer(text):
        yield next(group for group in match.groups() if group)


def _nearest(notes: list[tuple[str, list[Passage]]], position: int) -> tuple[str, list[Passage]] | None:
    """The first note of this mark behind the call, else the last before it: marks begin anew in each chapter."""
    behind = [n for n in notes if n[1][0].span.start > position]
    return behind[0] if behind else notes[-1] if notes else None


def _placed(passage: Passage, called: dict[int, tuple[Span, ...]], caller: dict[int, Passage], under: dict[int, Passage]) -> Passage:
    start = passage.span.start
    lead = passage.lead
    if start in under:
        lead = (under[start].span, *lead)
    if start in caller:
        above = caller[start]
        return replace(passage, section=replace(passage.section, trail=above.section.trail), lead=(above.span, *lead))
    return replace(passage, lead=lead, notes=called.get(start, ()))
