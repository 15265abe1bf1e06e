"""The layout of untagged PDFs: tables with few rules or none, title blocks, running heads above a rule."""

from pathlib import Path

from fpdf import FPDF

from ingest.readers.pdf import read_pdf

PROSE = "Every partner keeps records of the help that it gives, and shows them once a year."


class Sheet:
    """A small PDF drawn in points from the top left corner."""

    def __init__(self) -> None:
        self.pdf = FPDF(unit="pt", format=(500, 700))
        self.pdf.set_auto_page_break(False)
        self.pdf.add_page()

    def row(self, y: float, *cells: tuple[float, str], size: float = 10, style: str = "") -> None:
        self.pdf.set_font("Helvetica", style, size)
        for x, text in cells:
            self.pdf.text(x, y, text)

    def rule(self, y: float, left: float = 50, right: float = 450) -> None:
        self.pdf.line(left, y, right, y)

    def text(self, folder: Path) -> str:
        path = folder / "sheet.pdf"
        self.pdf.output(str(path))
        return read_pdf(path, "sheet.pdf").text


def test_wrapped_cells_between_level_rules_stay_apart(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.row(60, (50, PROSE))
    sheet.rule(88)
    sheet.row(100, (55, "Stage"), (150, "Evidence"), (350, "Share"), style="B")
    sheet.rule(106)
    sheet.row(120, (55, "Half of the"), (150, "As for the stage before,"), (350, "20 per cent"))
    sheet.row(132, (55, "work done"), (150, "with minutes of two"))
    sheet.row(144, (150, "meetings"))
    sheet.rule(150)
    sheet.row(164, (55, "Opening"), (150, "A photograph and a copy"), (350, "10 per cent"))
    sheet.row(176, (150, "of the statement"))
    sheet.rule(182)
    text = sheet.text(tmp_path)
    assert "| Half of the work done | As for the stage before, with minutes of two meetings | 20 per cent |" in text
    assert "| Opening | A photograph and a copy of the statement | 10 per cent |" in text


def test_a_header_of_two_levels_and_a_cell_over_two_columns(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.row(60, (50, PROSE))
    sheet.rule(88)
    sheet.row(100, (55, "Size"), (200, "Average cost"), style="B")
    sheet.rule(104, 195, 450)
    sheet.row(114, (200, "Energy"), (320, "Staffing"), style="B")
    for number, cells in enumerate((["Small", "640", "3,900"], ["Large", "2,310", "11,800"], ["Mobile", "870 for the two of them together"])):
        sheet.rule(120 + 14 * number)
        sheet.row(131 + 14 * number, *zip((55, 200, 320), cells, strict=False))
    sheet.rule(162)
    text = sheet.text(tmp_path)
    assert "| Small | 640 | 3,900 |" in text
    assert "| Mobile | 870 for the two of them together | << |" in text
    assert "| Size | Average cost | << |\n| ^^ | Energy | Staffing |" in text


def test_rows_set_apart_without_rules_are_no_columns_of_text(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.row(60, (50, PROSE))
    rows = (("Body", "Contribution", "Contact"), ("Upland Drivers", "Rotas and eleven interviews", "Maria Hollis"))
    rows += (("Parish Council", "Use of the village hall", "The Parish Clerk"), ("Carers' Circle", "Advice on wording", "Anna Bright"))
    for number, cells in enumerate(rows):
        sheet.row(100 + 18 * number, *zip((50, 180, 360), cells, strict=True))
    assert "| Parish Council | Use of the village hall | The Parish Clerk |" in sheet.text(tmp_path)


def test_names_and_dates_below_a_title_are_no_headings(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.row(60, (100, "Warm Rooms, Cold Winters"), size=18)
    sheet.row(90, (150, "Ada Pettigrew"), size=12)
    sheet.row(120, (150, "August 2024"), size=12)
    sheet.row(160, (50, "Introduction"), size=14, style="B")
    sheet.row(180, (50, PROSE))
    text = sheet.text(tmp_path)
    assert "# Warm Rooms" in text and "# Introduction" in text
    assert "# Ada" not in text and "# August" not in text


def test_a_running_head_above_a_rule_is_left_out_though_it_stands_once(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.row(100, (50, PROSE))
    sheet.pdf.add_page()
    sheet.row(40, (50, "2"), (350, "Pettigrew and Hollis"), size=9)
    sheet.rule(44)
    sheet.row(100, (50, "They meet again in the spring."))
    assert "Pettigrew" not in sheet.text(tmp_path)
