"""DOCX by python-docx, as Word writes it: footnotes, comments, tracked changes, text boxes, typed and real numbers."""

import re
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from evals.structure.fodt import convert
from evals.structure.model import (
    CLAUSE,
    Block,
    Box,
    Cell,
    Columns,
    Definitions,
    Document,
    Heading,
    Item,
    Listing,
    Para,
    Table,
    beginnings,
    spans,
)
from evals.structure.word_parts import Numbering, add_field, add_footnotes, set_columns, text_box

CHANGE = 'w:id="{id}" w:author="M. Reviewer" w:date="2025-02-03T10:00:00Z"'
INDENT = Pt(22)


class Word:
    """Draws blocks into a Word document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.word: WordDocument = docx.Document()
        self.numbering = Numbering(self.word)
        self.called: list[str] = []
        self.changes = 900

    def save(self, target: Path) -> None:
        self.word.styles["Normal"].font.name = self.document.meta.get("font", "Liberation Serif")
        self.word.styles["Normal"].font.size = Pt(10.5)
        self.word.core_properties.title = self.document.title
        self._running()
        for block in self.document.blocks:
            self.block(block)
        if self.called:
            add_footnotes(self.word, [self.document.notes[mark] for mark in self.called])
        self.word.save(str(target))

    def block(self, block: Block) -> None:
        match block:
            case Heading(level, text, faux=False):
                style = "Title" if level == 1 and self.document.meta.get("title_style") else f"Heading {level}"
                self._fill(self.word.add_paragraph(style=style), text)
            case Heading(_, text):
                self._fill(self.word.add_paragraph(), f"**{text}**")
            case Para(text):
                self._fill(self.word.add_paragraph(), text)
            case Listing(items):
                self._typed(items, 1) if CLAUSE.match(items[0].mark) else self._items(items, 0)
            case Definitions(pairs):
                for term, text in pairs:
                    self._fill(self.word.add_paragraph(), f"**{term}**: {text}")
            case Table():
                self._table(block)
            case Box(title, blocks):
                self._box(title, blocks)
            case Columns(blocks):
                self._columns(blocks)
            case _:
                self.word.add_page_break()

    def _fill(self, paragraph: Paragraph, text: str) -> None:
        for kind, value in spans(text):
            if kind == "note":
                self.called.append(value)
                run = paragraph.add_run()
                run.font.superscript = True
                run._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="{len(self.called)}"/>'))
            elif kind in ("deleted", "inserted"):
                self._change(paragraph, kind, value)
            else:
                paragraph.add_run(value).bold = True if kind == "bold" else None
        self._comment(paragraph)

    def _change(self, paragraph: Paragraph, kind: str, value: str) -> None:
        self.changes += 1
        run = paragraph.add_run(value)._r
        about = CHANGE.format(id=self.changes)
        wrap = parse_xml(f"<w:{'del' if kind == 'deleted' else 'ins'} {nsdecls('w')} {about}/>")
        run.addprevious(wrap)
        wrap.append(run)
        if kind == "deleted":
            for text in run.findall(qn("w:t")):
                text.tag = qn("w:delText")
                text.set(qn("xml:space"), "preserve")

    def _comment(self, paragraph: Paragraph) -> None:
        for comment in self.document.meta.get("comments", ()):
            if comment["at"] in paragraph.text and paragraph.runs:
                self.word.add_comment(paragraph.runs, text=comment["text"], author=comment["author"], initials="MR")

    def _items(self, items: tuple[Item, ...], depth: int) -> None:
        number = self.numbering.begin(items[0].mark, depth)
        for item in items:
            paragraph = self.word.add_paragraph(style="List Paragraph")
            self.numbering.apply(paragraph, number, depth)
            self._fill(paragraph, item.text)
            if item.children:
                self._items(item.children, depth + 1)

    def _typed(self, items: tuple[Item, ...], depth: int) -> None:
        for item in items:
            paragraph = self.word.add_paragraph()
            paragraph.paragraph_format.left_indent = INDENT * depth
            paragraph.paragraph_format.first_line_indent = -INDENT
            self._fill(paragraph, f"{item.mark}\t{item.text}")
            self._typed(item.children, depth + 1)

    def _box(self, title: str | None, blocks: tuple[Block, ...]) -> None:
        """The blocks are drawn at the end of the document, then moved into the box."""
        start = len(self.word.element.body)
        if title:
            self._fill(self.word.add_paragraph(), f"**{title}**")
        for block in blocks:
            self.block(block)
        body = self.word.element.body
        inside = [element for element in body[start - 1 :] if element.tag != qn("w:sectPr")]
        anchor = self.word.add_paragraph()
        anchor._p.append(text_box(inside))

    def _columns(self, blocks: tuple[Block, ...]) -> None:
        set_columns(self.word.sections[-1], 1)
        set_columns(self.word.add_section(WD_SECTION.CONTINUOUS), 2)
        for block in blocks:
            self.block(block)
        set_columns(self.word.add_section(WD_SECTION.CONTINUOUS), 1)

    def _table(self, table: Table) -> None:
        grid = self.word.add_table(len(table.rows), table.columns)
        grid.style = "Table Grid" if table.borders else "Normal Table"
        grid.autofit = False
        section = self.word.sections[0]
        width = section.page_width - section.left_margin - section.right_margin
        for column, share in zip(grid.columns, table.shares, strict=True):
            column.width = int(width * share)
        for r, places in enumerate(beginnings(table.rows, table.columns)):
            for c, cell in enumerate(places):
                if cell:
                    place = grid.cell(r, c).merge(grid.cell(r + cell.rowspan - 1, c + cell.colspan - 1))
                    self._place(place, cell, head=r < len(table.header))
        if table.repeat:
            for row in grid.rows[: len(table.header)]:
                row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        self.word.add_paragraph()

    def _place(self, place: _Cell, cell: Cell, head: bool) -> None:
        number = self.numbering.begin("-", 0) if cell.bullets else 0
        for n, line in enumerate(cell.lines):
            paragraph = place.paragraphs[0] if n == 0 else place.add_paragraph()
            if cell.bullets:
                self.numbering.apply(paragraph, number, 0)
            self._fill(paragraph, f"**{line}**" if head else line)

    def _running(self) -> None:
        section = self.word.sections[0]
        for name, part in (("header", section.header), ("footer", section.footer)):
            paragraph = part.paragraphs[0]
            for piece in re.split(r"(\{pages?\})", self.document.meta.get("running", {}).get(name, "")):
                if piece in ("{page}", "{pages}"):
                    add_field(paragraph, "PAGE" if piece == "{page}" else "NUMPAGES")
                else:
                    paragraph.add_run(piece)


def word(document: Document, folder: Path, work: Path) -> None:
    Word(document).save(folder / document.file)


def word_pdf(document: Document, folder: Path, work: Path) -> None:
    """A PDF that LibreOffice makes of a Word document."""
    source = work / f"{document.name}.docx"
    Word(document).save(source)
    convert(source, document, folder, work)
