"""The chat page: it draws. Finding, writing and checking are the chain's; keeping is the conversation store's."""

import datetime
import logging
import os
import secrets
import time
import traceback
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

import streamlit as st
from langchain_core.callbacks import BaseCallbackHandler

from assistant.chain import Guidance, build
from assistant.check import CitedAnswer, Statement
from assistant.conversations import NEVER_KEPT, VERDICTS, Conversations, Exchange, Feedback, new_key
from assistant.markup import chip_label, documents_html, passage_html, privacy_html, statement_html, urgent_html
from assistant.messages import say
from assistant.notices import urgent_help
from assistant.retrieve import Turn
from assistant.search import Searcher
from assistant.settings import Settings
from ingest.errors import GuidanceError
from ingest.manifest import Audience

STYLE = Path(__file__).parent / ".streamlit" / "page.css"
STAGES = {"retrieve": "Searching the documents …", "write": "Choosing the passages that answer …", "check": "Checking every quote …"}
BADGES = {
    "answered": ("Answered from the documents", "green"),
    "partial": ("Partly answered", "orange"),
    "not_covered": ("Not in the documents", "gray"),
    "out_of_scope": ("Not a question for this assistant", "gray"),
    "unsupported_language": ("English only for now", "gray"),
    "refused": ("The rules stay as they are", "gray"),
    "urgent": ("Please contact someone now", "red"),
    "error": ("No answer this time", "orange"),
}
URGENT = {"fr": "Contactez quelqu’un maintenant", "es": "Contacte con alguien ahora"}
WAY_IN = {
    "staff": "For staff · answers come from every document in this assistant",
    "partner": "For partner organisations · answers come from the documents shared with partners",
}
EXAMPLES = {
    "staff": (
        "What do we look for in a new partner?",
        "What support can partners expect?",
        "Why do we work in partnership?",
        "What are our partnership principles?",
        "What gets in the way of good partnerships?",
    ),
    "partner": (
        "What support can partners expect?",
        "What do you look for in a new partner?",
        "Why do you work in partnership?",
        "What are your partnership principles?",
        "What gets in the way of good partnerships?",
    ),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What every part of the page draws from; `searcher` sees only what this audience may see."""

    guidance: Guidance
    searcher: Searcher
    settings: Settings
    audience: Audience
    store: Conversations

    @property
    def home(self) -> str:
        """The organisation whose assistant this is."""
        return self.searcher.catalogue.home or "the organisation"


class Stages(BaseCallbackHandler):
    """Says on the page which step of the chain is at work."""

    def __init__(self, status) -> None:
        self._status = status

    def on_chain_start(self, serialized, inputs, *, name: str | None = None, **_: object) -> None:
        """A step begins."""
        if name in STAGES:
            self._status.update(label=STAGES[name])


@st.cache_resource(show_spinner="Getting ready …")
def guidance_for(settings: Settings) -> Guidance:
    """The chain for these settings, built once for all visitors; it opens a new index by itself."""
    return build(settings)


def main() -> None:
    """The page for the audience that the command set; whatever goes wrong is said in a sentence."""
    try:
        settings = Settings.from_env()
        audience = settings.allow("staff" if os.environ.get("GUIDANCE_CHAT_AUDIENCE") == "staff" else "partner")
        page(guidance_for(settings), settings, audience)
    except Exception as exc:
        st.error(sentence_for(exc))


def page(guidance: Guidance, settings: Settings, audience: Audience) -> None:
    """Draw the header, then the welcome or the conversation, then a new message's answer."""
    desk = Desk(guidance, guidance.library.searcher(audience), settings, audience, Conversations(settings.data))
    st.set_page_config(page_title=f"{desk.home}: partnership guidance")
    st.html(STYLE)
    exchanges = conversation(desk)
    message = st.chat_input("Ask about partnerships", max_chars=4000, key="message") or st.session_state.pop("asked", None)
    header(desk, bool(exchanges or message))
    if not exchanges and not message:
        welcome(desk)
    for exchange in exchanges:
        draw(desk, exchange)
    if message:
        respond(desk, message, exchanges)


def conversation(desk: Desk) -> tuple[Exchange, ...]:
    """The exchanges of this visit; after a reload, those kept under the id in the address."""
    state = st.session_state
    if "exchanges" not in state:
        key = st.query_params.get("conversation", "")
        state.exchanges = desk.store.load(key, desk.audience)
        state.key = key if state.exchanges else new_key()
    state.exchanges = desk.store.fresh(state.exchanges)
    return state.exchanges


def header(desk: Desk, begun: bool) -> None:
    """Whose assistant this is and which way in; once a conversation has begun, what it knows and the way to delete it."""
    with st.container(key="head"):
        st.html(f"<h1>{escape(desk.home)}: partnership guidance</h1><p>{WAY_IN[desk.audience]}</p>")
        if begun:
            with st.container(horizontal=True, key="controls"):
                with st.popover("About this assistant"):
                    about(desk)
                st.button("Delete this conversation", on_click=delete, args=(desk,), key="delete")


def delete(desk: Desk) -> None:
    """Remove the conversation from disk, from memory and from the address."""
    desk.store.delete(st.session_state.key)
    st.session_state.exchanges, st.session_state.key = (), new_key()
    st.query_params.clear()
    st.toast("The conversation is deleted.")


def welcome(desk: Desk) -> None:
    """The empty page: questions to begin with, and what to know before writing one."""
    st.html("<p>Ask what the documents say about working in partnership. Every statement of an answer has a number behind it: "
            "press it to see the sentence in its document. Short, plain questions in English work best.</p>")
    st.html('<h2 id="examples">Questions to begin with</h2>')
    with st.container(horizontal=True, key="examples"):
        for number, question in enumerate(EXAMPLES[desk.audience]):
            st.button(question, key=f"example-{number}", on_click=st.session_state.update, kwargs={"asked": question})
    about(desk)


def about(desk: Desk) -> None:
    """Whom to contact in an emergency, what not to write, where messages go, and the documents."""
    catalogue = desk.searcher.catalogue
    urgent = [claim.text for claim in urgent_help("", "en", catalogue.home, catalogue.contacts) if claim.text != say("urgent_limits")]
    sources = [entry.source for entry in desk.searcher.entries.values()]
    st.html(urgent_html(urgent))
    st.html(privacy_html(desk.settings.model))
    st.html(documents_html(sources, desk.audience))


def draw(desk: Desk, exchange: Exchange) -> None:
    """An exchange of this conversation, as it was first shown."""
    draw_message(exchange.answer.question or "This message has not been kept.")
    with st.chat_message("assistant"):
        if all(citation.source in desk.searcher.entries for citation in exchange.answer.citations):
            draw_answer(desk, exchange)
        else:
            st.html("<p>This answer rested on a document that is no longer here. Please ask again.</p>")


def draw_message(message: str) -> None:
    """What somebody wrote, letter for letter."""
    with st.chat_message("user"):
        st.html(f'<p class="message" dir="auto">{escape(message)}</p>')


def draw_answer(desk: Desk, exchange: Exchange) -> None:
    """Status, statements with their chips, who wrote it, and whether it was right."""
    answer = exchange.answer
    words, colour = BADGES[answer.status]
    with st.container(key=f"{'urgent' if answer.status == 'urgent' else 'answer'}-{exchange.id}"):
        st.badge(URGENT.get(answer.language, words) if answer.status == "urgent" else words, color=colour)
        shown = ""
        for number, statement in enumerate(answer.statements):
            with st.container(key=f"{'item' if statement.item else 'line'}-{exchange.id}-{number}"):
                st.html(statement_html(statement, answer.language))
                for mark in statement.marks:
                    source = answer.citations[mark - 1].source
                    draw_chip(desk, exchange, statement, mark, f"{'same' if source == shown else 'full'}-{exchange.id}-{number}-{mark}")
                    shown = source
    if answer.citations:
        st.caption(written_by(answer))
    if answer.status not in NEVER_KEPT:
        feedback(desk, exchange)


def draw_chip(desk: Desk, exchange: Exchange, statement: Statement, mark: int, key: str) -> None:
    """A button that opens the quote, marked in its section."""
    citation = exchange.answer.citations[mark - 1]
    unchanged = desk.searcher.entries[citation.source].version == citation.version
    text = desk.searcher.text_of(citation.version) if unchanged else None
    with st.popover(chip_label(mark, citation), key=f"chip-{key}"):
        st.html(passage_html(citation, text, statement.verdict.reason if statement.verdict else ""))


def written_by(answer: CitedAnswer) -> str:
    """Who put the answer together, and what the check left out."""
    embedded = answer.writer == "embedded"
    writer = "Put together from the documents’ own sentences." if embedded else "Written by a chat model and checked against the passages it cites."
    left_out = f" Left out, because its passage does not support it: {answer.withheld} of the statements." if answer.withheld else ""
    return writer + left_out


@st.fragment
def feedback(desk: Desk, exchange: Exchange) -> None:
    """Right or wrong, and a note from whoever has one."""
    name = f"verdict-{exchange.id}"
    with st.container(key=f"feedback-{exchange.id}"):
        verdict = st.pills("Is this answer right?", VERDICTS, default=exchange.verdict, required=True, format_func=str.capitalize, key=name)
        if verdict is None:
            return
        if verdict != exchange.verdict and st.session_state.get(f"kept-{name}") != verdict:
            record(desk, exchange, verdict, "")
        with st.form(f"note-{exchange.id}", clear_on_submit=True, border=False):
            note = st.text_input("Add a note, without names of people or details of a case", max_chars=1000)
            if st.form_submit_button("Keep the note") and note.strip():
                record(desk, exchange, verdict, note.strip())
        st.caption("Thank you. Your mark is kept." )


def record(desk: Desk, exchange: Exchange, verdict: str, note: str) -> None:
    """Keep a verdict with the question and the answer that it is about."""
    answer, now = exchange.answer, datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    desk.store.record(Feedback(now, exchange.id, verdict, note, answer.question, answer.text, answer.status, desk.audience))
    keep(desk, replace(exchange, verdict=verdict))


def respond(desk: Desk, message: str, exchanges: tuple[Exchange, ...]) -> None:
    """Answer a message before the reader's eyes; an urgent one leaves no trace of what was written."""
    draw_message(message)
    with st.chat_message("assistant"):
        place = st.empty()
        with place.container():
            answer = answer_to(desk, message, exchanges)
        exchange = Exchange(secrets.token_hex(4), time.time(), answer)
        with place.container():
            draw_answer(desk, exchange)
    keep(desk, exchange)


def answer_to(desk: Desk, message: str, exchanges: tuple[Exchange, ...]) -> CitedAnswer:
    """The chain's answer, its steps shown while it works; or the sentence that says why there is none."""
    earlier = tuple(e.answer.question for e in exchanges if e.answer.status not in NEVER_KEPT)
    with st.status("Reading the question …") as status:
        try:
            answer = desk.guidance.chain.invoke(Turn(message, earlier, desk.audience), {"callbacks": [Stages(status)]})
        except Exception as exc:
            return CitedAnswer(message, "error", (Statement(sentence_for(exc)),))
    return replace(answer, question="") if answer.status == "urgent" else answer


def keep(desk: Desk, exchange: Exchange) -> None:
    """Add or replace an exchange in this visit, and on disk where it may be kept there."""
    state = st.session_state
    state.exchanges = tuple(({e.id: e for e in state.exchanges} | {exchange.id: exchange}).values())
    if exchange.answer.status in NEVER_KEPT:
        return
    try:
        desk.store.save(state.key, desk.audience, exchange)
        st.query_params["conversation"] = state.key
    except OSError:
        st.caption("This conversation could not be kept on disk: it will be gone when you reload the page.")


def sentence_for(exc: Exception) -> str:
    """What a person is told; the log gets the kind and the place of a defect, never what anybody wrote."""
    if isinstance(exc, GuidanceError):
        return str(exc)
    place = traceback.extract_tb(exc.__traceback__)[-1]
    logging.getLogger("guidance").error("%s at %s:%s", type(exc).__name__, place.filename, place.lineno)
    return say("error")


if __name__ == "__main__":
    main()
