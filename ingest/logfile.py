"""The log of every ingestion: `ingest.log` in the data folder, a megabyte kept three times over."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

NAME = "ingest.log"


@contextmanager
def logged(data: Path, aloud: bool = False) -> Iterator[None]:
    """Write what the ingestion says of itself to the log, and `aloud` to stderr; a folder that cannot be written goes without."""
    logger = logging.getLogger("guidance.ingest")
    try:
        data.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(data / NAME, maxBytes=2**20, backupCount=2, encoding="utf-8", errors="backslashreplace")
    except OSError:
        yield
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(message)s"))
    logger.setLevel(logging.INFO)
    logger.propagate = False
    handlers = [handler, logging.StreamHandler()] if aloud else [handler]
    for each in handlers:
        logger.addHandler(each)
    try:
        yield
    finally:
        for each in handlers:
            logger.removeHandler(each)
        handler.close()
