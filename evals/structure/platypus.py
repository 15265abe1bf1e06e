"""PDFs by ReportLab's Platypus: untagged, no document structure, tables cut where the page ends."""

from html import escape
from pathlib import Path
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Table as Grid

from evals.structure.model import (
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

MARGIN = 22 * mm
WIDTH = A4[0] - 2 * MARGIN
GAP = 8 * mm
SIZES = {1: 18, 2: 13, 3: 11, 4: 10}
BULLETS = "•–·"


class Platypus:
    """Draws blocks as flowables in the document's font: Helvetica or Times."""

    def __init__(self, document: Document) -> None:
        self.document = document
        times = document.meta.get("font") == "Times"
        self.font, self.bold = ("Times-Roman", "Times-Bold") if times else ("Helvetica", "Helvetica-Bold")

    def story(self) -> list[Flowable]:
        return [flowable for block in self.document.blocks for flowable in self.block(block)]

    def block(self, block: Block) -> list[Flowable]:
        match block:
            case Heading(level, text, faux):
                size = 10 if faux else SIZES[level]
                return [
                    self._text(
                        text,
                        fontName=self.bold,
                        fontSize=size,
                        leading=size * 1.25,
                        spaceBefore=size * 0.7,
                        keepWithNext=1,
                    )
                ]
            case Para(text):
                return [self._text(text, spaceAfter=5)]
            case Listing(items):
                return self._items(items, 0)
            case Definitions(pairs):
                return [self._text(f"**{term}** – {text}", leftIndent=12, spaceAfter=3) for term, text in pairs]
            case Table():
                return [Spacer(1, 4), self._table(block), Spacer(1, 8)]
            case Box(title, blocks):
                return [self._box(title, blocks), Spacer(1, 6)]
            case Columns(blocks):
                inside = [flowable for one in blocks for flowable in self.block(one)]
                return [NextPageTemplate("two"), NewPage(), *inside, NextPageTemplate("one"), NewPage()]
            case _:
                return [NewPage()]

    def _text(self, text: str, bullet: str | None = None, **look: Any) -> Paragraph:
        style = ParagraphStyle("text", fontName=self.font, fontSize=10, leading=13, bulletFontName=self.font)
        for name, value in look.items():
            setattr(style, name, value)
        marked = "".join(f"<b>{escape(value)}</b>" if kind == "bold" else escape(value) for kind, value in spans(text))
        return Paragraph(marked, style, bulletText=bullet)

    def _items(self, items: tuple[Item, ...], depth: int) -> list[Flowable]:
        drawn: list[Flowable] = []
        for item in items:
            bullet = BULLETS[depth] if item.mark == "-" else item.mark
            left = 18 + 18 * depth + (8 if "." in item.mark[:-1] else 0)
            drawn.append(
                self._text(item.text, bullet, leftIndent=left, bulletIndent=left - 14 - 2 * len(bullet), spaceAfter=2)
            )
            drawn += self._items(item.children, depth + 1)
        return drawn

    def _box(self, title: str | None, blocks: tuple[Block, ...]) -> Flowable:
        inside = [self._text(title, fontName=self.bold, spaceAfter=3)] if title else []
        inside += [flowable for block in blocks for flowable in self.block(block)]
        look = [("BOX", (0, 0), (-1, -1), 1, colors.black), ("BACKGROUND", (0, 0), (-1, -1), colors.whitesmoke)]
        return KeepTogether([Grid([[inside]], colWidths=[WIDTH], style=look)])

    def _table(self, table: Table) -> Grid:
        heads = len(table.header)
        rows: list[list[Any]] = []
        look: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
        if table.borders:
            look.append(("GRID", (0, 0), (-1, -1), 0.5, colors.grey))
        for r, places in enumerate(beginnings(table.rows, table.columns)):
            rows.append([])
            for c, cell in enumerate(places):
                bold = r < heads or r - heads in table.groups or (table.row_header and c == 0)
                rows[-1].append(self._cell(cell, bold) if cell else "")
                if cell and (cell.colspan > 1 or cell.rowspan > 1):
                    look.append(("SPAN", (c, r), (c + cell.colspan - 1, r + cell.rowspan - 1)))
        widths = [share * WIDTH for share in table.shares]
        return Grid(rows, colWidths=widths, style=look, repeatRows=heads if table.repeat else 0, splitInRow=0)

    def _cell(self, cell: Cell, bold: bool) -> list[Flowable]:
        look = {"fontName": self.bold if bold else self.font, "fontSize": 9, "leading": 11.5}
        if cell.bullets:
            return [self._text(line, "•", leftIndent=9, bulletIndent=0, **look) for line in cell.lines]
        return [self._text(line, **look) for line in cell.lines]


def platypus_pdf(document: Document, folder: Path, work: Path) -> None:
    """Twice, since only the first time tells the number of pages."""
    pages = 0
    for _ in range(2):
        pages = _build(document, folder / document.file, pages)


def _build(document: Document, target: Path, pages: int) -> int:
    running = document.meta.get("running", {})

    def draw(canvas: Canvas, template: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        for place, height in (("header", A4[1] - 13 * mm), ("footer", 12 * mm)):
            left, _, right = (
                running.get(place, "")
                .replace("{page}", str(template.page))
                .replace("{pages}", str(pages))
                .partition("\t")
            )
            canvas.drawString(MARGIN, height, left)
            canvas.drawRightString(A4[0] - MARGIN, height, right)

    template = BaseDocTemplate(str(target), pagesize=A4, title=document.title, invariant=1)
    template.addPageTemplates(
        [PageTemplate("one", _frames(1), onPage=draw), PageTemplate("two", _frames(2), onPage=draw)]
    )
    template.build(Platypus(document).story())
    return int(template.page)


def _frames(count: int) -> list[Frame]:
    """The columns of a page."""
    width = (WIDTH - GAP * (count - 1)) / count
    return [
        Frame(MARGIN + n * (width + GAP), MARGIN, width, A4[1] - 2 * MARGIN, leftPadding=0, rightPadding=0)
        for n in range(count)
    ]
