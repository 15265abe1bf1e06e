"""What a message leaves out, takes for granted, numbers or quotes; and what an answer lacks that was asked for."""

from collections.abc import Callable

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from assistant.chain import Guidance
from assistant.check import CitedAnswer
from assistant.ellipsis import completed
from assistant.ordinals import numbered
from assistant.premise import split_premise
from assistant.question import parts_of, understand
from assistant.retrieve import Turn
from assistant.silence import lacking
from assistant.thesaurus import packaged
from assistant.translate import in_english
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
        ("What did the 2015 strategy say on gender?", "and the 2020 strategy?", "What did the 2020 strategy say on gender?"),
    ],
)
def test_a_name_alone_takes_the_place_of_its_like(complete: Callable[[str, str], str], before: str, message: str, whole: str) -> None:
    assert complete(message, before) == whole


@pytest.mark.parametrize("message", ["always?", "and research ones?", "and what do you expect?", "why?", "And what about that?", "Who funds it?", "and the third one?", "and do you pay rent?", "and are extensions possible?", "and keep the change?", "And thank you", "and the address?", "and per year?"])
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
        ("Unless the audit is done, can we get the second payment?", "partner", ""),
        ("This is my first application, what should I send?", "partner", ""),
        ("Amina has left our organisation, who signs now?", "partner", ""),
        ("We want to fund a new partner, what are the steps?", "staff", ""),
        ("Since the strategy was signed in 2020, what has changed?", "staff", ""),
        ("Partners that are not registered, can they apply?", "partner", ""),
        ("Oxfam only funds its members, how do we join?", "partner", "Oxfam only funds its members"),
    ],
)
def test_what_a_question_takes_for_granted_of_others_is_parted_from_it(message: str, audience: Audience, premise: str) -> None:
    assert split_premise(message, audience, frozenset({"oxfam", "pec"}))[0] == premise


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("Must we share papers with you, and by which day of the month do you want them?", 2),
        ("How do I send an idea to you? By post, email...?", 1),
        ("What is our mission? I need it for a slide.", 1),
        ("Our managers cannot keep the books. Can you train them?", 2),
        ("Does it matter where in the world a group works and on which topic", 1),
        ("What are your values? And the principles behind them? How do you measure them?", 2),
    ],
)
def test_each_part_asks_something(message: str, parts: int) -> None:
    assert len(parts_of(message)) == parts


@pytest.mark.parametrize(("message", "number"), [("And the third one?", 3), ("what is meant by the second?", 2), ("explain number 4", 4), ("and the last one, what is it?", -1), ("Is this the first of May?", None), ("Are reports due on the first?", None), ("Why does no one follow it?", None), ("What are the first two principles?", None)])
def test_an_item_is_asked_for_by_its_number(message: str, number: int | None) -> None:
    assert understand(message, (), "staff").ordinal == number


def test_another_number_asks_the_question_before_anew() -> None:
    assert understand("And the third?", ("What was the first aim of the plan?",), "staff").context == "What was the third aim of the plan?"


@pytest.mark.parametrize(("language", "message", "number"), [("fr", "et le troisième ?", 3), ("fr", "Quel est le premier objectif de la stratégie ?", 1), ("es", "¿y la segunda?", 2)])
def test_an_item_is_asked_for_by_its_number_in_other_languages(language: str, message: str, number: int) -> None:
    assert understand(in_english(message, language, packaged(), lambda word: ""), (), "partner").ordinal == number


def test_a_number_beside_other_words_is_about_another_thing() -> None:
    assert understand("How does it relate to objective 1?", ("What does objective 2 say?",), "staff").context == "What does objective 2 say?"


@pytest.mark.parametrize(
    ("text", "told"),
    [("Objective 2: partners are heard.", True), ("In this plan, objective 2 is that partners are heard.", True), ("This work contributes to objective 2 of the plan.", False), ("Partners value two things.", False)],
)
def test_a_text_tells_an_item_or_mentions_it(text: str, told: bool) -> None:
    assert numbered(text, 2, "objective") == told


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
        ("What is the deadline for applications?", "The deadline is 31 March 2025.", None),
        ("By when must I report?", "Send the report by June 30.", None),
        ("How quickly do you answer?", "An answer is given within 48 hours.", None),
        ("Since when do you work in Nepal?", "We have worked in Nepal since 1998.", None),
        ("How soon must I report a concern?", "Report it without delay.", None),
        ("Who is the person to contact with a complaint?", "Complaints go to the office at complaints@example.org.", None),
        ("Who is the lead partner in a consortium?", "The lead partner is the organisation that signs.", None),
        ("What is the name of the staff handbook?", "It is called Working Well.", None),
        ("Who is your director?", "Our director is José Álvarez.", None),
        ("How much of our overheads do you pay?", "We pay 10% of overheads.", None),
        ("Where do I send the bill?", "Relevant costs are paid.", "reach"),
        ("Where do I send my idea?", "Ideas are sent through the online form.", None),
        ("Who do I write to?", "Accountability is mutual.", "name"),
        ("Who can I talk to?", "Please contact Owain Johnstone.", None),
        ("How do you address power imbalance?", "Partners review it together.", None),
    ],
)
def test_what_was_asked_for_outright_and_is_not_there_is_missed(message: str, text: str, missing: str | None) -> None:
    found = lacking(understand(message, (), "partner"), text)
    assert (missing in found) if missing else not found


# In whole answers, over the bundled documents


def told(guidance: Guidance, *turns: str, audience: Audience = "partner") -> CitedAnswer:
    return guidance.chain.invoke(Turn(turns[-1], turns[:-1], audience))


def test_a_wrong_premise_meets_what_the_documents_say(guidance: Guidance) -> None:
    answer = told(guidance, "As you pay all our running costs, where do I send the bill?")
    assert answer.status == "partial" and "core organisational costs" in answer.text and "where do I send the bill?" in answer.text


def test_words_that_only_another_body_uses_are_answered_from_there(guidance: Guidance) -> None:
    answer = told(guidance, 'Is "reciprocity" one of our own partnership principles, or whose is it?', audience="staff")
    assert answer.status == "partial" and "Modern Slavery PEC says:" in answer.text and "Anti-Slavery International do not say" in answer.text


def test_a_numbered_item_is_the_documents_own(guidance: Guidance) -> None:
    answer = told(guidance, "What was the first objective of the 2015-2020 strategy?", "And the third one?")
    assert "objective 3 is" in answer.text and "objective 1 is" not in answer.text


@pytest.mark.parametrize("message", ["How do I complain about one of your staff?", "Comment se plaindre d'un de vos employés ?", "¿Cómo puedo presentar una queja?"])
def test_a_complaint_is_not_sent_to_whom_it_may_be_about(guidance: Guidance, message: str) -> None:
    text = told(guidance, message).text
    assert any(words in text for words in ("complaint need not", "plainte n'a pas", "queja no tiene")) and "person you work with" not in text
