"""Translations in the index: which passage stands at the same place as which, and what a reader of a language is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ingest.catalogue import Entry
from ingest.manifest import Source

PAGE = 4096


@dataclass(frozen=True, slots=True)
class Shelf:
    """What readers of one language find, by row id.

    `hidden` are passages of translations into other languages. `originals` leads from a passage of a translation into
    the reader's language to the passage at the same place in the original, `translated` back; where the two documents do
    not have the same number of passages, the translation is a document like any other.
    """

    hidden: frozenset[str]
    originals: Mapping[str, str]
    translated: Mapping[str, str]


def shelve(entries: Mapping[str, Entry], language: str, passages) -> Shelf:
    """Sort the translations among the entries that an audience sees; `passages` is its Chroma collection."""
    hidden: set[str] = set()
    originals: dict[str, str] = {}
    for entry in entries.values():
        if not entry.source.translation_of:
            continue
        rows = _in_order(passages, entry.source.id)
        if entry.source.language != language:
            hidden |= set(rows)
        elif entry.source.translation_of in entries and len(theirs := _in_order(passages, entry.source.translation_of)) == len(rows):
            originals |= dict(zip(rows, theirs, strict=True))
    return Shelf(frozenset(hidden), originals, {original: row for row, original in originals.items()})


def as_its_original(translation: Source, original: Source) -> Source:
    """A translation's row with the standing of what it translates: whose it is, and whether its time has passed."""
    return replace(
        translation, publisher=original.publisher, kind=original.kind, status=original.status, published=original.published,
        in_force_until=original.in_force_until, replaced_by=original.replaced_by, digest=translation.digest or original.digest,
    )  # fmt: skip


def _in_order(passages, source_id: str) -> list[str]:
    """The ids of a document's passages in reading order."""
    places: dict[str, int] = {}
    while True:
        page = passages.get(where={"source": source_id}, include=["metadatas"], limit=PAGE, offset=len(places))
        places |= {i: m.get("order", -1) for i, m in zip(page["ids"], page["metadatas"])}
        if len(page["ids"]) < PAGE:
            return sorted((i for i, order in places.items() if order >= 0), key=lambda i: places[i])
