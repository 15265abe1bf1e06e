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
PREMISE = re.compile(rf"{STARTS}(?:{GIVEN}\s+)?(?P<said>\w[^,?]+),\s+(?P<asked>{ASKS})\W*$", re.IGNORECASE)
LEAST_TERMS = 2


def split_premise(message: str, audience: Audience) -> tuple[str, str]:
    """What the message takes for granted, and the question behind it; ("", message) where it takes nothing for granted.

    What a partner says of itself ("we are a small group, …") is its own affair and no premise.
    """
    match = PREMISE.match(message)
    if match is None or not SAYS.search(match["said"]) or len(terms(match["said"])) < LEAST_TERMS:
        return "", message
    first = match["said"].split()[0]
    named = first[0].isupper() and first.lower() not in STOPWORDS | HOME
    return (match["said"], match["asked"]) if named or first.lower() in OTHERS | (HOME if audience == "staff" else frozenset()) else ("", message)
