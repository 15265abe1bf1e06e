"""PDF: pypdf opens the file and says what is wrong with it, PDFium gives the words and where they stand."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.errors import DamagedFile, EmptyFile, EncryptedFile, GarbledText, NoTextLayer, ReadError
from ingest.readers.blocks import PAGE, Block, Extract, Paragraph, Table, extract_of
from ingest.readers.pdf.layout import blocks_of
from ingest.readers.pdf.loose_notes import with_loose_notes
from ingest.readers.pdf.notes import Found
from ingest.readers.pdf.page import Page, plain_text, read_page
from ingest.readers.pdf.rules import Drawing
from ingest.readers.pdf.turned import with_turned_pages
from ingest.readers.pdf.tags import Node, tree_of
from ingest.readers.pdf.verdict import OCR, judge
from ingest.readers.quality import garbled

logger = logging.getLogger(__name__)


def read_pdf(path: Path, name: str) -> Extract:
    """The text of a PDF with its structure and page starts; `name` stands in messages.

    Raises EncryptedFile, DamagedFile, EmptyFile, NoTextLayer or GarbledText.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = _opened(path, name)
    document = _pdfium(path)
    if document is None:
        return _plain(reader, name)
    try:
        pages = [_page(document, number) for number in range(len(document))]
        notes = judge(pages, name)
        found = _blocks(pages, _tree(reader), lambda number: plain_text(document, number))
    finally:
        document.close()
    return replace(extract_of(paged(found, len(pages)), paged=True), notes=notes)


def _blocks(pages: Sequence[Page], tree: Node | None, plain: Callable[[int], str]) -> list[Found]:
    """The blocks of the pages; their plain text, line by line, where the layout of the whole cannot be understood."""
    try:
        return with_turned_pages(with_loose_notes(blocks_of(pages, tree, plain)))
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as exc:
        logger.warning("the layout is not understood, the text is kept as it comes: %r", exc)
        return [Found(Paragraph(line), page.number, page.number) for page in pages for line in plain(page.number).splitlines()]


def _opened(path: Path, name: str) -> Any:
    """pypdf's reader, or None where only PDFium may be able to read the file."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedFile(f"{name} asks for a password. Save a copy without one and ingest that.")
        if len(reader.pages):
            return reader
        if reader.root_object["/Pages"].get("/Kids") == []:  # made without a page; a page tree that is lost is damage
            raise EmptyFile(f"{name} has no pages. Replace it with the document.")
        return None
    except FileNotDecryptedError as exc:
        raise EncryptedFile(f"{name} asks for a password. Save a copy without one and ingest that.") from exc
    except ReadError:
        raise
    except Exception as exc:  # a damaged file makes pypdf raise almost any built-in error
        logger.info("pypdf cannot open %s: %r", name, exc)
        return None


def _pdfium(path: Path) -> Any:
    """PDFium's document, or None where it cannot open the file or finds no page in it."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return None
    if len(document):
        return document
    document.close()
    return None


def _page(document: Any, number: int) -> Page:
    """A page; one that PDFium cannot load is left empty, as the others are worth having."""
    import pypdfium2

    try:
        return read_page(document, number)
    except pypdfium2.PdfiumError as exc:
        logger.warning("page %d cannot be loaded: %s", number + 1, exc)
        return Page(number, 612, 792, (), Drawing((), (), 0, 0, 0))


def _tree(reader: Any) -> Node | None:
    """The structure tree, or None where there is none that can be read."""
    if reader is None:
        return None
    try:
        return tree_of(reader)
    except Exception as exc:  # pypdf raises almost any built-in error on a broken tree
        logger.info("the structure tree is not used: %r", exc)
        return None


def _plain(reader: Any, name: str) -> Extract:
    """pypdf's text, page by page, of a file that PDFium cannot open."""
    if reader is None:
        raise DamagedFile(f"{name} is not a readable PDF: it is damaged or cut short. Export it again from its source.")
    try:
        texts = [page.extract_text() or "" for page in reader.pages]
    except Exception as exc:  # a damaged file makes pypdf raise almost any built-in error
        raise DamagedFile(f"{name} is not a readable PDF ({type(exc).__name__}). Export it again from its source.") from exc
    if not any(map(str.strip, texts)):
        raise NoTextLayer(f"{name} has no text layer: {OCR}.")
    if why := garbled(" ".join(texts)):
        raise GarbledText(f"{name} has a text layer that cannot be decoded, because {why}. Export it again from its source, or {OCR}.")
    blocks = [Found(Paragraph(part), number, number) for number, text in enumerate(texts) for part in text.split("\n\n") if part.strip()]
    return extract_of(paged(blocks, len(texts)), paged=True)


def paged(found: Sequence[Found], pages: int) -> list[Block]:
    """The blocks with a form feed where each page begins."""
    blocks: list[Block] = []
    page = 0
    for one in found:
        turns = PAGE * max(0, one.first - page)
        page = max(page, one.last)
        blocks.append(_turned(one.block, turns) if turns else one.block)
    return [*blocks, Paragraph(PAGE * (pages - 1 - page))] if page < pages - 1 else blocks


def _turned(block: Block, turns: str) -> Block:
    if isinstance(block, Table):
        first, *rest = block.rows[0]
        return replace(block, rows=((replace(first, text=turns + first.text), *rest), *block.rows[1:]))
    return replace(block, text=turns + block.text)
