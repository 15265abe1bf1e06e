"""Tables without ruling lines: rows of a column of text whose words stand in aligned columns."""

from collections.abc import Sequence

from ingest.readers.pdf_lines import Line
from ingest.readers.pdf_page import Page
from ingest.readers.pdf_tables import Tabular


def aligned_tables(lines: Sequence[Line], page: Page) -> list[Line | Tabular]:
    """The lines, those that form tables replaced by the tables."""
    return list(lines)
