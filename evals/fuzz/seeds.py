"""A good file of every format, made in memory: what mutations begin with."""

import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pptx
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from evals.fuzz.old_office import excel_97, outlook_message
from ingest.loaders import LOADERS

_SAMPLES = Path(__file__).resolve().parents[2] / "samples"
_PARAGRAPHS = (
    "The pumping station at Port Callan was inspected in March. Two valves were replaced.",
    "第三条 承包人应当在三十日内完成清淤工程，逾期每日支付合同价款的千分之二。",
)
_ROWS = (("Item", "数量", "Price"), ("Valve", "12", "340.50"), ("水泥", "7", "-1,200"))


@cache
def seeds() -> dict[str, tuple[bytes, ...]]:
    """Good files by extension, for each that is read: one made here, which tells of a valve, and the samples.

    Extensions without a file of their own have plain text.
    """
    files = {extension: [_MADE.get(extension, _text)()] for extension in sorted(LOADERS)}
    for path in sorted(_SAMPLES.iterdir()):
        if path.suffix in files:
            files[path.suffix].append(path.read_bytes())
    return {extension: tuple(contents) for extension, contents in files.items()}


def _text() -> bytes:
    return "\n\n".join(
        ("# Heading 标题", *_PARAGRAPHS, "- one\n- two", "def valve(count):\n    return count * 2")
    ).encode()


def _markdown() -> bytes:
    rows = "\n".join(f"| {' | '.join(row)} |" for row in (_ROWS[0], ("---",) * 3, *_ROWS[1:]))
    return "\n\n".join((_text().decode(), rows, "> quoted\n\n```python\nx = 1\n```\n\n![a](b.png)")).encode()


def _html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in _ROWS)
    body = "".join(f"<p>{text}</p>" for text in _PARAGRAPHS)
    head = "<html><head><title>T</title></head><body><nav>n</nav><h1>H</h1>"
    return f"{head}{body}<table>{rows}</table></body></html>".encode()


def _separated(separator: str) -> Callable[[], bytes]:
    return lambda: "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in _ROWS).encode("utf-8-sig")


def _rows() -> bytes:
    return b'{"id": "a", "title": "T", "text": "one valve", "metadata": {"n": 1}}\n{"text": "\xe4\xb8\x80"}\n'


def _pdf() -> bytes:
    buffer = io.BytesIO()
    drawing = Canvas(buffer, pageCompression=0, invariant=True)
    for page in range(3):
        for number, line in enumerate((*_PARAGRAPHS[:1] * 4, f"page {page}")):
            drawing.drawString(72, 760 - 16 * number, line)
        drawing.grid([72, 200, 300], [500, 520, 540])
        drawing.acroForm.textfield(name=f"name {page}", value=_PARAGRAPHS[0][:20], x=72, y=460, width=200, height=20)
        drawing.acroForm.checkbox(name=f"box {page}", checked=True, x=300, y=460, size=14)
        drawing.textAnnotation(_PARAGRAPHS[0], Rect=(72, 400, 90, 418), T="(Lin)")
        drawing.showPage()
    drawing.save()
    return buffer.getvalue()


def _word() -> bytes:
    document = docx.Document()
    document.add_heading("Heading", 1)
    for text in _PARAGRAPHS:
        document.add_paragraph(text)
        document.add_paragraph(text, style="List Bullet")
    table = document.add_table(rows=0, cols=3)
    for row in _ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_picture(io.BytesIO(picture("PNG")))
    return _saved(document.save)


def _excel() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in _ROWS:
        sheet.append(row)
    sheet["E1"] = "=SUM(B2:B3)"
    sheet.merge_cells("A5:C6")
    workbook.create_sheet("Hidden").sheet_state = "hidden"
    return _saved(workbook.save)


def _slides() -> bytes:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = "Title"
    slide.notes_slide.notes_text_frame.text = _PARAGRAPHS[0]
    table = slide.shapes.add_table(3, 3, 0, 0, 3000000, 1000000).table
    for n, row in enumerate(_ROWS):
        for m, text in enumerate(row):
            table.cell(n, m).text = text
    slide.shapes.add_picture(io.BytesIO(picture("PNG")), 0, 0)
    return _saved(presentation.save)


def _open_document(kind: str) -> Callable[[], bytes]:
    """`kind`: text, spreadsheet or presentation."""
    names = ("office", "text", "table", "draw")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    cells = "".join(
        f"<table:table-row>{''.join(f'<table:table-cell><text:p>{c}</text:p></table:table-cell>' for c in row)}"
        "</table:table-row>"
        for row in _ROWS
    )
    table = f"<table:table>{cells}</table:table>"
    body = "".join(f"<text:p>{text}</text:p>" for text in _PARAGRAPHS)
    bodies = {
        "text": f'<text:h text:outline-level="1">H</text:h>{body}<text:list><text:list-item><text:p>i</text:p>'
        f"</text:list-item></text:list>{table}",
        "spreadsheet": table,
        "presentation": f"<draw:page><draw:frame><draw:text-box>{body}</draw:text-box></draw:frame></draw:page>",
    }
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:{kind}>'
        f"{bodies[kind]}</office:{kind}></office:body></office:document-content>"
    )
    stated = f"application/vnd.oasis.opendocument.{kind}".encode()
    return lambda: _archive({"mimetype": stated, "content.xml": content.encode()})


def _book() -> bytes:
    package = b"<package><manifest><item id='a' href='a.html'/></manifest><spine><itemref idref='a'/></spine></package>"
    return _archive(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": b"<container><rootfile full-path='p.opf'/></container>",
            "p.opf": package,
            "a.html": _html(),
        }
    )


def _saved_page() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Valves 阀门"
    message.set_content(_html().decode(), subtype="html")
    return message.as_bytes()


def _mail() -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Valves 阀门", "Ann <ann@example.com>", "li@example.com"
    message["Date"] = "Mon, 03 Mar 2025 10:00:00 +0800"
    message.set_content(_PARAGRAPHS[0])
    message.add_alternative(_html().decode(), subtype="html")
    message.add_attachment(_markdown(), maintype="text", subtype="markdown", filename="notes.md")
    return message.as_bytes()


def picture(format_: str, size: tuple[int, int] = (160, 60)) -> bytes:
    """A picture with a word on it."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((10, 20), "VALVE 12", fill="black")
    return _saved(lambda buffer: image.save(buffer, format_))


def _picture(format_: str) -> Callable[[], bytes]:
    return lambda: picture(format_)


def _archive(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


_MADE: dict[str, Callable[[], bytes]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    **dict.fromkeys((".html", ".htm", ".xhtml"), _html),
    ".csv": _separated(","),
    ".tsv": _separated("\t"),
    ".jsonl": _rows,
    ".pdf": _pdf,
    **dict.fromkeys((".docx", ".docm", ".dotx"), _word),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx"), _excel),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx"), _slides),
    ".odt": _open_document("text"),
    ".ods": _open_document("spreadsheet"),
    ".odp": _open_document("presentation"),
    ".epub": _book,
    **dict.fromkeys((".xls", ".et"), lambda: excel_97([list(row) for row in _ROWS])),
    ".eml": _mail,
    **dict.fromkeys((".mht", ".mhtml"), _saved_page),
    ".msg": lambda: outlook_message("Valves 阀门", _PARAGRAPHS[0], "Ann <ann@example.com>"),
    ".png": _picture("PNG"),
    ".jpg": _picture("JPEG"),
    ".jpeg": _picture("JPEG"),
    ".bmp": _picture("BMP"),
    ".gif": _picture("GIF"),
    ".tif": _picture("TIFF"),
    ".tiff": _picture("TIFF"),
    ".webp": _picture("WEBP"),
}
