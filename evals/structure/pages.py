"""The page of a PDF on which each unit begins, found in its text."""

import unicodedata
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2

BEGINNING = 32  # letters that tell a unit's beginning from other text
NEAR = 2500  # letters after the unit before, in which a short text is looked for first


def add_pages(truth: dict[str, Any], pdf: Path) -> list[str]:
    """Adds each unit's page. Gives the texts that the PDF does not hold in one piece, for a person to look at.

    Two programs read the text, since one of them gives Arabic in a logical order and the other tables.
    """
    units = truth["units"]
    pages, missed = min(
        (_find(units, texts) for texts in (page_texts(pdf), _logical(pdf))), key=lambda found: len(found[1])
    )
    for unit, page in zip(units, pages, strict=True):
        unit["page"] = page
    return missed


def page_texts(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def _logical(pdf: Path) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(pdf).pages]


def _find(units: list[dict[str, Any]], texts: list[str]) -> tuple[list[int], list[str]]:
    """The page of each unit, and the texts of those that were not found and got the page of the one before."""
    texts = [_squash(text) for text in texts]
    whole = "".join(texts)
    starts = [sum(map(len, texts[:n])) for n in range(len(texts))]
    at = 0
    pages, missed = [], []
    for unit in units:
        wanted = _squash(unit["text"])[:BEGINNING]
        found = whole.find(wanted, at, at + NEAR)
        found = found if found >= 0 else whole.find(wanted, max(0, at - NEAR))
        if found < 0:
            missed.append(unit["text"])
        else:
            at = found
        pages.append(max(n for n, start in enumerate(starts, 1) if start <= at))
    return pages, missed


def _squash(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())
