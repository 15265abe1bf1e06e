"""What a server sent: unpacked within a limit, written to a file, and recognised as one of the kinds that can be read."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from ingest.errors import BodyRefused

PIECE = 64 * 1024
HEAD = 1024
TYPES = {
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
}
# Servers send these for files whose type they were not told.
UNTOLD = ("", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/force-download")
SPELLINGS = {".pdf": ".pdf", ".docx": ".docx", ".html": ".html", ".htm": ".html", ".txt": ".txt", ".md": ".md", ".markdown": ".md"}
REMEDY = "Correct url in sources.toml so that it leads to a PDF, HTML, DOCX, Markdown or text document."


def media_type(header: str) -> str:
    """The type of a Content-Type header, in lower case and without its parameters."""
    return header.partition(";")[0].strip().lower()


def check_type(address: str, content_type: str) -> None:
    """Raises BodyRefused for a type that is certainly no document, before any of it is downloaded."""
    if content_type not in TYPES and content_type not in UNTOLD:
        raise BodyRefused(f"{address} is {content_type}, which is not a kind of document that can be read. {REMEDY}")


def unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a gzip stream in pieces of at most 64 KiB: a bomb is met by whoever counts them, not by memory.

    Raises zlib.error for a damaged stream, EOFError for one that ends early. What follows the end is ignored, as browsers do.
    """
    decoder = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    for chunk in chunks:
        while chunk and not decoder.eof:
            yield decoder.decompress(chunk, PIECE)
            chunk = decoder.unconsumed_tail
        if decoder.eof:
            return
    yield decoder.flush()
    if not decoder.eof:
        raise EOFError("the compressed body ends early")


def too_large(address: str, most: int) -> BodyRefused:
    """The error for a body over the limit of `most` bytes."""
    return BodyRefused(f"{address} is over the limit of {most:,} bytes. Download it by hand and copy the parts needed into the corpus.")


def write(pieces: Iterable[bytes], path: Path, address: str, most: int) -> tuple[int, str]:
    """Write a body to a file; its size and SHA-256. Raises BodyRefused for one that is empty or over `most` bytes."""
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > most:
                raise too_large(address, most)
            digest.update(piece)
            file.write(piece)
    if not size:
        raise BodyRefused(f"{address} sent an empty document. {REMEDY}")
    return size, digest.hexdigest()


def suffix_of(file: Path, content_type: str, address_path: str, address: str) -> str:
    """The suffix under which a downloaded file is kept. Its first bytes decide over what the server called it.

    Raises BodyRefused for a PDF or DOCX in name only, and for content of no known kind.
    """
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    declared = TYPES.get(content_type)
    named = SPELLINGS.get(PurePosixPath(address_path).suffix.lower())
    if head.lstrip(b"\xef\xbb\xbf\x00 \t\r\n").startswith(b"%PDF") or (declared == ".pdf" and b"%PDF" in head):
        return ".pdf"
    if declared in (None, ".docx") and _is_docx(file):
        return ".docx"
    if declared in (".pdf", ".docx"):
        raise BodyRefused(f"{address} is called {content_type} by its server but does not hold one: perhaps an error page. {REMEDY}")
    if declared == ".txt" and named == ".md":
        return ".md"
    if declared is None and named in (".md", ".txt", ".html") and b"\x00" not in head:
        return named
    if declared is None:
        raise BodyRefused(f"{address} is {content_type or 'of no stated type'}, and its content is of no known kind. {REMEDY}")
    return declared


def mismatch(suffix: str, asked_path: str, row_path: str, digest: bool) -> str | None:
    """What to say where the file's kind is not what its address, or the manifest's file, led to expect."""
    expected = {"its address": asked_path} if digest else {"its address": asked_path, "the file in sources.toml": row_path}
    for name, path in expected.items():
        kind = SPELLINGS.get(PurePosixPath(path).suffix.lower())
        if kind and kind != suffix:
            return f"{name} promises {kind}, the server sent {suffix}: look whether it is the document, or a page about it or a login"
    return None


def _is_docx(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
