"""The lines above what is quoted: who speaks, in which document, and that its time is over."""

from assistant.draft import Claim, remark
from assistant.messages import say
from assistant.parties import short_name
from assistant.search import Hit
from ingest.manifest import Source


def says(source: Source, language: str) -> str:
    """The line above another body's words."""
    return say("says", language, publisher=short_name(source))


def in_document(source: Source, language: str) -> str:
    """The line above one document's side of a comparison."""
    return say("in_document", language, title=source.title or source.id)


def labels(best: Hit, speaker: str, language: str) -> list[Claim]:
    """Who speaks, where that is not home, and that a document's period has ended."""
    lines = [remark(speaker)] if speaker else []
    title = best.shown.source.title or best.source.id
    if best.source.status == "ended":
        lines.append(remark(say("ended", language, until=best.source.in_force_until or "?", title=title)))
    if best.source.status == "superseded":
        lines.append(remark(say("superseded", language, title=title)))
    return lines
