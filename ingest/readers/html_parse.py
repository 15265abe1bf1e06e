"""HTML source becomes a tree, whatever its faults."""

import re
from typing import cast

from lxml.etree import _Element


def parse(html: str) -> _Element | None:
    """The tree of a page; None where the source holds no element."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    clean = re.sub(r"^\s*<\?xml[^>]*\?>", "", html).replace("\x00", "")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return cast(_Element, document_fromstring(clean.encode("utf-8", "replace"), parser=parser))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
