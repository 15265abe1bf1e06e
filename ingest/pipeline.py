"""The whole ingestion: corpus folder in, new generation of the index out."""

import datetime
import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.catalogue import Catalogue, Entry, Failure, current_generation, section_spans
from ingest.contacts import Contact, load_contacts
from ingest.embed import load_embeddings, model_identity
from ingest.errors import DuplicateId, IndexMissing, IndexUnwritable, ReadError
from ingest.index import switch_to, write_generation
from ingest.manifest import Manifest, load_manifest
from ingest.read import Document, read
from ingest.section import section
from ingest.split import CHUNKING, Passage, split

LOCK_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was read, with its passages in reading order."""

    document: Document
    entry: Entry
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingestion did: the catalogue that is now in use, texts embedded, and whether anything changed."""

    catalogue: Catalogue
    embedded: int
    changed: bool


def ingest(corpus: Path, data: Path, model: str, progress: Callable[[str, int, int], None] = lambda *_: None) -> IngestReport:
    """Bring the index in `data` up to date with the files in `corpus`.

    `progress` hears the stage, the count done and the total. Raises CorpusError or IndexUnwritable, with the old index
    untouched; a file that cannot be read becomes a `Failure` and never stops the others.
    """
    manifest, contacts = load_manifest(corpus), load_contacts(corpus)
    lock = _lock(data)
    with lock:
        print_of_input = fingerprint(corpus, manifest, contacts, model)
        old = _old_catalogue(data)
        if old and old.fingerprint == print_of_input:
            return IngestReport(old, 0, changed=False)
        prepared, failures = _prepare(corpus, manifest, progress)
        name = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
        folder = data / "generations" / name
        folder.mkdir(parents=True)
        _store_texts(data, prepared)
        progress("loading the embedding model", 0, 1)
        embeddings = load_embeddings(model, data)
        reusable = current_generation(data) if old and (old.model, old.chunking) == (model_identity(model), CHUNKING) else None
        embedded = write_generation(
            folder,
            [p.passages for p in prepared],
            embeddings,
            reusable,
            lambda done, total: progress("embedding", done, total),
        )
        catalogue = Catalogue(
            name, print_of_input, model_identity(model), CHUNKING, manifest.home,
            tuple(p.entry for p in prepared), contacts, failures,
        )
        switch_to(data, catalogue)
    return IngestReport(catalogue, embedded, changed=True)


def is_stale(corpus: Path, data: Path, model: str) -> bool:
    """Whether the index is missing or was made from other files, another model or another splitter."""
    old = _old_catalogue(data)
    return old is None or old.fingerprint != fingerprint(corpus, load_manifest(corpus), load_contacts(corpus), model)


def fingerprint(corpus: Path, manifest: Manifest, contacts: tuple[Contact, ...], model: str) -> str:
    """A hash over everything that the index depends on."""
    files = {s.path: _file_hash(corpus / s.path) for s in manifest.sources}
    parts = [CHUNKING, model_identity(model), asdict(manifest), [asdict(c) for c in contacts], files]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _file_hash(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _old_catalogue(data: Path) -> Catalogue | None:
    try:
        return Catalogue.load(current_generation(data))
    except IndexMissing:
        return None


def _lock(data: Path) -> FileLock:
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data / "ingest.lock")
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout as exc:
        raise IndexUnwritable(f"Another ingestion is writing to {data}. Wait until it has ended and run again.") from exc
    except OSError as exc:
        raise IndexUnwritable(f"The index folder {data} cannot be written ({exc.strerror}). Choose another with --data DIR.") from exc
    lock.release()
    return lock


def _prepare(corpus: Path, manifest: Manifest, progress: Callable[[str, int, int], None]) -> tuple[list[Prepared], tuple[Failure, ...]]:
    prepared: list[Prepared] = []
    failures: list[Failure] = []
    seen: dict[str, str] = {}
    for number, source in enumerate(manifest.sources, start=1):
        progress("reading", number, len(manifest.sources))
        try:
            if source.id in seen:
                raise DuplicateId(f"{source.path} would have the id {source.id!r}, as {seen[source.id]} has. Give it a row with its own id.")
            seen[source.id] = source.path
            document = read(source, corpus)
        except ReadError as exc:
            failures.append(Failure(source.path, str(exc)))
            continue
        sections = section(document)
        passages = tuple(p for s in sections for p in split(s))
        entry = Entry(document.source, document.version, section_spans(sections), len(passages), document.pages)
        prepared.append(Prepared(document, entry, passages))
    return prepared, tuple(failures)


def _store_texts(data: Path, prepared: list[Prepared]) -> None:
    folder = data / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    for p in prepared:
        (folder / f"{p.document.version}.txt").write_bytes(p.document.text.encode("utf-8"))
