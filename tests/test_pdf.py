"""The PDF reader: structure from geometry, page starts, and a named error for each file that has no usable text."""

from pathlib import Path

import pytest
from fpdf import FPDF

from ingest.errors import DamagedFile, EmptyFile, EncryptedFile, GarbledText, NoTextLayer, ReadError
from ingest.readers.blocks import Extract
from ingest.readers.pdf import read_pdf
from ingest.readers.pdf.words import Words
from ingest.readers.quality import garbled

HARD = Path(__file__).parents[2] / "shared" / "bench" / "pdfs" / "files"
SENTENCE = "Every partner keeps records of the help that it gives, and shows them to the other once a year."


class Paper:
    """A small PDF that is drawn line by line, in points from the top left corner."""

    def __init__(self) -> None:
        self.pdf = FPDF(unit="pt", format=(500, 700))
        self.pdf.set_auto_page_break(False)
        self.pdf.add_page()

    def line(self, x: float, y: float, text: str, size: float = 10, style: str = "") -> "Paper":
        self.pdf.set_font("Helvetica", style, size)
        self.pdf.text(x, y, text)
        return self

    def grid(self, xs: list[float], ys: list[float]) -> "Paper":
        for x in xs:
            self.pdf.line(x, ys[0], x, ys[-1])
        for y in ys:
            self.pdf.line(xs[0], y, xs[-1], y)
        return self

    def page(self) -> "Paper":
        self.pdf.add_page()
        return self

    def read(self, folder: Path) -> Extract:
        path = folder / "paper.pdf"
        self.pdf.output(str(path))
        return read_pdf(path, path.name)


def test_headings_lists_and_wrapped_lines(tmp_path: Path) -> None:
    paper = Paper().line(50, 60, "Partnership Policy", 20, "B").line(50, 100, "What we offer", 14, "B")
    paper.line(50, 120, "Our partners can ask us for the help that is listed in this section, at any time. We").line(50, 132, "offer:")
    paper.line(60, 150, chr(149)).line(75, 150, "training of up to two days a year, held in the town where most of the staff live, in co-")
    paper.line(75, 162, "operation with others").line(80, 176, "-").line(92, 176, "for managers").line(60, 190, chr(149)).line(75, 190, "a grant")
    text = paper.read(tmp_path).text
    assert "# Partnership Policy\n\n## What we offer\n\nOur partners can ask" in text
    assert "at any time. We offer:\n\n- training of up to two days a year, held in the town" in text
    assert "cooperation with others\n  - for managers\n- a grant" in text


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    paper = Paper().line(50, 50, "A heading across the whole of the page, over both columns", 16, "B")
    for number in range(8):
        paper.line(50, 90 + 12 * number, f"left {number} runs on to the end of its line")
        paper.line(270, 90 + 12 * number, f"right {number} runs on to the end of its line")
    text = paper.read(tmp_path).text
    assert text.index("left 7") < text.index("right 0")


def test_ruled_table_over_a_page_break_is_one_table(tmp_path: Path) -> None:
    paper = Paper().line(50, 60, SENTENCE).grid([50, 200, 400], [600, 620, 640])
    paper.line(55, 614, "Year", style="B").line(205, 614, "Grant", style="B").line(55, 634, "2023").line(205, 634, "500 pounds")
    paper.page().grid([50, 200, 400], [100, 120, 140, 160]).line(55, 114, "Year", style="B").line(205, 114, "Grant", style="B")
    paper.line(55, 134, "2024").line(205, 134, "600 pounds").line(55, 154, "2025").line(205, 154, "700 pounds").line(50, 200, SENTENCE)
    extract = paper.read(tmp_path)
    table = "| Year | Grant |\n| --- | --- |\n| 2023 | 500 pounds |\n| 2024 | 600 pounds |\n| 2025 | 700 pounds |"
    assert table in extract.text
    assert extract.pages == (0, extract.text.index("2024"))


def test_aligned_columns_without_lines_are_a_table(tmp_path: Path) -> None:
    paper = Paper().line(50, 60, SENTENCE)
    for number, row in enumerate((("Fund", "Most", "When"), ("Travel", "90", "May"), ("Rent", "120", "June"), ("Food", "30", "July"))):
        for x, word in zip((50, 150, 250), row, strict=True):
            paper.line(x, 90 + 14 * number, word, style="" if number else "B")
    assert "| Fund | Most | When |\n| --- | --- | --- |\n| Travel | 90 | May |" in paper.read(tmp_path).text


def test_footnote_stands_behind_its_block_and_is_called(tmp_path: Path) -> None:
    paper = Paper().line(50, 60, "Grants are paid in two parts").line(182, 56, "1", 6).line(190, 60, "each year.")
    paper.line(50, 90, SENTENCE).line(50, 650, "1 Except in the first year.", 8)
    assert "in two parts[^1] each year.\n\n[^1]: Except in the first year.\n\nEvery" in paper.read(tmp_path).text


def test_running_heads_and_page_numbers_disappear(tmp_path: Path) -> None:
    paper = Paper()
    for number in (1, 2, 3):
        paper.line(50, 30, "Policy library, approved in March").line(50, 80, f"Text of part {number}. {SENTENCE}")
        paper.line(240, 680, f"Page {number} of 3")
        if number < 3:
            paper.page()
    text = paper.read(tmp_path).text
    assert "library" not in text and "Page" not in text
    assert text.count("Text of part") == 3


def test_page_starts_are_exact(tmp_path: Path) -> None:
    extract = Paper().line(50, 60, "Alpha stands on the first page.").page().page().line(50, 60, "Gamma stands on the third page.").read(tmp_path)
    assert extract.pages == (0, extract.text.index("Gamma"), extract.text.index("Gamma"))


def test_overprinted_letters_are_read_once(tmp_path: Path) -> None:
    paper = Paper().line(50, 60, "Annual committee report").line(50.3, 60, "Annual committee report")
    assert paper.read(tmp_path).text == "Annual committee report"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("a docu-", "ment of", "a document of"),
        ("a well-", "known rule", "a well-known rule"),
        ("the North-", "East", "the North-East"),
        ("soft\u00ad", "ware", "software"),
        ("one", "two", "one two"),
        ("停车区", "用地", "停车区用地"),
    ],
)
def test_lines_are_joined(first: str, second: str, expected: str) -> None:
    assert Words.from_lines(["a well-known document"]).joined(first, second) == expected


def test_nothing_drawn_is_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        Paper().read(tmp_path)


def test_a_picture_without_text_asks_for_ocr(tmp_path: Path) -> None:
    from PIL import Image

    scan, mixed = Paper(), Paper()
    for paper in (scan, mixed):
        paper.pdf.image(Image.new("RGB", (50, 70), "grey"), 0, 0, 500, 700)
    with pytest.raises(NoTextLayer, match="has no text layer: run OCR, for example with ocrmypdf"):
        scan.read(tmp_path)
    mixed.page().line(50, 60, SENTENCE)
    assert mixed.read(tmp_path).notes == ("page 1 of 2 has no text layer: run OCR, for example with ocrmypdf",)


def test_password_and_damage_have_their_names(tmp_path: Path) -> None:
    paper = Paper().line(50, 60, SENTENCE)
    paper.pdf.set_encryption(owner_password="o", user_password="u")
    with pytest.raises(EncryptedFile):
        paper.read(tmp_path)
    path = tmp_path / "cut.pdf"
    path.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type")
    with pytest.raises(DamagedFile):
        read_pdf(path, path.name)


@pytest.mark.parametrize(
    "text", ["Hello World", "200.01 300.20 44", "停车区用地指标基准值", "يوضح هذا البروتوكول كيف تحيل", SENTENCE, "NGO UNODC IOM ILO", ""]
)
def test_writing_is_not_garbled(text: str) -> None:
    assert garbled(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "".join(chr(ord(letter) - 29) if letter > " " else letter for letter in SENTENCE),
        "\ue001\ue002 \ufffd\ufffd text",
        "ୈೋҰ߲ͷද ੨৭ͷ౮Րͷ ߲ୈࡾ߸ủؚ ΉỐỜỨΛủ",
    ],
)
def test_debris_is_garbled(text: str) -> None:
    assert garbled(text)


@pytest.mark.skipif(not HARD.is_dir(), reason="the hard PDFs are not here")
@pytest.mark.parametrize(
    ("file", "error"),
    [
        ("miner__aes-256-r6.pdf", EncryptedFile),
        ("redbox__Cabinet_Office_-_Wikipedia.corrupt.pdf", DamagedFile),
        ("pypdf__base64image.pdf", NoTextLayer),
        ("miner__pdf-with-jbig2.pdf", NoTextLayer),
        ("miner__kampo.pdf", GarbledText),
        ("miner__issue-791-non-unicode-cmap.pdf", GarbledText),
    ],
)
def test_hard_files_are_refused_by_name(file: str, error: type[ReadError]) -> None:
    with pytest.raises(error):
        read_pdf(HARD / file, file)


@pytest.mark.skipif(not HARD.is_dir(), reason="the hard PDFs are not here")
@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("miner__issue-1113-evil-xobjects.pdf", "Hello world"),
        ("unst__copy-protected.pdf", "LayoutParser"),
        ("pypdf__habibi.pdf", "habibi"),
        ("plumber__issue-842-example.pdf", "安徽安利合成革股份有限公司"),
        ("unst__all-number-table.pdf", "200.01"),
        ("unst__negative-coords.pdf", "Comprehensive Carbon Footprint"),
    ],
)
def test_hard_files_are_read(file: str, words: str) -> None:
    assert words in read_pdf(HARD / file, file).text
