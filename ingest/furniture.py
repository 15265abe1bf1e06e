"""Lines of a plain text that belong to its pages and not to its words: page numbers, and what repeats beside them."""

import functools
import re

PAGE_LINE = re.compile(r"^\W*(?:.{0,60}\b)?(?:page|página|p\.|seite|صفحة)\s*\d+(?:\s*(?:of|/|sur|de|von)\s*\d+)?\W*(?:.{0,60})?$", re.IGNORECASE)

SITE_LINE = re.compile(
    r"^\W*(?:(?:skip to (?:main )?content|cookie (?:settings|policy|preferences)|(?:accept|reject|manage)(?: all)? cookies|back to top|"
    r"tweet(?: this)?|share(?: this)?(?: page)?|print(?: this)?(?: page)?|follow us|log in|sign in|menu|related:.{0,80})\W*)+$",
    re.IGNORECASE,
)
"""A line that is nothing but a site's own controls."""


@functools.lru_cache(maxsize=4)
def page_furniture(text: str) -> frozenset[str]:
    """The stripped lines that are page numbers with like lines on other pages, what repeats beside them, and a site's controls."""
    rows = [line.strip() for line in text.split("\n")]
    rows = [row for row in rows if row]
    shapes: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        if len(row) < 120 and PAGE_LINE.match(row):
            shapes.setdefault(re.sub(r"\d+", "#", row), []).append(i)
    places = [i for where in shapes.values() if len(where) > 1 and _rises([rows[i] for i in where]) for i in where]
    beside = [rows[j] for i in places for j in (i - 1, i + 1) if 0 <= j < len(rows) and len(rows[j]) < 80]
    controls = {row for row in rows if SITE_LINE.match(row)}
    return frozenset(controls | {rows[i] for i in places} | {row for row in beside if beside.count(row) > 1 and rows.count(row) > 1})


def _rises(rows: list[str]) -> bool:
    """Whether some number in the rows grows from one to the next."""
    numbers = [[int(n) for n in re.findall(r"\d{1,9}", row)] for row in rows]
    return any(all(a[k] < b[k] for a, b in zip(numbers, numbers[1:])) for k in range(min(map(len, numbers))))
