"""Which paragraphs of a Word document are its headings, and of what level: by style, by outline, or by looks where nothing else says it."""

import re

from lxml.etree import SubElement, _Element

from ingest.readers.docx.clean import words_in
from ingest.readers.docx.styles import W, Styles, is_on, style_of, whole
from ingest.readers.elements.words import LONGEST_HEADING
from ingest.readers.heading_words import can_head

HEADING = re.compile(r"^heading ?([1-9])$")
LARGER = 1.15  # times the size of body text: a short paragraph so large is a heading
BODY_TEXT = 10  # the outline's level of what is no heading
RANKS = 3  # sizes of bold lines that are told apart


def heading_levels(paragraphs: list[_Element], styles: Styles) -> dict[_Element, int]:
    """The headings among a document's paragraphs and their levels.

    Under a title, styled as one or the one largest line at the very top, all others move one level down. In a document without styled
    headings the sizes of its bold lines rank them; beside styled ones a bold line has no level of its own (`elements` finds it one).
    """
    titles = [one for one in paragraphs if "title" in styles.names(style_of(one))]
    styled = {one: level for one in paragraphs if one not in titles and (level := _level(one, styles))}
    if not styled and not titles:
        return _by_size(paragraphs, styles)
    titles = titles or _largest_first(paragraphs, styles)
    return {one: level + bool(titles) for one, level in styled.items()} | {one: 1 for one in titles}


def _level(paragraph: _Element, styles: Styles) -> int:
    """A heading's level by its place in the outline or the name of its style; 0 for other paragraphs."""
    own = paragraph.find(f"{W}pPr/{W}outlineLvl")
    outline = own if own is not None else styles.found(style_of(paragraph), f"{W}pPr/{W}outlineLvl")
    if outline is not None:
        level = whole(outline, BODY_TEXT) + 1
        return level if level < BODY_TEXT else 0
    return next((int(found[1]) for name in styles.names(style_of(paragraph)) if (found := HEADING.match(name))), 0)


def _largest_first(paragraphs: list[_Element], styles: Styles) -> list[_Element]:
    """The first paragraph, where it is bold or large, and larger than any other."""
    sizes = [_largest(one, styles) for one in paragraphs]
    first = paragraphs[:1]
    return first if first and is_bold_line(first[0]) and not _level(first[0], styles) and sizes[0] > max(sizes[1:], default=0) else []


def _by_size(paragraphs: list[_Element], styles: Styles) -> dict[_Element, int]:
    """Bold lines outside tables by the rank of their size, if there are at most a few sizes."""
    sizes = {one: _largest(one, styles) for one in paragraphs if is_bold_line(one) and next(one.iterancestors(W + "tc"), None) is None}
    ranks = sorted(set(sizes.values()), reverse=True)
    return {one: ranks.index(size) + 1 for one, size in sizes.items()} if 1 < len(ranks) <= RANKS else {}


def embolden(paragraph: _Element, styles: Styles) -> None:
    """Say in each run what its styles say of bold; a short paragraph set larger than the body counts as bold."""
    runs = _said(paragraph)
    short = len(words_in(paragraph).split()) <= LONGEST_HEADING
    large = short and all(_size(run, paragraph, styles) > LARGER * styles.size for run in runs)
    for run in runs:
        properties = run.find(W + "rPr")
        if properties is None:
            properties = run.makeelement(W + "rPr")
            run.insert(0, properties)
        bold = large or _is_bold(run, paragraph, styles)
        for old in properties.findall(W + "b"):
            properties.remove(old)
        if bold:
            SubElement(properties, W + "b")


def is_bold_line(paragraph: _Element) -> bool:
    """Whether a paragraph, all bold and short, reads as a heading; to be asked after `embolden`."""
    words = words_in(paragraph)
    bold = all(run.find(f"{W}rPr/{W}b") is not None for run in _said(paragraph))
    return bold and len(words.split()) <= LONGEST_HEADING and words[-1] not in ".,;:!؛،。：；" and can_head(words)


def _said(paragraph: _Element) -> list[_Element]:
    return [run for run in paragraph.iter(W + "r") if words_in(run)]


def _is_bold(run: _Element, paragraph: _Element, styles: Styles) -> bool:
    path = f"{W}rPr/{W}b"
    by_style = (styles.found(style_of(run, "r"), path), styles.found(style_of(paragraph) or styles.default, path))
    found = next((one for one in (run.find(path), *by_style) if one is not None), None)
    return is_on(found)


def _size(run: _Element, paragraph: _Element, styles: Styles) -> int:
    path = f"{W}rPr/{W}sz"
    by_style = (styles.found(style_of(run, "r"), path), styles.found(style_of(paragraph), path))
    found = next((one for one in (run.find(path), *by_style) if one is not None), None)
    return whole(found, styles.size)


def _largest(paragraph: _Element, styles: Styles) -> int:
    return max((_size(run, paragraph, styles) for run in _said(paragraph)), default=0)
