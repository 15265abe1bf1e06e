"""Footnotes of HTML: what calls one becomes `[^1]`, and the note is taken out of the tree, to be told below the block that calls it.

Known by what they do rather than by one site's names: a short raised or bracketed mark that links to a place further on (Word,
WordPress, wikis, Pandoc, mammoth, EPUB), or a raised mark that a later paragraph begins with.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from ingest.readers.elements.words import BLOCKS, HEADINGS, bare, said

CALLED = re.compile(r"\[\^(\w+)\]")
MARK = re.compile(r"^[\[(]?(\d{1,3}|[a-zA-Z]|[ivxlc]{1,5}|[*†‡§¶#]{1,3})[\])]?$")
TITLES = re.compile(
    r"^(?:references|(?:foot|end)?notes|(?:fuß|end)noten|anmerkungen|einzelnachweise|notes de (?:bas de page|fin)|"
    r"notas(?: al pie| de rodapé)?|note|riferimenti)$",
    re.IGNORECASE,
)
BRACKETED = re.compile(r"\[(\d{1,2})\](?=\s*\S)")
BRACKETED_WITHIN = re.compile(r"\[\d{1,2}\]")
NAMED = re.compile(r"foot-?note|end-?note|note-?ref|\bfn|\bftn|_ftn|_edn|cite_note|\breference\b|doc-noteref|\beasy-footnote", re.IGNORECASE)
BACK = re.compile(r"^[\s↩↵⏎↑^⤴⬆←\ufe0e\ufe0f\[\]()]*$|^(?:back|return|jump up|up|zurück|retour|volver)\b.{0,30}$", re.IGNORECASE)


@dataclass(slots=True)
class Taken:
    """The notes found so far by their mark, and the mark that each target of a link got."""

    notes: dict[str, str] = field(default_factory=dict)
    marks: dict[_Element, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    last: int = 1

    def mark_for(self, target: _Element, printed: str) -> str:
        """The mark of a note; a printed one that is taken or no word gives way to the next free number."""
        if target not in self.marks:
            mark = printed if printed.isalnum() else "1"
            while mark in self.used:
                self.last += 1
                mark = str(self.last)
            self.used.add(mark)
            self.marks[target] = mark
        return self.marks[target]


def marks_in(text: str) -> list[str]:
    """The marks of the notes that a text calls."""
    return CALLED.findall(text)


def take_notes(root: _Element) -> dict[str, str]:
    """The notes by their mark, taken out of the tree; their calls are rewritten in it."""
    taken = Taken()
    places = {element.get(name): element for element in root.iter() for name in ("name", "id") if isinstance(element.tag, str) and element.get(name)}
    order = {element: n for n, element in enumerate(root.iter())}
    for link in list(root.iter("a")):
        target = _target(link, places, order)
        if target is not None and (found := MARK.match(bare(said(link)))):
            _call(_raised(link), taken.mark_for(target, found[1]))
    _take_raised(root, order, taken)
    _take_bracketed(root, taken)
    for target, mark in taken.marks.items():
        taken.notes[mark] = _note(target)
    _drop_titles(root)
    return {mark: text for mark, text in taken.notes.items() if text}


def _drop_titles(root: _Element) -> None:
    """Drop the headings that stood above the notes and now stand above nothing."""
    for heading in [one for one in root.iter(*HEADINGS) if TITLES.match(bare(said(one)))]:
        below = next((one for one in heading.itersiblings() if "".join(one.itertext()).strip()), None)
        if below is None or below.tag in HEADINGS:
            _drop(heading)


def _take_bracketed(root: _Element, taken: Taken) -> None:
    """Notes by plain text alone: a late paragraph that begins with "[1]", called by the same mark in words before it."""
    callers: dict[str, list[_Element]] = {}
    for element in list(root.iter()):
        may_be = element.tag in ("p", "li", "small", "div") and not any(child.tag in BLOCKS or child.tag == "small" for child in element)
        found = BRACKETED.match(bare(said(element))) if may_be else None
        if found and found[0] in callers:
            mark = taken.mark_for(_widest(element), found[1])
            for one in callers.pop(found[0]):
                one.text, one.tail = (text.replace(found[0], f"[^{mark}]") if text else text for text in (one.text, one.tail))
        else:
            for called in BRACKETED_WITHIN.findall(f"{element.text} {element.tail}"):
                callers.setdefault(called, []).append(element)


def _target(link: _Element, places: dict[str, _Element], order: dict[_Element, int]) -> _Element | None:
    """The element that holds the note which a link calls, if it does."""
    href = link.get("href", "")
    place = places.get(href[1:]) if href.startswith("#") and len(href) > 1 else None
    if place is None or order[place] <= order[link] or not _looks_like_call(link):
        return None
    holder = _holder(place)
    return holder if holder is not None and holder not in set(link.iterancestors()) else None


def _looks_like_call(link: _Element) -> bool:
    words = bare(said(link))
    raised = link.find(".//sup") is not None or any(above.tag == "sup" for above in link.iterancestors())
    around = [element for element in (link, link.getparent()) if element is not None]
    named = any(NAMED.search(element.get(name, "")) for element in around for name in ("class", "role", "href", "id", "epub:type"))
    return bool(MARK.match(words)) and (raised or named or words[0] in "[(")


def _holder(place: _Element) -> _Element | None:
    """The block that a link's target begins: the list item or paragraph around an anchor, the element itself otherwise."""
    for element in (place, *place.iterancestors()):
        if element.tag in HEADINGS or element.tag in ("body", "main", "article", "section", "table"):
            return None
        if element.tag in BLOCKS:
            return _widest(element)
    return None


def _widest(element: _Element) -> _Element:
    """The item or division around a paragraph that is all it holds, its later paragraphs included."""
    above = element.getparent()
    if above is None:
        return element
    is_note = (element.tag == "p" and above.tag in ("li", "dd", "aside")) or (above.tag == "div" and NAMED.search(above.get("id", "")))
    return above if is_note else element


def _take_raised(root: _Element, order: dict[_Element, int], taken: Taken) -> None:
    """Notes without links: a later paragraph that begins with the same raised mark."""
    beginnings: dict[str, list[_Element]] = {}
    raised = list(root.iter("sup"))
    for one in raised:
        if _begins(one):
            beginnings.setdefault(bare(said(one)), []).append(one)
    for one in raised:
        words = bare(said(one))
        if words in beginnings and MARK.match(words) and not _begins(one):
            after = bisect_right(beginnings[words], order.get(one, 0), key=lambda other: order[other])
            holder = _holder(beginnings[words][after]) if after < len(beginnings[words]) else None
            if holder is not None:
                _call(one, taken.mark_for(holder, words.strip("[]()")))


def _begins(raised: _Element) -> bool:
    """Whether a raised mark is the first thing its paragraph says."""
    above = raised.getparent()
    if above is None or above.tag not in ("p", "li", "div", "dd") or above[0] is not raised:
        return False
    return not (above.text or "").strip() and bool((raised.tail or "").strip())


def _raised(link: _Element) -> _Element:
    """The <sup> around a link when it holds nothing else, and brackets set around it."""
    above = link.getparent()
    while above is not None and above.tag in ("sup", "span") and bare(said(above)).strip("[]() ") == bare(said(link)).strip("[]() "):
        link, above = above, above.getparent()
    return link


def _call(element: _Element, mark: str) -> None:
    """Put `[^mark]` in the place of an element."""
    tail, element_text = element.tail, f"[^{mark}]"
    for child in list(element):
        element.remove(child)
    element.tag, element.text, element.tail = "span", element_text, tail


def _note(holder: _Element) -> str:
    """The words of a note without its own mark and the links back; it is taken out of the tree."""
    for link in list(holder.iter("a")):
        words = bare(said(link))
        if BACK.match(words) or (link.get("href", "").startswith("#") and MARK.match(words)):
            _drop(_raised(link))
    for raised in [one for one in holder.iter("sup") if _begins(one) and MARK.match(bare(said(one)))]:
        _drop(raised)
    text = bare(" ".join(_pieces(holder)))
    _drop(holder)
    return re.sub(r"^(?:\[\w{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)]|[*†‡])\s+|^\^\s*", "", text)


def _pieces(element: _Element) -> Iterable[str]:
    blocks = [child for child in element if child.tag in BLOCKS]
    return [said(element)] if not blocks else _spread(element)


def _spread(element: _Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield from _pieces(child) if child.tag in BLOCKS else (said(child),) if isinstance(child.tag, str) else ()
        yield child.tail or ""


def _drop(element: _Element) -> None:
    """Take an element out; the text behind it stays, and a list left empty says nothing."""
    above = element.getparent()
    if above is None:
        return
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            above.text = (above.text or "") + element.tail
    above.remove(element)
