"""A hit: a passage that was found, and how well it matched."""

import re
from dataclasses import dataclass, replace

from assistant.translations import as_its_original
from ingest.manifest import Source
from ingest.spans import Span
from ingest.split import plain

OWN = 0.25
"""The weight of a match with the asker's own words in a document of the asker's language: `docs/languages.md`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with what is needed to quote it and how well it matched.

    `translated` stands at the same place in the translation that the asker reads. `dense`, `block_score` and `head_score`
    are cosines of the query with the passage, with its whole block, and with the heading and lead-in above; `lexical` and
    `block_lexical` are the BM25 of the passage and of its block.
    """

    id: str
    source: Source
    version: str
    kind: str
    span: Span
    lead: tuple[Span, ...]
    trail: str
    section: Span
    page: int | None
    order: int
    block: str
    text: str
    lead_text: str
    notes: tuple[Span, ...]
    note_text: str
    dense: float
    block_score: float
    head_score: float
    lexical: float
    block_lexical: float
    translated: "Hit | None" = None

    @property
    def shown(self) -> "Hit":
        """What a reader is shown: the passage at the same place of the translation into the reader's language, if any."""
        return self.translated or self

    @property
    def plain_text(self) -> str:
        """The words as a person reads them, markup gone."""
        return plain(self.text)

    @property
    def heading(self) -> str:
        """The nearest heading without its number."""
        return re.sub(r"^(?:\d+(?:\.\d+)*[.)]?|[ivxlc]+[.)])\s+", "", self.trail.split(" > ")[-1])

    @property
    def label(self) -> str:
        """What stands before the colon or dash of a labelled item ("Solidarity: …"), or nothing."""
        match = re.match(r"((?:[\w’'/&-]+ ?){1,5})(?::| [–—-] )", self.plain_text)
        return match[1] if match else ""


def with_translation(hit: Hit, translated: Hit | None) -> Hit:
    """A hit with the passage at its place in a translation, which stands as its original stands."""
    if translated is None:
        return hit
    return replace(hit, translated=replace(translated, source=as_its_original(translated.source, hit.source)))


def heard(hit: Hit, own: Hit | None) -> Hit:
    """A hit with the better of its scores: for the English wording, and for the asker's own words in the asker's language."""
    if own is None:
        return hit
    return replace(
        hit, dense=max(hit.dense, OWN * own.dense), block_score=max(hit.block_score, OWN * own.block_score),
        head_score=max(hit.head_score, OWN * own.head_score), lexical=max(hit.lexical, OWN * own.lexical),
    )  # fmt: skip
