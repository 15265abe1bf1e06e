"""What an answer is made of, on documents small enough to see all of it."""

from collections.abc import Callable, Iterator

import pytest

from assistant.retrieve import Turn
from assistant.select import select
from assistant.settings import Settings
from evals.bench.sets import Text
from evals.bench.shelf import Parts, Stock

FAQ = """## Grants

What does the grant pay for? When can partners apply? Who signs the agreement?

## Travel

The fund pays for train tickets. How far may partners travel? Bananas grow in warm countries. Trips abroad need the director's consent.
"""

Said = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def said() -> Iterator[Said]:
    parts = Parts.from_settings(Settings())
    with Stock([Text("rules", FAQ)], parts.vectors) as stock:
        shelf = stock.shelf()

        def answer(question: str) -> list[str]:
            evidence = parts.evidence(Turn(question), shelf)
            return [hit.plain_text for hit in select(evidence.hits, evidence.question, shelf).hits]

        yield answer


def test_a_question_of_the_document_is_no_answer_where_there_is_another(said: Said) -> None:
    told = said("Does the fund pay for train tickets?")
    assert told[0] == "The fund pays for train tickets." and "How far may partners travel?" not in told


def test_what_is_far_from_the_question_stays_away_though_its_paragraph_is_told(said: Said) -> None:
    assert "Bananas grow in warm countries." not in said("What are the rules for travel by train and trips abroad?")


def test_a_block_of_questions_alone_breaks_nothing(said: Said) -> None:
    assert said("What does the grant pay for? When can we apply? Who signs?")
    assert said("Who signs the agreement?")
