"""What a tagged PDF says outside its tags, or says wrongly: made numbers, notes in a list, quotations set as headings."""

import pytest

from ingest.lists import LIST_MARK
from ingest.readers.pdf.adopt import adopted
from ingest.readers.pdf.blocks import Group, Setting
from ingest.readers.pdf.faux import is_caption, is_quotation, without_false_headings
from ingest.hyphens import is_compound, is_english
from ingest.readers.pdf.lines import Line
from ingest.readers.pdf.page import Word
from ingest.readers.pdf.shape import with_definitions
from ingest.readers.pdf.tagged import Telling
from ingest.readers.pdf.tags import CONTENT, Node
from ingest.readers.pdf.words import Words


def word(text: str, x: float, base: float, tag: int = -1, size: float = 10, bold: bool = False) -> Word:
    return Word(text, x, x + 0.5 * size * len(text), base - 0.8 * size, base + 0.2 * size, base, size, bold, tag, True, 0)


def line(text: str, x: float, base: float, size: float = 10, bold: bool = False) -> Line:
    words: list[Word] = []
    for part in text.split():
        words.append(word(part, words[-1].x1 + 0.3 * size if words else x, base, size=size, bold=bold))
    return Line(tuple(words), 0, 50, 500)


def told(tree: Node, words: list[Word]) -> tuple[list[Group], Telling]:
    """The groups of one page whose words are given in its order."""
    content: dict[tuple[int, int], list[Word]] = {}
    for one in adopted(words):
        content.setdefault((0, one.tag), []).append(one)
    rest = Words.from_lines([" ".join(one.text for one in words)])
    telling = Telling(content, rest, Setting(10, False, {}), [[]])
    return [group for group in telling.tell(tree) if isinstance(group, Group)], telling


def content(number: int) -> Node:
    return Node(CONTENT, page=0, content=number)


def test_a_number_that_a_style_sheet_made_belongs_to_the_words_behind_it() -> None:
    words = [word("Who", 70, 100, tag=3), word("can", 90, 100, tag=3), word("1.1", 50, 100)]
    groups, _ = told(Node("Document", (Node("H2", (content(3),)),)), words)
    assert [(group.kind, group.level, group.lines[0].text) for group in groups] == [("heading", 2, "1.1 Who can")]


def test_untagged_text_far_off_or_long_or_behind_stays_out() -> None:
    far = [word("7", 50, 100), word("Text", 200, 100, tag=1)]
    long = [*(word(f"w{n}", 20 * n, 100) for n in range(5)), word("Text", 105, 100, tag=1)]
    behind = [word("Text", 50, 100, tag=1), word("x", 75, 100)]
    assert [[one.text for one in adopted(words)] for words in (far, long, behind)] == [["Text"]] * 3


def test_a_numbered_heading_in_a_list_is_a_heading() -> None:
    item = Node("LI", (Node("Lbl", (content(1),)), Node("LBody", (Node("H1", (content(2),)),))))
    groups, _ = told(Node("Document", (Node("L", (item,)),)), [word("2.", 50, 100, tag=1), word("Scope", 70, 100, tag=2)])
    assert [(group.kind, group.level, group.lines[0].text) for group in groups] == [("heading", 1, "2. Scope")]


def _with_notes(call: str) -> tuple[list[Group], Telling]:
    text = [word("Agreed.", 50, 100, tag=1), word(call, 85.5, 96, tag=1, size=6)]
    note = [word("1.", 50, 300, tag=2, size=8), word("By", 70, 300, tag=3, size=8), word("letter.", 90, 300, tag=3, size=8)]
    item = Node("LI", (Node("Lbl", (content(2),)), content(3)))
    return told(Node("Document", (Node("P", (content(1),)), Node("L", (item,)))), [*text, *note])


def test_a_small_list_at_the_end_that_raised_marks_call_holds_notes() -> None:
    groups, telling = _with_notes("1")
    assert [(note.mark, note.text, note.page) for note in telling.notes] == [("1", "By letter.", -1)]
    assert [group.kind for group in groups] == ["text"]


def test_a_list_that_nothing_calls_stays_a_list() -> None:
    groups, telling = _with_notes("2")
    assert not telling.notes
    assert [group.kind for group in groups] == ["text", "item"]


@pytest.mark.parametrize("text", ["Table A: Grants by ward", "Figure 2 Who we reach", "Table 3. Review", "Tableau 2 – Aides"])
def test_captions(text: str) -> None:
    assert is_caption(text)


@pytest.mark.parametrize("text", ["Table of contents", "Figures for the year", "Box office staff", "Box 1: Good practice", "Map your services"])
def test_no_captions(text: str) -> None:
    assert not is_caption(text)


def test_a_quotation_over_two_lines_is_no_heading() -> None:
    first, second = line("“I set off in the dark,", 50, 100, 14), line("and come home in the dark.”", 50, 120, 14)
    found = without_false_headings([Group("heading", [first]), Group("heading", [second]), Group("heading", [line("Method", 50, 150, 14)])])
    assert [(group.kind, len(group.lines)) for group in found if isinstance(group, Group)] == [("text", 2), ("heading", 1)]
    assert not is_quotation("“Reach” and what it means")


def test_bold_terms_over_indented_meanings_are_definitions() -> None:
    groups = []
    for number, (term, meaning) in enumerate((("Patient", "The person who is ill."), ("Companion", "Who sits with them."))):
        groups += [Group("heading", [line(term, 50, 100 + 40 * number, bold=True)]), Group("text", [line(meaning, 70, 115 + 40 * number)])]
    found = with_definitions(groups)
    assert [(group.kind, group.depth) for group in found if isinstance(group, Group)] == [("item", 0), ("item", 1)] * 2


def test_headings_over_text_at_their_own_edge_stay_headings() -> None:
    groups = []
    for number in range(2):
        groups += [Group("heading", [line("Money", 50, 100 + 40 * number, bold=True)]), Group("text", [line("We pay.", 50, 115 + 40 * number)])]
    assert with_definitions(groups) == groups


@pytest.mark.parametrize("halves", ["twenty-one", "food-hygiene", "part-time", "evidence-based", "green-room"])
def test_hyphens_between_words_are_kept(halves: str) -> None:
    first, second = halves.split("-")
    assert is_compound(first, second)
    assert Words.from_lines(["the people of the town and all that they have"]).joined(f"under {first}-", second) == f"under {halves}"


@pytest.mark.parametrize("halves", ["con-cern", "safe-guarding", "steward-ship", "week-ends", "per-sonal", "can-not", "whistle-blowing", "Fur-nas", "Mar-jan"])
def test_hyphens_that_cut_a_word_are_dropped(halves: str) -> None:
    assert not is_compound(*halves.split("-"))


def test_a_word_that_stands_whole_elsewhere_or_is_not_english_is_joined() -> None:
    assert Words.from_lines(["the foodhygiene of the town"]).joined("food-", "hygiene") == "foodhygiene"
    french = Words.from_lines(["les partenaires remettent un rapport chaque année à la mairie"])
    assert not is_english(french.whole)
    assert french.joined("le part-", "age") == "le partage"


@pytest.mark.parametrize("text", ["F.1 Files are kept", "A.2.3 Each partner"])
def test_lettered_clause_numbers_are_labels(text: str) -> None:
    assert LIST_MARK.match(text)
