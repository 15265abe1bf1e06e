"""Lists, tables, notes and implied headings: what a passage carries; and the whole set of documents whose structure is known."""

from collections.abc import Callable

import pytest
from conftest import ROOT

from evals.structure.measure import Measured, measure_folder
from ingest.notes import passages_of
from ingest.read import Document
from ingest.section import section
from ingest.split import Passage, plain

Make = Callable[..., Document]
FLOOR = 0.98


def led(found: Document) -> dict[str, list[str]]:
    """The plain words of each passage, and of each span that introduces it."""
    return {plain(p.text): [plain(found.text[s.start : s.end]) for s in p.lead] for p in passages_of(found)}


def passage(found: Document, start: str) -> Passage:
    """The passage that begins with these words."""
    return next(p for p in passages_of(found) if plain(p.text).startswith(start))


# Lists

NESTED = "# T\n\nWe offer:\n\n- Training:\n  - two days a year;\n  - a visit.\n- Money.\n"


def test_a_nested_item_stands_under_its_list_and_its_parent(document: Make) -> None:
    assert led(document(NESTED, "a.md"))["two days a year;"] == ["We offer:", "Training:"]


def test_an_item_behind_a_nested_list_stands_under_the_list_alone(document: Make) -> None:
    assert led(document(NESTED, "a.md"))["Money."] == ["We offer:"]


@pytest.mark.parametrize(
    ("outer", "inner"),
    [("1. ", "(a) "), ("1. ", "a) "), ("(a) ", "(i) "), ("• ", "○ "), ("• ", "– "), ("1. ", "1.1 "), ("i. ", "• "), ("a. ", "i. ")],
)
def test_labels_of_another_style_nest_where_the_indent_was_lost(document: Make, outer: str, inner: str) -> None:
    found = led(document(f"# T\n\nPartners agree:\n{outer}First duty of all\n{inner}Inner part of it\n", "a.txt"))
    assert found["Inner part of it"] == ["Partners agree:", "First duty of all"]


def test_a_letter_behind_h_is_no_roman_number(document: Make) -> None:
    items = "\n".join(f"{letter}) Item number {letter} here" for letter in "abcdefghij")
    assert led(document(f"# T\n\nPartners bring:\n\n{items}\n", "a.md"))["Item number i here"] == ["Partners bring:"]


def test_an_amount_at_the_start_of_a_line_is_no_label(document: Make) -> None:
    assert "2.5 million people are reached." in led(document("# T\n\n2.5 million people are reached.\n", "a.md"))


def test_a_paragraph_inside_an_item_belongs_to_it(document: Make) -> None:
    found = led(document("# T\n\nWe pay:\n\n- Travel.\n\n  Keep the ticket.\n\nWe do not lend.\n", "a.md"))
    assert (found["Keep the ticket."], found["We do not lend."]) == (["We pay:", "Travel."], [])


def test_items_of_an_html_list_on_one_line_are_parted(document: Make) -> None:
    found = led(document("Each side makes sure that its people:\n\n<ul><li>are checked</li><li>know who leads &amp; who follows</li></ul>\n"))
    assert found["know who leads & who follows"] == ["Each side makes sure that its people:"]


# Tables

GRID = """# T

| Region | Year | Grant | << |
| ^^ | ^^ | Small | Large |
| --- | --- | --- | --- |
| North | 2023 | £500 | £900 |
| ^^ | 2024 | none | ^^ |
| Islands and coast | << | << | << |
| South | 2023 | by agreement | << |
"""


def test_a_cell_carries_every_level_of_its_columns_and_both_names_of_its_row(document: Make) -> None:
    assert led(document(GRID, "a.md"))["£500"] == ["Grant", "Small", "North", "2023"]


def test_a_merged_row_name_holds_for_every_row_it_covers(document: Make) -> None:
    assert led(document(GRID, "a.md"))["none"] == ["Grant", "Small", "North", "2024"]


def test_a_cell_over_two_rows_carries_the_names_of_both(document: Make) -> None:
    assert set(led(document(GRID, "a.md"))["£900"]) == {"Grant", "Large", "North", "2023", "2024"}


def test_a_row_over_the_whole_table_heads_those_below_it(document: Make) -> None:
    assert "Islands and coast" in led(document(GRID, "a.md"))["by agreement"]


def test_a_cell_over_two_columns_carries_both_headers(document: Make) -> None:
    assert {"Small", "Large"} <= set(led(document(GRID, "a.md"))["by agreement"])


PARALLEL = "# T\n\n| What we offer | What you offer |\n|---|---|\n| Training | Time |\n| Rooms | Maps |\n"


def test_columns_headed_alike_do_not_name_each_others_rows(document: Make) -> None:
    assert led(document(PARALLEL, "a.md"))["Maps"] == ["What you offer"]


def test_items_inside_a_cell_stand_under_its_first_words(document: Make) -> None:
    found = led(document("# T\n\n| Role | Duties |\n|---|---|\n| Chair | Each month: <br>• calls the meeting <br>• signs |\n", "a.md"))
    assert found["signs"] == ["Duties", "Chair", "Each month:"]


def test_an_upright_bar_inside_a_cell_parts_nothing(document: Make) -> None:
    assert "yes | no" in led(document("# T\n\n| Asked | Answer |\n|---|---|\n| Consent | yes \\| no |\n", "a.md"))


# Notes


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\nGive notice of 60 days.[^1] Then stop.\n\n[^1]: Less where somebody is in danger.\n",
        "Rules\n\nGive notice of 60 days.¹ Then stop.\n\n¹ Less where somebody is in danger.\n",
        "Rules\n\nGive notice of 60 days.[1] Then stop.\n\n[1] Less where somebody is in danger.\n",
    ],
)
def test_a_footnote_is_joined_to_the_sentence_that_calls_it(document: Make, text: str) -> None:
    found = document(text, "a.md")
    called = passage(found, "Give notice")
    assert (plain(called.note_text), passage(found, "Then stop").notes) == ("Less where somebody is in danger.", ())


def test_a_note_stands_under_its_sentence(document: Make) -> None:
    found = document("# T\n\nGive notice of 60 days.[^1]\n\n[^1]: Less where somebody is in danger.\n", "a.md")
    assert led(found)["Less where somebody is in danger."] == ["Give notice of 60 days."]


def test_marks_that_begin_anew_call_the_nearest_note(document: Make) -> None:
    chapters = "\n\n".join(f"## {n}\n\nRule {n} holds.[^1]\n\n[^1]: But not in case {n}." for n in ("A", "B"))
    assert plain(passage(document(f"# T\n\n{chapters}\n", "a.md"), "Rule B").note_text) == "But not in case B."


def test_the_square_of_a_metre_calls_no_note(document: Make) -> None:
    assert passage(document("Rooms\n\nA room has 20 m² of floor.\n"), "A room").notes == ()


# Headings and lines of plain text


def trails(found: Document) -> list[tuple[str, ...]]:
    """The heading trails of the sections."""
    return [part.trail for part in section(found)]


def test_a_heading_without_a_number_stands_below_the_numbered_one(document: Make) -> None:
    text = (
        "Code of visits\n\nEverybody who goes on a visit keeps to this code and has read it before the visit.\n\nI. Before the visit\n\n"
        "Read the risk sheet in full and say so if you would rather stay at home this time.\n\nII. During the visit\n\nSpeaking with workers\n\n"
        "We speak to people one at a time, where they can be seen and cannot be heard by others.\n\nAnnex\n\nThe forms are kept by the lead organisation of the visit, in both languages.\n"
    )
    assert trails(document(text))[1:] == [
        ("Code of visits", "I. Before the visit"),
        ("Code of visits", "II. During the visit", "Speaking with workers"),
        ("Code of visits", "Annex"),
    ]


def test_underlined_headings_are_headings(document: Make) -> None:
    assert trails(document("Policy\n======\n\nVisits\n------\n\nThe visitor pays.\n", "a.md")) == [("Policy", "Visits")]


def test_a_comment_in_code_is_no_heading(document: Make) -> None:
    assert trails(document("# T\n\nRun this.\n\n```\n# not a heading\nmake\n```\n\nThen rest.\n", "a.md")) == [("T",)]


FOOTED = "Agreement of two ports\n\nThe ports give:\n\n" + "".join(
    f"• the use of room {n} for the day\n• a door that is open\nPA/2023 Page {n} of 3\nNorth Port / South Port\n" for n in (1, 2, 3)
)


@pytest.mark.parametrize("line", ["Page 2 of 3", "North Port / South Port"])
def test_page_numbers_and_what_repeats_beside_them_are_no_passages(document: Make, line: str) -> None:
    assert [p.text for p in passages_of(document(FOOTED)) if line in p.text and not p.text.startswith("a door")] == []


def test_words_broken_at_the_end_of_a_line_are_whole_for_a_reader(document: Make) -> None:
    found = led(document("Rules\n\nNobody gives infor-\nmation to others unless a long-\nterm partner asks for it.\n"))
    assert "Nobody gives information to others unless a long-term partner asks for it." in found


# The set


@pytest.fixture(scope="module")
def measured() -> tuple[Measured, ...]:
    """Every document of the sets against its truth."""
    folder = ROOT / "evals" / "structure"
    return tuple(m for name in ("files", "blind/first", "blind/second") for m in measure_folder(folder / name))


def test_the_items_and_cells_of_the_set_arrive(measured: tuple[Measured, ...]) -> None:
    assert sum(m.arrived for m in measured) >= FLOOR * sum(m.units for m in measured)


def test_no_document_of_the_set_loses_a_fifth(measured: tuple[Measured, ...]) -> None:
    assert [(m.file, m.share, m.misses[:3]) for m in measured if m.share < 0.8] == []


def test_the_notes_of_the_set_are_joined(measured: tuple[Measured, ...]) -> None:
    assert sum(miss.why == "note" for m in measured for miss in m.misses) <= 3
