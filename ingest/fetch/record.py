"""What was downloaded, from where and when: `fetched.json` beside the originals."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.errors import FetchFailed

NAME = "fetched.json"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One original on disk. Times are ISO in UTC; `modified` is the server's word, `note` what a person should look at."""

    id: str
    file: str
    asked: str
    address: str
    status: int
    content_type: str
    bytes: int
    sha256: str
    time: str
    modified: str | None = None
    note: str | None = None


def load_fetched(folder: Path) -> dict[str, Fetched]:
    """The record of a folder by id, empty where nothing was fetched. Raises FetchFailed for one that cannot be used."""
    path = folder / NAME
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {key: Fetched(**row) for key, row in rows.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as exc:
        raise FetchFailed(f"{path} cannot be read ({exc}). Delete it and run: guidance sources fetch") from exc


def save_fetched(folder: Path, rows: dict[str, Fetched]) -> None:
    """Write the record whole: readers see the old one or the new one."""
    draft = folder / f"{NAME}.part"
    draft.write_text(json.dumps({key: asdict(row) for key, row in sorted(rows.items())}, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(draft, folder / NAME)
