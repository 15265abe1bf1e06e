"""Which addresses may be connected to: public ones only, so that no manifest row or redirect reaches an internal service."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Protocol

from ingest.errors import AddressRefused

Resolve = Callable[[str, int], Sequence[str]]
PUBLIC = "public"

# Written out, after IANA's special-purpose registries: `is_global` differs between releases of Python.
_RANGES = {
    "0.0.0.0/8": "this machine's own",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "carrier-grade NAT",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "cloud platform's internal",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignment",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "benchmark",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
    "::/128": "this machine's own",
    "::1/128": "loopback",
    "::ffff:0:0/96": "IPv4-mapped",
    "2001::/32": "Teredo",
    "2001::/23": "protocol assignment",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "3fff::/20": "documentation",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "ff00::/8": "multicast",
}
_NETWORKS = tuple((ip_network(text), name) for text, name in _RANGES.items())
_NAT64 = ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ip_network("2000::/3")


class Guard(Protocol):
    """Decides where a connection may go. Only tests replace the default."""

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The numeric addresses of a host name, all of them allowed.

        Raises AddressRefused if any is not, OSError or UnicodeError if the name has none.
        """
        ...


def system_resolve(host: str, port: int) -> tuple[str, ...]:
    """The operating system's answer, numeric, in its order of preference."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(row[4][0]) for row in rows))


def range_of(address: str) -> str:
    """`public`, or the name of the reserved range that a numeric address lies in.

    An address of the NAT64 prefix counts as the IPv4 address in it: networks without IPv4 reach every such site by one.
    """
    ip = ip_address(address)
    if ip in _NAT64:
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    for network, name in _NETWORKS:
        if ip in network:
            return name
    return PUBLIC if ip.version == 4 or ip in _GLOBAL_UNICAST else "reserved"


@dataclass(frozen=True, slots=True)
class PublicOnly:
    """The guard of every real run: a name with one address that is not public is refused as a whole."""

    resolve: Resolve = system_resolve

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """See Guard."""
        found = tuple(self.resolve(host, port))
        for address in found:
            if (kind := range_of(address)) != PUBLIC:
                raise AddressRefused(
                    f"{host} leads to {address}, a {kind} address: only public ones are fetched. "
                    "Correct url in sources.toml, or copy the file into the corpus by hand."
                )
        return found
