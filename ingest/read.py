"""A file becomes a `Document`: its text as it will be quoted, its page starts, and what the manifest says of it."""

import hashlib
import importlib
import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import EmptyFile, FileTooLarge, GarbledText, MissingFile, OutsideCorpus, UnknownType, WrongSuffix
from ingest.manifest import Source
from ingest.readers.blocks import Extract
from ingest.readers.quality import garbled

MAX_BYTES = 100 * 1024 * 1024
READING = "readers-1"
READERS = {
    ".md": ("text", "read_text"),
    ".markdown": ("text", "read_text"),
    ".txt": ("text", "read_text"),
    ".html": ("html", "read_html"),
    ".htm": ("html", "read_html"),
    ".pdf": ("pdf", "read_pdf"),
    ".docx": ("docx", "read_docx"),
}
SIGNATURES = {
    b"%PDF-": ("a PDF", (".pdf",)),
    b"PK\x03\x04": ("a Word, Office or ZIP file", (".docx",)),
    b"\xd0\xcf\x11\xe0": ("an old or encrypted Office file", (".docx",)),
    b"\x89PNG": ("a picture", ()),
    b"\xff\xd8\xff": ("a picture", ()),
    b"{\\rtf": ("a rich text file", ()),
    b"<!doctype html": ("a web page", (".html", ".htm", ".md", ".markdown", ".txt")),
    b"<html": ("a web page", (".html", ".htm", ".md", ".markdown", ".txt")),
}


@dataclass(frozen=True, slots=True)
class Document:
    """The stored text of a source. Offsets everywhere count Unicode code points in `text`.

    `version` is the SHA-256 of `text` in UTF-8; `pages` holds the offset at which each page begins (PDF only);
    `warnings` are sentences on what the file holds beside the text.
    """

    source: Source
    text: str
    version: str
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The page, counted from 1, that holds this offset; None where the format has no pages."""
        return bisect_right(self.pages, offset) if self.pages else None


def read(source: Source, corpus: Path) -> Document:
    """Read one file of the corpus.

    Raises a ReadError named for the cause; no other exception leaves here.
    """
    path = check_place(source, corpus)
    known = READERS.get(path.suffix.lower())
    if known is None:
        raise UnknownType(f"{source.path} is a kind of file that cannot be read. Save it as one of {', '.join(sorted(READERS))}.")
    _check_content(path, source.path)
    module, function = known
    extract: Extract = getattr(importlib.import_module(f"ingest.readers.{module}"), function)(path, source.path)
    if not any(c.isalnum() for c in extract.text):
        raise EmptyFile(f"{source.path} holds no text. Replace it with the document.")
    if why := garbled(extract.text):
        raise GarbledText(f"{source.path} holds letters that make no words, because {why}. Save it again from its source.")
    titled = source if source.title else replace(source, title=first_heading(extract.text) or path.stem)
    return Document(titled, extract.text, hashlib.sha256(extract.text.encode()).hexdigest(), extract.pages, extract.notes)


def check_place(source: Source, corpus: Path) -> Path:
    """The file of a source. Raises MissingFile where there is none, OutsideCorpus behind a link out of the folder."""
    path = corpus / source.path
    if path.is_symlink() and path.is_dir():
        raise OutsideCorpus(f"{source.path} is a link to a folder. Copy the folder itself into {corpus}.")
    if not path.is_file():
        raise MissingFile(f"{source.path} is named in sources.toml but is not in {corpus}. Put the file there or remove its row.")
    if not path.resolve().is_relative_to(corpus.resolve()):
        raise OutsideCorpus(f"{source.path} is a link to a file outside {corpus}. Copy the file itself into the folder.")
    return path


def _check_content(path: Path, name: str) -> None:
    """Raise EmptyFile, FileTooLarge or WrongSuffix before a reader opens the file."""
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile(f"{name} is empty (0 bytes). Replace it with the document.")
    if size > MAX_BYTES:
        raise FileTooLarge(f"{name} has {size // 2**20} MiB, over the limit of {MAX_BYTES // 2**20}. Split it into parts.")
    with path.open("rb") as file:
        head = file.read(16).lower()
    for signature, (kind, suffixes) in SIGNATURES.items():
        if head.startswith(signature.lower()) and path.suffix.lower() not in suffixes:
            raise WrongSuffix(f"{name} is {kind} by its content. Give it the ending of its kind, or save it as {path.suffix.lower()}.")


def first_heading(text: str) -> str | None:
    """The first Markdown heading, else a short first line that no sentence mark ends, else None."""
    heading = re.search(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", text, re.MULTILINE)
    if heading:
        return heading[1]
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first if first and len(first) <= 120 and first[-1] not in ".;,:" else None
