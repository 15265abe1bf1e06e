"""What is taken out of a Word document, or laid open, before it is read: revisions, hidden text, controls, text boxes, tables of contents."""

import re
from collections.abc import Iterable

from lxml.etree import _Element

from ingest.readers.docx.styles import W, Styles, is_on, style_of, value

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
OPENED = tuple(W + tag for tag in ("ins", "moveTo", "smartTag", "customXml", "dir", "bdo", "sdtContent", "sdt"))
PROPERTIES = ("sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr")
DROPPED = tuple(W + tag for tag in ("del", "moveFrom", "rt", "commentReference", "annotationRef", "drawing", "pict", "object", *PROPERTIES))
CONTENTS = re.compile(r"^(?:toc|contents|table of (?:figures|authorities)|(?:user |illustration |table |object )?index)(?: ?\d+| heading)?$")
CONTENTS_TITLE = re.compile(
    r"^(?:(?:table of )?contents|inhalt(?:sverzeichnis)?|sommaire|table des matières|[íi]ndice|contenido|inhoud(?:sopgave)?|目录|目次)$", re.IGNORECASE
)


def clean(part: _Element, styles: Styles) -> None:
    """Leave the words that a reader of the final text sees, in plain paragraphs and tables."""
    _cut(one for one in part.iter(W + "sdt") if "Table of Contents" in value(one.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")))
    _cut(one for one in part.iter(W + "sdt") if is_on(one.find(f"{W}sdtPr/{W}showingPlcHdr")))
    _cut(one for one in part.iter(W + "tr") if one.find(f"{W}trPr/{W}del") is not None)
    _choose(part)
    _lay_open_boxes(part)
    _cut(one for one in part.iter(*DROPPED) if not _is_mark(one))
    _cut(one for one in part.iter(W + "r") if is_on(one.find(f"{W}rPr/{W}vanish")))
    for element in list(part.iter(*OPENED)):
        if not _is_mark(element):
            _open(element)
    _cut_contents(part, styles)


def _is_mark(element: _Element) -> bool:
    """Whether an insertion or deletion is of a paragraph's or a row's mark, and holds no words."""
    above = element.getparent()
    return above is not None and above.tag in (W + "rPr", W + "trPr", W + "pPr", W + "numPr", W + "tcPr")


def _cut(elements: Iterable[_Element]) -> None:
    for element in list(elements):
        above = element.getparent()
        if above is not None:
            above.remove(element)


def _open(element: _Element) -> None:
    """Put an element's children in its place."""
    above = element.getparent()
    if above is not None:
        place = above.index(element)
        above[place : place + 1] = list(element)


def _choose(part: _Element) -> None:
    """Of two renderings of one drawing keep that which holds words."""
    for element in list(part.iter(MC + "AlternateContent")):
        kept = next((child for child in element if next(child.iter(W + "txbxContent"), None) is not None), None)
        kept = kept if kept is not None else next(iter(element), None)
        above = element.getparent()
        if above is not None:
            place = above.index(element)
            above[place : place + 1] = [] if kept is None else list(kept)


def _lay_open_boxes(part: _Element) -> None:
    """What a text box says follows the paragraph that it hangs on."""
    for box in reversed(list(part.iter(W + "txbxContent"))):
        holder = next((above for above in box.iterancestors(W + "p")), None)
        if holder is not None and holder.getparent() is not None:
            place = holder.getparent().index(holder) + 1
            holder.getparent()[place:place] = list(box)


def _cut_contents(part: _Element, styles: Styles) -> None:
    """Cut the entries of a table of contents, and the title right above them."""
    for paragraph in [one for one in part.iter(W + "p") if _is_contents(one, styles)]:
        before = paragraph.getprevious()
        if before is not None and CONTENTS_TITLE.match(words_in(before)):
            _cut([before])
        _cut([paragraph])


def _is_contents(paragraph: _Element, styles: Styles) -> bool:
    if any(CONTENTS.match(name) for name in styles.names(style_of(paragraph))):
        return True
    links = [one for one in paragraph.iter(W + "hyperlink") if one.get(W + "anchor", "").startswith("_Toc")]
    linked = sum(len(words_in(one)) for one in links)
    return bool(links) and linked > 0.8 * len(words_in(paragraph))


def words_in(element: _Element) -> str:
    """The words of a paragraph, a run or anything that holds them."""
    return "".join(one.text or "" for one in element.iter(W + "t")).strip()
