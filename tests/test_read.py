"""Reading: what is stored of each kind of file, and a named error with a remedy for each file that cannot be read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import DamagedFile, EmptyFile, EncryptedFile, FileTooLarge, GarbledText, MissingFile, NoTextLayer, UnknownType, WrongSuffix
from ingest.manifest import Source
from ingest.read import MAX_BYTES, Document, read

Make = Callable[..., Document]

PAGE = """<!doctype html><html lang="en"><head><title>Visits</title></head><body>
<nav><ul><li><a href="/">Start page</a></li><li><a href="/jobs">Vacancies</a></li></ul></nav>
<header><a href="/donate">Donate today</a></header>
<main><article><h1>Visits to partners</h1>
<p>Every partner may ask for one visit in each year, and the visitor pays for the travel.</p>
<h2>What a visitor brings</h2><p>A visitor brings these things to the partner organisation:</p>
<ul><li>Notes of the last visit.</li><li>A list of open questions.</li></ul></article></main>
<footer><p>Cookie settings and privacy notice of this site.</p></footer><script>track()</script></body></html>"""


def test_markdown_is_stored_as_it_stands(document: Make) -> None:
    text = "# Visits\n\nEvery *partner* may  ask.\n\n- one\n"
    assert document(text, "visits.md").text == text


def test_crlf_becomes_lf_and_nothing_else_changes(document: Make) -> None:
    assert document("One  line.\r\n\r\n\tAnother.\r\n").text == "One  line.\n\n\tAnother.\n"


def test_a_byte_order_mark_is_dropped(document: Make) -> None:
    assert document(b"\xef\xbb\xbfOne line.\n").text == "One line.\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_text_is_decoded(document: Make, encoding: str) -> None:
    words = "The partner’s café pays £20 for each visit of the year.\n"
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert document(mark + words.encode(encoding)).text == words


def test_text_saved_by_an_old_windows_editor_is_decoded(document: Make) -> None:
    words = "The organisation’s offer to the partner costs £20 a year – “naïve” as that is.\n"
    assert document(words.encode("cp1252")).text == words


def test_a_short_text_saved_by_an_old_windows_editor_is_decoded(document: Make) -> None:
    words = "It’s £20.\n"
    assert document(words.encode("cp1252")).text == words


def test_the_article_of_a_web_page_is_kept(document: Make) -> None:
    assert "- A list of open questions." in document(PAGE, "visits.html").text


@pytest.mark.parametrize("furniture", ["Vacancies", "Donate today", "Cookie settings", "track()"])
def test_the_furniture_of_a_web_page_is_left_out(document: Make, furniture: str) -> None:
    assert furniture not in document(PAGE, "visits.html").text


def test_the_headings_of_a_web_page_stay_headings(document: Make) -> None:
    assert "## What a visitor brings" in document(PAGE, "visits.htm").text


def test_the_text_of_a_pdf_is_read(document: Make, make_pdf: Callable[..., bytes]) -> None:
    pages = ["Every partner may ask for one visit.", "The visitor pays for the travel in full."]
    assert document(make_pdf(pages), "visits.pdf").text == "\n\n".join(pages)


def test_an_offset_in_a_pdf_knows_its_page(document: Make, make_pdf: Callable[..., bytes]) -> None:
    found = document(make_pdf(["Every partner may ask for one visit.", "The visitor pays for the travel in full."]), "visits.pdf")
    assert [found.page_at(found.text.index(words)) for words in ("Every", "visit.", "The visitor", "full.")] == [1, 1, 2, 2]


def test_text_without_pages_has_no_page_numbers(document: Make) -> None:
    assert document("One line.").page_at(0) is None


def test_a_pdf_that_only_forbids_changes_is_read(document: Make, make_pdf: Callable[..., bytes]) -> None:
    assert "one visit" in document(make_pdf(["Every partner may ask for one visit."], password=""), "visits.pdf").text


def test_the_version_is_the_hash_of_the_stored_text(document: Make) -> None:
    import hashlib

    found = document("\ufeffOne café.\r\n")
    assert found.version == hashlib.sha256("One café.\n".encode()).hexdigest()


def test_the_title_comes_from_the_manifest(document: Make) -> None:
    assert document("# Heading\n\nText.", "a.md", title="Title").source.title == "Title"


def test_without_a_manifest_the_first_heading_is_the_title(document: Make) -> None:
    assert document("Some words.\n\n# The heading #\n\nText.", "a.md").source.title == "The heading"


def test_without_any_heading_the_file_name_is_the_title(document: Make) -> None:
    assert document("This is a sentence, and no heading.", "visit-rules.txt").source.title == "visit-rules"


def says(error: pytest.ExceptionInfo, *parts: str) -> bool:
    """Whether the message names every part: the file, the cause and the remedy."""
    return all(part in str(error.value) for part in parts)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFile) as error:
        read(Source(id="a", path="gone.md"), tmp_path)
    assert says(error, "gone.md", "is not in", "remove its row")


def test_a_file_of_no_bytes_is_empty(document: Make) -> None:
    with pytest.raises(EmptyFile) as error:
        document(b"", "blank.md")
    assert says(error, "blank.md", "is empty", "Replace it")


@pytest.mark.parametrize("content", [" \n\t\r\n ", "\ufeff", "---\n...\n***\n"])
def test_a_file_without_a_letter_holds_no_text(document: Make, content: str) -> None:
    with pytest.raises(EmptyFile) as error:
        document(content, "blank.txt")
    assert says(error, "blank.txt", "holds no text", "Replace it")


def test_a_web_page_without_an_article_is_empty(document: Make) -> None:
    with pytest.raises(EmptyFile) as error:
        document("<html><body></body></html>", "blank.html")
    assert says(error, "blank.html", "holds no text", "Save the page again")


@pytest.mark.parametrize("name", ["letter.odt", "sheet.xlsx", "README"])
def test_an_unknown_kind_of_file_is_named_with_those_that_are_read(document: Make, name: str) -> None:
    with pytest.raises(UnknownType) as error:
        document("words", name)
    assert says(error, name, "cannot be read", ".md", ".pdf")


def test_a_file_over_the_limit_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # a sparse file: it takes no room on the disk
    with pytest.raises(FileTooLarge) as error:
        read(Source(id="a", path="huge.txt"), tmp_path)
    assert says(error, "huge.txt", "over the limit of 100", "Split it")


def test_a_pdf_with_a_password_is_encrypted(document: Make, make_pdf: Callable[..., bytes]) -> None:
    with pytest.raises(EncryptedFile) as error:
        document(make_pdf(["Every partner may ask for one visit."], password="secret"), "locked.pdf")
    assert says(error, "locked.pdf", "password", "Save a copy without one")


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_pdf_that_was_cut_off_is_damaged(document: Make, make_pdf: Callable[..., bytes], share: float) -> None:
    whole = make_pdf(["Every partner may ask for one visit."])
    with pytest.raises(DamagedFile) as error:
        document(whole[: int(len(whole) * share)], "torn.pdf")
    assert says(error, "torn.pdf", "not a readable PDF", "Export it again")


def test_words_named_pdf_are_no_pdf(document: Make) -> None:
    with pytest.raises(DamagedFile) as error:
        document("These are words.", "words.pdf")
    assert says(error, "words.pdf", "not a readable PDF", "Export it again")


def test_a_scanned_pdf_has_no_text_layer(document: Make, make_pdf: Callable[..., bytes]) -> None:
    with pytest.raises(NoTextLayer) as error:
        document(make_pdf([None]), "scan.pdf")
    assert says(error, "scan.pdf", "no text layer", "ocrmypdf")


def test_a_pdf_without_pages_is_empty(document: Make) -> None:
    import io

    from pypdf import PdfWriter

    made = io.BytesIO()
    PdfWriter().write(made)
    with pytest.raises(EmptyFile) as error:
        document(made.getvalue(), "none.pdf")
    assert says(error, "none.pdf", "no pages", "Replace it")


def test_binary_data_named_txt_is_no_text(document: Make) -> None:
    with pytest.raises(DamagedFile) as error:
        document(bytes(range(256)) * 8, "picture.txt")
    assert says(error, "picture.txt", "not text", "Save") or says(error, "picture.txt", "binary data", "Save")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("notes.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        ("letter.pdf", b"PK\x03\x04\x14\x00" * 9, "a Word, Office or ZIP file"),
        ("report.docx", b"%PDF-1.7\n%words", "a PDF"),
        ("page.html", b"%PDF-1.7\n%words", "a PDF"),
        ("policy.md", b"{\\rtf1 words}", "a rich text file"),
        ("saved.pdf", b"<!DOCTYPE html><html><body>words</body></html>", "a web page"),
        ("saved.docx", b"<html><body>words</body></html>", "a web page"),
    ],
)
def test_a_file_of_another_kind_than_its_name_says_is_named(document: Make, name: str, content: bytes, kind: str) -> None:
    with pytest.raises(WrongSuffix) as error:
        document(content, name)
    assert says(error, name, kind, "Give it the ending")


@pytest.mark.parametrize("words", ["\ufffd" * 400 + " and", "".join(chr(ord(c) + 3) if c.isalpha() else c for c in "The partner may ask for one visit in each year and the visitor pays. " * 9)])
def test_letters_that_make_no_words_are_garbled(document: Make, words: str) -> None:
    with pytest.raises(GarbledText) as error:
        document(words, "strange.txt")
    assert says(error, "strange.txt", "make no words", "Save it again")
