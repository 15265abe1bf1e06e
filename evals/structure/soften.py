"""Soft hyphens in long words, so that a program without a hyphenation dictionary breaks them at line ends."""

import re

SOFT = "\u00ad"
TEXT = re.compile(r">([^<]+)<")
LONG_WORD = re.compile(r"[^\W\d_]{7,}")
VOWELS = "aeiouyáéíóúàèêâîôûüAEIOUY"
BREAK = re.compile(rf"(?<=[{VOWELS}])(?=[^\W\d_{VOWELS}][{VOWELS}])|(?<=[{VOWELS}][nrlst])(?=[bcdfgmptv])")
EDGE = 3  # letters that stay together at either end


def soften(markup: str) -> str:
    """The text of some HTML or XML with soft hyphens in every long word."""
    return TEXT.sub(lambda match: ">" + soft_word(match[1]) + "<", markup)


def soft_word(text: str) -> str:
    return LONG_WORD.sub(_breaks, text)


def _breaks(match: re.Match[str]) -> str:
    word = match[0]
    breaks = [found.start() for found in BREAK.finditer(word) if EDGE <= found.start() <= len(word) - EDGE - 1]
    for at in reversed(breaks):
        word = word[:at] + SOFT + word[at:]
    return word
