"""Downloads the originals that the manifest names, and says how each differs from what is indexed.

    fetcher = Fetcher()
    fetched = fetcher.fetch(source, corpus / FOLDER)
    print(report(source, fetched, compare(stored_text, fetched_text, source.digest)))
"""

from ingest.fetch.difference import Change, Difference, compare, report
from ingest.fetch.fetcher import FOLDER, USER_AGENT, Fetcher, Limits
from ingest.fetch.guard import Guard, PublicOnly
from ingest.fetch.record import Fetched, load_fetched

__all__ = [
    "FOLDER",
    "USER_AGENT",
    "Change",
    "Difference",
    "Fetched",
    "Fetcher",
    "Guard",
    "Limits",
    "PublicOnly",
    "compare",
    "load_fetched",
    "report",
]
