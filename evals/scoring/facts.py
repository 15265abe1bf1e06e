"""Facts: which of a case's nuggets a text tells, and where the search ranked the passages that hold them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.support import Checker
from evals import metrics
from evals.casebook.schema import Nugget
from evals.folder import Answered
from evals.stored import Stored

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Told:
    """A nugget in an answer: the words that tell it, or None."""

    nugget: Nugget
    by: str | None


def matches(pattern: str, texts: Iterable[str]) -> bool:
    """Whether a regular expression finds something in any of the texts."""
    return any(re.search(pattern, text) for text in texts)


def told_by(text: str, statements: Sequence[str], nuggets: Sequence[Nugget], checker: Checker) -> tuple[Told, ...]:
    """Each nugget with the words that tell it: a pattern's match in the text, or the statements that say what it means."""
    return tuple(Told(nugget, _words(text, statements, nugget, checker)) for nugget in nuggets)


def _words(text: str, statements: Sequence[str], nugget: Nugget, checker: Checker) -> str | None:
    found = nugget.matched(text)
    if found:
        return found[0]
    if nugget.means and statements and checker.check(nugget.means, list(statements)).supported:
        return nugget.means
    return None


@dataclass(frozen=True, slots=True)
class Ranking:
    """How the search ranked: `ranks` the place of each fact that an expected document holds, `relevant` whether each found passage holds one."""

    ranks: tuple[metrics.Rank, ...]
    relevant: tuple[bool, ...]
    total: int

    def recall_at(self, k: int) -> float:
        """Facts whose passage is among the first k."""
        return metrics.recall_at(self.ranks, k)

    def f2_at(self, k: int) -> float:
        """F2 of the share of the first k passages that hold a fact and of the facts that they hold."""
        first = self.relevant[:k]
        return metrics.f_beta(metrics.share(sum(first), len(first)), self.recall_at(k), 2.0) if self.ranks else metrics.NAN

    def ndcg_at(self, k: int) -> float:
        """nDCG over the passages that hold a fact, of which the expected documents have `total`."""
        places = [place for place, is_relevant in enumerate(self.relevant, start=1) if is_relevant]
        return metrics.ndcg_at([*places, *[None] * max(0, self.total - len(places))], k)


def ranking(row: Answered, stored: Stored) -> Ranking:
    """The retrieval of a case, over the facts that a passage of an expected document holds; what is a remark is no passage's."""
    passages = [text for source in row.expected_sources for text in stored.passages(source)]
    nuggets = [n for n in row.expected_nuggets if not n.remark and any(n.matched(text) for text in passages)]

    def holds(text: str) -> bool:
        return any(n.matched(text) for n in nuggets)

    expected = [(place, hit) for place, hit in enumerate(row.retrieved, start=1) if hit.source in row.expected_sources]
    ranks = tuple(next((place for place, hit in expected if n.matched(hit.text)), None) for n in nuggets)
    relevant = tuple(hit.source in row.expected_sources and holds(hit.text) for hit in row.retrieved)
    return Ranking(ranks, relevant, sum(holds(text) for text in passages))
