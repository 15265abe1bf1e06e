"""Originals are fetched from real servers on the loopback; only the guard is replaced, so that it lets the loopback pass."""

import email.utils
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.errors import AddressRefused, BodyRefused, FetchError, FetchFailed, RobotsRefused
from ingest.fetch import USER_AGENT, Fetched, Fetcher, Limits, PublicOnly, compare, load_fetched, report
from ingest.fetch.guard import range_of
from ingest.manifest import Source
from ingest.read import read

from originals_server import HOST, NAME, LoopbackToo, OriginalsServer, Page, certificate, originals, redirect

ROOT = Path(__file__).resolve().parent.parent
ORIGINALS = ROOT.parent / "shared" / "originals"
QUICK = Limits(connect=2, read=1, total=5, max_bytes=200_000, attempts=3, wait=0.01, retry_after=2, crawl_delay=0.3)
PDF = b"%PDF-1.4\nnot much of one\n%%EOF"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(scope="module")
def running() -> Iterator[OriginalsServer]:
    with OriginalsServer() as server:
        yield server


@pytest.fixture
def site(running: OriginalsServer) -> OriginalsServer:
    running.reset()
    return running


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher(guard=LoopbackToo(), limits=QUICK)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".originals"


def row(url: str | None, path: str = "doc.md", id: str = "doc", digest: bool = True) -> Source:
    return Source(id=id, path=path, url=url, digest=digest)


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<w:document/>")
    return buffer.getvalue()


def run(script: str, url: str, folder: Path, environment: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """A script in a process of its own, with an address and a folder as its arguments."""
    command = [sys.executable, "-c", script, url, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **(environment or {})})


def leftovers(folder: Path) -> set[str]:
    """The files in a folder of originals, the lock left out."""
    return {path.name for path in folder.iterdir()} - {"fetched.lock"}


def test_the_originals_arrive_byte_for_byte_and_are_recorded(site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    files = originals(ORIGINALS)
    site.pages = {f"/{name}": Page(body, "text/plain; charset=utf-8") for name, body in files.items()}
    for name, body in files.items():
        source = row(site.url(f"/{name}"), name, Path(name).stem, digest=False)
        fetched = fetcher.fetch(source, folder)
        assert (folder / fetched.file).read_bytes() == body
        assert fetched.file == name and fetched.note is None
        assert read(replace(source, path=fetched.file), folder).text.strip() == body.decode().strip()
    recorded = load_fetched(folder)
    assert set(recorded) == {Path(name).stem for name in files}
    one = recorded["pec-partnerships"]
    assert one.asked == one.address == site.url("/pec-partnerships.txt")
    assert (one.status, one.content_type, one.bytes) == (200, "text/plain", len(files["pec-partnerships.txt"]))
    assert one.sha256 == hashlib.sha256(files["pec-partnerships.txt"]).hexdigest()
    assert datetime.fromisoformat(one.time).utcoffset() == timedelta(0)
    assert leftovers(folder) == {*files, "fetched.json"}


def test_the_server_learns_the_projects_name_and_nothing_else(site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    site.pages = {"/a.txt": Page(b"text")}
    fetcher.fetch(row(site.url("/a.txt#part")), folder)
    robots, asked = site.asked
    assert (robots.path, asked.path) == ("/robots.txt", "/a.txt")
    assert asked.headers["User-Agent"] == robots.headers["User-Agent"] == USER_AGENT
    assert "http" not in USER_AGENT and USER_AGENT.startswith("partnership-guidance/0.1 ")
    assert set(asked.headers) == {"Host", "Accept", "Accept-Encoding", "Connection", "User-Agent"}


@pytest.mark.parametrize(
    ("path", "page", "suffix"),
    [
        ("/a", Page(b"<html><p>Hi</p></html>", "Text/HTML; charset=utf-8"), ".html"),
        ("/a", Page(b"<html/>", "application/xhtml+xml"), ".html"),
        ("/a", Page(PDF, "application/pdf"), ".pdf"),
        ("/a", Page(b"junk first " + PDF, "application/pdf"), ".pdf"),
        ("/a", Page(PDF, "application/octet-stream"), ".pdf"),
        ("/a", Page(PDF, None), ".pdf"),
        ("/a", Page(PDF, "text/html"), ".pdf"),
        ("/a", Page(zipped("word/document.xml"), DOCX_TYPE), ".docx"),
        ("/a", Page(zipped("word/document.xml"), "application/octet-stream"), ".docx"),
        ("/a.md", Page(b"# Hi", "text/plain"), ".md"),
        ("/a.markdown", Page(b"# Hi", "application/octet-stream"), ".md"),
        ("/a", Page(b"# Hi", "text/markdown"), ".md"),
    ],
)
def test_the_suffix_follows_what_arrived(
    path: str, page: Page, suffix: str, site: OriginalsServer, fetcher: Fetcher, folder: Path
) -> None:
    site.pages = {path: page}
    assert fetcher.fetch(row(site.url(path)), folder).file == f"doc{suffix}"
    assert (folder / f"doc{suffix}").read_bytes() == page.body


@pytest.mark.parametrize(
    ("path", "page", "said"),
    [
        ("/a", Page(b"\x89PNG", "image/png"), "image/png"),
        ("/a", Page(b"....", "video/mp4"), "video/mp4"),
        ("/a", Page(zipped("a.txt"), "application/zip"), "application/zip"),
        ("/a", Page(zipped("a.txt"), "application/octet-stream"), "no known kind"),
        ("/a", Page(b"\x7fELF\x00\x01", "application/octet-stream"), "no known kind"),
        ("/a.txt", Page(b"\x7fELF\x00\x01", None), "of no stated type"),
        ("/a", Page(b"<html>log in</html>", "application/pdf"), "does not hold one"),
        ("/a", Page(zipped("a.txt"), DOCX_TYPE), "does not hold one"),
        ("/a", Page(b"", "text/html"), "empty"),
        ("/a", Page(b"x" * 200_001), "limit"),
        ("/a", Page(b"start", how="endless"), "limit"),
        ("/a", Page(b"text", headers={"Content-Encoding": "br"}), "packed as br"),
        ("/a", Page(gzip.compress(gzip.compress(b"text")), headers={"Content-Encoding": "gzip, gzip"}), "packed as gzip, gzip"),
    ],
)
def test_what_is_no_document_is_refused_by_name_and_leaves_nothing(
    path: str, page: Page, said: str, site: OriginalsServer, fetcher: Fetcher, folder: Path
) -> None:
    site.pages = {path: page}
    with pytest.raises(BodyRefused, match=said):
        fetcher.fetch(row(site.url(path)), folder)
    assert leftovers(folder) == set()


def test_a_gzip_body_is_kept_unpacked(site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    text = b"".join(b"Partner %d of many.\n" % i for i in range(9000))
    site.pages = {"/a": Page(gzip.compress(text) + b"trailing", headers={"Content-Encoding": "gzip"})}
    assert fetcher.fetch(row(site.url("/a")), folder).bytes == len(text)
    assert (folder / "doc.txt").read_bytes() == text


def test_a_gzip_bomb_is_met_by_the_count_and_not_by_memory(site: OriginalsServer, folder: Path) -> None:
    site.pages = {"/a": Page(gzip.compress(b"\0" * 300_000_000, 1), headers={"Content-Encoding": "gzip"})}
    script = (
        "import resource, sys; from pathlib import Path; sys.path.insert(0, 'tests')\n"
        "from test_fetch import *\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "fetcher = Fetcher(guard=LoopbackToo(), limits=replace(QUICK, max_bytes=100_000_000))\n"
        "try: fetcher.fetch(row(sys.argv[1]), Path(sys.argv[2]))\n"
        "except BodyRefused: print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    ran = run(script, site.url("/a"), folder)
    assert int(ran.stdout) < 60, ran.stderr
    assert leftovers(folder) == set()


@pytest.mark.parametrize("packed", [gzip.compress(b"text " * 999)[:-12], b"no gzip at all"])
def test_a_damaged_gzip_body_fails(packed: bytes, site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    site.pages = {"/a": Page(packed, headers={"Content-Encoding": "gzip"})}
    with pytest.raises(FetchFailed, match="damaged"):
        fetcher.fetch(row(site.url("/a")), folder)


def test_a_failed_fetch_leaves_the_earlier_original_alone(site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    site.pages = {"/a": [Page(b"first"), Page(b"half", how="cut"), Page(PDF, "application/pdf")]}
    first = fetcher.fetch(row(site.url("/a")), folder)
    with pytest.raises(FetchFailed, match="Run again|run again"):
        fetcher.fetch(row(site.url("/a")), folder)
    assert load_fetched(folder)["doc"] == first and (folder / "doc.txt").read_bytes() == b"first"
    fetcher.fetch(row(site.url("/a")), folder)
    assert leftovers(folder) == {"doc.pdf", "fetched.json"}


@pytest.mark.parametrize("how", ["drip", "drip-head"])
def test_a_server_that_drips_is_left_at_the_deadline(how: str, site: OriginalsServer, folder: Path) -> None:
    site.pages = {"/a": Page(b"x", how=how)}
    slow = Fetcher(guard=LoopbackToo(), limits=replace(QUICK, total=0.5))
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="did not finish within 0.5 s"):
        slow.fetch(row(site.url("/a")), folder)
    assert time.monotonic() - began < 1.5


def test_a_reset_connection_fails_and_a_silent_one_times_out(site: OriginalsServer, folder: Path) -> None:
    hasty = Fetcher(guard=LoopbackToo(), limits=replace(QUICK, read=0.2))
    site.pages = {"/a": Page(how="reset"), "/b": Page(b"", how="cut")}
    with pytest.raises(FetchFailed, match="could not be fetched"):
        hasty.fetch(row(site.url("/a")), folder)
    assert site.paths() == ["/a"]
    with OriginalsServer() as other:
        dead = other.url("/c")
    with pytest.raises(RobotsRefused, match="could not be fetched"):
        hasty.fetch(row(dead), folder)


@pytest.mark.parametrize("code", [401, 403, 404, 410, 204, 206, 304])
def test_an_answer_that_holds_no_document_is_not_asked_for_again(
    code: int, site: OriginalsServer, fetcher: Fetcher, folder: Path
) -> None:
    site.pages = {"/a": Page(status=code)}
    with pytest.raises(FetchFailed, match=f"status {code}.*sources.toml"):
        fetcher.fetch(row(site.url("/a")), folder)
    assert site.paths() == ["/a"]


def test_a_busy_or_broken_server_is_asked_again(site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    site.pages = {"/a": [Page(status=503), Page(status=500), Page(b"text")], "/b": Page(status=502)}
    assert fetcher.fetch(row(site.url("/a")), folder).status == 200
    with pytest.raises(FetchFailed, match="status 502"):
        fetcher.fetch(row(site.url("/b")), folder)
    assert site.paths() == ["/a"] * 3 + ["/b"] * QUICK.attempts


@pytest.mark.parametrize("dated", [False, True])
def test_retry_after_is_honoured(dated: bool, site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    after = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True) if dated else "1"
    site.pages = {"/a": [Page(status=429, headers={"Retry-After": after}), Page(b"text")]}
    began = time.monotonic()
    fetcher.fetch(row(site.url("/a")), folder)
    assert 0.8 < time.monotonic() - began < 2.5


def test_a_retry_after_beyond_the_limit_ends_it_and_nonsense_is_passed_over(
    site: OriginalsServer, fetcher: Fetcher, folder: Path
) -> None:
    site.pages = {"/a": Page(status=429, headers={"Retry-After": "3600"})}
    with pytest.raises(FetchFailed, match="status 429"):
        fetcher.fetch(row(site.url("/a")), folder)
    assert site.paths() == ["/a"]
    nonsense = "Fri, 31 Dec 9999 23:59:59 -2300"
    for said in ("soon", nonsense):
        site.pages = {"/b": [Page(status=503, headers={"Retry-After": said}), Page(b"text", headers={"Last-Modified": nonsense})]}
        assert fetcher.fetch(row(site.url("/b")), folder).modified is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_recorded(status: int, site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    site.pages = {"/a": redirect("b?x=1", status), "/b?x=1": redirect(f"//{HOST}:{site.port}/c", status), "/c": Page(b"text")}
    fetched = fetcher.fetch(row(site.url("/a")), folder)
    assert (fetched.asked, fetched.address) == (site.url("/a"), site.url("/c"))


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("file:///etc/passwd", "no http or https"),
        ("ftp://example.org/a", "no http or https"),
        ("javascript:alert(1)", "no http or https|no address|no web address"),
        ("data:text/plain,hi", "no http or https|no address|no web address"),
        ("http://10.1.2.3/a", "10.1.2.3, a private"),
        ("http://169.254.169.254/latest/meta-data", "link-local"),
        ("http://[::1]/a", "loopback"),
        ("http://[::ffff:10.0.0.1]/a", "IPv4-mapped"),
        ("http://127.0.0.2/a", "loopback"),
        ("http://0/a", "this machine's own"),
        ("http://me:secret@127.0.0.1/a", "user name or password"),
        ("http://127.0.0.1:99999/a", "port"),
    ],
)
def test_a_redirect_to_where_nothing_may_be_fetched_is_refused(
    location: str, said: str, site: OriginalsServer, fetcher: Fetcher, folder: Path
) -> None:
    site.pages = {"/a": redirect(location)}
    with pytest.raises(AddressRefused, match=said) as caught:
        fetcher.fetch(row(site.url("/a")), folder)
    assert "secret" not in str(caught.value)
    assert leftovers(folder) == set()


@pytest.mark.parametrize("location", ["http://[broken/a", "http://a b/", "http://127.0.0.1:port/", "http://", "http://xn--a.b/", "\x01"])
def test_a_redirect_to_no_address_is_a_fetch_error(
    location: str, site: OriginalsServer, fetcher: Fetcher, folder: Path
) -> None:
    site.pages = {"/a": redirect(location)}
    with pytest.raises(FetchError):
        fetcher.fetch(row(site.url("/a")), folder)


def test_a_redirect_loop_and_a_redirect_to_nowhere_end(site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    site.pages = {"/a": redirect("/b"), "/b": redirect("/a"), "/c": Page(status=302)}
    with pytest.raises(FetchFailed, match="more than 5 times"):
        fetcher.fetch(row(site.url("/a")), folder)
    assert len(site.paths()) == 6
    with pytest.raises(FetchFailed, match="status 302"):
        fetcher.fetch(row(site.url("/c")), folder)


@pytest.mark.parametrize(
    "url",
    [
        None, "", "policies/a.pdf", "file:///etc/passwd", "ftp://example.org/a", "http:///a", "http://user:secret@example.org/",
        "http://a\x00b/", "http://xn--a.b/",
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_is_sent(url: str | None, fetcher: Fetcher, folder: Path) -> None:
    with pytest.raises(AddressRefused, match="sources.toml") as caught:
        fetcher.fetch(row(url), folder)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("id", ["../outside", "a/b", ".hidden", "", "a\nb", "x" * 300])
def test_an_id_that_would_lead_out_of_the_folder_is_refused(id: str, fetcher: Fetcher, folder: Path) -> None:
    with pytest.raises(AddressRefused, match="cannot name a file"):
        fetcher.fetch(row("http://example.org/", id=id), folder)


def test_robots_txt_is_obeyed_after_a_redirect_too(site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    rules = b"User-agent: *\nDisallow: /closed/\n\nUser-agent: partnership-guidance\nDisallow: /ours\nAllow: /ours/open\n"
    site.pages = {"/robots.txt": Page(rules), "/a": redirect("/ours/x"), "/ours/open": Page(b"text"), "/closed/a": Page(b"text")}
    for path in ("/ours/x", "/a"):
        with pytest.raises(RobotsRefused, match="robots.txt asks.*corpus"):
            fetcher.fetch(row(site.url(path)), folder)
    assert site.paths() == ["/a"]
    assert fetcher.fetch(row(site.url("/ours/open")), folder).status == 200
    assert fetcher.fetch(row(site.url("/closed/a")), folder).status == 200
    assert [asked.path for asked in site.asked].count("/robots.txt") == 1


@pytest.mark.parametrize(
    "robots",
    [Page(status=404), Page(status=403), Page(b"<html>not found</html>", "text/html"), Page(b"\xff\xfe\x00:" * 9), Page(b"a: b\n" * 300_000)],
)
def test_a_site_without_rules_allows(robots: Page, site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    site.pages = {"/robots.txt": robots, "/a": Page(b"text")}
    assert fetcher.fetch(row(site.url("/a")), folder).status == 200


@pytest.mark.parametrize("robots", [Page(status=503), Page(status=429), Page(how="reset"), Page(b"User", how="cut")])
def test_a_site_whose_rules_cannot_be_read_is_left_alone(
    robots: Page, site: OriginalsServer, fetcher: Fetcher, folder: Path
) -> None:
    site.pages = {"/robots.txt": robots, "/a": Page(b"text")}
    with pytest.raises(RobotsRefused, match="whether its site allows that is not known"):
        fetcher.fetch(row(site.url("/a")), folder)
    assert site.paths() == []


def test_robots_txt_may_redirect_but_not_inwards(site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    site.pages = {"/robots.txt": redirect("/rules"), "/rules": Page(b"User-agent: *\nDisallow: /\n")}
    with pytest.raises(RobotsRefused):
        fetcher.fetch(row(site.url("/a")), folder)
    site.pages = {"/robots.txt": redirect("http://192.168.1.1/robots.txt"), "/a": Page(b"text")}
    with pytest.raises(AddressRefused, match="192.168.1.1, a private"):
        Fetcher(guard=LoopbackToo(), limits=QUICK).fetch(row(site.url("/a")), folder)


@pytest.mark.parametrize(("asked", "least", "most"), [(b"0.2", 0.2, 0.29), (b"60", 0.3, 1.0)])
def test_the_crawl_delay_is_kept_between_two_documents_up_to_the_limit(
    asked: bytes, least: float, most: float, site: OriginalsServer, fetcher: Fetcher, folder: Path
) -> None:
    site.pages = {"/robots.txt": Page(b"User-agent: *\nCrawl-delay: " + asked), "/a": Page(b"text")}
    fetcher.fetch(row(site.url("/a")), folder)
    began = time.monotonic()
    fetcher.fetch(row(site.url("/a")), folder)
    assert least * 0.6 < time.monotonic() - began < most + 0.5


def test_a_kind_that_was_not_expected_is_said(site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    page = Page(b"<html>Please log in</html>", "text/html")
    site.pages = {"/policy.pdf": page, "/policy": page}
    assert "promises .pdf" in (fetcher.fetch(row(site.url("/policy.pdf")), folder).note or "")
    assert "sources.toml promises .txt" in (fetcher.fetch(row(site.url("/policy"), "p.txt", digest=False), folder).note or "")
    assert fetcher.fetch(row(site.url("/policy"), "p.txt", digest=True), folder).note is None


def test_proxies_of_the_environment_are_not_asked(site: OriginalsServer, folder: Path) -> None:
    site.pages = {"/a": Page(b"text")}
    script = "import sys; sys.path.insert(0, 'tests')\nfrom test_fetch import *\n"
    script += "print(Fetcher(guard=LoopbackToo(), limits=QUICK).fetch(row(sys.argv[1]), Path(sys.argv[2])).status)"
    ran = run(script, site.url("/a"), folder, {name: "http://127.0.0.1:9" for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY")})
    assert ran.stdout == "200\n", ran.stderr


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OriginalsServer, Fetcher]]:
    server, client = certificate(tmp_path_factory.mktemp("tls"))
    with OriginalsServer(server) as running:
        yield running, Fetcher(guard=LoopbackToo(lambda *_: [HOST]), limits=QUICK, trust=client)


def test_tls_is_checked_against_the_name_while_the_connection_goes_to_the_checked_address(
    secure: tuple[OriginalsServer, Fetcher], folder: Path
) -> None:
    site, trusting = secure
    site.pages = {"/a": Page(b"text")}
    assert trusting.fetch(row(site.url("/a", NAME)), folder).address == site.url("/a", NAME)
    assert site.asked[-1].headers["Host"] == f"{NAME}:{site.port}"
    with pytest.raises(RobotsRefused, match="(?i)hostname mismatch"):
        trusting.fetch(row(site.url("/a", "other.example")), folder)
    with pytest.raises(RobotsRefused, match="(?i)self-signed"):
        replace(trusting, trust=None, sites={}).fetch(row(site.url("/a", NAME)), folder)


def test_a_redirect_from_https_to_http_is_refused(secure: tuple[OriginalsServer, Fetcher], site: OriginalsServer, folder: Path) -> None:
    locked, trusting = secure
    locked.pages, site.pages = {"/a": redirect(site.url("/a"))}, {"/a": Page(b"text")}
    with pytest.raises(AddressRefused, match="from https to the unprotected"):
        trusting.fetch(row(locked.url("/a", NAME)), folder)
    assert site.asked == []


def test_a_name_that_changes_its_address_is_checked_at_each_connection(site: OriginalsServer, folder: Path) -> None:
    answers, calls = [HOST, HOST, "127.0.0.2"], []

    def rebinding(host: str, port: int) -> list[str]:
        calls.append(host)
        return [answers[len(calls) - 1]]

    with OriginalsServer(host="127.0.0.2") as internal:
        internal.pages = {"/a": Page(b"internal")}
        site.pages = {"/robots.txt": Page(), "/a": Page(b"text")}
        twofaced = Fetcher(guard=LoopbackToo(rebinding), limits=QUICK)
        assert twofaced.fetch(row(site.url("/a", "rebind.example")), folder).bytes == 4
        assert calls == ["rebind.example"], "the name was looked up once for the one connection"
        twofaced.fetch(row(site.url("/a", "rebind.example")), folder)
        with pytest.raises(AddressRefused, match="127.0.0.2, a loopback"):
            twofaced.fetch(row(site.url("/a", "rebind.example")), folder)
        assert len(calls) == 3 and internal.asked == []


def test_the_default_guard_checks_every_answer_of_a_rebinding_resolver() -> None:
    answers = iter([["93.184.216.34"], ["10.0.0.1"], ["93.184.216.34", "::1"]])
    guard = PublicOnly(lambda *_: next(answers))
    assert guard.addresses("rebind.example", 80) == ("93.184.216.34",)
    for said in ("10.0.0.1, a private", "::1, a loopback"):
        with pytest.raises(AddressRefused, match=said):
            guard.addresses("rebind.example", 80)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "127.1", "0.0.0.0"],
)
def test_the_default_fetcher_reaches_nothing_internal(host: str, site: OriginalsServer, folder: Path) -> None:
    site.pages = {"/a": Page(b"text")}
    with pytest.raises(AddressRefused):
        Fetcher().fetch(row(site.url("/a", host)), folder)
    assert site.asked == []


def test_a_name_that_leads_inwards_is_refused_by_the_default_guard(folder: Path) -> None:
    inward = Fetcher(guard=PublicOnly(lambda *_: ["192.168.0.7"]))
    with pytest.raises(AddressRefused, match="intranet.example leads to 192.168.0.7, a private address"):
        inward.fetch(row("http://intranet.example/a"), folder)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("93.184.216.34", "public"),
        ("2606:2800:220:1::1", "public"),
        ("64:ff9b::5db8:d822", "public"),
        ("0.0.0.0", "this machine's own"),
        ("10.255.255.255", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("127.255.255.254", "loopback"),
        ("169.254.1.1", "link-local"),
        ("172.31.0.1", "private"),
        ("192.168.1.1", "private"),
        ("198.19.0.1", "benchmark"),
        ("203.0.113.9", "documentation"),
        ("239.1.1.1", "multicast"),
        ("255.255.255.255", "reserved"),
        ("::", "this machine's own"),
        ("::1", "loopback"),
        ("::10.0.0.1", "reserved"),
        ("::ffff:8.8.8.8", "IPv4-mapped"),
        ("64:ff9b::a00:1", "private"),
        ("64:ff9b:1::a00:1", "reserved"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo"),
        ("2002:0a00:0001::", "6to4"),
        ("fd00:ec2::254", "private"),
        ("fe80::1%1", "link-local"),
        ("ff02::1", "multicast"),
        ("4000::1", "reserved"),
    ],
)
def test_ranges(address: str, kind: str) -> None:
    assert range_of(address) == kind


def test_names_without_an_address_fail_in_a_sentence(folder: Path) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    for host in ("nowhere.example", "x" * 64 + ".example"):
        with pytest.raises(FetchError, match="is not known"):
            Fetcher(guard=PublicOnly(unknown), limits=QUICK).fetch(row(f"http://{host}/a"), folder)
    with pytest.raises(FetchError, match="has no address"):
        Fetcher(guard=PublicOnly(lambda *_: []), limits=QUICK).fetch(row("http://nowhere.example/a"), folder)


def test_a_folder_that_cannot_be_written_and_a_damaged_record_are_named(site: OriginalsServer, fetcher: Fetcher, tmp_path: Path) -> None:
    site.pages = {"/a": Page(b"text")}
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FetchFailed, match="cannot be written"):
        fetcher.fetch(row(site.url("/a")), tmp_path / "file" / "x")
    (tmp_path / "fetched.json").write_text('{"doc": {"id"')
    with pytest.raises(FetchFailed, match="Delete it"):
        fetcher.fetch(row(site.url("/a")), tmp_path)
    assert not (tmp_path / "doc.txt").exists()


def test_the_record_is_plain_json(site: OriginalsServer, fetcher: Fetcher, folder: Path) -> None:
    site.pages = {"/a": Page(b"text", headers={"Last-Modified": "Tue, 02 May 2023 10:00:00 GMT"})}
    fetcher.fetch(row(site.url("/a")), folder)
    (recorded,) = json.loads((folder / "fetched.json").read_text()).values()
    assert recorded["modified"] == "2023-05-02T10:00:00+00:00"
    assert {"id", "file", "asked", "address", "status", "content_type", "bytes", "sha256", "time"} <= set(recorded)


def test_two_runs_take_turns(site: OriginalsServer, folder: Path) -> None:
    from filelock import FileLock

    folder.mkdir()
    impatient = Fetcher(guard=LoopbackToo(), limits=replace(QUICK, total=0.1))
    with FileLock(folder / "fetched.lock"), pytest.raises(FetchFailed, match="Another run"):
        impatient.fetch(row(site.url("/a")), folder)


def test_importing_costs_nothing() -> None:
    script = "import sys, ingest.fetch; print(sorted({'httpx', 'httpcore', 'tenacity', 'protego', 'sentencex', 'filelock'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


URL = "https://a.example/"
FETCHED = Fetched("doc", "doc.pdf", URL, URL, 200, "application/pdf", 1234, "0" * 64, "2024-01-02T00:00:00+00:00")
STORED = "# Aims\n\nPartners must report within 30 days. We meet twice a year.\n\n- Offer [training](https://example.org/t)\n- Share risk fairly."


def test_the_same_words_in_another_layout_differ_in_nothing() -> None:
    fetched = "AIMS\nPartners must report\nwithin 30 days.  We meet twice a year.\n• Offer training\n• Share risk fairly\n"
    difference = compare(STORED, fetched)
    assert (difference.stored_found, difference.fetched_found) == (1.0, 1.0)
    assert difference.stored_words == difference.fetched_words and not difference.missing and not difference.added


def test_one_changed_word_is_shown_beside_what_stands_there_now() -> None:
    difference = compare(STORED, STORED.replace("must", "should") + "\n\nComplaints go to the director.")
    assert difference.stored_found == pytest.approx(4 / 5) and difference.fetched_found == pytest.approx(4 / 6)
    (missing,) = difference.missing
    assert missing.sentence == "Partners must report within 30 days." and missing.nearest == "Partners should report within 30 days."
    assert [change.sentence for change in difference.added] == [missing.nearest, "Complaints go to the director."]


def test_a_digest_is_compared_by_size_and_date_only() -> None:
    difference = compare("In short: report soon.", STORED, digest=True)
    assert (difference.stored_found, difference.fetched_found, difference.missing) == (None, None, ())
    fetched = replace(FETCHED, address="https://b.example/")
    said = report(row(URL), fetched, difference)
    assert "summary in other words: only size and date" in said and "1,234 bytes" in said
    assert "4 words" in said and "2024-01-02" in said and f"redirected from {URL}" in said


def test_a_report_of_another_text_and_of_none() -> None:
    fetched = replace(FETCHED, note="look")
    said = report(row(URL), fetched, compare(STORED, "Today's page is about cookies."))
    assert "0% are in the fetched text" in said and "- Today's page is about cookies." in said and "note: look" in said
    assert "none (there are no sentences)" in report(row(URL), fetched, compare("", ""))
