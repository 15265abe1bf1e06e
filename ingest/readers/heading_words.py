"""Words that stand alone in bold or large type and still are no heading: a quotation, the caption of a table or figure."""

import re

CAPTION = re.compile(
    r"(?i:table|figure|fig|chart|graph|map|photo|diagram|exhibit|plate|tableau|tabelle|abbildung|tabla|cuadro|gráfico|figura|جدول|شكل)\.?\s"
    r"(?:[A-Z]{0,2}\.?\d{1,3}(?:[.\-–]\d{1,3})*[a-z]?|[A-Z]|[IVX]{1,5})(?:[.:)–—]|\s|$)"
)
QUOTED = re.compile(r"[“„«‘\"'].*", re.DOTALL)
QUOTE_ENDS = "”“»’\"'"
FEW_WORDS = 3


def is_caption(text: str) -> bool:
    """Whether a text is the caption of a table or figure: "Table A: Grants", "Figure 2 Reach"."""
    return bool(CAPTION.match(text.strip()))


def is_quotation(text: str) -> bool:
    """Whether a text stands in quotation marks as a whole, as words of a person that are set large; a name of a few words may be a title."""
    text = text.strip()
    return bool(QUOTED.fullmatch(text)) and len(text.split()) > FEW_WORDS and text.rstrip(".,;:!?")[-1:] in QUOTE_ENDS


def can_head(words: str) -> bool:
    """Whether words that look like a heading may be one."""
    return not is_caption(words) and not is_quotation(words)
