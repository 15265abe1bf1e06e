"""Web pages: the article with its structure, without what the site puts around it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, EmptyFile, ReadError
from ingest.readers.html import read_html

Read = Callable[[str], str]


@pytest.fixture
def page(tmp_path: Path) -> Read:
    """Reads a page with this in its <body>, or the whole source where it says <html>."""

    def read(body: str) -> str:
        path = tmp_path / "page.html"
        path.write_text(body if "<html" in body else f"<!doctype html><html><body><main>{body}</main></body></html>", encoding="utf-8")
        return read_html(path, "page.html").text

    return read


SITE = """<!doctype html><html><head><title>Visits | Our Network</title><style>p{color:red}</style></head><body>
<a class="skip-link" href="#main">Skip to content</a>
<div id="cookie-notice"><p>We set cookies to count visits.</p><button>Accept</button></div>
<header><nav><ul><li><a href="/">Home</a></li></ul></nav></header><nav aria-label="breadcrumb"><a href="/">Start</a></nav>
<main id="main"><h1>Visits</h1><p>Every partner may ask for one visit a year.</p>
<p hidden>Hidden words.</p><div style="display:none">Unseen words.</div><noscript>Switch scripts on.</noscript>
<h2>Forms</h2><p>Fill in one of these:</p><ul><li><a href="/a">Form A: a request</a></li><li><a href="/b">Form B: a complaint</a></li></ul>
<div class="share"><span>Share this page</span><ul><li><a href="https://facebook.com/s">Facebook</a></li><li><a href="mailto:?subject=x">Email</a></li></ul></div>
<h2>Related pages</h2><ul><li><a href="/1">Travel grants</a></li><li><a href="/2">Annual meeting</a></li></ul>
<p><a href="#top">Back to top</a></p><div><h2>Was this page helpful?</h2><button>Yes</button><button>No</button></div></main>
<form id="commentform"><h3>Leave a reply</h3><label>Name</label><input></form><footer><p>© Our Network</p></footer></body></html>"""


def test_only_the_article_is_stored(page: Read) -> None:
    assert page(SITE) == (
        "# Visits\n\nEvery partner may ask for one visit a year.\n\n## Forms\n\nFill in one of these:\n\n- Form A: a request\n- Form B: a complaint"
    )


def test_a_page_of_layout_tables_has_its_article_found(page: Read) -> None:
    words = "Every partner may ask for one visit in each year, and the visitor pays for the travel. " * 4
    text = page(
        f'<html><body><table><tr><td><ul><li><a href="/1">Menu one</a></li><li><a href="/2">Menu two</a></li></ul></td>'
        f"<td><h1>Visits</h1><p>{words}</p><p>A short closing line.</p></td></tr></table></body></html>"
    )
    assert text.startswith("# Visits\n\nEvery partner") and text.endswith("A short closing line.") and "Menu" not in text


def test_words_about_cookies_and_sharing_stay(page: Read) -> None:
    text = page('<h1>Cookies</h1><div class="cookie-policy"><p>' + "We keep one cookie for your language. " * 9 + '</p></div><div class="shared-duties"><p>Duties.</p></div>')
    assert "one cookie for your language" in text and "Duties." in text


def test_teasers_are_left_out_and_link_lists_that_say_something_stay(page: Read) -> None:
    cards = "".join(f'<div class="card"><h3>Event {n}</h3><p>It was nice. <a href="/{n}">Read more »</a></p></div>' for n in range(3))
    text = page(f'<h1>Aid</h1><p>We pay for legal advice when a court is involved.</p><h2>Where to apply</h2><ul><li><a href="/x">Fund A</a></li></ul><h2>Next steps</h2><ul><li><a href="/y">Send us your accounts</a></li></ul>{cards}')
    assert "Fund A" in text and "Send us your accounts" in text and "Event" not in text


def test_nested_lists_keep_depth_labels_and_the_words_behind_them(page: Read) -> None:
    text = page(
        '<ol start="3" type="i"><li><p>One</p><p>more</p><ul><li>a<ol type=A><li>deep</li></ol> tail</li></ul></li><li value="7">Seven</li></ol>'
        "<p>Then:</p><ul><li><span>(a)</span> first</li><li><span>(b)</span> second</li></ul><p>And:</p><ol reversed><li>x</li><li>y</li></ol>"
    )
    assert text == "iii. One more\n  - a tail\n    A. deep\nvii. Seven\n\nThen:\n\n(a) first\n(b) second\n\nAnd:\n\n2. x\n1. y"


def test_definitions_are_items_with_their_term(page: Read) -> None:
    text = page("<dl><dt>Partner</dt><dd>A body that we pay.</dd><dt>Grant</dt><dd>Money.</dd><dd>Goods.</dd></dl>")
    assert text == "- Partner: A body that we pay.\n- Grant:\n  - Money.\n  - Goods."


def test_merged_cells_lists_in_cells_and_headers(page: Read) -> None:
    text = page(
        "<table><caption>Support</caption><thead><tr><th rowspan=2>Stage</th><th colspan=2>Duties</th></tr><tr><th>Ours</th><th>Yours</th></tr></thead>"
        "<tr><th rowspan=2>First</th><td>Lead:<ul><li>one</li><li>two</li></ul></td><td>• three<br>• four</td></tr><tr><td colspan=2>a|b</td></tr></table>"
    )
    assert text.splitlines() == [
        "Support",
        "",
        "| Stage | Duties | << |",
        "| ^^ | Ours | Yours |",
        "| --- | --- | --- |",
        "| First | Lead: <br>• one <br>• two | <br>• three <br>• four |",
        "| ^^ | a\\|b | << |",
    ]


@pytest.mark.parametrize(
    "table, expected",
    [
        ("<tr><td><b>A</b></td><td><b>B</b></td></tr><tr><td>1</td><td>2</td></tr>", "| A | B |\n| --- | --- |\n| 1 | 2 |"),
        ("<tr><td>Name</td><td>Ann</td></tr><tr><td>Place</td><td>Rome</td></tr>", "| Name | Ann |\n| Place | Rome |"),
        ("<tr><td><h3>L</h3><p>left words</p></td><td><h3>R</h3><p>right</p></td></tr>", "### L\n\nleft words\n\n### R\n\nright"),
        ("<tr><td><p>one column</p></td></tr><tr><td>is layout</td></tr>", "one column\n\nis layout"),
    ],
)
def test_headers_and_layout_are_told_from_data(page: Read, table: str, expected: str) -> None:
    assert page(f"<table>{table}</table>") == expected


@pytest.mark.parametrize(
    "call, note",
    [
        ('<sup><a href="#fn1" id="r1">1</a></sup>', '<section><h2>Notes</h2><ol><li id="fn1">The note. <a href="#r1">↩</a></li></ol></section>'),
        ('<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a>', '<hr><div id="ftn1"><p><a href="#_ftnref1" name="_ftn1">[1]</a> The note.</p></div>'),
        ('<sup data-fn="u" class="fn"><a href="#u" id="u-link">1</a></sup>', '<ol class="wp-block-footnotes"><li id="u">The note. <a href="#u-link">↩︎</a></li></ol>'),
        ('<a role="doc-noteref" href="#n">1</a>', '<aside role="doc-endnote" id="n"><p>The note.</p></aside>'),
        ("<sup>1</sup>", "<p><sup>1</sup> The note.</p>"),
        ("<sup>[1]</sup>", "<p><small>[1] The note.</small></p>"),
        ('<sup class="reference"><a href="#c1">[1]</a></sup>', '<ol><li id="c1"><b><a href="#r">^</a></b> <span>The note.</span></li></ol>'),
    ],
)
def test_a_note_stands_below_the_block_that_calls_it(page: Read, call: str, note: str) -> None:
    assert page(f"<p>First words{call} of it.</p><p>Second.</p>{note}") == "First words[^1] of it.\n\n[^1]: The note.\n\nSecond."


def test_raised_words_that_call_nothing_are_words(page: Read) -> None:
    assert page("<p>The 2<sup>nd</sup> of 5 m<sup>2</sup>.</p>") == "The 2nd of 5 m2."


def test_bold_lines_are_headings_and_a_box_does_not_reach_beyond_itself(page: Read) -> None:
    text = page(
        "<h2>Money</h2><p><b>Small grants</b></p><p>Up to £500.</p><div class='callout'><h3>Danger</h3><p>Call 999.</p></div><p>Paid at once.</p>"
        "<details><summary>Who?</summary><p>Members.</p></details><h2>Time</h2><p><strong>Note:</strong> soon.</p>"
    )
    assert text.split("\n\n") == (
        ["## Money", "### Small grants", "Up to £500.", "Paid at once.", "#### Danger", "Call 999.", "#### Who?", "Members.", "## Time", "Note: soon."]
    )


def test_words_are_laid_out_as_a_browser_would(page: Read) -> None:
    assert page('<p>soft\u00adhy&shy;phen,\n  new&nbsp;line<br>and <a href="mailto:a@b.org">write</a> <q>so</q></p>text <i>loose</i>') == (
        "softhyphen, new line and write (a@b.org) “so”\n\ntext loose"
    )


def test_the_title_is_used_only_where_it_heads_the_article(page: Read) -> None:
    html = "<html><head><title>Visits | Network</title></head><body><header>{}</header><main><p>{}</p><p>{}</p></main></body></html>"
    long = "Every partner may ask for one visit in each year, and the visitor pays for the travel there and back again."
    assert page(html.format("<h1>Visits</h1>", "First.", long)).startswith("# Visits\n\nFirst.")
    assert page(html.format("", "Visits", long)) == f"# Visits\n\n{long}"
    assert page(html.format("", "First.", long)) == f"First.\n\n{long}"


def test_fragments_and_bare_text_are_read(page: Read, tmp_path: Path) -> None:
    (tmp_path / "bare.html").write_text("<p>One <b>fragment</b></p>and a tail")
    assert read_html(tmp_path / "bare.html", "bare.html").text == "One fragment\n\nand a tail"


@pytest.mark.parametrize("html", ["", "<html></html>", "<nav>Menu</nav>", "<script>x = 1</script>"])
def test_a_page_without_words_is_empty(tmp_path: Path, html: str) -> None:
    (tmp_path / "e.html").write_text(html)
    with pytest.raises(EmptyFile, match="e.html holds no text"):
        read_html(tmp_path / "e.html", "e.html")


def test_elements_nested_beyond_reading_are_named(tmp_path: Path) -> None:
    (tmp_path / "deep.html").write_text("<div>" * 5000 + "words" + "</div>" * 5000)
    with pytest.raises(DamagedFile, match="deep.html nests"):
        read_html(tmp_path / "deep.html", "deep.html")


TAGS = ("p", "ul", "ol", "li", "table", "tr", "td", "th", "thead", "dl", "dt", "dd", "h1", "h3", "b", "sup", "a href='#x'", "i id='x'", "br", "details", "div", "pre")
SOUP = st.lists(st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag.split()[0]}>" for tag in TAGS] + ["one ", "1", "[1] ", "• two"]), max_size=40)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(SOUP.map("".join).map(str.encode), st.binary(max_size=300)))
def test_any_bytes_are_text_or_a_named_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "fuzz.html"
    path.write_bytes(data)
    try:
        assert any(map(str.isalnum, read_html(path, "fuzz.html").text))
    except ReadError as error:
        assert "fuzz.html" in str(error)
