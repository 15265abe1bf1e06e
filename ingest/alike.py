"""Documents whose texts are the same, or nearly: two editions, a copy under another name."""

import re
from dataclasses import dataclass

from ingest.read import Document

SHINGLE = 5
NEARLY = 0.6
PERMUTATIONS = 64


@dataclass(frozen=True, slots=True)
class Pair:
    """Two source ids, and the share of five-word runs that their texts have in common (Jaccard; 1.0 is the same)."""

    first: str
    second: str
    share: float

    @property
    def sentence(self) -> str:
        """For the person who keeps the documents."""
        if self.share == 1.0:
            return f"{self.first} and {self.second} have the same text. Remove one with: guidance sources remove {self.second}"
        return f"{self.first} and {self.second} are alike ({min(99, round(100 * self.share))}% of their wording). If one replaces the other, say so in sources.toml."


def find_alike(documents: list[Document]) -> tuple[Pair, ...]:
    """Pairs that share at least `NEARLY` of their wording, candidates found by MinHash and then counted exactly.

    Pairs of which the manifest says that one replaces the other are left out.

    Broder, "On the resemblance and containment of documents" (1997).
    """
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=NEARLY - 0.1, num_perm=PERMUTATIONS)
    shingles: dict[str, frozenset[str]] = {}
    successors = {(d.source.id, d.source.replaced_by) for d in documents}
    found = []
    for document in documents:
        name = document.source.id
        shingles[name] = _shingles(document.text)
        hashed = MinHash(num_perm=PERMUTATIONS, seed=1)
        hashed.update_batch([s.encode() for s in shingles[name]])
        for other in index.query(hashed):
            share = _jaccard(shingles[name], shingles[other])
            if share >= NEARLY and not {(other, name), (name, other)} & successors:
                found.append(Pair(other, name, share))
        index.insert(name, hashed)
    return tuple(found)


def _shingles(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b)
