"""A Word file becomes the text of its body.

mammoth turns runs, fields, links, merged cells and notes into HTML, which takes the way of every page (`elements`). What it does not know
is prepared for it: revisions and text boxes (`clean`), numbers as printed, heading levels and list depths (`mark`).
"""

import zipfile
from io import BytesIO
from pathlib import Path

from lxml.etree import SubElement, _Element

from ingest.errors import DamagedFile, EmptyFile
from ingest.readers.blocks import Extract, extract_of
from ingest.readers.docx.clean import clean, words_in
from ingest.readers.docx.mark import PREFIX, mark
from ingest.readers.docx.numbering import Numbering
from ingest.readers.docx.package import Package, open_package
from ingest.readers.docx.styles import W, Styles
from ingest.readers.elements import blocks_of
from ingest.readers.html.parse import parse

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ID = f"{{{RELATION}}}id"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DEEPEST = 6


def read_docx(path: Path, name: str) -> Extract:
    """The body of a Word file with its notes, without comments, headers and footers.

    Raises EncryptedFile, UnknownType (an old .doc), FileTooLarge (a bomb), DamagedFile or EmptyFile.
    """
    package = open_package(path.read_bytes(), name)
    try:
        prepare(package)
        root = parse(f"<body>{_html(package)}</body>")
        body = None if root is None else root.find("body")
        if body is None:
            raise EmptyFile(f"{name} holds no text. Replace it with the document.")
        _unmark(body)
        extract = extract_of(blocks_of(body))
    except RecursionError as exc:
        raise DamagedFile(f"{name} nests its tables too deeply to be read. Save its text in a simpler layout.") from exc
    if not any(map(str.isalnum, extract.text)):
        raise EmptyFile(f"{name} holds no text. Replace it with the document; if its pages are pictures, run text recognition (OCR) first.")
    return extract


def prepare(package: Package) -> None:
    """Clean and mark the parts in place."""
    styles = Styles.from_part(package.styles)
    numbering = Numbering.from_part(package.numbering, styles)
    for part in (package.document, package.footnotes, package.endnotes):
        if part is not None:
            clean(part, styles)
            mark(part, styles, numbering)
            _keep_addresses(part, package.links if part is package.document else {})


def _keep_addresses(part: _Element, links: dict[str, str]) -> None:
    """Of all links keep those that are mail addresses; mammoth refuses one whose target is not told."""
    for link in part.iter(W + "hyperlink"):
        if not links.get(link.get(ID, ""), "").lower().startswith("mailto:"):
            link.attrib.pop(ID, None)


def _html(package: Package) -> str:
    """What mammoth makes of the prepared parts; the bare words where it fails."""
    import mammoth

    try:
        converted = mammoth.convert_to_html(
            BytesIO(_repacked(package)),
            include_default_style_map=False,
            include_embedded_style_map=False,
            convert_image=lambda image: [],
            external_file_access=False,
        )
    except RecursionError:
        raise
    except Exception:  # mammoth trusts its input: a broken file makes it raise almost any built-in error
        return _words_alone(package.document)
    return str(converted.value)


def _words_alone(document: _Element) -> str:
    """Paragraph after paragraph, with the marks of headings and items but without tables and notes."""
    from html import escape

    said = []
    for one in document.iter(W + "p"):
        marks = "".join(f'<a id="{escape(mark.get(W + "name", ""))}"></a>' for mark in one.iter(W + "bookmarkStart"))
        said.append(f"<p>{marks}{escape(words_in(one))}</p>")
    return "".join(said)


def _repacked(package: Package) -> bytes:
    """A new, small file of the prepared parts alone: no pictures, no comments, no relation that leads outside but links."""
    from lxml import etree

    parts = {"document": package.document, "footnotes": package.footnotes, "endnotes": package.endnotes}
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        archive.writestr("_rels/.rels", _relations([("d", "officeDocument", "word/document.xml")]))
        notes = [(part, part, f"{part}.xml") for part, element in parts.items() if element is not None and part != "document"]
        addresses = [(key, "hyperlink", target) for key, target in package.links.items() if target.lower().startswith("mailto:")]
        archive.writestr("word/_rels/document.xml.rels", _relations(notes + addresses))
        for part, element in parts.items():
            if element is not None:
                archive.writestr(f"word/{part}.xml", etree.tostring(element, encoding="utf-8", xml_declaration=True))
    return buffer.getvalue()


def _relations(rows: list[tuple[str, str, str]]) -> str:
    from xml.sax.saxutils import quoteattr

    relations = "".join(f'<Relationship Id={quoteattr(key)} Type="{RELATION}/{kind}" Target={quoteattr(target)}/>' for key, kind, target in rows)
    return f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>'


def _unmark(body: _Element) -> None:
    """Turn the marks into what they say of their paragraphs."""
    for anchor in list(body.iter("a")):
        if anchor.get("id", "").startswith(PREFIX):
            _apply(anchor, anchor.get("id", "").removeprefix(PREFIX).split(":", 2))


def _apply(anchor: _Element, said: list[str]) -> None:
    paragraph = next(anchor.iterancestors("p"), None)
    if paragraph is None:
        return
    if said[0] == "h":
        paragraph.tag = f"h{min(int(said[1]), DEEPEST)}"
    elif said[0] == "i":
        paragraph.set("data-item", said[1])
        paragraph.set("data-label", said[2])
    else:
        _continue(paragraph)


def _continue(paragraph: _Element) -> None:
    """Hand a paragraph's words to the item before it."""
    before = paragraph.getprevious()
    if before is None or before.get("data-item") is None:
        return
    gap = SubElement(before, "br")
    gap.tail = paragraph.text
    before.extend(list(paragraph))
    paragraph.getparent().remove(paragraph)
