"""PDFs by pdfLaTeX: articles and reports, with running heads, hyphenation and long tables."""

import re
import subprocess
from pathlib import Path

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
    occupants,
    spans,
)

PREAMBLE = r"""\documentclass[%(options)s]{article}
\usepackage[utf8]{inputenc}
\usepackage[a4paper,margin=%(margin)s]{geometry}
\usepackage{fancyhdr,longtable,array,booktabs,multicol}
\setlength{\headheight}{14pt}\setlength{\emergencystretch}{2em}
\pagestyle{fancy}\fancyhf{}
%(running)s
\setcounter{secnumdepth}{0}
\begin{document}
"""
SPECIAL = re.compile(r"[&%$#_{}]")
LETTERS = {
    "–": "--",
    "—": "---",
    "’": "'",
    "‘": "`",
    "“": "``",
    "”": "''",
    "£": r"\pounds{}",
    "…": r"\ldots{}",
    "~": r"\textasciitilde{}",
}
SECTIONS = ("", "", "section", "subsection", "subsubsection")


class Tex:
    """Draws blocks as LaTeX."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.two = "twocolumn" in document.meta.get("options", "")

    def source(self) -> str:
        meta = self.document.meta
        running = "\n".join(f"\\{place}{{{self._running(text)}}}" for place, text in meta.get("running", {}).items())
        head = PREAMBLE % {
            "options": meta.get("options", "11pt"),
            "margin": meta.get("margin", "25mm"),
            "running": running,
        }
        body = "\n\n".join(self.block(block) for block in self.document.blocks)
        return f"{head}{body}\n\\label{{LastPage}}\n\\end{{document}}\n"

    def _running(self, text: str) -> str:
        return escaped(text).replace(r"\{page\}", r"\thepage{}").replace(r"\{pages\}", r"\pageref{LastPage}")

    def block(self, block: Block) -> str:
        match block:
            case Heading(1, text):
                return self._title(text)
            case Heading(level, text, faux=False):
                return f"\\{SECTIONS[level]}{{{self.inline(text)}}}"
            case Heading(_, text):
                return f"\\medskip\\noindent\\textbf{{{self.inline(text)}}}\\par\\nopagebreak"
            case Para(text):
                return self.inline(text)
            case Listing(items):
                return self._items(items)
            case Definitions(pairs):
                lines = (f"\\item[{self.inline(term)}] {self.inline(text)}" for term, text in pairs)
                return "\\begin{description}\n" + "\n".join(lines) + "\n\\end{description}"
            case Table():
                return self._narrow(block) if self.two else self._long(block)
            case Box(title, blocks):
                return self._box(title, blocks)
            case Columns(blocks):
                return "\\begin{multicols}{2}\n" + "\n\n".join(map(self.block, blocks)) + "\n\\end{multicols}"
            case _:
                return r"\clearpage"

    def inline(self, text: str) -> str:
        return "".join(self._span(kind, value) for kind, value in spans(text))

    def _span(self, kind: str, value: str) -> str:
        if kind == "note":
            return f"\\footnote{{{self.inline(self.document.notes[value])}}}"
        return f"\\textbf{{{escaped(value)}}}" if kind == "bold" else escaped(value)

    def _title(self, text: str) -> str:
        authors = escaped(self.document.meta.get("authors", ""))
        title = f"{{\\LARGE\\bfseries {self.inline(text)}\\par}}\\medskip {authors}\\par\\bigskip"
        return (
            f"\\twocolumn[\\begin{{center}}{title}\\end{{center}}]"
            if self.two
            else f"\\begin{{center}}{title}\\end{{center}}"
        )

    def _items(self, items: tuple[Item, ...]) -> str:
        kind = "itemize" if items[0].mark == "-" else "enumerate"
        lines = [f"\\begin{{{kind}}}"]
        for item in items:
            lines.append(("\\item " if item.mark == "-" else f"\\item[{item.mark}] ") + self.inline(item.text))
            lines += [self._items(item.children)] if item.children else []
        return "\n".join([*lines, f"\\end{{{kind}}}"])

    def _box(self, title: str | None, blocks: tuple[Block, ...]) -> str:
        head = f"\\textbf{{{self.inline(title)}}}\\par\\smallskip\n" if title else ""
        inside = "\n\n".join(map(self.block, blocks))
        return (
            "\\medskip\\noindent\\fbox{\\begin{minipage}{\\dimexpr\\linewidth-2\\fboxsep-2\\fboxrule}"
            f"\\setlength{{\\parindent}}{{0pt}}\n{head}{inside}\n\\end{{minipage}}}}\\medskip"
        )

    def _long(self, table: Table) -> str:
        """Over pages, the header repeated where the table says so."""
        columns = _column_types(table)
        head = self._rows(table, 0, len(table.header)) + "\n" + (r"\hline" if table.borders else "")
        end = "\n\\endhead\n" if table.repeat else "\n"
        rule = "\\hline\n" if table.borders else ""
        body = self._rows(table, len(table.header), len(table.rows))
        return f"{{\\small\n\\begin{{longtable}}{{{columns}}}\n{rule}{head}{end}{body}\n{rule}\\end{{longtable}}}}"

    def _narrow(self, table: Table) -> str:
        """Within a column of the page, where a long table cannot stand."""
        columns = _column_types(table)
        rows = self._rows(table, 0, len(table.rows))
        rule = "\\hline\n" if table.borders else ""
        inside = f"\\begin{{tabular}}{{{columns}}}\n{rule}{rows}\n{rule}\\end{{tabular}}"
        return f"\\medskip\\noindent{{\\footnotesize\\setlength{{\\tabcolsep}}{{3pt}}{inside}}}\\medskip"

    def _rows(self, table: Table, start: int, end: int) -> str:
        drawn = []
        starts = beginnings(table.rows, table.columns)
        covers = occupants(table.rows, table.columns)
        for r in range(start, end):
            cells: list[str] = []
            for c in range(table.columns):
                cell = starts[r][c]
                if cell:
                    cells.append(self._cell(table, cell, c, head=r < len(table.header)))
                elif c == 0 or covers[r][c] is not covers[r][c - 1]:
                    cells.append("")
            rule = _rule(covers, r) if table.borders else ""
            drawn.append(" & ".join(cells) + r" \\ " + rule)
        return "\n".join(drawn)

    def _cell(self, table: Table, cell: Cell, column: int, head: bool) -> str:
        lines = [self.inline(line) for line in cell.lines]
        if cell.bullets:
            text = r"\par ".join(rf"\textbullet\ {line}" for line in lines)
        else:
            text = r"\newline ".join(lines)
        text = rf"\textbf{{{text}}}" if head else text
        if cell.colspan == 1:
            return text
        share = sum(table.shares[column : column + cell.colspan])
        width = rf"\dimexpr {share:.4f}\linewidth-2\tabcolsep"
        edge = "|" if table.borders else ""
        kind = rf"{edge if column == 0 else ''}>{{\raggedright\arraybackslash}}p{{{width}}}{edge}"
        return rf"\multicolumn{{{cell.colspan}}}{{{kind}}}{{{text}}}"


def _column_types(table: Table) -> str:
    edge = "|" if table.borders else ""
    types = (
        rf">{{\raggedright\arraybackslash}}p{{\dimexpr {share:.4f}\linewidth-2\tabcolsep}}{edge}"
        for share in table.shares
    )
    return edge + "".join(types)


def _rule(covers: list[list[Cell]], r: int) -> str:
    """Lines below a row, left out where a merged cell goes on."""
    if r + 1 == len(covers):
        return ""
    open_at = [c for c, cell in enumerate(covers[r]) if covers[r + 1][c] is cell]
    if not open_at:
        return r"\hline"
    return "".join(rf"\cline{{{c + 1}-{c + 1}}}" for c in range(len(covers[r])) if c not in open_at)


def escaped(text: str) -> str:
    text = SPECIAL.sub(lambda match: "\\" + match[0], text)
    return "".join(LETTERS.get(letter, letter) for letter in text)


def latex_pdf(document: Document, folder: Path, work: Path) -> None:
    (work / f"{document.name}.tex").write_text(Tex(document).source(), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{document.name}.tex"]
    for _ in range(3):  # for the number of pages, and the widths of a long table
        done = subprocess.run(command, cwd=work, capture_output=True, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stdout.decode("utf-8", "replace")[-2000:])
    (folder / document.file).write_bytes((work / f"{document.name}.pdf").read_bytes())
