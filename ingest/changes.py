"""What a run starts from, and what it changed: the files as they are, beside the catalogue of the last run."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.catalogue import Catalogue, Entry, current_generation
from ingest.contacts import Contact, load_contacts
from ingest.embed import model_identity
from ingest.errors import IndexMissing
from ingest.manifest import Manifest, load_manifest
from ingest.prepare import Prepared, Unread
from ingest.read import READING
from ingest.report import FileReport
from ingest.split import CHUNKING


@dataclass(frozen=True, slots=True)
class Input:
    """What a run starts from: the folder's manifest and contacts, each file's SHA-256, and the hash over it all."""

    corpus: Path
    manifest: Manifest
    contacts: tuple[Contact, ...]
    hashes: dict[str, str | None]
    fingerprint: str

    @classmethod
    def of(cls, corpus: Path, model: str) -> "Input":
        """Read the manifest and hash the files. Raises CorpusError."""
        manifest, contacts = load_manifest(corpus), load_contacts(corpus)
        hashes = {s.path: file_hash(corpus / s.path) for s in manifest.sources}
        parts = [CHUNKING, READING, model_identity(model), asdict(manifest), [asdict(c) for c in contacts], hashes]
        return cls(corpus, manifest, contacts, hashes, hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest())


def file_hash(path: Path) -> str | None:
    """The SHA-256 of a regular file, or None where there is none that can be read."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def last_catalogue(data: Path) -> Catalogue | None:
    """What the index says of itself, or None where there is none that can be used."""
    try:
        return Catalogue.load(current_generation(data))
    except IndexMissing:
        return None


def unchanged(catalogue: Catalogue) -> tuple[FileReport, ...]:
    """The files of an index that is up to date; what could not be read then cannot be read now."""
    kept = {f.path for f in catalogue.failures}
    held = [FileReport(e.source.path, "unchanged", sections=len(e.sections), passages=e.passages) for e in catalogue.entries if e.source.path not in kept]
    return (*held, *(_failed(f.path, f.code, f.reason) for f in catalogue.failures))


def changed(old: Catalogue | None, new: Catalogue, outcomes: list[Prepared | Unread]) -> tuple[FileReport, ...]:
    """What became of every file, in the order of the manifest, and then what is no longer there."""
    before = {e.source.id: e for e in old.entries} if old else {}
    now = {e.source.id: e for e in new.entries}
    reasons = {f.path: f.reason for f in new.failures}
    reports = [
        _failed(o.source.path, o.error.code, reasons[o.source.path], o.seconds) if isinstance(o, Unread) else _read(o, before.get(o.document.source.id), now)
        for o in outcomes
    ]
    named = {report.path for report in reports}
    gone = [e for e in before.values() if e.source.id not in now and e.source.path not in named]
    return (*reports, *(FileReport(e.source.path, "removed") for e in gone))


def _read(outcome: Prepared, before: Entry | None, now: dict[str, Entry]) -> FileReport:
    entry = now[outcome.document.source.id]
    same = before is not None and before.file_hash == entry.file_hash
    status = "added" if before is None else "unchanged" if same else "replaced"
    message = " ".join(entry.warnings) or None
    return FileReport(entry.source.path, status, None, message, len(entry.sections), entry.passages, outcome.seconds)


def _failed(path: str, code: str, reason: str, seconds: float = 0.0) -> FileReport:
    return FileReport(path, "failed", code, reason, seconds=seconds)
