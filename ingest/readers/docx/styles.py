"""What a Word style says of a paragraph or a run, with what it inherits."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEFAULT_SIZE = 20  # half points


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a file by their id; `size` is that of the text whose style says nothing, in half points."""

    by_id: dict[str, _Element]
    default: str
    size: int

    @classmethod
    def from_part(cls, part: _Element | None) -> "Styles":
        """Read `styles.xml`; without it every paragraph is plain."""
        if part is None:
            return cls({}, "", DEFAULT_SIZE)
        by_id = {style.get(W + "styleId", ""): style for style in part.iterchildren(W + "style")}
        paragraphs = (style for style in by_id.values() if style.get(W + "type") == "paragraph")
        default = next((style.get(W + "styleId", "") for style in paragraphs if style.get(W + "default") in ("1", "true")), "")
        size = part.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}sz")
        styles = cls(by_id, default, whole(size, DEFAULT_SIZE))
        own = styles.found(default, f"{W}rPr/{W}sz")
        return cls(by_id, default, whole(own, styles.size))

    def chain(self, key: str) -> Iterator[_Element]:
        """A style and those that it is based on."""
        seen: set[str] = set()
        while key in self.by_id and key not in seen:
            seen.add(key)
            style = self.by_id[key]
            yield style
            key = value(style.find(W + "basedOn"))

    def found(self, key: str, path: str) -> _Element | None:
        """The first element at `path` in a style or in those that it is based on."""
        return next((one for style in self.chain(key) if (one := style.find(path)) is not None), None)

    def names(self, key: str) -> list[str]:
        """A style's name and those that it is based on, in lower case."""
        return [value(style.find(W + "name")).lower() for style in self.chain(key)]


def value(element: _Element | None) -> str:
    """An element's w:val; empty where there is none."""
    return "" if element is None else element.get(W + "val", "")


def whole(element: _Element | None, default: int) -> int:
    """An element's w:val as a number."""
    text = value(element)
    return int(float(text)) if text.removeprefix("-").replace(".", "", 1).isdecimal() else default


def is_on(element: _Element | None) -> bool:
    """Whether an element such as <w:b> is there and not switched off."""
    return element is not None and value(element) not in ("0", "false", "off", "none")


def style_of(element: _Element, kind: str = "p") -> str:
    """The id of a paragraph's, run's or table's own style."""
    return value(element.find(f"{W}{kind}Pr/{W}{kind}Style"))
