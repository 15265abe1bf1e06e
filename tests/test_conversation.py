"""What a message leaves out, takes for granted, numbers or quotes; and what an answer lacks that was asked for."""

from collections.abc import Callable

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from assistant.ellipsis import completed
from assistant.premise import split_premise
from assistant.question import parts_of, understand
from assistant.silence import lacking
from ingest.manifest import Audience


@pytest.fixture(scope="module")
def complete(embeddings: Embeddings) -> Callable[[str, str], str]:
    return lambda message, before: completed(message, before, lambda text: np.asarray(embeddings.embed_query(text)))


@pytest.mark.parametrize(
    ("before", "message", "whole"),
    [
        ("What does the study ask the national government to do?", "and the local councils themselves?", "What does the study ask the local councils to do?"),
        ("Do you pay salaries?", "and rent?", "Do you pay rent?"),
        ("How many members do you have in Nepal?", "what about in India?", "How many members do you have in India?"),
        ("What are your principles?", "and the criteria?", "What are your criteria?"),
        ("Is there money for travel?", "And the hotel?", "Is there money for the hotel?"),
    ],
)
def test_a_name_alone_takes_the_place_of_its_like(complete: Callable[[str, str], str], before: str, message: str, whole: str) -> None:
    assert complete(message, before) == whole


@pytest.mark.parametrize("message", ["always?", "and research ones?", "and what do you expect?", "why?", "And what about that?", "Who funds it?", "and the third one?"])
def test_what_is_more_or_less_than_a_name_stays_as_it_is(complete: Callable[[str, str], str], message: str) -> None:
    assert complete(message, "What kinds of partnership do you have?") == message


def test_a_name_does_not_replace_a_title(complete: Callable[[str, str], str]) -> None:
    assert complete("and the local groups?", "What does the Groups for Change report ask the ministry to do?") == "What does the Groups for Change report ask the local groups to do?"


@pytest.mark.parametrize(
    ("message", "audience", "premise"),
    [
        ("As you pay all our costs, where do I send the bill?", "partner", "you pay all our costs"),
        ("The mailing list is for members only, how do we join?", "partner", "The mailing list is for members only"),
        ("Since the Trust only works with universities, why would it talk to us?", "partner", "the Trust only works with universities"),
        ("We fund everything, so what is the form?", "staff", "We fund everything"),
        ("We are a small group, how can we apply?", "partner", ""),
        ("As a small group, what can we expect?", "partner", ""),
        ("If you fund us, how do we report?", "partner", ""),
        ("In the UK, what do you do?", "partner", ""),
        ("Do you fund rent, and how much?", "partner", ""),
    ],
)
def test_what_a_question_takes_for_granted_of_others_is_parted_from_it(message: str, audience: Audience, premise: str) -> None:
    assert split_premise(message, audience)[0] == premise


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("Must we share papers with you, and by which day of the month do you want them?", 2),
        ("How do I send an idea to you? By post, email...?", 1),
        ("What is our mission? I need it for a slide.", 1),
        ("Our managers cannot keep the books. Can you train them?", 2),
        ("Does it matter where in the world a group works and on which topic", 1),
    ],
)
def test_each_part_asks_something(message: str, parts: int) -> None:
    assert len(parts_of(message)) == parts


@pytest.mark.parametrize(("message", "number"), [("And the third one?", 3), ("what is meant by the second?", 2), ("explain number 4", 4), ("and the last one, what is it?", -1), ("Is this the first of May?", None)])
def test_an_item_is_asked_for_by_its_number(message: str, number: int | None) -> None:
    assert understand(message, (), "staff").ordinal == number


def test_another_number_asks_the_question_before_anew() -> None:
    assert understand("And the third?", ("What was the first aim of the plan?",), "staff").context == "What was the third aim of the plan?"


@pytest.mark.parametrize(("message", "quoted"), [('Is "reciprocity" ours?', ("reciprocity",)), ("Where does it say 'nothing about us'?", ("nothing about us",)), ("What's your partners' role?", ())])
def test_quoted_words_are_read(message: str, quoted: tuple[str, ...]) -> None:
    assert understand(message, (), "staff").quoted == quoted


@pytest.mark.parametrize(
    ("message", "text", "missing"),
    [
        ("Who is our safeguarding lead?", "Partners commit to safeguarding.", "name"),
        ("Who is our safeguarding lead?", "For advice, turn to Amina Okello.", None),
        ("What is the name of the person I should ring?", "The values are honesty and care.", "name"),
        ("What are the names of the five values?", "The values are honesty and care.", None),
        ("By which date must I apply?", "A review took place from October 2022 to March 2023.", "date"),
        ("By which date must I apply?", "Applications are sent by 5 May.", None),
        ("How quickly do you send the second payment?", "It pays partners.", "date"),
        ("How quickly do we share papers?", "Papers are shared in a timely way.", None),
    ],
)
def test_what_was_asked_for_outright_and_is_not_there_is_missed(message: str, text: str, missing: str | None) -> None:
    found = lacking(understand(message, (), "partner"), text)
    assert (missing in found) if missing else not found
