"""A sentence comes with what limits it and with what it leans on."""

from collections.abc import Iterator

import pytest

from assistant.nearby import with_neighbours
from assistant.search import Searcher
from evals.bench.sets import Text
from evals.bench.shelf import Stock, Vectors
from ingest.embed import load_embeddings

POLICY = """## Travel

The fund pays for train tickets. However, first class is not paid. Receipts are kept for six years.

## Visits

Two staff members visit each project once a year. They bring a printed agenda. This does not include emergency visits.

## Board

The board meets in May. Unless a member objects, minutes are sent by post.
"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    with Stock([Text("rules", POLICY)], Vectors(load_embeddings("partnership-minilm", tmp_path_factory.mktemp("data")))) as stock:
        yield stock.shelf()


def said(shelf: Searcher, *starts: str) -> list[str]:
    every = shelf.fetch([row.id for row in shelf._passages._table._rows if "of" not in row.metadata])
    hits = tuple(next(hit for hit in every if hit.plain_text.startswith(start)) for start in starts)
    return [hit.plain_text for hit in with_neighbours(hits, shelf)]


def test_a_limit_comes_behind_its_sentence(shelf: Searcher) -> None:
    assert said(shelf, "The fund") == ["The fund pays for train tickets.", "However, first class is not paid."]


def test_a_sentence_that_leans_on_the_one_before_brings_it_and_its_own_limit(shelf: Searcher) -> None:
    wanted = ["Two staff members visit each project once a year.", "They bring a printed agenda.", "This does not include emergency visits."]
    assert said(shelf, "They bring") == wanted


def test_other_neighbours_stay_away_and_nothing_is_said_twice(shelf: Searcher) -> None:
    assert said(shelf, "Receipts") == ["Receipts are kept for six years."]
    assert said(shelf, "The fund", "However") == ["The fund pays for train tickets.", "However, first class is not paid."]
