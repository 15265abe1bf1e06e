"""Words that stand alone in bold or large type and still are no heading."""

import re

CAPTION = re.compile(
    r"^(?:table|figure|fig\.|chart|exhibit|tableau|tabla|cuadro|gráfico|figura|abbildung|tabelle|جدول|شكل)\s+(?:\d+(?:\.\d+)*|[A-Z]|[ivx]+)(?=[\s.:–—-]|$)",
    re.IGNORECASE,
)
QUOTED = re.compile(r"^[“\"«„‘].*[”\"»“’]\W*$", re.DOTALL)


def can_head(words: str) -> bool:
    """Whether words may be a heading: the caption of a table or figure and a quotation are none."""
    return not CAPTION.match(words) and not QUOTED.match(words)
