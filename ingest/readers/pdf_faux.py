"""What is set as a heading and is none: a quotation, the caption of a table or figure."""

import re

QUOTED = re.compile(r"[“„«‘\"'].*")
QUOTE_ENDS = "”“»’\"'"
CAPTION = re.compile(
    r"(?:table|figure|fig|box|chart|graph|map|photo|diagram|exhibit|plate|tableau|encadré|tabelle|abbildung|tabla|figura)\.?\s"
    r"(?:[A-Z]{0,2}\.?\d{1,3}(?:[.\-–]\d{1,3})*[a-z]?|[A-Z]|[IVX]{1,5})(?:[.:)]|\s*[–—|-]\s|\s+(?=\S)|$)",
    re.IGNORECASE,
)


def is_caption(text: str) -> bool:
    """Whether a text is the caption of a table or figure: "Table A: Grants", "Figure 2 Reach", "Box 1"."""
    return bool(CAPTION.match(text.strip()))


def is_quotation(text: str) -> bool:
    """Whether a text stands in quotation marks as a whole, as what a reader said is set large in a margin."""
    text = text.strip()
    return bool(QUOTED.fullmatch(text)) and len(text.split()) > 3 and text.rstrip(".,;:!?")[-1:] in QUOTE_ENDS
