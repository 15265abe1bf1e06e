"""The way in: settings, and one document from its address to the folder of originals."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import AddressRefused, FetchFailed
from ingest.fetch.guard import Guard, PublicOnly
from ingest.fetch.record import Fetched, load_fetched, save_fetched
from ingest.manifest import Source

if TYPE_CHECKING:
    from ssl import SSLContext

    from ingest.fetch.robots import Site

FOLDER = ".originals"
USER_AGENT = "partnership-guidance/0.1 (Partnership Guidance, reading documents listed by its maintainer)"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, except for `max_bytes` (after decompression) and `attempts`. `total` covers one document, pauses included.

    `wait` is the first pause before another attempt; it doubles. `retry_after` and `crawl_delay` are the longest pauses
    that a server may ask for: a longer Retry-After ends the attempt, a longer crawl delay is cut.
    """

    connect: float = 10.0
    read: float = 20.0
    total: float = 180.0
    max_bytes: int = 100 * 1024 * 1024
    attempts: int = 4
    wait: float = 0.5
    retry_after: float = 30.0
    crawl_delay: float = 10.0


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Downloads originals, one at a time. It remembers each site's robots.txt and last visit, so use one for a whole run.

    `trust` are the certificates believed; None means the bundled list of public authorities.
    """

    guard: Guard = PublicOnly()
    limits: Limits = Limits()
    user_agent: str = USER_AGENT
    trust: "SSLContext | None" = None
    sites: "dict[str, Site]" = field(default_factory=dict, repr=False, compare=False)

    def fetch(self, source: Source, folder: Path) -> Fetched:
        """Download a row's original into the folder and record it in `fetched.json`.

        The file appears whole or not at all, and an earlier one stays until it does. Raises a FetchError named for
        the cause; no other exception leaves here.
        """
        from ingest.fetch.visit import Visit

        name = _file_stem(source)
        try:
            with _held(folder, self.limits.total), _draft(folder / f"{name}.part") as draft:
                with Visit(self) as visit:
                    fetched = visit.download(source, draft)
                return _keep(folder, draft, replace(fetched, file=name + fetched.file))
        except OSError as exc:
            raise FetchFailed(f"{folder} cannot be written ({exc.strerror or exc}). Free the disk or change the folder's rights.") from exc


def _file_stem(source: Source) -> str:
    if not source.url:
        raise AddressRefused(f"{source.id} has no address to fetch from. Add url to its row in sources.toml.")
    if not re.fullmatch(r"\w[\w.-]{0,119}", source.id):
        raise AddressRefused(f"{source.id!r} cannot name a file. Give the row in sources.toml an id of letters, digits and hyphens.")
    return source.id


@contextmanager
def _held(folder: Path, seconds: float) -> Iterator[None]:
    """The folder for this process alone: two runs take turns."""
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "fetched.lock", timeout=seconds):
            yield
    except Timeout as exc:
        raise FetchFailed(f"Another run has been fetching into {folder} for {seconds:.0f} s. Wait for it to end and run again.") from exc


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _keep(folder: Path, draft: Path, fetched: Fetched) -> Fetched:
    """The record is written between the two changes to files, so that at every moment it names a file that is there."""
    rows = load_fetched(folder)
    os.replace(draft, folder / fetched.file)
    save_fetched(folder, {**rows, fetched.id: fetched})
    before = rows.get(fetched.id)
    if before and before.file != fetched.file:
        (folder / before.file).unlink(missing_ok=True)
    return fetched
