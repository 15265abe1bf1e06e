"""HTML source becomes a tree, whatever its faults."""

import re
from typing import cast

from lxml.etree import _Element

UNFIT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")  # characters that a tree must not hold, though its parser lets them in


def parse(html: str) -> _Element | None:
    """The tree of a page; None where the source holds no element."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    clean = UNFIT.sub("", re.sub(r"^\s*<\?xml[^>]*\?>", "", html))
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return cast(_Element, document_fromstring(clean.encode("utf-8", "replace"), parser=parser))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
