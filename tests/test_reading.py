"""The reading sheet: which answers are drawn, what a reader sees, and what is taken back from the ways people fill it in."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from run_folders import ANSWERED, HASH, STARTED, answer, write_run

from evals.folder import Said
from evals.reading.command import sheet as command
from evals.reading.sample import draw, outcome, places_of
from evals.reading.sheet import sheet_of
from evals.reading.sheet_csv import COLUMNS, read_csv, write_csv
from evals.reading.sheet_docx import TO_DO, read_docx, write_docx
from evals.reading.store import read_sheet
from evals.reading.verdicts import VERDICTS, WORDS, verdict_of
from ingest.errors import CasesError

RUN = {"started": STARTED, "cases": {"sha256": HASH}}
MADE = f"begun {STARTED}, cases {HASH[:16]}"


def run(*arguments: str | Path) -> Result:
    """Calls the command in this process."""
    return CliRunner().invoke(command, [*map(str, arguments)])


def fault(*arguments: str | Path) -> str:
    """The sentence that the command ends with."""
    result = run(*arguments)
    assert isinstance(result.exception, CasesError), result.output
    return str(result.exception)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scored run: three right, one wrong, one incomplete, one rightly and one wrongly refused."""
    pairs = [
        answer("lookup-01"), answer("lookup-02", "wrong"), answer("lookup-03", "incomplete"), answer("offtopic-01", refused=True),
        answer("followup-01", "wrongly refused", refused=True, turns=("Who decides?", "=And when?\x0b")), answer("party-01", audience="staff"), answer("party-02"),
    ]  # fmt: skip
    return write_run(tmp_path / "run", pairs)


@pytest.fixture
def made(folder: Path) -> Path:
    """The run folder with an empty sheet of all its answers."""
    assert run(folder).exit_code == 0
    return folder


def fill_csv(
    path: Path, verdicts: dict[str, tuple[str, str]], reader: str = "Ana Sá", date: str = "22/11/2026", encoding: str = "utf-8-sig", separator: str = ","
) -> Path:
    """Fills the sheet in and saves it as a spreadsheet would, with name and date in the first row."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    for number, row in enumerate(rows):
        row["verdict"], row["note"] = verdicts.get(row["case"], ("", ""))
        row |= {} if number else {"reader": reader, "date": date}
    return save_csv(path.with_name("filled.csv"), rows, encoding, separator)


def save_csv(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8-sig", separator: str = ",") -> Path:
    """Rows as a CSV file with a header."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    return path


def fill_docx(path: Path, verdicts: dict[str, tuple[str, str]], reader: str = "Ana Sá", date: str = "22 November 2026") -> Path:
    """Types into the tables of the sheet."""
    document = docx.Document(str(path))
    first, *others = document.tables
    first.cell(1, 1).text, first.cell(2, 1).text = reader, date
    for table in others:
        table.cell(1, 2).text, table.cell(1, 3).text = verdicts.get(table.cell(1, 1).text, ("", ""))
    filled = path.with_name("filled.docx")
    document.save(str(filled))
    return filled


FILLED = {
    "lookup-01": ("Right.", ""), "lookup-02": (" OK ", "it is fine"), "lookup-03": ("wrong!", "a condition is missing"),
    "offtopic-01": ("?", ""), "followup-01": ("WRONG", ""),
}  # fmt: skip
READ = {
    "reader": "Ana Sá", "read": 5, "right": 2, "wrong": 2, "unsure": 1,
    "agreement": {"same": 3, "different": 1, "cases": ["lookup-02"]},
}  # fmt: skip


def test_each_kind_has_a_place_and_the_others_go_by_size() -> None:
    assert places_of({"a": 20, "b": 10, "c": 1}, 8) == {"a": 5, "b": 2, "c": 1}
    assert places_of({"a": 2, "b": 1}, 30) == {"a": 2, "b": 1}
    with pytest.raises(CasesError, match="--answers 2 is too few: there are 3 kinds"):
        places_of({"a": 20, "b": 10, "c": 1}, 2)


def test_a_sample_mixes_outcomes_and_is_the_same_for_the_same_seed() -> None:
    outcomes = [("right", False)] * 26 + [("wrong", False)] * 2 + [("right", True)] * 2
    pairs = [answer(f"{kind}-{i:02}", *what) for kind in "abcd" for i, what in enumerate(outcomes)]
    rows, verdicts = [row for row, _ in pairs], {score.id: score.verdict for _, score in pairs}
    drawn = draw(rows, verdicts, 30, 1)
    assert len({row.id for row in drawn}) == 30 and {row.kind for row in drawn} == set("abcd")
    assert Counter(outcome(row, verdicts) for row in drawn) == {"right": 14, "wrong": 8, "refused": 8}
    assert draw(rows[::-1], verdicts, 30, 1) == drawn != draw(rows, verdicts, 30, 2)
    assert [row.kind for row in drawn] != sorted(row.kind for row in drawn)


def test_the_word_sheet_shows_everything_but_the_verdict(folder: Path, tmp_path: Path) -> None:
    row = answer("followup-01", "wrong", turns=("Who decides?", "And when?"), audience="staff")[0]
    write_docx(tmp_path / "a.docx", sheet_of(RUN, [row]))
    document = docx.Document(str(tmp_path / "a.docx"))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert all(line in words for line in TO_DO) and len(TO_DO) == 5
    begin = words.index("Answer 1")
    assert words[begin : begin + 9] == [
        "Answer 1", "Asked by: a member of staff", "Earlier message: Who decides?", "Question: And when?", "What the assistant said",
        "Partners are supported publicly. [1]", "[1] “Partners are supported publicly.”\nAn open policy, 2 Solidarity, page 3",
        "Costs depend on need. [2]", "[2] “Costs depend on need.”\nplain",
    ]  # fmt: skip
    section = document.sections[0]
    assert abs(section.page_width - Cm(21)) < Cm(0.01) and abs(section.page_height - Cm(29.7)) < Cm(0.01)
    assert [cell.text for cell in document.tables[1].rows[1].cells] == ["1", "followup-01", "", ""]
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None and table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None


def test_the_sheets_say_nothing_of_the_program(made: Path) -> None:
    text = (made / "reading-sheet.csv").read_text(encoding="utf-8-sig")
    document = docx.Document(str(made / "reading-sheet.docx"))
    text += "".join(t.text or "" for t in document.element.body.iter(qn("w:t")))
    for verdict in ("incomplete", "wrongly", "not_covered", "lookup-02 is", "expected"):
        assert verdict not in text


def test_the_csv_sheet_opens_in_excel(made: Path) -> None:
    data = (made / "reading-sheet.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert data.startswith(b"\xef\xbb\xbf") and tuple(rows[0]) == COLUMNS and len(rows) == 7
    row = next(row for row in rows if row["case"] == "followup-01")
    assert row["question"] == "Earlier message: Who decides?\nQuestion: =And when?" and row["run"] == MADE
    row = next(row for row in rows if row["case"] == "party-01")
    assert row["asked by"] == "a member of staff" and row["answer"] == "Partners are supported publicly. [1]\nCosts depend on need. [2]"
    assert row["quotes"] == "[1] “Partners are supported publicly.” (An open policy, 2 Solidarity, page 3)\n[2] “Costs depend on need.” (plain)"


def test_what_a_spreadsheet_would_reckon_with_is_text(tmp_path: Path) -> None:
    row = replace(ANSWERED, turns=("=HYPERLINK(1)",), actual_statements=(Said("- no. " + "x" * 40_000),), actual_citations=())
    write_csv(tmp_path / "a.csv", sheet_of(RUN, [row]))
    csv.field_size_limit(200_000)
    cells = next(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert cells["question"] == "'=HYPERLINK(1)" and cells["answer"].startswith("'- no.") and len(cells["answer"]) < 32_767


def test_an_answer_without_statements_or_with_a_loose_mark_is_shown() -> None:
    bare = replace(ANSWERED, actual_statements=(), actual_answer="Publicly. [1]\n\nOn need. [7]")
    (item,) = sheet_of(RUN, [bare]).items
    assert [spoken.marked for spoken in item.spoken] == ["Publicly. [1]", "On need. [7]"]
    assert item.spoken[1].quotes[0].place == "there is no passage for this mark"


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        *((word, verdict) for verdict, words in WORDS.items() for word in words), ("Right.", "right"), ("  wRong !! ", "wrong"), ("“ok”", "right"), ("???", "unsure"),
        ("Don’t  know.", "unsure"), ("not\u00a0right", "wrong"), ("right?", None), ("right, mostly", None), ("rihgt", None), ("", None), ("x", None),
    ],
)  # fmt: skip
def test_words_are_read_as_verdicts(words: str, verdict: str | None) -> None:
    assert verdict_of(words) == verdict


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8-sig", ","), ("utf-8", ";"), ("utf-16", "\t"), ("cp1252", ";"), ("utf-16-le", "\t"), ("cp1252", ",")]
)
def test_verdicts_come_back_from_every_csv_that_excel_writes(made: Path, encoding: str, separator: str) -> None:
    filled = fill_csv(made / "reading-sheet.csv", FILLED, encoding=encoding, separator=separator)
    result = run(made, "--verdicts", filled)
    assert result.exit_code == 0 and "Ana Sá read 5 answers: 2 right, 2 wrong, 1 unsure." in result.output
    found = json.loads((made / "reading.json").read_text(encoding="utf-8"))
    assert {key: found[key] for key in READ} == READ and found["date"] == "22/11/2026"
    assert sorted(found["notes"], key=lambda note: note["case"]) == [
        {"case": "lookup-02", "verdict": "right", "note": "it is fine"}, {"case": "lookup-03", "verdict": "wrong", "note": "a condition is missing"},
    ]  # fmt: skip
    assert found["verdicts"]["offtopic-01"] == "unsure"


def test_a_line_that_names_the_separator_and_other_capitals_do_no_harm(made: Path) -> None:
    filled = fill_csv(made / "reading-sheet.csv", FILLED, separator=";")
    text = filled.read_text(encoding="utf-8-sig").replace("verdict", " Verdict ", 1)
    filled.write_text(f"sep=;\n{text}", encoding="utf-8-sig", newline="")
    assert run(made, "--verdicts", filled).exit_code == 0


def test_verdicts_come_back_from_word(made: Path) -> None:
    assert run(made, "--verdicts", fill_docx(made / "reading-sheet.docx", FILLED)).exit_code == 0
    found = json.loads((made / "reading.json").read_text(encoding="utf-8"))
    assert {key: found[key] for key in READ} == READ and found["date"] == "22 November 2026"


def test_a_verdict_typed_as_a_tracked_change_is_read(made: Path) -> None:
    document = docx.Document(str(fill_docx(made / "reading-sheet.docx", {})))
    table = document.tables[1]
    change = f'w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z" {nsdecls("w")}'
    paragraph = table.cell(1, 2).paragraphs[0]._p
    paragraph.append(parse_xml(f"<w:del {change}><w:r><w:delText>wrong</w:delText></w:r></w:del>"))
    paragraph.append(parse_xml(f"<w:ins {change}><w:r><w:t>right</w:t></w:r></w:ins>"))
    document.save(str(made / "tracked.docx"))
    (row,) = (row for row in read_docx(made / "tracked.docx").rows if row.is_touched)
    assert row.verdict == "right" and row.place == "answer 1"


def test_rows_that_cannot_be_used_are_told_and_the_others_kept(made: Path) -> None:
    filled = fill_csv(made / "reading-sheet.csv", {**FILLED, "lookup-01": ("rihgt", ""), "party-01": ("", "why is this here?")})
    rows = list(csv.DictReader(io.StringIO(filled.read_text(encoding="utf-8-sig"), newline="")))
    by_case = {row["case"]: row for row in rows}
    rows += [by_case["lookup-02"] | {"verdict": "wrong"}, by_case["lookup-02"] | {"case": "look-up-2"}, by_case["lookup-03"] | {"run": "begun 2025, cases 1"}]
    result = run(made, "--verdicts", save_csv(filled, rows))
    place = {row["case"]: f"{filled}, row {number}" for number, row in enumerate(rows[:7], start=2)}
    for sentence in (
        f"{place['lookup-01']}, lookup-01: 'rihgt' is no verdict. Write right, wrong or unsure",
        f"{place['party-01']}, party-01: there is a note and no verdict. Write",
        f"{filled}, row 9, lookup-02: the case is there twice, and its first row is used. Remove one",
        f"{filled}, row 10, look-up-2: the run has no case of this id. Write the id",
        f"{filled}, row 11, lookup-03: it belongs to another run (begun 2025, cases 1) than this one",
        "Rows that cannot be used: 5. Correct them",
    ):
        assert sentence in result.stderr
    found = json.loads((made / "reading.json").read_text(encoding="utf-8"))
    assert result.exit_code == 1 and found["read"] == 4
    assert found["verdicts"] == {"lookup-02": "right", "lookup-03": "wrong", "offtopic-01": "unsure", "followup-01": "wrong"}


@pytest.mark.parametrize("fill", [fill_csv, fill_docx])
def test_a_sheet_that_cannot_be_used_at_all(fill: Callable[..., Path], made: Path, tmp_path: Path) -> None:
    sheet = made / ("reading-sheet.csv" if fill is fill_csv else "reading-sheet.docx")
    assert f"{sheet}: no verdict is filled in. Write right, wrong or unsure" in fault(made, "--verdicts", sheet)
    for changes, words in (({"reader": " "}, "the reader's name is missing. Fill it in there"), ({"date": ""}, "the date is missing. Fill it in there")):
        filled = fill(sheet, FILLED, **changes)
        place = "row 2" if fill is fill_csv else "first page"
        assert f"{filled}, {place}: {words}" in fault(made, "--verdicts", filled)
    other = write_run(tmp_path / "other", [answer("lookup-01")], started="2026-02-02T00:00:00Z")
    words = fault(other, "--verdicts", fill(sheet, FILLED))
    assert words.count("belongs to another run") == 5 and "Name the folder of that run" in words
    assert not (made / "reading.json").exists() and not (other / "reading.json").exists()


def test_two_readers_on_one_sheet_are_not_mixed_up(made: Path) -> None:
    filled = fill_csv(made / "reading-sheet.csv", FILLED)
    rows = list(csv.DictReader(io.StringIO(filled.read_text(encoding="utf-8-sig"), newline="")))
    rows[1]["reader"] = "Ana  Sá"
    assert read_csv(save_csv(filled, rows)).readers == ("Ana Sá",)
    rows[2]["reader"] = "Ben"
    assert "more than one reader is named (Ana Sá, Ben)" in fault(made, "--verdicts", save_csv(filled, rows))


def test_files_that_are_no_sheets(made: Path, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_table(rows=1, cols=2)
    document.save(str(tmp_path / "other.docx"))
    for name, data, sentence in (
        ("none.csv", None, "does not exist. Name the filled-in sheet"),
        ("a.xlsx", b"PK", "is neither .docx nor .csv. Save the sheet as one of these"),
        ("a.csv", b"a,b\n1,2\n", "row 1: the columns case, verdict, note, reader, date, run are not all there"),
        ("b.csv", b"", "row 1: the columns"),
        ("c.csv", b"PK\x03\x04\x00\x00\x00" * 99, "cannot be read as CSV"),
        ("d.docx", b"PK\x03\x04 and no more", "cannot be read as a Word document"),
        ("other.docx", (tmp_path / "other.docx").read_bytes(), "holds no tables of a reading sheet"),
    ):
        if data is not None:
            (tmp_path / name).write_bytes(data)
        with pytest.raises(CasesError) as raised:
            read_sheet(tmp_path / name)
        assert sentence in str(raised.value)


def test_nothing_that_was_filled_in_is_written_over_unasked(made: Path) -> None:
    assert run(made, "--seed", "2").exit_code == 0  # an empty sheet is made anew
    sheet = made / "reading-sheet.csv"
    fill_csv(sheet, FILLED).replace(sheet)
    before = sheet.read_bytes()
    words = fault(made)
    assert f"{sheet} is filled in" in words and "--replace" in words and sheet.read_bytes() == before
    assert run(made, "--verdicts", sheet).exit_code == 0
    words = fault(made, "--verdicts", sheet)
    assert "reading.json already holds the reading of Ana Sá. Give --replace" in words
    assert run(made, "--verdicts", sheet, "--replace").exit_code == 0
    assert run(made, "--replace").exit_code == 0 and not read_sheet(sheet).is_touched


def test_the_command_makes_both_files_where_it_is_told(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "--answers", 5, "--out", tmp_path / "new" / "place")
    assert result.exit_code == 0 and "5 answers to read" in result.output
    files = [tmp_path / "new" / "place" / name for name in ("reading-sheet.docx", "reading-sheet.csv")]
    sheets = [read_sheet(path) for path in files]
    assert [row.case for row in sheets[0].rows] == [row.case for row in sheets[1].rows] and not any(sheet.is_touched for sheet in sheets)
    assert {row.run for sheet in sheets for row in sheet.rows} == {MADE}
    assert "is too few" in fault(folder, "--answers", 2)
    (folder / "in the way").write_text("")
    assert "The sheet cannot be written into" in fault(folder, "--out", folder / "in the way")
    assert run(folder, "--verdicts", files[0], "--seed", 1).exit_code == 2
    (folder / "cases.jsonl").unlink()
    assert "Make it with: guidance eval score" in fault(folder)


def test_the_verdicts_of_a_sheet_are_those_that_are_documented() -> None:
    assert tuple(WORDS) == VERDICTS
