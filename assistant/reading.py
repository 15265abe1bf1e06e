"""Reading: a message of any supported language becomes questions in English words, each with what was written."""

import re
from dataclasses import dataclass, replace

from sentencex import segment

from assistant.ellipsis import VectorOf, completed
from assistant.premise import split_premise
from assistant.question import Question, focus, parts_of, understand
from assistant.screen import language_after
from assistant.search import Searcher
from assistant.spelling import nearest, respell
from assistant.thesaurus import Thesaurus
from assistant.translate import in_english
from ingest.manifest import Audience

JOINED = {
    "fr": re.compile(r",?\s+(?:et|mais)\s+(?:aussi\s+)?(?=(?:comment|combien|pourquoi|quand|qui|quels?|quelles?|qu['’]|est-ce|o[uù])\b)", re.IGNORECASE),
    "es": re.compile(r",?\s+(?:y|e|pero)\s+(?:también\s+)?¿?(?=(?:c[oó]mo|cu[aá]nt[oa]s?|por qu[eé]|cu[aá]ndo|qui[eé]n(?:es)?|qu[eé]|cu[aá]l(?:es)?|d[oó]nde)\b)", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Conversation:
    """Who asks, in which language, and the messages before, oldest first, as they were written."""

    audience: Audience
    language: str
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads messages with a thesaurus and the words of the documents that the asker may see."""

    thesaurus: Thesaurus
    searcher: Searcher
    vector_of: VectorOf

    def question(self, message: str, conversation: Conversation) -> Question:
        """The message as one question."""
        return self._understood(message, self._before(conversation), conversation)

    def parts(self, message: str, conversation: Conversation) -> tuple[Question, ...]:
        """The questions of a message that asks several or takes something for granted; none for a message that asks one."""
        premise, rest = split_premise(message, conversation.audience, self.searcher.bodies)
        asked = (*([premise] if premise else []), *self._asked(rest, conversation.language))
        before = self._before(conversation)
        if len(asked) < 2:
            return ()
        english = tuple(self._english(part, conversation.language) for part in asked)
        told = focus(self._english(message, conversation.language))[1]
        questions = (self._understood(part, (*before, *english[:i]), conversation) for i, part in enumerate(asked))
        parts = tuple(replace(question, told=question.told or told) for question in questions)
        return (replace(parts[0], premise=True, forms=parts[0].forms | {"yes_no"}), *parts[1:]) if premise else parts

    def _asked(self, message: str, language: str) -> tuple[str, ...]:
        """The parts of a message that ask something, as they were written."""
        if language not in JOINED:
            return parts_of(respell(message, self.searcher))
        sentences = [s.strip() for s in segment(language, message) if s.strip()]
        asked = tuple(part for s in sentences if s.endswith("?") for part in JOINED[language].split(s))
        joined = " ".join(f"{self._english(part, language).rstrip('?')}?" for part in asked)
        return asked if 1 < len(asked) == len(parts_of(joined)) else (message,)

    def _understood(self, message: str, before: tuple[str, ...], conversation: Conversation) -> Question:
        language = conversation.language
        english = self._english(message, language)
        whole = completed(english, before[-1], self.vector_of) if before else english
        question = understand(whole, before if whole == english else before[:-1], conversation.audience)
        return question if language not in JOINED else replace(question, language=language, original=message)

    def _before(self, conversation: Conversation) -> tuple[str, ...]:
        """The earlier messages in English words, each from its own language."""
        earlier = conversation.earlier
        languages = [language_after(earlier[:i], message) for i, message in enumerate(earlier)]
        return tuple(message if lang not in JOINED else self._english(message, lang) for message, lang in zip(earlier, languages))

    def _english(self, message: str, language: str) -> str:
        if language not in JOINED:
            return respell(message, self.searcher)
        return in_english(message, language, self.thesaurus, lambda word: nearest(word, self.searcher))
