"""What an ingestion did, file by file."""

from dataclasses import asdict, dataclass

from ingest.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class FileReport:
    """The outcome for one file: `status` is added, replaced, unchanged, removed or failed, `error` the cause's code.

    `path` is relative to the corpus folder; `seconds` are those of reading and splitting.
    """

    path: str
    status: str
    error: str | None = None
    message: str | None = None
    sections: int = 0
    passages: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The catalogue that is now in use, each file's outcome, texts embedded, whether anything changed, and seconds.

    `alike` and `about_model` are sentences for the person who ingests.
    """

    catalogue: Catalogue
    files: tuple[FileReport, ...]
    embedded: int
    changed: bool
    seconds: float
    alike: tuple[str, ...] = ()
    about_model: str | None = None

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """The files that could not be read and should have been; an unknown type is none of them."""
        return tuple(f for f in self.files if f.status == "failed" and f.error != "unsupported")

    @property
    def passages(self) -> int:
        """All passages in the index."""
        return sum(entry.passages for entry in self.catalogue.entries)

    def rows(self) -> list[dict]:
        """The public contract of `guidance ingest --json`: one object for each file, and the total."""
        counts = {status: sum(f.status == status for f in self.files) for status in ("added", "replaced", "unchanged", "removed", "failed")}
        total = {"files": len(self.files), **counts, "passages": self.passages, "seconds": round(self.seconds, 3)}
        return [*({**asdict(f), "seconds": round(f.seconds, 3)} for f in self.files), {"total": total}]
