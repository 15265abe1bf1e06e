"""What an answer is made of, on documents small enough to see all of it."""

from collections.abc import Callable, Iterator

import pytest

from assistant.retrieve import Turn
from assistant.select import select
from assistant.settings import Settings
from assistant.write import write
from evals.bench.sets import Text
from evals.bench.shelf import Parts, Stock

FAQ = """## Grants

What does the grant pay for? When can partners apply? Who signs the agreement?

## Travel

The fund pays for train tickets. How far may partners travel? Bananas grow in warm countries. Trips abroad need the director's consent.
"""

CLAIMS = """## Travel

The fund pays for second-class train tickets to meetings that it calls. Receipts are sent in within 30 days. Hotels are booked by the office.
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


def test_what_the_next_sentence_says_is_not_said_to_be_missing() -> None:
    parts = Parts.from_settings(Settings())
    with Stock([Text("travel", CLAIMS)], parts.vectors) as stock:
        draft = write(parts.evidence(Turn("Will you pay my train ticket to the meeting?"), stock.shelf()))
    told = " ".join(claim.text for claim in draft.claims)
    assert "train" in told and "deadline" not in told
