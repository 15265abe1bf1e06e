"""Whole HTML pages: a document within what a site puts around it, in three styles of page."""

from html import escape
from typing import Any

from evals.structure.model import Cell, Document, Heading, plain
from evals.structure.web import Web, cell_spans

USEFUL = "Is this page useful?"
TO_TOP = "Back to top"
CONTENTS = "Contents of this page"


class OldWeb(Web):
    """As written by hand twenty years ago: no header cells, bullets typed in cells, notes in brackets."""

    def box(self, title: str | None, inside: str) -> str:
        head = f"<p><b>{self.inline(title)}</b></p>\n" if title else ""
        return f'<div class="callout">\n{head}{inside}\n</div>'

    def cell(self, cell: Cell, head: bool) -> str:
        lines = "<br>\n".join(("• " if cell.bullets else "") + self.inline(line) for line in cell.lines)
        return f'<td valign="top"{cell_spans(cell)}>{f"<b>{lines}</b>" if head else lines}</td>'

    def notes(self) -> str:
        notes = (
            f"<p><small>[{n}] {self.inline(self.document.notes[mark])}</small></p>" for n, mark in self._numbered()
        )
        return "\n<hr>\n" + "\n".join(notes)

    def _numbered(self) -> list[tuple[int, str]]:
        return list(enumerate(self.called, 1))

    def _span(self, kind: str, value: str) -> str:
        if kind != "note":
            return super()._span(kind, value)
        self.called.append(value)
        return f"<sup>[{len(self.called)}]</sup>"


class DetailsWeb(Web):
    """As a public body's site has it: call-outs that open, and a way back to the top after every section."""

    def box(self, title: str | None, inside: str) -> str:
        return f"<details><summary>{self.inline(title or '')}</summary>\n<div>{inside}</div></details>"

    def body(self) -> str:
        parts: list[str] = []
        for block in self.document.blocks:
            if isinstance(block, Heading) and block.level == 2 and len(parts) > 3:
                parts.append(f'<p><a class="top" href="#top">{TO_TOP}</a></p>')
            parts.append(self.block(block))
            if isinstance(block, Heading) and block.level == 1:
                parts.append(self._contents())
        return "\n".join(parts) + self.notes()

    def _contents(self) -> str:
        sections = [plain(b.text) for b in self.document.blocks if isinstance(b, Heading) and b.level == 2]
        return f'<nav class="contents" aria-label="{CONTENTS}"><p>{CONTENTS}</p><ol>{_links(sections)}</ol></nav>'


def site_page(document: Document) -> str:
    """The page, in the style that the front matter names."""
    pages = {"plain": _plain_page, "old": _old_page, "details": _details_page}
    site = document.meta["site"]
    title = f"{escape(document.title)} | {escape(site['name'])}"
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    page = pages[document.meta.get("style", "plain")](document, site)
    return f'<!DOCTYPE html>\n<html lang="{document.language}">\n{head}\n<body id="top">\n{page}\n</body></html>\n'


def _plain_page(document: Document, site: dict[str, Any]) -> str:
    return f"""<a class="skip-link" href="#main">{escape(site["skip"])}</a>
<div class="cookie-bar" role="dialog"><p>{escape(site["cookies"])}</p>{_buttons(site["cookie_buttons"])}</div>
<header class="site-header"><nav aria-label="Main"><ul>{_links(site["nav"])}</ul></nav></header>
<nav class="breadcrumb"><ol>{_links(site["breadcrumb"])}</ol></nav>
<main id="main"><article>
{Web(document).body()}
<div class="share"><span>{escape(site["share"])}</span><ul>{_links(site["share_links"])}</ul></div>
</article></main>
<aside class="related"><h2>{escape(site["related_title"])}</h2><ul>{_links(site["related"])}</ul></aside>
<footer class="site-footer"><ul>{_links(site["footer_links"])}</ul><p>{escape(site["footer"])}</p></footer>"""


def _old_page(document: Document, site: dict[str, Any]) -> str:
    """Set out with a table: menu on the left, text in the middle, news on the right."""
    return f"""<div id="cookiemsg"><p>{escape(site["cookies"])}</p>{_buttons(site["cookie_buttons"])}</div>
<div class="hidden"><a href="#content">{escape(site["skip"])}</a></div>
<table width="100%" cellpadding="8"><tr><td colspan="3" id="crumbs">{_row(site["breadcrumb"], " &gt; ")}</td></tr>
<tr><td id="menu" width="15%" valign="top"><ul>{_links(site["nav"])}</ul></td>
<td id="content" valign="top">
{OldWeb(document).body()}
<p class="share">{escape(site["share"])} {_row(site["share_links"], " | ")}</p>
</td>
<td id="news" width="20%" valign="top"><h3>{escape(site["related_title"])}</h3>
<ul>{_links(site["related"])}</ul></td></tr>
<tr><td colspan="3" id="footer"><p>{_row(site["footer_links"], " | ")}</p>
<p>{escape(site["footer"])}</p></td></tr></table>"""


def _details_page(document: Document, site: dict[str, Any]) -> str:
    feedback = f"<h2>{USEFUL}</h2><button>Yes</button><button>No</button>"
    return f"""<div class="cookie-banner" aria-label="Cookies"><p>{escape(site["cookies"])}</p>
{_buttons(site["cookie_buttons"])}</div>
<a class="skip-link" href="#main">{escape(site["skip"])}</a>
<header role="banner"><nav><ul>{_links(site["nav"])}</ul></nav></header>
<div class="breadcrumbs"><ol>{_links(site["breadcrumb"])}</ol></div>
<main id="main"><div class="grid"><div class="two-thirds">
{DetailsWeb(document).body()}
</div><div class="one-third"><div class="related-items" role="complementary"><h2>{escape(site["related_title"])}</h2>
<ul>{_links(site["related"])}</ul></div></div></div>
<div class="share-links"><p>{escape(site["share"])}</p><ul>{_links(site["share_links"])}</ul></div>
<div class="feedback" role="region">{feedback}</div></main>
<footer role="contentinfo"><ul>{_links(site["footer_links"])}</ul><p>{escape(site["footer"])}</p></footer>"""


def site_strings(document: Document) -> list[str]:
    """What the site puts around the text, none of it to be stored."""
    site = document.meta["site"]
    lists = ("cookie_buttons", "nav", "breadcrumb", "share_links", "related", "footer_links")
    texts = [site[name] for name in ("skip", "cookies", "share", "related_title", "footer")]
    more = [USEFUL, TO_TOP, CONTENTS] if document.meta.get("style") == "details" else []
    return texts + [text for name in lists for text in site[name]] + more


def _links(texts: list[str]) -> str:
    return "".join(f'<li><a href="/{n}">{escape(text)}</a></li>' for n, text in enumerate(texts))


def _row(texts: list[str], between: str) -> str:
    return between.join(f'<a href="/{n}.htm">{escape(text)}</a>' for n, text in enumerate(texts))


def _buttons(texts: list[str]) -> str:
    return "".join(f"<button>{escape(text)}</button>" for text in texts)
