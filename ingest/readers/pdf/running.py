"""What stands around the text of each page: running heads and feet, page numbers, line numbers in the margin."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.readers.pdf.lines import Box, Line, lines_of, pieces_of
from ingest.readers.pdf.page import Page, Word

ZONE = 0.13  # of the page's height, at its head and foot
MOST_ROWS = 4
TOGETHER = 2.6  # times the type size: rows of one running head stand no further apart
APART = 1.45  # of the type size from a running head's baseline to that of the text; lines of one block stand closer
FEW, MOST_COPIED = 6, 0.4  # pages that may be copies of one another; the share of rows that are the same then
LONE_NUMBER = re.compile(
    r"[-–—|\[(\s]*(?:page|seite|p\.?|página|pagina|strona)?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*(?:\|\s*page)?[-–—|\])\s.]*", re.IGNORECASE
)
COUNTED = re.compile(r"(?<!\d)(\d{1,4})\s*(?:/|of|sur|von|de|di|van|из|z)\s*(\d{1,4})(?!\d)", re.IGNORECASE)
MIN_LINE_NUMBERS = 10


def without_running(pages: Sequence[Page], tables: Sequence[Sequence[Box]]) -> list[Page]:
    """The pages without what is repeated around the text; rows in a table's box are no running heads."""
    rows = [_rows(page, boxes, whole=len(pages) <= FEW or _numbered(page)) for page, boxes in zip(pages, tables, strict=True)]
    heads, feet = ([_zone(page, lines, foot) for page, lines in zip(pages, rows, strict=True)] for foot in (False, True))
    dropped = [set[int]() for _ in pages]
    same = len(pages) <= FEW and _copies([_inner(*page) for page in zip(rows, heads, feet, strict=True)])
    for zone in (heads, feet):
        known = set() if same else _repeated(zone)
        for number, lines in enumerate(zone):
            running = _running(lines, known, number, len(pages)) or _foliated(lines, pages[number])
            if _apart(running, rows[number]):
                dropped[number] |= {id(word) for line in running for word in line.words}
    return [_left(page, drop | _line_numbers(lines)) for page, drop, lines in zip(pages, dropped, rows, strict=True)]


def _numbered(page: Page) -> bool:
    """Whether a page has so many short numbers that they may count its lines."""
    return sum(word.text.isdigit() and len(word.text) < 4 for word in page.words) >= MIN_LINE_NUMBERS


def _inner(lines: list[Line], head: list[Line], foot: list[Line]) -> list[Line]:
    return [line for line in lines if line not in head and line not in foot]


def _copies(pages: Sequence[list[Line]]) -> bool:
    """Whether pages are copies of one another: such have no running heads to tell."""
    rows = [{(line.text, round(line.base)) for line in lines} for lines in pages]
    count = Counter(row for page in rows for row in page)
    return sum(times for times in count.values() if times > 1) > MOST_COPIED * sum(count.values())


def _left(page: Page, drop: set[int]) -> Page:
    return replace(page, words=tuple(word for word in page.words if id(word) not in drop)) if drop else page


def _rows(page: Page, boxes: Sequence[Box], whole: bool) -> list[Line]:
    """The rows of a page outside its tables; those near its head and foot, if the whole is not asked for."""
    low, high = page.height * (ZONE + 0.1), page.height * (0.9 - ZONE)
    words = [word for word in page.words if not word.turned and (whole or not low < word.base < high)]
    words = [word for word in words if not any(box.holds(word) for box in boxes)]
    return lines_of(pieces_of(words), page.number, 0, page.width) if words else []


def _zone(page: Page, lines: list[Line], foot: bool) -> list[Line]:
    """The outermost rows, from the edge inwards."""
    limit = page.height * (1 - ZONE if foot else ZONE)
    outer = [line for line in (reversed(lines) if foot else lines) if (line.base > limit if foot else line.base < limit)]
    return outer[:MOST_ROWS]


def _masked(text: str) -> str:
    return re.sub(r"\d+", "#", text.casefold().strip())


def _keys(line: Line) -> set[tuple[str, int]]:
    """The row as a whole and its pieces, each with its height on the page."""
    parts = [" ".join(word.text for word in piece.words) for piece in pieces_of(line.words)]
    texts = {_masked(part) for part in (line.text, *parts)}
    return {(text, round(line.base / 3) + shift) for text in texts if re.search(r"\w|#", text) for shift in (0, 1)}


def _repeated(zone: Iterable[list[Line]]) -> set[tuple[str, int]]:
    """What stands at one height on at least two pages, and on more where there are many."""
    pages = list(zone)
    count = Counter(key for lines in pages for key in {key for line in lines for key in _keys(line)})
    least = 2 if len(pages) < 8 else 3
    return {key for key, times in count.items() if times >= least}


def _running(lines: list[Line], known: set[tuple[str, int]], number: int, pages: int) -> list[Line]:
    """The rows from the edge up to the first that is not repeated."""
    found: list[Line] = []
    for line in lines:
        lone = LONE_NUMBER.fullmatch(line.text) and (pages > 1 or line.text.strip() == "1")
        counted = any((int(n), int(total)) == (number + 1, pages) for n, total in COUNTED.findall(line.text))
        near = not found or abs(line.base - found[-1].base) < TOGETHER * line.size
        if not (lone or counted and len(line.words) < 14 or near and _keys(line) & known):
            break
        found.append(line)
    return found


def _foliated(lines: list[Line], page: Page) -> list[Line]:
    """The outermost row where a number stands at one end of it and a rule parts it from the text."""
    if not lines:
        return []
    line = lines[0]
    pieces = sorted(pieces_of(line.words), key=lambda piece: piece.x0)
    lone = len(pieces) > 1 and any(len(piece.words) == 1 and LONE_NUMBER.fullmatch(piece.words[0].text) for piece in (pieces[0], pieces[-1]))
    wide = [rule for rule in page.rules if rule.level and rule.x0 < line.x0 + 2 and rule.x1 > line.x1 - 2]
    if line.base < page.height / 2:
        across = any(0 < rule.top - line.base < line.size for rule in wide)
    else:
        across = any(0 < line.base - rule.bottom < 2 * line.size for rule in wide)
    return [line] if lone and across else []


def _apart(running: list[Line], lines: list[Line]) -> bool:
    """Whether white space or another type size parts the running rows from the text."""
    if not running:
        return False
    innermost = running[-1]
    others = [line for line in lines if line not in running]
    nearest = min(others, key=lambda line: abs(line.base - innermost.base), default=None)
    if nearest is None:
        return True
    gap = abs(nearest.base - innermost.base)
    return gap > APART * max(nearest.size, innermost.size) or abs(nearest.size - innermost.size) > 1


def _line_numbers(lines: list[Line]) -> set[int]:
    """Numbers that count the rows of a page at its left edge, as in transcripts."""
    firsts = [line.words[0] for line in lines if line.words[0].text.isdigit() and len(line.words[0].text) < 4]
    if len(firsts) < max(MIN_LINE_NUMBERS, 0.6 * len(lines)):
        return set()
    steps = [int(b.text) - int(a.text) for a, b in pairwise(firsts)]
    left = min(word.x0 for line in lines for word in line.words)
    aligned = [word for word in firsts if word.x0 - left < 3 * word.size]
    if sum(step == 1 for step in steps) < 0.9 * len(steps) or len(aligned) < 0.9 * len(firsts):
        return set()
    return {id(word) for word in aligned if _stands_alone(word, lines)}


def _stands_alone(number: Word, lines: list[Line]) -> bool:
    line = next(line for line in lines if number in line.words)
    return len(line.words) == 1 or line.words[1].x0 - number.x1 > 0.7 * number.size
