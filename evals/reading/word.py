"""A Word document that prints well: A4, one plain font, numbered pages, and tables whose first row is a heading."""

from collections.abc import Sequence

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row

FONT = "Arial"
INK = RGBColor(0x1F, 0x1F, 0x1F)
SIZES = {"Normal": 11, "Title": 24, "Heading 1": 16, "Heading 2": 12, "Quote": 10, "List Number": 11, "Footer": 9}
THEME = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
"""Attributes by which a style takes the theme's font in the place of the one named."""


def new_document(title: str, footer: str) -> Document:
    """An empty A4 document in plain English letters, with a footer that ends in the page number."""
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = document.core_properties.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name, size in SIZES.items():
        _plain(document.styles[name], size)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    quote = document.styles["Quote"].paragraph_format
    quote.left_indent, quote.space_after = Cm(0.8), Pt(6)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    paragraph = section.footer.paragraphs[0]
    paragraph.add_run(f"{footer}, page ")
    paragraph._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))
    return document


def _plain(style: ParagraphStyle, size: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb, style.font.italic = FONT, Pt(size), INK, False
    fonts = style.element.rPr.rFonts
    for name in THEME:
        fonts.attrib.pop(qn(f"w:{name}"), None)


def fill_in_table(document: Document, headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Table:
    """A table with a first row that is a heading to readers and screen readers and comes again on a new page."""
    table = document.add_table(rows=0, cols=len(headings), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths):
        column.width = Cm(width)
    for number, texts in enumerate((headings, *rows)):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        for cell, text, width in zip(row.cells, texts, widths):
            _fill(cell, text, width, keep=number < len(rows))
        _dress(row, is_heading=not number)
    document.add_paragraph()
    return table


def _fill(cell: _Cell, text: str, width: float, keep: bool) -> None:
    cell.width = Cm(width)
    cell.text = text
    spacing = cell.paragraphs[0].paragraph_format
    spacing.keep_with_next, spacing.space_before, spacing.space_after = keep, Pt(3), Pt(3)


def _dress(row: _Row, is_heading: bool) -> None:
    if not is_heading:
        row.height = Cm(1.2)
        return
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for cell in row.cells:
        cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="E7E6E6"/>'))
        for run in cell.paragraphs[0].runs:
            run.bold = True
