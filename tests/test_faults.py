"""Planted faults: each kind of change by itself, and what the scoring finds of them in right answers over real documents."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import EvenScorer, RuleChecker

from evals.faults import words
from evals.faults.answers import BLANK, citation, read_answers, with_statements
from evals.faults.measure import BESIDE, measure, pool_of, right_answers
from evals.faults.plant import KINDS
from evals.faults.source import invented, secret_of
from evals.folder import Answered, Said
from evals.stored import Stored
from ingest.catalogue import Catalogue, current_generation
from ingest.errors import CasesError

HOME = "Anti-Slavery International"
RNG = random.Random(7)


@pytest.mark.parametrize(
    ("change", "text", "wrong"),
    [
        (words.negation, "Partners will be paid.", "Partners will not be paid."),
        (words.negation, "Partners will not be paid.", "Partners will be paid."),
        (words.negation, "Support for all.", None),
        (words.strength, "Partners may ask for help.", "Partners must ask for help."),
        (words.strength, "It aims to pay in March.", "It guarantees to pay in March."),
        (words.strength, "Partners must report.", None),
        (words.condition, "It can pay core costs, if this was agreed in writing.", "It can pay core costs."),
        (words.condition, "Where costs rise, the grant can grow.", "The grant can grow."),
        (words.condition, "It pays core costs.", None),
        (words.number, "It pays core costs.", None),
    ],
)
def test_a_statement_is_spoilt_or_left(change, text: str, wrong: str | None) -> None:
    assert change(text, RNG) == wrong


def test_numbers_names_and_parties_become_others() -> None:
    for text in ("It runs for 5 years.", "It runs for five years.", "It ended in 2020.", "It costs £1,200."):
        changed = words.number(text, RNG)
        assert changed and changed != text and changed.split()[0] == "It"
    assert words.name("The report is by Free Harbour Alliance.", RNG, ("Tidewater Trust",)) == "The report is by Tidewater Trust."
    assert words.name("The report is by nobody.", RNG, ("Tidewater Trust",)) is None
    assert words.party(f"{HOME} supports its partner organisations.", RNG, HOME) == f"Partner organisations supports {HOME}."
    assert words.party("The weather is fine.", RNG, HOME) is None


@pytest.fixture
def stored(index: Path) -> Stored:
    """The bundled documents."""
    return Stored.from_catalogue(index, Catalogue.load(current_generation(index)))


@pytest.fixture
def answers(stored: Stored) -> tuple[Answered, ...]:
    """Right answers: the first sentences of each document, quoted."""
    found = []
    for source in ("asi-approach-2023", "pec-partnerships", "partnerships-for-freedom", "asi-strategy-2015"):
        text = stored.text(stored.entries[source].version) or ""
        quotes = [line for line in text.splitlines() if len(line.split()) > 14 and line[0].isalpha() and "[" not in line][:3]
        for number, quote in enumerate(quotes):
            ended = [Said("From a document whose period has ended (2020): Strategy.")] if stored.entries[source].source.ended else []
            row = replace(BLANK, id=f"{source}-{number}", turns=(f"What is said in {source}, {number}?",))
            found.append(with_statements(row, [*ended, Said(quote, (1,))], [citation(source, quote, stored)]))
    return right_answers((), found)


def test_faults_are_found_and_right_answers_are_left_alone(answers: tuple[Answered, ...], stored: Stored) -> None:
    pool = pool_of(answers, stored, invented(), secret_of(stored))
    found = measure(pool, RuleChecker(), EvenScorer(), seed=1, verbatim=True)
    assert found.rate(None) == 0.0 and found.count(None) == len(answers)
    planted = [kind for kind in KINDS if found.count(kind)]
    assert set(KINDS) - set(planted) <= {"condition dropped", "obligation upgraded", "number changed"}
    for kind in ("fabricated quote", "citation swapped", "invented sentence", "other audience's text", "ended text"):
        assert found.rate(kind) == 1.0, kind
    assert found.found > 0.8 and found.count(BESIDE)


def test_written_answers_need_quotes_that_are_there(stored: Stored, tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    row = {"id": "a", "question": "q", "audience": "staff", "statements": [{"text": "It moves.", "source": "asi-approach-2023", "quotes": ["words that no one wrote"]}]}
    path.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(CasesError, match="line 1: this is no answer .asi-approach-2023 does not hold 'words that no one wrote'"):
        read_answers(path, stored)
    path.write_text('{"id": "a"}', encoding="utf-8")
    with pytest.raises(CasesError, match="It needs id, question, audience and statements"):
        read_answers(path, stored)
