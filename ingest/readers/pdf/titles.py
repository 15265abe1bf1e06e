"""The title block of a document: names and a date below the title, set large and yet no headings."""

import re
from collections.abc import Sequence

from ingest.readers.pdf.blocks import Group
from ingest.readers.pdf.tables import Tabular

Part = Group | Tabular
MONTHS = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
    "januar februar märz juni juli oktober dezember"
)
MONTH = "|".join(sorted(MONTHS.split(), key=len, reverse=True))
DATE = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+)?(?:de\s+)?(?:{MONTH})\.?(?:\s+\d{{1,2}}(?:st|nd|rd|th)?,?)?(?:\s+de)?\s+(?:19|20)\d\d"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}",
    re.IGNORECASE,
)


def without_title_block(groups: Sequence[Part]) -> list[Part]:
    """Dates right below a title, and names that are not set as the headings further down are, made text."""
    start = end = _title(groups) + 1
    while 0 < start and end < len(groups) and _is_heading(groups[end]):
        end += 1
    below = [_style(group) for group in groups[start:] if isinstance(group, Group) and group.kind == "heading"]
    styles = {style for number, style in enumerate(below) if number >= end - start or style[1]}
    bold_below = any(bold for _, bold in styles)

    def told(group: Part) -> Part:
        if not isinstance(group, Group):
            return group
        date = DATE.fullmatch(" ".join(line.text for line in group.lines).strip())
        other = bold_below and not _style(group)[1] and _style(group) not in styles
        return Group("text", group.lines) if date or other else group

    return [*groups[:start], *map(told, groups[start:end]), *groups[end:]]


def _is_heading(group: Part) -> bool:
    return isinstance(group, Group) and group.kind == "heading"


def _style(group: Group) -> tuple[float, bool]:
    return group.lines[0].size, group.lines[0].bold


def _title(groups: Sequence[Part]) -> int:
    """The last line of the largest heading at the head of the first page; -1 where there is none."""
    found, largest = -1, 0.0
    for number, group in enumerate(groups):
        if not isinstance(group, Group) or group.lines[0].page > 0:
            break
        size = group.lines[0].size
        if group.kind == "heading" and (size > largest or size == largest and number == found + 1):
            found, largest = number, size
    return found
