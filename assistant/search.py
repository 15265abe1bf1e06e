"""Search one generation of the index for one audience: dense and lexical, over passages and their blocks."""

import re
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from ingest.catalogue import Catalogue, Entry, current_generation, stored_text
from ingest.embed import model_identity
from ingest.errors import IndexMismatch
from ingest.index import open_chroma
from ingest.lexical import Lexical, words
from ingest.manifest import Audience, Source
from ingest.rows import HEAD, LED, spans_of
from ingest.spans import Span
from ingest.split import CHUNKING, plain

CANDIDATES = 40
TOP_BLOCKS = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with what is needed to quote it and how well it matched.

    `dense`, `block_score` and `head_score` are cosines of the question with the passage, with its whole block, and with
    the heading and lead-in above; `lexical` is BM25 divided by the best BM25 of the search.
    """

    id: str
    source: Source
    version: str
    kind: str
    span: Span
    lead: tuple[Span, ...]
    trail: str
    section: Span
    page: int | None
    order: int
    block: str
    text: str
    lead_text: str
    notes: tuple[Span, ...]
    note_text: str
    dense: float
    block_score: float
    head_score: float
    lexical: float

    @property
    def plain_text(self) -> str:
        """The words as a person reads them, markup gone."""
        return plain(self.text)

    @property
    def heading(self) -> str:
        """The nearest heading without its number."""
        return re.sub(r"^(?:\d+(?:\.\d+)*[.)]?|[ivxlc]+[.)])\s+", "", self.trail.split(" > ")[-1])

    @property
    def label(self) -> str:
        """What stands before the colon or dash of a labelled item ("Solidarity: …"), or nothing."""
        match = re.match(r"((?:[\w’'/&-]+ ?){1,5})(?::| [–—-] )", self.plain_text)
        return match[1] if match else ""


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be searched: vectors (one or more, each of length 1) and stemmed terms."""

    vectors: tuple[tuple[float, ...], ...]
    terms: tuple[str, ...]


class Searcher:
    """The index as one audience sees it; it opens nothing that the audience may not know of."""

    def __init__(self, data: Path, generation: Path, catalogue: Catalogue, audience: Audience) -> None:
        self.catalogue, self.audience = catalogue, audience
        self.entries: dict[str, Entry] = {e.source.id: e for e in catalogue.visible_to(audience)}
        self._data = data
        self._client = open_chroma(generation)
        self._passages = self._client.get_collection(f"{audience}-passages", embedding_function=None)
        self._blocks = self._client.get_collection(f"{audience}-blocks", embedding_function=None)
        self.lexical = Lexical(generation / "lexical" / audience)
        self._texts: dict[str, str] = {}

    def search(self, query: Query) -> tuple[Hit, ...]:
        """Candidates for the question, unordered: the best of both searches and the members of the best blocks."""
        if not self.entries or not query.vectors:
            return ()
        lexical = dict(self.lexical.search(list(query.terms), CANDIDATES))
        top = max(lexical.values(), default=1.0)
        wanted = dict.fromkeys(lexical)
        for collection, k in ((self._passages, CANDIDATES), (self._blocks, TOP_BLOCKS)):
            found = collection.query(query_embeddings=[list(v) for v in query.vectors], n_results=k, include=["metadatas"])
            for ids, metadatas in zip(found["ids"], found["metadatas"]):
                for row_id, metadata in zip(ids, metadatas):
                    members = metadata["members"].split(",") if "members" in metadata else [metadata.get("of", row_id)]
                    wanted |= dict.fromkeys(members)
        return self._hits(list(wanted), query, {i: score / top for i, score in lexical.items()})

    def fetch(self, ids: list[str]) -> tuple[Hit, ...]:
        """Passages by id, unscored, in reading order; for the rest of a list whose part was found."""
        return tuple(sorted(self._hits(ids, Query((), ()), {}), key=lambda h: h.order))

    def siblings(self, hit: Hit) -> tuple[Hit, ...]:
        """All passages of the hit's block in reading order."""
        found = self._blocks.get(ids=[hit.block], include=["metadatas"])
        return self.fetch(found["metadatas"][0]["members"].split(",")) if found["ids"] else (hit,)

    def text_of(self, version: str) -> str:
        """The stored text of a version."""
        if version not in self._texts:
            self._texts[version] = stored_text(self._data, version)
        return self._texts[version]

    def at_home(self, phrase: str) -> bool:
        """Whether the words stand together in a document that the home organisation published."""
        home = self.catalogue.home or ""
        wanted = " ".join(words(phrase))
        own = [e for e in self.entries.values() if home and (e.source.publisher or "").startswith(home)]
        return any(wanted in " ".join(words(self.text_of(e.version))) for e in own)

    def close(self) -> None:
        """Release the files of the generation."""
        self._client.close()

    def _hits(self, ids: list[str], query: Query, lexical: dict[str, float]) -> tuple[Hit, ...]:
        if not ids:
            return ()
        rows = self._passages.get(ids=[*ids, *(i + LED for i in ids)], include=["metadatas", "embeddings"])
        metadata = {i: m for i, m in zip(rows["ids"], rows["metadatas"]) if "of" not in m}
        dense = dict(zip(rows["ids"], _cosines(rows["embeddings"], query)))
        blocks = list(dict.fromkeys(m["block"] for m in metadata.values()))
        found = self._blocks.get(ids=[*blocks, *(b + HEAD for b in blocks)], include=["embeddings"])
        block = dict(zip(found["ids"], _cosines(found["embeddings"], query)))
        return tuple(
            self._hit(i, m, max(dense[i], dense.get(i + LED, -1.0)), block[m["block"]], block[m["block"] + HEAD], lexical.get(i, 0.0))
            for i, m in metadata.items()
        )

    def _hit(self, row_id: str, metadata: dict, dense: float, block: float, head: float, lexical: float) -> Hit:
        entry = self.entries[metadata["source"]]
        text = self.text_of(entry.version)
        span = Span(metadata["start"], metadata["end"])
        lead, notes = spans_of(metadata["lead"]), spans_of(metadata["notes"])
        return Hit(
            id=row_id,
            source=entry.source,
            version=entry.version,
            kind=metadata["kind"],
            span=span,
            lead=lead,
            trail=metadata["trail"],
            section=Span(metadata["section_start"], metadata["section_end"]),
            page=metadata["page"] or None,
            order=metadata["order"],
            block=metadata["block"],
            text=text[span.start : span.end],
            lead_text=plain(" ".join(text[s.start : s.end] for s in lead)),
            notes=notes,
            note_text=plain(" ".join(text[s.start : s.end] for s in notes)),
            dense=dense,
            block_score=block,
            head_score=head,
            lexical=lexical,
        )


def _cosines(vectors: np.ndarray, query: Query) -> list[float]:
    """The best cosine of each row with the query's vectors; zeros for a query without any."""
    if not query.vectors:
        return [0.0] * len(vectors)
    return (np.asarray(vectors) @ np.asarray(query.vectors, dtype=np.float32).T).max(axis=1).tolist()


def check_made_with(model: str, catalogue: Catalogue, data: Path) -> None:
    """Raise IndexMismatch unless the index was made with this embedding model and today's splitting."""
    wanted = (model_identity(model), CHUNKING)
    if (catalogue.model, catalogue.chunking) != wanted:
        raise IndexMismatch(
            f"The index in {data} was made with {catalogue.model} and splitting {catalogue.chunking}, "
            f"but {wanted[0]} and {wanted[1]} are set. Make it anew with: guidance ingest --data {data}"
        )


class Library:
    """Opens the current generation and, when an ingestion has ended, the next one: at the next question."""

    def __init__(self, data: Path, embeddings: Embeddings, model: str) -> None:
        self.data, self.embeddings, self._model = data, embeddings, model
        self._open: dict[Audience, tuple[str, Searcher]] = {}
        self._before: dict[Audience, Searcher | None] = {}  # another question may still be at it; closed one switch later
        self._lock = threading.Lock()

    def searcher(self, audience: Audience) -> Searcher:
        """The current searcher for an audience. Raises IndexMissing or IndexMismatch."""
        with self._lock:
            generation = current_generation(self.data)
            name, searcher = self._open.get(audience, ("", None))
            if searcher is None or name != generation.name:
                catalogue = Catalogue.load(generation)
                check_made_with(self._model, catalogue, self.data)
                self._close(self._before.get(audience))
                self._before[audience] = searcher
                searcher = Searcher(self.data, generation, catalogue, audience)
                self._open[audience] = (generation.name, searcher)
            return searcher

    @staticmethod
    def _close(searcher: Searcher | None) -> None:
        if searcher is not None:
            searcher.close()
