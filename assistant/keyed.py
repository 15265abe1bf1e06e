"""Passages under opaque keys for a chat model, and the claims that its reply makes with them."""

import json
import re
from dataclasses import dataclass

from assistant.check import standing
from assistant.draft import Claim
from assistant.search import Hit
from ingest.spans import Span
from ingest.split import plain

NOT_IN_DOCUMENTS = "NOT_IN_DOCUMENTS"
KEY_LENGTH = 8
MOST_LINES = 40
KEYS = re.compile(r"\s*\[\s*([\w-]+(?:\s*[,;]\s*[\w-]+)*)\s*\]")
ITEM = re.compile(r"^(?:[-*•–]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said: its claims, sound or not, and whether it says that the documents lack what was asked."""

    claims: tuple[Claim, ...]
    not_there: bool


def keyed(hits: list[Hit]) -> dict[str, Hit]:
    """Each hit under the first characters of its id, under the whole id where two begin alike."""
    found: dict[str, Hit] = {}
    for hit in hits:
        short = hit.id[:KEY_LENGTH]
        found[hit.id if short in found else short] = hit
    return found


def as_json_lines(hits: dict[str, Hit]) -> str:
    """The passages as data, one JSON object a line, so that no text of a document can end its own frame."""
    return "\n".join(json.dumps(_row(key, hit), ensure_ascii=False) for key, hit in hits.items())


def parse(reply: str, hits: dict[str, Hit]) -> Reply:
    """The claims of a reply, one a line; a line with an unknown key or without any is a claim with a flaw."""
    lines = [line.strip() for line in reply.splitlines() if any(c.isalnum() for c in line)][:MOST_LINES]
    said = [line for line in lines if NOT_IN_DOCUMENTS not in line]
    return Reply(tuple(_claim(line, hits) for line in said), not_there=len(said) < len(lines))


def _row(key: str, hit: Hit) -> dict[str, str]:
    source = hit.source
    row = {
        "key": key,
        "publisher": source.publisher or "unknown",
        "document": source.title or source.id,
        "standing": standing(source),
        "section": hit.trail,
        "introduced_by": hit.lead_text,
        "text": hit.plain_text,
    }
    return {name: value for name, value in row.items() if value}


def _claim(line: str, hits: dict[str, Hit]) -> Claim:
    keys = [key.lower() for group in KEYS.findall(line) for key in re.split(r"\s*[,;]\s*", group)]
    text = re.sub(r"\s+([.,;:!?])", r"\1", plain(KEYS.sub("", ITEM.sub("", line))))
    unknown = [key for key in keys if key not in hits]
    if unknown or not keys:
        return Claim(text, flaw=f"no passage has the key {', '.join(unknown)}" if unknown else "it rests on no passage")
    return Claim(text, _spans([hits[key] for key in keys]), item=bool(ITEM.match(line)))


def _spans(hits: list[Hit]) -> tuple[tuple[Hit, Span], ...]:
    """Each hit behind its lead-in, no span twice."""
    spans = {(hit.source.id, span.start): (hit, span) for hit in hits for span in (*hit.lead, hit.span)}
    return tuple(spans.values())
