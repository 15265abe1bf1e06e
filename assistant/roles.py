"""Who gives: the home organisation or its partners, in a question and in a passage; the two are never confused."""

import re
from typing import Literal

from ingest.manifest import Audience

Giver = Literal["home", "partner"]

GIVES = (
    r"\s+(?:(?:may|can|could|will|would|might|should|must|do|does|also|have|has|to|expected|be|usually|normally)\s+){0,3}"
    r"(?:offer|give|provide|contribute|bring|pay|fund|help|support|share)(?:s|ing)?\b"
)
GETS = r"\s+(?:(?:may|can|could|will|would|might|should|do|does|also|to|reasonably)\s+){0,3}(?:expect|get|receive)s?\b"
PARTNER = r"\b(?:partners?|partner organi[sz]ations?|(?:a|your|our) partner)"


def asked_giver(question: str, audience: Audience) -> Giver | None:
    """Who gives in a question: "you" and "we" as the audience means them."""
    home = r"\b(?:we)" if audience == "staff" else r"\b(?:you|u)"
    partner = r"\b(?:they)" if audience == "staff" else r"\b(?:we|i)"
    if re.search(home + GIVES, question, re.IGNORECASE) or re.search(f"(?:{partner}|{PARTNER})" + GETS, question, re.IGNORECASE):
        return "home"
    if re.search(home + GETS, question, re.IGNORECASE):
        return "partner"
    if re.search(f"(?:{partner}|{PARTNER})" + GIVES, question, re.IGNORECASE):
        return "partner"
    return None


def said_giver(text: str, home: str | None) -> Giver | None:
    """Who gives in a passage or its lead-in: a document's own "we" is its publisher."""
    if re.search(PARTNER + GIVES, text, re.IGNORECASE):
        return "partner"
    names = "|".join([r"\bwe", *([re.escape(home)] if home else [])])
    return "home" if re.search(f"(?:{names})" + GIVES, text, re.IGNORECASE) else None
