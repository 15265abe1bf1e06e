"""`guidance chat` as people meet it: a real process, a real browser, and no request to anywhere but this machine."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from conftest import ENTRY, ROOT, environment
from ingest.manifest import Audience

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
)
SUPPORT = "What support can we expect from you?"
START_SECONDS = 120
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"{CHROMIUM} is not installed")]


@dataclass(frozen=True, slots=True)
class Chat:
    """A page open in the browser, the hosts it asked for anything, and the data folder behind it."""

    page: "playwright.Page"
    data: Path
    hosts: set[str] = field(default_factory=set)

    def ask(self, question: str) -> None:
        """Type a question and wait for the answer's first citation."""
        self.page.get_by_placeholder("Ask about partnerships").fill(question)
        self.page.keyboard.press("Enter")
        playwright.expect(self.chip(1)).to_be_visible(timeout=60_000)

    def chip(self, number: int) -> "playwright.Locator":
        """The button of a citation."""
        return self.page.get_by_role("button", name=f"{number} · Partnership Approach", exact=True)


@pytest.fixture(scope="module", params=["staff", "partner"])
def served(
    request: pytest.FixtureRequest, index: Path, new_data: Callable[[], Path], weights: None
) -> Iterator[tuple[Audience, str, Path]]:
    """The chat of one audience: who it is for, its address and its data folder."""
    data, port = new_data(), free_port()
    shutil.copytree(index, data, dirs_exist_ok=True, ignore=shutil.ignore_patterns("models"))
    command = [*ENTRY, "chat", "--audience", request.param, "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    try:
        wait_until_it_answers(process, f"http://localhost:{port}/_stcore/health")
        yield request.param, f"http://localhost:{port}", data
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
        assert process.returncode == 0 and "Traceback" not in said and SUPPORT not in said
    finally:
        process.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    """Debian's Chromium without its own calls home."""
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(params=[(1200, 850), (375, 740)], ids=["wide", "phone"])
def chat(request: pytest.FixtureRequest, served: tuple[Audience, str, Path], browser: "playwright.Browser") -> Iterator[Chat]:
    """The page on a wide screen and on a phone; a request to another machine fails the test."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    opened = Chat(context.new_page(), served[2])
    opened.page.on("request", lambda asked: opened.hosts.add(urlsplit(asked.url).hostname or "data"))
    opened.page.on("websocket", lambda socket_: opened.hosts.add(urlsplit(socket_.url).hostname or ""))
    opened.page.goto(served[1])
    yield opened
    context.close()
    assert opened.hosts <= {"localhost", "127.0.0.1", "data"}


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(process: subprocess.Popen[str], address: str) -> None:
    """Until the server answers; fails with what it said when it ends or takes too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    process.kill()
    pytest.fail(f"the chat did not start: {process.communicate()[0]}")


def test_the_way_in_shows_on_the_page(chat: Chat, served: tuple[Audience, str, Path]) -> None:
    people = {"staff": "for staff", "partner": "for partner organisations"}[served[0]]
    playwright.expect(chat.page.get_by_text(f"Partnership guidance {people}")).to_be_visible(timeout=60_000)
    playwright.expect(chat.page.get_by_role("heading", name="What this assistant knows")).to_be_attached()
    assert chat.page.locator("html").get_attribute("lang") == "en"


def test_a_click_on_a_citation_shows_the_quote_marked(chat: Chat) -> None:
    chat.ask(SUPPORT)
    playwright.expect(chat.chip(2)).to_be_visible()
    said = chat.page.locator(".stMain").inner_text()
    chat.chip(2).click()
    mark = chat.page.get_by_role("dialog").locator("mark")
    playwright.expect(mark).to_be_visible()
    playwright.expect(mark).to_be_in_viewport()
    assert mark.inner_text() in said
    playwright.expect(chat.page.get_by_role("dialog").get_by_text("Summary, not the adopted text")).to_be_visible()


def test_nothing_is_wider_than_the_screen(chat: Chat) -> None:
    chat.ask(SUPPORT)
    assert chat.page.evaluate("document.querySelector('.stMain').scrollWidth <= document.documentElement.clientWidth")


def test_a_conversation_survives_a_reload_and_is_deleted_at_once(chat: Chat) -> None:
    before = set((chat.data / "conversations").glob("*.json"))
    chat.ask(SUPPORT)
    playwright.expect(chat.page).to_have_url(re.compile("conversation="))
    (kept,) = set((chat.data / "conversations").glob("*.json")) - before
    assert os.name == "nt" or kept.stat().st_mode & 0o777 == 0o600
    chat.page.reload()
    playwright.expect(chat.page.get_by_text(SUPPORT, exact=True)).to_be_visible(timeout=60_000)
    playwright.expect(chat.chip(2)).to_be_visible()
    chat.page.get_by_role("button", name="Delete this conversation").click()
    playwright.expect(chat.page.get_by_role("heading", name="Questions to begin with")).to_be_visible(timeout=60_000)
    assert not kept.exists() and "conversation=" not in chat.page.url


def test_an_answer_can_be_marked(chat: Chat) -> None:
    chat.ask(SUPPORT)
    chat.page.get_by_role("radio", name="Right", exact=True).click()
    playwright.expect(chat.page.get_by_text("Thank you. Your mark is kept.")).to_be_visible()
    assert '"verdict": "right"' in (chat.data / "feedback.jsonl").read_text(encoding="utf-8")


def test_a_port_in_use_is_a_sentence(served: tuple[Audience, str, Path]) -> None:
    _, address, data = served
    command = [*ENTRY, "chat", "--port", str(urlsplit(address).port), "--data", str(data)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 1 and "cannot be used" in done.stderr and "Traceback" not in done.stderr
