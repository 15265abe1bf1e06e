"""The HTML of the chat page: a document's words are escaped, a quote is marked in its section. Nothing is drawn here."""

import re
from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from assistant.check import Citation, Statement, standing
from ingest.manifest import Audience, Source

DIGEST = "summary, not the adopted text"
AROUND = 450
TITLE = 30
MARKDOWN, BACKSLASHED = re.compile(r"([^\w\s…])"), r"\\\1"
OPEN, CLOSE = "\ue000", "\ue001"


def statement_html(statement: Statement, language: str) -> str:
    """One statement; the assistant's own remarks look different from what documents say."""
    kind = "said" if statement.marks else "remark"
    return f'<span class="{kind}" lang="{escape(language)}" dir="auto">{escape(statement.text)}</span>'


def chip_label(mark: int, citation: Citation) -> str:
    """The number of a citation and its document, short: "1 · Partnership Approach". In Markdown, for a button."""
    title = short_title(citation.title, citation.publisher)
    past = f", {citation.status}" if citation.status in ("ended", "superseded") else ""
    return f"{mark} :small[· {MARKDOWN.sub(BACKSLASHED, title + past)}]"


def short_title(title: str, publisher: str | None) -> str:
    """A title without its publisher's name in front and its subtitle behind, cut at a word."""
    for apostrophe in ("'", "’"):
        title = title.removeprefix(f"{publisher}{apostrophe}s ")
    title = title.split(": ")[0]
    return title if len(title) <= TITLE else title[: TITLE + 1].rsplit(" ", 1)[0] + " …"


def passage_html(citation: Citation, text: str | None, reason: str) -> str:
    """The document, the place in it, and the quote marked in its section; `text` None means that the text is gone."""
    facts = [citation.publisher, standing_words(citation), place(citation)]
    lines = [f'<p class="title"><strong>{escape(citation.title)}</strong></p>']
    lines += [f'<p class="fact">{escape(fact)}</p>' for fact in facts if fact]
    lines += ['<p class="digest">Summary, not the adopted text</p>'] if citation.digest else []
    lines.append(f'<div class="passage" tabindex="0">{excerpt_html(citation, text)}</div>')
    lines += ['<p class="fact">The document has changed since this answer. Ask again to see what it says now.</p>'] if text is None else []
    lines += [f'<p class="fact">Checked: {escape(reason)}.</p>'] if reason else []
    lines += [f'<p class="fact">Original: {link_html(citation.url)}</p>'] if citation.url else []
    return "".join(lines)


def standing_words(citation: Citation) -> str:
    """What the document is, without the word that it is a summary, which stands by itself."""
    return citation.standing.removesuffix(DIGEST).rstrip(", ").capitalize()


def place(citation: Citation) -> str:
    """Section trail and page, as far as they are known."""
    trail = [part for part in citation.section.split(" > ") if part and part != citation.title]
    return ", ".join(part for part in (" › ".join(trail), f"page {citation.page}" if citation.page else "") if part)


def excerpt_html(citation: Citation, text: str | None) -> str:
    """The section around the quote, a long one cut at words; a digest's words stand without quotation marks."""
    left, right = ("", "") if citation.digest else ("“", "”")
    if text is None:
        return f"{left}<mark>{tidy(escape(citation.quote))}</mark>{right}"
    span = citation.section_span
    before, after = text[min(span.start, citation.start) : citation.start], text[citation.end : max(span.end, citation.end)]
    if len(before) > AROUND:
        before = "… " + before[-AROUND:].split(maxsplit=1)[-1]
    if len(after) > AROUND:
        after = after[:AROUND].rsplit(maxsplit=1)[0] + " …"
    shown = tidy(escape(f"{before}{OPEN}{citation.quote}{CLOSE}{after}".strip()))
    return shown.replace(OPEN, f"{left}<mark>").replace(CLOSE, f"</mark>{right}")


def tidy(html: str) -> str:
    """Escaped Markdown for a reader: headings bold, list marks as bullets, emphasis marks gone."""
    html = re.sub(r"^#{1,6}\s+(.*)$", r"<strong>\1</strong>", html, flags=re.MULTILINE)
    html = re.sub(r"^(\s*)[-*+]\s+", r"\1• ", html, flags=re.MULTILINE)
    html = re.sub(r"\*\*|__|`", "", html)
    return re.sub(r"\n{3,}", "\n\n", html)


def urgent_html(lines: Iterable[str]) -> str:
    """Whom to contact when somebody is in danger, the first sentence in bold."""
    first, *others = lines
    return f'<div class="alarm"><p><strong>{escape(first)}</strong> {escape(" ".join(others))}</p></div>'


def privacy_html(model: str | None) -> str:
    """What not to write, where messages go, and how long they stay."""
    sent = f"Your questions, and the passages found for them, are sent to the chat model {model}. Urgent messages are not sent."
    lines = (
        sent if model else "Everything stays on the machine that runs this assistant: nothing you write is sent anywhere else.",
        "A conversation is kept for up to 24 hours, so that you can reload the page, and you can delete it at once. "
        "Anyone who has the address of your page can read it. A message about someone in danger is not kept.",
        "If you mark an answer right or wrong, the people who look after this assistant keep the question, the answer and your note.",
    )
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h2>Before you write</h2><ul><li><strong>Do not write names of people or details of a case.</strong></li>{listed}</ul>"


def documents_html(sources: list[Source], audience: Audience) -> str:
    """The documents: title, publisher, what each is, the original's address; and whether they are summaries."""
    listed = "".join(_document(s) for s in sources) or "<li>No document yet.</li>"
    return f'<h2>What this assistant knows</h2>{_summaries(sources, audience)}<ul class="documents">{listed}</ul>'


def _document(source: Source) -> str:
    facts = " · ".join(escape(fact) for fact in (source.publisher, standing(source)) if fact)
    original = f" · Original: {link_html(source.url)}" if source.url else ""
    return f"<li><strong>{escape(source.title or source.id)}</strong><br><small>{facts}{original}</small></li>"


def _summaries(sources: list[Source], audience: Audience) -> str:
    """That texts are summaries and, for staff, how to put the adopted documents in their place."""
    digests = sum(source.digest for source in sources)
    if not digests:
        return ""
    which = "These texts are" if digests == len(sources) else f"{digests} of these {len(sources)} texts are"
    hint = (
        "To put an adopted document in a summary’s place: copy it into the corpus folder, change <code>path</code> in "
        "<code>corpus/sources.toml</code> to that file, remove <code>digest = true</code>, and run <code>guidance ingest</code>."
    )
    return f"<p>{which} summaries in other words, not the adopted documents.{f' {hint}' if audience == 'staff' else ''}</p>"


def link_html(url: str) -> str:
    """A link that opens beside the page and tells the other site nothing; an address of another kind stays text."""
    if urlsplit(url).scheme not in ("http", "https"):
        return escape(url)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(urlsplit(url).hostname or url)}</a>'
