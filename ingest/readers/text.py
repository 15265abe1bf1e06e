"""Plain text and Markdown are stored as they stand: decoded, line ends made one, and nothing else."""

from pathlib import Path

from ingest.readers.blocks import Extract
from ingest.readers.decode import decode


def read_text(path: Path, name: str) -> Extract:
    """The decoded file. Raises DamagedFile when it is no text, GarbledText when its letters make no words."""
    return Extract(decode(path.read_bytes(), name))
