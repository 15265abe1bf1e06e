"""The parts of a Word document that python-docx does not write: numbering, footnotes, fields, text boxes, columns."""

from html import escape

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.text.paragraph import Paragraph

from evals.structure.model import plain

LEVELS = 3
BULLETS = "•o▪"
FORMATS = {"1": "decimal", "a": "lowerLetter", "i": "lowerRoman", "I": "upperRoman", "A": "upperLetter"}
V = 'xmlns:v="urn:schemas-microsoft-com:vml"'


class Numbering:
    """Every list is a list of its own to Word, so that its numbers begin anew."""

    def __init__(self, word: WordDocument) -> None:
        self.root = word.part.numbering_part.element
        self.last = 100

    def begin(self, mark: str, depth: int) -> int:
        self.last += 1
        levels = "".join(_level(n, mark if n == depth else "-") for n in range(LEVELS))
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{self.last}"><w:multiLevelType w:val="hybridMultilevel"/>'
            f"{levels}</w:abstractNum>"
        )
        self.root.insert(0, abstract)  # Word wants every abstractNum in front of every num
        self.root.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{self.last}"><w:abstractNumId w:val="{self.last}"/></w:num>')
        )
        return self.last

    def apply(self, paragraph: Paragraph, number: int, depth: int) -> None:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = depth
        properties.get_or_add_numId().val = number


def _level(depth: int, mark: str) -> str:
    bare = mark.strip("().")
    kind, text = ("bullet", BULLETS[depth])
    if mark != "-":
        kind = FORMATS.get(bare, "decimal" if bare.isdigit() else "lowerLetter")
        text = mark.replace(bare, f"%{depth + 1}")
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
        f'<w:pPr><w:ind w:left="{360 * (depth + 1)}" w:hanging="280"/></w:pPr></w:lvl>'
    )


def add_footnotes(word: WordDocument, notes: list[str]) -> None:
    bodies = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {escape(plain(note))}</w:t></w:r></w:p></w:footnote>'
        for n, note in enumerate(notes, 1)
    )
    xml = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes {nsdecls("w")}>'
        + "".join(
            f'<w:footnote w:type="{kind}" w:id="{n}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
            for n, kind in ((-1, "separator"), (0, "continuationSeparator"))
        )
        + f"{bodies}</w:footnotes>"
    )
    name = PackURI("/word/footnotes.xml")
    part = Part(name, CONTENT_TYPE.WML_FOOTNOTES, xml.encode("utf-8"), word.part.package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def add_field(paragraph: Paragraph, name: str) -> None:
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


def text_box(inside: list[BaseOxmlElement]) -> BaseOxmlElement:
    """A run with a text box, into which the elements are moved."""
    run = parse_xml(
        f'<w:r {nsdecls("w")} {V}><w:pict><v:shape style="width:440pt;height:110pt" stroked="t" strokecolor="#444444" '
        'fillcolor="#f3f3f3"><v:textbox style="mso-fit-shape-to-text:t"><w:txbxContent/></v:textbox></v:shape>'
        "</w:pict></w:r>"
    )
    content = next(run.iter(qn("w:txbxContent")))
    for element in inside:
        content.append(element)
    return run


def set_columns(section: Section, count: int) -> None:
    columns = section._sectPr.find(qn("w:cols"))
    if columns is None:
        columns = parse_xml(f"<w:cols {nsdecls('w')}/>")
        section._sectPr.append(columns)
    columns.set(qn("w:num"), str(count))
    columns.set(qn("w:space"), "500")
