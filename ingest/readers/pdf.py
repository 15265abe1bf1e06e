"""PDF: pypdf opens the file and says what is wrong with it, PDFium gives the words and where they stand."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.errors import DamagedFile, EmptyFile, EncryptedFile, GarbledText, NoTextLayer
from ingest.readers.blocks import PAGE, Block, Cell, Extract, Note, Paragraph, Table, extract_of
from ingest.readers.pdf_layout import blocks_of
from ingest.readers.pdf_notes import Found
from ingest.readers.pdf_page import Page, plain_text, read_page
from ingest.readers.pdf_tags import tree_of
from ingest.readers.quality import garbled


def read_pdf(path: Path, name: str) -> Extract:
    """The text of a PDF with its structure and page starts.

    Raises EncryptedFile, DamagedFile, EmptyFile, NoTextLayer or GarbledText.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        import pypdf

        tree = tree_of(pypdf.PdfReader(path))
        pages = [read_page(document, number) for number in range(len(document))]
        found = blocks_of(pages, tree, lambda number: plain_text(document, number))
    finally:
        document.close()
    return extract_of(paged(found, len(pages)), paged=True)


def paged(found: Sequence[Found], pages: int) -> list[Block]:
    """The blocks with a form feed where each page begins."""
    blocks: list[Block] = []
    page = 0
    for one in found:
        turns = max(0, one.first - page)
        page = max(page, one.last)
        blocks.append(_turned(one.block, PAGE * turns) if turns else one.block)
    return [*blocks, Paragraph(PAGE * (pages - 1 - page))] if page < pages - 1 else blocks


def _turned(block: Block, turns: str) -> Block:
    if isinstance(block, Table):
        first, *rest = block.rows[0]
        return replace(block, rows=((replace(first, text=turns + first.text), *rest), *block.rows[1:]))
    return replace(block, text=turns + block.text)
