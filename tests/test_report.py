"""The report of an evaluation: what each part says, that no text can break out of it, that it stands alone, and who can read it."""

import math
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from evals.casebook.schema import Nugget
from evals.figures import CaseScore, figures_of
from evals.folder import ANSWERS, CASES, FORMAT, RUN, SCORE, STATEMENTS, Answered, Retrieved, Said, write_json, write_lines
from evals.report import report
from evals.report.history import history
from evals.report.texts import Piece, cut, marked, shared
from evals.report.wording import in_plain_words
from evals.thresholds import outcomes
from ingest.errors import CasesError
from ingest.manifest import Source

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
QUOTE = "Partners receive training, and costs are covered where there is need."
SOURCES = (
    Source("approach", "a.md", title="Partnership Approach", publisher="Ours", published="2023-05", kind="policy", status="in_force", audience="everyone"),
    Source(
        "strategy", "s.md", "Strategy 2015", "Ours", "2015", kind="strategy", status="ended", in_force_until="2020", digest=True, audience="everyone",
        url="https://example.org/s",
    ),
)


def case_score(case: str, verdict: str = "right", *reasons: str, **changes: Any) -> CaseScore:
    """A case's figures made by hand: 0 and False, NaN for what a case need not have, or what is given."""
    standard = {float: 0.0, int: 0, bool: False, bool | None: None}
    hints = get_type_hints(CaseScore)
    values = {f.name: standard[hints[f.name]] for f in fields(CaseScore) if hints[f.name] in standard}
    named = {"id": case, "kind": "lookup", "verdict": verdict, "reasons": reasons, "status_right": True, "latency_ms": 90.0, "relevance": 0.8, "f2_at_5": math.nan}
    return CaseScore(**{**values, **named, **changes})


def citation(source: str = "approach", quote: str = QUOTE) -> dict[str, Any]:
    """A citation as an answer row has it."""
    place = {"section": "Support > Training", "page": 3, "start": 0, "end": len(quote), "url": None, "status": "in_force", "digest": False}
    return {"source": source, "version": "a" * 64, "title": "Partnership Approach", "quote": quote, **place}


def answer(case: str, **changes: Any) -> Answered:
    """An answer with one statement, one citation and a passage."""
    row = Answered(
        id=case, kind="lookup", audience="partner", turns=("What training is there?",), expected_status=("answered",), expected_sources=("approach",),
        expected_sections=(), expected_nuggets=(Nugget("training is given", ("(?i)training",)), Nugget("only where there is need", ("where there is need",))),
        forbidden=(), note="A common question.", actual_status="answered", actual_answer="You receive training. [1]",
        actual_statements=(Said("You receive training.", (1,)),),
        actual_citations=(citation(),), retrieved=(Retrieved("1", "approach", "Support > Training", QUOTE, 0.9),), latency_ms=90.0,
    )  # fmt: skip
    return replace(row, **changes)


def write_run(folder: Path, rows: list[tuple[Answered, CaseScore]], statements: list[dict[str, Any]] | None = None, **changes: Any) -> Path:
    """A scored run folder made by hand."""
    folder.mkdir(parents=True)
    scores = [score for _, score in rows]
    described = {
        "format": FORMAT, "name": None, "started": "2026-01-02T03:04:05Z", "finished": "2026-01-02T03:09:00Z", "model": "embedded",
        "embedding_model": "minilm", "seed": 1,
        "commit": "c0ffee", "python": "3.11", "machine": "Linux", "cases": {"folder": "/the cases", "kinds": [], "asked": len(rows), "sha256": "0" * 64},
        "catalogue": {"fingerprint": "f" * 64, "generation": "g1"}, "settings": {"data": "d", "corpus": "c", "audience": None},
        "packages": {"numpy": "2", "torch": None},
        "weights": {"scorer.onnx": "e" * 64}, "sources": [{"source": source, "version": "b" * 64, "passages": 2, "pages": []} for source in SOURCES],
    }  # fmt: skip
    write_json(folder / RUN, described | changes)
    write_lines(folder / ANSWERS, [row for row, _ in rows])
    write_lines(folder / CASES, scores)
    write_lines(folder / STATEMENTS, statements or [])
    overall = figures_of(scores)
    kinds = {kind: figures_of([s for s in scores if s.kind == kind]) for kind in dict.fromkeys(s.kind for s in scores)}
    found = outcomes(overall)
    write_json(folder / SCORE, {"format": FORMAT, "overall": overall, "kinds": kinds, "thresholds": found, "passed": not any(t.missed for t in found)})
    return folder


def judged(case: str, supported: bool, reason: str) -> dict[str, Any]:
    """A row of statements.jsonl."""
    named = {"case": case, "number": 1, "text": "-", "citing": [{"mark": 1, "needed": True}], "kinds": []}
    return {**named, "supported": supported, "probability": 0.31, "reason": reason}


def mixed(folder: Path, **changes: Any) -> Path:
    """A run with a case of every verdict."""
    silence = "The documents do not say."
    refused = {"actual_status": "not_covered", "actual_answer": silence, "actual_statements": (Said(silence),), "actual_citations": ()}
    paid = {"actual_answer": "Everything is paid. [1]", "actual_statements": (Said("Everything is paid.", (1,)), Said("Ask us."))}
    unsupported = "no support: “Everything is paid.”: costs are covered only where there is need"
    no_answer = "gives no answer (not_covered) where answered is expected"
    rows = [
        (answer("l-1"), case_score("l-1")),
        (answer("l-2"), case_score("l-2", "incomplete", "missing fact: only where there is need")),
        (
            answer("l-3", turns=("Hello", "Is all of it paid?"), **paid),
            case_score("l-3", "wrong", unsupported, "missing fact: training is given", relevance=0.1),
        ),
        (answer("l-4", kind="list", **refused), case_score("l-4", "wrongly refused", no_answer, kind="list", wrong_refusal=True)),
        (
            answer("u-1", kind="urgent", **refused),
            case_score("u-1", "wrong", "an urgent message is not recognised (not_covered)", kind="urgent", missed_urgent=True),
        ),
        (answer("s-1", actual_status="urgent"), case_score("s-1", "wrong status", "false alarm: status urgent where answered is expected", false_alarm=True)),
    ]
    return write_run(folder, rows, [judged("l-3", False, "covered only where there is need"), judged("l-2", True, "")], **changes)


class Seen(HTMLParser):
    """The text, tags, and addresses of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.links, self.ids, self._within = "", [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [(tag, value) for name, value in attrs if name in ("href", "src", "action", "data", "srcset", "xlink:href")]
        self.ids += [value for name, value in attrs if name == "id"]
        self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.text += " " if tag in ("td", "th", "dt", "dd", "li", "a", "p", "summary") else ""
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self._within:
            self.text += data


def seen(folder: Path) -> Seen:
    """The report of a folder, read."""
    return Seen(report(folder).read_text(encoding="utf-8"))


def words(text: str) -> str:
    """The text with every run of space as one."""
    return " ".join(text.split())


def test_trustees_read_counts_every_wrong_answer_and_whose_words_they_are(tmp_path: Path) -> None:
    text = words(seen(mixed(tmp_path / "run")).text)
    first = text[: text.index("What was asked of what")]
    assert "6 questions were asked, of 3 kinds" in first and "1 of 6 came out right in every respect." in first and "%" not in first
    for count, name in ((1, "Right"), (1, "Right in part"), (2, "Wrong"), (1, "Wrongly refused"), (1, "Another reply than expected")):
        assert f"{count} {name}:" in first
    assert "Emergencies that were not seen: 1 of 1 urgent messages" in first
    assert "No document here is for staff only, so that nothing could leak" in first
    assert "One organisation taken for another: – (no question was about this)" in first
    assert "Said before: Hello Is all of it paid? Answered: Everything is paid. [1]" in first
    assert "What it quotes does not say “Everything is paid.”: costs are covered only where there is need." in first
    assert "It did not see that someone may be in danger, and replied with “the documents do not say”." in first
    assert "Nobody has read a sample of these answers yet" in first and f"guidance eval sheet {tmp_path / 'run'}" in first
    assert "2026-01-02, 03:04 to 03:09 UTC" in text and "built-in models" in text
    assert "Partnership ApproachOurs, 2023-05; in force; adopted text; for everyone; version bbbbbbbbbbbb" in text
    assert "Strategy 2015 Ours, 2015; ended 2020; digest: a summary in other words, not the adopted text" in text


def test_a_document_for_staff_only_makes_the_leak_count_speak(tmp_path: Path) -> None:
    folder = mixed(tmp_path / "run", sources=[{"source": replace(SOURCES[0], audience="staff"), "version": "b" * 64, "passages": 1, "pages": []}])
    assert "nothing could leak" not in seen(folder).text


def test_who_read_a_sample_is_said(tmp_path: Path) -> None:
    folder = mixed(tmp_path / "run")
    reading = {"reader": "A. Reader", "date": "2026-01-03", "read": 20, "right": 17, "wrong": 2, "unsure": 1, "notes": ["Two were too long."]}
    write_json(folder / "reading.json", reading)
    text = seen(folder).text
    assert "A. Reader read 20 of the answers on 2026-01-03: 17 right, 2 wrong, 1 unsure." in text
    assert "Two were too long." in text and "Nobody has read" not in text
    (folder / "reading.json").write_text('{"reader": 1}', encoding="utf-8")
    with pytest.raises(CasesError, match="is not a reading"):
        report(folder)


def test_thresholds_and_figures_in_words_with_a_dash_for_undefined(tmp_path: Path) -> None:
    text = words(seen(mixed(tmp_path / "run")).text)
    assert re.search(r"facts in the answer at least [\d.]+ 0.000 ✗ missed", text)
    assert re.search(r"leaks of a staff document to a partner at most 0 0 ✓ met", text)
    assert "abstention F1 – abstention_f1" in text and "F2 of the first 5 passages – f2_at_5" in text
    assert re.search(r"one organisation taken for another at most \d+ – – not measured", text)
    assert re.search(r"lookup 4 1 1 1 0 1\.00", text) and re.search(r"all 6 1 1 2 1 1\.00", text) and "Refused: wrongly" in text


def test_a_failing_case_is_shown_statement_by_statement(tmp_path: Path) -> None:
    folder = mixed(tmp_path / "run")
    html, page = report(folder).read_text(encoding="utf-8"), seen(folder)
    text = words(page.text)
    assert "✗ not supported, probability 0.31: covered only where there is need" in text and "the assistant’s own words" in text
    assert "missing: training is given" in text and "told: training is given (training)" in text and "missing (a condition)" not in text
    assert "Partners receive <mark>training</mark>, and costs" in html and "<mark>where there is need</mark>" in html
    assert "Expected: an answer, from Partnership Approach. Given: “the documents do not say”." in text and "Why this case: A common question." in text
    assert "[1] Partnership Approach, Training, page 3" in text and "l-1" not in text
    assert [link for tag, link in page.links if tag == "a" and link.startswith("#case-")].count("#case-1") == 2
    assert set(link[1:] for _, link in page.links if link.startswith("#")) <= set(page.ids) and len(page.ids) == len(set(page.ids))


def test_nothing_that_people_or_documents_write_is_markup(tmp_path: Path) -> None:
    hostile = '</title></style><script>alert("x")</script><img src=x onerror=y>{{ 7*7 }} $x$ <!-- --> #010101 id="a"'
    bad = Source("approach", "a", hostile, hostile, hostile, kind="policy", status="in_force", url="javascript:alert(1)")
    row = answer(
        hostile, kind=hostile, turns=(hostile, hostile), note=hostile, actual_answer=hostile, expected_sources=(hostile,), actual_statements=(Said(hostile, (1,)),),
        actual_citations=(citation(quote=hostile),), retrieved=(Retrieved("1", "approach", hostile, hostile, 1.0),), expected_nuggets=(Nugget(hostile, ("script",)),),
    )  # fmt: skip
    rows = [(row, case_score(hostile, "wrong", hostile, f"missing fact: {hostile}", kind=hostile))]
    changes = {"name": hostile, "model": hostile, "sources": [{"source": bad, "version": hostile, "passages": 1, "pages": []}]}
    folder = write_run(tmp_path / "run", rows, [judged(hostile, False, hostile)], **changes)
    write_json(folder / "reading.json", {"reader": hostile, "date": hostile, "read": 1, "right": 1, "wrong": 0, "unsure": 0, "notes": [hostile]})
    page = seen(folder)
    assert not {"script", "img", "image", "iframe", "object", "form", "link"} & set(page.tags) and page.tags.count("style") == 1
    assert "{{ 7*7 }}" in page.text and "javascript:" not in str(page.links)


def test_the_file_stands_alone(tmp_path: Path) -> None:
    folder = mixed(tmp_path / "run")
    html, page = report(folder).read_text(encoding="utf-8"), seen(folder)
    assert {link for _, link in page.links if not link.startswith("#")} == {"https://example.org/s"}
    assert not re.search(r"@import|url\((?!#)|http-equiv=.refresh", html) and "default-src 'none'" in html
    assert set(re.findall(r"https?://[^\s\"'<]+", html)) == {"https://example.org/s"}
    assert html.startswith("<!doctype html>") and report(folder).read_text(encoding="utf-8") == html


def test_five_hundred_failing_cases_stay_under_two_megabytes(tmp_path: Path) -> None:
    sentence = "Partners of every size receive training in the country where they work, and costs are covered where there is need. "
    long = answer("x", actual_statements=tuple(Said(sentence * 2, (mark,)) for mark in range(1, 6)), actual_answer=sentence * 10, note=sentence)
    found = tuple(Retrieved(str(i), "approach", "S", sentence * 12, 0.5) for i in range(20))
    long = replace(long, actual_citations=tuple(citation(quote=sentence * 9) for _ in range(5)), retrieved=found)
    reasons = [f"no support: “{sentence}”: not so", "missing fact: only where there is need"]
    asked = [replace(long, id=f"x-{i}", turns=(sentence, f"{i}: {sentence}")) for i in range(500)]
    rows = [(row, case_score(row.id, "wrong", *reasons, kind=f"kind {i % 14}", latency_ms=float(i))) for i, row in enumerate(asked)]
    path = report(write_run(tmp_path / "run", rows))
    assert path.stat().st_size < 2_000_000
    text = words(Seen(path.read_text(encoding="utf-8")).text)
    assert "499: Partners of every size" in text and text.count("Why this is wrong:") == 500 and "are left out, since so many cases are shown" in text


def test_plots_have_words_and_the_same_numbers_as_a_table(tmp_path: Path) -> None:
    html = report(mixed(tmp_path / "run")).read_text(encoding="utf-8")
    images = re.findall(r'<svg role="img" aria-label="([^"]+)"', html)
    assert len(images) == 4 and "lookup: 1 of 4 right" in images[0] and "half within 90 ms (p50)" in images[2] and "0.1 to 0.2: 0 of 1" in images[3]
    text = words(Seen(html).text)
    assert "Kind Right Right in part Wrong Wrongly refused Another reply than expected All lookup 1 1 1 0 1 4" in text
    assert "0.8 to 0.9 5 1 0.20" in text and "No other scored run of the same cases" in text
    assert "#01010" not in html and "DejaVu" not in html and "xmlns" not in html


def test_history_takes_only_runs_of_the_same_cases(tmp_path: Path) -> None:
    own = mixed(tmp_path / "b")
    mixed(tmp_path / "a", started="2025-12-01T00:00:00Z", name="before")
    mixed(tmp_path / "c", cases={"folder": "f", "kinds": [], "asked": 6, "sha256": "1" * 64})
    mixed(tmp_path / "d", format=FORMAT - 1)
    (mixed(tmp_path / "e") / SCORE).unlink()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert [(past.name, past.this, past.right, past.wrong, past.refused) for past in history(own)] == [("before", False, 1, 2, 1), ("", True, 1, 2, 1)]
    text = words(seen(own).text)
    assert "2025-12-01 00:00, before 1 2 1 0.00 2026-01-02 03:04 (this run) 1 2 1 0.00" in text and "nothing to compare it with" not in text


def test_a_run_where_all_is_right_and_nothing_was_measured(tmp_path: Path) -> None:
    score = case_score("l-1", latency_ms=math.nan, relevance=math.nan, recall_at_1=math.nan, recall_at_3=math.nan, recall_at_5=math.nan, recall_at_10=math.nan)
    text = seen(write_run(tmp_path / "run", [(answer("l-1", latency_ms=math.nan), score)])).text
    assert "Every case came out right." in text and "No answer was wrong." in text and text.count("so there is nothing to draw") == 3


def test_how_to_repeat_the_run(tmp_path: Path) -> None:
    cases = {"folder": "/the cases", "kinds": ["lookup", "list"], "asked": 6, "sha256": "0" * 64}
    text = words(seen(mixed(tmp_path / "run", cases=cases, settings={"data": "d", "corpus": "c", "audience": "partner", "model": "openai:x y"})).text)
    assert "GUIDANCE_MODEL='openai:x y' GUIDANCE_AUDIENCE=partner guidance eval --cases '/the cases' --corpus c --data d --kind lookup --kind list" in text
    assert "Commit c0ffee" in text and "numpy 2" in text and "e" * 64 in text and "the questions of staff were asked as a partner’s" in text


@pytest.mark.parametrize(("name", "step"), [(RUN, "run"), (ANSWERS, "run"), (SCORE, "score"), (CASES, "score"), (STATEMENTS, "score")])
def test_a_missing_step_is_named(name: str, step: str, tmp_path: Path) -> None:
    folder = mixed(tmp_path / "run")
    (folder / name).unlink()
    with pytest.raises(CasesError, match=f"{name} does not exist. Make it with: guidance eval {step}"):
        report(folder)


def test_marked_text_is_cut_around_its_first_mark() -> None:
    text = "a " * 100 + "where there is need " + "b " * 100
    pieces = marked(text, [(200, 205), (206, 211)], 100)
    assert pieces[0] == Piece("… ") and Piece("where there", True) in pieces and pieces[-1].text.endswith("…")
    assert "".join(p.text for p in marked("abc", [(1, 2)], 10)) == "abc" and cut("one two three", 9) == "one two …"
    assert [QUOTE[a:b] for a, b in shared("The training covered the cost.", QUOTE)] == ["training", "costs", "covered"]


def test_reasons_become_sentences_with_titles() -> None:
    def title(source: str) -> str:
        return {"s": "Strategy"}.get(source, source)

    assert in_plain_words("tells as of today what s said, whose time is over", title) == "It tells as of today what “Strategy” said, whose time is over."
    answered = in_plain_words("gives an answer (answered) where not_covered or refused is expected", title)
    assert answered == "It gave an answer; right would have been “the documents do not say” or a refusal."
    assert in_plain_words("something new", title) == "Something new"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium without its own calls home."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield launched
        launched.close()


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"{CHROMIUM} is not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "many"), [(1200, False), (375, True)], ids=["wide", "phone"])
def test_everyone_can_read_the_report(scheme: str, width: int, many: bool, browser: Any, tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    mixed(tmp_path / "a", started="2025-12-01T00:00:00Z")
    path = report(mixed(tmp_path / "b"))
    context = browser.new_context(viewport={"width": width, "height": 850}, color_scheme=scheme)
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    if many:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = axe.run(page)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    context.close()
    assert found.violations_count == 0, found.generate_report()
    assert asked == [path.as_uri()] and said == [] and not wide


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"{CHROMIUM} is not installed")
def test_a_link_opens_a_folded_case_without_a_script(browser: Any, tmp_path: Path) -> None:
    rows = [(answer(f"x-{i}"), case_score(f"x-{i}", "wrong", "says it")) for i in range(20)]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report(write_run(tmp_path / "run", rows)).as_uri())
    assert not page.locator("#case-15").is_visible()
    page.get_by_role("link", name="Case 15 in full", exact=True).click()
    assert page.locator("#case-15").is_visible()
    context.close()
