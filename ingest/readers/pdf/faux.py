"""What is set as a heading and is none: a quotation, the caption of a table or figure."""

import re
from collections.abc import Sequence

from ingest.readers.pdf.blocks import Group
from ingest.readers.pdf.tables import Tabular

QUOTED = re.compile(r"[“„«‘\"'].*")
FEW_WORDS = 3
MOST_PARTS = 8  # lines of a quotation set as headings of their own
QUOTE_ENDS = "”“»’\"'"
CAPTION = re.compile(
    r"(?i:table|figure|fig|box|chart|graph|map|photo|diagram|exhibit|plate|tableau|encadré|tabelle|abbildung|tabla|figura)\.?\s"
    r"(?:[A-Z]{0,2}\.?\d{1,3}(?:[.\-–]\d{1,3})*[a-z]?|[A-Z]|[IVX]{1,5})(?:[.:)]|\s|$)"
)


def is_caption(text: str) -> bool:
    """Whether a text is the caption of a table or figure: "Table A: Grants", "Figure 2 Reach", "Box 1"."""
    return bool(CAPTION.match(text.strip()))


def is_quotation(text: str) -> bool:
    """Whether a text stands in quotation marks as a whole, as words of a reader that are set large; a name of a few words may be a title."""
    text = text.strip()
    return bool(QUOTED.fullmatch(text)) and len(text.split()) > FEW_WORDS and text.rstrip(".,;:!?")[-1:] in QUOTE_ENDS


def without_false_headings(groups: Sequence[Group | Tabular]) -> list[Group | Tabular]:
    """Captions that no tag calls headings, and quotations with all their lines, made text."""
    found: list[Group | Tabular] = []
    number = 0
    while number < len(groups):
        group = groups[number]
        parts = _quoted_from(groups, number)
        if parts:
            found.append(Group("text", [line for part in parts for line in part.lines]))
        elif isinstance(group, Group) and group.kind == "heading" and not group.level and is_caption(_words(group)):
            found.append(Group("text", group.lines))
        else:
            found.append(group)
        number += max(1, len(parts))
    return found


def _quoted_from(groups: Sequence[Group | Tabular], number: int) -> list[Group]:
    """The headings from a place on that are one quotation; none where there is no such."""
    parts: list[Group] = []
    for group in groups[number : number + MOST_PARTS]:
        if not isinstance(group, Group) or group.kind != "heading" or parts and group.lines[0].size != parts[0].lines[0].size:
            break
        parts.append(group)
        text = " ".join(map(_words, parts))
        if is_quotation(text):
            return parts
        if not QUOTED.match(text):
            break
    return []


def _words(group: Group) -> str:
    return " ".join(line.text for line in group.lines)
