"""The sheet as a Word document, and what a reader wrote into it."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table
from lxml import etree

from evals.reading.sheet import Filled, FilledRow, Item, Quoted, Sheet
from evals.reading.word import fill_in_table, new_document
from ingest.errors import CasesError

TITLE = "Reading sheet"
TO_DO = (
    "Read each question, the answer to it, and the passages quoted under each sentence.",
    "Write “right” if the answer is true to its passages and gives what was asked for.",
    "Write “wrong” if it says what they do not say, misses the question, or refuses without cause.",
    "Write “unsure” if you cannot tell. Say under Note why an answer is wrong or unsure.",
    "Fill in your name and the date below, save the file in the same format, and give it back.",
)
FIELDS, READER, DATE, RUN = ("To fill in", "Yours"), "Reader’s name", "Date", "Run (leave as it is)"
HEADINGS = ("No.", "Case", "Verdict: right, wrong or unsure", "Note")
WIDTHS = (1.3, 4.0, 4.0, 7.3)
FIELD_WIDTHS = (5.3, 11.3)
NOT_WORD = (PackageNotFoundError, zipfile.BadZipFile, etree.LxmlError, zlib.error, KeyError, ValueError, OSError, RuntimeError)


def write_docx(path: Path, sheet: Sheet) -> None:
    """A title page, then each answer with a table to fill in."""
    document = new_document(TITLE, f"{TITLE}, run {sheet.run}")
    document.add_heading(TITLE, 0)
    document.add_paragraph(f"{len(sheet.items)} answers of the assistant are in this document. Please judge each by eye:")
    for line in TO_DO:
        document.add_paragraph(line, style="List Number")
    fill_in_table(document, FIELDS, ((READER, ""), (DATE, ""), (RUN, sheet.run)), FIELD_WIDTHS)
    document.add_page_break()
    for item in sheet.items:
        _add(document, item)
    document.save(str(path))


def _add(document: Document, item: Item) -> None:
    document.add_heading(f"Answer {item.number}", 1)
    _labelled(document, "Asked by", item.asked_by)
    for message in item.earlier:
        _labelled(document, "Earlier message", message)
    _labelled(document, "Question", item.question)
    document.add_heading("What the assistant said", 2)
    for spoken in item.spoken:
        paragraph = document.add_paragraph(spoken.words)
        paragraph.add_run("".join(f" [{quoted.mark}]" for quoted in spoken.quotes)).bold = True
        paragraph.paragraph_format.keep_with_next = bool(spoken.quotes)
        for quoted in spoken.quotes:
            _quote(document, quoted)
    document.add_heading("Your verdict", 2)
    fill_in_table(document, HEADINGS, ((str(item.number), item.case, "", ""),), WIDTHS)


def _labelled(document: Document, label: str, words: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run(f"{label}: ").bold = True
    paragraph.add_run(words)


def _quote(document: Document, quoted: Quoted) -> None:
    paragraph = document.add_paragraph(style="Quote")
    paragraph.add_run(f"[{quoted.mark}] ").bold = True
    if quoted.words:
        paragraph.add_run(f"“{quoted.words}”")
        paragraph.add_run().add_break()
    paragraph.add_run(quoted.place).italic = True


def read_docx(path: Path) -> Filled:
    """A sheet that was filled in. Raises CasesError for a file that is none."""
    try:
        tables = [list(_rows(table)) for table in docx.Document(str(path)).tables]
    except NOT_WORD as exc:
        raise CasesError(f"{path} cannot be read as a Word document ({exc}). Save the sheet as .docx again, or name another file with --verdicts.") from exc
    fields = {label.casefold(): words for table in tables if _is(table, FIELDS) for label, words, *_ in (row + [""] for row in table[1:])}
    told = {label: " ".join(fields.get(label.casefold(), "").split()) for label in (READER, DATE, RUN)}
    rows = tuple(_row(cells, told[RUN]) for table in tables if _is(table, HEADINGS) for cells in table[1:])
    if not fields or not rows:
        raise CasesError(f"{path} holds no tables of a reading sheet. Make the sheet again, and keep the first row of each table as it is.")
    return Filled(path, "first page", (told[READER],) if told[READER] else (), told[DATE], rows)


def _is(table: list[list[str]], headings: tuple[str, ...]) -> bool:
    return bool(table) and [cell.casefold() for cell in table[0]] == [heading.casefold() for heading in headings]


def _row(cells: list[str], run: str) -> FilledRow:
    number, case, verdict, note = (*cells, "", "", "", "")[: len(HEADINGS)]
    return FilledRow(f"answer {number}", case, verdict, note, run)


def _rows(table: Table) -> Iterator[list[str]]:
    """The words of each row's cells, those that were typed as a tracked change among them."""
    for row in table._tbl.iter(qn("w:tr")):
        yield [_words(cell.iter(qn("w:p"))) for cell in row.iter(qn("w:tc"))]


def _words(paragraphs: Iterable[BaseOxmlElement]) -> str:
    lines = ("".join(part.text or "" if part.tag == qn("w:t") else " " for part in p.iter(qn("w:t"), qn("w:br"), qn("w:tab"))) for p in paragraphs)
    return "\n".join(lines).strip()
