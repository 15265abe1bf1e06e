"""Sections and passages: every passage stands in its document, under its heading, with the words that introduce it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ORIGINALS, ROOT

from ingest.manifest import load_manifest
from ingest.read import Document, read
from ingest.section import section
from ingest.notes import passages_of
from ingest.sentences import PASSAGE_WORDS

Make = Callable[..., Document]

with_originals = pytest.mark.skipif(not ORIGINALS.is_dir(), reason=f"the original texts are not in {ORIGINALS}")


def trails(document: Document) -> list[tuple[str, ...]]:
    """The heading trails of a document's sections."""
    return [part.trail for part in section(document)]


def leads(document: Document) -> dict[str, str]:
    """The words of each passage that is no lead-in itself, and the words that introduce it."""
    return {p.text: p.lead_text for p in passages_of(document) if p.kind != "lead"}


def test_markdown_headings_become_a_trail(document: Make) -> None:
    found = document("# Policy\n\n## Visits\n\n### Costs\n\nThe visitor pays.\n\n## Reports\n\nA report is due.\n", "a.md")
    assert trails(found) == [("Policy", "Visits", "Costs"), ("Policy", "Reports")]


def test_numbered_headings_of_plain_text_become_a_trail(document: Make) -> None:
    found = document(
        "Rules for Visits\n\nThese rules say how visits are arranged between two organisations over the year.\n\n"
        "1. Purpose of visits\n\nVisits serve to learn from one another in the places where the work is done.\n\n"
        "1.1 Who may visit\n\nAny member of the staff may visit a partner when the partner has agreed beforehand.\n\n"
        "2. Costs of visits\n\nThe visiting organisation pays for the travel and for the nights away from home.\n"
    )
    assert trails(found)[1:] == [
        ("Rules for Visits", "1. Purpose of visits"),
        ("Rules for Visits", "1. Purpose of visits", "1.1 Who may visit"),
        ("Rules for Visits", "2. Costs of visits"),
    ]


def test_a_short_line_without_a_full_stop_is_a_heading(document: Make) -> None:
    found = document("We work with many organisations in many places and learn from every one of them.\nHow we learn\nWe ask, and we write down what we hear.\n")
    assert trails(found) == [(), ("How we learn",)]


def test_words_before_a_colon_head_a_long_paragraph(document: Make) -> None:
    found = document(
        "Priorities\n\nLearning together: Seeking to learn from every visit that staff and partners make to each other in the year.\n\n"
        "Sharing costs: Making sure that no partner carries the cost of a visit that was made at our own request.\n"
    )
    assert trails(found) == [("Priorities", "Learning together"), ("Priorities", "Sharing costs")]


def test_list_items_carry_the_sentence_that_introduces_them(document: Make) -> None:
    found = document("# T\n\nPartners bring:\n\n- knowledge of the place;\n- time.\n", "a.md")
    assert leads(found) == {"knowledge of the place;": "Partners bring:", "time.": "Partners bring:"}


def test_a_paragraph_behind_a_list_is_not_introduced_by_its_lead_in(document: Make) -> None:
    found = document("# T\n\nPartners bring:\n\n- time.\n\nThe visit follows.\n", "a.md")
    assert leads(found)["The visit follows."] == ""


def test_a_list_behind_a_table_is_not_introduced_by_the_lead_in_before_the_table(document: Make) -> None:
    found = document("# T\n\nPartners bring:\n\n- time.\n\n| Grant | Amount |\n|---|---|\n| Small grant | 5 pounds |\n\n- The loose item.\n", "a.md")
    assert leads(found)["The loose item."] == ""


def test_an_item_runs_on_over_its_lines(document: Make) -> None:
    found = document("# T\n\nPartners bring:\n\n- people who can travel\n  on short notice;\n- time.\n", "a.md")
    assert "people who can travel\n  on short notice;" in leads(found)


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "1. ", "2) ", "(b) ", "- iv. ", "- 3. ", "• a) "])
def test_a_list_mark_is_no_part_of_the_item(document: Make, mark: str) -> None:
    found = document(f"# T\n\nPartners bring:\n\n{mark}Knowledge of the place.\n", "a.md")
    assert list(leads(found)) == ["Knowledge of the place."]


TWO_COLUMNS = (
    "Alpha House\t\tBeta House\nAlpha offers these things to Beta:\t\tBeta may offer these things to Alpha,\n\n"
    '<ul style="list-style-type: none;"> • Warm rooms • Fresh bread \t<p>depending on the season:</p> <ul> • Old maps • New songs\n--\t---\n'
)


def test_items_of_a_two_column_table_stay_in_their_column(document: Make) -> None:
    found = leads(document(TWO_COLUMNS))
    assert found == {
        "Warm rooms": "Alpha offers these things to Beta:",
        "Fresh bread": "Alpha offers these things to Beta:",
        "Old maps": "Beta may offer these things to Alpha, depending on the season:",
        "New songs": "Beta may offer these things to Alpha, depending on the season:",
    }


def test_the_columns_of_a_table_share_no_block(document: Make) -> None:
    found = {p.text: p.block for p in passages_of(document(TWO_COLUMNS)) if p.kind == "cell"}
    assert found["Warm rooms"] == found["Fresh bread"] != found["Old maps"] == found["New songs"]


def test_no_passage_holds_the_markup_of_a_table(document: Make) -> None:
    assert not [p.text for p in passages_of(document(TWO_COLUMNS)) if set(p.text) & set("<>•\t")]


GRANTS = "# T\n\n| Grant | Amount | Deadline |\n|---|---|---|\n| Small grant | 500 pounds | May |\n| Large grant | {} | June |\n"


def test_a_table_cell_carries_its_column_and_its_row(document: Make) -> None:
    assert leads(document(GRANTS.format("900 pounds"), "a.md"))["900 pounds"] == "Amount Large grant"


def test_an_empty_cell_moves_no_other_cell_into_its_column(document: Make) -> None:
    assert leads(document(GRANTS.format(""), "a.md"))["June"] == "Deadline Large grant"


def test_a_wrapped_line_is_not_the_end_of_a_sentence(document: Make) -> None:
    found = document(
        "This is a plain text whose lines were wrapped by an editor at some column and\n"
        "which goes on over the next line until the sentence ends here. Another sentence\nstarts there and ends\nhere too.\n"
    )
    assert [" ".join(p.text.split()) for p in passages_of(found)] == [
        "This is a plain text whose lines were wrapped by an editor at some column and which goes on over the next line until the sentence ends here.",
        "Another sentence starts there and ends here too.",
    ]


DIGEST = "# T\n\n> This is a digest in other words.\n>\n> Its period has ended.\n\nThe visitor pays.\n"


def test_what_a_digest_says_of_itself_is_no_passage(document: Make) -> None:
    assert [p.text for p in passages_of(document(DIGEST, "a.md", digest=True))] == ["The visitor pays."]


def test_a_quotation_in_an_adopted_text_is_a_passage(document: Make) -> None:
    assert "Its period has ended." in [p.text for p in passages_of(document(DIGEST, "a.md"))]


LISTING = (
    "The visitor pays for the travel and for the nights away from home, as both sides have agreed beforehand.\n\n\n\n"
    "Other news of the week\n\nA report on orchards was published today and everyone who likes apples ought to rea...Read More\n\n"
    "Recipes of the month\n\nThe kitchen has tried eleven soups, and the one with the leeks was liked by nearly ev...Read More\n"
)


def test_a_listing_of_other_pages_at_the_end_is_left_out(document: Make) -> None:
    assert [p.text[:11] for p in passages_of(document(LISTING))] == ["The visitor"]


def test_one_mention_of_reading_more_does_not_end_a_document(document: Make) -> None:
    found = document("The visitor pays for the travel in every case that is known. For the other costs you may read more\n\nThe host cooks.\n")
    assert "The host cooks." in [p.text for p in passages_of(found)]


LONG = "The visitor brings " + ", ".join(f"item {i} of the long list" for i in range(120)) + " and nothing else."


def test_a_sentence_longer_than_the_model_reads_is_cut(document: Make) -> None:
    assert max(len(p.text.split()) for p in passages_of(document(LONG))) <= PASSAGE_WORDS


def test_a_sentence_that_was_cut_loses_no_word(document: Make) -> None:
    assert " ".join(p.text for p in passages_of(document(LONG))) == LONG


def test_the_name_of_a_passage_stays_when_words_behind_it_change(document: Make) -> None:
    before = document("# T\n\nThe visitor pays.\n\n## U\n\nThe host cooks.\n", "a.md")
    after = document("# T\n\nThe visitor pays.\n\n## U\n\nThe host rests.\n", "b.md")
    assert passages_of(before)[0].id == passages_of(after)[0].id


BUNDLED = [source.id for source in load_manifest(ROOT / "corpus").sources]


def of_folder(folder: Path, source_id: str) -> Document:
    """One document of a corpus folder."""
    sources = {source.id: source for source in load_manifest(folder).sources}
    return read(sources[source_id], folder)


def misplaced(found: Document) -> list[str]:
    """Passages that do not lie inside their section, overlap the one before, or have space at their edges."""
    behind, wrong = 0, []
    for p in passages_of(found):
        inside = max(behind, p.section.start) <= p.span.start < p.span.end <= p.section.end
        if not inside or p.text != p.text.strip() or found.text[p.span.start : p.span.end] != p.text:
            wrong.append(p.text)
        behind = p.span.end
    return wrong


@pytest.mark.parametrize("source_id", BUNDLED)
def test_every_passage_of_the_corpus_stands_at_its_offsets(source_id: str) -> None:
    assert misplaced(of_folder(ROOT / "corpus", source_id)) == []


@pytest.mark.parametrize("source_id", BUNDLED)
def test_no_two_passages_of_a_document_have_one_name(source_id: str) -> None:
    names = [p.id for p in passages_of(of_folder(ROOT / "corpus", source_id))]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("source_id", BUNDLED)
def test_every_lead_in_stands_before_its_passage_in_the_same_section(source_id: str) -> None:
    found = passages_of(of_folder(ROOT / "corpus", source_id))
    assert [p.text for p in found for lead in p.lead if not p.section.start <= lead.start < lead.end <= p.span.start] == []


@with_originals
@pytest.mark.parametrize("source_id", [source.id for source in load_manifest(ROOT / "corpus").sources if not source.translation_of])
def test_every_passage_of_an_original_stands_at_its_offsets(source_id: str) -> None:
    assert misplaced(of_folder(ORIGINALS, source_id)) == []


@with_originals
@pytest.mark.parametrize("unrelated", ["Romania", "Recruiters", "Identity", "COVID", "ASEAN", "Read More"])
def test_the_listing_behind_the_2017_report_is_no_part_of_it(unrelated: str) -> None:
    found = of_folder(ORIGINALS, "collaborating-for-freedom-2017")
    assert [p.text for p in passages_of(found) if unrelated in p.text or unrelated in p.heading] == []


@with_originals
def test_the_last_words_of_the_2017_page_are_the_reports_reference() -> None:
    assert passages_of(of_folder(ORIGINALS, "collaborating-for-freedom-2017"))[-1].text.endswith("Rights Lab, 2017 DOWNLOAD")


@with_originals
@pytest.mark.parametrize(("lead", "count"), [("We offer the following contribution to partner organisations", 11), ("Partner organisations may offer the following contributions", 9)])
def test_each_side_of_the_contributions_table_is_found_with_its_lead_in(lead: str, count: int) -> None:
    found = passages_of(of_folder(ORIGINALS, "asi-approach-2023"))
    assert sum(p.lead_text.startswith(lead) for p in found if p.kind == "cell") == count


@with_originals
def test_what_partners_may_offer_is_introduced_with_its_condition() -> None:
    found = leads(of_folder(ORIGINALS, "asi-approach-2023"))
    assert found["Direct involvement in Anti-Slavery International's regional or international advocacy"].endswith("depending on their strengths and agreed priorities:")
