"""What a site allows: its robots.txt (RFC 9309), and the pause it asks for between two visits."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from protego import Protego

from ingest.errors import FetchFailed, RobotsRefused
from ingest.fetch.wire import Deadline

MAX_BYTES = 500 * 1024
Load = Callable[[httpx.URL], str]


@dataclass(slots=True)
class Site:
    """A site's rules, and the moment (monotonic clock) from which it may be visited again. The one value that changes in place."""

    rules: Protego
    free_at: float = 0.0


def site_of(address: httpx.URL, sites: dict[str, Site], load: Load) -> Site:
    """The rules of an address's site, read at the first visit.

    `load` returns the text of a robots.txt, empty where there is none. Raises RobotsRefused where it fails.
    """
    origin = f"{address.scheme}://{address.netloc.decode('ascii')}"
    if origin not in sites:
        try:
            text = load(httpx.URL(f"{origin}/robots.txt"))
        except FetchFailed as exc:
            raise RobotsRefused(
                f"{address} was not fetched: whether its site allows that is not known. {exc} "
                "Or download the document with a browser and copy it into the corpus."
            ) from exc
        sites[origin] = Site(Protego.parse(text))
    return sites[origin]


def check_allowed(address: httpx.URL, site: Site, agent: str) -> None:
    """Raises RobotsRefused where the rules for this agent, or for all, forbid the address."""
    if not site.rules.can_fetch(str(address), agent):
        raise RobotsRefused(
            f"{address} was not fetched: the site's robots.txt asks programs to keep away from it. "
            "Download the document with a browser, or ask its publisher for a copy, and put it into the corpus."
        )


def take_turn(site: Site, agent: str, longest: float, deadline: Deadline) -> None:
    """Wait until the site's crawl delay since the last visit is over, at most `longest` seconds for each visit."""
    pause = site.free_at - time.monotonic()
    if pause > deadline.left:
        raise FetchFailed(f"The site asks for a pause of {pause:.0f} s, longer than the time left for this document. Run again later.")
    time.sleep(max(0.0, pause))
    site.free_at = time.monotonic() + min(site.rules.crawl_delay(agent) or 0.0, longest)
