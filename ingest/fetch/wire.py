"""The network below httpx: each connection goes to an address that the guard has just allowed, and ends by the deadline."""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore
import httpx

from ingest.fetch.guard import Guard

Options = Iterable[Any] | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment, on the monotonic clock, at which a download has to be done."""

    at: float
    seconds: float

    @classmethod
    def from_seconds(cls, seconds: float) -> "Deadline":
        """So many seconds from now."""
        return cls(time.monotonic() + seconds, seconds)

    @property
    def left(self) -> float:
        """Seconds left, 0 once it is over."""
        return max(0.0, self.at - time.monotonic())

    def cap(self, timeout: float | None) -> float:
        """The shorter of a timeout and what is left. Raises httpcore.ReadTimeout when nothing is."""
        left = self.left
        if not left:
            raise httpcore.ReadTimeout("out of time")
        return left if timeout is None else min(timeout, left)


class TimedStream(httpcore.NetworkStream):
    """A connection whose every wait is cut at the deadline: a body that drips cannot outlast it."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """See httpcore.NetworkStream, as for the methods below."""
        return self._stream.read(max_bytes, self._deadline.cap(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.cap(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, self._deadline.cap(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to the numeric addresses that the guard returned; the name is not looked up a second time.

    TLS is started above this by the host name, so certificates are still checked against it.
    """

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Options = None,
    ) -> httpcore.NetworkStream:
        """Try the allowed addresses in order. Raises AddressRefused, httpcore.ConnectError or httpcore.ConnectTimeout."""
        try:
            addresses = self._guard.addresses(host, port)
        except (OSError, UnicodeError) as exc:
            raise httpcore.ConnectError(f"the name {host} is not known: {exc}") from exc
        failure: Exception = httpcore.ConnectError(f"the name {host} has no address")
        for address in addresses:
            try:
                stream = httpcore.SyncBackend().connect_tcp(address, port, self._deadline.cap(timeout), local_address, socket_options)
                return TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
        raise failure


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Any:
        return iter(self._stream)

    def close(self) -> None:
        self._stream.close()


@cache
def public_trust() -> ssl.SSLContext:
    """The bundled list of public authorities, read once: it takes 30 ms."""
    return httpx.create_ssl_context(trust_env=False)


class GuardedTransport(httpx.BaseTransport):
    """httpx over a pool with the guarded backend; network errors leave as httpcore's own, to be translated once above."""

    def __init__(self, backend: GuardedBackend, trust: ssl.SSLContext | None) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=trust or public_trust(), network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        url = request.url
        address = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        asked = httpcore.Request(request.method, address, headers=request.headers.raw, extensions=request.extensions)
        answer = self._pool.handle_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()
