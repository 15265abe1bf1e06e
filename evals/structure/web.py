"""A document's blocks as HTML."""

from html import escape

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

BACK = "↩"  # leads from a footnote to where it is called


class Web:
    """Draws blocks as HTML. Footnotes are collected, to be set at the end."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.called: list[str] = []

    def body(self) -> str:
        html = "\n".join(self.block(block) for block in self.document.blocks) + self.notes()
        return soften(html) if self.document.meta.get("soft_hyphens") else html

    def block(self, block: Block) -> str:
        match block:
            case Heading(level, text, faux=False):
                return f"<h{level}>{self.inline(text)}</h{level}>"
            case Heading(_, text):
                return f'<p class="faux"><b>{self.inline(text)}</b></p>'
            case Para(text):
                return f"<p>{self.inline(text)}</p>"
            case Listing(items):
                return self._items(items)
            case Definitions(pairs):
                rows = (f"<dt>{self.inline(term)}</dt><dd>{self.inline(text)}</dd>" for term, text in pairs)
                return "<dl>\n" + "\n".join(rows) + "\n</dl>"
            case Table():
                return self._table(block)
            case Box(title, blocks):
                return self.box(title, "\n".join(map(self.block, blocks)))
            case Columns(blocks):
                return '<div class="columns">\n' + "\n".join(map(self.block, blocks)) + "\n</div>"
            case _:
                return '<div class="break"></div>'

    def box(self, title: str | None, inside: str) -> str:
        tag = self.document.meta.get("box_heading", "h3")
        head = f"<{tag}>{self.inline(title)}</{tag}>\n" if title else ""
        return f'<aside class="box">\n{head}{inside}\n</aside>'

    def inline(self, text: str) -> str:
        return "".join(self._span(kind, value) for kind, value in spans(text))

    def _span(self, kind: str, value: str) -> str:
        if kind == "note":
            self.called.append(value)
            number = len(self.called)
            return f'<sup><a href="#fn{number}" id="ref{number}">{number}</a></sup>'
        return f"<strong>{escape(value)}</strong>" if kind == "bold" else escape(value)

    def _items(self, items: tuple[Item, ...]) -> str:
        mark = items[0].mark
        if mark == "-":
            opening, closing = "<ul>", "</ul>"
        elif CLAUSE.match(mark):
            opening, closing = '<ol class="typed">', "</ol>"
        else:
            opening, closing = (
                f'<ol type="{_list_type(mark)}" class="{"brackets" if "(" in mark else "dots"}">',
                "</ol>",
            )
        typed = "typed" in opening
        return "\n".join([opening, *(self._item(item, typed) for item in items), closing])

    def _item(self, item: Item, typed: bool) -> str:
        number = f'<span class="number">{escape(item.mark)}</span> ' if typed else ""
        below = "\n" + self._items(item.children) if item.children else ""
        return f"<li>{number}{self.inline(item.text)}{below}</li>"

    def _table(self, table: Table) -> str:
        head = self._rows(table, 0, len(table.header))
        body = self._rows(table, len(table.header), len(table.rows))
        kind = "grid" if table.borders else "bare"
        head_tag = "thead" if table.repeat else "tbody"
        columns = "".join(f'<col style="width:{share:.0%}">' for share in table.shares)
        return (
            f'<table class="{kind}"><colgroup>{columns}</colgroup>\n'
            f"<{head_tag}>\n{head}\n</{head_tag}>\n<tbody>\n{body}\n</tbody></table>"
        )

    def _rows(self, table: Table, start: int, end: int) -> str:
        rows = []
        for r, places in enumerate(beginnings(table.rows, table.columns)[start:end], start):
            cells = [(c, cell) for c, cell in enumerate(places) if cell]
            heads = len(table.header)
            drawn = (
                self.cell(cell, r < heads or r - heads in table.groups or (table.row_header and c == 0))
                for c, cell in cells
            )
            rows.append("<tr>" + "".join(drawn) + "</tr>")
        return "\n".join(rows)

    def cell(self, cell: Cell, head: bool) -> str:
        lines = [self.inline(line) for line in cell.lines]
        inside = (
            "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>" if cell.bullets else "<br>".join(lines)
        )
        tag = "th" if head else "td"
        return f"<{tag}{cell_spans(cell)}>{inside}</{tag}>"

    def notes(self) -> str:
        """What stands below the text: the footnotes, each with a link back."""
        if not self.called:
            return ""
        notes = (
            f'<li id="fn{n}">{self.inline(self.document.notes[mark])} <a href="#ref{n}">{BACK}</a></li>'
            for n, mark in enumerate(tuple(self.called), 1)
        )
        return '\n<section class="footnotes"><hr><ol>\n' + "\n".join(notes) + "\n</ol></section>"


def cell_spans(cell: Cell) -> str:
    cols = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    rows = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    return cols + rows


def _list_type(mark: str) -> str:
    bare = mark.strip("().")
    return bare if bare in "iIA" else "1" if bare.isdigit() else "a"
