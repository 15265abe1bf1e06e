"""The thesaurus, and the query that it widens."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.query import query_for, said_before
from assistant.thesaurus import CONCEPTS, Thesaurus, packaged, widen
from ingest.errors import ThesaurusError
from ingest.lexical import terms

ROW = """[[concept]]
name = "core costs"
en = ["core costs", "overheads"]
en_said = ["rent", "keep the lights on"]
fr = ["coûts de fonctionnement"]
fr_said = ["loyer"]
es = ["gastos generales"]
es_said = ["alquiler"]
"""


@pytest.fixture
def thesaurus(tmp_path: Path) -> Thesaurus:
    (tmp_path / "money.toml").write_text(ROW, encoding="utf-8")
    return Thesaurus.read(tmp_path)


@pytest.mark.parametrize(("text", "language", "words"), [
    ("can you pay our RENT?", "en", "RENT"),
    ("who keeps the lights on", "en", "keeps lights"),
    ("les couts de fonctionnement du bureau", "fr", "couts fonctionnement"),
    ("¿y el alquiler?", "es", "alquiler"),
])
def test_a_concept_is_found_by_what_people_call_it(thesaurus: Thesaurus, text: str, language: str, words: str) -> None:
    assert [(f.concept.name, f.words) for f in thesaurus.find(text, language)] == [("core costs", words)]


def test_nothing_is_found_in_other_words(thesaurus: Thesaurus) -> None:
    assert not thesaurus.find("who lights a candle?") and not thesaurus.find("loyer")


def test_a_phrase_names_a_concept_more_surely_than_a_word(thesaurus: Thesaurus) -> None:
    (phrase,), (word,) = thesaurus.find("keep the lights on"), thesaurus.find("rent")
    assert phrase.weight > word.weight


@pytest.mark.parametrize(("change", "said"), [
    (("fr = [\"coûts de fonctionnement\"]\n", ""), "'fr' is missing"),
    (("name =", "colour = \"red\"\nname ="), "'colour' is unknown"),
    (("[\"rent\", \"keep the lights on\"]", "\"rent\""), "en_said is not a list of terms"),
    (("en = [\"core costs\", \"overheads\"]", "en = []"), "en is empty"),
    (("name = \"core costs\"", "name = core costs"), "not valid TOML"),
])
def test_a_mistake_in_the_file_is_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    (tmp_path / "money.toml").write_text(ROW.replace(*change), encoding="utf-8")
    with pytest.raises(ThesaurusError, match=said) as told:
        Thesaurus.read(tmp_path)
    assert "money.toml" in str(told.value)


def test_two_concepts_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "money.toml").write_text(ROW + ROW, encoding="utf-8")
    with pytest.raises(ThesaurusError, match="Two concepts"):
        Thesaurus.read(tmp_path)


def test_the_packaged_thesaurus_is_whole() -> None:
    concepts = packaged().concepts
    assert len(concepts) > 500 and sorted(p.stem for p in CONCEPTS.iterdir()) == ["everyday", "money", "partnership", "people", "work"]
    for concept in concepts:
        for kind in (concept.formal, concept.said):
            for language, named in kind.items():
                assert len(named) == len(set(named)), (concept.name, language)


def vector_of(words: dict[str, tuple[float, float]]) -> Callable[[str], np.ndarray]:
    return lambda text: np.asarray(words[text])


def test_what_was_said_before_is_searched_too_and_fades() -> None:
    said = said_before("and for research?", ("What do you pay?", "Who decides?"), ("We pay rent.", ""))
    assert [s.text for s in said] == ["Who decides?", "We pay rent.", "What do you pay?"]
    assert said[0].weight > said[2].weight > 0


def test_the_more_a_question_says_the_less_counts_what_was_said_before() -> None:
    short, long = (said_before(asked, ("What do you pay?",), ())[0].weight for asked in ("why?", "how often do partners report on spending and results each year?"))
    assert short > 2 * long


def test_a_query_is_the_weighted_sum_of_what_was_said(thesaurus: Thesaurus) -> None:
    before = said_before("rent?", ("Who decides?",), ())
    query = query_for("rent?", before, thesaurus.find("rent?"), vector_of({"rent?": (1.0, 0.0), "Who decides?": (0.0, 1.0)}))
    assert np.linalg.norm(query.vector) == pytest.approx(1)
    assert query.vector[1] / query.vector[0] == pytest.approx(before[0].weight)
    assert query.terms[terms("rent")[0]] == 1 and query.terms[terms("decides")[0]] == pytest.approx(before[0].weight)
    assert 0 < query.terms[terms("overheads")[0]] < 1
    assert widen(()) == {}
