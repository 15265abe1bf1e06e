"""The whole ingestion: corpus folder in, new generation of the index out."""

import datetime
import json
import logging
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingest.alike import find_alike
from ingest.catalogue import Catalogue, Entry, Failure, current_generation, section_spans
from ingest.changes import Input, changed, last_catalogue, unchanged
from ingest.embed import load_embeddings, model_identity, obtain, remark
from ingest.errors import DuplicateId, ModelFilesError, ReadError, UnusableName
from ingest.index import delete_unused, switch_to, write_generation
from ingest.lock import sole_writer
from ingest.manifest import Source, load_manifest
from ingest.prepare import Job, Limits, Prepared, Unread, prepare
from ingest.read import READING
from ingest.report import IngestReport
from ingest.rows import row_counts
from ingest.split import CHUNKING
from ingest.worker import prepared as read_in_workers

log = logging.getLogger("guidance.ingest")
Progress = Callable[[str, int, int], None]
PASSING = ("timeout", "unreadable")
"""Failures that the next run may not meet again."""
LASTING = ("encrypted", "no_text", "garbled", "damaged", "empty", "too_large", "timeout", "wrong_suffix", "unreadable")
"""Failures of a file that is still there: its last readable version keeps answering."""


def ingest(
    corpus: Path, data: Path, model: str, progress: Progress = lambda *_: None, limits: Limits = Limits(), keep_previous: bool = True
) -> IngestReport:
    """Bring the index in `data` up to date with the files in `corpus`.

    `progress` hears the stage, the count done and the total. Raises CorpusError, ModelFilesError or IndexUnwritable, with the old
    index untouched; a file that cannot be read is reported as failed and never stops the others. Without `keep_previous`
    nothing of the old index is left on disk.
    """
    started = time.perf_counter()
    load_manifest(corpus)
    obtain(model)
    with sole_writer(data, lambda whom: progress(whom, 0, 1)):
        given = Input.of(corpus, model)
        old = last_catalogue(data)
        if old and old.fingerprint == given.fingerprint and not any(f.code in PASSING for f in old.failures):
            delete_unused(data, keep_previous)
            return IngestReport(old, unchanged(old), 0, False, time.perf_counter() - started)
        log.info("run started: %s files of %s into %s by process %s", len(given.manifest.sources), corpus, data, os.getpid())
        outcomes = _prepare(given, data, old, limits, progress)
        report = _write(given, data, model, old, outcomes, progress, keep_previous)
        report = replace(report, seconds=time.perf_counter() - started)
        for row in report.rows():
            log.info("%s", json.dumps(row, ensure_ascii=False))
        return report


def is_stale(corpus: Path, data: Path, model: str) -> bool:
    """Whether the index is missing or was made from other files, another model or another splitter."""
    old = last_catalogue(data)
    try:
        return old is None or old.fingerprint != Input.of(corpus, model).fingerprint
    except ModelFilesError:
        return True  # an ingestion can fetch the model, or says what is wrong with it


def _prepare(given: Input, data: Path, old: Catalogue | None, limits: Limits, progress: Progress) -> list[Prepared | Unread]:
    """Every file's outcome; what cannot be read and was in the index before is prepared from its stored text."""
    known = {entry.source.id: entry for entry in old.entries} if old else {}
    sources, twice = _unique(given.manifest.sources)
    jobs = [_job(source, given, data, known.get(source.id)) for source in sources]
    outcomes: list[Prepared | Unread] = []
    for job in jobs:
        log.info("received: %s%s", job.source.path, ", unchanged" if job.stored else "")
    for number, outcome in enumerate(read_in_workers(jobs, limits), start=1):
        outcomes.append(outcome)
        log.info("parsed and split: %s", _summary(outcome))
        progress("reading", number, len(jobs))
    return [*outcomes, *twice]


def _unique(sources: tuple[Source, ...]) -> tuple[list[Source], list[Unread]]:
    seen: dict[str, str] = {}
    once, twice = [], []
    for source in sources:
        if (name := source.path.encode("utf-8", "backslashreplace").decode()) != source.path:
            error: ReadError = UnusableName(f"{name} has a name that is not UTF-8. Rename the file.")
            twice.append(Unread(replace(source, path=name), error, 0.0))
        elif source.id in seen:
            error = DuplicateId(f"{source.path} would have the id {source.id!r}, as {seen[source.id]} has. Give it a row with its own id.")
            twice.append(Unread(source, error, 0.0))
        else:
            once.append(source)
            seen[source.id] = source.path
    return once, twice


def _job(source: Source, given: Input, data: Path, entry: Entry | None) -> Job:
    """Read the file, or take the stored text where the same bytes were read by the same readers before."""
    if entry and entry.reading == READING and entry.file_hash == given.hashes[source.path]:
        return _stored(source, given.corpus, data, entry)
    return Job(source, given.corpus)


def _stored(source: Source, corpus: Path, data: Path, entry: Entry) -> Job:
    text = data / "texts" / f"{entry.version}.txt"
    return Job(source, corpus, text if text.is_file() else None, entry.pages, entry.warnings)


def _summary(outcome: Prepared | Unread) -> str:
    if isinstance(outcome, Unread):
        return f"{outcome.source.path}: failed ({outcome.error.code}): {outcome.error}"
    return f"{outcome.document.source.path}: {len(outcome.sections)} sections, {len(outcome.passages)} passages, {outcome.seconds:.2f} s"


def _write(given: Input, data: Path, model: str, old: Catalogue | None, outcomes: list[Prepared | Unread], progress: Progress, keep_previous: bool) -> IngestReport:
    """A new generation from what was read, and the switch to it."""
    kept = _kept(given, data, old, [o for o in outcomes if isinstance(o, Unread)])
    prepared = [*(o for o in outcomes if isinstance(o, Prepared)), *kept]
    generation = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    folder = data / "generations" / generation
    folder.mkdir(parents=True)
    _store_texts(data, prepared)
    progress("loading the embedding model", 0, 1)
    identity, embeddings = model_identity(model), load_embeddings(model, data)
    if said := remark(model, embeddings):
        log.warning("%s", said)
    same_model = old and old.model == identity
    done, total = 0, sum(len(p.passages) for p in prepared)

    def written(source: str, passages: int) -> None:
        nonlocal done
        done += passages
        log.info("embedded and written: %s, %s passages", source, passages)
        progress("embedding", done, total)

    log.info("first write to the index: generation %s", generation)
    embedded = write_generation(folder, (p.passages for p in prepared), embeddings, current_generation(data) if same_model else None, written)
    log.info("last write to the index: generation %s", generation)
    still = {p.document.source.id: e for p in kept for e in old.entries if e.source.id == p.document.source.id}
    entries = tuple(_entry(p, given, still.get(p.document.source.id)) for p in prepared)
    failures = tuple(_failure(o, o.source.id in still) for o in outcomes if isinstance(o, Unread))
    catalogue = Catalogue(generation, given.fingerprint, identity, CHUNKING, given.manifest.home, entries, given.contacts, failures)
    switch_to(data, catalogue, given.corpus, keep_previous)
    for entry in entries:
        log.info("searchable: %s, %s passages", entry.source.path, entry.passages)
    log.info("searchable: generation %s, %s documents, %s texts embedded", generation, len(entries), embedded)
    alike = find_alike([p.document for p in prepared])
    return IngestReport(catalogue, changed(old, catalogue, outcomes), embedded, True, 0.0, tuple(pair.sentence for pair in alike), said)


def _kept(given: Input, data: Path, old: Catalogue | None, unread: list[Unread]) -> list[Prepared]:
    """The last readable version of files that are still there and cannot be read any more."""
    known = {entry.source.id: entry for entry in old.entries} if old else {}
    lost = [o.source for o in unread if o.source.id in known and o.error.code in LASTING]
    jobs = [_stored(source, given.corpus, data, known[source.id]) for source in lost]
    return [outcome for outcome in map(prepare, (job for job in jobs if job.stored)) if isinstance(outcome, Prepared)]


def _entry(prepared: Prepared, given: Input, kept: Entry | None) -> Entry:
    """The catalogue's entry; a kept version stays under the hash of the file that it was read from."""
    document = prepared.document
    file_hash, reading = (kept.file_hash, kept.reading) if kept else (given.hashes[document.source.path] or "", READING)
    return Entry(
        document.source, document.version, section_spans(prepared.sections), len(prepared.passages),
        document.pages, document.warnings, file_hash, reading, *row_counts(prepared.passages),
    )


def _failure(outcome: Unread, kept: bool) -> Failure:
    reason = f"{outcome.error}{' Until then the last version that could be read keeps answering.' if kept else ''}"
    return Failure(outcome.source.path, reason, outcome.error.code, kept)


def _store_texts(data: Path, prepared: list[Prepared]) -> None:
    folder = data / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    for document in (p.document for p in prepared):
        path = folder / f"{document.version}.txt"
        if not path.is_file():
            partial = path.with_suffix(".partial")
            partial.write_bytes(document.text.encode("utf-8"))
            os.replace(partial, path)
