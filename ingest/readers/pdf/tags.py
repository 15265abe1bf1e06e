"""The structure tree of a tagged PDF, read with pypdf: what each piece of marked content is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

DEEPEST = 200
MOST_NODES = 400_000
INLINE = frozenset("Span NonStruct Link Reference Quote Em Strong Code Sub Private Ruby Warichu Annot BibEntry".split())
NOTES = frozenset(("Note", "FENote", "Footnote", "Endnote"))
CONTENT = "#"
HEADING = re.compile(r"H([1-6])$|Title$|H$")


@dataclass(frozen=True, slots=True)
class Node:
    """An element by its standard name, or a piece of marked content (`kind` "#") by its page, from 0, and its id there.

    `columns` and `rows` are what a table cell covers.
    """

    kind: str
    kids: tuple["Node", ...] = ()
    page: int = -1
    content: int = -1
    columns: int = 1
    rows: int = 1

    def walk(self) -> Iterator["Node"]:
        """The node and all below it, in order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.kids))


@dataclass(slots=True)
class _Reading:
    """What is needed on the way down: the numbers of pages by object number, the document's own names, what is left to read."""

    pages: dict[int, int]
    roles: dict[str, str]
    left: int = MOST_NODES


def tree_of(reader: Any) -> Node | None:
    """The tree of a pypdf reader's document; None where there is none or it is too large or broken to use."""
    root = reader.trailer["/Root"].get("/StructTreeRoot")
    root = root.get_object() if root is not None else None
    if not hasattr(root, "get") or "/K" not in root:
        return None
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages) if page.indirect_reference}
    roles = root.get("/RoleMap")
    roles = roles.get_object() if roles is not None else {}
    named = {str(name)[1:]: str(role)[1:] for name, role in roles.items()}
    reading = _Reading(pages, named)
    kids = tuple(_kids(root, reading, -1, 0))
    return Node("Document", kids) if reading.left > 0 else None


def _kids(element: Any, reading: _Reading, page: int, depth: int) -> Iterator[Node]:
    inside = element.get("/K")
    if inside is None or depth > DEEPEST:
        return
    for kid in inside if isinstance(inside, list) else [inside]:
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        reading.left -= 1
        if reading.left < 0:
            return
        if isinstance(kid, int):
            yield Node(CONTENT, page=page, content=int(kid))
        elif hasattr(kid, "get"):
            yield from _element(kid, reading, page, depth)


def _element(kid: Any, reading: _Reading, page: int, depth: int) -> Iterator[Node]:
    page = _page(kid, reading, page)
    if "/MCID" in kid:
        yield Node(CONTENT, page=page, content=int(kid["/MCID"]))
    elif "/S" in kid:
        columns, rows = _covers(kid)
        kind = _standard(str(kid["/S"])[1:], reading.roles)
        yield Node(kind, tuple(_kids(kid, reading, page, depth + 1)), columns=columns, rows=rows)


def _page(element: Any, reading: _Reading, page: int) -> int:
    if "/Pg" not in element:
        return page
    return reading.pages.get(getattr(element.raw_get("/Pg"), "idnum", -1), page)


def _standard(name: str, roles: dict[str, str]) -> str:
    for _ in range(5):
        if name not in roles or roles[name] == name:
            break
        name = roles[name]
    return name


def _covers(element: Any) -> tuple[int, int]:
    """Columns and rows of a cell, from its attributes."""
    if "/A" not in element:
        return 1, 1
    attributes = element["/A"]
    found = {"/ColSpan": 1, "/RowSpan": 1}
    for one in attributes if isinstance(attributes, list) else [attributes]:
        one = one.get_object() if hasattr(one, "get_object") else one
        for name in found:
            value = one.get(name) if hasattr(one, "get") else None
            if isinstance(value, int) and 1 <= value <= 500:
                found[name] = int(value)
    return found["/ColSpan"], found["/RowSpan"]


def is_inline(node: Node) -> bool:
    """Whether an element is part of a line: content, or a span without blocks in it."""
    return node.kind == CONTENT or node.kind in INLINE and not holds_blocks(node)


def holds_blocks(node: Node, labelled: bool = False) -> bool:
    """Whether anything below is a block of its own: a list or table inside a paragraph, a paragraph inside a div.

    With `labelled`, a label is none: the number of a heading.
    """
    below = node.walk()
    next(below)
    within = INLINE | NOTES | {CONTENT, "Figure"} | ({"Lbl"} if labelled else frozenset())
    return any(kid.kind not in within for kid in below)


def headed(item: Node) -> Node | None:
    """The heading that is all of an item, as where numbered headings make a list; its label stands in it."""
    labels = tuple(kid for kid in item.kids if kid.kind == "Lbl")
    bodies = [kid for kid in item.kids if kid.kind != "Lbl"]
    inside = bodies[0].kids if len(bodies) == 1 and bodies[0].kind == "LBody" else bodies
    if len(inside) != 1 or not HEADING.match(inside[0].kind):
        return None
    return replace(inside[0], kids=labels + inside[0].kids)


def parts_of(node: Node, through: tuple[str, ...] = ()) -> Iterator[Node]:
    """The parts of an item or cell: content, and lists, tables and items where they begin; labels left out."""
    for kid in node.kids:
        if kid.kind == "Lbl":
            continue
        if kid.kind == CONTENT or kid.kind in ("Table", "LI", *NOTES) or kid.kind == "L" and "L" not in through:
            yield kid
        else:
            yield from parts_of(kid, through)
