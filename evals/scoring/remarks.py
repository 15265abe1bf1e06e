"""Remarks: the assistant's own sentences, which quote nothing. Any other sentence without a citation is a claim without one."""

import functools
import re
import tomllib
from pathlib import Path

from assistant import messages

_PLACE = re.compile(r"\\\{\w+\\\}")
_ENDED = re.compile(
    r"\b(?:(?:has|have|had) ended|ended|expired|lapsed|superseded|replaced|no longer (?:in force|current|valid|appl\w+)|until (?:19|20)\d\d|former|earlier strategy|"
    r"terminée?|remplacée?|terminado|sustituid[oa]|reemplazad[oa])\b",
    re.IGNORECASE,
)


def is_remark(text: str) -> bool:
    """Whether a sentence is one of `messages.toml`, in any language, whatever stands in its places."""
    return any(pattern.fullmatch(text.strip()) for pattern in _patterns())


def says_ended(text: str) -> bool:
    """Whether a text says that a document's time is over."""
    return bool(_ENDED.search(text))


@functools.cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """A pattern for each fixed sentence that is more than its places."""
    table = tomllib.loads((Path(messages.__file__).parent / "messages.toml").read_text(encoding="utf-8"))
    sentences = {sentence for language in table.values() for sentence in language.values() if " " in sentence}
    return tuple(re.compile(_PLACE.sub(".+", re.escape(sentence)), re.DOTALL) for sentence in sorted(sentences))
