"""The thesaurus: concepts of partnership work with the many ways people name them, in English, French and Spanish.

It widens the lexical search with the words that documents use for what was asked, and puts a French or Spanish question
into English words. `assistant/concepts/` holds the concepts, one file for each field; `docs/thesaurus.md` says how they
are used and edited.
"""

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

    def in_english(self, text: str, language: str) -> str:
        """The English terms for what a text of another language says, in its order; names stay, other words fall out."""
        return " ".join(concepts[0].formal["en"][0] if concepts else words for words, concepts in self._matches(text, language) if concepts or words[:1].isupper() or words.isdigit())

    def _matches(self, text: str, language: str) -> Iterator[tuple[str, tuple[Concept, ...]]]:
        """The text's content words in order, the longest terms first, each with the concepts that it names."""
        index, longest = self._index(language)
        words = [w for w in re.findall(r"[^\W_]+", text) if _fold(w) not in _stopwords(language)]
        stems = _stems(" ".join(words), language)
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
                    kept = " ".join(w for w in re.findall(r"[^\W_]+", term) if _fold(w) not in _stopwords(language))
                    if stems := _stems(kept, language):
                        index.setdefault(stems, {})[concept.name] = concept
        return {stems: tuple(named.values()) for stems, named in index.items()}, max(map(len, index), default=0)


def widen(found: tuple[Found, ...]) -> dict[str, float]:
    """Stemmed English terms that documents use for the concepts found, with the weight of each."""
    widened: dict[str, float] = {}
    for one in found:
        for term in one.concept.formal["en"][:FORMAL]:
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


def _fold(word: str) -> str:
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

    return frozenset(map(_fold, {"fr": stopwords.STOPWORDS_FRENCH, "es": stopwords.STOPWORDS_SPANISH}[language]))


def _stems(text: str, language: str) -> Stems:
    return tuple(_stemmer(language).stemWords([_fold(w) for w in text.split()]))
