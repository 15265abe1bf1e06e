"""The marks of list items and notes, and where an item stands among its neighbours."""

import re
from dataclasses import dataclass, replace

BULLETS = "-*+•‣▪◦·–●○■□➢➤✓✔"
LIST_MARK = re.compile(
    rf"^\s*(?:[{re.escape(BULLETS)}]\s+|(?-i:o\s+(?=[A-Z]))|\(?(?:\d{{1,2}}|[ivxlc]{{1,6}}|[a-z])[.)]\s+"
    r"|(?-i:(?:[A-Z]|\d{1,2})(?:\.\d{1,2}){1,3}[.)]?\s+(?=[“«‘(]?[^\W\d_a-z]))|\d{1,2}(?:\.\d{1,2})?\s?[-–—]\s?(?=\D))",
    re.IGNORECASE,
)
SECOND_MARK = re.compile(r"(?:\(?(?:\d{1,2}|[ivxlc]{1,6}|[a-z])[.)]|\d{1,2}(?:\.\d{1,2}){1,3})\s+")

NOTE_MARK = re.compile(r"^\s*(?:\[\^([^\]\s]+)\]:|([¹²³⁴-⁹⁰]+)|\[(\d{1,3})\](?=\s))\s*")


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: how far it is indented, the style of its labels, and its last label without brackets."""

    indent: int
    style: str
    last: str


def nested(stack: tuple[Level, ...], indent: int, label: str) -> tuple[Level, ...]:
    """The levels down to an item, given those down to the item before it.

    Deeper indent opens a level; so does another style of label at the same indent ("1." and then "(a)").
    """
    core = re.sub(r"[^\w.]", "", label).rstrip(".").lower()
    here = Level(indent, _style(label, core, stack), core)
    while stack and stack[-1].indent > indent + 1:
        stack = stack[:-1]
    known = [i for i, level in enumerate(stack) if level.style == here.style and abs(level.indent - indent) <= 1]
    return (*stack[: known[-1]], replace(here, indent=stack[known[-1]].indent)) if known else (*stack, here)


def _style(label: str, core: str, stack: tuple[Level, ...]) -> str:
    """What the labels of a level have in common: the bullet, or the brackets and the kind of number."""
    if not core or core == "o":
        return label.strip()
    frame = re.sub(r"\w+(?:\.\w+)*", "#", label.strip())
    if core[0].isdigit():
        return frame + "1" * (core.count(".") + 1)
    return frame + ("i" if _is_roman(core, stack) else "a")


def _is_roman(core: str, stack: tuple[Level, ...]) -> bool:
    """Whether letters are a roman number; of one letter alone the items before decide: "i" behind "h" is none."""
    if len(core) > 1:
        return True
    if core not in "ivxlc" or any(level.style.endswith("a") and chr(ord(level.last) + 1) == core for level in stack if len(level.last) == 1):
        return False
    return core == "i" or any(level.style.endswith("i") for level in stack)
