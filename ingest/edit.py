"""Changes to `sources.toml` that keep its comments and its order: a document is set aside, or its file is exchanged.

A file that is set aside keeps a row of its own with `ignore = true` and `replaced_by`: the history of the document.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from ingest.errors import CorpusError, ManifestError, SourceUnknown
from ingest.manifest import Manifest, Source, load_manifest

EDITION = ("published", "version", "review_by")
"""What was said of an edition holds for no other."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The file that takes a document's place: its path in the corpus, whether it is a digest, and fields to set."""

    path: str
    digest: bool
    fields: tuple[tuple[str, str], ...] = ()


def find(manifest: Manifest, source_id: str) -> Source:
    """The source with this id. Raises SourceUnknown, saying so where it is only ignored."""
    for source in manifest.sources:
        if source.id == source_id:
            return source
    if any(source.id == source_id for source in manifest.ignored):
        raise SourceUnknown(f"{source_id!r} is marked ignore = true in sources.toml. Take that line out to bring it back.")
    raise SourceUnknown(f"There is no document {source_id!r} in the corpus folder. List the documents with: guidance sources list")


def ignore(corpus: Path, source_id: str) -> None:
    """Write `ignore = true` into the document's row, made where it has none. The file stays."""
    source = find(load_manifest(corpus), source_id)
    _edit(corpus, lambda document: _row(document, source).update({"ignore": True}))


def exchange(corpus: Path, source_id: str, new: Exchange) -> None:
    """Put another file in a document's place; the old one keeps a row as its history.

    A file of the document's own history changes places with the present one. For a new edition of an adopted text the
    old one's date, version and review are not carried over; for a digest's original they are the document's own.
    """
    manifest = load_manifest(corpus)
    source = find(manifest, source_id)
    past = next((s for s in manifest.ignored if s.replaced_by == source_id and s.path == new.path), None)
    owner = next((s for s in (*manifest.sources, *manifest.ignored) if s.path == new.path and s != past), None)
    if owner is not None and owner.id in {row["id"] for row in _rows(_parse(corpus))}:
        raise ManifestError(f"{new.path} is already the document {owner.id!r}. Name another file, or remove that row from sources.toml first.")

    def change(document: tomlkit.TOMLDocument) -> None:
        row = _row(document, source)
        if past is not None:
            _drop(document, past)
        taken = {s.id for s in (*manifest.sources, *manifest.ignored) if s != past}
        _append(document, _history(source, taken, superseded=not source.digest and not new.digest))
        _set(row, {**_edition(source, new, past), "path": new.path, "digest": new.digest or None, **dict(new.fields)})

    _edit(corpus, change)


def _edition(source: Source, new: Exchange, past: Source | None) -> dict[str, str | None]:
    """What the row says of the edition: an old one's own words come back with it, a new one's are not known yet."""
    if past is not None:
        return {key: getattr(past, key) for key in EDITION}
    return {} if source.digest or new.digest else dict.fromkeys(EDITION)


@contextmanager
def brought_in(corpus: Path, file: Path, beside: Path) -> Iterator[str]:
    """Copy a file into the corpus folder, into the folder of `beside`, never over another file; yields its path there.

    The copy is taken away again when what follows fails.
    """
    if file.resolve().is_relative_to(corpus.resolve()):
        yield file.resolve().relative_to(corpus.resolve()).as_posix()
        return
    folder = (corpus / beside).parent
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / file.name, 2
    while target.is_symlink() or target.exists() and target.read_bytes() != file.read_bytes():
        target, number = folder / f"{file.stem}-{number}{file.suffix}", number + 1
    there_before = target.exists()
    if not there_before:
        shutil.copyfile(file, target)
    try:
        yield target.relative_to(corpus).as_posix()
    except BaseException:
        if not there_before:
            target.unlink(missing_ok=True)
        raise


@contextmanager
def undone_on_error(corpus: Path) -> Iterator[None]:
    """Give `sources.toml` its old words back when what follows the edit fails."""
    path = corpus / "sources.toml"
    before = path.read_bytes() if path.is_file() else None
    try:
        yield
    except BaseException:
        if before is None:
            path.unlink(missing_ok=True)
        else:
            _write(path, before)
        raise


def _edit(corpus: Path, change: Callable[[tomlkit.TOMLDocument], None]) -> None:
    document = _parse(corpus)
    with undone_on_error(corpus):
        change(document)
        _write(corpus / "sources.toml", _in_line_ends_of(corpus, tomlkit.dumps(document)).encode("utf-8"))
        load_manifest(corpus)


def _parse(corpus: Path) -> tomlkit.TOMLDocument:
    path = corpus / "sources.toml"
    try:
        return tomlkit.parse(path.read_bytes().decode("utf-8")) if path.is_file() else tomlkit.document()
    except (TOMLKitError, UnicodeDecodeError) as exc:
        raise ManifestError(f"{path} is not valid TOML: {exc}. Correct the file and run again.") from exc


def _in_line_ends_of(corpus: Path, text: str) -> str:
    """The text with the line ends that the manifest has."""
    path = corpus / "sources.toml"
    windows = path.is_file() and b"\r\n" in path.read_bytes()
    return re.sub(r"(?<!\r)\n", "\r\n", text) if windows else text


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(".sources.toml.partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    except OSError as exc:
        raise CorpusError(f"{path} cannot be written ({exc.strerror}). Nothing was changed.") from exc


def _rows(document: tomlkit.TOMLDocument) -> list[Table]:
    return list(document.get("source", []))


def _row(document: tomlkit.TOMLDocument, source: Source) -> Table:
    """The document's row; a new one for a file that had none."""
    for row in _rows(document):
        if row["id"] == source.id:
            return row
    return _append(document, {"id": source.id, "path": source.path})


def _append(document: tomlkit.TOMLDocument, fields: dict) -> Table:
    row = tomlkit.table()
    for key, value in fields.items():
        row.add(key, value)
    if "source" not in document:
        document.add("source", tomlkit.aot())
    elif document["source"]:
        document["source"][-1].add(tomlkit.nl())
    document["source"].append(row)
    return document["source"][-1]


def _drop(document: tomlkit.TOMLDocument, source: Source) -> None:
    rows = document["source"]
    del rows[next(i for i, row in enumerate(rows) if row["id"] == source.id)]


def _set(row: Table, fields: dict[str, str | bool | None]) -> None:
    """Set fields; None takes one out."""
    for key, value in fields.items():
        if value is not None:
            row[key] = value
        elif key in row:
            del row[key]


def _history(source: Source, taken: set[str], superseded: bool) -> dict:
    """The row under which a file is kept that no longer answers."""
    number = next(n for n in range(1, len(taken) + 2) if f"{source.id}-{n}" not in taken)
    kept = {key: value for key, value in asdict(source).items() if value and key not in ("id", "replaced_by", "ignore")}
    status = {"status": "superseded"} if superseded else {}
    return {"id": f"{source.id}-{number}", **kept, **status, "replaced_by": source.id, "ignore": True}
