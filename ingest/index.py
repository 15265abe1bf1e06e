"""Write a new generation of the index beside the old one, then switch to it.

A generation is a folder of its own: Chroma collections and BM25 for each audience, and the catalogue. Readers open the
one that `current.json` names, so a run that is stopped half-way leaves the old index answering.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from ingest.catalogue import Catalogue, pointed_at
from ingest.errors import IndexMissing, IndexUnwritable
from ingest.lexical import Lexical, save_lexical
from ingest.manifest import Audience
from ingest.rows import HEAD, Row, block_rows, passage_rows
from ingest.split import Passage

WINDOW = 4096
"""Rows embedded and written at once: texts of like length share a batch, and memory stays bounded."""
BOTH: tuple[Audience, ...] = ("staff", "partner")
TABLES = ("passages", "blocks")
HNSW = {"hnsw": {"space": "cosine", "ef_construction": 100, "ef_search": 200, "max_neighbors": 32}}


def write_generation(
    folder: Path, documents: Iterable[tuple[Passage, ...]], embeddings: Embeddings, old: Path | None, written: Callable[[str, int], None]
) -> int:
    """Fill `folder` with the collections and BM25 of both audiences; returns how many texts had to be embedded.

    `written` hears each document's source id and number of passages when its rows are stored. Raises IndexUnwritable
    when Chroma does not hold every row at the end.
    """
    embedded = 0
    texts: dict[str, dict[str, str]] = {name: {} for audience in BOTH for name in (*lexical_names(audience), block_lexical_name(audience))}
    counts: dict[str, int] = {}
    with _chroma(folder) as client, _old_vectors(old) as known:
        tables = {(a, t): client.create_collection(f"{a}-{t}", configuration=HNSW, embedding_function=None) for a in BOTH for t in TABLES}
        for window in _windows(documents):
            rows = {"passages": [r for group in window for r in passage_rows(group)], "blocks": [r for group in window for r in block_rows(group)]}
            vectors, new = _vectors([row.text for part in rows.values() for row in part], window, embeddings, known)
            embedded += new
            for (audience, table), collection in tables.items():
                chosen = [row for row in rows[table] if audience == "staff" or row.for_everyone]
                _add(collection, chosen, vectors)
                counts[f"{audience}-{table}"] = counts.get(f"{audience}-{table}", 0) + len(chosen)
            for group in window:
                source = group[0].section.document.source
                for audience in BOTH if source.audience == "everyone" else BOTH[:1]:
                    texts[lexical_names(audience)[bool(source.translation_of)]] |= {p.id: p.in_context for p in group}
                    if not source.translation_of:
                        texts[block_lexical_name(audience)] |= {row.id: row.text for row in block_rows(group) if not row.id.endswith(HEAD)}
                written(source.id, len(group))
    for name, held in texts.items():
        save_lexical(folder / "lexical" / name, list(held), list(held.values()))
    _prove(folder, counts, {name: len(held) for name, held in texts.items()})
    return embedded


def switch_to(data: Path, catalogue: Catalogue, corpus: Path, keep_previous: bool = True) -> None:
    """Make the generation the one that readers open; the one before it is kept for readers that still use it."""
    catalogue.save(data / "generations" / catalogue.generation)
    before = pointed_at(data).get("generation") if keep_previous else None
    partial = data / "current.json.partial"
    with partial.open("w", encoding="utf-8") as file:
        json.dump({"generation": catalogue.generation, "previous": before, "corpus": str(corpus.resolve())}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, data / "current.json")
    delete_unused(data)


def delete_unused(data: Path, keep_previous: bool = True) -> None:
    """Remove what no reader may open any more: other generations, and the texts that none of the kept ones cites."""
    named = pointed_at(data)
    generations = {named.get("generation"), named.get("previous") if keep_previous else None}
    folder = data / "generations"
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in generations:
            shutil.rmtree(path, ignore_errors=True)
    kept = {version for name in generations if name for version in _versions(folder / name)}
    for path in (data / "texts").glob("*"):
        if path.stem not in kept:
            path.unlink(missing_ok=True)


def _versions(generation: Path) -> set[str]:
    """The texts that a generation cites; none for one that an older version of this program made."""
    try:
        return {entry.version for entry in Catalogue.load(generation).entries}
    except IndexMissing:
        return set()


def lexical_names(audience: Audience) -> tuple[str, str]:
    """The folders of an audience's two BM25 indexes: translations have one of their own, so that they change no other score."""
    return audience, f"{audience}-translations"


def block_lexical_name(audience: Audience) -> str:
    """The folder of the BM25 index over whole blocks."""
    return f"{audience}-blocks"


def open_chroma(folder: Path):
    """A Chroma client on a generation's folder that reports nothing to anyone."""
    import chromadb

    return chromadb.PersistentClient(path=str(folder / "chroma"), settings=chromadb.Settings(anonymized_telemetry=False))


def rows_held(folder: Path, audience: Audience) -> dict[str, dict[str, str]]:
    """The rows in Chroma by table: id of each row, and the source it belongs to. Read in pages."""
    with _chroma(folder) as client:
        return {table: dict(_held(client.get_collection(f"{audience}-{table}", embedding_function=None))) for table in TABLES}


def _held(collection) -> Iterator[tuple[str, str]]:
    for offset in range(0, collection.count(), WINDOW):
        page = collection.get(limit=WINDOW, offset=offset, include=["metadatas"])
        yield from ((i, str(m["source"])) for i, m in zip(page["ids"], page["metadatas"]))


def _windows(documents: Iterable[tuple[Passage, ...]]) -> Iterator[list[tuple[Passage, ...]]]:
    """Documents in groups of about `WINDOW` rows; those without a passage have nothing to store."""
    window: list[tuple[Passage, ...]] = []
    for group in documents:
        if group:
            window.append(group)
        if sum(map(len, window)) * 2 >= WINDOW:
            yield window
            window = []
    if window:
        yield window


def _vectors(texts: list[str], window: list[tuple[Passage, ...]], embeddings: Embeddings, known: Callable) -> tuple[dict[str, np.ndarray], int]:
    """The vector of every text, and how many were not in the old generation."""
    vectors = known([group[0].section.document.source.id for group in window])
    new = [text for text in dict.fromkeys(texts) if text not in vectors]
    made = np.asarray(embeddings.embed_documents(new) if new else [], dtype=np.float32)
    return {**vectors, **dict(zip(new, made))}, len(new)


def _add(collection, rows: list[Row], vectors: dict[str, np.ndarray]) -> None:
    for start in range(0, len(rows), WINDOW):
        part = rows[start : start + WINDOW]
        collection.add(
            ids=[r.id for r in part],
            embeddings=np.stack([vectors[r.text] for r in part]),
            documents=[r.text for r in part],
            metadatas=[r.metadata for r in part],
        )


def _prove(folder: Path, counts: dict[str, int], lexical: dict[str, int]) -> None:
    """Count what was written, as a reader will find it."""
    with _chroma(folder) as client:
        held = {name: client.get_collection(name, embedding_function=None).count() for name in counts}
    for name, expected in lexical.items():
        held[f"{name}-lexical"] = len(Lexical(folder / "lexical" / name).ids)
        counts = {**counts, f"{name}-lexical": expected}
    wrong = [f"{name}: {held[name]} of {expected}" for name, expected in counts.items() if held[name] != expected]
    if wrong:
        raise IndexUnwritable(f"The new index in {folder} lacks rows ({'; '.join(wrong)}); the old one stays in use. Check the disk and run again.")


@contextmanager
def _chroma(folder: Path) -> Iterator:
    """A client that is closed behind the `with` block."""
    client = open_chroma(folder)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def _old_vectors(old: Path | None) -> Iterator[Callable[[list[str]], dict[str, np.ndarray]]]:
    """Looks up the old generation's vectors by source ids; keys are texts, so moved words are not embedded again."""
    if old is None:
        yield lambda _: {}
        return
    with _chroma(old) as client:
        tables = [client.get_collection(f"staff-{table}", embedding_function=None) for table in TABLES]

        def lookup(sources: list[str]) -> dict[str, np.ndarray]:
            found = [table.get(where={"source": {"$in": sources}}, include=["embeddings", "documents"]) for table in tables]
            return {text: vector for part in found for text, vector in zip(part["documents"], part["embeddings"])}

        yield lookup
