"""The words inside a paragraph of HTML: what is said, without marks of emphasis, with a line break for each <br>."""

import re
from collections.abc import Iterator

from lxml.etree import _Element

from ingest.readers.blocks import Block, Heading, Item, Paragraph
from ingest.readers.heading_words import can_head

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup hr html legend li main menu nav ol p pre search section summary table tbody td tfoot th thead tr ul".split()
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LISTS = frozenset(("ul", "ol", "menu", "dir"))
UNSAID = frozenset(
    "audio canvas del head iframe input map math noscript object option picture rp rt script select style svg template textarea video".split()
)
BOLD, PLAIN = "\x02", "\x03"  # around bold words, until the paragraph's kind is known
NUMBER = r"\((?:\d{1,3}|[a-zA-Z]|[ivxlcIVXLC]{1,6})\)|(?:\d{1,3}\.)*\d{1,3}[.)]|\d{1,3}(?:\.\d{1,3})+|(?:[a-zA-Z]|[ivxlcIVXLC]{1,6})[.)]"
FAUX = 0  # the level of a heading that only looks like one, until its place is known
LONGEST_HEADING = 14  # words

_BOLD_STYLE = re.compile(r"font-weight:\s*(?:bold|[6-9]00)")
_BULLET = re.compile(r"^[•‣▪◦●■□➢➤✓✔∙·⁃\uf0b7\uf0a7]\s*")
_DASH = re.compile(r"^[-–—*]\s+")
_NUMBER = re.compile(rf"^(?:{NUMBER})\s+(?=\S)")
_BOLD_RUN = re.compile(f"{BOLD}[^{BOLD}{PLAIN}]*{PLAIN}")


def said(element: _Element, bold: bool = False) -> str:
    """All the words of an element that holds no blocks."""
    return "".join(said_in(element, bold))


def said_in(element: _Element, bold: bool = False) -> Iterator[str]:
    """The words of an element piece by piece, its children's included."""
    yield spaced(element.text)
    for child in element:
        yield child_said(child, bold)
        yield spaced(child.tail)


def child_said(child: _Element, bold: bool = False) -> str:
    """What an inline element says, without the text behind it."""
    if not isinstance(child.tag, str) or child.tag in UNSAID:
        return ""
    if child.tag == "br":
        return "\n"
    if child.tag == "button" and not any(above.tag in HEADINGS for above in child.iterancestors()):
        return ""
    if child.tag == "q":
        return f"“{said(child, bold)}”"
    if is_bold(child) and not bold:
        return f"{BOLD}{said(child, True)}{PLAIN}"
    return _addressed(child, said(child, bold))


def is_bold(element: _Element) -> bool:
    """Whether the element sets its words in bold."""
    return element.tag in ("b", "strong") or bool(_BOLD_STYLE.search(element.get("style", "")))


def spaced(text: str | None) -> str:
    """Text as it is laid out: white space is one space; control characters and invisible hyphens are nothing."""
    return re.sub(r"\s+", " ", re.sub("[\x00-\x08\x0e-\x1b\xad\u200b\ufeff]", "", text or ""))


def _addressed(element: _Element, words: str) -> str:
    """A link's words, with the mail address behind them where they do not say it."""
    href = element.get("href", "") if element.tag == "a" else ""
    address = re.match(r"mailto:([^?\s]+@[^?\s]+)", href.strip(), re.IGNORECASE)
    return f"{words} ({address[1]})" if address and words.strip() and address[1].lower() not in words.lower() else words


def bare(text: str) -> str:
    """Words on one line, the marks of bold removed."""
    return " ".join(text.replace(BOLD, "").replace(PLAIN, "").split())


def paragraphs(text: str, depth: int = 0) -> Iterator[Block]:
    """The blocks that a stretch of inline words makes: paragraphs, typed bullets, headings that only look like one."""
    for stretch in re.split(r"\n[ \u00a0]*\n\s*", text):
        lines = [line for line in stretch.split("\n") if bare(line)]
        if len(lines) > 1 and faux_heading(lines[0]) and not all(map(_is_all_bold, lines)):
            yield Heading(FAUX, bare(lines.pop(0)))
        yield from _bulleted(lines, depth) or _plain(lines)


def _bulleted(lines: list[str], depth: int) -> list[Block]:
    """Items where the lines carry typed bullets, else nothing."""
    words = [bare(line) for line in lines]
    mark = next((mark for mark, least in ((_BULLET, 1), (_DASH, 2), (_NUMBER, 2)) if sum(map(bool, map(mark.match, words))) >= least), None)
    if mark is None:
        return []
    found: list[Block] = []
    for line in words:
        if start := mark.match(line):
            found.append(Item(line[start.end() :], depth, start[0].strip() if mark is _NUMBER else "-"))
        elif found and isinstance(found[-1], Item):
            found[-1] = Item(f"{found[-1].text} {line}", depth)
        else:
            found.append(Paragraph(line))
    return found


def _plain(lines: list[str]) -> Iterator[Block]:
    words = bare(" ".join(lines))
    if words:
        yield Heading(FAUX, words) if faux_heading(" ".join(lines)) else Paragraph(words)


def faux_heading(text: str) -> bool:
    """Whether bold words alone on their line read as a heading: short, and no sentence."""
    words = bare(text)
    short = _is_all_bold(text) and len(words.split()) <= LONGEST_HEADING and any(map(str.isalpha, words))
    return short and words[-1] not in ".,;:!؛،。：；" and can_head(words)


def _is_all_bold(text: str) -> bool:
    return BOLD in text and not _BOLD_RUN.sub("", text).strip()
