"""Word files: the body with its structure, numbers as printed, notes joined; every fault by its name."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, EmptyFile, EncryptedFile, FileTooLarge, ReadError, UnknownType
from ingest.readers.docx import read_docx

HARD = Path(__file__).resolve().parents[2] / "shared" / "bench" / "pdfs" / "files"
MAIL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
Read = Callable[[Document], str]


@pytest.fixture
def text_of(tmp_path: Path) -> Read:
    def read(document: Document) -> str:
        document.save(str(tmp_path / "a.docx"))
        return read_docx(tmp_path / "a.docx", "a.docx").text

    return read


def xml(inside: str, tag: str = "w:r") -> object:
    return parse_xml(f'<{tag} {nsdecls("w", "r")} xmlns:v="urn:schemas-microsoft-com:vml">{inside}</{tag}>')


def bold(document: Document, words: str) -> None:
    document.add_paragraph().add_run(words).bold = True


def numbered(document: Document, levels: list[tuple[str, str]]) -> int:
    """Defines a list; each level is (format, printed pattern). The list's id comes back."""
    part = document.part.numbering_part.element
    rows = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>' for n, (kind, text) in enumerate(levels)
    )
    first = part.find("{*}num")
    first.addprevious(parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{rows}</w:abstractNum>'))
    part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    return 90


def clause(document: Document, words: str, level: int, number: int = 90) -> None:
    properties = document.add_paragraph(words)._p.get_or_add_pPr()
    properties.append(xml(f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>', "w:numPr"))


def test_headings_stand_below_the_title_and_bold_lines_below_them(text_of: Read) -> None:
    document = docx.Document()
    document.add_heading("Policy", 0)
    document.add_heading("Scope", 1)
    bold(document, "Small grants")
    document.add_paragraph("Up to £500.").add_run(" Always.").bold = True
    document.add_heading("Detail", 2)
    assert text_of(document) == "# Policy\n\n## Scope\n\n### Small grants\n\nUp to £500. Always.\n\n### Detail"


def test_list_styles_nest_and_a_continuation_belongs_to_its_item(text_of: Read) -> None:
    document = docx.Document()
    for words, style in (("one", "List Bullet"), ("two", "List Bullet 2"), ("still two", "List Continue 2"), ("three", "List Bullet 3"), ("four", "List Bullet")):
        document.add_paragraph(words, style=style)
    document.add_paragraph("Then:")
    for words, style in (("first", "List Number"), ("inner", "List Number 2"), ("second", "List Number")):
        document.add_paragraph(words, style=style)
    assert text_of(document) == "- one\n  - two still two\n    - three\n- four\n\nThen:\n\n1. first\n  1. inner\n2. second"


def test_numbers_are_printed_as_word_prints_them(text_of: Read) -> None:
    document = docx.Document()
    numbered(document, [("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"), ("lowerRoman", "%4.")])
    for words, level in (("Duties", 0), ("The partner pays.", 1), ("rent", 2), ("heat", 2), ("gas", 3), ("The partner may stop.", 1), ("fuel", 2), ("End", 0), ("Now.", 1)):
        clause(document, words, level)
    assert text_of(document).splitlines() == [
        "1. Duties",
        "  1.1 The partner pays.",
        "    (a) rent",
        "    (b) heat",
        "      i. gas",
        "  1.2 The partner may stop.",
        "    (a) fuel",
        "2. End",
        "  2.1 Now.",
    ]


def test_a_numbered_heading_keeps_its_number(text_of: Read) -> None:
    document = docx.Document()
    numbered(document, [("decimal", "Article %1"), ("decimal", "%1.%2")])
    heading = document.add_heading("Scope", 1)
    heading._p.get_or_add_pPr().append(xml('<w:ilvl w:val="0"/><w:numId w:val="90"/>', "w:numPr"))
    clause(document, "It binds all.", 1)
    assert text_of(document) == "# Article 1 Scope\n\n1.1 It binds all."


def test_final_text_is_read_and_what_a_reader_does_not_see_is_not(text_of: Read) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Keep")
    for inside, tag in (
        ('<w:r><w:t xml:space="preserve"> added</w:t></w:r>', "w:ins"),
        ("<w:r><w:delText> struck</w:delText></w:r>", "w:del"),
        ("<w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t>", "w:r"),
        ('<w:sdtContent><w:r><w:t xml:space="preserve"> control</w:t></w:r></w:sdtContent>', "w:sdt"),
        ("<w:tab/><w:t>tab</w:t><w:br/><w:t>line</w:t>", "w:r"),
        ("<w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict>", "w:r"),
    ):
        paragraph._p.append(xml(inside, tag))
    document.add_comment(paragraph.runs, text="A remark.", author="X")
    document.sections[0].header.paragraphs[0].text = "Running head"
    assert text_of(document) == "Keep added control tab line\n\nIn a box."


def test_mail_addresses_are_kept_and_other_links_keep_their_words(text_of: Read) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Write to ")
    for words, target in (("the desk", "mailto:desk@example.org"), (" or see the site", "https://example.org")):
        key = document.part.relate_to(target, MAIL, is_external=True)
        paragraph._p.append(parse_xml(f'<w:hyperlink {nsdecls("w", "r")} r:id="{key}"><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:hyperlink>'))
    assert text_of(document) == "Write to the desk (desk@example.org) or see the site"


def test_tables_keep_merged_cells_headers_and_lists(text_of: Read) -> None:
    document = docx.Document()
    table = document.add_table(4, 3)
    for number, word in enumerate(("Stage", "Ours", "Yours")):
        table.cell(0, number).paragraphs[0].add_run(word).bold = True
    table.cell(1, 0).merge(table.cell(2, 0)).text = "First"
    table.cell(1, 1).text = "We give:"
    for word in ("money", "time"):
        table.cell(1, 1).add_paragraph(word, style="List Bullet")
    table.cell(1, 2).text, table.cell(2, 1).text, table.cell(2, 2).text = "c", "d", "e"
    table.cell(3, 0).text = "Last"
    table.cell(3, 1).merge(table.cell(3, 2)).text = "both"
    assert text_of(document).splitlines() == [
        "| Stage | Ours | Yours |",
        "| --- | --- | --- |",
        "| First | We give: <br>• money <br>• time | c |",
        "| ^^ | d | e |",
        "| Last | both | << |",
    ]


def test_a_table_of_contents_is_left_out(text_of: Read) -> None:
    document = docx.Document()
    document.add_paragraph("Contents")
    for level in (1, 2):
        document.styles.add_style(f"toc {level}", 1)
        document.add_paragraph(f"Scope\t{level}", style=f"toc {level}")
    document.add_heading("Scope", 1)
    assert text_of(document) == "# Scope"


def test_notes_stand_below_the_paragraph_that_calls_them(tmp_path: Path, text_of: Read) -> None:
    document = docx.Document()
    document.add_paragraph("All are paid")._p.append(xml('<w:footnoteReference w:id="2"/>'))
    document.add_paragraph("Nobody pays.")
    text_of(document)
    notes = f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> By the hour.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    with zipfile.ZipFile(tmp_path / "a.docx", "a") as archive:
        archive.writestr("word/footnotes.xml", notes)
    assert read_docx(tmp_path / "a.docx", "a.docx").text == "All are paid[^1]\n\n[^1]: By the hour.\n\nNobody pays."


def packed(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return buffer.getvalue()


BODY = f'<w:document {nsdecls("w")}><w:body>%s</w:body></w:document>'
BOMB = '<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>' + BODY % "<w:p><w:r><w:t>&b;</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    "data, error",
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), EncryptedFile),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), UnknownType),
        (rb"{\rtf1 words}", UnknownType),
        (b"plain words", DamagedFile),
        (b"", DamagedFile),
        (packed(other="<x/>"), DamagedFile),
        (packed(document="<html/>"), DamagedFile),
        (packed(document=BODY % ("<w:p><w:r><w:t>words</w:t></w:r></w:p>" * 90))[:-40], DamagedFile),
        (packed(document=BOMB), DamagedFile),
        (packed(document=BODY % ""), EmptyFile),
        (packed(document=BODY % ("<w:tbl><w:tr><w:tc>" * 900 + "<w:p><w:r><w:t>x</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * 900)), DamagedFile),
    ],
)
def test_each_fault_has_its_name(tmp_path: Path, data: bytes, error: type[ReadError]) -> None:
    (tmp_path / "bad.docx").write_bytes(data)
    with pytest.raises(error, match="bad.docx"):
        read_docx(tmp_path / "bad.docx", "bad.docx")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "bomb.docx").write_bytes(packed(document=" " * (25 * 2**20)))
    with pytest.raises(FileTooLarge, match="25 MiB"):
        read_docx(tmp_path / "bomb.docx", "bomb.docx")


def test_a_broken_document_still_gives_its_words(tmp_path: Path) -> None:
    broken = '<w:p><w:pPr><w:pStyle w:val="Nowhere"/></w:pPr><w:r><w:t>First words.</w:t></w:r></w:p><w:p><w:r><w:footnoteReference/><w:t>Second.</w:t></w:r></w:p><w:p>'
    (tmp_path / "b.docx").write_bytes(packed(document=BODY % broken))
    assert read_docx(tmp_path / "b.docx", "b.docx").text == "First words.\n\nSecond."


@pytest.mark.skipif(not HARD.is_dir(), reason="the hard files are not in this checkout")
@pytest.mark.parametrize("name, words", [("unst__grid_offset_error.docx", "Merged B1-B3"), ("unst__duplicate-paragraphs.docx", "some text")])
def test_hard_files_are_read(name: str, words: str) -> None:
    assert words in read_docx(HARD / name, name).text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=300), st.text(max_size=100).map(lambda text: packed(document=BODY % text)), st.integers(40, 900)))
def test_any_bytes_are_text_or_a_named_error(tmp_path: Path, data: bytes | int) -> None:
    whole = packed(document=BODY % "<w:p><w:r><w:t>words</w:t></w:r></w:p>", numbering="<broken")
    path = tmp_path / "fuzz.docx"
    path.write_bytes(data if isinstance(data, bytes) else whole[: data % len(whole)] + b"\x00" + whole[data % len(whole) + 1 :])
    try:
        assert any(map(str.isalnum, read_docx(path, "fuzz.docx").text))
    except ReadError as error:
        assert "fuzz.docx" in str(error)
