"""The `guidance` command as a person or a script meets it: its public contract, its exit codes, its sentences."""

import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ENTRY, ROOT, environment, write_files

from assistant.settings import Settings
from ingest.embed import DEFAULT_MODEL
from ingest.errors import SettingsError
from ingest.manifest import load_manifest
from ingest.pipeline import ingest

Done = subprocess.CompletedProcess
Cli = Callable[..., Done]

ANSWER_FIELDS = {"id", "status", "abstained", "answer", "citations", "latency_ms"}
CITATION_FIELDS = {"source", "version", "title", "section", "page", "quote", "start", "end", "url", "status", "digest"}
ERROR_FIELDS = {"id", "line", "status", "answer"}
ABSTAINED = {"not_covered", "out_of_scope", "unsupported_language", "refused"}
STATUSES = ABSTAINED | {"answered", "partial", "urgent", "error"}

VISITS = "\ufeff# Visits\r\n\r\nEvery partner may ask for one visit in each year.\r\nThe visitor pays – in £ – for the travel."
SALARIES = "# Salaries\n\nThe wombat bonus of a director is paid in each month of March by the finance team.\n"
MANIFEST = (
    'home = "Example House"\n'
    '[[source]]\nid = "visits"\ntitle = "Visits"\npublisher = "Example House"\npath = "visits.md"\naudience = "everyone"\n'
    '[[source]]\nid = "salaries"\ntitle = "Salary rules"\npublisher = "Example House"\npath = "salaries.md"\naudience = "staff"\n'
)


@pytest.fixture(scope="module")
def house(new_corpus: Callable[..., Path], new_data: Callable[[], Path]) -> Path:
    """The index of a house with a document for everyone and one for staff."""
    data = new_data()
    ingest(new_corpus({"visits.md": VISITS, "salaries.md": SALARIES, "sources.toml": MANIFEST}), data, DEFAULT_MODEL)
    return data


def failed(done: Done, code: int, *parts: str) -> bool:
    """Whether a command ended with this code and a sentence that holds every part, and with no traceback."""
    said = " ".join(done.stderr.split())
    return done.returncode == code and all(part in said for part in parts) and "Traceback" not in said


# Help and wrong usage


@pytest.mark.parametrize("command", ["ingest", "ask", "chat", "eval", "sources"])
def test_every_subcommand_has_help(cli: Cli, command: str) -> None:
    done = cli(command, "--help")
    assert done.returncode == 0 and done.stdout.startswith(f"Usage: guidance {command}")


def test_the_help_names_every_subcommand(cli: Cli) -> None:
    listed = re.findall(r"^  (\w+)  ", cli("--help").stdout, re.MULTILINE)
    assert listed == ["ingest", "ask", "chat", "eval", "sources"]


@pytest.mark.parametrize(
    "arguments",
    [("ask",), ("ask", "Why?", "--batch", "pyproject.toml", "--out", "x"), ("ask", "--batch", "pyproject.toml"), ("ask", "Why?", "--out", "x")],
    ids=["no question", "question and batch", "batch without out", "out without batch"],
)
def test_ask_wants_a_question_or_a_batch_with_its_out(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert failed(cli(*arguments), 2, "Give one QUESTION in quotes, or both --batch IN.jsonl and --out OUT.jsonl.")


@pytest.mark.parametrize(
    "arguments",
    [("asking",), ("ask", "Why?", "--audience", "everyone"), ("ask", "--batch", "no-such-file.jsonl", "--out", "x"), ("ingest", "--folder", "x"), ("sources", "show")],
    ids=["unknown subcommand", "unknown audience", "no batch file", "unknown option", "no id"],
)
def test_wrong_usage_exits_with_2(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert failed(cli(*arguments), 2, "Error:")


# Sources


@pytest.fixture(scope="module")
def listed(cli: Cli, index: Path) -> str:
    """What `sources list` prints of the bundled corpus in a window wide enough to break no line."""
    return cli("sources", "list", "--data", index, env={"COLUMNS": "320"}).stdout


def test_sources_list_names_every_document(listed: str) -> None:
    assert [s.id for s in load_manifest(ROOT / "corpus").sources if s.id not in listed] == []


def test_sources_list_cuts_no_id_in_a_narrow_window(cli: Cli, index: Path) -> None:
    listed = cli("sources", "list", "--data", index, env={"COLUMNS": "80"}).stdout
    assert [s.id for s in load_manifest(ROOT / "corpus").sources if s.id not in listed] == []


def test_sources_list_says_that_a_digest_is_a_summary(listed: str) -> None:
    assert listed.count("summary, not the adopted text") == 6


def test_sources_list_says_that_a_period_has_ended(listed: str) -> None:
    assert "ended 2020" in listed


def test_sources_show_says_what_is_known_of_a_document(cli: Cli, index: Path) -> None:
    shown = cli("sources", "show", "asi-strategy-2015", "--data", index).stdout
    assert re.search(r"in_force_until\s+2020", shown) and re.search(r"section\s+.*Our mission", shown)


def shown_bytes(data: Path, source_id: str) -> bytes:
    """Exactly what `sources show ID --text` prints."""
    command = [*ENTRY, "sources", "show", source_id, "--text", "--data", str(data)]
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=True).stdout


def test_sources_show_text_prints_the_file_without_mark_and_carriage_returns_byte_for_byte(house: Path) -> None:
    assert shown_bytes(house, "visits") == VISITS.removeprefix("\ufeff").replace("\r\n", "\n").encode("utf-8")


def test_sources_show_text_prints_a_bundled_digest_byte_for_byte(index: Path) -> None:
    assert shown_bytes(index, "pec-partnerships") == (ROOT / "corpus" / "policies" / "pec-partnerships.md").read_bytes()


def test_an_unknown_document_is_named_with_the_command_that_lists_them(cli: Cli, index: Path) -> None:
    assert failed(cli("sources", "show", "no-such-id", "--data", index), 1, "no document 'no-such-id'", "guidance sources list")


# Folders and settings


@pytest.mark.parametrize("arguments", [("sources", "list"), ("sources", "show", "a", "--text")], ids=["list", "show"])
def test_a_missing_data_folder_is_named_with_the_command_that_makes_it(cli: Cli, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    data = tmp_path / "none"
    assert failed(cli(*arguments, "--data", data), 1, f"There is no index in {data}. Make one with: guidance ingest --data {data}")


def test_asking_without_an_index_names_the_command_that_makes_it(cli: Cli, fresh_data: Path, weights: None) -> None:
    assert failed(cli("ask", "What is offered?", "--data", fresh_data), 1, f"There is no index in {fresh_data}", "guidance ingest")


def test_asking_without_an_index_makes_no_folder(cli: Cli, tmp_path: Path, weights: None) -> None:
    cli("ask", "What is offered?", "--data", tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_missing_corpus_folder_is_named(cli: Cli, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert failed(cli("ingest", "--corpus", gone, "--data", tmp_path / "data"), 1, f"The corpus folder {gone} does not exist", "--corpus DIR")


def test_a_folder_that_cannot_be_written_is_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    assert failed(cli("ingest", "--data", tmp_path / "file"), 1, f"The index folder {tmp_path / 'file'} cannot be written", "--data DIR")


def test_a_bad_manifest_is_a_sentence(cli: Cli, tmp_path: Path) -> None:
    write_files(tmp_path, {"corpus/a.md": "# A\n\nWords.\n", "corpus/sources.toml": "[[source\n"})
    assert failed(cli("ingest", "--corpus", tmp_path / "corpus", "--data", tmp_path / "data"), 1, "sources.toml is not valid TOML")


def test_an_index_that_is_up_to_date_is_left_in_silence_when_asked_for(cli: Cli, new_corpus: Callable[..., Path], fresh_data: Path) -> None:
    corpus = new_corpus({"visits.md": VISITS})
    ingest(corpus, fresh_data, DEFAULT_MODEL)
    done = cli("ingest", "--if-stale", "--corpus", corpus, "--data", fresh_data)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_ingestion_says_what_it_holds_and_exits_with_0(cli: Cli, new_corpus: Callable[..., Path], fresh_data: Path) -> None:
    done = cli("ingest", "--corpus", new_corpus({"visits.md": VISITS}), "--data", fresh_data)
    assert done.returncode == 0 and "1 documents, 2 passages." in done.stdout


BAD_SETTINGS = {
    "audience": ({"GUIDANCE_AUDIENCE": "everyone"}, "Set it to staff or partner"),
    "audience in capitals": ({"GUIDANCE_AUDIENCE": "Partner"}, "Set it to staff or partner"),
    "model without provider": ({"GUIDANCE_MODEL": "gpt-4"}, "Write provider:name"),
    "timeout in words": ({"GUIDANCE_MODEL_TIMEOUT": "soon"}, "from 1 to 600"),
    "timeout of nothing": ({"GUIDANCE_MODEL_TIMEOUT": "0"}, "from 1 to 600"),
    "timeout of no number": ({"GUIDANCE_MODEL_TIMEOUT": "nan"}, "from 1 to 600"),
    "timeout for ever": ({"GUIDANCE_MODEL_TIMEOUT": "inf"}, "from 1 to 600"),
}


@pytest.mark.parametrize(("env", "allowed"), BAD_SETTINGS.values(), ids=BAD_SETTINGS)
def test_a_bad_setting_is_named_with_its_value_and_what_is_allowed(env: dict[str, str], allowed: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_env(env)
    ((name, value),) = env.items()
    assert f"{name}={value!r} is not allowed" in str(error.value) and allowed in str(error.value)


def test_a_bad_setting_is_a_sentence_and_exits_with_1(cli: Cli) -> None:
    done = cli("sources", "list", env={"GUIDANCE_AUDIENCE": "everyone"})
    assert failed(done, 1, "GUIDANCE_AUDIENCE='everyone' is not allowed.")


def test_an_option_goes_before_the_variable(cli: Cli, house: Path, tmp_path: Path) -> None:
    done = cli("sources", "list", "--data", house, env={"GUIDANCE_DATA": str(tmp_path)})
    assert done.returncode == 0 and "visits" in done.stdout


def test_the_variable_chooses_the_data_folder(cli: Cli, house: Path) -> None:
    assert "visits" in cli("sources", "list", env={"GUIDANCE_DATA": str(house)}).stdout


# The ceiling

CEILING = {"GUIDANCE_AUDIENCE": "partner"}


def test_staff_see_the_staff_document_in_the_list(cli: Cli, house: Path) -> None:
    assert "salaries" in cli("sources", "list", "--data", house).stdout


@pytest.mark.parametrize("option", [(), ("--audience", "staff")], ids=["no option", "asking for staff"])
def test_under_the_ceiling_no_list_names_a_staff_document(cli: Cli, house: Path, option: tuple[str, ...]) -> None:
    listed = cli("sources", "list", "--data", house, *option, env=CEILING).stdout
    assert "visits" in listed and "alar" not in listed


def test_under_the_ceiling_a_staff_document_is_as_unknown_as_one_that_does_not_exist(cli: Cli, house: Path) -> None:
    shown, made_up = (cli("sources", "show", i, "--text", "--audience", "staff", "--data", house, env=CEILING) for i in ("salaries", "made-up"))
    assert (shown.returncode, shown.stdout, shown.stderr) == (1, "", made_up.stderr.replace("made-up", "salaries"))


BONUS = "When is the wombat bonus of a director paid, and by which team?"


def ask_house(cli: Cli, house: Path, folder: Path, audience: str, env: dict[str, str] | None = None) -> tuple[Done, str]:
    """Ask the house about the bonus in a batch row of an audience; what the command did, and the file it wrote."""
    write_files(folder, {"in.jsonl": json.dumps({"id": 1, "audience": audience, "question": BONUS}) + "\n"})
    done = cli("ask", "--batch", folder / "in.jsonl", "--out", folder / "out.jsonl", "--data", house, env=env)
    return done, (folder / "out.jsonl").read_text(encoding="utf-8")


def test_a_staff_row_is_answered_from_the_staff_document(cli: Cli, house: Path, tmp_path: Path, weights: None) -> None:
    _, written = ask_house(cli, house, tmp_path, "staff")
    assert [c["source"] for c in json.loads(written)["citations"]] == ["salaries"]


@pytest.mark.parametrize(("audience", "env"), [("partner", None), ("staff", CEILING)], ids=["a partner's row", "a staff row under the ceiling"])
def test_no_row_of_a_partner_tells_of_the_staff_document(cli: Cli, house: Path, tmp_path: Path, weights: None, audience: str, env: dict[str, str] | None) -> None:
    done, written = ask_house(cli, house, tmp_path, audience, env)
    assert done.returncode == 0 and "finance team" not in written and "alary" not in written and "alaries" not in written


def test_under_the_ceiling_no_option_tells_of_the_staff_document(cli: Cli, house: Path, weights: None) -> None:
    said = cli("ask", BONUS, "--audience", "staff", "--json", "--data", house, env=CEILING).stdout
    assert json.loads(said)["status"] in STATUSES and "finance team" not in said and "alary" not in said


def test_without_an_audience_a_question_is_a_partners(cli: Cli, house: Path, weights: None) -> None:
    assert "finance team" not in cli("ask", BONUS, "--data", house).stdout


# One question

OFFER = "What does Anti-Slavery International offer partner organisations?"


@pytest.fixture(scope="module")
def answer(cli: Cli, index: Path, weights: None) -> dict:
    """What `ask --json` prints for a question that the bundled corpus answers with a list."""
    done = cli("ask", OFFER, "--json", "--audience", "staff", "--data", index)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_answer_has_the_fields_of_the_contract(answer: dict) -> None:
    assert set(answer) == ANSWER_FIELDS


def test_a_citation_has_the_fields_of_the_contract(answer: dict) -> None:
    assert answer["citations"] and {frozenset(c) for c in answer["citations"]} == {frozenset(CITATION_FIELDS)}


def test_an_absent_value_is_null(answer: dict) -> None:
    first = answer["citations"][0]
    assert (answer["id"], first["source"], first["url"], first["page"]) == (None, "asi-approach-2023", None, None)


def test_the_fields_of_an_answer_have_their_types(answer: dict) -> None:
    assert [type(answer[name]) for name in ("status", "abstained", "answer", "citations", "latency_ms")] == [str, bool, str, list, int]


def test_a_section_is_the_trail_of_headings(answer: dict) -> None:
    assert answer["citations"][0]["section"].endswith("6. Adding value to each other's work through partnership > What Anti-Slavery International offers")


def test_a_citation_of_a_digest_says_so(answer: dict) -> None:
    assert {c["digest"] for c in answer["citations"]} == {True}


def test_every_quote_stands_at_its_offsets_in_the_text_that_show_prints(answer: dict, index: Path) -> None:
    texts = {source: shown_bytes(index, source).decode("utf-8") for source in {c["source"] for c in answer["citations"]}}
    assert [c["quote"] for c in answer["citations"] if texts[c["source"]][c["start"] : c["end"]] != c["quote"]] == []


def test_the_version_is_the_hash_of_the_text_that_show_prints(answer: dict, index: Path) -> None:
    first = answer["citations"][0]
    assert hashlib.sha256(shown_bytes(index, first["source"])).hexdigest() == first["version"]


def test_the_marks_of_an_answer_index_its_citations_and_leave_none_out(answer: dict) -> None:
    marks = {int(mark) for mark in re.findall(r" \[(\d+)\]", answer["answer"])}
    assert marks == set(range(1, len(answer["citations"]) + 1))


def test_every_offer_is_in_the_answer_to_what_is_offered(answer: dict) -> None:
    assert answer["answer"].count("\n- ") == 11


def test_a_lead_in_and_its_items_are_citations_of_their_own(answer: dict) -> None:
    assert [c["quote"] for c in answer["citations"] if "\n" in c["quote"]] == []


def test_the_answer_in_the_terminal_names_its_sources_behind_it(cli: Cli, index: Path, weights: None) -> None:
    done = cli("ask", OFFER, "--data", index)
    assert done.returncode == 0 and re.search(r"^\[1\] Anti-Slavery International's Partnership Approach, .*summary, not the adopted text\)$", done.stdout, re.MULTILINE)


def test_an_empty_question_is_a_sentence_and_exits_with_1(cli: Cli, index: Path, weights: None) -> None:
    assert failed(cli("ask", "\u200b ?", "--data", index), 1, "The question is empty.")


# A batch

VISION = "What is the vision of Anti-Slavery International?"
HIDDEN = "What\u200b is the\x00 vision\u202e of\tAnti-\u2060Slavery\U000e0041\U000e0042 International?\ufeff"
LINES = {
    "plain": {"id": "plain", "audience": "staff", "question": VISION},
    "not json": '{"id": "not json", "audience": "staff", "question": "What',
    "no audience": {"id": "no audience", "question": VISION},
    "unknown audience": {"id": "unknown audience", "audience": "public", "question": VISION},
    "turns": {"id": "turns", "audience": "staff", "turns": ["What are the principles of partnership of Anti-Slavery International?", "And what does the second one mean?"]},
    "empty": {"id": "empty", "audience": "staff", "question": ""},
    "long": {"id": "long", "audience": "staff", "question": "x" * 50_000},
    "hidden": {"id": "hidden", "audience": "staff", "question": HIDDEN},
    "blank line": "",
    "no object": "[1, 2]",
    "no question": {"id": "no question", "audience": "staff"},
    "turns of numbers": {"id": "turns of numbers", "audience": "staff", "turns": [1]},
    "no turns": {"id": "no turns", "audience": "staff", "turns": []},
    "number as id": {"id": 17, "audience": "partner", "question": VISION},
    "off topic": {"id": "off topic", "audience": "partner", "question": "How do I bake a sourdough loaf with rye flour and a crisp crust?"},
    "french": {"id": "french", "audience": "partner", "question": "Quels sont vos principes de partenariat ?"},
    "german": {"id": "german", "audience": "partner", "question": "Welche Grundsätze gelten für die Partnerschaft mit anderen Organisationen?"},
    "nested": "[" * 100_000,
    "last": {"id": "last", "audience": "partner", "question": VISION},
}
ERRORS = ["not json", "no audience", "unknown audience", "empty", "long", "blank line", "no object", "no question", "turns of numbers", "no turns", "nested"]


@pytest.fixture(scope="module")
def batch(cli: Cli, index: Path, weights: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, list[dict]]:
    """One batch of every kind of line over the bundled corpus: what the command did, and the rows it wrote."""
    folder = tmp_path_factory.mktemp("batch")
    lines = [line if isinstance(line, str) else json.dumps(line) for line in LINES.values()]
    write_files(folder, {"in.jsonl": "\ufeff" + "\r\n".join(lines)})
    done = cli("ask", "--batch", folder / "in.jsonl", "--out", folder / "out.jsonl", "--data", index)
    return done, [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def row(batch: tuple[Done, list[dict]]) -> Callable[[str], dict]:
    """The row for one of `LINES`."""
    return dict(zip(LINES, batch[1])).__getitem__


def test_a_batch_has_a_row_for_each_line_in_order(batch: tuple[Done, list[dict]]) -> None:
    readable = {name: line["id"] for name, line in LINES.items() if isinstance(line, dict)}
    assert [found["id"] for found in batch[1]] == [readable.get(name) for name in LINES]


def test_a_batch_with_a_row_that_is_an_error_exits_with_1(batch: tuple[Done, list[dict]]) -> None:
    assert failed(batch[0], 1)


@pytest.mark.parametrize("name", ERRORS)
def test_a_line_that_cannot_be_asked_is_an_error_with_its_number(row: Callable[[str], dict], name: str) -> None:
    number = list(LINES).index(name) + 1
    found = row(name)
    assert (set(found), found["status"], found["line"]) == (ERROR_FIELDS, "error", number)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("not json", "this is not JSON"),
        ("no audience", 'it has to be "staff" or "partner"'),
        ("unknown audience", "audience is 'public'"),
        ("empty", "The question is empty."),
        ("long", "The question has 50,000 characters; the limit is 4,000."),
        ("no object", "this is not a JSON object"),
        ("no question", "question has to be text"),
        ("turns of numbers", "turns a list of texts"),
        ("no turns", "turns a list of texts"),
    ],
)
def test_an_error_row_says_what_is_wrong(row: Callable[[str], dict], name: str, part: str) -> None:
    assert part in row(name)["answer"]


@pytest.mark.parametrize("name", [name for name in LINES if name not in ERRORS])
def test_a_line_that_can_be_asked_has_the_fields_of_the_contract(row: Callable[[str], dict], name: str) -> None:
    assert set(row(name)) == ANSWER_FIELDS and row(name)["status"] in STATUSES - {"error"}


@pytest.mark.parametrize("name", [name for name in LINES if name not in ERRORS])
def test_abstained_goes_with_the_status_and_then_nothing_is_cited(row: Callable[[str], dict], name: str) -> None:
    found = row(name)
    assert found["abstained"] is (found["status"] in ABSTAINED) and not (found["abstained"] and found["citations"])


def test_hidden_characters_do_not_change_the_answer(row: Callable[[str], dict]) -> None:
    plain, hidden = ({**row(name), "id": None, "latency_ms": 0} for name in ("plain", "hidden"))
    assert hidden == plain


def test_the_vision_is_answered_from_the_document_that_ended_and_says_so(row: Callable[[str], dict]) -> None:
    found = row("plain")
    assert found["citations"][0]["source"] == "asi-strategy-2015" and "period has ended (2020)" in found["answer"]


def test_the_last_of_several_turns_is_answered_with_those_before_in_mind(row: Callable[[str], dict]) -> None:
    assert "Complementarity" in row("turns")["answer"]


def test_a_question_about_something_else_is_out_of_scope(row: Callable[[str], dict]) -> None:
    assert row("off topic")["status"] == "out_of_scope"


def test_a_question_in_german_is_declined_in_german_with_the_languages_that_can_be_asked_in(row: Callable[[str], dict]) -> None:
    assert (row("german")["status"], "Englisch, Französisch oder Spanisch" in row("german")["answer"]) == ("unsupported_language", True)


def test_a_question_in_french_is_answered_in_french_beside_the_english(row: Callable[[str], dict]) -> None:
    found = row("french")
    assert found["status"] == "answered" and [c["source"] for c in found["citations"][:2]] == ["asi-approach-2023-fr", "asi-approach-2023"]
    assert found["answer"].startswith("Sept principes") and "[1] [2]" in found["answer"]


def test_a_batch_of_answers_alone_exits_with_0(cli: Cli, index: Path, tmp_path: Path, weights: None) -> None:
    write_files(tmp_path, {"in.jsonl": json.dumps(LINES["plain"]) + "\n"})
    assert cli("ask", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl", "--data", index).returncode == 0


@pytest.mark.parametrize("line", [b'{"id": 1, "audience": "staff", "question": "Caf\xe9?"}', b'{"id": "\\ud800", "audience": "staff"}'], ids=["no UTF-8", "half a character"])
def test_a_line_of_broken_characters_does_not_take_the_others_with_it(cli: Cli, index: Path, tmp_path: Path, weights: None, line: bytes) -> None:
    good = json.dumps(LINES["plain"]).encode()
    write_files(tmp_path, {"in.jsonl": line + b"\n" + good + b"\n"})
    cli("ask", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl", "--data", index)
    rows = [json.loads(found) for found in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [found["status"] for found in rows] == ["error", "answered"]


def test_a_batch_never_overwrites_its_own_questions(cli: Cli, index: Path, tmp_path: Path, weights: None) -> None:
    questions = json.dumps(LINES["plain"]) + "\n"
    write_files(tmp_path, {"in.jsonl": questions})
    cli("ask", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "in.jsonl", "--data", index)
    assert (tmp_path / "in.jsonl").read_text() == questions


def test_an_out_file_that_cannot_be_written_is_a_sentence(cli: Cli, index: Path, tmp_path: Path, weights: None) -> None:
    write_files(tmp_path, {"in.jsonl": json.dumps(LINES["plain"]) + "\n"})
    done = cli("ask", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "none" / "out.jsonl", "--data", index)
    assert "Traceback" not in done.stderr and done.returncode in (1, 2) and str(tmp_path / "none") in " ".join(done.stderr.split())
