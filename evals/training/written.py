"""Written: the invented documents and sections, with questions, that were written for training."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HELD_OUT = frozenset({"c-4", "e-4", "f-3", "f-4", "g-4", "i-4"})
EVERY = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the user's messages before it, the places of the units that answer it, and its kind."""

    question: str
    earlier: tuple[str, ...]
    gold: tuple[int, ...]

    @property
    def wording(self) -> str:
        """The question behind the last message before it, as the assistant reads it."""
        return " ".join([*self.earlier[-1:], self.question])


@dataclass(frozen=True, slots=True)
class Written:
    """Units of a document or section, each with its lead-in and its heading, and what is asked of them."""

    name: str
    units: tuple[str, ...]
    headings: tuple[str, ...]
    questions: tuple[Asked, ...]
    held_out: bool


def read_written(policies: Path, sections: Path | None = None) -> Iterator[Written]:
    """Whole documents (one JSON file each) and single sections (one a line of a JSONL file); some of both are held out."""
    for path in sorted(policies.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        places = {unit["id"]: place for place, unit in enumerate(document["units"])}
        units = tuple(f"{u['lead']} {u['text']}".strip() for u in document["units"])
        asked = tuple(_asked(row, [places[g] for g in row["gold"] if g in places]) for row in document["questions"])
        yield Written(path.stem, units, tuple(u["heading"] for u in document["units"]), asked, path.stem in HELD_OUT)
    for path in sorted(sections.glob("*.jsonl")) if sections else ():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            section = json.loads(line)
            units = tuple(f"{section['lead']} {text}".strip() for text in section["units"])
            asked = tuple(_asked(row, [g - 1 for g in row["gold"]]) for row in section["questions"])
            yield Written(f"{path.stem}:{number}", units, (section["heading"],) * len(units), asked, number % EVERY == EVERY - 1)


def _asked(row: dict, gold: list[int]) -> Asked:
    return Asked(row["q"], tuple(row.get("turns", ())), tuple(gold))
