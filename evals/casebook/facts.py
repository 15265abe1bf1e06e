"""Facts: nuggets made from the sentences of a document, so that the document itself satisfies them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from assistant.wording import CONDITION
from evals.casebook.schema import Nugget
from ingest.lexical import STOPWORDS, terms

TOKEN = re.compile(r"[£$€]\s?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*(?:\s?%)?|[^\W\d_]{3,}")
CLAUSE_END = re.compile(r"[,;.:](?=\s|$)|\)|$")
SHORT = 110
FEWEST, MOST = 2, 5
"""So many words of a sentence make its pattern: more where fewer would match other sentences too."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes nuggets for a document, whose passages tell which words are rare and whether a pattern fits one sentence alone."""

    texts: tuple[str, ...]
    counts: Counter[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Maker":
        """For a document's passages as plain text."""
        return cls(tuple(texts), Counter(term for text in texts for term in terms(text)))

    def nuggets(self, text: str) -> tuple[Nugget, ...]:
        """The fact of a sentence, and the condition in it as one of its own."""
        clause = condition_in(text)
        tokens = [token for token in self._tokens(text) if clause is None or not clause.start <= token.start() < clause.end]
        if clause is None or len(tokens) < FEWEST:
            return (self._nugget(text, text, self._tokens(text)),)
        inside = [token for token in self._tokens(text) if clause.start <= token.start() < clause.end]
        condition = self._nugget(text[clause.start : clause.end].strip(" ,;"), text, inside, True)
        return self._nugget(text, text, tokens), condition

    def condition(self, lead: str) -> tuple[Nugget, ...]:
        """The condition under which everything stands that a lead-in introduces; none where it names none."""
        clause = condition_in(lead)
        if clause is None:
            return ()
        inside = [token for token in self._tokens(lead) if clause.start <= token.start() < clause.end]
        return (self._nugget(lead[clause.start : clause.end].strip(" ,;:"), lead, inside, True),)

    def _nugget(self, fact: str, sentence: str, tokens: Sequence[re.Match[str]], condition: bool = False) -> Nugget:
        pattern = self._pattern(fact, sentence, tokens)
        return Nugget(shorten(fact.rstrip(" .;"), SHORT, placeholder=" …"), (pattern,), sentence, condition)

    def _pattern(self, fact: str, sentence: str, tokens: Sequence[re.Match[str]]) -> str:
        """The rarest words and the numbers in order; the words as they stand where that does not find them."""
        rarest = sorted(tokens, key=lambda token: (not token[0].strip("£$€ ")[0].isdigit(), self._count(token[0]), -len(token[0])))
        pattern = ""
        for size in range(FEWEST, MOST + 1):
            pattern = _in_order(sorted(rarest[:size], key=re.Match.start))
            if sum(bool(re.search(pattern, text)) for text in self.texts) <= 1:
                break
        return pattern if tokens and re.search(pattern, sentence) else rf"(?is){_escaped(fact)}"

    def _count(self, word: str) -> int:
        return max((self.counts[term] for term in terms(word)), default=0)

    def _tokens(self, text: str) -> list[re.Match[str]]:
        return [token for token in TOKEN.finditer(text) if token[0].lower() not in STOPWORDS]


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a condition stands in a sentence."""

    start: int
    end: int


def condition_in(sentence: str) -> Clause | None:
    """A sentence's first condition, up to the end of its clause."""
    found = CONDITION.search(sentence)
    if found is None:
        return None
    end = CLAUSE_END.search(sentence, found.end())
    return Clause(found.start(), end.start() if end else len(sentence))


def heading_pattern(heading: str) -> str:
    """A pattern for a heading as it stands, in any case of letters."""
    return f"(?i){_escaped(heading)}"


def _in_order(tokens: Sequence[re.Match[str]]) -> str:
    parts = [_piece(token[0]) for token in tokens]
    gaps = [rf".{{0,{_room(after.start() - before.end())}}}" for before, after in zip(tokens, tokens[1:])]
    return "(?is)" + "".join(part for pair in zip(parts, [*gaps, ""]) for part in pair)


def _piece(word: str) -> str:
    """A word in all its endings, or a number that is no part of a longer one."""
    if not word[0].isalpha():
        number = re.sub(r"(?:\\)?\s", r"\\s?", _escaped(word))
        return rf"(?<![\d.,]){number}(?!\d)"
    stem = terms(word)[0] if terms(word) else word.lower()
    return rf"\b{stem if word.lower().startswith(stem) else word.lower()}\w*"


def _room(gap: int) -> int:
    """What may stand between two words: half as much again as the document has, in tens."""
    return (gap * 3 // 2 + 19) // 10 * 10


def _escaped(text: str) -> str:
    """Escaped as far as a pattern needs it, so that a person can read it."""
    return re.sub(r"\\([ \-#&~])", r"\1", re.escape(text))
