"""Faults in the words of a statement. Each takes a statement and gives it back wrong, or None where it has nothing to change."""

import random
import re
from collections.abc import Callable, Sequence

from assistant.wording import MUST

NUMBER = re.compile(r"\b\d+(?:[.,]\d+)*\b|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|half)\b", re.IGNORECASE)
SPELT = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve")
AUXILIARY = re.compile(r"\b(?:is|are|was|were|will|can|may|should|must|does|do|did|has|have|had|would|could)\b(?! not\b)(?!n['’]t)", re.IGNORECASE)
DENIAL = re.compile(r"\b(?:not|never)\s+|(?<=\b)n['’]t\b", re.IGNORECASE)
UPGRADES = (
    (re.compile(r"\b(?:aims?|seeks?|hopes?|tries|try|wants?|intends?|works?) to\b", re.IGNORECASE), "guarantees to"),
    (re.compile(r"\bwill (?:seek|aim|try) to\b", re.IGNORECASE), "will always"),
    (re.compile(r"\b(?:may|might|could)\b"), "must"),
    (re.compile(r"\b(?:should|ought to)\b"), "must"),
    (re.compile(r"\bcan\b(?! not)"), "must"),
    (re.compile(r"\bexpects?\b"), "requires"),
    (re.compile(r"\b(?:encourages?|invites?|recommends?|recommended|asks?)\b"), "obliges"),
    (re.compile(r"\b(?:often|sometimes|usually|generally|where possible|wherever possible|where appropriate)\b"), "always"),
    (re.compile(r"\b(?:some|many|most)\b"), "all"),
)
CONDITION = re.compile(
    r",?\s*\b(?:if|unless|provided that|provided|subject to|as long as|so long as|depending on|on condition that|except(?: for| where)?|other than|but only|"
    r"where (?:possible|agreed|appropriate|necessary|relevant|needed)|in line with|only (?:when|where|if|after))\b[^,.;:]*",
    re.IGNORECASE,
)
LEADING = re.compile(r"^(?:If|Where|Unless|When|Provided|Subject to|Depending on|As long as)\b[^,]*,\s*(\w)")
PARTNERS = re.compile(r"\b(?:(?:its|our|the|their) )?partner(?: organisation)?s\b", re.IGNORECASE)
NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w’'&-]+(?:\s+(?:(?:of|for|the|and)\s+)?[A-Z][\w’'&-]+)*")


def number(text: str, rng: random.Random) -> str | None:
    """One number becomes another."""
    found = list(NUMBER.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    return text[: match.start()] + _other_number(match[0], text, rng) + text[match.end() :]


def _other_number(old: str, text: str, rng: random.Random) -> str:
    if not old[0].isdigit():
        return rng.choice([word for word in SPELT if word not in text.lower()])
    digits = re.sub(r"\D", "", old)
    value = int(digits)
    changed = value + rng.choice([-3, -2, -1, 1, 2, 3]) if len(digits) == 4 and 1900 <= value <= 2100 else max(2, value * rng.choice([2, 3]) + rng.choice([0, 1, 5]))
    return str(changed if changed != value else value + 1)


def name(text: str, rng: random.Random, names: Sequence[str]) -> str | None:
    """One name becomes that of another body or place."""
    found = [m for m in NAME.finditer(text) if len(m[0]) > 3]
    others = [n for n in names if n not in text and not set(n.split()) & set(text.split())]
    if not found or not others:
        return None
    match = rng.choice(found)
    return text[: match.start()] + rng.choice(others) + text[match.end() :]


def negation(text: str, rng: random.Random) -> str | None:
    """What is said is denied, or what is denied is said."""
    denied = DENIAL.search(text)
    if denied:
        return re.sub(r"\s{2,}", " ", text[: denied.start()] + text[denied.end() :])
    found = list(AUXILIARY.finditer(text))
    if not found:
        return None
    match = found[0]
    return f"{text[: match.end()]} not{text[match.end() :]}"


def strength(text: str, rng: random.Random) -> str | None:
    """A possibility or an expectation becomes a duty, an aim a guarantee, some become all."""
    for weak, strong in UPGRADES:
        changed = weak.sub(strong, text, count=1)
        if changed != text and not (strong == "must" and MUST.search(text)):
            return changed
    return None


def condition(text: str, rng: random.Random) -> str | None:
    """A condition, limit or exception is left out."""
    leading = LEADING.match(text)
    if leading:
        return leading[1].upper() + text[leading.end() :]
    match = CONDITION.search(text)
    if match is None or match.start() < 20:
        return None
    return (text[: match.start()] + text[match.end() :]).strip()


def party(text: str, rng: random.Random, home: str) -> str | None:
    """Home does what its partners do, and the other way round."""
    ours = re.compile(rf"\b(?:{re.escape(home)}|[Ww]e)\b")
    if ours.search(text):
        held = PARTNERS.sub("\0", text)
        return _capital(ours.sub("partner organisations", held).replace("\0", home))
    return PARTNERS.sub(home, text) if PARTNERS.search(text) else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


WORDED: dict[str, Callable[[str, random.Random], str | None]] = {"number": number, "negation": negation, "strength": strength, "condition": condition}
"""Those that need nothing but the statement."""
