"""The casebook: what lint finds, drafts that hold against their document, sheets from spreadsheet programs, and files that read back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT, write_files
from openpyxl import Workbook

from assistant.conversations import Feedback
from evals.casebook.command import cases as command
from evals.casebook.draft import drafts_from, drafts_from_feedback
from evals.casebook.editor import FILE as SCHEMA
from evals.casebook.editor import as_text
from evals.casebook.facts import Maker
from evals.casebook.lint import lint
from evals.casebook.phrase import list_question, question_on, topic_of
from evals.casebook.read import Casebook, read_cases
from evals.casebook.schema import Nugget
from evals.casebook.table import cases_from_table
from evals.casebook.write import as_yaml, write_cases
from evals.stored import Stored
from ingest.catalogue import Catalogue, current_generation
from ingest.embed import DEFAULT_MODEL
from ingest.errors import CasesError
from ingest.pipeline import ingest

BUNDLED = ROOT / "evals" / "cases"
POLICY = """# Grants policy

## 1. Core costs

We pay up to 12% of core costs if the budget names them.
Partners must keep all receipts for 7 years.
Fines are never paid.

## Reporting

Partners must send us:

- a narrative report by 31 March;
- a financial report, only where a grant is over £5,000;
- photographs of the work.

## How do we say no?

A letter says why.
"""
SECRET = "# Reserves\n\nThe reserve must never fall under £90,000.\n"
FRENCH = "# Accord\n\nLes partenaires doivent remettre un rapport avant le 31 mars.\n"
MANIFEST = """
[[source]]
id = "grants"
path = "grants.md"
title = "Grants policy"
audience = "everyone"

[[source]]
id = "reserves"
path = "reserves.md"
title = "Reserves"

[[source]]
id = "accord"
path = "accord.md"
title = "Accord"
language = "fr"
audience = "everyone"
"""
CASE = {
    "id": "one",
    "kind": "lookup",
    "audience": "partner",
    "question": "Do you pay core costs?",
    "expected_status": ["answered"],
    "expected_sources": ["grants"],
    "expected_sections": ["(?i)core costs"],
    "nuggets": ["(?i)core costs"],
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small documents: one for everyone, one for staff, one in French."""
    folder = tmp_path_factory.mktemp("corpus")
    write_files(folder, {"grants.md": POLICY, "reserves.md": SECRET, "accord.md": FRENCH, "sources.toml": MANIFEST})
    return folder


@pytest.fixture(scope="module")
def data(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the small corpus."""
    folder = tmp_path_factory.mktemp("data")
    ingest(corpus, folder, DEFAULT_MODEL)
    return folder


@pytest.fixture(scope="module")
def stored(data: Path) -> Stored:
    """What that index holds."""
    return Stored.from_catalogue(data, Catalogue.load(current_generation(data)))


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Casebook]:
    """Reads rows from a real file of cases."""

    def make(*rows: dict) -> Casebook:
        (tmp_path / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return read_cases(tmp_path)

    return make


def test_a_good_case_has_no_fault(book: Callable[..., Casebook], stored: Stored) -> None:
    assert lint(book(CASE), stored) == ()


WRONG = [
    ({"expected_sources": ["grant"]}, "expected_sources names 'grant', which the index does not hold; it holds accord, grants, reserves."),
    ({"expected_sources": ["reserves"], "expected_sections": [], "nuggets": ["90,000"]}, "audience is partner, and reserves is for staff only"),
    ({"expected_sections": ["Overheads"]}, "no heading of grants matches 'Overheads'; the headings are"),
    ({"nuggets": ["(?i)overheads"]}, "nothing in grants matches '(?i)overheads'. Correct its patterns, name the right document"),
    ({"expected_sources": [], "nuggets": ["999"]}, "no document is expected that could hold '999'"),
    ({"expected_status": ["not_covered"]}, "expected_status allows none (not_covered). Remove the nuggets"),
    ({"nuggets": [{"fact": "TO BE FILLED IN: a fact", "means": "TO BE FILLED IN"}]}, "is what a draft leaves open"),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_what_is_wrong_is_told_with_its_remedy(change: dict, message: str, book: Callable[..., Casebook], stored: Stored) -> None:
    (fault,) = lint(book(CASE | change), stored)
    assert message in fault.words and not fault.warning


FINE = [
    {"nuggets": [{"fact": "no amount is given", "any": ["(?i)no amount"], "remark": True}]},
    {"nuggets": [{"fact": "costs in other words", "means": "Overheads are paid."}]},
    {"nuggets": [{"fact": "costs", "any": ["(?i)overheads", "(?i)core costs"]}]},
    {"nuggets": ["(?is)receipts.*photographs"]},
    {"expected_status": ["answered", "not_covered"]},
    {"tags": ["draft"], "nuggets": [{"fact": "TO BE FILLED IN: a fact", "means": "TO BE FILLED IN"}]},
]


@pytest.mark.parametrize("change", FINE)
def test_what_may_be_so_is_no_fault(change: dict, book: Callable[..., Casebook], stored: Stored) -> None:
    assert lint(book(CASE | change), stored) == ()


def test_what_is_only_worth_a_look_is_a_warning(book: Callable[..., Casebook], stored: Stored) -> None:
    unjudged = CASE | {"id": "two", "expected_sources": [], "expected_sections": [], "nuggets": []}
    faults = lint(book(CASE | {"forbidden": [r"\b12%"]}, unjudged), stored)
    assert [fault.warning for fault in faults] == [True, True]
    assert "matches '12%' in grants, so quoting the document would be wrong" in faults[0].words
    assert "nothing says what a right one tells" in faults[1].words


def test_a_fault_names_the_line_of_its_fact(tmp_path: Path, stored: Stored) -> None:
    text = as_yaml(read_bundled("lookup-01")).replace("asi-approach-2023", "grants").replace("(?i)introduction", "(?i)core")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    faults = lint(read_cases(tmp_path), stored)
    facts = [number for number, line in enumerate(text.splitlines(), start=1) if line.lstrip().startswith("- fact:")]
    assert [fault.line for fault in faults] == facts


def read_bundled(*ids: str) -> tuple:
    """Some of the project's own cases."""
    return tuple(case for case in read_cases(BUNDLED).cases if case.id in ids)


def test_the_bundled_cases_hold_against_the_bundled_documents(index: Path) -> None:
    book = read_cases(BUNDLED)
    assert book.faults == ()
    assert [str(fault) for fault in lint(book, Stored.from_catalogue(index, Catalogue.load(current_generation(index)))) if not fault.warning] == []


def test_the_schema_for_editors_is_the_one_that_is_read_by() -> None:
    """Where this fails: python -m evals.casebook.editor"""
    assert SCHEMA.read_text(encoding="utf-8") == as_text()
    assert [p.name for p in BUNDLED.glob("*.yaml") if not p.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=../case.schema.json\n")] == []


def test_the_schema_for_editors_takes_what_is_read_and_nothing_else() -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads(as_text()))
    assert validator.is_valid([CASE]) and validator.is_valid([{**CASE, "nuggets": [{"fact": "a", "means": "b"}]}])
    for change in ({"turns": ["a"]}, {"colour": "red"}, {"expected_status": ["replied"]}, {"nuggets": [{"fact": "a"}]}):
        assert not validator.is_valid([CASE | change])


def test_cases_are_written_as_they_are_read(tmp_path: Path) -> None:
    cases = read_cases(BUNDLED).cases
    write_cases(cases, tmp_path / "all.yaml")
    assert read_cases(tmp_path).cases == cases
    text = (tmp_path / "all.yaml").read_text(encoding="utf-8")
    assert "\n\n- id: " in text and "        - '(?is)" in text and '\n  question: "' in text and "yaml-language-server" not in text
    with pytest.raises(CasesError, match="exists already, and nothing is overwritten. Name another file with --out"):
        write_cases(cases, tmp_path / "all.yaml")
    with pytest.raises(CasesError, match="cannot be written"):
        write_cases(cases, tmp_path / "none" / "all.yaml")


def test_drafts_hold_against_the_document_that_they_come_from(tmp_path: Path, stored: Stored) -> None:
    write_cases(drafts_from("grants", stored), tmp_path / "draft.yaml")
    book = read_cases(tmp_path)
    assert book.faults == () and lint(book, stored) == () and book.ready == ()
    asked = {case.question: case for case in book.cases}
    assert list(asked) == ["What are the rules on core costs?", "What must partners send us?"]
    report = asked["What must partners send us?"]
    assert (report.kind, report.audience, report.expected_sections) == ("list", "partner", ("(?i)Reporting",))
    assert [(n.fact, n.condition) for n in report.nuggets] == [
        ("a narrative report by 31 March", False),
        ("a financial report, only where a grant is over £5,000", False),
        ("only where a grant is over £5,000", True),
        ("photographs of the work", False),
    ]
    costs = asked["What are the rules on core costs?"]
    assert [n.fact for n in costs.nuggets if n.condition] == ["if the budget names them"]
    assert drafts_from("reserves", stored)[0].audience == "staff"


def test_a_document_without_drafts_is_told_apart(stored: Stored) -> None:
    with pytest.raises(CasesError, match="no document 'grant' in the index; it holds accord, grants, reserves"):
        drafts_from("grant", stored)
    with pytest.raises(CasesError, match="accord is in the language 'fr'"):
        drafts_from("accord", stored)


QUESTIONS = [
    ("costs", "Our principles are:", "What are our principles?"),
    ("costs", "Partners may:", "What may partners do?"),
    ("costs", "Partner organisations must not:", "What must partner organisations not do?"),
    ("costs", "Depending on needs, the Rights Lab offers partners these contributions:", "What does the Rights Lab offer partners?"),
    ("costs", "Eligible costs include:", "What do eligible costs include?"),
    ("costs", "As follows:", "What are the main points on costs?"),
    ("costs", "A cost was included when it met these tests:", "What are the main points on costs?"),
    ("after the visit", "As follows:", "What are the main points after the visit?"),
    ("How do we pay?", "As follows:", "How do we pay?"),
    ("costs are shared", "As follows:", "What does Grants policy say under “Costs are shared”?"),
]


@pytest.mark.parametrize(("topic", "lead", "question"), QUESTIONS)
def test_a_lead_in_is_turned_into_a_question(topic: str, lead: str, question: str) -> None:
    assert list_question(topic, lead, "Grants policy") == question


KINDS = [
    ("We pay up to £500.", "How much money is named for travel?"),
    ("Receipts are kept for 7 years.", "How much time is named for travel?"),
    ("Reports are due by 31 March.", "Which dates or deadlines are named for travel?"),
    ("Partners must tell us.", "What must partners do about travel?"),
    ("Partners may not fly.", "What may partners not do about travel?"),
    ("A partner can choose the hotel.", "What may a partner do about travel?"),
    ("Write to grants@example.org.", "Who is to be contacted about travel?"),
    ("Trains are paid if they are cheaper.", "Which conditions apply to travel?"),
]


@pytest.mark.parametrize(("sentence", "question"), KINDS)
def test_a_question_follows_the_kind_of_fact(sentence: str, question: str) -> None:
    assert question_on("travel", [sentence], "Grants policy") == question


def test_a_topic_is_the_heading_that_says_something() -> None:
    assert topic_of(("Grants", "3.2 Core Costs"), "Policy", "We pay core costs.") == "core costs"
    assert topic_of(("Grants", "Introduction"), "Policy", "") == "grants"
    assert topic_of((), "Policy", "") == "Policy"
    assert topic_of(("What the report recommends to partners",), "Policy", "") == "What does the report recommend to partners?"
    assert topic_of(("What we look for",), "Policy", "") == "What do we look for?"
    assert topic_of(("A.1 Who can apply",), "Policy", "") == "Who can apply?"
    assert topic_of(("Safety",), "Policy", "We fund Safety First alone.") == "Safety"


def test_a_pattern_fits_its_own_sentence_alone() -> None:
    texts = ("We pay 12% of core costs.", "We pay 12% of travel costs.", "NGO")
    patterns = [Maker.of(texts).nuggets(text)[0] for text in texts]
    assert [[bool(nugget.matched(text)) for text in texts] for nugget in patterns] == [[True, False, False], [False, True, False], [False, False, True]]


def feedback(path: Path, *rows: Feedback) -> Path:
    """Rows of feedback in a real file."""
    path.write_text("".join(json.dumps({name: getattr(row, name) for name in row.__slots__}) + "\n" for row in rows), encoding="utf-8")
    return path


def said(exchange: str, verdict: str, question: str, note: str = "", audience: str = "partner") -> Feedback:
    """A row of feedback on one exchange."""
    return Feedback("2026-11-20T10:00:00+00:00", exchange, verdict, note, question, "We pay\neverything.", "answered", audience)


def test_wrong_answers_become_drafts_and_a_repeated_question_one(tmp_path: Path, stored: Stored) -> None:
    rows = (
        said("a", "wrong", "Do you pay rent?", "Not true: only core costs"),
        said("b", "right", "Who are you?"),
        said("c", "wrong", "do you  pay RENT?", "Half of it"),
        said("d", "wrong", "Where is it?"),
        said("d", "right", "Where is it?"),
    )
    (draft,) = drafts_from_feedback(feedback(tmp_path / "feedback.jsonl", *rows))
    assert (draft.id, draft.question, draft.audience, draft.is_draft) == ("feedback-20261120-01", "Do you pay rent?", "partner", True)
    assert draft.note and draft.note.count("We pay everything.") == 2 and "What the person wrote: Half of it" in draft.note
    folder = tmp_path / "drafts"
    folder.mkdir()
    write_cases((draft,), folder / "a.yaml")
    book = read_cases(folder)
    assert book.cases == (draft,) and lint(book, stored) == ()


def test_feedback_that_cannot_be_drafted_from_is_told(tmp_path: Path) -> None:
    with pytest.raises(CasesError, match="nobody has marked an answer yet"):
        drafts_from_feedback(tmp_path / "none.jsonl")
    with pytest.raises(CasesError, match="calls no answer wrong"):
        drafts_from_feedback(feedback(tmp_path / "a.jsonl", said("a", "right", "Why?")))
    (tmp_path / "b.jsonl").write_text('{"time": "now"}\n', encoding="utf-8")
    with pytest.raises(CasesError, match="b.jsonl, line 1: this is no row of feedback"):
        drafts_from_feedback(tmp_path / "b.jsonl")


HEADER = [" Question", "AUDIENCE", "must  say", "Must not say", "Document "]
ROWS = [
    ["Do you pay core costs – always?", "partner", "Up to 12% is paid; the budget has to name them", "All costs are paid.", "grants"],
    ["What must we send?", "Partner", "- A narrative report.\n- A financial report.", "", "GRANTS  policy"],
    ["Do you pay for a café?", "staff", "", "", ""],
]


def sheet(delimiter: str, rows: list[list[str]]) -> str:
    """A table as a spreadsheet program writes it."""
    return "".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_sheet_is_read_however_it_was_saved(delimiter: str, encoding: str, tmp_path: Path, stored: Stored) -> None:
    path = tmp_path / "My cases.csv"
    path.write_bytes(sheet(delimiter, [HEADER, *ROWS]).encode(encoding))
    check_imported(path, stored)


def test_a_workbook_is_read(tmp_path: Path, stored: Stored) -> None:
    book = Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    book.save(tmp_path / "My cases.xlsx")
    check_imported(tmp_path / "My cases.xlsx", stored)


def check_imported(path: Path, stored: Stored) -> None:
    """Three rows, each as it was meant."""
    found = cases_from_table(path, stored)
    assert found.faults == ()
    first, second, third = found.cases
    assert (first.id, first.question, first.audience, first.expected_sources) == ("my-cases-002", "Do you pay core costs – always?", "partner", ("grants",))
    assert first.nuggets == tuple(Nugget(text, means=text) for text in ("Up to 12% is paid", "the budget has to name them"))
    assert first.forbidden == (Nugget("All costs are paid.", means="All costs are paid."),)
    assert [n.fact for n in second.nuggets] == ["A narrative report.", "A financial report."] and second.expected_sources == ("grants",)
    assert (third.question, third.kind, third.expected_status, third.nuggets) == ("Do you pay for a café?", "unanswerable", ("not_covered",), ())


def test_bad_rows_are_told_and_the_others_imported(tmp_path: Path, stored: Stored) -> None:
    path = tmp_path / "a.csv"
    rows = [
        ["id", "question", "audience", "must say", "document", "status", "colour"],
        ["good", "Why?", "staff", "A reason.", "grants", "answered", "red"],
        ["", "", "staff", "A reason.", "grants", "", ""],
        ["", "Why?", "everyone", "A reason.", "Grant policy", "", ""],
        ["", "Why?", "partner", "A reason.", "reserves", "", ""],
        ["", "Why?", "staff", "A reason.", "grants", "replied", ""],
        ["good", "Why not?", "staff", "A reason.", "grants", "", ""],
        ["", "", "", "", "", "", ""],
        ["", "Why?", "staff", "A reason.", "grants", "", "", "more"],
    ]
    path.write_text(sheet(",", rows), encoding="utf-8")
    found = cases_from_table(path, stored)
    assert [case.id for case in found.cases] == ["good"]
    told = [str(fault).removeprefix(f"{path}, ") for fault in found.faults]
    assert told[0].startswith("row 1, column 'colour': this column is not known") and found.faults[0].warning
    assert told[1] == "row 3, column question: it is empty. Write the question as somebody would ask it."
    assert told[2] == "row 4, column audience: 'everyone' is not allowed. Write staff or partner."
    assert told[3].startswith("row 4, column document: 'Grant policy' is no id and no title of the index. Is 'Grants policy' (grants)")
    assert told[4].startswith("row 5, column document: reserves is for staff only")
    assert told[5].startswith("row 6, column status: expected_status, number 1 = 'replied' is not allowed")
    assert told[6] == "row 7, column id: 'good' is used twice. Give each row an id of its own."
    assert told[7].startswith("row 9, column question: the row has more cells than the first row names")
    assert len(told) == 8


BROKEN = [
    ("a.csv", b"question,audience\nWhy?,staff\n", "the column 'must say' and 'document' is missing; the first row names question, audience"),
    ("a.csv", b"", "is empty"),
    ("a.csv", b"question,question,audience,must say,document\n", "has two columns named 'question'"),
    ("a.xlsx", b"question,audience", "cannot be read as a workbook"),
    ("a.docx", b"", "is no CSV or XLSX file"),
]


@pytest.mark.parametrize(("name", "content", "message"), BROKEN)
def test_a_file_that_is_no_sheet_is_told(name: str, content: bytes, message: str, tmp_path: Path, stored: Stored) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CasesError) as caught:
        cases_from_table(tmp_path / name, stored)
    assert message in str(caught.value)


def test_the_commands_hand_over_to_each_other(tmp_path: Path, corpus: Path, data: Path) -> None:
    runner, folders = CliRunner(), ["--corpus", str(corpus), "--data", str(data)]

    def call(*arguments: str, code: int = 0) -> str:
        result = runner.invoke(command, [*arguments, *folders])
        assert result.exit_code == code, result.output
        return result.output

    made = tmp_path / "made"
    made.mkdir()
    assert "2 cases written to" in call("draft", "grants", "--out", str(made / "grants.yaml"))
    (tmp_path / "rows.csv").write_text(sheet(";", [HEADER, *ROWS]), encoding="utf-8")
    assert "3 cases written to" in call("import", str(tmp_path / "rows.csv"), "--out", str(made / "rows.yaml"))
    assert call("check", str(made)) == "5 cases read, 2 drafts among them: 0 faults, 0 warnings.\n"
    (made / "wrong.yaml").write_text(as_yaml(read_bundled("lookup-12", "sector-01")), encoding="utf-8")
    told = call("check", str(made), code=1).splitlines()
    assert "expected_sources names 'asi-approach-2023', which the index does not hold" in told[0] and told[-2].startswith("warning: ")
    assert told[-1] == "7 cases read, 2 drafts among them: 1 fault, 1 warning."
    call("draft", code=2)
    feedback(data / "feedback.jsonl", said("a", "wrong", "Why?"))
    assert "1 case written to" in call("draft", "--feedback", "--out", str(made / "feedback.yaml"))
