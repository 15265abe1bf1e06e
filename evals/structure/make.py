"""Makes every document of `sources/` that its producer is installed for, with its truth, in `files/`.

python -m evals.structure.make [NAME ...]
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from evals.structure.fodt import libreoffice
from evals.structure.model import Document
from evals.structure.pages import add_pages, page_texts
from evals.structure.plaintext import Pasted
from evals.structure.platypus import platypus_pdf
from evals.structure.printing import print_pdf
from evals.structure.sites import site_page, site_strings
from evals.structure.source import read
from evals.structure.tex import latex_pdf
from evals.structure.truth import truth
from evals.structure.web import BACK
from evals.structure.word import word, word_pdf

PAGE_FIELD = re.compile(r"\{pages?\}")
SHORT = 20  # letters; so much of a running foot is not to be found in the text by chance
HERE = Path(__file__).parent
SOURCES, FILES = HERE / "sources", HERE / "files"


def web_page(document: Document, folder: Path, work: Path) -> None:
    (folder / document.file).write_text(site_page(document), encoding="utf-8")


def pasted_text(document: Document, folder: Path, work: Path) -> None:
    (folder / document.file).write_text(Pasted(document).text(), encoding="utf-8")


# name: how a document is made, and the program that has to be installed for it
PRODUCERS: dict[str, tuple[Callable[[Document, Path, Path], None], str | None]] = {
    "libreoffice": (libreoffice, "soffice"),
    "chromium": (print_pdf, "chromium"),
    "latex": (latex_pdf, "pdflatex"),
    "libreoffice-word": (word_pdf, "soffice"),
    "python-docx": (word, None),
    "reportlab": (platypus_pdf, None),
    "html": (web_page, None),
    "text": (pasted_text, None),
}


def make(document: Document, folder: Path, work: Path) -> bool:
    """Writes the document and its truth; False where its producer is not installed."""
    producer, program = PRODUCERS[document.meta["producer"]]
    if program and not shutil.which(program):
        print(f"{document.file}: left as it is, {program} is not installed")
        return False
    producer(document, folder, work)
    known = truth(document)
    known["absent"] += _running_strings(document, folder)
    if "site" in document.meta:
        known["absent"] += site_strings(document)
    if document.meta["producer"] in ("html", "chromium") and document.notes:
        known["absent"].append(BACK)
    if document.meta["format"] == "pdf":
        for text in add_pages(known, folder / document.file):
            print(f"{document.file}: not found in one piece: {text}")
        _correct_pages(known, document.meta.get("pages", {}))
    _check_absent(known)
    written = yaml.safe_dump(known, allow_unicode=True, sort_keys=False, width=120)
    (folder / f"{document.name}.yaml").write_text(written, encoding="utf-8")
    print(f"{document.file}: {len(known['units'])} units, {len(known['notes'])} notes")
    return True


def _correct_pages(known: dict[str, Any], pages: dict[str, int]) -> None:
    """The pages that a person has read off, for texts that a search finds in the wrong place."""
    for unit in known["units"]:
        unit["page"] = pages.get(unit["text"], unit["page"])


def _running_strings(document: Document, folder: Path) -> list[str]:
    """The running heads and feet as printed. In a DOCX the numbers of pages are fields, so that only words are left."""
    pages = _page_count(document, folder)
    found = []
    for text in (part for running in document.meta.get("running", {}).values() for part in running.split("\t")):
        if "{page" not in text:
            found.append(text)
        elif re.search(r"[^\W\d_]", PAGE_FIELD.sub("", text)):  # a bare number may well stand in the text too
            found += [text.replace("{page}", str(n)).replace("{pages}", str(pages)) for n in range(1, pages + 1)]
            found += [] if pages else [part for part in PAGE_FIELD.split(text) if len(part) > SHORT]
    return list(dict.fromkeys(text.strip() for text in found if text.strip()))


def _page_count(document: Document, folder: Path) -> int:
    """The pages whose numbers are written out: of a PDF, or of a PDF that was pasted as text."""
    if document.meta["format"] == "pdf":
        return len(page_texts(folder / document.file))
    foot = document.meta.get("running", {}).get("footer", "").partition("{page}")[0]
    return (folder / document.file).read_text(encoding="utf-8").count(foot) if "page_lines" in document.meta else 0


def _check_absent(known: dict[str, Any]) -> None:
    """What must not be stored must not be part of what must be."""
    kept = [unit["text"] for unit in known["units"]] + known["headings"] + [note["note"] for note in known["notes"]]
    for text in known["absent"]:
        if any(text in one for one in kept):
            raise ValueError(f"{known['file']}: {text!r} is both to be stored and not to be")


def main(names: list[str]) -> None:
    FILES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="structure-") as work:
        for path in sorted(SOURCES.glob("*.txt")):
            if not names or path.stem in names:
                make(read(path), FILES, Path(work))


if __name__ == "__main__":
    main(sys.argv[1:])
