"""Nearby: what a sentence may not be said without, because the next one limits it or because it leans on the one before."""

import re

from assistant.search import Hit, Searcher

LIMITS = re.compile(
    r"^\W*(?:however|but|yet|nevertheless|nonetheless|that said|except\w*|unless|otherwise|provided that|subject to|only (?:if|when|where|in|those|after)"
    r"|(?:this|that|it|they|these|those|such \w+) (?:do(?:es)?|is|are|may|can|will|shall|must|applies|apply)(?: \w+)? (?:not|only|never|no)\b|(?:this|that|it|these|they) (?:cannot|depends?|excludes?)\b"
    r"|(?:in|under) (?:exceptional|such|these|those|that|other) (?:cases?|circumstances|event)|(?:the|an|one|two|three) (?:only )?(?:exceptions?|limits?)\b|exceptions?\b|where this|if (?:this|it|they|not)\b"
    r"|toutefois|cependant|néanmoins|mais|sauf|hormis|à moins que|sinon|à condition|sous réserve|sin embargo|no obstante|pero|salvo|excepto|a menos que|siempre que|de lo contrario)\b",
    re.IGNORECASE,
)
LEANS = re.compile(
    r"^\W*(?:however|but|yet|nevertheless|nonetheless|that said|otherwise|this|these|those|they|it|such|in (?:such|these|those|that) (?:cases?|circumstances|event)"
    r"|toutefois|cependant|néanmoins|mais|cela|celui-ci|celle-ci|ceux-ci|sin embargo|no obstante|pero|esto|estos|estas|ello)\b",
    re.IGNORECASE,
)
MOST_WORDS = 45


def with_neighbours(hits: tuple[Hit, ...], searcher: Searcher) -> tuple[Hit, ...]:
    """The hits, each sentence between the one that it leans on and the one that limits it, where these are not long."""
    chosen = {hit.id for hit in hits}
    said: list[Hit] = []
    for hit in hits:
        before, after = _beside(hit, searcher) if hit.kind == "sentence" else (None, None)
        if before and before.id not in chosen and LEANS.match(hit.plain_text) and _short(before):
            said.append(before)
        said.append(hit)
        if after and after.id not in chosen and LIMITS.match(after.plain_text) and _short(after):
            said.append(after)
        chosen |= {one.id for one in said}
    return tuple(said)


def _beside(hit: Hit, searcher: Searcher) -> tuple[Hit | None, Hit | None]:
    """The sentences right before and right after in the same block."""
    members = [member for member in searcher.siblings(hit) if member.kind == "sentence"]
    place = next((place for place, member in enumerate(members) if member.id == hit.id), None)
    if place is None:
        return None, None
    return (members[place - 1] if place else None), (members[place + 1] if place + 1 < len(members) else None)


def _short(hit: Hit) -> bool:
    return len(hit.plain_text.split()) <= MOST_WORDS
