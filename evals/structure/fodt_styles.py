"""The head of a flat OpenDocument file: styles, list styles, page layout, running header and footer."""

from html import escape

from evals.structure.model import Document

NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{address}:1.0"'
    for name, address in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
        "meta": "meta",
        "loext": "loext",
    }.items()
)
LIST_KINDS = {
    "-": "Bullets",
    "1.": "Decimal",
    "1)": "DecimalParen",
    "(a)": "Alpha",
    "a)": "AlphaParen",
    "(i)": "Roman",
    "i.": "RomanDot",
    "1": "Decimal",
}
LIST_FORMATS = {
    "Decimal": ("1", "", "."),
    "DecimalParen": ("1", "", ")"),
    "Alpha": ("a", "(", ")"),
    "AlphaParen": ("a", "", ")"),
    "Roman": ("i", "(", ")"),
    "RomanDot": ("i", "", "."),
}
LEVEL_BULLETS = "•◦▪"
# name: paragraph properties, text properties, tab stops in centimetres
PARAGRAPHS: dict[str, tuple[str, str, str]] = {
    "Text": ('fo:margin-bottom="0.22cm" fo:text-align="{align}"', "", ""),
    "ListText": ('fo:margin-bottom="0.1cm"', "", ""),
    "Faux": ('fo:margin-top="0.25cm" fo:margin-bottom="0.1cm" fo:keep-with-next="always"', 'fo:font-weight="bold"', ""),
    "BoxTitle": (
        'fo:margin-bottom="0.1cm" fo:keep-with-next="always"',
        'fo:font-weight="bold" fo:color="{colour}"',
        "",
    ),
    "CellText": ('fo:margin-bottom="0.05cm"', 'fo:font-size="9.5pt"', ""),
    "CellHead": ('fo:margin-bottom="0.05cm"', 'fo:font-size="9.5pt" fo:font-weight="bold"', ""),
    "Footnote": ('fo:margin-left="0.3cm" fo:text-indent="-0.3cm"', 'fo:font-size="8.5pt"', ""),
    "Running": ("", 'fo:font-size="8pt" fo:color="#555555"', "8.3 center,16.6 right"),
    "Small": ("", 'fo:font-size="5pt"', ""),
    "Break": ('fo:break-after="page"', 'fo:font-size="2pt"', ""),
}
CLAUSE_INDENTS = {1: (1.1, -1.1), 2: (2.0, -0.9), 3: (2.9, -0.9)}
HEADING_SIZES = {1: "19pt", 2: "13.5pt", 3: "11.5pt", 4: "10.5pt"}
CELLS = {
    "HeadCell": 'fo:border="0.5pt solid #777777" fo:background-color="#dfe8ee" fo:padding="0.12cm"',
    "BodyCell": 'fo:border="0.5pt solid #777777" fo:padding="0.12cm"',
    "BareCell": 'fo:border="none" fo:padding="0.1cm"',
    "BoxCell": 'fo:border="1.2pt solid {colour}" fo:background-color="#f2f6f4" fo:padding="0.25cm"',
}


def head(document: Document, table_styles: str) -> str:
    look = {"font": "Liberation Sans", "size": "10.5pt", "colour": "#1f4e5f", "align": "start"}
    look |= document.meta.get("look", {})
    country = {"en": "GB", "fr": "FR", "es": "ES", "ar": "EG"}[document.language]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {NAMESPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta><dc:title>{escape(document.title)}</dc:title></office:meta>
<office:font-face-decls>
<style:font-face style:name="{look["font"]}" svg:font-family="'{look["font"]}'"/>
</office:font-face-decls>
<office:styles>
<style:default-style style:family="paragraph"><style:text-properties style:font-name="{look["font"]}"
 fo:font-size="{look["size"]}" fo:language="{document.language}" fo:country="{country}" fo:hyphenate="false"/>
</style:default-style>
{_paragraphs(look)}{_headings(document, look)}{_lists()}
<style:style style:name="Bold" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
</office:styles>
<office:automatic-styles>{_page()}{_cells(look)}{table_styles}
<style:style style:name="TwoColumns" style:family="section">
<style:section-properties text:dont-balance-text-columns="false">
<style:columns fo:column-count="2" fo:column-gap="0.7cm"/></style:section-properties></style:style>
<style:style style:name="BoxTable" style:family="table">
<style:table-properties style:rel-width="100%" table:align="margins"
 fo:margin-top="0.2cm"/></style:style>
</office:automatic-styles>
{_master(document)}
"""


def _paragraphs(look: dict[str, str]) -> str:
    styles = dict(PARAGRAPHS)
    for depth, (left, indent) in CLAUSE_INDENTS.items():
        margins = f'fo:margin-left="{left}cm" fo:text-indent="{indent}cm" fo:margin-bottom="0.15cm"'
        styles[f"Clause{depth}"] = (margins, "", f"{-indent} left")
    return "".join(_paragraph_style(name, *properties, look) for name, properties in styles.items())


def _paragraph_style(name: str, paragraph: str, text: str, stops: str, look: dict[str, str]) -> str:
    tabs = (stop.split() for stop in stops.split(",") if stop)
    inside = "".join(f'<style:tab-stop style:position="{at}cm" style:type="{kind}"/>' for at, kind in tabs)
    return (
        f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties '
        f"{paragraph.replace('{align}', look['align'])}><style:tab-stops>{inside}</style:tab-stops>"
        f"</style:paragraph-properties><style:text-properties {text.replace('{colour}', look['colour'])}/>"
        "</style:style>\n"
    )


def _headings(document: Document, look: dict[str, str]) -> str:
    styles = (
        f'<style:style style:name="Heading_20_{level}" style:display-name="Heading {level}" style:family="paragraph" '
        f'style:default-outline-level="{level}"><style:paragraph-properties fo:margin-top="0.4cm" '
        f'fo:margin-bottom="0.18cm" fo:keep-with-next="always"/><style:text-properties fo:font-size="{size}" '
        f'fo:font-weight="bold" fo:color="{look["colour"]}"/></style:style>'
        for level, size in HEADING_SIZES.items()
    )
    numbers = ""
    if document.meta.get("auto_numbers"):  # the title has none, so the sections' numbers begin at the second level
        numbers = "".join(
            f'<text:outline-level-style text:level="{level}" style:num-format="{"1" if level > 1 else ""}" '
            f'style:num-suffix="{" " if level > 1 else ""}" text:display-levels="{max(1, level - 1)}"/>'
            for level in (1, 2, 3, 4)
        )
        numbers = f'<text:outline-style style:name="Outline">{numbers}</text:outline-style>'
    return "\n".join(styles) + numbers


def _lists() -> str:
    bullets = "".join(_level(n, f'bullet text:bullet-char="{LEVEL_BULLETS[n - 1]}"') for n in (1, 2, 3))
    cell = (
        '<text:list-style style:name="CellBullets">'
        + _level(1, 'bullet text:bullet-char="•"', 0.4)
        + "</text:list-style>"
    )
    styles = [f'<text:list-style style:name="Bullets">{bullets}</text:list-style>', cell]
    for name, (form, before, after) in LIST_FORMATS.items():
        kind = f'number style:num-format="{form}" style:num-prefix="{before}" style:num-suffix="{after}"'
        styles.append(
            f'<text:list-style style:name="{name}">{"".join(_level(n, kind) for n in (1, 2, 3))}</text:list-style>'
        )
    return "\n".join(styles)


def _level(level: int, kind: str, left: float = 0.0) -> str:
    left = left or 0.8 * level
    indent = -0.6 if left > 0.5 else -0.35
    word = kind.split()[0]
    return (
        f"<text:list-level-style-{kind.replace(word, word + f' text:level={chr(34)}{level}{chr(34)}', 1)}>"
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
        f'<style:list-level-label-alignment text:label-followed-by="listtab" fo:margin-left="{left}cm" '
        f'fo:text-indent="{indent}cm"/></style:list-level-properties></text:list-level-style-{word}>'
    )


def _page() -> str:
    running = "".join(
        f'<style:{part}-style><style:header-footer-properties fo:margin-{inner}="0.5cm" fo:min-height="0.6cm"/>'
        f"</style:{part}-style>"
        for part, inner in (("header", "bottom"), ("footer", "top"))
    )
    margins = 'fo:margin-top="1.6cm" fo:margin-bottom="1.6cm" fo:margin-left="2.2cm" fo:margin-right="2.2cm"'
    return (
        '<style:page-layout style:name="Page"><style:page-layout-properties fo:page-width="21cm" '
        f'fo:page-height="29.7cm" {margins}/>{running}</style:page-layout>'
    )


def _cells(look: dict[str, str]) -> str:
    return "".join(
        f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties '
        f"{properties.replace('{colour}', look['colour'])}/></style:style>"
        for name, properties in CELLS.items()
    )


def widths_style(name: str, shares: tuple[float, ...]) -> str:
    table = (
        f'<style:style style:name="{name}" style:family="table"><style:table-properties style:width="16.6cm" '
        'table:align="margins"/></style:style>'
    )
    columns = (
        f'<style:style style:name="{name}.{c}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{16.6 * share:.2f}cm"/></style:style>'
        for c, share in enumerate(shares)
    )
    return table + "".join(columns)


def _master(document: Document) -> str:
    running = document.meta.get("running", {})
    parts = "".join(
        f'<style:{place}><text:p text:style-name="Running">{_fields(running[place])}</text:p></style:{place}>'
        for place in ("header", "footer")
        if place in running
    )
    return (
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="Page">'
        f"{parts}</style:master-page></office:master-styles>"
    )


def _fields(text: str) -> str:
    text = escape(text).replace("{page}", '<text:page-number text:select-page="current">1</text:page-number>')
    return text.replace("{pages}", "<text:page-count>1</text:page-count>").replace("\t", "<text:tab/>")
