"""A web page becomes the text of its article."""

from collections.abc import Iterator
from pathlib import Path

from lxml.etree import _Element

from ingest.errors import DamagedFile, EmptyFile
from ingest.readers.blocks import Block, Extract, Heading, Paragraph, extract_of
from ingest.readers.decode import decode
from ingest.readers.elements.words import bare
from ingest.readers.elements import blocks_of
from ingest.readers.html.article import article_of, title_of
from ingest.readers.html.furniture import cut_furniture, cut_listings, cut_unseen
from ingest.readers.html.parse import parse


def read_html(path: Path, name: str) -> Extract:
    """The article of a page, without what the site puts around it.

    Raises EmptyFile where the page says nothing, DamagedFile for bytes that are no text or elements nested beyond reading.
    """
    html = decode(path.read_bytes(), name)
    try:
        blocks = _blocks(html)
    except RecursionError as exc:
        raise DamagedFile(f"{name} nests its elements too deeply to be read. Save the page's text as Markdown or DOCX.") from exc
    extract = extract_of(blocks)
    if not any(map(str.isalnum, extract.text)):
        raise EmptyFile(f"{name} holds no text outside menus and scripts. Save the page again from a browser, or its text as Markdown.")
    return extract


def _blocks(html: str) -> list[Block]:
    root = parse(html)
    if root is None:
        return []
    titles = title_of(root)
    body = root.find("body")
    body = root if body is None else body
    cut_unseen(body)
    headline = _headline(body, titles)
    cut_furniture(body)
    article = article_of(body, html)
    cut_listings(article)
    return list(_titled(blocks_of(article), titles, headline))


def _headline(body: _Element, titles: tuple[str, ...]) -> str:
    """The page's one h1, where the page's title says it too."""
    words = [bare("".join(heading.itertext())) for heading in body.iter("h1")]
    return words[0] if len(words) == 1 and words[0] in titles else ""


def _titled(blocks: list[Block], titles: tuple[str, ...], headline: str) -> Iterator[Block]:
    """The blocks under the page's title, where that stands outside the article or is set as a paragraph at its head."""
    rest = blocks
    if not any(isinstance(block, Heading) and block.level == 1 for block in blocks):
        first = blocks[0] if blocks else None
        if headline:
            yield Heading(1, headline)
        elif isinstance(first, Paragraph | Heading) and first.text in titles:
            yield Heading(1, first.text)
            rest = blocks[1:]
    yield from rest
