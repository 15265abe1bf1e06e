"""Lists of HTML become items with the label and the depth that a reader sees."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml.etree import SubElement, _Element

from ingest.readers.blocks import Block, Heading, Item, Paragraph, Table
from ingest.readers.elements.words import HEADINGS, LISTS, NUMBER, bare, said

Reader = Callable[[_Element], list[Block]]

STYLES = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I"}
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"))
ROMAN += ((5, "v"), (4, "iv"), (1, "i"))


def items(element: _Element, read: Reader, depth: int = 0) -> Iterator[Block]:
    """The items of a list and of the lists in it. A list whose items hold headings is layout: its contents are told as they stand."""
    children = [child for child in element if isinstance(child.tag, str)]
    if depth == 0 and any(_is_layout(child) for child in children):
        for child in children:
            yield from read(child)
        return
    labels = _labels(element, children)
    for number, child in enumerate(children):
        if child.tag in LISTS:
            yield from items(child, read, depth + 1 if number else depth)
        else:
            yield from _item(child, read, (depth, labels[number], number > 0))


def _is_layout(element: _Element) -> bool:
    """Whether an item holds a heading and more words than that."""
    words = sum(len(bare("".join(heading.itertext())).split()) for heading in element.iter(*HEADINGS))
    return 0 < words < len("".join(element.itertext()).split())


def _item(element: _Element, read: Reader, place: tuple[int, str, bool]) -> Iterator[Block]:
    """One item and what is below it; `place` is its depth, its label, and whether an item stands before it. Words behind a list in it are its own."""
    depth, label, follows = place
    lists = [one for one in element.iter(*LISTS) if not any(above.tag in LISTS or above.tag == "table" for above in _between(one, element))]
    for one in lists:
        _take(one)
    own = read(element)
    words = " ".join(block.text for block in own if isinstance(block, Paragraph | Heading))
    if words:
        yield Item(words, depth, label)
    below = depth + 1 if words or follows else depth
    for block in own:
        if isinstance(block, Item):
            yield replace(block, depth=below + block.depth)
        elif isinstance(block, Table):
            yield block
    for one in lists:
        yield from items(one, read, below)


def _between(element: _Element, top: _Element) -> Iterator[_Element]:
    for above in element.iterancestors():
        if above is top:
            return
        yield above


def _take(element: _Element) -> None:
    """Take a list out of its item; a line break keeps apart what stood around it."""
    above = element.getparent()
    if above is not None:
        gap = SubElement(above, "br")
        gap.tail, element.tail = element.tail, None
        above.replace(element, gap)


def _labels(element: _Element, children: list[_Element]) -> list[str]:
    """What stands before each item: typed numbers are taken out of the words, others are counted as a browser does."""
    typed = [_typed_apart(child) for child in children]
    if any(typed):
        return [label or "-" for label in typed]
    if len(children) > 1 and all(re.match(rf"(?:{NUMBER})\s+\S", said_first(child)) for child in children):
        return [_cut_number(child) for child in children]
    return _counted(element, children) if element.tag == "ol" else ["-"] * len(children)


def _typed_apart(element: _Element) -> str:
    """The number that begins an item in an element of its own, taken out of it; else nothing."""
    first = element[0] if len(element) and not (element.text or "").strip() else None
    if first is None or first.tag not in ("span", "b", "strong", "em", "i", "font") or not re.fullmatch(NUMBER, bare(said(first))):
        return ""
    label = bare(said(first))
    for inside in list(first):
        first.remove(inside)
    first.text = None
    return label


def said_first(element: _Element) -> str:
    """The text before an item's first element, in that element if there is none."""
    first = (element.text or "").strip()
    return first or (said_first(element[0]) if len(element) and isinstance(element[0].tag, str) and element[0].tag not in LISTS else "")


def _cut_number(element: _Element) -> str:
    while not (element.text or "").strip():
        element = element[0]
    label, element.text = element.text.strip().split(None, 1)
    return label


def _counted(element: _Element, children: list[_Element]) -> list[str]:
    numbered = [child for child in children if child.tag == "li"]
    step = -1 if element.get("reversed") is not None else 1
    number = _whole(element.get("start"), len(numbered) if step < 0 else 1)
    labels = []
    for child in children:
        number = _whole(child.get("value"), number)
        labels.append(f"{printed(number, child.get('type') or _numbering(element))}." if child.tag == "li" else "-")
        number += step if child.tag == "li" else 0
    return labels


def _numbering(element: _Element) -> str:
    style = re.search(r"list-style(?:-type)?:[^;]*?((?:lower|upper)-(?:alpha|latin|roman))", element.get("style", ""))
    return STYLES[style[1]] if style else element.get("type", "1")


def _whole(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"\s*-?\d{1,6}\s*", value) else default


def printed(number: int, kind: str) -> str:
    """A number as an ordered list of type 1, a, A, i or I prints it."""
    if number < 1 or kind.lower() not in ("a", "i"):
        return str(number)
    text = _roman(number) if kind.lower() == "i" else _letters(number)
    return text.upper() if kind.isupper() else text


def _roman(number: int) -> str:
    text = ""
    for value, sign in ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(97 + rest) + text
    return text


def definitions(element: _Element, read: Reader) -> Iterator[Block]:
    """A term and its one meaning are an item; several meanings are items below their term."""
    terms: list[str] = []
    meanings: list[Block] = []
    for child in [*element.xpath("./dt|./dd|./div/dt|./div/dd"), None]:
        if child is None or (child.tag == "dt" and meanings):
            yield from _defined(", ".join(terms), meanings)
            terms, meanings = [], []
        if child is not None and child.tag == "dt":
            terms.append(" ".join(block.text for block in read(child) if not isinstance(block, Table)))
        elif child is not None:
            meanings += read(child)


def _defined(term: str, meanings: list[Block]) -> Iterator[Block]:
    colon = "" if not term or term[-1] in ":?.!؟：" else ":"
    if len(meanings) == 1 and isinstance(meanings[0], Paragraph):
        yield Item(f"{term}{colon} {meanings[0].text}".strip())
        return
    if term:
        yield Item(term + (colon if meanings else ""))
    for block in meanings:
        if isinstance(block, Paragraph | Heading):
            yield Item(block.text, 1 if term else 0)
        elif isinstance(block, Item):
            yield replace(block, depth=block.depth + 1)
        else:
            yield block
