"""What the index folder holds after a run that was killed or that ended, beside what it ought to hold."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evals.ingestion.growing import Version, hash_of, visible
from ingest.catalogue import Catalogue, current_generation
from ingest.index import TABLES, open_chroma, rows_held
from ingest.lexical import Lexical
from ingest.logfile import NAME
from ingest.manifest import Audience, load_manifest
from ingest.prepare import Job, Prepared, prepare
from ingest.rows import block_rows, passage_rows

Kind = Literal["wrong", "lost", "duplicated", "left behind", "orphan"]
AUDIENCES: tuple[Audience, ...] = ("staff", "partner")
LASTING = {"current.json", "generations", "texts", "models", "ingest.lock"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must not be: how many of it, and what."""

    kind: Kind
    count: int
    what: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The row ids of one document in each table, and those of its passages in the lexical index."""

    passages: frozenset[str]
    blocks: frozenset[str]
    lexical: frozenset[str]


def expected_rows(corpus: Path) -> dict[str, Rows]:
    """The rows that each document of the folder ought to have, made here from the files alone."""
    outcomes = (prepare(Job(source, corpus)) for source in load_manifest(corpus).sources)
    return {o.document.source.id: _rows(o) for o in outcomes if isinstance(o, Prepared)}


def version_in(data: Path, versions: Iterable[Version]) -> Version | None:
    """Which of these versions the current generation names; None when it is none of them."""
    entries = Catalogue.load(current_generation(data)).entries
    held = sorted((e.source.id, e.version) for e in entries)
    return next((v for v in versions if sorted((name, hash_of(name, number)) for name, number in v.items()) == held), None)


def index_faults(data: Path, version: Version, rows: dict[str, Rows]) -> list[Fault]:
    """Rows of the current generation that are lost, twice or of nothing; `rows` are those of this version."""
    return [fault for audience in AUDIENCES for fault in _audience_faults(data, audience, [rows[name] for name in visible(version, audience)])]


def left_behind(data: Path) -> list[Fault]:
    """What a finished run has to have cleared: other generations than two, half ones, texts that none of them cites, strays."""
    current = current_generation(data)
    found = sorted((data / "generations").iterdir())
    whole = [folder for folder in found if (folder / "catalogue.json").is_file()]
    spare = [folder.name for folder in found if folder not in whole] or [folder.name for folder in whole if folder != current][:-1]
    cited = {e.version for folder in whole for e in Catalogue.load(folder).entries}
    texts = {path.name for path in (data / "texts").iterdir()}
    wanted = {f"{version}.txt" for version in cited}
    strays = [p.name for p in data.iterdir() if p.name not in LASTING and not p.name.startswith(NAME)]
    strays += [p.name for p in (data / "models").glob("*.partial")]
    named: tuple[tuple[Kind, str, Iterable[str]], ...] = (
        ("left behind", "generations", spare),
        ("left behind", "texts", texts - wanted),
        ("lost", "texts", wanted - texts),
        ("left behind", "files", strays),
    )
    return [_fault(kind, what, names) for kind, what, names in named if names]


def _rows(prepared: Prepared) -> Rows:
    passages = prepared.passages
    return Rows(*(frozenset(ids) for ids in ((r.id for r in passage_rows(passages)), (r.id for r in block_rows(passages)), (p.id for p in passages))))


def _audience_faults(data: Path, audience: Audience, wanted: list[Rows]) -> list[Fault]:
    folder = current_generation(data)
    held: dict[str, list[str]] = {table: list(ids) for table, ids in rows_held(folder, audience).items()}
    held["lexical"] = Lexical(folder / "lexical" / audience).ids
    ought = {table: [row for rows in wanted for row in getattr(rows, table)] for table in held}
    faults = [fault for table, ids in held.items() for fault in _differences(f"{audience} {table}", ids, ought[table])]
    more = {table: count - len(held[table]) for table, count in _counts(folder, audience).items()}
    return faults + [_fault("duplicated", f"{audience} {table}", [f"{extra} more than ids"] * abs(extra)) for table, extra in more.items() if extra]


def _differences(where: str, held: list[str], wanted: list[str]) -> list[Fault]:
    twice = [row for row, count in Counter(held).items() if count > 1]
    missing, more = set(wanted) - set(held), set(held) - set(wanted)
    named: tuple[tuple[Kind, Iterable[str]], ...] = (("lost", missing), ("left behind", more), ("duplicated", twice))
    return [_fault(kind, where, rows) for kind, rows in named if rows]


def _counts(folder: Path, audience: Audience) -> dict[str, int]:
    """The number of rows that Chroma itself counts in each table."""
    client = open_chroma(folder)
    try:
        return {table: client.get_collection(f"{audience}-{table}", embedding_function=None).count() for table in TABLES}
    finally:
        client.close()


def _fault(kind: Kind, where: str, names: Iterable[str]) -> Fault:
    listed = sorted(names)
    return Fault(kind, len(listed), f"{where}: {', '.join(listed[:3])}{' …' if len(listed) > 3 else ''}")
