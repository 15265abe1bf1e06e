"""Whether the pages of a PDF have the text that a reader sees, and what to say where they do not."""

from collections.abc import Sequence

from ingest.errors import EmptyFile, GarbledText, NoTextLayer
from ingest.readers.pdf.page import Page
from ingest.readers.quality import garbled

OCR = "run OCR, for example with ocrmypdf"
COVERED = 0.5  # of a page: a picture that large is a scan, if there is little text over it
SCAN = 0.15  # of a page: enough for a scan where all text stands at the edge of the page
EDGE = 0.1  # of a page's height
STAMP = 100  # letters and digits: page numbers, file stamps and trial watermarks over a scan have no more
PICTURE = 0.05  # of a page: smaller pictures are logos
LEAST_PER_OBJECT = 0.5  # characters for each object that draws text; fonts without a map to Unicode yield fewer
MOST_LISTED = 12  # page numbers in a message


def judge(pages: Sequence[Page], name: str) -> tuple[str, ...]:
    """Notes on pages that are pictures, where others have text.

    Raises EmptyFile, NoTextLayer or GarbledText where the document has no text that can be used.
    """
    if not pages or not any(page.drawing.objects for page in pages):
        raise EmptyFile(f"{name} is empty: nothing is drawn on its pages. Replace it with the document.")
    _refuse_garbled(pages, name)
    scanned = [page.number + 1 for page in pages if _is_scan(page)]
    written = [page for page in pages if _letters(page) and page.number + 1 not in scanned]
    if not written:
        raise NoTextLayer(f"{name} has no text layer: {OCR}.")
    if not scanned:
        return ()
    listed = ", ".join(map(str, scanned[:MOST_LISTED])) + (f" and {len(scanned) - MOST_LISTED} more" if len(scanned) > MOST_LISTED else "")
    return (f"{'pages' if len(scanned) > 1 else 'page'} {listed} of {len(pages)} {'have' if len(scanned) > 1 else 'has'} no text layer: {OCR}",)


def _refuse_garbled(pages: Sequence[Page], name: str) -> None:
    text = " ".join(word.text for page in pages for word in page.words)
    drawn = sum(page.drawing.texts for page in pages)
    why = garbled(text)
    if drawn > 30 and len(text) < LEAST_PER_OBJECT * drawn:
        why = "its fonts do not say which letters they draw"
    if why:
        raise GarbledText(f"{name} has a text layer that cannot be decoded, because {why}. Export it again from its source, or {OCR}.")


def _letters(page: Page) -> int:
    return sum(letter.isalnum() for word in page.words for letter in word.text)


def _is_scan(page: Page) -> bool:
    """Whether what can be read are pictures: no text beside them, a stamp over them, or a few words at the edge of the page."""
    letters, pictures = _letters(page), page.drawing.pictures
    if not letters or pictures > COVERED:
        return pictures > PICTURE and letters < STAMP
    outer = all(not EDGE < word.base / page.height < 1 - EDGE for word in page.words)
    return outer and pictures > SCAN and letters < STAMP
