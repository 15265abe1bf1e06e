"""Select: which of the hits an answer is made of, whole lists where the question asks for one."""

import re
from collections import Counter
from dataclasses import dataclass

from assistant.nearby import with_neighbours
from assistant.ordinals import ORDINAL, numbered
from assistant.question import Question, asks_outright
from assistant.retrieve import Scored, log_odds
from assistant.search import Hit, Searcher
from ingest.lexical import terms

LOOKED_AT = 12
MOST_WORDS_OF_A_NAME = 5
MAX_SINGLES = 6
LISTED_SINGLES, LISTED_CLOSE = 8, 0.4
SINGLES_WORDS = 180
BLOCK_WORDS = 290
SECTION_WORDS = 160
CLOSE, CLOSE_ODDS = 0.3, 4.0
FAR, FAR_ODDS = 0.4, 2.5
SECOND_CLOSE = 0.06
BESIDE_CLOSE, BESIDE_SURE = 0.15, 0.9
ONE_POINT = frozenset({"yes_no", "amount", "number", "date", "person", "reach"})
ALL = re.compile(r"\b(?:all|every|each|complete|full|whole|entire)\b|^\W*(?:please\W+|can you\W+|could you\W+)*list\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selection:
    """Hits to say, in the order to say them. `whole` is the block that is given in full, if one is."""

    hits: tuple[Hit, ...]
    whole: str | None = None


def select(ranked: tuple[Scored, ...], question: Question, searcher: Searcher, limit: int = BLOCK_WORDS) -> Selection:
    """Choose a whole section or block of at most `limit` words, or a few single passages close to the best one."""
    if not ranked:
        return Selection(())
    best = ranked[0]
    if question.premise:
        return Selection(with_neighbours((nearest(ranked),), searcher))
    asked = set(question.own_terms if len(question.own_terms) > 1 else terms(question.standalone))
    nth = _nth(ranked, question, searcher)
    if nth:
        return nth
    whole = _asked_section(ranked, asked, searcher) or _asked_blocks(ranked, question, searcher, limit)
    return _with_best(whole, best.hit, question) if whole else _singles(ranked, question, searcher)


def nearest(ranked: tuple[Scored, ...]) -> Hit:
    """The passage whose words are nearest to the question's, lead-ins last."""
    return max((s.hit for s in ranked), key=lambda hit: (hit.kind != "lead", hit.dense))


def _with_best(whole: Selection, best: Hit, question: Question) -> Selection:
    """A list or section behind the passage that answers better than it, unless a list is what was asked for."""
    inside = best.kind == "lead" or any(h.id == best.id or best.span in h.lead for h in whole.hits)
    wants_list = "list" in question.forms and "yes_no" not in question.forms
    if inside or wants_list or best.source != whole.hits[0].source:
        return whole
    return Selection((best, *whole.hits), whole.whole)


def _nth(ranked: tuple[Scored, ...], question: Question, searcher: Searcher) -> Selection | None:
    """The item that the question names by its number ("the third objective", "number seven"), as the document numbers it or as it stands in the best list."""
    number = question.ordinal
    if number is None:
        return None
    own = [s.hit for s in ranked if s.hit.source == ranked[0].hit.source]
    named = next((hit for hit in own if hit.kind != "lead" and question.item and numbered(hit.plain_text, number, question.item)), None)
    if named:
        return Selection(with_neighbours((named,), searcher))
    for hit in own[:3]:
        items = [] if ORDINAL.search(f"{hit.trail} {hit.lead_text} {hit.plain_text}") else [h for h in searcher.siblings(hit) if h.kind == "item"]
        if len(items) >= abs(number):
            return Selection(_explained(items[number - (number > 0)], own))
    return None


def _explained(item: Hit, own: list[Hit]) -> tuple[Hit, ...]:
    """An item that is no more than a name comes with the sentence that begins with it."""
    name = item.plain_text.strip(" .;:,")
    if len(name.split()) > MOST_WORDS_OF_A_NAME:
        return (item,)
    return (item, *[hit for hit in own if hit.id != item.id and hit.kind == "sentence" and hit.plain_text.startswith(name)][:1])


def _asked_blocks(ranked: tuple[Scored, ...], question: Question, searcher: Searcher, limit: int) -> Selection | None:
    """The block that most of the best hits stand in; every list under one heading when all is asked for."""
    counts = Counter(s.hit.block for s in ranked[:LOOKED_AT])
    everything = bool(ALL.search(question.text))
    for scored in ranked[:2]:
        named = scored.hit.label and set(terms(scored.hit.label)) <= set(question.own_terms)
        if named or scored.score < ranked[0].score - SECOND_CLOSE:
            return None
        members = searcher.siblings(scored.hit)
        if len(members) < 3 or _words(members) > limit:
            continue
        found = counts[scored.hit.block]
        if not everything and all(h.kind == "sentence" for h in members):
            members = _near(members, ranked)
        if members and _asks_for_whole(scored.hit, question, found, found / len(members), everything):
            whole = _with_sisters(ranked, scored.hit, members, searcher) if everything else members
            return Selection((*whole, *_besides(ranked, whole, question)), scored.hit.block)
    return None


def _near(members: tuple[Hit, ...], ranked: tuple[Scored, ...]) -> tuple[Hit, ...]:
    """The sentences of running text that are not far below the best: unlike a list, a paragraph may speak of other things."""
    near = {s.hit.id for s in ranked if _close(s, ranked[0], FAR, FAR_ODDS) and not asks_outright(s.hit.plain_text)}
    return tuple(h for h in members if h.id in near)


def _besides(ranked: tuple[Scored, ...], whole: tuple[Hit, ...], question: Question) -> tuple[Hit, ...]:
    """Up to two sentences of the same document that answer a list question as surely as the list does."""
    if "list" not in question.forms:
        return ()
    inside = {h.id for h in whole}
    near = [
        s.hit for s in ranked[:LOOKED_AT]
        if s.hit.kind == "sentence" and s.hit.id not in inside and s.hit.source == whole[0].source
        and s.score >= ranked[0].score - BESIDE_CLOSE and (s.answers or 0.0) >= BESIDE_SURE
    ]
    return tuple(near[:2])


def _asks_for_whole(hit: Hit, question: Question, found: int, share: float, everything: bool) -> bool:
    """Whether a question whose best hits hold `found` members, a `share` of a block, wants all of it."""
    if "list" in question.forms or everything:
        return hit.kind == "lead" or everything or found >= 3 or share >= 0.5
    if question.forms & ONE_POINT:
        return share >= 0.75
    return hit.kind == "lead" or found >= 3 and share >= 0.3 or share >= 0.75


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
        named_after = set(terms(f"{scored.hit.source.title} {scored.hit.source.publisher}"))
        if len(heading) < 2 or not heading <= asked or heading <= named_after:
            continue
        same = {s.hit.block: s.hit for s in ranked if s.hit.section == scored.hit.section and s.hit.source == scored.hit.source}
        members = {m.id: m for hit in same.values() for m in searcher.siblings(hit)}
        hits = tuple(sorted(members.values(), key=lambda h: h.order))
        if _words(hits) <= SECTION_WORDS:
            return Selection(hits, scored.hit.block)
    return None


def _words(hits: tuple[Hit, ...]) -> int:
    return sum(len(h.text.split()) for h in hits)


def _singles(ranked: tuple[Scored, ...], question: Question, searcher: Searcher) -> Selection:
    """The best passage and those close to it; a lead-in that is best brings the best of its items along.

    They stand in the document's order; where one point is asked for, the passage that makes it best comes first.
    """
    own = [s for s in ranked if s.hit.kind != "lead" and not asks_outright(s.hit.plain_text)] or [s for s in ranked if s.hit.kind != "lead"]
    best = ranked[0]
    if best.hit.kind == "lead":
        items = {m.id for m in searcher.siblings(best.hit)}
        own = [s for s in own if s.hit.id in items] or [best]
    listed = "list" in question.forms
    most, close = (LISTED_SINGLES, LISTED_CLOSE) if listed else (MAX_SINGLES, CLOSE)
    chosen, words = [own[0]], _words((own[0].hit,)) + len(own[0].hit.lead_text.split())
    for scored in own[1:LOOKED_AT]:
        length = _words((scored.hit,))
        if len(chosen) == most or not _close(scored, own[0], close, CLOSE_ODDS) or words + length > SINGLES_WORDS:
            continue
        chosen.append(scored)
        words += length
    first = own[0].hit
    in_order = sorted((s.hit for s in chosen), key=lambda h: (h.source.id != first.source.id, h.source.id, h.order))
    if question.forms & ONE_POINT and not listed:
        in_order.sort(key=lambda h: (h.id != first.id, h.block != first.block))
    return Selection(with_neighbours(tuple(in_order), searcher))


def _close(scored: Scored, best: Scored, close: float, odds: float) -> bool:
    """Whether a passage is nearly as good an answer as the best one, by its score and by the answer scorer's own judgement."""
    if scored.answers is not None and best.answers is not None and log_odds(scored.answers) < log_odds(best.answers) - odds:
        return False
    return scored.score >= best.score - close
