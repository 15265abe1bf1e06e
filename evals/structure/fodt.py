"""Flat OpenDocument for LibreOffice, which turns it into PDF or DOCX."""

import re
import subprocess
from html import escape
from pathlib import Path

from evals.structure.fodt_styles import LIST_KINDS, head, widths_style
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
from evals.structure.soften import soften

NUMBER = re.compile(r"[\d.]+\s+")


class Fodt:
    """Draws blocks as OpenDocument text. Styles that belong to one table are collected for the head."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.styles: list[str] = []
        self.notes = 0

    def source(self) -> str:
        body = "\n".join(self.block(block) for block in self.document.blocks)
        if self.document.meta.get("soft_hyphens"):
            body = soften(body)
        return (
            head(self.document, "".join(self.styles))
            + f"<office:body><office:text>\n{body}\n</office:text></office:body></office:document>"
        )

    def block(self, block: Block) -> str:
        match block:
            case Heading(1, text):
                return paragraph("Heading_20_1", self.inline(text), level=1)
            case Heading(level, text, faux=False):
                shown = NUMBER.sub("", text, count=1) if self.document.meta.get("auto_numbers") else text
                return paragraph(f"Heading_20_{level}", self.inline(shown), level=level)
            case Heading(_, text):
                return paragraph("Faux", self.inline(text))
            case Para(text):
                return paragraph("Text", self.inline(text))
            case Listing(items):
                typed = bool(CLAUSE.match(items[0].mark))
                return self._typed(items, 1) if typed else self._items(items)
            case Definitions(pairs):
                return "\n".join(paragraph("Text", f"{self.inline(f'**{t}**')}: {self.inline(d)}") for t, d in pairs)
            case Table():
                return self._table(block)
            case Box(title, blocks):
                title_line = paragraph("BoxTitle", self.inline(title)) + "\n" if title else ""
                return self._boxed(title_line + "\n".join(map(self.block, blocks)))
            case Columns(blocks):
                name = f"Section{len(self.styles)}_{id(block)}"
                inside = "\n".join(map(self.block, blocks))
                return f'<text:section text:style-name="TwoColumns" text:name="{name}">\n{inside}\n</text:section>'
            case _:
                return '<text:p text:style-name="Break"/>'

    def inline(self, text: str) -> str:
        return "".join(self._span(kind, value) for kind, value in spans(text))

    def _span(self, kind: str, value: str) -> str:
        if kind == "bold":
            return f'<text:span text:style-name="Bold">{escape(value)}</text:span>'
        if kind == "text":
            return escape(value)
        self.notes += 1
        note = paragraph("Footnote", self.inline(self.document.notes[value]))
        return (
            f'<text:note text:note-class="footnote"><text:note-citation>{self.notes}</text:note-citation>'
            f"<text:note-body>{note}</text:note-body></text:note>"
        )

    def _items(self, items: tuple[Item, ...], inside_cell: bool = False) -> str:
        style = "CellBullets" if inside_cell else LIST_KINDS[list_kind(items[0].mark)]
        lines = [f'<text:list text:style-name="{style}">']
        for item in items:
            below = self._items(item.children) if item.children else ""
            text = paragraph("CellText" if inside_cell else "ListText", self.inline(item.text))
            lines.append(f"<text:list-item>{text}{below}</text:list-item>")
        return "\n".join([*lines, "</text:list>"])

    def _typed(self, items: tuple[Item, ...], depth: int) -> str:
        """Clauses with their numbers typed in front, a tab, and a hanging indent."""
        lines = []
        for item in items:
            lines.append(paragraph(f"Clause{depth}", f"{item.mark}<text:tab/>{self.inline(item.text)}"))
            if item.children:
                lines.append(self._typed(item.children, depth + 1))
        return "\n".join(lines)

    def _boxed(self, inside: str) -> str:
        return (
            '<table:table table:style-name="BoxTable"><table:table-column/><table:table-row>'
            f'<table:table-cell table:style-name="BoxCell" office:value-type="string">{inside}</table:table-cell>'
            f"</table:table-row></table:table>\n{paragraph('Small', '')}"
        )

    def _table(self, table: Table) -> str:
        name = f"T{len(self.styles)}"
        self.styles.append(widths_style(name, table.shares))
        columns = "".join(f'<table:table-column table:style-name="{name}.{c}"/>' for c in range(table.columns))
        rows = [self._row(table, r) for r in range(len(table.rows))]
        heads = "".join(rows[: len(table.header)])
        if table.repeat:
            heads = f"<table:table-header-rows>{heads}</table:table-header-rows>"
        inside = columns + heads + "".join(rows[len(table.header) :])
        return (
            f'<table:table table:name="{name}" table:style-name="{name}">{inside}</table:table>\n'
            f"{paragraph('Small', '')}"
        )

    def _row(self, table: Table, r: int) -> str:
        heads = len(table.header)
        cells = []
        for c, cell in enumerate(beginnings(table.rows, table.columns)[r]):
            head = r < heads or r - heads in table.groups or (table.row_header and c == 0)
            cells.append(self._cell(table, cell, head, top=r < heads) if cell else "<table:covered-table-cell/>")
        return "<table:table-row>" + "".join(cells) + "</table:table-row>"

    def _cell(self, table: Table, cell: Cell, head: bool, top: bool) -> str:
        style = ("HeadCell" if top else "BodyCell") if table.borders else "BareCell"
        text_style = "CellHead" if head else "CellText"
        if cell.bullets:
            inside = self._items(tuple(Item("-", line) for line in cell.lines), inside_cell=True)
        else:
            inside = "".join(paragraph(text_style, self.inline(line)) for line in cell.lines)
        return (
            f'<table:table-cell table:style-name="{style}" office:value-type="string" '
            f'table:number-columns-spanned="{cell.colspan}" table:number-rows-spanned="{cell.rowspan}">'
            f"{inside}</table:table-cell>"
        )


def paragraph(style: str, inside: str, level: int = 0) -> str:
    if level:
        return f'<text:h text:style-name="{style}" text:outline-level="{level}">{inside}</text:h>'
    return f'<text:p text:style-name="{style}">{inside}</text:p>'


def list_kind(mark: str) -> str:
    """ "-", "1.", "(a)", "(i)" or "a)" and so on: the first mark of a list says how it is numbered."""
    return re.sub(r"\d+", "1", mark)


def libreoffice(document: Document, folder: Path, work: Path) -> None:
    source = work / f"{document.name}.fodt"
    source.write_text(Fodt(document).source(), encoding="utf-8")
    convert(source, document, folder, work)


def convert(source: Path, document: Document, folder: Path, work: Path) -> None:
    """Has LibreOffice turn a file of its own or of Word's into the document's format."""
    wanted = document.meta["format"]
    if wanted == "pdf":
        tagged = str(document.meta.get("tagged", True)).lower()
        wanted = f'pdf:writer_pdf_Export:{{"UseTaggedPDF":{{"type":"boolean","value":"{tagged}"}}}}'
    elif wanted == "docx":
        wanted = "docx:MS Word 2007 XML"
    profile = f"-env:UserInstallation=file://{work}/libreoffice"
    command = ["soffice", profile, "--headless", "--convert-to", wanted, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
