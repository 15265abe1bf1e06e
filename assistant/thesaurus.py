"""The thesaurus: concepts of partnership work with the many ways people name them, in English, French and Spanish.

It widens the lexical search with the words that documents use for what was asked, and puts a French or Spanish question
into English words. `assistant/concepts/` holds the concepts, one file for each field; `docs/thesaurus.md` says how they
are used and edited.
"""

import difflib
import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import ThesaurusError
from ingest.lexical import STOPWORDS, terms

CONCEPTS = Path(__file__).parent / "concepts"
STEMMERS = {"en": "english", "fr": "french", "es": "spanish"}
MOST_CONCEPTS = 4
FORMAL = 3  # terms of a concept that widen a query
ALIKE = 0.7
OF = frozenset("de des du d del".split())
ONE_WORD = 0.6  # a single word names a concept less surely than a phrase

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """An idea of the field: `formal` and `said` give, for each language, the terms of documents and those of people."""

    name: str
    formal: Mapping[str, tuple[str, ...]]
    said: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """A concept that a text names: in which words, and how surely (0 to 1)."""

    concept: Concept
    words: str
    weight: float


class Thesaurus:
    """Concepts, and where each of their terms leads."""

    def __init__(self, concepts: tuple[Concept, ...]) -> None:
        self.concepts = concepts
        self._index = functools.cache(self._indexed)
        self._phrases = functools.cache(self._worded)

    @classmethod
    def read(cls, folder: Path = CONCEPTS) -> "Thesaurus":
        """Read every `*.toml` file of a folder. Raises ThesaurusError naming the file, the concept and the field."""
        read = [concept for path in sorted(folder.glob("*.toml")) for concept in _concepts(path)]
        names = [concept.name for concept in read]
        doubled = next((name for name in names if names.count(name) > 1), None)
        if doubled:
            raise ThesaurusError(f"Two concepts in {folder} are named {doubled!r}. Join them, or give one another name.")
        return cls(tuple(read))

    def find(self, text: str, language: str = "en") -> tuple[Found, ...]:
        """The concepts that a text names, the surest first; a word inside a longer term is not looked up alone."""
        best: dict[str, Found] = {}
        for words, concepts in self._matches(text, language):
            for concept in concepts:
                weight = (1.0 if " " in words else ONE_WORD) / len(concepts) ** 0.5
                if concept.name not in best or best[concept.name].weight < weight:
                    best[concept.name] = Found(concept, words, weight)
        return tuple(sorted(best.values(), key=lambda f: -f.weight)[:MOST_CONCEPTS])

    def term_at(self, words: list[str], at: int, language: str) -> tuple[int, str]:
        """How many words the longest term takes that begins at one of them, and the English term for it; (0, "") without one.

        A phrase has to stand there word for word, number aside: stems alone would take "organización para trabajar" for
        an organisation of workers.
        """
        phrases, longest = self._phrases(language)
        for size in range(min(longest, len(words) - at), 1, -1):
            if concepts := phrases.get(_plainly(words[at : at + size])):
                return size, _nearest_term(" ".join(words[at : at + size]), concepts)
        concepts = self._index(language)[0].get(stems_of(words[at], language), ())
        formal = [c for c in concepts if any(stems_of(fold(term), language) == stems_of(words[at], language) for term in c.formal[language])]
        return (1, _nearest_term(words[at], formal)) if formal and words[at] not in _stopwords(language) else (0, "")

    def names(self, word: str, language: str) -> bool:
        """Whether a word is a term by itself."""
        return stems_of(word, language) in self._index(language)[0]

    def _matches(self, text: str, language: str) -> Iterator[tuple[str, tuple[Concept, ...]]]:
        """The text's content words in order, the longest terms first, each with the concepts that it names."""
        index, longest = self._index(language)
        kept = content(text, language)
        words, stems = kept.split(), stems_of(kept, language)
        at = 0
        while at < len(words):
            size = next((n for n in range(min(longest, len(words) - at), 0, -1) if stems[at : at + n] in index), 0)
            yield " ".join(words[at : at + max(size, 1)]), index.get(stems[at : at + size], ()) if size else ()
            at += max(size, 1)

    def _indexed(self, language: str) -> tuple[dict[Stems, tuple[Concept, ...]], int]:
        """The concepts of each term's stems, those that documents name so before those that people do."""
        index: dict[Stems, dict[str, Concept]] = {}
        for kind in ("formal", "said"):
            for concept in self.concepts:
                for term in getattr(concept, kind)[language]:
                    if stems := stems_of(content(term, language), language):
                        index.setdefault(stems, {})[concept.name] = concept
        return {stems: tuple(named.values()) for stems, named in index.items()}, max(map(len, index), default=0)

    def _worded(self, language: str) -> tuple[dict[Stems, list[Concept]], int]:
        """The concepts of each phrase that documents use, word for word."""
        phrases: dict[Stems, list[Concept]] = {}
        for concept in self.concepts:
            for term in concept.formal[language]:
                phrases.setdefault(_plainly(fold(term).replace("'", " ").replace("’", " ").replace("-", " ").split()), []).append(concept)
        return phrases, max(map(len, phrases), default=0)


def content(text: str, language: str) -> str:
    """A text without the words that carry no content in its language."""
    return " ".join(w for w in re.findall(r"[^\W_]+", text) if fold(w) not in _stopwords(language))


def widen(found: tuple[Found, ...], language: str = "en") -> dict[str, float]:
    """Stemmed terms that documents of a language use for the concepts found, with the weight of each."""
    widened: dict[str, float] = {}
    for one in found:
        for term in one.concept.formal[language][:FORMAL]:
            for stem in terms(term):
                widened[stem] = max(widened.get(stem, 0.0), one.weight)
    return widened


@functools.cache
def packaged() -> Thesaurus:
    """The thesaurus that comes with the project."""
    return Thesaurus.read()


def _concepts(path: Path) -> Iterator[Concept]:
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("concept", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ThesaurusError(f"{path} is not valid TOML ({exc}). Mend that line.") from exc
    for number, row in enumerate(rows, 1):
        yield _concept(row, f"{path}, concept {row.get('name', number)!r}")


def _concept(row: dict[str, Any], where: str) -> Concept:
    wanted = {"name", *STEMMERS, *(f"{language}_said" for language in STEMMERS)}
    if wrong := sorted(set(row) ^ wanted):
        raise ThesaurusError(f"{where}: the field {wrong[0]!r} is {'unknown' if wrong[0] in row else 'missing'}. A concept has {', '.join(sorted(wanted))}.")
    for field in sorted(wanted - {"name"}):
        if not isinstance(row[field], list) or not all(isinstance(term, str) and term.strip() for term in row[field]):
            raise ThesaurusError(f"{where}: {field} is not a list of terms. Write {field} = [\"a term\", \"another\"].")
        if field == "en" and not row[field]:
            raise ThesaurusError(f"{where}: en is empty. Give at least the term that documents use.")
    return Concept(
        row["name"],
        {language: tuple(row[language]) for language in STEMMERS},
        {language: tuple(row[f"{language}_said"]) for language in STEMMERS},
    )


def _plainly(words: list[str]) -> Stems:
    """Folded words with every "of" alike and no plural."""
    return tuple("de" if word in OF else word.rstrip("s") for word in words)


def _nearest_term(words: str, concepts: list[Concept]) -> str:
    """The English term that looks most like the words, where one does, else the first of the first concept."""
    likeness = {term: difflib.SequenceMatcher(None, words, term).ratio() for concept in concepts for term in concept.formal["en"]}
    best = max(likeness, key=lambda term: likeness[term])
    return best if likeness[best] >= ALIKE else concepts[0].formal["en"][0]


def fold(word: str) -> str:
    """Lower case without accents, as people type on many keyboards."""
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))


@functools.cache
def _stemmer(language: str):
    import Stemmer

    return Stemmer.Stemmer(STEMMERS[language])


@functools.cache
def _stopwords(language: str) -> frozenset[str]:
    if language == "en":
        return STOPWORDS
    from bm25s import stopwords

    return frozenset(map(fold, {"fr": stopwords.STOPWORDS_FRENCH, "es": stopwords.STOPWORDS_SPANISH}[language]))


def stems_of(text: str, language: str) -> Stems:
    return tuple(_stemmer(language).stemWords([fold(w) for w in text.split()]))
