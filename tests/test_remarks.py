"""The assistant's own sentences: which they are, in what language, and which say that a paper's time is over."""

import math

import pytest

from evals.folder import Answered, Said
from evals.scoring.conduct import in_askers_language
from evals.scoring.remarks import is_remark, languages_of, says_ended

SPANISH = "De un documento cuyo periodo ha terminado (2020): Estrategia."


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Not in the documents: “what is the fee?”", True),
        ("From a document whose period has ended (2020): Strategy.", True),
        ("Not in the documents: “the fee”. We pay all of it. And more.", False),
        ("“We pay every bill” in The Policy", False),
        ("last confirmed 2020, please check", False),
        ("The Fund pays.", False),
        ("Absent des documents : « Combien payez-vous par an ? »", True),
        ("From a document whose period has ended (2020): Strategy Vol. 2.", True),
    ],
)
def test_only_whole_sentences_of_its_own_are_remarks(text: str, own: bool) -> None:
    assert is_remark(text) == own


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("The 2015 strategy, which has ended, had one aim.", True),
        ("Under that plan, now ended, rents were paid.", True),
        ("The former policy said so.", True),
        ("From a document that another has replaced: X.", True),
        ("Extrait d'un document dont la période est terminée (2020) : S.", True),
        (SPANISH, True),
        ("De un documento que otro ha sustituido: S.", True),
        ("The former chair pays the rent.", False),
        ("A project that ended in 2019 was paid for.", False),
        ("The strategy aims to end slavery.", False),
        ("The policy covers projects that have ended.", False),
        ("Partners send the previous year's report each May.", False),
        ("This was said in a strategy that ran until 2020.", True),
        ("The 2015-2020 plan of Example House, which has ended, said so.", True),
    ],
)
def test_that_a_paper_has_ended_is_said_of_the_paper(text: str, over: bool) -> None:
    assert says_ended(text) == over


def asked(question: str, *own: str) -> Answered:
    said = (*(Said(text, ()) for text in own), Said("The Fund pays.", (1,)))
    return Answered("x", "language", "partner", (question,), ("answered",), (), (), (), (), None, "answered", "", said, (), (), 1.0)


def test_own_sentences_are_in_the_language_of_the_question() -> None:
    assert languages_of(SPANISH) == {"es"}
    assert in_askers_language(asked("¿Cuál era la visión de la organización en su estrategia?", SPANISH)) == 1
    assert in_askers_language(asked("What was the vision of the organisation in its strategy?", SPANISH)) == 0
    assert math.isnan(in_askers_language(asked("What was the vision of the organisation in its strategy?")))
