"""Rerankers: the packaged one, one of the library's by its folder, and what is said when one cannot be loaded."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.chain import build
from assistant.rerank import LibraryReranker, load_readers
from assistant.retrieve import Retriever, Turn
from assistant.settings import Settings
from assistant.thesaurus import packaged
from assistant.triage import TriageModel
from ingest.errors import ModelFilesError

OFFER = "What support do you offer to partner organisations?"


class Backwards:
    """A reranker that likes best what has the most letters."""

    def score(self, question: str, texts: list[str]) -> list[float]:
        return [min(0.999, len(text) / 1000) for text in texts]


def test_the_packaged_one_is_the_default_and_nothing_is_missing() -> None:
    readers = load_readers()
    assert readers.scorer is not None and readers.reranker is None and readers.missing == ()


def test_a_folder_that_is_not_there_is_named_and_the_answer_is_given_and_marked(index: Path, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "reranker")
    answer = build(Settings(data=index, reranker=nowhere)).chain.invoke(Turn(OFFER))
    assert answer.status == "answered" and answer.citations
    assert nowhere in answer.text and "GUIDANCE_RERANKER" in answer.text
    assert "reranker" not in build(Settings(data=index)).chain.invoke(Turn(OFFER)).text


def test_without_the_scorer_what_is_near_is_answered_and_small_talk_is_not(index: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "scorer.onnx"
    damaged.write_bytes(b"not a model")
    readers = load_readers(weights=damaged)
    assert readers.scorer is None and str(damaged) in readers.missing[0]
    chain = build(Settings(data=index), readers=readers).chain
    answer = chain.invoke(Turn(OFFER))
    assert answer.status == "answered" and str(damaged) in answer.text
    assert chain.invoke(Turn("Which bus goes to the airport?")).status in ("not_covered", "out_of_scope")


def test_a_reranker_orders_and_the_scorer_still_judges(index: Path) -> None:
    library = build(Settings(data=index)).library
    own = load_readers()
    turn = Turn(OFFER)
    before, after = (Retriever(library, TriageModel(), readers, packaged()).retrieve(turn) for readers in (own, replace(own, reranker=Backwards())))
    values = {s.hit.id: s.answers for s in before.hits}
    assert all(s.answers == values[s.hit.id] for s in after.hits)
    assert [s.hit.id for s in after.hits] != [s.hit.id for s in before.hits]


@pytest.mark.slow
def test_a_cross_encoder_of_the_library_is_taken_by_its_folder(tmp_path: Path) -> None:
    values = LibraryReranker(str(tiny(tmp_path, 1))).score("What is paid?", ["Rent is paid.", "Partners take part."])
    assert len(values) == 2 and all(0 < value < 1 for value in values)


@pytest.mark.slow
def test_a_model_with_several_outputs_and_a_damaged_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="3 values"):
        LibraryReranker(str(tiny(tmp_path / "nli", 3)))
    broken = tiny(tmp_path / "broken", 1)
    (broken / "model.safetensors").write_bytes(b"cut")
    with pytest.raises(ModelFilesError, match="GUIDANCE_RERANKER"):
        LibraryReranker(str(broken))


def tiny(folder: Path, outputs: int) -> Path:
    """A cross-encoder of two layers in a folder."""
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    from ingest.vocabulary import packaged_folder
    from tiny_models import SMALL

    tokenizer = AutoTokenizer.from_pretrained(packaged_folder())
    BertForSequenceClassification(BertConfig(vocab_size=len(tokenizer), num_labels=outputs, **SMALL)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder

