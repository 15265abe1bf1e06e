"""One document's download: robots.txt, redirects one by one, attempts, body. Nothing of httpx or tenacity leaves this file."""

import email.utils
import ssl
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpcore
import httpx
import tenacity

from ingest.errors import AddressRefused, BodyRefused, FetchFailed
from ingest.fetch import body, robots
from ingest.fetch.record import Fetched
from ingest.fetch.wire import Deadline, GuardedBackend, GuardedTransport
from ingest.manifest import Source

if TYPE_CHECKING:
    from ingest.fetch.fetcher import Fetcher

REDIRECTS = 5
ACCEPT = "application/pdf, text/html, application/vnd.openxmlformats-officedocument.wordprocessingml.document, text/*;q=0.9, */*;q=0.5"
NETWORK = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError)
NOT_AN_ADDRESS = (httpx.InvalidURL, ValueError)  # idna raises ValueErrors of its own
CLIENT_ERRORS = {401: "asks for a password", 403: "refuses access", 404: "is not there", 410: "was removed"}


class Passing(FetchFailed):
    """A failure worth another attempt, after `after` seconds where the server said so."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Visit:
    """A client and a deadline for one document. Use it as a context: leaving it closes every connection."""

    def __init__(self, fetcher: "Fetcher") -> None:
        limits = fetcher.limits
        self._fetcher = fetcher
        self._agent = fetcher.user_agent.partition("/")[0]
        self._deadline = Deadline.from_seconds(limits.total)
        self._client = httpx.Client(
            transport=GuardedTransport(GuardedBackend(fetcher.guard, self._deadline), fetcher.trust),
            headers={"User-Agent": fetcher.user_agent, "Accept": ACCEPT, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            trust_env=False,
        )

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def download(self, source: Source, draft: Path) -> Fetched:
        """Write the document to `draft`; the record's `file` is only its suffix. Raises a FetchError."""
        asked = checked(source.url or "")
        with closing(self._follow(asked, polite=True)) as response:
            address, kind = str(response.url), body.media_type(response.headers.get("Content-Type", ""))
            self._check_head(response, kind)
            size, digest = body.write(self._pieces(response), draft, address, self._fetcher.limits.max_bytes)
        suffix = body.suffix_of(draft, kind, response.url.path, address)
        return Fetched(
            id=source.id,
            file=suffix,
            asked=str(asked),
            address=address,
            status=response.status_code,
            content_type=kind,
            bytes=size,
            sha256=digest,
            time=datetime.now(UTC).isoformat(timespec="seconds"),
            modified=_iso(response.headers.get("Last-Modified")),
            note=body.mismatch(suffix, asked.path, source.path, source.digest),
        )

    def _check_head(self, response: httpx.Response, kind: str) -> None:
        if response.status_code != 200:
            raise FetchFailed(_status_sentence(response))
        body.check_type(str(response.url), kind)
        most, length = self._fetcher.limits.max_bytes, response.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > most:
            raise body.too_large(str(response.url), most)

    def _follow(self, address: httpx.URL, polite: bool) -> httpx.Response:
        """The first answer that is no redirect, its body not yet read. `polite`: each address is first held against robots.txt."""
        asked = address
        for _ in range(REDIRECTS + 1):
            if polite:
                self._heed_robots(address)
            response = self._answer(address)
            if not response.has_redirect_location:
                return response
            response.close()
            address = redirected(address, response.headers["Location"])
        raise FetchFailed(f"{asked} redirects more than {REDIRECTS} times. Put the final address into sources.toml (url).")

    def _heed_robots(self, address: httpx.URL) -> None:
        site = robots.site_of(address, self._fetcher.sites, self._robots_text)
        robots.check_allowed(address, site, self._agent)
        robots.take_turn(site, self._agent, self._fetcher.limits.crawl_delay, self._deadline)

    def _robots_text(self, address: httpx.URL) -> str:
        """Empty for every answer that says there is none; what is over the size that RFC 9309 asks for is left unread."""
        with closing(self._follow(address, polite=False)) as response:
            if response.status_code != 200:
                return ""
            text = b""
            for piece in self._pieces(response):
                text += piece
                if len(text) > robots.MAX_BYTES:
                    break
        return text[: robots.MAX_BYTES].decode("utf-8", "replace")

    def _answer(self, address: httpx.URL) -> httpx.Response:
        """An answer of the server, after as many attempts as it takes and is allowed."""
        limits = self._fetcher.limits
        backoff = tenacity.wait_exponential(multiplier=limits.wait) + tenacity.wait_random(0, limits.wait)

        def pause(state: tenacity.RetryCallState) -> float:
            after = getattr(_error(state), "after", None)
            return backoff(state) if after is None else after

        def worthwhile(state: tenacity.RetryCallState) -> bool:
            error = _error(state)
            return isinstance(error, Passing) and (error.after or 0) <= limits.retry_after

        stop = tenacity.stop_after_attempt(limits.attempts) | tenacity.stop_before_delay(self._deadline.left)
        return tenacity.Retrying(stop=stop, wait=pause, retry=worthwhile, reraise=True)(self._attempt, address)

    def _attempt(self, address: httpx.URL) -> httpx.Response:
        try:
            response = self._client.send(self._client.build_request("GET", address), stream=True)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
            kind = FetchFailed if isinstance(exc.__cause__, ssl.SSLError) or not self._deadline.left else Passing
            raise kind(self._broken(address, exc)) from exc
        except NETWORK as exc:
            raise FetchFailed(self._broken(address, exc)) from exc
        except NOT_AN_ADDRESS as exc:  # httpx reads the Location of a redirect even where it is not to follow it
            raise AddressRefused(f"{address} redirects to something that is no web address ({exc}). Correct url in sources.toml.") from exc
        if response.status_code == 429 or response.status_code >= 500:
            response.close()
            raise Passing(_status_sentence(response), _seconds(response.headers.get("Retry-After")))
        return response

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        """The decoded body. httpx would decode more encodings, and stacks of them, without a bound on memory."""
        address, encoding = response.url, response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("identity", "", "gzip", "x-gzip"):
            raise BodyRefused(f"{address} is packed as {encoding}, which was not asked for. Download it with a browser instead.")
        try:
            yield from body.unpacked(response.iter_raw()) if "gzip" in encoding else response.iter_raw(body.PIECE)
        except NETWORK as exc:
            raise FetchFailed(self._broken(address, exc)) from exc
        except (zlib.error, EOFError) as exc:
            raise FetchFailed(f"{address} arrived damaged ({exc}). Run again later.") from exc

    def _broken(self, address: httpx.URL, exc: Exception) -> str:
        if not self._deadline.left:
            return f"{address} did not finish within {self._deadline.seconds:g} s. Run again later, or download it by hand."
        cause = "no sign of life for too long" if isinstance(exc, httpcore.TimeoutException) else str(exc) or type(exc).__name__
        return f"{address} could not be fetched: {cause}. Check the address and the connection, and run again."


def checked(text: str) -> httpx.URL:
    """An address that may be asked for. Raises AddressRefused for another scheme than http(s), credentials, or no address."""
    try:
        address = httpx.URL(text.strip()).copy_with(fragment=None)
        host, port = address.host, address.port
    except NOT_AN_ADDRESS as exc:
        raise AddressRefused(f"{text!r} is no web address ({exc}). Correct url in sources.toml.") from exc
    if address.userinfo:
        raise AddressRefused(f"The address at {host} holds a user name or password. Take it out of url in sources.toml.")
    if address.scheme not in ("http", "https"):
        raise AddressRefused(f"{text!r} is no http or https address, and no other kind is fetched. Correct url in sources.toml.")
    if not host or (port is not None and port not in range(1, 65536)):
        raise AddressRefused(f"{text!r} names no host, or a port that there is not. Correct url in sources.toml.")
    return address


def redirected(address: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads. Raises AddressRefused where it may not be followed."""
    try:
        target = checked(str(address.join(location)))
    except NOT_AN_ADDRESS as exc:
        raise AddressRefused(f"{address} redirects to {location!r}, which is no address. Correct url in sources.toml.") from exc
    except AddressRefused as exc:
        raise AddressRefused(f"{address} redirects elsewhere, and was not followed. {exc}") from exc
    if address.scheme == "https" and target.scheme == "http":
        raise AddressRefused(f"{address} redirects from https to the unprotected {target}. If that is right, put it into sources.toml (url).")
    return target


def _status_sentence(response: httpx.Response) -> str:
    code = response.status_code
    if code == 429 or code >= 500:
        return f"{response.url} answers with status {code}: the server is busy or broken. Run again later."
    what = CLIENT_ERRORS.get(code, "holds no document")
    return f"{response.url} {what} (status {code}). Open it in a browser and correct url in sources.toml."


def _error(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _seconds(retry_after: str | None) -> float | None:
    """The pause that a Retry-After header asks for, as seconds or as a date; None for one that says neither."""
    if retry_after is None or retry_after.strip().isdecimal():
        return None if retry_after is None else float(retry_after)
    date = _date(retry_after)
    return max(0.0, (date - datetime.now(UTC)).total_seconds()) if date else None


def _iso(header: str | None) -> str | None:
    date = _date(header) if header else None
    return date.isoformat(timespec="seconds") if date else None


def _date(header: str) -> datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(header)
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None
