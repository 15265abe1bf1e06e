"""The words and the HTML of the chat page: a document's words are escaped, a quote is marked in its section."""

import logging
import re
import traceback
from html import escape
from urllib.parse import urlsplit

from assistant.check import Citation, CitedAnswer, Statement, standing
from assistant.messages import say
from ingest.errors import GuidanceError
from ingest.manifest import Audience, Source

DIGEST = "summary, not the adopted text"
BEFORE, AFTER = 240, 400
TITLE = 40
MARKDOWN, BACKSLASHED = re.compile(r"([^\w\s…])"), r"\\\1"
OPEN, CLOSE = "\ue000", "\ue001"
COLOURS = {"answered": "green", "partial": "orange", "urgent": "red", "error": "orange"}
HOW_TO_ASK = (
    "Ask what the documents say about working in partnership. Every sentence of an answer has a number behind it: press the "
    "number to see the sentence in its document. Short, plain questions work best, in English, French or Spanish."
)
WAY_IN = {"staff": "Partnership guidance for staff", "partner": "Partnership guidance for partner organisations"}
SHOW_LAST = """<script>{
const main = document.querySelector(".stMain"), head = document.querySelector(".st-key-head").parentElement;
const last = [...document.querySelectorAll(".message")].pop(), covered = getComputedStyle(head).position === "sticky" ? head.offsetHeight : 0;
main.scrollTop += last ? last.getBoundingClientRect().top - main.getBoundingClientRect().top - covered - 16 : -main.scrollTop;
}</script>"""
EXAMPLES = {
    "staff": (
        "What do we look for in a new partner?",
        "What support do we offer partners?",
        "Why do we work in partnership?",
        "What are our partnership principles?",
        "How do we define partnership?",
    ),
    "partner": (
        "What support can we expect from you?",
        "What do you look for in a new partner?",
        "Do you pay our core costs?",
        "Why do you work in partnership?",
        "What are your partnership principles?",
    ),
}


def title_html(home: str | None, audience: Audience) -> str:
    """Whose assistant this is, and which way in."""
    way_in = WAY_IN[audience]
    return f"<h1>{escape(home)}</h1><p>{way_in}</p>" if home else f"<h1>{way_in}</h1>"


def badge(answer: CitedAnswer) -> tuple[str, str]:
    """The status in words, and its colour."""
    return say(f"badge_{answer.status}", answer.language), COLOURS.get(answer.status, "gray")


def written_by(answer: CitedAnswer) -> str:
    """Who put the answer together, and what the check left out."""
    model = answer.writer.removeprefix("model ")
    embedded = "Put together from the documents’ own sentences."
    writer = embedded if answer.writer == "embedded" else f"Written by the chat model {model} and checked against the passages it cites."
    number = "1 statement" if answer.withheld == 1 else f"{answer.withheld} statements"
    return f"{writer} {number} left out, not supported by the passage cited." if answer.withheld else writer


def sentence_for(exc: Exception) -> str:
    """What a person is told; the log gets the kind and the place of a defect, never what anybody wrote."""
    if isinstance(exc, GuidanceError):
        return str(exc)
    place = traceback.extract_tb(exc.__traceback__)[-1]
    logging.getLogger("guidance").error("%s at %s:%s", type(exc).__name__, place.filename, place.lineno)
    return say("error")


def statement_html(statement: Statement, language: str) -> str:
    """One statement, in its language."""
    return f'<span lang="{escape(language)}" dir="auto">{escape(statement.text)}</span>'


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
    if len(before) > BEFORE:
        before = "… " + before[-BEFORE:].split(maxsplit=1)[-1]
    if len(after) > AFTER:
        after = after[:AFTER].rsplit(maxsplit=1)[0] + " …"
    shown = tidy(escape(f"{before}{OPEN}{citation.quote}{CLOSE}{after}".strip()))
    return shown.replace(OPEN, f"{left}<mark>").replace(CLOSE, f"</mark>{right}")


def tidy(html: str) -> str:
    """Escaped Markdown for a reader: headings bold, list marks as bullets, emphasis marks gone."""
    html = re.sub(r"^#{1,6}\s+(.*)$", r"<strong>\1</strong>", html, flags=re.MULTILINE)
    html = re.sub(r"^(\s*)[-*+]\s+", r"\1• ", html, flags=re.MULTILINE)
    html = re.sub(r"\*\*|__|`", "", html)
    return re.sub(r"\n{3,}", "\n\n", html)


def emergency_html(first: str, then: str) -> str:
    """Whom to contact when somebody is in danger."""
    return f'<div class="alarm"><p><strong>{escape(first)}</strong> {escape(then)}</p></div>'


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
        "To put an adopted document in a summary’s place: <code>guidance sources replace ID FILE</code>, then <code>guidance ingest</code>."
    )
    return f"<p>{which} summaries in other words, not the adopted documents.{f' {hint}' if audience == 'staff' else ''}</p>"


def link_html(url: str) -> str:
    """A link that opens beside the page and tells the other site nothing; an address of another kind stays text."""
    if urlsplit(url).scheme not in ("http", "https"):
        return escape(url)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(urlsplit(url).hostname or url)}</a>'
