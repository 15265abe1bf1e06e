"""What an index says of itself: home, sources, contacts, and how it was made. One JSON file in each generation."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.contacts import Contact
from ingest.errors import IndexMissing, SourceUnknown
from ingest.manifest import Audience, Source
from ingest.section import Section

LAYOUT = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """An indexed source: its manifest row, the hash of its stored text, counts, pages and section spans.

    `file_hash` is the SHA-256 of the file that the text was read from, `reading` names the readers that read it.
    """

    source: Source
    version: str
    sections: tuple[tuple[int, int, str], ...]
    passages: int
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    file_hash: str = ""
    reading: str = ""
    passage_rows: int = 0
    block_rows: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read: its code and the reason; `kept` when its last readable version still answers."""

    path: str
    reason: str
    code: str = "unreadable"
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The contents of one generation of the index."""

    generation: str
    fingerprint: str
    model: str
    chunking: str
    home: str | None
    entries: tuple[Entry, ...]
    contacts: tuple[Contact, ...]
    failures: tuple[Failure, ...]

    def entry(self, source_id: str, audience: Audience) -> Entry:
        """The entry with this id. Raises SourceUnknown, for a partner also where only staff may see the source."""
        for entry in self.visible_to(audience):
            if entry.source.id == source_id:
                return entry
        raise SourceUnknown(f"There is no document {source_id!r} in the index. List the documents with: guidance sources list")

    def visible_to(self, audience: Audience) -> tuple[Entry, ...]:
        """The entries that this audience may know of."""
        return tuple(e for e in self.entries if e.source.visible_to(audience))

    def save(self, folder: Path) -> None:
        """Write `catalogue.json`."""
        (folder / "catalogue.json").write_text(json.dumps({"layout": LAYOUT, **asdict(self)}, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Catalogue":
        """Read `catalogue.json`; raises IndexMissing where it is not there."""
        path = folder / "catalogue.json"
        if not path.is_file():
            raise IndexMissing(f"There is no index in {folder.parent.parent}. Make one with: guidance ingest")
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.get("layout") != LAYOUT:
            raise IndexMissing(f"The index in {folder.parent.parent} was made by an older version of this program. Make it anew with: guidance ingest")
        del data["layout"]
        entries = tuple(
            Entry(**{**e, "source": Source(**e["source"]), "sections": tuple(map(tuple, e["sections"])), "pages": tuple(e["pages"]), "warnings": tuple(e["warnings"])})
            for e in data["entries"]
        )
        contacts = tuple(Contact(**c) for c in data["contacts"])
        failures = tuple(Failure(**f) for f in data["failures"])
        return cls(**{**data, "entries": entries, "contacts": contacts, "failures": failures})


def current_generation(data: Path) -> Path:
    """The folder of the generation that readers use. Raises IndexMissing before the first ingestion."""
    pointer = data / "current.json"
    try:
        name = json.loads(pointer.read_text(encoding="utf-8"))["generation"]
    except (OSError, ValueError, KeyError) as exc:
        raise IndexMissing(f"There is no index in {data}. Make one with: guidance ingest --data {data}") from exc
    return data / "generations" / name


def pointed_at(data: Path) -> dict[str, str | None]:
    """What `current.json` names: the present generation, the one before where it is kept, and the corpus folder."""
    try:
        return json.loads((data / "current.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def section_spans(sections: tuple[Section, ...]) -> tuple[tuple[int, int, str], ...]:
    """Start, end and joined heading trail of each section."""
    return tuple((s.start, s.end, " > ".join(s.trail)) for s in sections)


def stored_text(data: Path, version: str) -> str:
    """The text that citations of this version count their offsets in."""
    return (data / "texts" / f"{version}.txt").read_bytes().decode("utf-8")
