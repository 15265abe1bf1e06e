"""Grounding: what of a statement has no support in the quotes it cites, by rules of language, without a model."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.wording import (
    ALWAYS, CONDITION, CONDITIONAL, EVERY, EXACT, MAY, MUST, OFTEN, ONLY, PAYS, REACH, SHOULD, WEAKER, WILL,
    amounts, givers, governs, named_first, polarity, reaches, sentences,
)
from ingest.lexical import STOPWORDS, terms, words
from ingest.split import plain

MISSING_SHARE = 0.34
KEPT = {CONDITION: (CONDITIONAL,), MAY: (WEAKER, CONDITIONAL), OFTEN: (OFTEN,), MUST: (MUST, SHOULD)}
NAME = re.compile(r"\b[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)+")
CAPITALISED = re.compile(r"\b[A-Z][\w’'-]*")
SPEAKS_AS_US, SPEAKS_TO_YOU = re.compile(r"\b(?:[Ww]e|[Oo]urs?|us)\b"), re.compile(r"\b[Yy]ou(?:rs?)?\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement stands in what it cites, and why.

    `probability` is how sure that is, NaN where rules alone decided; `kinds` names what has no support (`FAULTS`).
    """

    supported: bool
    reason: str
    probability: float = math.nan
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where quotes come from.

    `around` are words that may be repeated although no quote holds them: publisher, title, headings. `foreign` says that
    a body other than the home organisation, whose name is `home`, published them.
    """

    around: str = ""
    home: str | None = None
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement beside its quotes, markup gone. A quote that ends with a colon or a comma introduces the others."""

    said: str
    quotes: tuple[str, ...]
    origin: Origin

    @classmethod
    def of(cls, statement: str, quotes: Sequence[str], origin: Origin) -> "Reading":
        """A statement and its quotes as they stand in a document, markup and all."""
        return cls(plain(statement), tuple(plain(q) for q in quotes), origin)

    @property
    def verbatim(self) -> bool:
        """Whether it repeats whole quotes: a part of one could leave out its condition."""
        said = self.said.strip(" .;,:")
        return bool(said) and said in {q.strip(" .;,:") for q in (*self.quotes, self.held, self.leads, self.own)}

    @property
    def held(self) -> str:
        """All that is quoted."""
        return " ".join(self.quotes)

    @property
    def leads(self) -> str:
        """What introduces."""
        return " ".join(q for q in self.quotes if _introduces(q))

    @property
    def own(self) -> str:
        """What is introduced; everything where nothing is."""
        return " ".join(q for q in self.quotes if not _introduces(q)) or self.held


def supported_by(statement: str, quotes: list[str], origin: Origin = Origin()) -> Verdict:
    """Whether the words of a statement stand in its quotes.

    The embedded writer repeats its quotes, which is enough. Other prose has to keep every number with its unit, every
    name and address, each negation, the strength of what is said (may, will, must), the conditions next to it, and
    who speaks and who acts; and two of three of its content words, beyond those of the lead-in, have to be quoted.
    """
    reading = Reading.of(statement, quotes, origin)
    if reading.verbatim:
        return Verdict(True, "quoted word for word")
    found = faults_of(reading)
    if found:
        kind, reason = next(iter(found.items()))
        return Verdict(False, reason, kinds=(kind,))
    return Verdict(True, "its numbers, names, conditions and most of its words stand in the cited passage")


def faults_of(reading: Reading) -> dict[str, str]:
    """What of a statement has no support, by kind, each in words; in the order of `FAULTS`."""
    return {kind: reason for kind, fault in FAULTS.items() if (reason := fault(reading))}


def other_actor(reading: Reading) -> str | None:
    """Another party is named first than in the quotes. In other words that says nothing; in nearly the same words it swaps who acts."""
    home = reading.origin.home
    said, held = named_first(reading.said, home), named_first(reading.held, home)
    return "it names another party first than the cited passage" if said and held and said != held else None


def _introduces(quote: str) -> bool:
    return quote.rstrip("*_ ").endswith((":", ","))


def _amounts(reading: Reading) -> str | None:
    held = amounts(reading.held)
    bare = {amount[:2] for amount in held}
    missing = sorted(" ".join(filter(None, a)) for a in amounts(reading.said) if a not in held and (any(a[2:]) or a[:2] not in bare))
    exact = {m.lower() for m in EXACT.findall(reading.said)} - {m.lower() for m in EXACT.findall(reading.held)}
    if missing or exact:
        return f"numbers or times not in the cited passage: {', '.join((*missing, *sorted(exact)))}"
    return None


def _names(reading: Reading) -> str | None:
    held = set(words(f"{reading.held} {reading.origin.around}"))
    missing = [name for s in sentences(reading.said) for name in capitalised(s) if not set(words(name)) <= held]
    return f"names not in the cited passage: {', '.join(missing)}" if missing else None


def capitalised(sentence: str) -> list[str]:
    """Words with a capital; the first one only where it is an acronym or another follows it."""
    found = list(CAPITALISED.finditer(sentence))
    if found and not sentence[: found[0].start()].strip(" \"'“‘("):
        first = found[0][0]
        alone = len(found) == 1 or sentence[found[0].end() : found[1].start()] != " "
        if alone and not (first.isupper() and len(first) > 1):
            found = found[1:]
    return [m[0] for m in found if m[0].lower() not in STOPWORDS]


def _addresses(reading: Reading) -> str | None:
    named = [a.rstrip(".,;") for a in REACH.findall(reading.said)]
    missing = [a for a in named if a.lower() not in reading.held.lower()]
    return f"addresses not in the cited passage: {', '.join(missing)}" if missing else None


def _speaker(reading: Reading) -> str | None:
    """The worst error: another body's words as home's, or one party's offer as the other's."""
    home = reading.origin.home
    if reading.origin.foreign:
        if SPEAKS_AS_US.search(reading.said):
            return "another body's words, said as “we”"
        if home and any(_stands(n, reading.said) and not _stands(n, reading.held) for n in _names_of(home)):
            return f"{home} is named, but another body's document is cited"
    said, held = givers(reading.said, home), givers(reading.held, home)
    if said and held and not said <= held:
        return "another party acts than in the cited passage"
    return None


def _addressed(reading: Reading) -> str | None:
    """What another body says is told to "you", and the statement does not name it."""
    named = any(" " in name and name in reading.origin.around for name in NAME.findall(reading.said))
    return "another body's words, said to “you”" if reading.origin.foreign and SPEAKS_TO_YOU.search(reading.said) and not named else None


def _names_of(home: str) -> list[str]:
    """A name, its acronym, and it without its last word."""
    parts = home.split()
    acronym = "".join(w[0] for w in re.findall(r"[^\W_]+", home)).upper()
    return [home, *([acronym] if len(acronym) > 2 else []), *([" ".join(parts[:-1])] if len(parts) > 1 else [])]


def _stands(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def _negation(reading: Reading) -> str | None:
    said_plainly, said_denied = polarity(reading.said)
    held_plainly, held_denied = polarity(reading.held)
    if said_denied and not said_denied & held_denied:
        return "it denies what the cited passage does not deny"
    flipped = (said_denied & held_plainly - held_denied) | (said_plainly & held_denied - held_plainly)
    return f"a negation stands on one side only: {', '.join(sorted(flipped))}" if flipped else None


def _added(reading: Reading) -> str | None:
    """A stronger word than the quotes have, or a weaker one for what is promised."""
    for marker in (MUST, SHOULD, WILL, ALWAYS, EVERY, ONLY):
        found = marker.search(reading.said)
        if found and not marker.search(reading.held):
            return f"the cited passage does not say “{found[0]}”"
    paid = {m.lower() for m in PAYS.findall(reading.said)} - {m.lower() for m in PAYS.findall(reading.held)}
    if paid:
        return f"the cited passage does not say “{', '.join(sorted(paid))}”"
    if EVERY.search(reading.said) and not reaches(EVERY, reading.said) & reaches(EVERY, reading.held):
        return "it says of all what the cited passage says of others"
    stems = set(terms(reading.said))
    if WEAKER.search(reading.said) and not WEAKER.search(reading.held):
        firm = governs(WILL, reading.own, stems) or governs(MUST, reading.own, stems)
        return f"it weakens “{firm}”" if firm else None
    return None


def _left_out(reading: Reading) -> str | None:
    """A condition, a “may” or a “must” that stands next to the words used."""
    stems = set(terms(reading.said))
    found = (governs(marker, reading.own, stems) for marker in _not_kept(reading.said))
    return next((f"it leaves out “{marked}”" for marked in found if marked), None)


def drops(statement: str, lead: str) -> bool:
    """Whether a statement on a list item says nothing of its lead-in's condition, “may” or “must”."""
    return any(marker.search(lead) for marker in _not_kept(statement))


def _not_kept(said: str) -> list[re.Pattern[str]]:
    return [marker for marker, accepted in KEPT.items() if not any(pattern.search(said) for pattern in accepted)]


def _words(reading: Reading) -> str | None:
    own = set(terms(reading.own))
    known = set(terms(f"{reading.leads} {reading.origin.around}")) - own
    if not set(terms(reading.said)) - {"yes"}:
        return "nothing in it can be compared with a passage"
    for sentence in sentences(reading.said):
        for part in (sentence, *re.split(r"[,;]|\band\b|\bor\b", sentence)):
            content = [t for t in terms(part) if t not in known and t != "yes"]
            missing = [t for t in content if t not in own]
            limit = MISSING_SHARE if part is sentence else 0.99
            if len(content) >= (1 if part is sentence else 2) and len(missing) / len(content) > limit:
                return f"words not in the cited passage: {', '.join(missing[:6])}"
    return None


FAULTS = {
    "number": _amounts,
    "name": _names,
    "address": _addresses,
    "party": _speaker,
    "addressed": _addressed,
    "negation": _negation,
    "strength": _added,
    "condition": _left_out,
    "words": _words,
}
