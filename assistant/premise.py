"""Premise: what a question takes for granted of others ("As you pay all our costs, where …?"), so that it can be looked up."""

import re

from ingest.lexical import STOPWORDS, terms
from ingest.manifest import Audience

OTHERS = frozenset("you your they their it its the this that those these".split())
HOME = frozenset("we our".split())
GIVEN = r"(?:as|since|because|given that|seeing (?:that|as)|now that|considering(?: that)?)"
STARTS = r"^\W*(?:(?:so|well|ok(?:ay)?|and|but|hello|hi)\W+)*"
ASKS = r"(?:so\s+|then\s+)?(?:(?:how|what|when|where|why|who|which)\b|(?:do|does|did|can|could|will|would|should|must|may|is|are) (?:you|we|i|they|it|the)\b)[^?]*\?"
SAYS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|can|must|do|does|don['’]t|doesn['’]t|won['’]t|can['’]t|only|always|never|all|every|pays?|funds?|gives?|offers?|covers?|works?|needs?|requires?|wants?|expects?|takes?|accepts?|says?)\b",
    re.IGNORECASE,
)
PREMISE = re.compile(rf"{STARTS}(?:(?P<given>{GIVEN})\s+)?(?P<said>\w(?:(?![.!?]\s)[^,?])+),\s+(?P<asked>{ASKS})\W*$", re.IGNORECASE)
OF_US = re.compile(r"we (?:only|always|never|fund|pay|give|cover|require|offer|do not|don['’]t)\b", re.IGNORECASE)
NO_PREMISE = re.compile(r"^(?:this|that|it) (?:is|was) (?:my|our|a|an|the first)\b|^\w+(?: \w+)? (?:that|who|which)\b", re.IGNORECASE)
SINCE_A_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
LEAST_TERMS = 2


def split_premise(message: str, audience: Audience, bodies: frozenset[str]) -> tuple[str, str]:
    """What the message takes for granted, and the question behind it; ("", message) where it takes nothing for granted.

    `bodies` are the lower-case words of the names that documents were published under. What a partner says of itself ("we are
    a small group, …") is its own affair and no premise.
    """
    match = PREMISE.match(message)
    if match is None or not SAYS.search(match["said"]) or NO_PREMISE.match(match["said"]) or len(terms(match["said"])) < LEAST_TERMS:
        return "", message
    since = (match["given"] or "").lower() == "since" and SINCE_A_YEAR.search(match["said"])
    return ("", message) if since or not _of_others(match, audience, bodies) else (match["said"], match["asked"])


def _of_others(match: re.Match[str], audience: Audience, bodies: frozenset[str]) -> bool:
    """Whether it is said of the addressed body or of one that documents are from."""
    first = match["said"].split()[0]
    if first.lower() in HOME:
        return audience == "staff" and bool(match["given"] or OF_US.match(match["said"]))
    named = first[0].isupper() and first.lower() not in STOPWORDS and (bool(match["given"]) or first.lower() in bodies)
    return named or first.lower() in OTHERS
