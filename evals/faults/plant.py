"""Plant: each kind of fault as a function of a right answer; None where the answer has nothing of that kind to spoil."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evals.faults import words
from evals.faults.answers import citation, with_statements
from evals.folder import Answered, Said
from evals.scoring.remarks import says_ended
from evals.stored import Stored

_SAYS_ENDED = re.compile(r",?\s*(?:which|that)\s+(?:has|have|had)?\s*(?:now |since )?(?:ended|expired|run out|been replaced)[^,.]*,?|\b(?:ended|former|expired|superseded|now-ended)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pool:
    """What faults are made of: the right answers, sentences that no document holds, names, and a document for staff only."""

    stored: Stored
    answers: tuple[Answered, ...]
    invented: tuple[str, ...]
    names: tuple[str, ...]
    home: str
    secret: str
    ended: str


Plant = Callable[[Answered, Pool, random.Random], Answered | None]


def _in_a_statement(row: Answered, rng: random.Random, change: Callable[[str], str | None]) -> Answered | None:
    """One of the statements that cite something, changed."""
    places = [i for i, said in enumerate(row.actual_statements) if said.marks]
    rng.shuffle(places)
    for place in places:
        changed = change(row.actual_statements[place].text)
        if changed and changed != row.actual_statements[place].text:
            said = list(row.actual_statements)
            said[place] = replace(said[place], text=changed)
            return with_statements(row, said)
    return None


def _worded(kind: str) -> Plant:
    return lambda row, pool, rng: _in_a_statement(row, rng, lambda text: words.WORDED[kind](text, rng))


def name_swapped(row: Answered, pool: Pool, rng: random.Random) -> Answered | None:
    """A body or place is another one."""
    return _in_a_statement(row, rng, lambda text: words.name(text, rng, pool.names))


def party_swapped(row: Answered, pool: Pool, rng: random.Random) -> Answered | None:
    """Home's part is its partners', or the other way round."""
    return _in_a_statement(row, rng, lambda text: words.party(text, rng, pool.home))


def citation_swapped(row: Answered, pool: Pool, rng: random.Random) -> Answered | None:
    """A statement cites what another answer cites."""
    others = [c for other in pool.answers if other.id != row.id for c in other.actual_citations]
    own = {c["quote"] for c in row.actual_citations}
    place = next((i for i, said in enumerate(row.actual_statements) if said.marks), None)
    strange = [c for c in others if c["quote"] not in own]
    if place is None or not strange:
        return None
    said = list(row.actual_statements)
    said[place] = replace(said[place], marks=(len(row.actual_citations) + 1,))
    return with_statements(row, said, [*row.actual_citations, rng.choice(strange)])


def ended_text(row: Answered, pool: Pool, rng: random.Random) -> Answered | None:
    """What a document of the past said, as of today."""
    cites_ended = any(pool.stored.entries[c["source"]].source.ended for c in row.actual_citations)
    if cites_ended:
        said = [replace(s, text=_capital(_SAYS_ENDED.sub(" ", s.text))) for s in row.actual_statements if s.marks]
        return None if any(says_ended(s.text) for s in said) else with_statements(row, said)
    quotes = [c for other in pool.answers for c in other.actual_citations if c["source"] == pool.ended and len(c["quote"].split()) > 7]
    if not quotes:
        return None
    chosen = rng.choice(quotes)
    return with_statements(row, [*row.actual_statements, Said(chosen["quote"], (len(row.actual_citations) + 1,))], [*row.actual_citations, chosen])


def invented_sentence(row: Answered, pool: Pool, rng: random.Random) -> Answered | None:
    """A sentence that no document holds, under a citation that is there, or under none."""
    marks = next((said.marks for said in row.actual_statements if said.marks), ())
    said = Said(rng.choice(pool.invented), marks[:1] if rng.random() < 0.7 else ())
    return with_statements(row, [*row.actual_statements, said])


def others_text(row: Answered, pool: Pool, rng: random.Random) -> Answered | None:
    """A partner is told what is for staff only, with its citation or without."""
    if any(c["source"] == pool.secret for c in row.actual_citations):
        return None
    sentences = [p for p in pool.stored.passages(pool.secret) if len(p.split()) > 11]
    text = rng.choice(sentences)
    cited = _cited(pool.secret, text, pool.stored) if rng.random() < 0.5 else None
    said = Said(text, (len(row.actual_citations) + 1,) if cited else ())
    return with_statements(replace(row, audience="partner"), [*row.actual_statements, said], [*row.actual_citations, *([cited] if cited else [])])


def _cited(source: str, text: str, stored: Stored) -> dict[str, Any] | None:
    try:
        return citation(source, text, stored)
    except ValueError:
        return None


def fabricated_quote(row: Answered, pool: Pool, rng: random.Random) -> Answered | None:
    """A citation quotes what its document does not read."""
    if not row.actual_citations:
        return None
    place = rng.randrange(len(row.actual_citations))
    old = row.actual_citations[place]
    tokens = old["quote"].split(" ")
    spot = rng.randrange(len(tokens))
    tokens[spot] = rng.choice([t for t in ("always", "never", "partners", "annually", "written", "fully") if t != tokens[spot]])
    quote = " ".join(tokens)
    cited = list(row.actual_citations)
    cited[place] = {**old, "quote": quote, "end": old["start"] + len(quote)}
    return replace(row, actual_citations=tuple(cited))


def beside_the_question(row: Answered, pool: Pool, rng: random.Random) -> Answered | None:
    """A true quote, well cited, that answers another question."""
    others = [(said, other) for other in pool.answers if other.id != row.id and other.turns[-1] != row.turns[-1] for said in other.actual_statements if said.marks]
    own = {c["section"] for c in row.actual_citations} | {c["source"] for c in row.actual_citations}
    strange = [(said, other) for said, other in others if not own & {other.actual_citations[m - 1]["source"] for m in said.marks}]
    if not strange:
        return None
    said, other = rng.choice(strange)
    cited = [other.actual_citations[m - 1] for m in said.marks]
    return with_statements(row, [Said(c["quote"], (i,)) for i, c in enumerate(cited, start=1)], cited)


def _capital(text: str) -> str:
    text = re.sub(r"\s{2,}", " ", text).strip()
    return text[:1].upper() + text[1:]


KINDS: dict[str, Plant] = {
    "number changed": _worded("number"),
    "name swapped": name_swapped,
    "negation": _worded("negation"),
    "obligation upgraded": _worded("strength"),
    "condition dropped": _worded("condition"),
    "citation swapped": citation_swapped,
    "ended text": ended_text,
    "party swapped": party_swapped,
    "invented sentence": invented_sentence,
    "other audience's text": others_text,
    "fabricated quote": fabricated_quote,
}
"""The kinds that are counted together; `beside_the_question` is told apart, since nothing in it is untrue."""


def names_in(stored: Stored, sources: Sequence[str]) -> tuple[str, ...]:
    """Names that the documents hold, of two words or more."""
    text = " ".join(stored.text(stored.entries[s].version) or "" for s in sources)
    return tuple(sorted({m[0] for m in words.NAME.finditer(text) if " " in m[0]}))
