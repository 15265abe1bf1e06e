"""Which part of a page is its article.

Landmarks (<main>, a lone <article>) say so themselves. Where there are none, trafilatura reads the page, and the part that holds what it
read is taken: trafilatura knows pages well but loses nested lists, merged cells and notes, so it points and does not write.
"""

import re

from lxml.etree import _Element

from ingest.readers.elements.words import bare
from ingest.readers.html.furniture import words_of

ENOUGH = 0.25  # of the page's words
MOST = 0.85  # of what trafilatura read
RUN = 4  # words
LARGEST = 4_000_000  # characters: trafilatura takes some six seconds for each million
WHOLE = frozenset(("html", "body", "main", "article", "section", "div", "td"))  # what may be an article: not a row, a list or a paragraph
LANDMARKS = ('.//main|.//*[@role="main"]', './/*[@itemprop="articleBody"]', './/article')


def article_of(body: _Element, html: str) -> _Element:
    """The element that holds the article; `body` itself in doubt."""
    total = len(words_of(body))
    for landmark in LANDMARKS:
        found = [one for one in body.xpath(landmark) if len(words_of(one)) >= max(1, ENOUGH * total)]
        if len(found) == 1:
            return found[0]
    return _pointed_at(body, html) if len(html) < LARGEST else body


def _pointed_at(body: _Element, html: str) -> _Element:
    """The smallest element that holds most of the lines that trafilatura finds."""
    import trafilatura

    text = trafilatura.extract(html, include_comments=False, include_tables=True, favor_recall=True) or ""
    wanted = _runs(text) & _runs(" ".join(body.itertext()))
    best = body
    while wanted:
        within = (child for child in best if isinstance(child.tag, str))
        held = next((child for child in within if len(wanted & _runs(" ".join(child.itertext()))) >= MOST * len(wanted)), None)
        if held is None:
            break
        best = held
    return next(one for one in (best, *best.iterancestors()) if one.tag in WHOLE)


def _runs(text: str) -> set[tuple[str, ...]]:
    """All runs of a few words, by which two renderings of one text are compared."""
    words = re.findall(r"\w+", text.lower())
    return set(zip(*(words[start:] for start in range(RUN))))


def title_of(root: _Element) -> tuple[str, ...]:
    """The parts of a page's <title>, the site's name and the article's among them."""
    title = bare("".join(root.xpath("string(.//head/title)")))
    return tuple(part.strip() for part in re.split(r"\s+[|–—·»:-]\s+|\s*\|\s*", title) if part.strip()) + ((title,) if title else ())
