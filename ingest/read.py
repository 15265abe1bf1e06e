"""A file becomes a `Document`: its text as it will be quoted, its page starts, and what the manifest says of it."""

import hashlib
import logging
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    FileTooLarge,
    MissingFile,
    NoTextLayer,
    UnknownType,
)
from ingest.manifest import Source

MAX_BYTES = 100 * 1024 * 1024
MIN_LETTERS_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Document:
    """The stored text of a source. Offsets everywhere count Unicode code points in `text`.

    `version` is the SHA-256 of `text` in UTF-8; `pages` holds the offset at which each page begins (PDF only).
    """

    source: Source
    text: str
    version: str
    pages: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The page, counted from 1, that holds this offset; None where the format has no pages."""
        return bisect_right(self.pages, offset) if self.pages else None


def read(source: Source, corpus: Path) -> Document:
    """Read one file of the corpus.

    Raises a ReadError named for the cause; no other exception leaves here.
    """
    path = corpus / source.path
    if not path.is_file():
        raise MissingFile(f"{source.path} is named in sources.toml but is not in {corpus}. Put the file there or remove its row.")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise UnknownType(f"{source.path} is a kind of file that cannot be read. Save it as one of {known}.")
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile(f"{source.path} is empty (0 bytes). Replace it with the document.")
    if size > MAX_BYTES:
        raise FileTooLarge(f"{source.path} has {size // 2**20} MiB, over the limit of {MAX_BYTES // 2**20}. Split it into parts.")
    text, pages = reader(path, source.path)
    if not any(c.isalnum() for c in text):
        raise EmptyFile(f"{source.path} holds no text. Replace it with the document.")
    titled = source if source.title else replace(source, title=first_heading(text) or path.stem)
    return Document(titled, text, hashlib.sha256(text.encode()).hexdigest(), pages)


def first_heading(text: str) -> str | None:
    """The first Markdown heading, else a short first line that no sentence mark ends, else None."""
    heading = re.search(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", text, re.MULTILINE)
    if heading:
        return heading[1]
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first if first and len(first) <= 120 and first[-1] not in ".;,:" else None


def _decode(data: bytes, name: str) -> str:
    """Text with BOM dropped and CRLF turned to LF, and nothing else changed."""
    from charset_normalizer import from_bytes

    for encoding in ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        best = None if _is_western(data) else from_bytes(data).best()
        try:
            text = str(best) if best else data.decode("cp1252")
        except UnicodeDecodeError as exc:
            raise DamagedFile(f"{name} is not text in any known encoding. Save it as UTF-8.") from exc
    if "\x00" in text:
        raise DamagedFile(f"{name} holds binary data, not text. Save the document in the format that its name says.")
    return text.replace("\r\n", "\n")


def _is_western(data: bytes) -> bool:
    """Whether few bytes are outside ASCII, as in a Western text with curly quotes, pound signs and accents."""
    return sum(byte > 127 for byte in data) < max(8, len(data) * 0.15)


def _read_text(path: Path, name: str) -> tuple[str, tuple[int, ...]]:
    return _decode(path.read_bytes(), name), ()


def _read_html(path: Path, name: str) -> tuple[str, tuple[int, ...]]:
    """The article of a page as Markdown, without navigation and other furniture."""
    import trafilatura

    html = _decode(path.read_bytes(), name)
    text = trafilatura.extract(
        html, output_format="markdown", include_tables=True, include_comments=False, include_formatting=True, favor_recall=True
    )
    if not text:
        raise EmptyFile(f"{name} holds no article text. Save the page again with its text, or as Markdown.")
    return text, ()


def _read_pdf(path: Path, name: str) -> tuple[str, tuple[int, ...]]:
    """The text layer page by page; pages are joined by a blank line."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedFile(f"{name} asks for a password. Save a copy without one and ingest that.")
        texts = [page.extract_text() or "" for page in reader.pages]
    except FileNotDecryptedError as exc:
        raise EncryptedFile(f"{name} asks for a password. Save a copy without one and ingest that.") from exc
    except EncryptedFile:
        raise
    except (PyPdfError, Exception) as exc:  # a damaged file makes pypdf raise almost any built-in error
        raise DamagedFile(f"{name} is not a readable PDF ({type(exc).__name__}). Export it again from its source.") from exc
    if not texts:
        raise EmptyFile(f"{name} has no pages. Replace it with the document.")
    letters = sum(c.isalpha() for text in texts for c in text)
    if letters < MIN_LETTERS_PER_PAGE * len(texts):
        raise NoTextLayer(f"{name} has pages without a text layer (a scan?). Run text recognition (OCR) on it first.")
    if _garbled("".join(texts)):
        raise NoTextLayer(f"{name} has a text layer that cannot be decoded. Run text recognition (OCR) on it first.")
    starts, position = [], 0
    for text in texts:
        starts.append(position)
        position += len(text) + 2
    return "\n\n".join(texts), tuple(starts)


def _garbled(text: str) -> bool:
    """Whether over a twentieth of the characters are replacement, private-use or control characters."""
    bad = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or (c < " " and c not in "\n\t\r\f") for c in text)
    return bad > len(text) / 20


READERS: dict[str, Callable[[Path, str], tuple[str, tuple[int, ...]]]] = {
    ".md": _read_text,
    ".markdown": _read_text,
    ".txt": _read_text,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
}
