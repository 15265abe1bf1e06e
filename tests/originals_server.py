"""A web site on the loopback: the originals, and everything that goes wrong with sites. Also its certificate, and a guard for it."""

import socket
import ssl
import struct
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from ingest.fetch.guard import PublicOnly, Resolve, system_resolve

HOST = "127.0.0.1"
NAME = "policies.example"
OWN = {
    "pec-partnerships.txt": b"Partnerships\nWe work with partners across the sector.\nGet in touch with us.\n",
    "asi-strategy-2015.txt": b"Vision\nFreedom from slavery for everyone, everywhere, always.\n",
}


def originals(folder: Path) -> dict[str, bytes]:
    """The original documents by file name, or two small ones where this checkout has none."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.txt"))} or OWN


@dataclass(frozen=True, slots=True)
class Page:
    """What the server sends. `how`: all at once, a byte each 50 ms for ever, cut off half way, or a reset connection."""

    body: bytes = b""
    content_type: str | None = "text/plain"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    how: Literal["whole", "drip", "drip-head", "cut", "reset", "endless"] = "whole"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it reached the server."""

    path: str
    headers: dict[str, str]


def redirect(location: str, status: int = 302) -> Page:
    """An answer that leads elsewhere."""
    return Page(status=status, headers={"Location": location})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Silent about a client that has hung up between two requests."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class OriginalsServer:
    """Serves `pages` by path, one after the other where there are several for a path, 404 for others; records what was asked."""

    def __init__(self, tls: ssl.SSLContext | None = None, host: str = HOST) -> None:
        self.pages: dict[str, Page | Sequence[Page]] = {}
        self.asked: list[Asked] = []
        self._released = threading.Event()
        self._server = _Server((host, 0), self._handler())
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_address[1]

    def url(self, path: str, host: str = HOST) -> str:
        """The address of a path, under the server's number or any name."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """The paths asked for, robots.txt left out."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def reset(self) -> None:
        """Forget pages and requests."""
        self.pages, self.asked = {}, []

    def __enter__(self) -> "OriginalsServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def next_page(self, path: str) -> Page:
        """The page for the next request of a path; the last of several stays."""
        page = self.pages.get(path, Page(b"not here", status=404))
        if isinstance(page, Page):
            return page
        first, *rest = page
        self.pages[path] = rest or first
        return first

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(Asked(self.path, dict(self.headers)))
                try:
                    self._send(site.next_page(self.path))
                except OSError:
                    self.close_connection = True  # the client has hung up, as it should

            def _send(self, page: Page) -> None:
                if page.how == "reset":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                    self.close_connection = True
                    return
                if page.how == "drip-head":
                    self._drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                self._send_head(page)
                if page.how == "drip":
                    self._drip(page.body)
                self.wfile.write(page.body)
                while page.how == "endless":
                    self.wfile.write(b"x" * 65536)
                self.close_connection = page.how == "cut"

            def _send_head(self, page: Page) -> None:
                self.send_response(page.status)
                if page.content_type:
                    self.send_header("Content-Type", page.content_type)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                if page.how == "endless":
                    self.send_header("Connection", "close")
                else:
                    self.send_header("Content-Length", str(len(page.body) + (0 if page.how == "whole" else 1000)))
                self.end_headers()

            def _drip(self, first: bytes) -> None:
                self.wfile.write(first)
                while not site._released.wait(0.05):
                    self.wfile.write(b"x")

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@dataclass(frozen=True, slots=True)
class LoopbackToo:
    """The guard of the tests: the public addresses and the test server's own, nothing else."""

    resolve: Resolve = system_resolve

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """See Guard."""
        found = tuple(self.resolve(host, port))
        PublicOnly(lambda *_: [address for address in found if address != HOST]).addresses(host, port)
        return found


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server under NAME and HOST shows, and what a client needs to believe it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
