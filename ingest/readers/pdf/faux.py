"""What is set as a heading and is none: a quotation, the caption of a table or figure."""

from collections.abc import Sequence

from ingest.readers.heading_words import QUOTED, is_caption, is_quotation
from ingest.readers.pdf.blocks import Group
from ingest.readers.pdf.tables import Tabular

MOST_PARTS = 8  # lines of a quotation set as headings of their own


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
