"""How much of a document's structure arrives: every list item and table cell whole, under its headings, with its lead.

A truth (`NAME.yaml` beside `NAME.pdf`) lists a document's units as a person sees them. A unit arrives when one passage
has exactly its words, its heading trail, and all that introduces it. Nothing is forgiven but white space, and a
definition may stand as "Term: its words".
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest.errors import ReadError
from ingest.manifest import Source
from ingest.notes import passages_of
from ingest.read import Document, read
from ingest.section import headings_of
from ingest.split import Passage, plain


@dataclass(frozen=True, slots=True)
class Miss:
    """A unit that did not arrive: `why` is text, trail, lead, page, note, absent or heading."""

    file: str
    why: str
    unit: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """The outcome for one file: items and cells that arrived, of how many; and all that is amiss."""

    file: str
    arrived: int
    units: int
    misses: tuple[Miss, ...]

    @property
    def share(self) -> float:
        """Units that arrived; NaN for a file without any."""
        return self.arrived / self.units if self.units else float("nan")


def measure_folder(folder: Path) -> tuple[Measured, ...]:
    """Every document of the folder that has a truth."""
    return tuple(measure(path) for path in sorted(folder.glob("*.yaml")))


def measure(truth_file: Path) -> Measured:
    """One document against its truth."""
    truth = yaml.safe_load(truth_file.read_text(encoding="utf-8"))
    units = [unit for unit in truth["units"] if unit["kind"] in ("item", "cell")]
    try:
        document = read(Source(id="d", path=truth["file"], language=truth.get("language", "en")), truth_file.parent)
    except ReadError as exc:
        return Measured(truth["file"], 0, len(units), (Miss(truth["file"], "text", "the whole file", str(exc)),))
    passages = passages_of(document)
    by_text: dict[str, list[Passage]] = {}
    for passage in passages:
        by_text.setdefault(_norm(plain(passage.text)), []).append(passage)
    misses = [miss for unit in units if (miss := _miss(truth["file"], unit, by_text, document))]
    others = (*_sentences(truth, by_text), *_notes(truth, passages), *_absent(truth, passages), *_headings(truth, document))
    return Measured(truth["file"], len(units) - len(misses), len(units), (*misses, *others))


def _miss(file: str, unit: dict, by_text: dict[str, list[Passage]], document: Document) -> Miss | None:
    """Why a unit did not arrive, judged on the passage that comes closest; None when it did."""
    named = [f"{_norm(unit['lead'][-1]).rstrip(':')}: {_norm(unit['text'])}"] if unit.get("lead") else []
    candidates = by_text.get(_norm(unit["text"]), []) or [p for text in named for p in by_text.get(text, [])]
    if not candidates:
        near = next((t for t in by_text if _norm(unit["text"])[:25] in t), "")
        return Miss(file, "text", unit["text"], near)
    trail = [_norm(title) for title in unit["trail"]]
    right = [p for p in candidates if [_norm(t) for t in p.section.trail] == trail]
    if not right:
        return Miss(file, "trail", unit["text"], f"{list(candidates[0].section.trail)} for {unit['trail']}")
    led = [p for p in right if all(_norm(lead).rstrip(":") in _norm(plain(f"{p.lead_text} {p.text}")) for lead in unit.get("lead", []))]
    if not led:
        return Miss(file, "lead", unit["text"], f"{plain(right[0].lead_text)!r} for {unit['lead']}")
    pages = {document.page_at(p.span.start) for p in led}
    if unit.get("page") and pages != {None} and unit["page"] not in pages:
        return Miss(file, "page", unit["text"], f"{pages} for {unit['page']}")
    return None


def _sentences(truth: dict, by_text: dict[str, list[Passage]]) -> list[Miss]:
    wanted = [u["text"] for u in truth["units"] if u["kind"] == "sentence"]
    return [Miss(truth["file"], "sentence", s) for s in wanted if not any(_norm(s) in text for text in by_text)]


def _notes(truth: dict, passages: tuple[Passage, ...]) -> list[Miss]:
    joined = [(_norm(plain(p.text)), _norm(plain(p.note_text))) for p in passages if p.notes]
    wanted = [(note["sentence"], note["note"]) for note in truth.get("notes") or []]
    return [Miss(truth["file"], "note", note) for call, note in wanted if not any(_norm(call) in text and _norm(note) in said for text, said in joined)]


def _absent(truth: dict, passages: tuple[Passage, ...]) -> list[Miss]:
    said = [_norm(f"{plain(p.lead_text)} {plain(p.text)}") for p in passages]
    return [Miss(truth["file"], "absent", words) for words in truth.get("absent") or [] if any(_norm(words) in text for text in said)]


def _headings(truth: dict, document: Document) -> list[Miss]:
    found = [_norm(title) for title in headings_of(document)]
    wanted = [_norm(title) for title in truth.get("headings") or []]
    missing = [Miss(truth["file"], "heading", title) for title in wanted if title not in found]
    return missing + [Miss(truth["file"], "heading", title, "not a heading") for title in found if title not in wanted]


def _norm(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def print_structure(measured: tuple[Measured, ...], misses: bool) -> None:
    """A table by document, and each miss where asked for."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for heading in ("Document", "Arrived", "Of", "Share", "Amiss"):
        table.add_column(heading)
    for one in measured:
        amiss = ", ".join(f"{why} {sum(m.why == why for m in one.misses)}" for why in dict.fromkeys(m.why for m in one.misses))
        table.add_row(one.file, str(one.arrived), str(one.units), f"{one.share:.3f}", amiss)
    arrived, units = sum(m.arrived for m in measured), sum(m.units for m in measured)
    table.add_row("all", str(arrived), str(units), f"{arrived / units if units else float('nan'):.3f}", "", style="bold")
    console = Console()
    console.print(table)
    for miss in (miss for one in measured for miss in one.misses if misses):
        console.print(f"{miss.file}: {miss.why}: {miss.unit!r} {miss.found}", markup=False)
