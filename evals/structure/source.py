"""Reads `sources/NAME.txt`: front matter in YAML, a line "---", then one block, list item or table row on each line.

# Title, ## 1 Section            headings; "!## Text" is a faux heading of level 2
- item, 2.1| clause, (a)| item   list items; two spaces of indent for each level below
Term :: meaning                  definitions
@table flags                     then header rows "= a || b" and body rows "a || b"; flags:
                                 plain (no row headers), once (header row not repeated), borderless, widths=1,2,3
{c2} {r3} {g}                    in front of a cell: spans; {g}: a group row. "* a * b" are bullets, "a / b" lines
@box Title, @columns             up to "@end"
@pagebreak
[^x]: text                       a footnote, called by [^x], where x is one character
"""

import re
from pathlib import Path

import yaml

from evals.structure.model import (
    Block,
    Box,
    Cell,
    Columns,
    Definitions,
    Document,
    Heading,
    Item,
    Listing,
    PageBreak,
    Para,
    Row,
    Table,
)

HEADING = re.compile(r"(!?)(#+) (.+)")
ITEM = re.compile(r"( *)(?:(-) |(\S+)\| )(.+)")
NOTE = re.compile(r"\[\^(\w)\]: (.+)")
SPAN = re.compile(r"\{([crg])(\d*)\} *")


def read(path: Path) -> Document:
    front, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    lines = body.splitlines()
    notes = dict(match.groups() for line in lines if (match := NOTE.fullmatch(line)))
    lines = [line for line in lines if not NOTE.fullmatch(line)]
    return Document(path.stem, yaml.safe_load(front), tuple(_blocks(lines)), notes)


def _blocks(lines: list[str]) -> list[Block]:
    """Takes lines from the front of the list up to its end or an "@end"."""
    blocks: list[Block] = []
    while lines:
        if not lines[0].strip():
            lines.pop(0)
        elif lines[0] == "@end":
            lines.pop(0)
            break
        else:
            blocks.append(_block(lines))
    return blocks


def _block(lines: list[str]) -> Block:
    if match := HEADING.fullmatch(lines[0]):
        lines.pop(0)
        return Heading(len(match[2]), match[3], faux=bool(match[1]))
    if lines[0].startswith("@"):
        return _directive(lines.pop(0), lines)
    if ITEM.fullmatch(lines[0]):
        return Listing(_items(lines, 0))
    if " :: " in lines[0]:
        return _definitions(lines)
    return Para(lines.pop(0).strip())


def _directive(line: str, lines: list[str]) -> Block:
    name, _, rest = line[1:].partition(" ")
    if name == "table":
        return _table(rest.split(), lines)
    if name == "box":
        return Box(rest or None, tuple(_blocks(lines)))
    if name == "columns":
        return Columns(tuple(_blocks(lines)))
    if name == "pagebreak":
        return PageBreak()
    raise ValueError(f"no such directive: {line}")


def _items(lines: list[str], depth: int) -> tuple[Item, ...]:
    items: list[Item] = []
    while lines and (match := ITEM.fullmatch(lines[0])) and len(match[1]) >= 2 * depth:
        lines.pop(0)
        below = ITEM.fullmatch(lines[0]) if lines else None
        children = _items(lines, depth + 1) if below and len(below[1]) > 2 * depth else ()
        items.append(Item(match[2] or match[3], match[4], children))
    return tuple(items)


def _definitions(lines: list[str]) -> Definitions:
    pairs = []
    while lines and " :: " in lines[0]:
        term, _, meaning = lines.pop(0).partition(" :: ")
        pairs.append((term, meaning))
    return Definitions(tuple(pairs))


def _table(flags: list[str], lines: list[str]) -> Table:
    header: list[Row] = []
    body: list[Row] = []
    groups: set[int] = set()
    while lines and ("||" in lines[0] or lines[0].startswith("{g}")):
        line = lines.pop(0)
        if line.startswith("= "):
            header.append(_row(line[2:]))
            continue
        if line.startswith("{g}"):
            groups.add(len(body))
            line = f"{{c{sum(cell.colspan for cell in header[0])}}} {line[3:]}"
        body.append(_row(line))
    widths = next((flag.removeprefix("widths=") for flag in flags if flag.startswith("widths=")), "")
    return Table(
        tuple(header),
        tuple(body),
        frozenset(groups),
        row_header="plain" not in flags,
        repeat="once" not in flags,
        borders="borderless" not in flags,
        widths=tuple(float(width) for width in widths.split(",")) if widths else (),
    )


def _row(line: str) -> Row:
    return tuple(_cell(part.strip()) for part in line.split("||"))


def _cell(text: str) -> Cell:
    spans = {letter: int(count or 1) for letter, count in SPAN.findall(text)}
    text = SPAN.sub("", text)
    bullets = text.startswith("* ")
    lines = text[2:].split(" * ") if bullets else text.split(" / ")
    return Cell(tuple(line.strip() for line in lines), bullets, spans.get("c", 1), spans.get("r", 1))
