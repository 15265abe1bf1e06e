"""One ingestion at a time: the others wait, and are told for whom."""

import datetime
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import IndexUnwritable

LOCK_SECONDS = 120


@contextmanager
def sole_writer(data: Path, waiting: Callable[[str], None], seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the index folder's lock; `waiting` hears who holds it while this run has to wait.

    Raises IndexUnwritable when the folder cannot be written or is still held after `seconds`.
    """
    lock = FileLock(data / "ingest.lock")
    try:
        data.mkdir(parents=True, exist_ok=True)
        _acquire(lock, data, waiting, seconds)
    except OSError as exc:
        raise IndexUnwritable(f"The index folder {data} cannot be written ({exc.strerror}). Choose another with --data DIR.") from exc
    try:
        (data / "ingest.holder").write_text(_myself(), encoding="utf-8")
        yield
    finally:
        (data / "ingest.holder").unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, data: Path, waiting: Callable[[str], None], seconds: float) -> None:
    try:
        lock.acquire(timeout=0)
        return
    except Timeout:
        waiting(f"waiting for {_holder(data)}")
    try:
        lock.acquire(timeout=seconds)
    except Timeout as exc:
        raise IndexUnwritable(f"The index folder {data} is held by {_holder(data)}. Wait until it has ended and run again.") from exc


def _myself() -> str:
    return json.dumps({"process": os.getpid(), "machine": socket.gethostname(), "since": f"{datetime.datetime.now():%Y-%m-%d %H:%M:%S}"})


def _holder(data: Path) -> str:
    """Who holds the lock, as far as the holder has said."""
    try:
        holder = json.loads((data / "ingest.holder").read_text(encoding="utf-8"))
        return f"another ingestion (process {holder['process']} on {holder['machine']}, since {holder['since']})"
    except (OSError, ValueError, KeyError):
        return "another ingestion"
