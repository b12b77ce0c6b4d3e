"""Word files made of their XML, for what python-docx cannot write."""

from tests.ingest.office_files import packed

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.{place}"'
    for prefix, place in {
        "w": "openxmlformats.org/wordprocessingml/2006/main",
        "r": "openxmlformats.org/officeDocument/2006/relationships",
        "m": "openxmlformats.org/officeDocument/2006/math",
        "a": "openxmlformats.org/drawingml/2006/main",
        "wp": "openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "mc": "openxmlformats.org/markup-compatibility/2006",
        "c": "openxmlformats.org/drawingml/2006/chart",
    }.items()
)
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word_parts(body: str, **parts: str) -> bytes:
    """A Word file of the inside of its body. `parts`: other parts by kind, each the inside of its root element."""
    related = "".join(
        f'<Relationship Id="r{kind}" Type="{_KINDS}/{kind.rstrip("0123456789")}" Target="{kind}.xml"/>'
        for kind in parts
    )
    files = {
        "_rels/.rels": _relations(f'<Relationship Id="r1" Type="{_KINDS}/officeDocument" Target="word/document.xml"/>'),
        "word/_rels/document.xml.rels": _relations(related),
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    files |= {f"word/{kind}.xml": f"<w:root {_NAMESPACES}>{inside}</w:root>" for kind, inside in parts.items()}
    return packed(files)


def _relations(inside: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
    )


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def numbered(text: str, number: int, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def list_levels(identity: int, *levels: tuple[str, str]) -> str:
    """An abstract list whose levels have these formats and texts, and the list of the same number."""
    inside = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (kind, text) in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="{identity}">{inside}</w:abstractNum>'


def list_number(identity: int, abstract: int, restart: str = "") -> str:
    return f'<w:num w:numId="{identity}"><w:abstractNumId w:val="{abstract}"/>{restart}</w:num>'
