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
    blocks = {hit.block: [m for m in searcher.siblings(hit) if m.kind == "sentence"] for hit in {h.block: h for h in hits if h.kind == "sentence"}.values()}
    said: dict[str, Hit] = {}
    for hit in hits:
        before, after = _beside(hit, blocks.get(hit.block, []))
        if before and before.id not in chosen and LEANS.match(hit.plain_text) and _short(before):
            said[before.id] = before
        said[hit.id] = hit
        if after and after.id not in chosen and LIMITS.match(after.plain_text) and _short(after):
            said[after.id] = after
    return tuple(said.values())


def _beside(hit: Hit, sentences: list[Hit]) -> tuple[Hit | None, Hit | None]:
    """The sentences right before and right after among those of its block."""
    place = next((place for place, sentence in enumerate(sentences) if sentence.id == hit.id), None)
    if place is None:
        return None, None
    return (sentences[place - 1] if place else None), (sentences[place + 1] if place + 1 < len(sentences) else None)


def _short(hit: Hit) -> bool:
    return len(hit.plain_text.split()) <= MOST_WORDS
