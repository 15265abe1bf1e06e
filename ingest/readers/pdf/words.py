"""Lines become running text: words cut at line ends are joined again, marks of lists are told from words."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.readers.blocks import PAGE
from ingest.hyphens import is_compound, is_english
from ingest.readers.pdf.lines import Line

CUT = re.compile(r"([^\W\d_]+)([-\u2010\u00ad])$")
NEXT = re.compile(r"[^\W\d_]+")
HYPHENATED = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)+")
LETTERS = re.compile(r"[^\W\d_]+")
BULLETS = "•◦▪▫‣·●○■□◆◇➢➤►▶✓✔✗❖➔→★∙⁃⦁\u2043"
NO_BULLETS = "([{\"'“‘«„$£€¥%&+=<>/\\|_.,:;?"
DASHES = "-–—*"
MARK = re.compile(
    rf"(?P<bullet>[{BULLETS}]|[{DASHES}](?=\s)|o(?=\s))"
    r"|(?P<number>\(?(?:\d{1,3}|[a-zA-Z]|[ivxl]{1,6}|[IVXL]{1,6})[.)]|\(\d{1,2}\.\d{1,2}\)|\d{1,2}(?:\.\d{1,2}){1,3}\.?)(?=\s|$)"
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a document: how often each stands whole, which are written with a hyphen inside a line; if it is English."""

    whole: Counter[str]
    hyphenated: frozenset[str]
    english: bool = False

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> "Words":
        whole: Counter[str] = Counter()
        hyphenated: set[str] = set()
        for line in lines:
            whole.update(word.lower() for word in LETTERS.findall(line))
            hyphenated.update(word.lower().replace("\u2010", "-") for word in HYPHENATED.findall(line))
        return cls(whole, frozenset(hyphenated), is_english(whole))

    def joined(self, text: str, following: str) -> str:
        """Two lines as one: with a space, without one after a true hyphen, and without the hyphen of a cut word."""
        if text.endswith("\u00ad"):
            return text[:-1] + following
        cut, goes_on = CUT.search(text), NEXT.match(following)
        if not cut or not goes_on:
            spaceless = text.endswith(("-", "/")) and following[:1].isalnum() and not text.endswith(" -")
            return text + following if spaceless or _east_asian(text[-1:]) and _east_asian(following[:1]) else f"{text} {following}"
        first, second = cut[1], goes_on[0]
        if self._keeps_hyphen(first, second):
            return text + following
        return text[: -len(cut[2])] + following

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        both, hyphened = (first + second).lower(), f"{first}-{second}".lower()
        if not second[0].islower() or hyphened in self.hyphenated:
            return not self.whole[both] or not second[0].islower()
        return self.english and not self.whole[both] and is_compound(first, second)


def _east_asian(letter: str) -> bool:
    return "\u2e80" <= letter <= "\u9fff" or "\uf900" <= letter <= "\ufaff" or "\uff00" <= letter <= "\uffef"


def text_of(lines: Sequence[Line], words: Words, skip: int = 0) -> str:
    """The lines as one text, without the first `skip` words; a form feed where a page begins."""
    text, page = "", lines[0].page if lines else 0
    for number, line in enumerate(lines):
        piece = line.text_from(skip if number == 0 else 0)
        turn = PAGE * (line.page - page)
        page = max(page, line.page)
        if not text:
            text = piece
        elif piece:
            joined = words.joined(text, piece)
            text = joined[: len(joined) - len(piece)] + turn + piece if turn else joined
    return text.replace("\u00ad", "")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a list item begins with: its label as printed, how many words that is, and where the text after it begins."""

    label: str
    words: int
    bullet: bool
    text_x: float


def mark_of(line: Line) -> Mark | None:
    """The mark that a line begins with, if one stands apart from what follows."""
    first = line.words[0]
    found = MARK.fullmatch(first.text) or (MARK.match(first.text + " ") if len(line.words) > 1 else None)
    if not found or found.end() < len(first.text):
        return _ornament(line)
    after = line.words[1] if len(line.words) > 1 else None
    if after is None:
        return Mark(first.text, 1, True, line.x1) if found["bullet"] and first.text in BULLETS else None
    gap = (after.x0 - first.x1) / (line.size or 1)
    bullet = bool(found["bullet"])
    if first.text == "o" and gap < 0.45 or gap < 0.08:
        return None
    return Mark("-" if bullet else first.text, 1, bullet, after.x0)


def _ornament(line: Line) -> Mark | None:
    """A lone sign of a symbol font that stands well apart from the text, as bullets do."""
    first = line.words[0].text
    if len(line.words) < 2 or len(first) > 1 or first.isalnum() or first in NO_BULLETS:
        return None
    apart = line.words[1].x0 - line.words[0].x1 > 0.6 * line.size
    return Mark("-", 1, True, line.words[1].x0) if apart else None
