"""What is known of each document: the corpus folder's `sources.toml`, and ids for files without a row."""

import datetime
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Literal

from ingest.errors import CorpusMissing, ManifestError

KINDS = ("policy", "strategy", "research", "guidance")
STATUSES = ("in_force", "ended", "superseded")
AUDIENCES = ("everyone", "staff")
BOOLEANS = ("digest", "checked", "ignore")
Audience = Literal["staff", "partner"]


@dataclass(frozen=True, slots=True)
class Source:
    """One manifest row, or what its absence means: title unknown, for staff only.

    Dates are ISO text: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. `path` is relative to the corpus folder.
    """

    id: str
    path: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    version: str | None = None
    kind: str | None = None
    status: str | None = None
    in_force_until: str | None = None
    replaced_by: str | None = None
    review_by: str | None = None
    digest: bool = False
    translation_of: str | None = None
    checked: bool = False
    audience: str = "staff"
    language: str = "en"
    licence: str | None = None
    url: str | None = None
    ignore: bool = False

    def visible_to(self, audience: Audience) -> bool:
        """Whether people of this audience may know that the document exists."""
        return audience == "staff" or self.audience == "everyone"

    @property
    def ended(self) -> bool:
        """Whether the document no longer speaks for today."""
        return self.status in ("ended", "superseded")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The organisation whose assistant this is, one source for each file to be read, and the rows marked `ignore`."""

    home: str | None
    sources: tuple[Source, ...]
    ignored: tuple[Source, ...] = ()


def load_manifest(corpus: Path) -> Manifest:
    """Read `sources.toml` and add a source for every readable-looking file without a row.

    Raises CorpusMissing when there is no folder or nothing in it, ManifestError for a row that cannot be used.
    """
    if not corpus.is_dir():
        raise CorpusMissing(f"The corpus folder {corpus} does not exist. Name an existing folder with --corpus DIR.")
    path = corpus / "sources.toml"
    data = _read_toml(path) if path.is_file() else {}
    unknown = set(data) - {"home", "source"}
    if unknown:
        raise ManifestError(f"{path}: unknown entry {sorted(unknown)[0]!r}. Only home and [[source]] tables belong there.")
    if not isinstance(data.get("home", ""), str):
        raise ManifestError(f"{path}: home = {data['home']!r} has to be text in quotes.")
    if not isinstance(data.get("source", []), list):
        raise ManifestError(f"{path}: write each document as [[source]], with two brackets.")
    listed = tuple(_source(row, path, i) for i, row in enumerate(data.get("source", []), start=1))
    _check_unique(listed, path)
    _check_replacements(listed, path)
    taken = {source.path for source in listed}
    loose = tuple(Source(id=_id_of(p), path=p) for p in _files(corpus) if p not in taken)
    if not (*listed, *loose):
        raise CorpusMissing(f"The corpus folder {corpus} holds no document. Put a PDF, Word, web, Markdown or text file there.")
    read = tuple(source for source in listed if not source.ignore)
    return Manifest(data.get("home"), (*read, *loose), tuple(source for source in listed if source.ignore))


def _read_toml(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ManifestError(f"{path} is not valid TOML: {exc}. Correct the file and run again.") from exc


def _source(row: dict, path: Path, number: int) -> Source:
    name = row.get("id") or f"row {number}"
    known = {field.name: field.type for field in fields(Source)}
    for key, value in row.items():
        if key not in known:
            raise ManifestError(f"{path}, {name}: unknown field {key!r}. Allowed are {', '.join(known)}.")
        wanted = bool if key in BOOLEANS else str
        if not isinstance(value, wanted):
            raise ManifestError(f"{path}, {name}: {key} = {value!r} has to be {'true or false' if wanted is bool else 'text in quotes'}.")
    for key in ("id", "path"):
        if not row.get(key):
            raise ManifestError(f"{path}, {name}: {key} is missing. Every [[source]] needs id and path.")
    for key, allowed in (("kind", KINDS), ("status", STATUSES), ("audience", AUDIENCES)):
        if key in row and row[key] not in allowed:
            raise ManifestError(f"{path}, {name}: {key} = {row[key]!r} is not one of {', '.join(allowed)}.")
    for key in ("published", "in_force_until", "review_by"):
        if key in row and not _is_date(row[key]):
            raise ManifestError(f"{path}, {name}: {key} = {row[key]!r} is not a date. Write YYYY, YYYY-MM or YYYY-MM-DD.")
    inside = PurePosixPath(row["path"].replace("\\", "/"))
    if not inside.parts or "\0" in row["path"]:
        raise ManifestError(f"{path}, {name}: path = {row['path']!r} names no file. Write the file's name, with its folder below {path.parent}.")
    if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0]:
        raise ManifestError(f"{path}, {name}: path = {row['path']!r} leads out of the corpus folder. Put the file into the folder and name it from there.")
    return Source(**{**row, "path": inside.as_posix()})


def _is_date(value: str) -> bool:
    parts = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", value)
    if not parts:
        return False
    try:
        datetime.date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        return False
    return True


def _check_unique(sources: tuple[Source, ...], path: Path) -> None:
    for key in ("id", "path"):
        seen = set()
        for source in sources:
            value = getattr(source, key)
            if value in seen:
                raise ManifestError(f"{path}: two rows have {key} = {value!r}. Give each document a row of its own.")
            seen.add(value)


def _check_replacements(sources: tuple[Source, ...], path: Path) -> None:
    """Raise ManifestError where documents replace each other in a circle."""
    successor = {source.id: source.replaced_by for source in sources}
    for start in successor:
        chain, current = [start], successor[start]
        while current is not None:
            chain.append(current)
            if current == start:
                raise ManifestError(f"{path}: {' is replaced by '.join(chain)}. Remove one replaced_by, so that one document is the last.")
            current = successor.get(current) if chain.count(current) == 1 else None


def _files(corpus: Path) -> list[str]:
    """Paths relative to the corpus, sorted; hidden files and folders and `*.toml` are skipped. A linked folder is not entered."""
    found = []
    for path in corpus.rglob("*"):
        relative = path.relative_to(corpus)
        if (path.is_file() or path.is_symlink() and path.is_dir()) and path.suffix != ".toml" and not any(part.startswith(".") for part in relative.parts):
            found.append(relative.as_posix())
    return sorted(found)


def _id_of(path: str) -> str:
    stem = path[: len(path) - len(Path(path).suffix)]
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "document"
