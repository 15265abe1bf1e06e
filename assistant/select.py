"""Select: which of the hits an answer is made of, whole lists where the question asks for one."""

import re
from collections import Counter
from dataclasses import dataclass

from assistant.question import Question
from assistant.retrieve import Scored
from assistant.search import Hit, Searcher
from ingest.lexical import terms

LOOKED_AT = 12
MAX_SINGLES = 3
SINGLES_WORDS = 95
BLOCK_WORDS = 290
SECTION_WORDS = 160
CLOSE = 0.12
ALL = re.compile(r"\b(?:all|every|each|complete|full|whole|entire|list)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selection:
    """Hits to say, in the order to say them. `whole` is the block that is given in full, if one is."""

    hits: tuple[Hit, ...]
    whole: str | None = None


def select(ranked: tuple[Scored, ...], question: Question, searcher: Searcher) -> Selection:
    """Choose a whole section, a whole block, or up to three single passages close to the best one."""
    if not ranked:
        return Selection(())
    best = ranked[0]
    asked = set(question.own_terms if len(question.own_terms) > 1 else terms(question.standalone))
    whole = _asked_section(ranked, asked, searcher) or _asked_blocks(ranked, question, searcher)
    return whole or _singles([s for s in ranked if s.hit.kind != "lead" or s is best], best)


def _asked_blocks(ranked: tuple[Scored, ...], question: Question, searcher: Searcher) -> Selection | None:
    """The block that most of the best hits stand in; every list under one heading when all is asked for."""
    counts = Counter(s.hit.block for s in ranked[:LOOKED_AT])
    everything = bool(ALL.search(question.text))
    for scored in ranked[:2]:
        if scored.hit.label and set(terms(scored.hit.label)) <= set(question.own_terms):
            return None
        members = searcher.siblings(scored.hit)
        if len(members) < 3 or _words(members) > BLOCK_WORDS:
            continue
        many = counts[scored.hit.block]
        listing = scored.hit.kind != "sentence" and ("list" in question.forms or everything)
        share = many / len(members)
        if scored.hit.kind == "lead" or many >= 4 or share >= 0.75 or (listing and (many >= 3 or share >= 0.5 or everything)):
            return Selection(_with_sisters(ranked, scored.hit, members, searcher) if everything else members, scored.hit.block)
    return None


def _with_sisters(ranked: tuple[Scored, ...], hit: Hit, members: tuple[Hit, ...], searcher: Searcher) -> tuple[Hit, ...]:
    """The lists under the headings beside the hit's, where they were found too and are not too long together."""
    parent = hit.trail.rsplit(" > ", 1)[0]
    beside = {s.hit.block: s.hit for s in ranked[: 2 * LOOKED_AT] if s.hit.source == hit.source and s.hit.trail.rsplit(" > ", 1)[0] == parent and s.hit.kind == hit.kind}
    together = {m.id: m for other in beside.values() for m in searcher.siblings(other)} | {m.id: m for m in members}
    found = tuple(sorted(together.values(), key=lambda h: h.order))
    return found if hit.trail.count(" > ") > 1 and _words(found) <= BLOCK_WORDS else members


def _asked_section(ranked: tuple[Scored, ...], asked: set[str], searcher: Searcher) -> Selection | None:
    """The whole section, when the question holds every word of its heading and the section is not long."""
    for scored in ranked[:6]:
        heading = set(terms(scored.hit.heading))
        if len(heading) < 2 or not heading <= asked:
            continue
        same = {s.hit.block: s.hit for s in ranked if s.hit.section == scored.hit.section and s.hit.source == scored.hit.source}
        members = {m.id: m for hit in same.values() for m in searcher.siblings(hit)}
        hits = tuple(sorted(members.values(), key=lambda h: h.order))
        if _words(hits) <= SECTION_WORDS:
            return Selection(hits, scored.hit.block)
    return None


def _words(hits: tuple[Hit, ...]) -> int:
    return sum(len(h.text.split()) for h in hits)


def _singles(ranked: list[Scored], best: Scored) -> Selection:
    chosen = [best]
    words = len(best.hit.text.split()) + len(best.hit.lead_text.split())
    for scored in ranked[1:8]:
        length = len(scored.hit.text.split())
        if len(chosen) == MAX_SINGLES or scored.score < best.score - CLOSE or words + length > SINGLES_WORDS:
            continue
        chosen.append(scored)
        words += length
    return Selection(tuple(sorted((s.hit for s in chosen), key=lambda h: (h.source.id != best.hit.source.id, h.source.id, h.order))))
