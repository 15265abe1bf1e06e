"""The parts of a Word file, opened with care: limits on what it unpacks to, no document type definitions, nothing fetched."""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import cast

from lxml.etree import _Element

from ingest.errors import DamagedFile, EncryptedFile, FileTooLarge, UnknownType

MIB = 2**20
MOST = 300 * MIB  # unpacked
SUSPECT, RATIO = 20 * MIB, 200  # a file that unpacks to more than this, so many times its size, is a bomb
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
STRICT = {  # the names of the format's strict form, and those in common use
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
OFFICE = "/relationships/officeDocument"
REMEDY = "Open it in Word or LibreOffice and save it again."
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class Package:
    """The XML parts of a Word file that are read; one that is absent is None. `links` are the document's own, by their id."""

    document: _Element
    styles: _Element | None
    numbering: _Element | None
    footnotes: _Element | None
    endnotes: _Element | None
    links: dict[str, str]


def open_package(data: bytes, name: str) -> Package:
    """Unpack a Word file.

    Raises EncryptedFile, UnknownType (an old .doc), FileTooLarge (a bomb) or DamagedFile.
    """
    _refuse_others(data, name)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _weigh(archive, len(data), name)
            return _parts(archive, name)
    except BROKEN as exc:
        raise DamagedFile(f"{name} is not a readable Word file ({type(exc).__name__}). {REMEDY}") from exc
    except RuntimeError as exc:  # what zipfile raises for a member with a password
        raise EncryptedFile(f"{name} asks for a password. Save a copy without one and ingest that.") from exc
    except Exception as exc:
        if type(exc).__name__ != "error":  # zlib.error and lzma's have no common base
            raise
        raise DamagedFile(f"{name} is not a readable Word file (its compression is broken). {REMEDY}") from exc


def _refuse_others(data: bytes, name: str) -> None:
    if data.startswith(OLE) and ENCRYPTED in data:
        raise EncryptedFile(f"{name} asks for a password. Save a copy without one and ingest that.")
    if data.startswith(OLE):
        raise UnknownType(f"{name} is a Word file of the old kind (.doc) under another name. Open it and save it as .docx.")
    if data.startswith(b"{\\rtf"):
        raise UnknownType(f"{name} is an RTF file under another name. Open it and save it as .docx.")


def _weigh(archive: zipfile.ZipFile, size: int, name: str) -> None:
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MOST or (unpacked > SUSPECT and unpacked > RATIO * size):
        raise FileTooLarge(f"{name} would unpack to {unpacked // MIB} MiB, as no honest document does. Save the document again.")


def _parts(archive: zipfile.ZipFile, name: str) -> Package:
    main = _main_part(archive, name)
    folder = main.rpartition("/")[0]
    document = _xml(archive, main, name)
    if document is None or not document.tag.endswith("}document"):
        raise DamagedFile(f"{name} holds no Word document (no word/document.xml). Save the document again as .docx.")
    names = ("styles", "numbering", "footnotes", "endnotes")
    styles, numbering, footnotes, endnotes = (_xml(archive, f"{folder}/{part}.xml", name) for part in names)
    relations = _xml(archive, f"{folder}/_rels/{main.rpartition('/')[2]}.rels", name)
    kept = [] if relations is None else [one for one in relations if one.get("Type", "").endswith("/hyperlink")]
    links = {one.get("Id", ""): one.get("Target", "") for one in kept}
    return Package(document, styles, numbering, footnotes, endnotes, links)


def _main_part(archive: zipfile.ZipFile, name: str) -> str:
    relations = _xml(archive, "_rels/.rels", name)
    for relation in [] if relations is None else relations:
        if isinstance(relation.tag, str) and relation.get("Type", "").endswith(OFFICE) and relation.get("TargetMode") != "External":
            return relation.get("Target", "").lstrip("/")
    return "word/document.xml"


def _bytes(archive: zipfile.ZipFile, part: str, name: str) -> bytes | None:
    try:
        with archive.open(part) as stream:
            data = stream.read(MOST + 1)
    except KeyError:
        return None
    if len(data) > MOST:
        raise FileTooLarge(f"{name} unpacks to over {MOST // MIB} MiB. Save the document again.")
    return data


def _xml(archive: zipfile.ZipFile, part: str, name: str) -> _Element | None:
    from lxml import etree

    data = _bytes(archive, part, name)
    if not data:
        return None
    safe = {"resolve_entities": False, "load_dtd": False, "no_network": True}
    parser = etree.XMLParser(**safe, huge_tree=True, recover=True, remove_comments=True, remove_pis=True)
    for strict, common in STRICT.items():
        data = data.replace(strict, common)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
    if root is not None and root.getroottree().docinfo.internalDTD is not None:
        raise DamagedFile(f"{name} declares a document type in {part}, which no Word file may. Do not open it; ask its sender for another copy.")
    return cast("_Element | None", root)
