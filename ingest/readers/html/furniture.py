"""What a page puts around its article: menus, cookie bars, share links, comment forms, hidden parts. All of it is cut from the tree.

Each rule reads roles, element names, class names and links, never the names of one site; whatever holds much of the page's words stays,
for an article about cookies may well have `class="cookies"`.
"""

import re
from collections.abc import Iterator

from lxml.etree import _Element

from ingest.readers.elements.words import HEADINGS, LISTS
from ingest.readers.html.names import CLASSES, CONCEALED, DOUBTFUL, HIDDEN, MORE, NETWORKS, NEVER, RELATED, ROLES

LARGE = 0.3  # of the page's words: no furniture is so large
FEW = 16  # words


def words_of(element: _Element) -> list[str]:
    """All the words in an element, hidden ones included."""
    return " ".join(element.itertext()).split()


def cut(element: _Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    above, tail = element.getparent(), element.tail
    if above is None:
        return
    before = element.getprevious()
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        above.text = (above.text or "") + tail
    above.remove(element)


def cut_unseen(root: _Element) -> None:
    """Cut what a browser does not show and what no article is made of."""
    for element in list(root.iter(*NEVER)):
        cut(element)
    panels = {name for opener in root.iter("*") for name in opener.get("aria-controls", "").split()}
    for element in list(root.iter("*")):
        if element.getparent() is not None and _is_hidden(element) and not (element.get("id") in panels and _says_much(element)):
            cut(element)


def _says_much(element: _Element) -> bool:
    """Whether what a button opens is text, as behind a question, and no menu."""
    return len(words_of(element)) >= FEW // 2 and linked_share(element) < LARGE


def _is_hidden(element: _Element) -> bool:
    if element.tag in ("body", "html", "br"):
        return False
    if element.get("hidden", "until-found") != "until-found" or HIDDEN.search(element.get("style", "")):
        return True
    return element.get("aria-hidden") == "true" and not _says_much(element)


def cut_furniture(root: _Element) -> None:
    """Cut menus, bars, share links and forms."""
    total = max(1, len(words_of(root)))
    for element in list(root.iter("*")):
        if element.getparent() is not None and _is_furniture(element) and _is_small(element, total):
            cut(element)
    for link in list(root.iter("a")):
        if link.get("href", "").startswith("#") and link.getparent() is not None and _alone_in(link):
            cut(link.getparent())
    for element in [*root.iter(*LISTS), *root.iter("div", "p", "section", "aside")]:
        if _is_share(element) or _is_contents(element):
            _cut_with_label(element)


def _alone_in(link: _Element) -> bool:
    """Whether a link to a place on the page is all that its paragraph says, as in "Back to top"."""
    above = link.getparent()
    return above.tag in ("p", "div") and words_of(above) == words_of(link) and len(words_of(link)) < FEW


def _is_small(element: _Element, total: int) -> bool:
    acts = element.find(".//button") is not None or element.find(".//input") is not None
    return len(words_of(element)) < LARGE * total or (acts and element.find(".//h1") is None and element.tag != "form")


def _is_furniture(element: _Element) -> bool:
    if element.tag in ("html", "body", "main", "article", "a", *HEADINGS):
        return element.tag == "a" and bool(re.search(r"skip|visually-?hidden", element.get("class", ""), re.IGNORECASE))
    if element.get("role") in ROLES or _only_asks(element):
        return True
    if CONCEALED.search(element.get("class", "")) and len(words_of(element)) < FEW:
        return True
    if element.tag in ("header", "footer"):
        return not any(above.tag in ("article", "main", "section", "blockquote") for above in element.iterancestors())
    if element.tag == "form":
        return True
    named = element.get("id", "") if element.tag in ("td", "table") else f"{element.get('class', '')} {element.get('id', '')}"
    spared = element.tag in ("li", "th", "tr", "sup") or (element.tag == "p" and linked_share(element) <= LARGE)
    return not spared and bool(CLASSES.search(named) or (DOUBTFUL.search(named) and _is_aside(element)))


def _is_aside(element: _Element) -> bool:
    """Whether an element stands outside the article, or in it says little but links, questions and labels."""
    inside = any(above.tag in ("main", "article") or above.get("role") == "main" for above in element.iterancestors())
    asks = any(next(element.iter(tag), None) is not None for tag in ("form", "input", "button"))
    return not inside or asks or linked_share(element) > LARGE or len(words_of(element)) < FEW


def _only_asks(element: _Element) -> bool:
    """Whether an element is a short question with buttons to answer it."""
    if element.tag not in ("div", "section", "fieldset"):
        return False
    buttons = [one for one in element.iter("button") if not any(above.tag in HEADINGS for above in one.iterancestors())]
    asked = len(words_of(element)) - sum(len(words_of(one)) for one in buttons)
    return bool(buttons) and asked < FEW


def linked_share(element: _Element) -> float:
    """The share of an element's words that are links, signs between them not counted; 0 where it has no words."""
    words = _count(element)
    return sum(map(_count, element.iter("a"))) / words if words else 0.0


def _count(element: _Element) -> int:
    return sum(any(map(str.isalnum, word)) for word in words_of(element))


def _links(element: _Element) -> list[_Element]:
    return [link for link in element.iter("a") if words_of(link)]


def _is_share(element: _Element) -> bool:
    """A few links, all of them to networks or named after them."""
    links = _links(element)
    return 1 < len(links) <= 12 and len(words_of(element)) <= 5 * len(links) + 6 and all(NETWORKS.match(" ".join(words_of(link))) for link in links)


def _is_contents(element: _Element) -> bool:
    """A list of links to places on the same page, each saying nothing else: its words are said again as headings."""
    links = _links(element) if element.tag in LISTS else []
    return len(links) > 2 and linked_share(element) > 0.95 and all(link.get("href", "").startswith("#") for link in links)


def _cut_with_label(element: _Element) -> None:
    """Cut a list together with the short heading or label above it."""
    before = element.getprevious()
    if element.getparent() is None:
        return
    if before is not None and not (before.tail or "").strip() and _is_label(before):
        cut(before)
    cut(element)


def _is_label(element: _Element) -> bool:
    words = words_of(element)
    return len(words) <= 5 and (element.tag in (*HEADINGS, "span", "strong", "b", "p", "div")) and not list(element.iter("a"))


def cut_listings(root: _Element) -> None:
    """Cut related pages, teasers and the list of links that ends a page."""
    for heading in list(root.iter(*HEADINGS, "p", "strong")):
        if heading.getparent() is not None and RELATED.match(" ".join(words_of(heading))):
            _cut_related(heading)
    _cut_teasers(root)
    _cut_last_links(root)


def _cut_related(heading: _Element) -> None:
    """Cut what stands under such a heading when most of its words are links or teasers."""
    while heading.getparent() is not None and heading.getnext() is None and heading.getparent().tag in ("div", "header", "p", "strong"):
        heading = heading.getparent()
    below = list(_below(heading))
    said = sum(len(words_of(one)) for one in below)
    linked = sum(len(words_of(one)) * linked_share(one) for one in below)
    if said and (linked / said > 0.5 or all(_is_teaser(one) or linked_share(one) > 0.5 for one in below if words_of(one))):
        for one in (heading, *below):
            cut(one)


def _below(heading: _Element) -> Iterator[_Element]:
    for one in heading.itersiblings():
        if one.tag in HEADINGS and one.tag <= heading.tag or one.tag not in HEADINGS and next(one.iter("h1"), None) is not None:
            return
        yield one


def _is_teaser(element: _Element) -> bool:
    """Whether an element holds links and ends with one that says "read more"."""
    links = _links(element)
    return bool(links) and bool(MORE.match(" ".join(words_of(links[-1])))) and " ".join(words_of(element)).endswith(" ".join(words_of(links[-1])))


def _cut_teasers(root: _Element) -> None:
    """Cut cards of other pages: neighbours of one kind that each end with "read more"."""
    for element in list(root.iter("li", "article", "div", "section")):
        above = element.getparent()
        if above is None or len(words_of(element)) > 120 or not _is_teaser(element):
            continue
        if sum(_is_teaser(one) for one in above.iterchildren(element.tag)) > 1:
            for one in [one for one in above.iterchildren(element.tag) if _is_teaser(one)]:
                cut(one)


def _cut_last_links(root: _Element) -> None:
    """Cut a list of nothing but links to other pages that ends the page with neither heading nor lead-in."""
    for element in reversed(list(root.iter(*LISTS))):
        if linked_share(element) < 0.9 or len(_links(element)) < 2 or _said_after(element, root) or _is_introduced(element):
            return
        cut(element)


def _said_after(element: _Element, root: _Element) -> bool:
    while element is not root and element is not None:
        if (element.tail or "").strip() or any(words_of(after) for after in element.itersiblings()):
            return True
        element = element.getparent()
    return False


def _is_introduced(element: _Element) -> bool:
    """Whether a heading, a paragraph or another item stands right above the list."""
    before = element.getprevious()
    while before is None and element.getparent() is not None and element.tag != "body":
        element = element.getparent()
        before = element.getprevious()
    if element.tag == "li" or before is None:
        return element.tag == "li"
    return before.tag in (*HEADINGS, "p") or " ".join(words_of(before)).endswith((":", "：", "؛"))
