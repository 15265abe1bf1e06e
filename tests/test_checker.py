"""The grounding checker: what it says of statements, how it is measured against people, and the judges that can stand in its place."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from assistant.cli import group
from assistant.grounding import Origin
from assistant.judges import ChatJudge, InferenceJudge, judge_named
from assistant.settings import Settings
from assistant.signals import SIGNALS, Passages, names_missing, numbers_missing
from assistant.support import Coefficients, SupportChecker, load_checker
from assistant.tokens import PackagedTokens
from evals.checker.baselines import Baseline
from evals.checker.measure import balanced_accuracy, calibration_error, f1_unsupported, measure
from evals.checker.rows import Labelled, read_rows
from ingest.errors import CasesError, ModelFilesError, ModelUnavailable, SettingsError

QUOTE = "The Fund may pay up to £5,000 towards travel if the partner asks in writing ten days before."


@pytest.fixture(scope="module")
def checker(weights: None) -> SupportChecker:
    """The packaged checker, which takes no whole quote for its own proof."""
    return load_checker(verbatim=False)


def test_a_whole_quote_is_supported_with_and_without_its_being_one(checker: SupportChecker) -> None:
    assert checker.check(QUOTE, [QUOTE]).supported
    verdict = replace(checker, verbatim=True).check(QUOTE, [QUOTE])
    assert verdict.supported and verdict.reason == "quoted word for word" and verdict.probability == 0.99


@pytest.mark.parametrize(
    ("statement", "kind", "word"),
    [
        ("The Fund may pay up to £9,000 towards travel if the partner asks in writing ten days before.", "number", "9000"),
        ("Every partner receives a laptop and a salary for its director.", "words", "laptop"),
        ("Free Harbour Alliance runs schools in Norwich and hospitals in Leeds.", "name", "Norwich"),
    ],
)
def test_what_has_no_support_is_named(statement: str, kind: str, word: str, checker: SupportChecker) -> None:
    verdict = checker.check(statement, [QUOTE])
    assert not verdict.supported and verdict.probability < 0.5
    assert kind in verdict.kinds and word in verdict.reason


@pytest.mark.parametrize(("statement", "passages"), [("", [QUOTE]), ("…", [QUOTE]), ("The Fund pays.", []), ("The Fund pays.", [""])])
def test_what_cannot_be_compared_is_not_supported(statement: str, passages: list[str], checker: SupportChecker) -> None:
    verdict = checker.check(statement, passages)
    assert (verdict.supported, verdict.probability) == (False, 0.0) and "nothing" in verdict.reason


def test_every_signal_is_measured_and_the_origin_s_names_are_known(checker: SupportChecker) -> None:
    found, _, _ = checker.measured("Free Harbour Alliance may pay for travel.", [QUOTE])
    assert set(found) == set(SIGNALS) and all(math.isfinite(v) for v in found.values()) and found["names missing"] == 1.0
    found, _, _ = checker.measured("Free Harbour Alliance may pay for travel.", [QUOTE], Origin("Free Harbour Alliance"))
    assert found["names missing"] == 0.0


def test_evidence_is_what_together_holds_the_statement() -> None:
    filler = [f"The weather on day {i} was fine and nobody complained about it at all." for i in range(40)]
    passages = Passages.of([*filler[:20], "The bridge was built of iron.", *filler[20:], "It opened in the year 1901."])
    evidence = passages.evidence(frozenset({"bridg", "iron", "open", "year", "1901"}), 40)
    assert "iron" in evidence and "1901" in evidence and len(evidence.split()) < 60
    assert Passages.of(["Short."]).evidence(frozenset(), 40) == "Short."


def test_numbers_and_names_are_counted() -> None:
    assert numbers_missing("In 1999 some 40 of 50 came", "1999: 50") == 1
    assert numbers_missing("none", "") == 0
    assert names_missing("We met Anna Berg in Oslo", "Berg lives in Oslo") == pytest.approx(1 / 3)


def test_the_same_passage_is_read_once(weights: None) -> None:
    model = PackagedTokens()
    first, second = model.tokens([QUOTE, QUOTE])
    assert first is second and first.vectors.shape == (len(first.ids), 384)


def test_coefficients_of_another_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "support.toml"
    path.write_text("[general]\nintercept = 1\nthreshold = 0.5\nvetoes = []\nnear_vetoes = []\n[general.weights]\ncoverage = 1\n", encoding="utf-8")
    with pytest.raises(ModelFilesError, match="does not fit this version"):
        Coefficients.load("general", path)


def test_agreement_worked_out_by_hand() -> None:
    labels = [True, True, False, False, False]
    verdicts = [True, False, False, False, True]
    assert balanced_accuracy(verdicts, labels) == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert f1_unsupported(verdicts, labels) == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert calibration_error([0.05, 0.05, 0.95, 0.95], [False, False, True, False]) == pytest.approx(0.5 * 0.05 + 0.5 * 0.45)
    assert math.isnan(balanced_accuracy([True], [True])) and math.isnan(calibration_error([], []))


def test_sets_are_measured_beside_a_baseline(checker: SupportChecker) -> None:
    rows = (Labelled("a", QUOTE, (QUOTE,), True), Labelled("b", "Bananas are grown in Iceland by monks.", (QUOTE,), False))
    scored = measure({"one": rows, "two": rows[:1]}, checker, {"always": Baseline(lambda row: 1.0, 0.5)})
    assert scored.sets["one"].auroc == 1.0 and scored.sets["one"].baselines["always"]["balanced_accuracy"] == 0.5
    assert math.isnan(scored.sets["two"].auroc) and scored.mean["auroc"] == 1.0


BAD = [
    ("not json", "line 2: this is not JSON"),
    ("[]", "line 2: this is not a row"),
    ('{"id": "x", "label": 1, "context": "c"}', "line 2: claim is missing"),
    ('{"id": "x", "claim": "c", "context": "c", "label": 2}', "line 2: label = 2 is not allowed"),
    ('{"id": "x", "claim": "c", "label": 0}', "line 2: neither context (text) nor context_sentences"),
    ('{"id": "a", "claim": "c", "context": "c", "label": 0}', "the id 'a' is used twice"),
]


@pytest.mark.parametrize(("line", "sentence"), BAD)
def test_bad_rows_are_named_by_file_and_line(line: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": "a", "claim": "c", "context": "One. Two.", "label": 1}\n' + line, encoding="utf-8")
    with pytest.raises(CasesError) as caught:
        read_rows(path)
    assert sentence in str(caught.value) and str(path) in str(caught.value)


def command(*arguments: str | Path) -> Result:
    """Calls `guidance eval checker` in this process."""
    return CliRunner().invoke(group, ["eval", "checker", *map(str, arguments)])


def test_the_command_writes_predictions_and_prints_one_object(tmp_path: Path, weights: None) -> None:
    rows = [
        {"id": "a", "claim": QUOTE, "context": QUOTE, "label": 1},
        {"id": "b", "claim": "Bananas are grown in Iceland.", "context_sentences": [QUOTE, "It rains."], "label": 0},
    ]
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = command(tmp_path / "one.jsonl", tmp_path / "two.jsonl", "--out", tmp_path / "out.jsonl", "--json")
    found = json.loads(result.stdout)
    assert set(found["sets"]) == {"one", "two"} and found["sets"]["one"]["n"] == 2 and found["mean"]["auroc"] == 1.0
    assert set(found["sets"]["one"]["baselines"]) == {"always supported", "word overlap", "embedding cosine"}
    written = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in written] == ["a", "b", "a", "b"] and set(written[0]) == {"id", "score", "supported", "reason"}
    assert "word overlap" in command(tmp_path / "one.jsonl").stdout
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "one.jsonl").write_text(json.dumps(rows[0]), encoding="utf-8")
    twice = command(tmp_path / "one.jsonl", tmp_path / "sub" / "one.jsonl")
    assert isinstance(twice.exception, CasesError) and "Rename one of them" in str(twice.exception)


def model(reply: str) -> GenericFakeChatModel:
    """A chat model that gives one reply."""
    return GenericFakeChatModel(messages=iter([AIMessage(reply)]))


def test_a_chat_judge_reads_probability_and_reason() -> None:
    verdict = ChatJudge(model('Sure: {"probability": 0.2, "reason": "no laptop is named"}'), "fake:one").check("They give laptops.", [QUOTE])
    assert (verdict.supported, verdict.probability, verdict.reason) == (False, 0.2, "no laptop is named")
    for reply in ("I think so", '{"probability": "high"}', "{}"):
        with pytest.raises(ModelUnavailable, match="could not be read"):
            ChatJudge(model(reply), "fake:one").check("They give laptops.", [QUOTE])


@pytest.fixture(scope="module")
def inference(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[int, str]], Path]:
    """Makes a cross-encoder of two layers with these outputs."""
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    from ingest.vocabulary import packaged_folder

    def make(labels: dict[int, str]) -> Path:
        folder = tmp_path_factory.mktemp("inference")
        tokenizer = AutoTokenizer.from_pretrained(str(packaged_folder()))
        config = BertConfig(vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, id2label=labels)
        BertForSequenceClassification(config).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return folder

    return make


def test_an_inference_model_judges_by_its_entailment(inference: Callable[[dict[int, str]], Path], tmp_path: Path) -> None:
    judge = judge_named(f"nli:{inference({0: 'contradiction', 1: 'entailment', 2: 'neutral'})}", Settings(), "general")
    assert isinstance(judge, InferenceJudge)
    verdict = judge.check("The Fund pays.", [QUOTE])
    assert 0 < verdict.probability < 1 and verdict.supported == (verdict.probability >= 0.5)
    with pytest.raises(ModelFilesError, match="none of them is entailment"):
        judge_named(f"nli:{inference({0: 'red', 1: 'green'})}", Settings(), "general")
    with pytest.raises(ModelFilesError, match="there is no such folder"):
        judge_named(f"nli:{tmp_path / 'nowhere'}", Settings(), "general")


@pytest.mark.parametrize(("name", "sentence"), [("magic", "GUIDANCE_CHECKER='magic' is not allowed"), ("nli:", "is not allowed"), ("chat", "needs a chat model")])
def test_another_judge_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        judge_named(name, Settings(), "general")
