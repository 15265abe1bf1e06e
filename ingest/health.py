"""Whether manifest, files and index agree: every difference by name."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from chromadb.errors import ChromaError

from ingest.alike import find_alike
from ingest.catalogue import Catalogue, Entry, current_generation, stored_text
from ingest.changes import Input, file_hash
from ingest.embed import model_identity
from ingest.errors import IndexMissing
from ingest.index import BOTH, lexical_names, rows_held
from ingest.lexical import Lexical
from ingest.manifest import Audience, Manifest, Source, load_manifest
from ingest.read import READING, Document
from ingest.rows import LED
from ingest.split import CHUNKING


INGEST = "guidance ingest"
"""The remedy of most problems; `check` puts the folder behind it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A difference: the source it is about (None for the index as a whole), its kind, and a sentence with the remedy."""

    source: str | None
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Health:
    """Counts of the index: documents, passages, passages with a vector, passages with a lexical entry; and problems."""

    sources: int
    passages: int
    vectors: int
    lexical: int
    problems: tuple[Problem, ...]

    def as_dict(self) -> dict:
        """The public contract of `guidance sources check --json`."""
        return {**asdict(self), "problems": [asdict(problem) for problem in self.problems]}


@dataclass(frozen=True, slots=True)
class Held:
    """What one audience's part of the index holds.

    Sources of the passages in Chroma by id, the ids in BM25, and how many rows each source has in either table.
    """

    vectors: dict[str, str]
    lexical: tuple[str, ...]
    rows: dict[str, Counter[str]]

    @classmethod
    def of(cls, generation: Path, audience: Audience) -> "Held":
        """Read both stores; rows that stand beside a passage (its lead-in's) are left out."""
        tables = rows_held(generation, audience)
        own = {row: source for row, source in tables["passages"].items() if not row.endswith(LED)}
        lexicals = [Lexical(generation / "lexical" / name) for name in lexical_names(audience)]
        ids = tuple(i for lexical in lexicals if lexical.index is not None for i in lexical.ids)
        return cls(own, ids, {table: Counter(rows.values()) for table, rows in tables.items()})

    def count(self, source_id: str) -> tuple[int, int]:
        """Vectors and lexical entries of one source."""
        return sum(s == source_id for s in self.vectors.values()), sum(self.vectors.get(i) == source_id for i in self.lexical)


def check(corpus: Path, data: Path, model: str, today: datetime.date) -> Health:
    """Compare manifest, files and index. Raises CorpusError for a manifest that cannot be used."""
    manifest = load_manifest(corpus)
    try:
        generation = current_generation(data)
        catalogue = Catalogue.load(generation)
    except IndexMissing as exc:
        return Health(0, 0, 0, 0, (Problem(None, "no_index", str(exc)), *_overdue(manifest, today)))
    try:
        held = {audience: Held.of(generation, audience) for audience in BOTH}
        found = (*_counts(catalogue, held), *_alike(data, catalogue))
    except (OSError, ValueError, ChromaError) as exc:
        found = (Problem(None, "damaged_index", f"A part of the index in {data} is gone or damaged ({exc}). Delete the folder and run: guidance ingest"),)
        held = {"staff": Held({}, (), {})}
    files = (*_made_otherwise(catalogue, model), *_files(corpus, manifest, catalogue))
    if not files and catalogue.fingerprint != Input.of(corpus, model).fingerprint:
        files = (Problem(None, "changed_manifest", "home, a row or a contact has changed since the index was made. Run: guidance ingest"),)
    problems = (*files, *found, *_rows(manifest), *_overdue(manifest, today))
    staff = held["staff"]
    counts = len(catalogue.entries), sum(e.passages for e in catalogue.entries), len(staff.vectors), len(staff.lexical)
    return Health(*counts, tuple(replace(problem, message=f"{problem.message} --data {data}") if problem.message.endswith(INGEST) else problem for problem in problems))


def _made_otherwise(catalogue: Catalogue, model: str) -> Iterator[Problem]:
    for kind, made, wanted in (("model", catalogue.model, model_identity(model)), ("splitting", catalogue.chunking, CHUNKING)):
        if made != wanted:
            yield Problem(None, kind, f"The index was made with {made}, and {wanted} is set. Make it anew with: guidance ingest")


def _files(corpus: Path, manifest: Manifest, catalogue: Catalogue) -> Iterator[Problem]:
    """Where files, rows and entries differ."""
    entries = {entry.source.id: entry for entry in catalogue.entries}
    failures = {failure.path: failure for failure in catalogue.failures}
    for source in manifest.sources:
        entry, failure = entries.pop(source.id, None), failures.get(source.path)
        present = file_hash(corpus / source.path)
        if present is None:
            yield Problem(source.id, "missing_file", f"{source.path} is in sources.toml and not in {corpus}. Put the file there or remove its row.")
        elif failure is not None:
            yield Problem(source.id, failure.code, failure.reason)
        elif entry is None:
            yield Problem(source.id, "not_indexed", f"{source.path} is in the folder and not in the index. Run: guidance ingest")
        else:
            yield from _differences(source, entry, present)
    for entry in entries.values():
        why = "is marked ignore" if any(s.id == entry.source.id for s in manifest.ignored) else "is no longer in the folder"
        yield Problem(entry.source.id, "left_in_index", f"{entry.source.path} {why} and still answers. Run: guidance ingest")


def _differences(source: Source, entry: Entry, present: str) -> Iterator[Problem]:
    if (entry.file_hash, entry.reading) != (present, READING):
        yield Problem(source.id, "changed_file", f"{source.path} has changed since it was indexed. Run: guidance ingest")
    elif asdict(entry.source) | {"title": None} != asdict(source) | {"title": None} or source.title not in (None, entry.source.title):
        yield Problem(source.id, "changed_row", f"The row of {source.id} has changed since it was indexed. Run: guidance ingest")
    for warning in entry.warnings:
        yield Problem(source.id, "warning", warning)


def _counts(catalogue: Catalogue, held: dict[Audience, Held]) -> Iterator[Problem]:
    """Rows lost, doubled or left behind in either store, for either audience."""
    for audience, store in held.items():
        visible = {e.source.id: e for e in catalogue.visible_to(audience)}
        lexical = Counter(store.vectors.get(row, "no document") for row in store.lexical)
        compared = (
            ("vectors", Counter(store.vectors.values()), {i: e.passages for i, e in visible.items()}),
            ("lexical", lexical, {i: e.passages for i, e in visible.items()}),
            ("passage rows", store.rows["passages"], {i: e.passage_rows for i, e in visible.items()}),
            ("block rows", store.rows["blocks"], {i: e.block_rows for i, e in visible.items()}),
        )
        for name, found, wanted in compared:
            for source in sorted(wanted.keys() | found.keys()):
                expected, actual = wanted.get(source, 0), found.get(source, 0)
                if expected != actual:
                    yield Problem(source, name.replace(" ", "_"), f"{source} has {actual} {name} for {audience} and should have {expected}. Delete the data folder and run: guidance ingest")


def _rows(manifest: Manifest) -> Iterator[Problem]:
    known = {source.id for source in (*manifest.sources, *manifest.ignored)}
    for source in manifest.sources:
        for field in ("replaced_by", "translation_of"):
            named = getattr(source, field)
            if named and named not in known:
                yield Problem(source.id, field, f"{source.id} names {named!r} as {field}, which is no document here. Correct the row in sources.toml.")


def _alike(data: Path, catalogue: Catalogue) -> Iterator[Problem]:
    documents = [Document(e.source, stored_text(data, e.version), e.version) for e in catalogue.entries]
    for pair in find_alike(documents):
        yield Problem(pair.second, "same_text" if pair.share == 1.0 else "near_duplicate", pair.sentence)


def _overdue(manifest: Manifest, today: datetime.date) -> Iterator[Problem]:
    for source in manifest.sources:
        if source.review_by and source.review_by < today.isoformat()[: len(source.review_by)]:
            yield Problem(source.id, "review_overdue", f"{source.id} was due for review by {source.review_by}. Review it, and set a new review_by in sources.toml.")
