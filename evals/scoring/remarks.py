"""Remarks: the assistant's own sentences, which quote nothing. Any other sentence without a citation is a claim without one."""

import functools
import re
import tomllib
from pathlib import Path

from assistant import messages

_PLACE = re.compile(r"(?P<quoted>(?:“|«(?:\\ )?))?\\\{\w+\\\}")
_PAPER = r"(?:strateg(?:y|ies|ic plan)|plans?|polic(?:y|ies)|documents?|documento|periods?|programmes?|frameworks?|guidance|reports?|editions?|versions?|standards?|stratégie|politique|période|estrategia|política|per[ií]odo)"
_OVER = (
    r"(?:ended|expired|lapsed|run out|over|out of date|superseded|replaced by|been replaced|another has replaced|replaced|no longer (?:in force|current|valid|appl\w+)|(?:ran|lasted) until (?:19|20)\d\d"
    r"|terminée?|remplacée?|expiré|terminado|finalizado|vencid[oa]|(?:otro ha )?sustituid[oa]|reemplazad[oa])"
)
_LINKED = r"(?:(?: of [^,.;:]{3,60})?(?:,? (?:which|that|whose|que|dont|now|then|since|already|has|have|had|is|was|are|were|been|est|a|ha|sido|été)){1,4} | )"
_ENDED = re.compile(rf"\b{_PAPER}\b,?{_LINKED}{_OVER}\b|\b(?:{_OVER}|former)(?: [\w-]+){{0,2}} {_PAPER}\b|\b(?:previous|earlier)(?: [\w-]+)? (?:strateg(?:y|ies)|plan|polic(?:y|ies)|edition|version)\b", re.IGNORECASE)


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
    """What stands in quotation marks ends with them."""
    return re.compile(_PLACE.sub(lambda place: f"{place['quoted']}[^”»]+" if place["quoted"] else ".+", re.escape(sentence)), re.DOTALL)
