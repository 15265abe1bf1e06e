"""Files are read and split in worker processes, each file within a limit of time and memory; one bad file stops none.

A worker that hangs, crashes or eats memory is ended and replaced; the file that it was at gets a named error.
"""

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import TimeoutError
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import shorten

from ingest.errors import DamagedFile, FileTooLarge, ReadError, ReadingTimeout
from ingest.manifest import Source
from ingest.notes import told_apart
from ingest.read import Document, check_place, first_heading, read
from ingest.section import Section, section
from ingest.split import Passage, plain

LEFT_OUT = "Sentences left out, since they give orders to whoever writes the answer"
SHOWN, MOST_SHOWN = 60, 3
F_SETSIG = 10
"""Linux's own, which the fcntl module does not name: which signal a file's readiness sends."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: seconds, bytes of memory, passages; and how many files are read at once."""

    seconds: float = 300
    memory: int = 3 * 2**30
    passages: int = 50_000
    workers: int = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be prepared. `stored` is the file of its text where the file has not changed since it was read."""

    source: Source
    corpus: Path
    stored: Path | None = None
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with its sections and its passages in reading order, and the seconds that they took."""

    document: Document
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that cannot be read, and why."""

    source: Source
    error: ReadError
    seconds: float


def prepare_all(jobs: list[Job], limits: Limits = Limits()) -> Iterator[Prepared | Unread]:
    """Every job's outcome, in order."""
    from pebble import ProcessPool

    if not jobs:
        return
    context = multiprocessing.get_context("forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn")
    if hasattr(context, "set_forkserver_preload"):
        context.set_forkserver_preload(["ingest.prepare"])
    workers = min(limits.workers, len(jobs))
    with ProcessPool(max_workers=workers, initializer=_confine, initargs=(limits.memory,), context=context) as pool:
        futures = [pool.schedule(prepare, (job,), timeout=limits.seconds) for job in jobs]
        try:
            for job, future in zip(jobs, futures):
                yield _outcome(job, future, limits)
        finally:
            if any(not future.done() for future in futures):
                pool.stop()


def prepare(job: Job) -> Prepared | Unread:
    """Read (unless its text is stored) and split one file. Runs in a worker."""
    started = time.perf_counter()
    try:
        document = _stored_document(job) if job.stored else read(job.source, job.corpus)
        sections = section(document)
        passages, planted = told_apart(document)
        return Prepared(_warned(document, planted), sections, passages, time.perf_counter() - started)
    except ReadError as exc:
        return Unread(job.source, exc, time.perf_counter() - started)


def _warned(document: Document, planted: tuple[Passage, ...]) -> Document:
    """The document with a word on what is planted in it, as its text stands today."""
    kept = tuple(warning for warning in document.warnings if not warning.startswith(LEFT_OUT))
    shown = "; ".join(f"“{shorten(plain(passage.text), SHOWN)}”" for passage in planted[:MOST_SHOWN])
    said = (f"{LEFT_OUT} ({len(planted)}): {shown}. If somebody else can change the file, look at who put it there.",) if planted else ()
    return replace(document, warnings=(*kept, *said))


def _stored_document(job: Job) -> Document:
    """The document as it was read before, under the manifest row of today."""
    check_place(job.source, job.corpus)
    text = job.stored.read_bytes().decode("utf-8")
    titled = job.source if job.source.title else replace(job.source, title=first_heading(text) or Path(job.source.path).stem)
    return Document(titled, text, job.stored.stem, job.pages, job.warnings)


def _outcome(job: Job, future, limits: Limits) -> Prepared | Unread:
    """What a worker made of its job; how it ended where it did not return."""
    from pebble import ProcessExpired

    name = job.source.path
    started = time.perf_counter()
    try:
        outcome = future.result()
        if isinstance(outcome, Prepared) and len(outcome.passages) > limits.passages:
            error: ReadError = FileTooLarge(f"{name} has {len(outcome.passages)} passages, over the limit of {limits.passages}. Split it into parts.")
            return Unread(job.source, error, outcome.seconds)
        return outcome
    except TimeoutError:
        error = ReadingTimeout(f"{name} took longer than {limits.seconds:g} seconds to read. Split it into parts, or save it again.")
        return Unread(job.source, error, limits.seconds)
    except MemoryError:
        error = FileTooLarge(f"{name} needs more than {limits.memory // 2**20} MiB of memory to read. Split it into parts, or save it again.")
    except ProcessExpired as exc:
        error = DamagedFile(f"{name} made its reader break off (exit code {exc.exitcode}). Save it again from its source.")
    except Exception as exc:  # whatever a library raises on a hostile file
        error = DamagedFile(f"{name} cannot be read ({type(exc).__name__}). Save it again from its source.")
    return Unread(job.source, error, time.perf_counter() - started)


def _confine(memory: int) -> None:
    """Bound a worker's memory, where the system can, and end the worker when the run that it works for has ended."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        pass
    _end_with_parent()


def _end_with_parent() -> None:
    """Ask to be killed when the process that holds the pool ends; by the kernel where it can, since a reader's C code may hold the interpreter."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    try:
        import fcntl

        fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(parent.sentinel, F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, fcntl.fcntl(parent.sentinel, fcntl.F_GETFL) | os.O_ASYNC)
    except (ImportError, OSError, AttributeError):
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
