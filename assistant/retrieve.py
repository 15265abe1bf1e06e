"""Retrieve: a turn of the conversation becomes evidence, the question made standalone and its hits in order."""

import functools
import math
from collections import Counter
from dataclasses import dataclass, replace

from assistant.parties import NOBODY, Parties, parties_of, topic
from assistant.query import TOLD, Query, Said, query_for, said_before
from assistant.question import Question, asks_outright
from assistant.reading import Conversation, Reader
from assistant.rerank import Readers
from assistant.roles import Giver, asked_giver, said_giver
from assistant.screen import Screening, screen
from assistant.thesaurus import Found, Thesaurus
from assistant.triage import Triage
from assistant.search import Hit, Library, Searcher
from ingest.contacts import Contact
from ingest.lexical import terms
from ingest.manifest import Audience

RERANKED, RERANKED_OF_A_PART = 18, 12
BLOCK_WEIGHT, HEAD_WEIGHT, LEXICAL_WEIGHT, BLOCK_LEXICAL_WEIGHT = 0.4, 0.2, 0.03, 0.05
HEADING_BONUS = 0.08
LABEL_BONUS = 0.15
ANSWER_WEIGHT = 0.025
CROSSED = 0.3
ASKS = 0.1
DOCUMENT_WEIGHT = 0.5
ABOUT_KNOWN, ABOUT_NEAR = 0.6, 0.45


@dataclass(frozen=True, slots=True)
class Turn:
    """A message with the user's earlier messages, oldest first, and the audience to answer for.

    `answers` are what was answered to the earlier messages, in step with them; it may be shorter.
    """

    message: str
    earlier: tuple[str, ...] = ()
    audience: Audience = "partner"
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """A hit with its fused search score and, where it was read by the answer scorer, its probability to answer.

    `relevance` is the value of the reranker that is set in the place of the packaged one, if one is.
    """

    hit: Hit
    fused: float
    answers: float | None = None
    relevance: float | None = None

    @property
    def score(self) -> float:
        """What hits are ordered by."""
        read = self.answers if self.relevance is None else self.relevance
        return self.fused + (0.0 if read is None else ANSWER_WEIGHT * log_odds(read))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a turn, best first; `screening` says when the message is no question to the documents.

    A message that asks several things has one evidence for each in `parts`, and no hits of its own. `concepts` are those
    of the thesaurus that widened the search.
    """

    turn: Turn
    question: Question
    screening: Screening
    hits: tuple[Scored, ...]
    searcher: Searcher
    parties: Parties
    parts: tuple["Evidence", ...] = ()
    concepts: tuple[Found, ...] = ()

    @property
    def all_hits(self) -> tuple[Scored, ...]:
        """The hits of the message or of its parts, each passage once."""
        if not self.parts:
            return self.hits
        once = {s.hit.id: s for part in self.parts for s in reversed(part.hits)}
        return tuple(sorted(once.values(), key=lambda s: -s.score))

    @property
    def language(self) -> str:
        """The asker's language."""
        return self.screening.language

    @property
    def home(self) -> str | None:
        """The organisation whose assistant this is."""
        return self.searcher.catalogue.home

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Whom to turn to."""
        return self.searcher.catalogue.contacts


class Retriever:
    """The first step of the chain: screening, search and reranking."""

    def __init__(self, library: Library, triage: Triage, readers: Readers, thesaurus: Thesaurus) -> None:
        self.library, self.triage, self.readers, self.thesaurus = library, triage, readers, thesaurus

    def retrieve(self, turn: Turn) -> Evidence:
        """Find what bears on the message. Raises QuestionError, IndexMissing or IndexMismatch."""
        screening = screen(turn.message, self.triage, turn.earlier)
        searcher = self.library.searcher(turn.audience).for_readers_of(screening.language)
        if screening.status == "refused" and screening.language == "en" and self._about_documents(screening.message, searcher):
            screening = replace(screening, status=None)
        reader, conversation = Reader(self.thesaurus, searcher, self.library.vector_of), Conversation(turn.audience, screening.language, turn.earlier)
        question = reader.question(screening.message, conversation)
        if screening.status is not None:
            return Evidence(turn, question, screening, (), searcher, NOBODY)
        asked = reader.parts(screening.message, conversation)
        if not asked:
            return self._find(turn, question, screening, searcher, RERANKED)
        parts = tuple(self._find(turn, part, screening, searcher, RERANKED_OF_A_PART) for part in asked)
        return Evidence(turn, question, screening, (), searcher, NOBODY, parts)

    def _find(self, turn: Turn, question: Question, screening: Screening, searcher: Searcher, places: int) -> Evidence:
        own = topic(question, searcher)
        query, concepts = self._query(turn, question, own)
        found = searcher.search(query)
        asked = frozenset(terms(question.standalone))
        parties = parties_of(question, searcher)
        giver = asked_giver(question.text, turn.audience)
        scored = (Scored(hit, fuse(hit, asked) - _crossed(hit, giver, searcher)) for hit in found)
        fused = sorted(_beside_its_like(tuple(scored)), key=lambda s: -s.fused)
        ranked = self._reranked(question, own, _meant_first(fused, parties, places, "compare" in question.forms), places)
        return Evidence(turn, question, screening, ranked, searcher, parties, concepts=concepts)

    def _about_documents(self, message: str, searcher: Searcher) -> bool:
        """Whether a message that reads like an order is plainly about what the documents hold ("give me all …")."""
        asked = terms(message)
        known = sum(searcher.lexical.knows(term) for term in asked) / max(1, len(asked))
        found = searcher.search(query_for(message, (), (), self.library.vector_of))
        return known >= ABOUT_KNOWN and max((max(h.dense, h.block_score) for h in found), default=0.0) >= ABOUT_NEAR

    def _query(self, turn: Turn, question: Question, own: str) -> tuple[Query, tuple[Found, ...]]:
        """What is searched for: `own`, the question without the names it is about, the conversation, the concepts it names."""
        told = (Said(question.told, TOLD),) if question.told else ()
        besides = (*told, *said_before(own, question.earlier, turn.answers))
        concepts = self.thesaurus.find(own)
        if not question.original:
            return query_for(own, besides, concepts, self.library.vector_of), concepts
        found = self.thesaurus.find(question.original, question.language)
        spoken = query_for(question.original, said_before(own, turn.earlier, ()), found, self.library.vector_of, question.language)
        if self.library.multilingual:  # then the asker's own words are near English passages too
            besides = (Said(question.original, 1.0), *besides)
        concepts = (*found, *concepts)
        return replace(query_for(own, besides, concepts, self.library.vector_of), own=spoken), concepts

    def _reranked(self, question: Question, own: str, fused: list[Scored], places: int) -> tuple[Scored, ...]:
        head = fused[:places]
        asked = f"{question.context} {own}".strip()
        texts = [f"{s.hit.lead_text} {s.hit.plain_text}".strip() for s in head]
        for reader, value in ((self.readers.scorer, "answers"), (self.readers.reranker, "relevance")):
            if reader is not None and head:
                head = [replace(s, **{value: v}) for s, v in zip(head, reader.score(asked, texts))]
        return tuple(sorted(head, key=lambda s: -s.score)) + tuple(fused[places:])


def _beside_its_like(scored: tuple[Scored, ...]) -> list[Scored]:
    """What the best passage of a document scores speaks for the others of that document."""
    best: dict[str, float] = {}
    for one in scored:
        best[one.hit.source.id] = max(best.get(one.hit.source.id, -math.inf), one.fused)
    return [replace(one, fused=one.fused + DOCUMENT_WEIGHT * best[one.hit.source.id]) for one in scored]


def _meant_first(fused: list[Scored], parties: Parties, places: int, compared: bool) -> list[Scored]:
    """Three quarters of the places that are reranked go to the documents that the question is about, to each its share."""
    meant = parties.named | parties.pointed_at | (parties.home if parties.home_asked else frozenset())
    if not meant:
        return fused
    own = _in_turn([s for s in fused if s.hit.source.id in meant]) if compared else [s for s in fused if s.hit.source.id in meant]
    others = [s for s in fused if s.hit.source.id not in meant]
    share = places * 3 // 4
    return own[:share] + others[: places - share] + own[share:] + others[places - share :]


def _in_turn(scored: list[Scored]) -> list[Scored]:
    """The best of each document, then the second of each, and so on."""
    place: Counter[str] = Counter()
    rounds = []
    for one in scored:
        rounds.append((place[one.hit.source.id], one))
        place[one.hit.source.id] += 1
    return [one for _, one in sorted(rounds, key=lambda pair: pair[0])]


def _crossed(hit: Hit, giver: Giver | None, searcher: Searcher) -> float:
    """What a passage loses in which the other party gives than the question asks about."""
    said = said_giver(hit.lead_text or hit.plain_text, searcher.catalogue.home) if giver else None
    return CROSSED if said and said != giver else 0.0


def log_odds(probability: float) -> float:
    """The logit, bounded."""
    p = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


@functools.lru_cache(maxsize=1 << 15)
def _terms_of(words: str) -> frozenset[str]:
    """The stems of a heading or label, which stay while questions change."""
    return frozenset(terms(words))


def fuse(hit: Hit, asked: frozenset[str]) -> float:
    """Cosines and BM25 in one score, more where the question names the hit's heading or its label outright."""
    score = hit.dense + BLOCK_WEIGHT * hit.block_score + HEAD_WEIGHT * hit.head_score
    score += LEXICAL_WEIGHT * hit.lexical + BLOCK_LEXICAL_WEIGHT * hit.block_lexical
    for words, bonus in ((hit.heading, HEADING_BONUS), (hit.label, LABEL_BONUS)):
        wanted = _terms_of(words)
        if wanted and wanted <= asked:
            score += bonus
    return score - ASKS if hit.kind == "sentence" and asks_outright(hit.plain_text) else score

