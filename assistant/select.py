"""Select: which of the hits an answer is made of, whole lists where the question asks for one."""

import re
from dataclasses import dataclass

from assistant.question import Question
from assistant.retrieve import Scored
from assistant.search import Hit, Searcher
from ingest.lexical import terms

LOOKED_AT = 12
MAX_SINGLES = 3
SINGLES_WORDS = 95
BLOCK_WORDS = 290
CLOSE = 0.12


@dataclass(frozen=True, slots=True)
class Selection:
    """Hits to say, in the order to say them. `whole` is the block that is given in full, if one is."""

    hits: tuple[Hit, ...]
    whole: str | None = None


def select(ranked: tuple[Scored, ...], question: Question, searcher: Searcher) -> Selection:
    """Choose a whole block, or up to three single passages close to the best one."""
    if not ranked:
        return Selection(())
    best = ranked[0]
    section = _asked_section(ranked, question, searcher)
    if section:
        return section
    block = _asked_block(ranked, question, searcher)
    if block:
        return block
    return _singles([s for s in ranked if s.hit.kind != "lead" or s is best], best)


def _asked_block(ranked: tuple[Scored, ...], question: Question, searcher: Searcher) -> Selection | None:
    looked_at = ranked[:LOOKED_AT]
    counts: dict[str, int] = {}
    for scored in looked_at:
        counts[scored.hit.block] = counts.get(scored.hit.block, 0) + 1
    for scored in ranked[:2]:
        members = searcher.siblings(scored.hit)
        items = [m for m in members if m.kind != "lead"]
        if len(items) < 2 or sum(len(m.text.split()) for m in members) > BLOCK_WORDS:
            continue
        share = counts[scored.hit.block] / len(members)
        many = counts[scored.hit.block]
        if scored.hit.kind == "lead" or many >= 4 or share >= 0.75 or ("list" in question.forms and (many >= 3 or share >= 0.5)):
            return Selection(members, scored.hit.block)
    return None


def _asked_section(ranked: tuple[Scored, ...], question: Question, searcher: Searcher) -> Selection | None:
    """The whole section, when the question holds every word of its heading and the section is short."""
    asked = set(question.own_terms)
    for scored in ranked[:6]:
        heading = set(terms(re.sub(r"^[\d.]+\s*", "", scored.hit.trail.split(" > ")[-1])))
        if heading and heading <= asked and len(heading) >= 2:
            same = [s for s in ranked if s.hit.section == scored.hit.section and s.hit.source == scored.hit.source]
            blocks = list(dict.fromkeys(s.hit.block for s in same))
            members = {m.id: m for b in blocks for m in searcher.siblings(next(s.hit for s in same if s.hit.block == b))}
            hits = tuple(sorted(members.values(), key=lambda h: h.order))
            if sum(len(h.text.split()) for h in hits) <= 150:
                return Selection(hits, blocks[0])
    return None


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
