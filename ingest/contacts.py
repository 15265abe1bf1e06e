"""Who to turn to: the corpus folder's `contacts.toml`."""

import datetime
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from ingest.errors import ManifestError

ROLES = ("safeguarding", "partnerships", "complaints", "emergency", "helpline")
CONFIRMED_FOR_DAYS = 180


@dataclass(frozen=True, slots=True)
class Contact:
    """A role somebody holds: `country` is an ISO 3166 code or "everywhere", `confirmed` an ISO date or None."""

    role: str
    name: str
    country: str = "everywhere"
    reach: str = ""
    confirmed: str | None = None
    organisation: str | None = None
    note: str | None = None

    def stale(self, today: datetime.date) -> bool:
        """Whether nobody has confirmed the contact in the last 180 days."""
        if self.confirmed is None:
            return True
        return (today - datetime.date.fromisoformat(self.confirmed)).days > CONFIRMED_FOR_DAYS


def load_contacts(corpus: Path) -> tuple[Contact, ...]:
    """The filled-in rows of `contacts.toml`, or none; rows left empty mark what only the organisation knows."""
    path = corpus / "contacts.toml"
    if not path.is_file():
        return ()
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("contact", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ManifestError(f"{path} is not valid TOML: {exc}. Correct the file and run again.") from exc
    if not isinstance(rows, list):
        raise ManifestError(f"{path}: write each contact as [[contact]], with two brackets.")
    return tuple(_contact(row, path) for row in rows if row.get("reach"))


def _contact(row: dict, path: Path) -> Contact:
    known = {field.name for field in fields(Contact)}
    name = row.get("name") or row.get("role") or "a row"
    unknown = set(row) - known
    if unknown:
        raise ManifestError(f"{path}, {name}: unknown field {sorted(unknown)[0]!r}. Allowed are {', '.join(sorted(known))}.")
    for key, value in row.items():
        if not isinstance(value, str):
            raise ManifestError(f"{path}, {name}: {key} = {value!r} has to be text in quotes.")
    if "name" not in row:
        raise ManifestError(f"{path}, {name}: name is missing. Every [[contact]] needs role, name and reach.")
    if row.get("role") not in ROLES:
        raise ManifestError(f"{path}, {name}: role = {row.get('role')!r} is not one of {', '.join(ROLES)}.")
    if row.get("confirmed"):
        try:
            datetime.date.fromisoformat(row["confirmed"])
        except (ValueError, TypeError) as exc:
            raise ManifestError(f"{path}, {name}: confirmed = {row['confirmed']!r} is not a date. Write YYYY-MM-DD.") from exc
    return Contact(**{**row, "confirmed": row.get("confirmed") or None})
