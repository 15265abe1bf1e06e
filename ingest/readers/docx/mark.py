"""Paragraphs of a Word document are marked with what they are, in bookmarks that mammoth carries into its HTML as anchors.

`guidance:h:2` is a heading of level 2, `guidance:i:1:(a)` an item at depth 1 labelled "(a)", `guidance:c` what continues an item.
"""

import re
from dataclasses import dataclass, field

from lxml.etree import SubElement, _Element

from ingest.readers.docx.clean import words_in
from ingest.readers.docx.headings import embolden, heading_levels, is_bold_line
from ingest.readers.docx.numbering import Numbered, Numbering, indent_in, style_indent
from ingest.readers.docx.styles import W, Styles, is_on, style_of, value, whole

PREFIX = "guidance:"
LIST_STYLE = re.compile(r"^list (?:bullet|number)(?: ([2-5]))?$")


@dataclass(slots=True)
class Lists:
    """The items that the next one may be below of, and the body or cell that they stand in."""

    open: list[tuple[Numbered, int]] = field(default_factory=list)
    holder: _Element | None = None

    def enter(self, holder: _Element | None) -> None:
        """Another cell begins its lists anew."""
        if holder is not self.holder:
            self.holder = holder
            self.open.clear()

    def depth(self, item: Numbered, rank: int) -> int:
        """How many open items a new one is below of; `rank` is what its style's name says, 0 if nothing."""
        while self.open and not _is_above(*self.open[-1], item, rank):
            self.open.pop()
        self.open.append((item, rank))
        return len(self.open) - 1


def _is_above(upper: Numbered, upper_rank: int, item: Numbered, rank: int) -> bool:
    if upper.abstract == item.abstract:
        return upper.level < item.level
    if upper_rank and rank:
        return upper_rank < rank
    return upper.indent + 60 < item.indent


def mark(part: _Element, styles: Styles, numbering: Numbering) -> None:
    """Mark every paragraph and every table of a part."""
    lists = Lists()
    paragraphs = [one for one in part.iter(W + "p") if words_in(one)]
    for paragraph in paragraphs:
        embolden(paragraph, styles)
    levels = heading_levels(paragraphs, styles)
    for paragraph in paragraphs:
        number = numbering.take(paragraph)
        lists.enter(paragraph.getparent())
        level = levels.get(paragraph, 0)
        if level:
            lists.open.clear()
        _mark(paragraph, f"h:{level}" if level else _kind(paragraph, styles, number, lists), number)
    for table in part.iter(W + "tbl"):
        _mark_header(table, styles)


def _kind(paragraph: _Element, styles: Styles, number: Numbered | None, lists: Lists) -> str:
    """The mark of a paragraph without its prefix; "p" is a paragraph that begins with its number, "" one that needs no mark."""
    if number is None:
        return "c" if _continues(paragraph, styles, lists) else ""
    if " " in number.label or (number.label != "-" and is_bold_line(paragraph)):
        lists.open.clear()
        return "p"
    names = styles.names(style_of(paragraph))
    rank = next((int(found[1] or 1) for name in names if (found := LIST_STYLE.match(name))), 0)
    return f"i:{lists.depth(number, rank)}:{number.label}"


def _continues(paragraph: _Element, styles: Styles, lists: Lists) -> bool:
    """Whether an unnumbered paragraph is set in as far as the words of the item before it."""
    own = indent_in(paragraph)
    indent = own if own is not None else style_indent(paragraph, styles) or 0
    while lists.open and indent < lists.open[-1][0].indent:
        lists.open.pop()
    if indent <= 0:
        lists.open.clear()
    return bool(lists.open)


def _mark(paragraph: _Element, kind: str, number: Numbered | None) -> None:
    """Put the mark, and the number of a heading, before a paragraph's words; its style and numbering are mammoth's no more."""
    properties = paragraph.find(W + "pPr")
    for tag in ("pStyle", "numPr"):
        for old in [] if properties is None else properties.findall(W + tag):
            properties.remove(old)
    place = 0 if properties is None else 1
    if number is not None and number.label != "-" and kind[0] in "hp":
        paragraph.insert(place, _run(paragraph, f"{number.label} ", bold=True))
    if kind and kind != "p":
        bookmark = paragraph.makeelement(W + "bookmarkStart")
        bookmark.set(W + "name", PREFIX + kind)
        paragraph.insert(place, bookmark)


def _run(paragraph: _Element, words: str, bold: bool) -> _Element:
    run = paragraph.makeelement(W + "r")
    if bold:
        SubElement(SubElement(run, W + "rPr"), W + "b")
    SubElement(run, W + "t").text = words
    return run


def _mark_header(table: _Element, styles: Styles) -> None:
    """Name the first row a header where its shading or the table's style sets it apart, and no row is named."""
    rows = [row for row in table.iterchildren(W + "tr")]
    for row in rows:
        _fill_before(row)
    if len(rows) > 1 and not any(is_on(row.find(f"{W}trPr/{W}tblHeader")) for row in rows) and (_is_shaded(rows) or _is_styled(table, styles)):
        properties = rows[0].find(W + "trPr")
        if properties is None:
            properties = rows[0].makeelement(W + "trPr")
            rows[0].insert(0, properties)
        SubElement(properties, W + "tblHeader")


def _fill_before(row: _Element) -> None:
    """A row that begins further in gets the empty cells that it skips."""
    skipped = row.find(f"{W}trPr/{W}gridBefore")
    first = row.find(W + "tc")
    if skipped is not None and first is not None:
        for _ in range(min(whole(skipped, 0), 50)):
            first.addprevious(row.makeelement(W + "tc"))


def _is_shaded(rows: list[_Element]) -> bool:
    return all(map(_fill, _cells(rows[0]))) and len(_cells(rows[0])) > 1 and not all(map(_fill, _cells(rows[1])))


def _cells(row: _Element) -> list[_Element]:
    return list(row.iterchildren(W + "tc"))


def _fill(cell: _Element) -> bool:
    shade = cell.find(f"{W}tcPr/{W}shd")
    return shade is not None and shade.get(W + "fill", "auto").lower() not in ("auto", "ffffff", "")


def _is_styled(table: _Element, styles: Styles) -> bool:
    """Whether the table asks for a header row and its style draws one."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    asked = look is not None and (look.get(W + "firstRow") in ("1", "true") or int(f"0{value(look)}", 16) & 0x20 > 0)
    drawn = any(one.get(W + "type") == "firstRow" for style in styles.chain(style_of(table, "tbl")) for one in style.iterchildren(W + "tblStylePr"))
    return asked and drawn
