"""What a page puts around its article: menus, cookie bars, share links, comment forms, hidden parts. All of it is cut from the tree.

Each rule reads roles, element names, class names and links, never the names of one site; whatever holds much of the page's words stays,
for an article about cookies may well have `class="cookies"`.
"""

import re
from collections.abc import Iterator

from lxml.etree import _Element

from ingest.readers.element_words import HEADINGS, LISTS

NEVER = ("script", "style", "noscript", "template", "svg", "iframe", "nav", "dialog", "object", "select", "textarea")
ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar", "toolbar", "tablist"))
CLASSES = re.compile(
    r"(?:^|[\s_-])(?:cookie\w*|consent|gdpr|breadcrumbs?|crumbs|skip(?:-?(?:to|link|nav)\w*)?|share|sharing|social|addtoany|related|recommended|newsletter|subscribe|"
    r"sign-?up|comments?|respond|pagination|pager|page-nav|post-nav(?:igation)?|menu|navbar|nav|navigation|toolbar|pop-?up|modal|overlay|"
    r"screen-?reader(?:-text)?|visually-?hidden|sr-only|teasers?|read-?next|you-may|byline-share|edit-?link|editsection|advert(?:isement)?|ads?|promo|"
    r"back-to-top|print-?link|lang(?:uage)?-?(?:switch\w*|select\w*|chooser)|sidebar|widget|tags|tag-list|feedback|is-?useful|helpful|site-(?:header|footer)|page-footer|footer(?:-\w+)?)(?:$|[\s_-])",
    re.IGNORECASE,
)
CONCEALED = re.compile(r"(?:^|\s)(?:hidden|d-none|is-hidden|hide|invisible)(?:$|\s)", re.IGNORECASE)
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)
RELATED = re.compile(
    r"^(?:you (?:may|might) (?:also )?(?:like|be interested)\b.*|related\b.{0,40}|(?:see|read) (?:also|next|more)|further reading|more (?:on|from|like|news|stories|about)\b.{0,40}|"
    r"also (?:on|in|read)\b.{0,40}|recommended\b.{0,30}|(?:latest|recent|other|popular) (?:news|posts?|articles?|stories|pages?|publications?|blogs?)\b.{0,20}|next (?:steps|article)|"
    r"share\b.{0,40}|follow us\b.{0,20}|à lire aussi|voir aussi|articles? (?:liés|similaires|connexes)|sur le même (?:sujet|thème)|pour aller plus loin|partager\b.{0,30}|"
    r"siehe auch|weiterführende\b.{0,40}|mehr zum thema|ähnliche\b.{0,30}|verwandte\b.{0,30}|das könnte sie.*|teilen\b.{0,20}|"
    r"véase también|ver también|artículos relacionados|contenido relacionado|también te puede interesar|compartir\b.{0,20}|"
    r"vedi anche|articoli correlati|potrebbe interessarti.*|condividi\b.{0,20}|zie ook|lees ook|gerelateerd\b.{0,30}|delen|"
    r"veja também|leia também|artigos relacionados|partilhar|compartilhar|zobacz (?:też|także)|powiązane\b.{0,30}|udostępnij|"
    r"se även|läs också|relaterat|dela|se også|les også|смотрите также|читайте также|похожие\b.{0,30}|поделиться|"
    r"اقرأ أيضا|انظر أيضا|مواضيع ذات صلة|مقالات ذات صلة|شارك\b.{0,20}|相关(?:文章|阅读|链接)|関連(?:記事|リンク|ページ)|分享)\s*[:：…]?$",
    re.IGNORECASE,
)
NETWORKS = re.compile(
    r"^(?:(?:share|tweet|post|send|teilen|partager|compartir|auf|on|via|by|sur|en|per|par|this|page)\s+)*(?:facebook|twitter|x|linkedin|whatsapp|telegram|instagram|"
    r"youtube|pinterest|reddit|mastodon|bluesky|threads|tiktok|xing|e-?mail|print|copy(?: (?:the )?link)?|imprimer|drucken|imprimir|courriel|tweet|share)(?:\s*\(.*\))?$",
    re.IGNORECASE,
)
MORE = re.compile(
    r"(?:read|learn|find out|see|show) more|continue reading|more(?: info)?|weiterlesen|mehr (?:lesen|erfahren)|lire (?:la suite|plus)|en savoir plus|leer más|"
    r"leggi(?: tutto)?|lees (?:meer|verder)|ler mais|saiba mais|czytaj więcej|läs mer|les mer|читать далее|подробнее|اقرأ المزيد|阅读更多|続きを読む",
    re.IGNORECASE,
)
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
    total = max(1, len(words_of(root)))
    for element in list(root.iter(etree_element())):
        if _is_hidden(element) and element.getparent() is not None and (element.get("aria-hidden") is None or len(words_of(element)) < LARGE * total):
            cut(element)


def etree_element() -> type:
    """The marker by which `iter` skips comments."""
    from lxml.etree import Element

    return Element  # type: ignore[return-value]


def _is_hidden(element: _Element) -> bool:
    if element.tag in ("body", "html", "br"):
        return False
    return element.get("hidden") is not None or element.get("aria-hidden") == "true" or bool(HIDDEN.search(element.get("style", "")))


def cut_furniture(root: _Element) -> None:
    """Cut menus, bars, share links and forms."""
    total = max(1, len(words_of(root)))
    for element in list(root.iter(etree_element())):
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
    if element.get("role") in ROLES or (CONCEALED.search(element.get("class", "")) and len(words_of(element)) < FEW) or _only_asks(element):
        return True
    if element.tag in ("header", "footer"):
        return not any(above.tag in ("article", "main", "section", "blockquote") for above in element.iterancestors())
    if element.tag == "form":
        return True
    named = element.get("id", "") if element.tag in ("td", "table") else f"{element.get('class', '')} {element.get('id', '')}"
    return bool(CLASSES.search(named)) and (element.tag not in ("li", "th", "tr", "p", "sup") or (element.tag == "p" and linked_share(element) > LARGE))


def _only_asks(element: _Element) -> bool:
    """Whether an element is a short question with buttons to answer it."""
    buttons = [one for one in element.iter("button") if not any(above.tag in HEADINGS for above in one.iterancestors())] if element.tag in ("div", "section", "fieldset") else []
    asked = len(words_of(element)) - sum(len(words_of(one)) for one in buttons)
    return bool(buttons) and asked < FEW


def linked_share(element: _Element) -> float:
    """The share of an element's words that are links; 0 where it has no words."""
    words = len(words_of(element))
    return sum(len(words_of(link)) for link in element.iter("a")) / words if words else 0.0


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
    """Whether a heading, a lead-in or another item stands right above the list."""
    before = element.getprevious()
    while before is None and element.getparent() is not None and element.tag != "body":
        element = element.getparent()
        before = element.getprevious()
    if element.tag == "li" or before is None:
        return element.tag == "li"
    words = " ".join(words_of(before))
    return before.tag in HEADINGS or words.endswith((":", "：", "؛"))
