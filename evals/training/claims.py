"""Claims: right and wrong statements about invented passages, as pairs of a statement and what it is held against."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.lexical import terms

HERE = Path(__file__).parent
CLAIMS, SECTIONS = HERE / "claims", HERE / "sections"
READ_WORDS = (45, 95)
HELD_OUT = ("d", "k", "m", "n", "p", "8", "9", "10")
EVERY = 5
"""One passage in so many of those files is not trained on."""
OTHER_SHARE, REMOVED_SHARE = 0.4, 0.5
"""How many of the claims about other things than policies, and of the pairs with the evidence taken away, an epoch has."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with the units that it rests on and all units of its passage. `group` parts what is trained on from what is held out."""

    group: str
    text: str
    cited: tuple[str, ...]
    passage: tuple[str, ...]
    heading: str
    supported: bool
    why: str

    @property
    def held_out(self) -> bool:
        """Whether nothing is trained on it: the combination is fitted on these, and the reader is measured."""
        file, number = self.group.split(":")
        return file.split("-")[1] in HELD_OUT and int(number) % EVERY == 0


@dataclass(frozen=True, slots=True)
class Held:
    """A statement beside the text that it is held against."""

    group: str
    question: str
    sentence: str
    label: int
    why: str


def read_claims(folder: Path = CLAIMS, sections: Path = SECTIONS) -> tuple[Claim, ...]:
    """Every claim of `sections-*.jsonl` and `twins-*.jsonl`, about the sections of the same letter, and of `passages-*.jsonl`, with their own passage."""
    found: list[Claim] = []
    for path in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        kind, letter = path.stem.split("-")
        known = [json.loads(line) for line in (sections / f"{letter}.jsonl").read_text(encoding="utf-8").splitlines()] if kind != "passages" else []
        for place, row in enumerate(rows):
            number = row["line"] - 1 if known else place
            about = known[number] if known else row
            found += [_claim(f"{path.stem}:{number}", claim, about, bool(known)) for claim in row["rows"]]
    return tuple(found)


def _claim(group: str, claim: dict[str, Any], about: dict[str, Any], cites: bool) -> Claim:
    units = tuple(about["units"])
    cited = tuple(units[i] for i in claim["units"]) if cites else units
    heading = f"{about['organisation']}. {about['heading']}. {about.get('lead') or ''}".strip() if cites else ""
    return Claim(group, claim["s"], cited, units, heading, bool(claim["ok"]), claim["why"])


def nearest(units: tuple[str, ...], text: str, budget: int) -> str:
    """Units that share most words with a text, in their order, until they have `budget` words."""
    own = set(terms(text))
    order = sorted(range(len(units)), key=lambda i: -len(own & set(terms(units[i]))) / (8 + len(units[i].split())) ** 0.3)
    chosen, count = [], 0
    for i in order:
        if count >= budget:
            break
        chosen.append(i)
        count += len(units[i].split())
    return " ".join(units[i] for i in sorted(chosen))


def pairs(claims: tuple[Claim, ...], rng: random.Random) -> Iterator[Held]:
    """An epoch's pairs: each claim beside what it cites; right ones also where that is taken away, and a few units as they stand."""
    for claim in claims:
        if not claim.heading and rng.random() >= OTHER_SHARE:
            continue
        yield Held(claim.group, claim.text, _beside(claim, rng), int(claim.supported), claim.why)
        if claim.supported:
            yield from _without(claim, rng)
        if rng.random() < 1 / 12:
            unit = rng.choice(claim.passage)
            yield Held(claim.group, unit, nearest(claim.passage, unit, 70), 1, "verbatim")


def plain_pairs(claims: tuple[Claim, ...]) -> list[Held]:
    """Each claim once, beside what it cites, for measuring."""
    return [Held(c.group, c.text, f"{c.heading} {' '.join(c.cited)}" if c.heading else nearest(c.passage, c.text, 85), int(c.supported), c.why) for c in claims]


def _beside(claim: Claim, rng: random.Random) -> str:
    budget = rng.randint(*READ_WORDS)
    if not claim.heading:
        return nearest(claim.passage, claim.text, max(budget, 70))
    if rng.random() < 0.35:
        return nearest(claim.passage, f"{claim.text} {' '.join(claim.cited)}", budget)
    return f"{claim.heading} {' '.join(claim.cited)}"


def _without(claim: Claim, rng: random.Random) -> Iterator[Held]:
    """The same passage without the unit that a right claim rests on most, which then does not hold it; and the passage at another length."""
    own = set(terms(claim.text))
    best = max(claim.passage, key=lambda unit: len(own & set(terms(unit))))
    gone = set(claim.cited) if claim.heading else {best}
    rest = tuple(unit for unit in claim.passage if unit not in gone)
    if rest and rng.random() < REMOVED_SHARE and (claim.heading or len(own & set(terms(best))) >= 2):
        yield Held(claim.group, claim.text, nearest(rest, claim.text, rng.randint(*READ_WORDS)), 0, "removed")
    if not claim.heading:
        yield Held(claim.group, claim.text, nearest(claim.passage, claim.text, 110), 1, claim.why)
