"""Plain text as it comes when somebody pastes a PDF or a web page: bullets, typed numbers, tabs, hard line ends."""

from html import escape

from evals.structure.model import Block, Box, Columns, Definitions, Document, Heading, Item, Listing, Para, Table, spans
from evals.structure.soften import SOFT, soft_word

BULLETS = "•○▪"


class Pasted:
    """Draws blocks as text. `meta["width"]` is where lines are broken, 0 for nowhere.

    With `meta["page_lines"]`, the running foot and head of a page stand after so many lines, wherever that is.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.width: int = document.meta.get("width", 0)
        self.called: list[str] = []

    def text(self) -> str:
        drawn = [self.block(block) for block in self.document.blocks]
        notes = [f"{n}. {self.inline(self.document.notes[mark])}" for n, mark in enumerate(self.called, 1)]
        return self._paged("\n\n".join(drawn + notes) + "\n")

    def block(self, block: Block) -> str:
        match block:
            case Heading(_, text):
                return self.inline(text)
            case Para(text):
                return self._wrap(self.inline(text))
            case Listing(items):
                flat = items[0].mark == "-" and not any(item.children for item in items)
                return (
                    self._fragment(items)
                    if flat and self.document.meta.get("html_lists")
                    else "\n".join(self._items(items, 0))
                )
            case Definitions(pairs):
                return "\n".join(self._wrap(f"{term}: {self.inline(text)}") for term, text in pairs)
            case Table():
                return "\n".join(
                    "\t".join(" ".join(map(self.inline, cell.lines)) for cell in row) for row in block.rows
                )
            case Box(title, blocks):
                return "\n\n".join([*([title] if title else []), *map(self.block, blocks)])
            case Columns(blocks):
                return "\n\n".join(map(self.block, blocks))
            case _:
                return "\f"

    def inline(self, text: str) -> str:
        return "".join(self._span(kind, value) for kind, value in spans(text))

    def _span(self, kind: str, value: str) -> str:
        if kind != "note":
            return value
        self.called.append(value)
        return f"[{len(self.called)}]"

    def _wrap(self, text: str) -> str:
        """Lines no longer than the width; long words are hyphenated where the document is."""
        if not self.width:
            return text
        lines = [""]
        for word in text.split(" "):
            word = soft_word(word) if self.document.meta.get("soft_hyphens") else word
            head, rest = _fitting(word, self.width - len(lines[-1]) - 1)
            lines[-1] = f"{lines[-1]} {head}".strip() if head else lines[-1]
            lines += [rest] if rest else []
        return "\n".join(lines)

    def _items(self, items: tuple[Item, ...], depth: int) -> list[str]:
        lines = []
        for item in items:
            mark = BULLETS[depth] if item.mark == "-" else item.mark
            lines.append(self._wrap(f"{mark} {self.inline(item.text)}"))
            lines += self._items(item.children, depth + 1)
        return lines

    def _fragment(self, items: tuple[Item, ...]) -> str:
        return "<ul>" + "".join(f"<li>{escape(self.inline(item.text))}</li>" for item in items) + "</ul>"

    def _paged(self, text: str) -> str:
        size = self.document.meta.get("page_lines")
        if not size:
            return text
        lines = text.split("\n")
        pages = [lines[at : at + size] for at in range(0, len(lines), size)]
        running = self.document.meta["running"]
        drawn = []
        for n, page in enumerate(pages, 1):
            foot = running["footer"].replace("{page}", str(n)).replace("{pages}", str(len(pages)))
            drawn.append("\n".join([*page, foot, *([running["header"]] if n < len(pages) else [])]))
        return "\n".join(drawn) + "\n"


def _fitting(word: str, room: int) -> tuple[str, str]:
    """As much of a word as there is room for, hyphenated at a soft hyphen, and the rest."""
    parts = word.split(SOFT)
    if len("".join(parts)) <= room:
        return "".join(parts), ""
    for cut in range(len(parts) - 1, 0, -1):
        head = "".join(parts[:cut]) + "-"
        if len(head) <= room:
            return head, "".join(parts[cut:])
    return "", "".join(parts)
