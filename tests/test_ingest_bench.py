"""The benchmarks of ingestion: their made-up documents, the reading of the log, the checker of answers, and six real kills."""

import random
import re
import statistics
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli import group
from evals.ingestion import kills
from evals.ingestion.process import FIRST_WRITE, LAST_WRITE, parse_log, rates, texts_embedded, time_of, written
from evals.ingestion.scale import THINGS, Scale, policy, questions
from evals.ingestion.speed import IngestSpeed, Timed, write_documents
from evals.ingestion.left import expected_rows, index_faults, left_behind, version_in
from evals.ingestion.growing import NAMES, Seen, changed, document, first_version, hash_of, numbers_in, visible, write_version, wrong
from evals.speed import seconds_and_mib
from ingest.catalogue import current_generation
from ingest.embed import DEFAULT_MODEL
from ingest.errors import CasesError
from ingest.index import open_chroma
from ingest.pipeline import ingest

LOG = """\
2026-01-05 10:00:00,000 7 run started: 4 files of corpus into data by process 7
2026-01-05 10:00:02,000 7 first write to the index: generation g
2026-01-05 10:00:03,000 7 embedded and written: a, 10 passages
2026-01-05 10:00:03,001 7 embedded and written: b, part two, 10 passages
2026-01-05 10:00:05,000 7 embedded and written: c, 20 passages
2026-01-05 10:00:09,000 7 embedded and written: d, 20 passages
2026-01-05 10:00:09,500 7 last write to the index: generation g
2026-01-05 10:00:09,600 7 searchable: generation g, 4 documents, 75 texts embedded
2026-01-05 10:00:09,7
"""
OLD, NEW = {"Avocet": 10000, "Bittern": 10001, "Chough": 10002}, {"Avocet": 10003, "Chough": 10002, "Dunlin": 10004}
SCALE = Scale(2000, 100, 200, 9.0, 900.0, (), (10.0, 9.0, 9.0, 9.0, 8.5))


# Made-up documents


def test_a_policy_is_the_same_for_the_same_numbers() -> None:
    assert policy(3, seed=1) == policy(3, seed=1)


def test_policies_differ_from_each_other_and_between_seeds() -> None:
    assert len({policy(number, seed) for number in range(40) for seed in (1, 2)}) == 80


def test_policies_have_about_six_hundred_words() -> None:
    assert 540 < statistics.mean(len(re.findall(r"\w+", policy(number, seed=1))) for number in range(40)) < 660


@pytest.mark.parametrize("mark", ["## ", "- ", "|---"])
def test_policies_hold_headings_lists_and_tables(mark: str) -> None:
    assert any(f"\n{mark}" in policy(number, seed=1) for number in range(20))


def test_rows_become_text_files_under_names_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "docs.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n')
    write_documents(tmp_path / "docs.jsonl", tmp_path)
    assert [path.read_text() for path in sorted(tmp_path.glob("*.txt"))] == ["One.", "Two."]


# The log and the figures


def test_a_line_of_the_log_that_is_not_whole_is_left_out() -> None:
    assert len(parse_log(LOG)) == len(LOG.splitlines()) - 1


def test_the_log_tells_when_the_writing_began_and_ended() -> None:
    first, last = (time_of(parse_log(LOG), words) for words in (FIRST_WRITE, LAST_WRITE))
    assert last - first == pytest.approx(7.5)


def test_what_the_log_does_not_say_is_not_known() -> None:
    assert (time_of([], FIRST_WRITE), texts_embedded([]), written([])) == (None, 0, [])


def test_the_texts_embedded_are_read_from_the_log() -> None:
    assert texts_embedded(parse_log(LOG)) == 75


def test_documents_stored_in_one_burst_are_one_point() -> None:
    points = written(parse_log(LOG))
    assert [(round(at - points[0][0], 1), count) for at, count in points] == [(0.0, 0), (1.0, 20), (3.0, 40), (7.0, 60)]


def test_rates_are_of_equal_parts_of_the_passages() -> None:
    assert rates([(0.0, 0), (1.0, 20), (3.0, 40), (7.0, 60)], 3) == pytest.approx((20, 10, 5))


def test_a_part_that_ends_between_two_points_takes_its_share_of_the_time() -> None:
    assert rates([(0.0, 0), (1.0, 10), (5.0, 40)], 2) == pytest.approx((20 / (1 + 4 / 3), 20 / (8 / 3)))


def test_fewer_points_than_parts_give_no_rate() -> None:
    assert rates([(0.0, 0), (9.0, 60)], 2) == ()


@pytest.mark.parametrize(
    ("scale", "passed"),
    [
        (SCALE, True),
        (replace(SCALE, fifths=(10.0, 9.0, 9.0, 9.0, 7.9)), False),
        (replace(SCALE, peak_mib=4097.0), False),
        (replace(SCALE, fifths=()), True),
    ],
    ids=["within", "slower", "too large", "rate not known"],
)
def test_memory_and_rate_decide_on_scale(scale: Scale, passed: bool) -> None:
    assert scale.passed is passed


@pytest.mark.parametrize(("cold", "unchanged", "passed"), [(13.0, 2.9, True), (13.1, 2.9, False), (13.0, 3.0, False)])
def test_the_cold_run_and_the_unchanged_run_decide_on_speed(cold: float, unchanged: float, passed: bool) -> None:
    assert IngestSpeed(1, Timed(10, 1, 1), Timed(cold, 1, 1), Timed(5, 1, 1), unchanged).passed is passed


@pytest.mark.parametrize("name", ["ingest-speed", "ingest-scale", "kills"])
def test_every_benchmark_has_its_command(name: str) -> None:
    assert CliRunner().invoke(group, ["eval", name, "--help"]).exit_code == 0


# The checker of answers


def seen(asked: str, *numbers: tuple[str, int], documents: dict[str, int] | None = None) -> Seen:
    """An answer to a member of staff."""
    return Seen(asked, "staff", frozenset(numbers), None if documents is None else frozenset(documents))


@pytest.mark.parametrize(
    "answer",
    [
        seen("Avocet", ("Avocet", 10000), documents=OLD),
        seen("Avocet", ("Avocet", 10003), ("Dunlin", 10004), documents=NEW),
        seen("Avocet", ("Avocet", 10003)),
        seen("Heron", ("Chough", 10002)),
        seen("Heron"),
    ],
    ids=["old", "new", "new through the chain", "of neither, others found", "of neither, nothing found"],
)
def test_an_answer_of_one_version_is_right(answer: Seen) -> None:
    assert wrong(answer, [OLD, NEW]) is None


@pytest.mark.parametrize(
    "answer",
    [
        seen("Avocet", ("Avocet", 10000), ("Dunlin", 10004)),
        seen("Avocet", ("Avocet", 10000), ("Avocet", 10003)),
        seen("Avocet", ("Avocet", 10000), documents=NEW),
        seen("Chough", documents=OLD),
        seen("Avocet", ("Avocet", 10009)),
        seen("Avocet", ("Avocet", 10000), documents={**OLD, **NEW}),
    ],
    ids=["of both", "two numbers", "not of the documents named", "number lost", "of none", "documents of both"],
)
def test_an_answer_of_no_single_version_is_wrong(answer: Seen) -> None:
    assert wrong(answer, [OLD, NEW]) is not None


def test_a_partner_may_be_told_only_of_shared_documents() -> None:
    assert wrong(Seen("Bittern", "partner", frozenset({("Bittern", 10001)})), [OLD]) is not None


def test_partners_see_every_second_document() -> None:
    assert list(visible(first_version(1.0), "partner")) == NAMES[:36:2]


def test_numbers_are_read_with_their_document() -> None:
    assert numbers_in([("Avocet", "The ceiling is 10000 pounds."), ("Egret", "123456 and 1234")]) == {("Avocet", 10000)}


# The corpus that changes


def test_a_changed_corpus_adds_replaces_and_removes() -> None:
    old = first_version(1.0)
    new = changed(old, 20000, random.Random(1))
    replaced = {name for name in old.keys() & new.keys() if old[name] != new[name]}
    assert (len(old.keys() - new.keys()), len(new.keys() - old.keys()), len(replaced)) == (4, 4, 8)


def test_new_numbers_are_never_those_of_another_document() -> None:
    new = changed(first_version(1.0), 20000, random.Random(1))
    assert len(set(new.values())) == len(new)


def test_a_folder_holds_exactly_the_version_written_last(tmp_path: Path) -> None:
    write_version(tmp_path, OLD)
    write_version(tmp_path, NEW)
    assert {path.stem: path.read_text() for path in tmp_path.glob("*.md")} == {name: document(name, number) for name, number in NEW.items()}


# The checker of the index


@pytest.fixture
def indexed(tmp_path: Path, fresh_data: Path) -> tuple[Path, Path]:
    """A corpus folder of the old version and its index."""
    write_version(tmp_path, OLD)
    ingest(tmp_path, fresh_data, DEFAULT_MODEL)
    return tmp_path, fresh_data


def test_a_finished_index_has_no_fault(indexed: tuple[Path, Path]) -> None:
    corpus, data = indexed
    assert (version_in(data, [NEW, OLD]), index_faults(data, OLD, expected_rows(corpus)), left_behind(data)) == (OLD, [], [])


def test_rows_of_another_version_are_lost_and_left_behind(indexed: tuple[Path, Path]) -> None:
    corpus, data = indexed
    write_version(corpus, NEW)
    assert {fault.kind for fault in index_faults(data, NEW, expected_rows(corpus))} == {"lost", "left behind"}


def test_a_row_that_chroma_lacks_is_lost(indexed: tuple[Path, Path]) -> None:
    corpus, data = indexed
    client = open_chroma(current_generation(data))
    table = client.get_collection("staff-passages", embedding_function=None)
    table.delete(ids=table.get(limit=1)["ids"])
    client.close()
    assert [(fault.kind, fault.count) for fault in index_faults(data, OLD, expected_rows(corpus))] == [("lost", 1)]


STRAYS = ("generations/half/x", "texts/x.txt", "texts/x.partial", "current.json.partial", "ingest.holder", "models/x.partial")


@pytest.mark.parametrize("stray", STRAYS)
def test_what_is_left_behind_is_found(indexed: tuple[Path, Path], stray: str) -> None:
    path = indexed[1] / stray
    path.parent.mkdir(exist_ok=True)
    path.write_text("left")
    assert [(fault.kind, fault.count) for fault in left_behind(indexed[1])] == [("left behind", 1)]


def test_a_text_that_is_cited_and_gone_is_lost(indexed: tuple[Path, Path]) -> None:
    (indexed[1] / "texts" / f"{hash_of('Avocet', 10000)}.txt").unlink()
    assert [fault.kind for fault in left_behind(indexed[1])] == ["lost"]


# Real kills


@pytest.mark.slow
@pytest.mark.usefixtures("weights")
def test_kills_small(exported: Path) -> None:
    trial = kills.run(kills.Plan(kills=6, seed=1, fraction=0.2), exported)
    assert (trial.faults, trial.passed) == ((), True)


def test_a_process_is_timed_with_the_memory_that_it_held() -> None:
    seconds, mib = seconds_and_mib((sys.executable, "-c", "held = bytearray(200 * 2**20)"))
    assert 0 < seconds < 60
    assert mib is None or 200 < mib < 400


def test_a_process_that_fails_is_named_with_what_it_said() -> None:
    with pytest.raises(CasesError, match="ended with 3: no such index Mend that"):
        seconds_and_mib((sys.executable, "-c", "import sys; print('no such index'); sys.exit(3)"))


def test_questions_for_the_made_up_policies_are_the_same_each_time_and_use_their_words() -> None:
    asked = questions(40, 7)
    assert asked == questions(40, 7) and asked != questions(40, 8)
    said = " ".join(policy(number, 7) for number in range(40))
    assert sum(any(thing in question and thing in said for thing in THINGS) for question in asked) > 15
