"""PDFs by Chromium's print, from HTML with a print style sheet."""

import shutil
import subprocess
from html import escape
from pathlib import Path

from evals.structure.model import Document
from evals.structure.web import Web

STYLE = """
body { font: 10.5pt/1.4 %(font)s; color: #222; }
h1 { font-size: 20pt; } h2 { font-size: 14pt; margin-top: 1.2em; } h3 { font-size: 11.5pt; }
h1, h2, h3 { color: %(colour)s; break-after: avoid; } .faux { margin: 1em 0 .2em; }
ul ul { list-style: circle; } ol.typed { list-style: none; padding-inline-start: 0; }
ol.typed ol { padding-inline-start: 2em; } .number { display: inline-block; min-width: 2.2em; }
table { border-collapse: collapse; width: 100%%; margin: .8em 0; font-size: 9.5pt; }
th, td { text-align: start; vertical-align: top; padding: 4px 6px; }
.grid th, .grid td { border: 1px solid #999; } td ul { margin: 0; padding-inline-start: 1.1em; }
thead th { background: #e4ecef; } .box { border: 1.5px solid %(colour)s; background: #f3f7f8; padding: .2em 1em; }
.columns { columns: 2; column-gap: 8mm; text-align: justify; } .break { break-after: page; }
.footnotes { font-size: 8.5pt; } sup { font-size: 7pt; } sup a, .footnotes a { text-decoration: none; }
@page { size: A4; margin: 22mm 20mm; %(margins)s }
"""
COUNTERS = {"{page}": '" counter(page) "', "{pages}": '" counter(pages) "'}


def print_pdf(document: Document, folder: Path, work: Path) -> None:
    page = work / f"{document.name}.html"
    page.write_text(_html(document), encoding="utf-8")
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--hide-scrollbars"]
    if document.meta.get("tagged") is False:
        switches.append("--disable-pdf-tagging")
    chromium = shutil.which("chromium") or "chromium"
    target = folder / document.file
    subprocess.run(
        [chromium, *switches, f"--user-data-dir={work}/chromium", f"--print-to-pdf={target}", page.as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )


def _html(document: Document) -> str:
    web = Web(document)
    direction = ' dir="rtl"' if document.language == "ar" else ""
    look = {"font": '"DejaVu Sans"', "colour": "#14505c", **document.meta.get("look", {})}
    style = STYLE % {**look, "margins": _margins(document)}
    return (
        f'<!DOCTYPE html><html lang="{document.language}"{direction}><head><meta charset="utf-8">'
        f"<title>{escape(document.title)}</title><style>{style}</style></head><body>\n{web.body()}\n</body></html>"
    )


def _margins(document: Document) -> str:
    """Running heads and feet, by the name of their place: "top-left" and so on; {page} and {pages} are counters."""
    rules = []
    for place, text in document.meta.get("running", {}).items():
        content = text.replace('"', "'")
        for name, counter in COUNTERS.items():
            content = content.replace(name, counter)
        rules.append(f'@{place} {{ content: "{content}"; font-size: 8pt; color: #555; }}')
    return " ".join(rules)
