"""The chat page: it draws. Finding, writing and checking are the chain's; keeping is the conversation store's."""

import os
import secrets
import time
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

import streamlit as st

from assistant.chain import Guidance, build
from assistant.check import CitedAnswer, Statement
from assistant.conversations import NEVER_KEPT, VERDICTS, Conversations, Exchange, Feedback, new_key
from assistant.markup import EXAMPLES, HOW_TO_ASK, SHOW_LAST, WAY_IN, badge, chip_label, documents_html, emergency_html
from assistant.markup import passage_html, privacy_html, sentence_for, statement_html, title_html, written_by
from assistant.messages import say
from assistant.notices import whom_to_ask
from assistant.retrieve import Turn
from assistant.search import Searcher
from assistant.settings import Settings
from assistant.stages import Stages
from ingest.manifest import Audience

STYLE = Path(__file__).parent / ".streamlit" / "page.css"


@dataclass(frozen=True, slots=True)
class Desk:
    """What every part of the page draws from; `searcher` sees only what this audience may see."""

    guidance: Guidance
    searcher: Searcher
    settings: Settings
    audience: Audience
    store: Conversations


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
    st.set_page_config(page_title=": ".join(filter(None, (desk.searcher.catalogue.home, WAY_IN[audience]))))
    st.html(STYLE)
    exchanges = conversation(desk)
    message = st.bottom.chat_input("Ask about partnerships", max_chars=4000, key="message") or st.session_state.pop("asked", None)
    if message:
        st.session_state.marked = None
    header(desk, bool(exchanges or message))
    if not exchanges and not message:
        welcome(desk)
    for exchange in exchanges:
        draw(desk, exchange)
    if message:
        respond(desk, message, exchanges)
    elif st.session_state.pop("restored", False):
        show_last()


def conversation(desk: Desk) -> tuple[Exchange, ...]:
    """The exchanges of this visit; after a reload, those kept under the id in the address."""
    state = st.session_state
    if "exchanges" not in state:
        key = st.query_params.get("conversation", "")
        state.exchanges = desk.store.load(key, desk.audience)
        state.key = key if state.exchanges else new_key()
        state.restored = bool(state.exchanges)
    state.exchanges = desk.store.fresh(state.exchanges)
    return state.exchanges


def header(desk: Desk, begun: bool) -> None:
    """Whose assistant this is and which way in; once a conversation has begun, what it knows and the way to delete it."""
    with st.container(horizontal=True, key="head"):
        st.html(title_html(desk.searcher.catalogue.home, desk.audience))
        if begun:
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
    st.html(f"<p>{HOW_TO_ASK}</p>")
    st.html('<h2 id="examples">Questions to begin with</h2>')
    with st.container(horizontal=True, key="examples"):
        for number, question in enumerate(EXAMPLES[desk.audience]):
            st.button(question, key=f"example-{number}", on_click=st.session_state.update, kwargs={"asked": question})
    about(desk)
    show_last()


def about(desk: Desk) -> None:
    """Whom to contact in an emergency, what not to write, where messages go, and the documents."""
    catalogue = desk.searcher.catalogue
    emergency = (say("urgent_first"), whom_to_ask("safeguarding", catalogue.home, catalogue.contacts).text)
    sources = [entry.source for entry in desk.searcher.entries.values()]
    st.html(emergency_html(*emergency))
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
    with st.container(key=f"{'urgent' if answer.status == 'urgent' else 'answer'}-{exchange.id}"):
        words, colour = badge(answer)
        st.badge(words, color=colour)
        shown = ""
        for number, statement in enumerate(answer.statements):
            with st.container(key=f"{'item' if statement.item else 'line'}-{exchange.id}-{number}"):
                st.html(statement_html(statement, answer.language_of(statement)))
                for mark in statement.marks:
                    source = answer.citations[mark - 1].source
                    draw_chip(desk, exchange, statement, mark, f"{'same' if source == shown else 'full'}-{exchange.id}-{number}-{mark}")
                    shown = source
    if answer.citations:
        st.html(f'<p class="fact">{escape(written_by(answer))}</p>')
    if answer.status not in NEVER_KEPT:
        feedback(desk, exchange)


def draw_chip(desk: Desk, exchange: Exchange, statement: Statement, mark: int, key: str) -> None:
    """A button that opens the quote, marked in its section."""
    citation = exchange.answer.citations[mark - 1]
    unchanged = desk.searcher.entries[citation.source].version == citation.version
    text = desk.searcher.text_of(citation.version) if unchanged else None
    with st.popover(chip_label(mark, citation), key=f"chip-{key}"):
        st.html(passage_html(citation, text, statement.verdict.reason if statement.verdict else ""))


@st.fragment
def feedback(desk: Desk, exchange: Exchange) -> None:
    """Right or wrong and, once somebody has marked the answer, a note."""
    key = f"verdict-{exchange.id}"
    with st.container(key=f"feedback-{exchange.id}"):
        verdict = st.pills(
            "Is this answer right?", VERDICTS, default=exchange.verdict, required=True, format_func=str.capitalize, key=key,
            on_change=lambda: record(desk, exchange, st.session_state[key], ""),
        )
        if verdict is None or st.session_state.get("marked") != exchange.id:
            return
        with st.form(f"note-{exchange.id}", clear_on_submit=True, border=False):
            note = st.text_input("Add a note (no names of people, no details of a case)", max_chars=1000)
            kept = st.form_submit_button("Keep the note") and note.strip()
        if kept:
            record(desk, exchange, verdict, note.strip())
        st.html(f'<p class="fact" role="status">Thank you. Your {"note" if kept else "mark"} is kept.</p>')


def record(desk: Desk, exchange: Exchange, verdict: str, note: str) -> None:
    """Keep a verdict with the question and the answer that it is about."""
    marked = replace(exchange, verdict=verdict)
    st.session_state.marked = exchange.id
    desk.store.record(Feedback.on(marked, note, desk.audience))
    keep(desk, marked)


def respond(desk: Desk, message: str, exchanges: tuple[Exchange, ...]) -> None:
    """Answer a message before the reader's eyes; an urgent one leaves no trace of what was written."""
    draw_message(message)
    show_last()
    with st.chat_message("assistant"):
        place = st.empty()
        with place.container():
            answer = answer_to(desk, message, exchanges)
        exchange = Exchange(secrets.token_hex(4), time.time(), answer)
        with place.container():
            draw_answer(desk, exchange)
    show_last()
    keep(desk, exchange)


def show_last() -> None:
    """Bring the latest message to the top of the window, its answer below it; without one, the page's beginning."""
    st.html(SHOW_LAST, unsafe_allow_javascript=True)


def answer_to(desk: Desk, message: str, exchanges: tuple[Exchange, ...]) -> CitedAnswer:
    """The chain's answer, its steps shown while it works; or the sentence that says why there is none."""
    before = [e.answer for e in exchanges if e.answer.status not in NEVER_KEPT]
    earlier, told = tuple(a.question for a in before), tuple(a.told for a in before)
    with st.status("Reading the question …") as status:
        try:
            stages = Stages(lambda words: status.update(label=words))
            answer = desk.guidance.chain.invoke(Turn(message, earlier, desk.audience, told), {"callbacks": [stages]})
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


if __name__ == "__main__":
    main()
