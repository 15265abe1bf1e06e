"""Right-to-left text in a PDF: pages are mirrored, so that all else can read from left to right; letters are put in logical order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from ingest.readers.pdf.glyphs import RTL
from ingest.readers.pdf.page import Page, Word
from ingest.readers.pdf.rules import Rule

LTR = re.compile(r"[^\W\d_]|\d")
NUMBER_BEHIND = re.compile(r"([.:)\-–]+)(\d+(?:\.\d+)*|[^\W\d_])$")


def is_rtl(text: str) -> bool:
    return bool(RTL.search(text))


def mirrored(page: Page) -> Page:
    """A page of mostly right-to-left text with left and right exchanged; any other page as it is."""
    letters = sum(len(word.text) for word in page.words)
    if not letters or sum(len(word.text) for word in page.words if is_rtl(word.text)) * 2 < letters:
        return page
    words = tuple(word._replace(text=_label(word.text), x0=page.width - word.x1, x1=page.width - word.x0, mirrored=True) for word in page.words)
    rules = tuple(Rule(page.width - rule.x1, rule.top, page.width - rule.x0, rule.bottom, rule.fill) for rule in page.rules)
    dots = tuple((page.width - x1, top, page.width - x0, bottom) for x0, top, x1, bottom in page.drawing.dots)
    return replace(page, words=words, drawing=replace(page.drawing, rules=rules, dots=dots))


def _label(text: str) -> str:
    """A number and its dot, which stands to its left, in the order they are read."""
    found = NUMBER_BEHIND.fullmatch(text)
    return f"{found[2]}{found[1]}" if found else text


def reading_order(words: Iterable[Word]) -> tuple[Word, ...]:
    """The words of a row in the order they are read, runs of the other direction turned round."""
    row = sorted(words, key=lambda word: word.x0)
    mirrored = row[0].mirrored
    if not any(is_rtl(word.text) for word in row):
        return tuple(reversed(row)) if mirrored and any(map(_strong_ltr, row)) else tuple(row)
    rtl = sum(len(word.text) for word in row if is_rtl(word.text))
    if mirrored or 2 * rtl > sum(len(word.text) for word in row):
        return tuple(_turned(row if mirrored else row[::-1], ltr=True))
    return tuple(_turned(row, ltr=False))


def _strong_ltr(word: Word) -> bool:
    return bool(re.search(r"[^\W\d_]", word.text)) and not is_rtl(word.text)


def _turned(row: Sequence[Word], ltr: bool) -> Iterable[Word]:
    """Runs of words of one direction reversed; marks between them stay."""
    for turn, run in groupby(row, key=lambda word: bool(LTR.search(word.text)) and is_rtl(word.text) != ltr):
        yield from reversed(list(run)) if turn else run
