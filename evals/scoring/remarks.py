"""Remarks: the assistant's own sentences, which quote nothing. Any other sentence without a citation is a claim without one."""

import functools
import re
import tomllib
from pathlib import Path

from assistant import messages

_PLACE = re.compile(r"\\\{\w+\\\}")
_ONE_SENTENCE = r"(?:(?![.!?]\s).)+"
_PAPER = r"(?:strateg(?:y|ies|ic plan)|plans?|polic(?:y|ies)|documents?|documento|periods?|programmes?|frameworks?|guidance|reports?|agreements?|editions?|versions?|standards?|stratégie|politique|période|accord|estrategia|política|per[ií]odo|acuerdo)"
_OVER = r"(?:ended|expired|lapsed|run out|superseded|(?:been|was|were|another has) replaced|replaced by|no longer (?:in force|current|valid|appl\w+)|terminée?|remplacée?|terminado|sustituid[oa]|reemplazad[oa])"
_ENDED = re.compile(rf"\b{_PAPER}\b[^.;:]{{0,80}}?\b{_OVER}\b|\b(?:{_OVER}|former|previous|earlier)(?: \S+){{0,2}} {_PAPER}\b", re.IGNORECASE)


def is_remark(text: str) -> bool:
    """Whether a sentence is one of `messages.toml`, in any language, whatever stands in its places."""
    return bool(languages_of(text))


def languages_of(text: str) -> frozenset[str]:
    """The languages in which a sentence is one of `messages.toml`, whatever stands in its places; none for a sentence of another's."""
    return frozenset(language for language, patterns in _patterns().items() if any(pattern.fullmatch(text.strip()) for pattern in patterns))


def says_ended(text: str) -> bool:
    """Whether a text says of a paper that its time is over; of a project or a marriage is not enough."""
    return bool(_ENDED.search(text))


@functools.cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    """By language, a pattern for each fixed sentence that is more than its places; a fragment that anything fits in is none."""
    table = tomllib.loads((Path(messages.__file__).parent / "messages.toml").read_text(encoding="utf-8"))
    return {language: tuple(_pattern(s) for s in sentences.values() if " " in s and ("{" not in s or re.search("[.:?!]", s))) for language, sentences in table.items()}


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(lambda _: _ONE_SENTENCE, re.escape(sentence)), re.DOTALL)
