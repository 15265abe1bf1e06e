"""Write a new generation of the index beside the old one, then switch to it.

A generation is a folder of its own: Chroma collections and BM25 for each audience, and the catalogue. Readers open the
one that `current.json` names, so a run that is stopped half-way leaves the old index answering.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from langchain_core.embeddings import Embeddings

from ingest.catalogue import Catalogue
from ingest.lexical import save_lexical
from ingest.manifest import Audience
from ingest.split import Passage, plain

EMBED_BATCH = 256
LED = ":led"
HEAD = ":head"
BOTH: tuple[Audience, ...] = ("staff", "partner")


@dataclass(frozen=True, slots=True)
class Row:
    """What Chroma stores: an opaque id, the text that is embedded, flat metadata, and whether partners may see it."""

    id: str
    text: str
    metadata: dict[str, str | int]
    for_everyone: bool


def passage_rows(passages: tuple[Passage, ...]) -> Iterator[Row]:
    """In reading order a row for each passage's own words, and one more where a lead-in introduces them."""
    for order, passage in enumerate(passages):
        section = passage.section
        shared = section.document.source.audience == "everyone"
        metadata: dict[str, str | int] = {
            "source": section.document.source.id,
            "start": passage.span.start,
            "end": passage.span.end,
            "lead": ";".join(f"{s.start}-{s.end}" for s in passage.lead),
            "kind": passage.kind,
            "trail": " > ".join(section.trail),
            "section_start": section.start,
            "section_end": section.end,
            "page": section.document.page_at(passage.span.start) or 0,
            "order": order,
            "block": block_id(passage),
        }
        yield Row(passage.id, plain(passage.text), metadata, shared)
        if passage.lead:
            yield Row(passage.id + LED, plain(f"{passage.lead_text} {passage.text}"), {"of": passage.id}, shared)


def block_rows(passages: tuple[Passage, ...]) -> Iterator[Row]:
    """A row for each block's whole text, and one for what stands above it: heading and lead-in."""
    members: dict[str, list[Passage]] = {}
    for passage in passages:
        members.setdefault(block_id(passage), []).append(passage)
    for name, group in members.items():
        source = group[0].section.document.source
        heading, lead = group[-1].heading, group[-1].lead_text
        metadata: dict[str, str | int] = {"source": source.id, "members": ",".join(p.id for p in group)}
        shared = source.audience == "everyone"
        own = " ".join(p.text for p in group if p.kind != "lead") or group[0].text
        yield Row(name, plain(". ".join(part for part in (heading, lead, own) if part)), metadata, shared)
        yield Row(name + HEAD, plain(". ".join(part for part in (heading, lead) if part)), {**metadata, "of": name}, shared)


def block_id(passage: Passage) -> str:
    """The opaque name of the block that a passage belongs to."""
    return f"b{passage.section.document.version[:12]}-{passage.section.document.source.id}-{passage.section.start}-{passage.block}"


def write_generation(
    folder: Path, documents: list[tuple[Passage, ...]], embeddings: Embeddings, old: Path | None, progress: Callable[[int, int], None]
) -> int:
    """Fill `folder` with the collections and BM25 of both audiences; returns how many texts had to be embedded."""
    passages = [row for group in documents for row in passage_rows(group)]
    blocks = [row for group in documents for row in block_rows(group)]
    texts = {p.id: (p.in_context, p.section.document.source.audience == "everyone") for group in documents for p in group}
    embedded = 0
    total = len(passages) + len(blocks)
    done = 0
    with _chroma(folder) as client, _known(old) as known:
        for name, rows in (("passages", passages), ("blocks", blocks)):
            collections = {a: client.create_collection(f"{a}-{name}", configuration=HNSW, embedding_function=None) for a in BOTH}
            for start in range(0, len(rows), EMBED_BATCH):
                batch = rows[start : start + EMBED_BATCH]
                vectors = known(name, batch)
                new = [row for row in batch if row.id not in vectors]
                vectors |= dict(zip((r.id for r in new), embeddings.embed_documents([r.text for r in new]) if new else []))
                embedded += len(new)
                for audience, collection in collections.items():
                    _add(collection, [r for r in batch if audience == "staff" or r.for_everyone], vectors)
                done += len(batch)
                progress(done, total)
    for audience in BOTH:
        seen = {i: text for i, (text, everyone) in texts.items() if audience == "staff" or everyone}
        save_lexical(folder / "lexical" / audience, list(seen), list(seen.values()))
    return embedded


def switch_to(data: Path, catalogue: Catalogue) -> None:
    """Make the generation the one that readers open; the one before it is kept for readers that still use it."""
    catalogue.save(data / "generations" / catalogue.generation)
    pointer = data / "current.json"
    partial = data / "current.json.partial"
    before = json.loads(pointer.read_text(encoding="utf-8"))["generation"] if pointer.is_file() else None
    partial.write_text(json.dumps({"generation": catalogue.generation}), encoding="utf-8")
    os.replace(partial, pointer)
    for folder in (data / "generations").iterdir():
        if folder.name not in (catalogue.generation, before):
            shutil.rmtree(folder, ignore_errors=True)
    kept = {e.version for e in catalogue.entries}
    if before and (data / "generations" / before).is_dir():
        kept |= {e.version for e in Catalogue.load(data / "generations" / before).entries}
    for text in (data / "texts").glob("*.txt"):
        if text.stem not in kept:
            text.unlink()


HNSW = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}}


def open_chroma(folder: Path):
    """A Chroma client on a generation's folder that reports nothing to anyone."""
    import chromadb

    return chromadb.PersistentClient(path=str(folder / "chroma"), settings=chromadb.Settings(anonymized_telemetry=False))


def _add(collection, rows: list[Row], vectors: dict[str, list[float]]) -> None:
    if rows:
        collection.add(
            ids=[r.id for r in rows],
            embeddings=[vectors[r.id] for r in rows],
            documents=[r.text for r in rows],
            metadatas=[r.metadata for r in rows],
        )


class _chroma:
    """A client that is closed behind the `with` block."""

    def __init__(self, folder: Path) -> None:
        self.client = open_chroma(folder)

    def __enter__(self):
        return self.client

    def __exit__(self, *_: object) -> None:
        self.client.close()


class _known:
    """Vectors of the old generation, by row id and text, so that an unchanged document is not embedded again."""

    def __init__(self, old: Path | None) -> None:
        self.client = open_chroma(old) if old else None

    def __enter__(self) -> Callable[[str, list[Row]], dict[str, list[float]]]:
        return self._vectors

    def __exit__(self, *_: object) -> None:
        if self.client:
            self.client.close()

    def _vectors(self, name: str, rows: list[Row]) -> dict[str, list[float]]:
        if self.client is None:
            return {}
        wanted = {row.id: row.text for row in rows}
        found = self.client.get_collection(f"staff-{name}", embedding_function=None).get(ids=list(wanted), include=["embeddings", "documents"])
        return {i: v.tolist() for i, v, text in zip(found["ids"], found["embeddings"], found["documents"]) if wanted[i] == text}
