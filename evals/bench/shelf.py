"""A shelf: the passages of a public set in memory, each as a document, searched as the assistant searches its index.

Documents are split, and their rows made, by ingestion's own code; the search is the assistant's `Searcher` on tables
that live in memory in the place of Chroma's. Nothing is written but BM25, to a folder that goes with the stock.
"""

import hashlib
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.hit import Hit
from assistant.kept import Kept
from assistant.retrieve import Evidence, Retriever, Turn
from assistant.rerank import Readers, load_readers
from assistant.search import Searcher
from assistant.settings import Settings
from assistant.thesaurus import Thesaurus, packaged
from assistant.triage import TriageVerdict
from evals.bench.sets import Text
from ingest.catalogue import Catalogue, Entry
from ingest.embed import PUBLISHED, load_embeddings
from ingest.lexical import Lexical, save_lexical
from ingest.manifest import Audience, Source
from ingest.notes import passages_of
from ingest.read import Document
from ingest.rows import HEAD, Row, block_rows, passage_rows
from ingest.split import CHUNKING, Passage

PARTED = "\n\n"
WINDOW = 512
"""Texts embedded between two steps of the progress bar."""

Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """A progress that nobody watches."""


class Vectors:
    """An embedding model that makes no vector twice, for as long as a run lasts. Vectors have length 1."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._documents: dict[str, np.ndarray] = {}
        self._queries: dict[str, np.ndarray] = {}

    def embed(self, texts: Iterable[str], progress: Progress = silent) -> None:
        """Make the vectors of these texts that are not there yet."""
        new = [text for text in dict.fromkeys(texts) if text not in self._documents]
        for start in range(0, len(new), WINDOW):
            part = new[start : start + WINDOW]
            self._documents |= zip(part, np.asarray(self._embeddings.embed_documents(part), dtype=np.float32))
            progress("embedding", start + len(part), len(new))

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """One row for each text."""
        self.embed(texts)
        return np.stack([self._documents[text] for text in texts]) if texts else np.zeros((0, 0), dtype=np.float32)

    def vector_of(self, text: str) -> np.ndarray:
        """The vector of a question or message."""
        if text not in self._queries:
            self._queries[text] = np.asarray(self._embeddings.embed_query(text))
        return self._queries[text]


class Table:
    """The two calls of a Chroma collection that a search makes, over rows in memory; the nearest are found exactly."""

    def __init__(self, rows: Sequence[Row], vectors: Vectors) -> None:
        self._rows, self._vectors = rows, vectors.of([row.text for row in rows])
        self._places = {row.id: place for place, row in enumerate(rows)}

    def query(self, query_embeddings: list[list[float]], n_results: int, include: list[str]) -> dict[str, Any]:
        """The rows nearest to a vector, as lists in a list."""
        near = self._vectors @ np.asarray(query_embeddings[0], dtype=np.float32) if self._rows else np.zeros(0)
        found = [self._rows[place] for place in np.argsort(-near, kind="stable")[:n_results]]
        return {"ids": [[row.id for row in found]], "metadatas": [[row.metadata for row in found]]}

    def get(self, ids: list[str], include: list[str]) -> dict[str, Any]:
        """The rows with these ids; those that the table does not hold are left out."""
        places = [self._places[row_id] for row_id in dict.fromkeys(ids) if row_id in self._places]
        found = [self._rows[place] for place in places]
        return {"ids": [row.id for row in found], "metadatas": [row.metadata for row in found], "embeddings": self._vectors[places]}


@dataclass(frozen=True, slots=True)
class Filed:
    """A document with its passages in reading order, and where in it each passage of the set begins."""

    document: Document
    passages: tuple[Passage, ...]
    starts: tuple[int, ...]
    ids: tuple[str, ...]

    @property
    def entry(self) -> Entry:
        """The document as the catalogue names it."""
        return Entry(self.document.source, self.document.version, (), len(self.passages))


class Shelf(Searcher):
    """Some documents of a stock as one corpus: everybody's, of a home without a name."""

    def __init__(self, filed: tuple[Filed, ...], lexicals: tuple[Lexical, Lexical, Lexical], vectors: Vectors) -> None:
        entries = tuple(one.entry for one in filed if one.passages)  # ingestion stores nothing of the others
        self.catalogue = Catalogue("bench", "", "", CHUNKING, None, entries, (), ())
        self.audience: Audience = "partner"
        self.entries = {entry.source.id: entry for entry in entries}
        self.lexical, self.lexical_blocks, self._translated = lexicals
        self._collection = Table([row for one in filed for row in passage_rows(one.passages)], vectors)
        self._passages = Kept(self._collection)
        self._blocks = Kept(Table([row for one in filed for row in block_rows(one.passages)], vectors))
        self.language = "en"
        self._readers: dict[str, Searcher] = {"en": self}
        self._texts = {one.document.version: one.document.text for one in filed}

    def close(self) -> None:
        """Nothing is held open."""


class Stock:
    """The texts of a set, split once, under one BM25; a context manager that takes its folder away again."""

    def __init__(self, texts: Iterable[Text], vectors: Vectors) -> None:
        self._vectors = vectors
        groups: dict[str, list[Text]] = {}
        for text in texts:
            groups.setdefault(text.group or text.id, []).append(text)
        self._filed = {name: filed(name, group) for name, group in groups.items()}
        self._folder = tempfile.TemporaryDirectory(prefix="guidance-bench-", ignore_cleanup_errors=True)
        held = [passage for one in self._filed.values() for passage in one.passages]
        blocks = [row for one in self._filed.values() for row in block_rows(one.passages) if not row.id.endswith(HEAD)]
        tables = ((p.id, p.in_context) for p in held), ((row.id, row.text) for row in blocks), ()
        self.lexicals = tuple(self._saved(str(number), dict(table)) for number, table in enumerate(tables))

    def _saved(self, name: str, texts: dict[str, str]) -> Lexical:
        folder = Path(self._folder.name) / name
        save_lexical(folder, list(texts), list(texts.values()))
        return Lexical(folder)

    def __enter__(self) -> "Stock":
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def shelf(self, *ids: str) -> Shelf:
        """These documents as a corpus, with the word statistics of the whole stock; without ids all of it."""
        return Shelf(tuple(self._filed[i] for i in ids or self._filed), self.lexicals, self._vectors)

    def passage(self, hit: Hit) -> str:
        """The id of the set's passage that a hit stands in."""
        filed = self._filed[hit.source.id]
        return filed.ids[bisect_right(filed.starts, hit.span.start) - 1]

    def embed(self, ids: Iterable[str] = (), progress: Progress = silent) -> None:
        """Make the vectors that the shelves of these documents need, in large batches; without ids those of all."""
        groups = [self._filed[i].passages for i in dict.fromkeys(ids) or self._filed]
        self._vectors.embed((row.text for group in groups for rows in (passage_rows, block_rows) for row in rows(group)), progress)


def filed(name: str, texts: Sequence[Text]) -> Filed:
    """Passages of a set, in order, as a document; the title of each, where it has one, is a heading."""
    parts = [_headed(text) for text in texts]
    starts = tuple(accumulate((len(part) + len(PARTED) for part in parts[:-1]), initial=0))
    words = PARTED.join(parts)
    version = hashlib.sha256(words.encode()).hexdigest()
    document = Document(Source(name, name, audience="everyone"), words, version)
    return Filed(document, passages_of(document), starts, tuple(text.id for text in texts))


def _headed(text: Text) -> str:
    title = " ".join(text.title.split())
    return (f"# {title}\n\n{text.text}" if title else text.text).replace("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Calm:
    """A triage that takes every message for a question: what is measured is search, not screening."""

    def judge(self, message: str) -> TriageVerdict:
        """No alarm."""
        return TriageVerdict(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class OneShelf:
    """What a Retriever asks of its library, with one shelf for everybody."""

    shelf: Shelf
    vectors: Vectors
    multilingual: bool = False

    def searcher(self, audience: Audience) -> Shelf:
        """The shelf."""
        return self.shelf

    def vector_of(self, text: str) -> np.ndarray:
        """The vector of a question or message."""
        return self.vectors.vector_of(text)


@dataclass(frozen=True, slots=True)
class Parts:
    """The models of a run: the assistant's own, and the one of the plain recipe."""

    vectors: Vectors
    plain: Vectors
    readers: Readers
    thesaurus: Thesaurus

    @classmethod
    def from_settings(cls, settings: Settings) -> "Parts":
        """Load what is set; the plain recipe's model is always MiniLM. Raises ModelFilesError."""
        vectors = Vectors(load_embeddings(settings.embedding_model, settings.data))
        plain = vectors if settings.embedding_model == PUBLISHED else Vectors(load_embeddings(PUBLISHED, settings.data))
        return cls(vectors, plain, load_readers(settings.reranker), packaged())

    def evidence(self, turn: Turn, shelf: Shelf) -> Evidence:
        """What the assistant finds on the shelf for a turn."""
        return Retriever(OneShelf(shelf, self.vectors), Calm(), self.readers, self.thesaurus).retrieve(turn)
