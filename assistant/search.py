"""Search one generation of the index for one audience: dense and lexical, over passages and their blocks."""

import copy
import functools
import threading
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.hit import Hit, heard, with_translation
from assistant.kept import Kept
from assistant.query import Query
from assistant.translations import Shelf, shelve
from ingest.catalogue import Catalogue, Entry, current_generation, stored_text
from ingest.embed import model_identity
from ingest.errors import IndexMismatch
from ingest.index import block_lexical_name, lexical_names, open_chroma
from ingest.lexical import Lexical, Scores, words
from ingest.manifest import Audience
from ingest.rows import HEAD, LED, spans_of
from ingest.spans import Span
from ingest.split import CHUNKING, plain

CANDIDATES = 40
TOP_BLOCKS = 12
REMEMBERED = 1024
SAME = ("Les femmes préparent le repas du soir dans la cuisine.", "The women are cooking dinner in the kitchen.")
ALIKE = 0.7


class Searcher:
    """The index as one audience sees it; it opens nothing that the audience may not know of."""

    def __init__(self, data: Path, generation: Path, catalogue: Catalogue, audience: Audience) -> None:
        self.catalogue, self.audience = catalogue, audience
        self.entries: dict[str, Entry] = {e.source.id: e for e in catalogue.visible_to(audience)}
        self._data = data
        self._client = open_chroma(generation)
        self._collection = self._client.get_collection(f"{audience}-passages", embedding_function=None)
        self._passages = Kept(self._collection)
        self._blocks = Kept(self._client.get_collection(f"{audience}-blocks", embedding_function=None))
        self.lexical, self._translated = (Lexical(generation / "lexical" / name) for name in lexical_names(audience))
        self.lexical_blocks = Lexical(generation / "lexical" / block_lexical_name(audience))
        self.language = "en"
        self._texts: dict[str, str] = {}
        self._readers: dict[str, Searcher] = {"en": self}

    def for_readers_of(self, language: str) -> "Searcher":
        """The same index as readers of a language see it: with the translations into it, without any others."""
        if language not in self._readers:
            reader = copy.copy(self)
            reader.language = language
            reader.__dict__.pop("_shelf", None)
            self._readers[language] = reader
        return self._readers[language]

    @functools.cached_property
    def _shelf(self) -> Shelf:
        return shelve(self.entries, self.language, self._collection)

    @functools.cached_property
    def bodies(self) -> frozenset[str]:
        """The lower-case words of the names that documents were published under."""
        return frozenset(word for entry in self.entries.values() for word in words(entry.source.publisher or ""))

    def search(self, query: Query) -> tuple[Hit, ...]:
        """Candidates for the question, unordered: the best of both searches and the members of the best blocks."""
        if not self.entries:
            return ()
        lexical, of_blocks = self.lexical.search(query.terms), self.lexical_blocks.search(query.terms)
        wanted = self._candidates(query.vector, (lexical,))
        if query.own is None:
            return self._hits(wanted, query.vector, (lexical,), of_blocks)
        spoken = (self.lexical.search(query.own.terms), self._translated.search(query.own.terms))
        both = list(dict.fromkeys((*wanted, *self._candidates(query.own.vector, spoken))))
        hits = self._hits(both, query.vector, (lexical,), of_blocks)
        theirs = [self._shelf.translated.get(h.id, h.id) for h in hits if h.translated or h.source.language == self.language]
        own = {h.id: h for h in self._scored(theirs, query.own.vector, spoken)}
        return tuple(heard(hit, own.get(self._shelf.translated.get(hit.id, hit.id))) for hit in hits)

    def _candidates(self, vector: tuple[float, ...], lexical: tuple[Scores, ...]) -> list[str]:
        """Row ids of the best of both searches, translations under the ids of their originals or, into other languages, left out."""
        more = 2 if self._shelf.hidden or self._shelf.originals else 1  # what is hidden takes nobody's place
        wanted = [[i for i in scores.best(more * CANDIDATES) if i not in self._shelf.hidden] for scores in lexical]
        ids = [row_id for best in wanted for row_id in best[:CANDIDATES]]
        for collection, k in ((self._passages, CANDIDATES), (self._blocks, TOP_BLOCKS)):
            found = collection.query(query_embeddings=[list(vector)], n_results=more * k, include=["metadatas"])
            members = (m["members"].split(",") if "members" in m else [m.get("of", i)] for i, m in zip(found["ids"][0], found["metadatas"][0]))
            seen = [group for group in members if group[0] not in self._shelf.hidden]
            ids += [row_id for group in seen[:k] for row_id in group]
        return list(dict.fromkeys(self._shelf.originals.get(i, i) for i in ids))

    def fetch(self, ids: list[str]) -> tuple[Hit, ...]:
        """Passages by id, unscored, in reading order; for the rest of a list whose part was found."""
        return tuple(sorted(self._hits(ids), key=lambda h: h.order))

    def siblings(self, hit: Hit) -> tuple[Hit, ...]:
        """All passages of the hit's block in reading order."""
        found = self._blocks.rows([hit.block])
        return self.fetch(found[hit.block][0]["members"].split(",")) if found else (hit,)

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

    def _hits(self, ids: list[str], vector: tuple[float, ...] = (), lexical: tuple[Scores, ...] = (), of_blocks: Scores | None = None) -> tuple[Hit, ...]:
        """Passages by id, each with the one at its place in the translation that the reader knows."""
        beside = {h.id: h for h in self._scored([self._shelf.translated[i] for i in ids if i in self._shelf.translated])}
        hits = self._scored(ids, vector, lexical, of_blocks)
        return tuple(with_translation(hit, beside.get(self._shelf.translated.get(hit.id, ""))) for hit in hits)

    def _scored(self, ids: list[str], vector: tuple[float, ...] = (), lexical: tuple[Scores, ...] = (), of_blocks: Scores | None = None) -> tuple[Hit, ...]:
        if not ids:
            return ()
        rows = self._passages.rows([*ids, *(i + LED for i in ids)])
        metadata = {i: m for i, (m, _) in rows.items() if "of" not in m}
        dense = _cosines(rows, vector)
        blocks = dict.fromkeys(m["block"] for m in metadata.values())
        block = _cosines(self._blocks.rows([*blocks, *(b + HEAD for b in blocks)]), vector)
        return tuple(
            self._hit(
                i, m, dense=max(dense[i], dense.get(i + LED, -1.0)), block_score=block[m["block"]], head_score=block[m["block"] + HEAD],
                lexical=max((scores.of(i) for scores in lexical), default=0.0), block_lexical=of_blocks.of(m["block"]) if of_blocks else 0.0,
            )  # fmt: skip
            for i, m in metadata.items()
        )

    def _hit(self, row_id: str, metadata: dict, **scores: float) -> Hit:
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
            **scores,
        )


def _cosines(rows: dict[str, tuple[dict, np.ndarray]], query: tuple[float, ...]) -> dict[str, float]:
    """The cosine of each row with the query's vector; zeros where there is none."""
    if not query or not rows:
        return dict.fromkeys(rows, 0.0)
    vectors = np.stack([vector for _, vector in rows.values()])
    return dict(zip(rows, (vectors @ np.asarray(query, dtype=np.float32)).tolist()))


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
        self._vector_of = functools.lru_cache(REMEMBERED)(lambda text: np.asarray(embeddings.embed_query(text)))
        self._open: dict[Audience, tuple[str, Searcher]] = {}
        self._before: dict[Audience, Searcher | None] = {}  # another question may still be at it; closed one switch later
        self._lock = threading.Lock()

    @functools.cached_property
    def multilingual(self) -> bool:
        """Whether the embedding model puts a French sentence near its English, which an English model does not."""
        french, english = (self.vector_of(text) for text in SAME)
        return float(french @ english) >= ALIKE

    def vector_of(self, text: str) -> np.ndarray:
        """The vector of a question or message, of length 1; those of a conversation are not made again at each turn."""
        return self._vector_of(text)

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
