"""The marks of list items and notes, and where an item stands among its neighbours."""

import re
from dataclasses import dataclass

BULLETS = "-*+•‣▪◦·–●○■□➢➤✓✔"
LIST_MARK = re.compile(
    rf"^\s*(?:[{re.escape(BULLETS)}]\s+|(?-i:o\s+(?=[A-Z]))|\(?(?:\d{{1,2}}|[ivxlc]{{1,6}}|[a-z])[.)]\s+"
    r"|(?-i:\d{1,2}(?:\.\d{1,2}){1,3}[.)]?\s+(?=[^\W\d_a-z]))|\d{1,2}(?:\.\d{1,2})?\s?[-–—]\s?(?=\D))",
    re.IGNORECASE,
)
SECOND_MARK = re.compile(r"(?:\(?(?:\d{1,2}|[ivxlc]{1,6}|[a-z])[.)]|\d{1,2}(?:\.\d{1,2}){1,3})\s+")

NOTE_MARK = re.compile(r"^\s*(?:\[\^([^\]\s]+)\]:|([¹²³⁴-⁹⁰]+)|\[(\d{1,3})\](?=\s))\s*")


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: how far it is indented, and the style of its labels."""

    indent: int
    style: str


def nested(stack: tuple[Level, ...], indent: int, label: str) -> tuple[Level, ...]:
    """The levels down to an item, given those down to the item before it.

    Deeper indent opens a level; so does another style of label at the same indent ("1." and then "(a)").
    """
    style = _style(label, stack)
    while stack and stack[-1].indent > indent + 1:
        stack = stack[:-1]
    known = [i for i, level in enumerate(stack) if level.style == style and abs(level.indent - indent) <= 1]
    if known:
        return stack[: known[-1] + 1]
    if stack and stack[-1].indent == indent and style == stack[-1].style:
        return stack
    return (*stack, Level(indent, style))


def _style(label: str, stack: tuple[Level, ...]) -> str:
    """What the labels of a level have in common: the bullet, or the brackets and the kind of number."""
    core = re.sub(r"[^\w.]", "", label).rstrip(".")
    if not core or core == "o":
        return label.strip()
    frame = re.sub(r"[\w.]+", "#", label.strip()) if "." in core else re.sub(r"\w+", "#", label.strip())
    if core[0].isdigit():
        return frame + "1" * (core.count(".") + 1)
    return frame + ("i" if _is_roman(core.lower(), [level.style for level in stack]) else "a")


def _is_roman(core: str, styles: list[str]) -> bool:
    """Whether letters are a roman number; one letter alone may be either, and the levels above decide."""
    if len(core) > 1:
        return True
    if core not in "ivxlc":
        return False
    return core == "i" and not styles or any(s.endswith("i") for s in styles) or core == "i" and not styles[-1].endswith("a")
