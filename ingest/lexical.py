"""Words for the lexical half of the search: BM25 over the same rows that Chroma holds."""

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

STOPWORDS = frozenset(
    "a about above after again all also am an and any are as at be because been before being below between both but by "
    "can could did do does doing down during each few for from further get had has have having he her here hers him his "
    "how i if in into is it its itself just let me more most my no nor not of off on once only or other our ours out over "
    "own please same she should so some such tell than that the their theirs them then there these they this those "
    "through to too under until up us very was we were what when where which while who whom why will with would you your "
    "yours".split()
)


@functools.cache
def _stemmer():
    import Stemmer

    return Stemmer.Stemmer("english")


def words(text: str) -> list[str]:
    """Lower-case words with inner hyphens and apostrophes parted."""
    return re.findall(r"[^\W_]+", text.lower().replace("’s", "").replace("'s", ""))


def terms(text: str) -> list[str]:
    """Stemmed content words: what BM25 counts."""
    return [_stemmer().stemWord(w) for w in words(text) if w not in STOPWORDS]


def save_lexical(folder: Path, ids: list[str], texts: list[str]) -> None:
    """Build BM25 over `texts` and write it to `folder`, ids in the same order."""
    import bm25s

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ids.json").write_text(json.dumps(ids), encoding="utf-8")
    tokens = [terms(text) for text in texts]
    if any(tokens):
        index = bm25s.BM25(method="lucene")
        index.index(tokens, show_progress=False)
        index.save(str(folder / "bm25"))


@dataclass(frozen=True, slots=True)
class Scores:
    """The BM25 of every row, in the order of the index's ids."""

    values: np.ndarray
    index: "Lexical"

    def best(self, k: int) -> list[str]:
        """The ids of the best `k` rows, those without a shared term left out."""
        first = np.argsort(-self.values, kind="stable")[:k]
        return [self.index.ids[i] for i in first if self.values[i] > 0]

    def of(self, row_id: str) -> float:
        """The score of a row, 0 for one that the index does not hold."""
        place = self.index.places.get(row_id)
        return 0.0 if place is None else float(self.values[place])


class Lexical:
    """A saved BM25 index, mapped from disk."""

    def __init__(self, folder: Path) -> None:
        import bm25s

        self.ids: list[str] = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
        self.places = {row_id: place for place, row_id in enumerate(self.ids)}
        self.index = bm25s.BM25.load(str(folder / "bm25"), mmap=True) if (folder / "bm25").is_dir() else None

    def search(self, query: Mapping[str, float]) -> "Scores":
        """BM25 of every row for terms with a weight each: the weighted sum of the terms' own scores."""
        total = np.zeros(len(self.ids), dtype=np.float32)
        if self.index is not None:
            columns = self.index.scores  # a sparse matrix, one column of rows and scores for each term
            for term, weight in query.items():
                if (number := self.index.vocab_dict.get(term)) is not None:
                    held = slice(columns["indptr"][number], columns["indptr"][number + 1])
                    total[columns["indices"][held]] += np.float32(weight) * columns["data"][held]
        return Scores(total, self)

    def knows(self, term: str) -> bool:
        """Whether any row holds the term."""
        return self.index is not None and term in self.index.vocab_dict
