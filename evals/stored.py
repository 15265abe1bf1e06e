"""What the index held when a run was made: texts to check quotes against, passages to look for facts in."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.catalogue import Catalogue, Entry, stored_text
from ingest.errors import CasesError
from ingest.lexical import words
from ingest.manifest import Source
from ingest.notes import passages_of
from ingest.read import Document
from ingest.split import plain

SHINGLE = 8
"""So many words in a row are a document's own: shorter runs are common phrases."""


def passage_texts(document: Document) -> tuple[str, ...]:
    """The passages of a document as the search sees them, lead-in in front."""
    return tuple(plain(f"{p.lead_text} {p.text}") for p in passages_of(document))


@dataclass(frozen=True, slots=True)
class Stored:
    """The catalogue's entries and the folder of texts; what was read is kept for the next question."""

    data: Path
    entries: dict[str, Entry]
    home: str | None = None
    _texts: dict[str, str | None] = field(default_factory=dict)
    _passages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _secret: list[frozenset[str]] = field(default_factory=list)

    @classmethod
    def from_run(cls, run: dict[str, Any]) -> "Stored":
        """From `run.json`. Raises CasesError when a later ingestion has removed the texts."""
        try:
            data = Path(run["settings"]["data"])
            found = [Entry(Source(**e["source"]), e["version"], (), e["passages"], tuple(e["pages"])) for e in run["sources"]]
        except (KeyError, TypeError) as exc:
            raise CasesError(f"run.json lacks what scoring needs ({exc}). Make the run again with: guidance eval run") from exc
        stored = cls(data, {entry.source.id: entry for entry in found}, run["catalogue"].get("home"))
        for entry in found:
            if stored.text(entry.version) is None:
                raise CasesError(
                    f"{data} no longer holds the text of {entry.source.id} that this run was answered from. "
                    "Make the run again with: guidance eval run"
                )
        return stored

    @classmethod
    def from_catalogue(cls, data: Path, catalogue: Catalogue) -> "Stored":
        """What the index in `data` holds now."""
        return cls(data, {entry.source.id: entry for entry in catalogue.entries}, catalogue.home)

    def text(self, version: str) -> str | None:
        """The stored text of a version, or None where there is none."""
        if version not in self._texts:
            known = bool(re.fullmatch(r"[0-9a-f]{64}", version)) and (self.data / "texts" / f"{version}.txt").is_file()
            self._texts[version] = stored_text(self.data, version) if known else None
        return self._texts[version]

    def passages(self, source: str) -> tuple[str, ...]:
        """The passages of a document, or none where it is not in the index."""
        entry = self.entries.get(source)
        if entry is None:
            return ()
        if source not in self._passages:
            document = Document(entry.source, self.text(entry.version) or "", entry.version, entry.pages)
            self._passages[source] = passage_texts(document)
        return self._passages[source]

    def publisher(self, source: str) -> str:
        """Who published a document; its id stands in where nobody is named."""
        entry = self.entries.get(source)
        return (entry.source.publisher if entry else None) or source

    def staff_only(self, source: str) -> bool:
        """Whether a document may not be shown to a partner; one that is not in the index may not."""
        entry = self.entries.get(source)
        return entry is None or not entry.source.visible_to("partner")

    def fault(self, citation: dict[str, Any]) -> str | None:
        """Why a citation cannot be checked in one click, or None: quote, offsets, version and hash all have to agree."""
        entry = self.entries.get(citation["source"])
        if entry is None:
            return f"{citation['source']} is not in the index"
        if entry.version != citation["version"]:
            return f"{citation['version'][:12]} is not the indexed version of {citation['source']}"
        text = self.text(citation["version"]) or ""
        if hashlib.sha256(text.encode()).hexdigest() != citation["version"]:
            return f"the stored text of {citation['source']} does not have the hash {citation['version'][:12]}"
        start, end = citation["start"], citation["end"]
        if not 0 <= start < end <= len(text) or text[start:end] != citation["quote"]:
            return f"{citation['source']} does not read {citation['quote'][:60]!r} at {start} to {end}"
        return None

    def secret_in(self, text: str) -> bool:
        """Whether a text repeats eight words in a row, or the title, of a document that only staff may see."""
        if not self._secret:
            self._secret.append(self._staff_runs())
        sizes = {len(run.split()) for run in self._secret[0]}
        return bool(self._secret[0] & _runs(text, sizes))

    def _staff_runs(self) -> frozenset[str]:
        hidden = [e for e in self.entries.values() if self.staff_only(e.source.id)]
        if not hidden:
            return frozenset()
        titles = {title for e in hidden if " " in (title := " ".join(words(e.source.title or "")))}
        sizes = {SHINGLE, *(len(title.split()) for title in titles)}
        own = titles.union(*(_runs(self.text(e.version) or "", {SHINGLE}) for e in hidden))
        shared = [f"{e.source.title}. {self.text(e.version)}" for e in self.entries.values() if e not in hidden]
        return frozenset(own.difference(*(_runs(text, sizes) for text in shared)))


def _runs(text: str, sizes: set[int]) -> set[str]:
    found = words(plain(text))
    return {" ".join(found[i : i + size]) for size in sizes for i in range(len(found) - size + 1)}
