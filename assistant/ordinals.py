"""Ordinals: an item of a list by its number, in a question and in a document."""

import re

ORDINALS = (
    ("first", "1st", "one", "1"), ("second", "2nd", "two", "2"), ("third", "3rd", "three", "3"), ("fourth", "4th", "four", "4"),
    ("fifth", "5th", "five", "5"), ("sixth", "6th", "six", "6"), ("seventh", "7th", "seven", "7"), ("eighth", "8th", "eight", "8"),
)
ITEMS = "point|item|principle|objective|priority|criterion|value|category|type|aim|goal|commitment|recommendation|step|condition"
LISTED = f"one|kind|{ITEMS}"
ORDINAL = re.compile(
    rf"(?<!\bon )(?<!from )(?<!until )\bthe (?P<nth>{'|'.join('|'.join(names[:2]) for names in ORDINALS)})(?: (?:(?!two|three|four|five|few)\w+ )?(?:{LISTED})s?\b|\W*$)"
    rf"|\b(?:number|no\.|#|(?!one\b)(?:{LISTED})) ?(?P<number>{'|'.join('|'.join(names[2:]) for names in ORDINALS)})\b",
    re.IGNORECASE,
)
ITEM = re.compile(rf"\b({ITEMS})s?\b", re.IGNORECASE)
LAST = re.compile(rf"\bthe (?:very )?last(?: (?:\w+ )?(?:{LISTED})\b|\W*$|,)", re.IGNORECASE)


def ordinal_in(text: str) -> int | None:
    """The number by which a text names an item ("objective 1"), from 1; -1 for the last."""
    match = ORDINAL.search(text)
    if match is None:
        return -1 if LAST.search(text) else None
    return next(n for n, names in enumerate(ORDINALS, 1) if (match["nth"] or match["number"]).lower() in names)


def numbered(text: str, number: int, noun: str) -> bool:
    """Whether a text tells an item by its noun and number ("Objective 3: …", "… objective 3 is that …"); to mention it is not enough."""
    if not 0 < number <= len(ORDINALS):
        return False
    item = rf"{noun} (?:no\.? ?|#)?(?:{'|'.join(ORDINALS[number - 1][2:])})\b"
    return bool(re.search(rf"^\W*{item}|\b{item}(?:\s*[:–—]|\s+(?:is|are|was|means|covers|says|reads)\b)", text, re.IGNORECASE))


def renumbered(text: str, number: int) -> str:
    """The text with its first "the third objective" or "objective 3" under another number."""
    match = ORDINAL.search(text)
    if not match or number < 1:
        return text
    group = "nth" if match["nth"] else "number"
    return f"{text[: match.start(group)]}{ORDINALS[number - 1][0 if group == 'nth' else 3]}{text[match.end(group) :]}"
