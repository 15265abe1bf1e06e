"""The chat page, drawn by Streamlit's own test runner over the real chain on the real index."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.chain import Guidance, build
from assistant.conversations import Conversations
from assistant.messages import say
from assistant.rerank import Readers
from assistant.settings import Settings
from conftest import ROOT
from fakes import EvenScorer, WordTriage
from ingest.catalogue import stored_text
from ingest.embed import DEFAULT_MODEL
from ingest.manifest import Audience
from ingest.pipeline import ingest

SUPPORT = "What support can we expect from you?"
URGENT = "My colleague is locked in a house"
Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def chain(index: Path) -> Guidance:
    """The whole assistant over the bundled corpus, with a triage whose verdict a test can choose."""
    return build(Settings(data=index), triage=WordTriage())


@pytest.fixture
def open_page(chain: Guidance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page as a browser would; conversations are kept in the test's own folder."""
    monkeypatch.syspath_prepend(ROOT)

    def opened(audience: Audience = "partner", key: str = "", guidance: Guidance = chain, model: str | None = None) -> AppTest:
        settings = Settings(data=tmp_path, model=model)
        page = AppTest.from_function(_script, kwargs={"guidance": guidance, "settings": settings, "audience": audience}, default_timeout=60)
        if key:
            page.query_params["conversation"] = key
        return page.run()

    return opened


def _script(guidance, settings, audience) -> None:
    import app

    app.page(guidance, settings, audience)


def html(page: AppTest) -> str:
    """All that the page wrote, without the scripts."""
    assert not page.exception
    return "\n".join(e.proto.body for e in page.get("html") if not e.proto.body.startswith("<script"))


def words(page: AppTest) -> str:
    """What a person reads on the page."""
    badges = " ".join(m.value for m in page.markdown)
    return unescape(re.sub(r"<[^>]+>", " ", html(page))) + badges


def ask(page: AppTest, message: str) -> AppTest:
    """Type a message and send it."""
    return page.chat_input[0].set_value(message).run()


def key_of(page: AppTest) -> str:
    """The id in the page's address."""
    value = page.query_params["conversation"]
    return value if isinstance(value, str) else value[0]


def kept_files(folder: Path) -> list[Path]:
    """Everything that was written to disk."""
    return [path for path in folder.rglob("*") if path.is_file()]


def click(page: AppTest, label: str) -> AppTest:
    """Press the button with this label."""
    return next(b for b in page.button if b.label == label).click().run()


@pytest.mark.parametrize("audience", ["staff", "partner"])
def test_the_empty_page_says_what_it_knows_and_what_not_to_write(open_page: Open, chain: Guidance, audience: Audience) -> None:
    page = open_page(audience)
    shown = words(page)
    assert "Anti-Slavery International" in shown
    assert f"Partnership guidance for {'staff' if audience == 'staff' else 'partner organisations'}" in shown
    for entry in chain.library.searcher(audience).entries.values():
        assert entry.source.title in shown and entry.source.publisher in shown
    assert "summaries in other words, not the adopted documents" in shown
    assert "Do not write names of people or details of a case." in shown
    assert "nothing you write is sent anywhere else" in shown
    assert say("urgent_first") in shown
    assert 4 <= len(page.button) <= 6


def test_only_staff_are_told_how_to_put_the_adopted_documents_in_place(open_page: Open) -> None:
    assert "guidance sources replace" in words(open_page("staff"))
    assert "guidance sources replace" not in words(open_page("partner"))


def test_a_configured_chat_model_is_named_with_what_is_sent_to_it(open_page: Open) -> None:
    shown = words(open_page(model="openai:some-model"))
    assert "are sent to the chat model openai:some-model" in shown
    assert "nothing you write is sent" not in shown


@pytest.mark.parametrize("audience", ["staff", "partner"])
def test_every_example_question_is_answered_at_a_click(open_page: Open, audience: Audience) -> None:
    for label in [b.label for b in open_page(audience).button]:
        page = click(open_page(audience), label)
        assert page.get("popover"), label
        assert f">{label}</p>" in html(page)


def test_an_answer_has_a_chip_for_each_citation_and_the_quote_marked_in_its_section(open_page: Open, index: Path) -> None:
    page = ask(open_page(), SUPPORT)
    answer = page.session_state.exchanges[0].answer
    chips = [p.proto.popover.label for p in page.get("popover") if "·" in p.proto.popover.label]
    assert answer.status == "answered" and "Answered from the documents" in words(page)
    assert chips == [f"{number} :small[· Partnership Approach]" for number in range(1, len(answer.citations) + 1)]
    marked = [unescape(m) for m in re.findall(r"<mark>(.*?)</mark>", html(page), re.DOTALL)]
    for citation, quote in zip(answer.citations, marked, strict=True):
        assert quote == citation.quote == stored_text(index, citation.version)[citation.start : citation.end]
    assert "Summary, not the adopted text" in html(page) and "“<mark>" not in html(page)


def test_a_mark_and_a_note_are_kept_on_this_machine(open_page: Open, tmp_path: Path) -> None:
    page = ask(open_page(), SUPPORT)
    page.get("button_group")[0].set_value("wrong").run()
    page.text_input[0].set_value("Where is the money?")
    click(page, "Keep the note")
    first, second = map(json.loads, (tmp_path / "feedback.jsonl").read_text(encoding="utf-8").splitlines())
    assert (first["verdict"], first["note"]) == ("wrong", "")
    assert (second["verdict"], second["note"], second["exchange"]) == ("wrong", "Where is the money?", first["exchange"])
    assert first["question"] == SUPPORT and first["answer"] == page.session_state.exchanges[0].answer.text and first["audience"] == "partner"
    assert open_page(key=key_of(page)).get("button_group")[0].value == "wrong"


def test_a_reload_shows_the_conversation_and_another_audience_never_does(open_page: Open) -> None:
    page = ask(open_page("staff"), SUPPORT)
    again = open_page("staff", key_of(page))
    assert html(again) == html(page)
    assert SUPPORT not in html(open_page("partner", key_of(page)))


def test_an_id_that_nobody_was_given_is_not_taken_up(open_page: Open) -> None:
    assert key_of(ask(open_page(key="guess"), SUPPORT)) != "guess"


def test_earlier_messages_make_a_follow_up_understood(open_page: Open) -> None:
    page = ask(ask(open_page(), "What does the Modern Slavery PEC look for in partners?"), "And what support do they offer?")
    first, second = page.session_state.exchanges
    assert second.answer.status in ("answered", "partial", "not_covered")
    assert [e.answer.question for e in (first, second)] == ["What does the Modern Slavery PEC look for in partners?", "And what support do they offer?"]


def test_deleting_leaves_nothing(open_page: Open, tmp_path: Path) -> None:
    page = ask(open_page(), SUPPORT)
    key = key_of(page)
    click(page, "Delete this conversation")
    assert kept_files(tmp_path) == [] and not page.query_params and SUPPORT not in html(page)
    assert page.session_state.key != key and page.session_state.exchanges == ()


def test_an_urgent_message_gets_help_first_and_leaves_no_trace(open_page: Open, tmp_path: Path) -> None:
    page = ask(open_page(), URGENT)
    assert "Please contact someone now" in words(page) and say("urgent_first") in words(page)
    assert not page.get("button_group") and not page.query_params and kept_files(tmp_path) == []
    ask(page, SUPPORT)
    assert URGENT not in html(page) and "This message has not been kept." in html(page)
    assert URGENT not in str(page.session_state.exchanges)
    assert all("locked" not in path.read_text(encoding="utf-8") for path in kept_files(tmp_path))


def test_a_message_that_cannot_be_asked_gets_a_sentence(open_page: Open, tmp_path: Path) -> None:
    page = ask(open_page(), "???")
    assert "The question is empty." in words(page) and kept_files(tmp_path) == []


def test_markup_in_a_message_stays_text(open_page: Open) -> None:
    assert "<b>" not in html(ask(open_page(), "<b>What</b> support can partners expect?"))


def test_a_partner_sees_nothing_of_a_staff_document(open_page: Open, new_data: Callable[[], Path], new_corpus: Callable[..., Path]) -> None:
    rows = '[[source]]\nid = "open"\npath = "open.md"\ntitle = "Open rules"\naudience = "everyone"\n'
    files = {"sources.toml": rows, "open.md": "# Rules\n\nPartners meet in May.\n", "secret-plan.md": "# Hidden plan\n\nSalaries are frozen until the end of May.\n"}
    data = new_data()
    ingest(new_corpus(files), data, DEFAULT_MODEL)
    guidance = build(Settings(data=data), triage=WordTriage(), readers=Readers(EvenScorer()))
    assert "Hidden plan" in words(open_page("staff", guidance=guidance))
    partner = open_page("partner", guidance=guidance)
    assert "Open rules" in words(partner) and "Hidden plan" not in words(partner)
    assert "until the end of May" not in words(ask(partner, "Are salaries frozen?"))
    asked = ask(open_page("staff", guidance=guidance), "Are salaries frozen?")
    assert "until the end of May" in words(asked) and "frozen" not in words(open_page("partner", key_of(asked), guidance))


def test_a_finished_ingestion_is_seen_at_the_next_question(open_page: Open, new_data: Callable[[], Path], new_corpus: Callable[..., Path]) -> None:
    data, corpus = new_data(), new_corpus({"one.md": "# One\n\nPartners meet in May.\n"})
    ingest(corpus, data, DEFAULT_MODEL)
    page = open_page("staff", guidance=build(Settings(data=data), triage=WordTriage(), readers=Readers(EvenScorer())))
    (corpus / "two.md").write_text("# Two\n\nVisits take place in June.\n", encoding="utf-8")
    ingest(corpus, data, DEFAULT_MODEL)
    ask(page, "Do visits take place in June?")
    assert "Visits take place in June." in words(page)


def test_a_setting_that_is_not_allowed_is_a_sentence_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDANCE_MODEL", "nonsense")
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not page.exception and "GUIDANCE_MODEL='nonsense' is not allowed." in page.error[0].value


def test_a_missing_index_is_a_sentence_with_its_remedy(fresh_data: Path, weights: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDANCE_DATA", str(fresh_data))
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not page.exception and "Make one with: guidance ingest" in page.error[0].value


def test_a_conversation_is_gone_after_a_day(open_page: Open, tmp_path: Path) -> None:
    page = ask(open_page(), SUPPORT)
    exchange = page.session_state.exchanges[0]
    Conversations(tmp_path).save(key_of(page), "partner", replace(exchange, asked_at=exchange.asked_at - 24 * 3600 - 1))
    assert SUPPORT not in html(open_page(key=key_of(page))) and kept_files(tmp_path) == []
