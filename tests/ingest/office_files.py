"""Office and PDF files made in memory, for tests."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import docx
import openpyxl
from docx.document import Document as WordDocument
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.lib import pdfencrypt
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas


def word_file(fill: Callable[[WordDocument], object]) -> bytes:
    document = docx.Document()
    fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def excel_file(fill: Callable[[Worksheet], object]) -> bytes:
    workbook = openpyxl.Workbook()
    assert isinstance(workbook.active, Worksheet)
    fill(workbook.active)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_part(content: bytes, part: str, *replaced: tuple[bytes, bytes]) -> bytes:
    """An Office file with bytes of one of its parts replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            for before, after in replaced if name == part else ():
                assert before in data, data
                data = data.replace(before, after)
            new.writestr(name, data)
    return buffer.getvalue()


def enlarged_pdf_file(lines: Sequence[tuple[float, str]]) -> bytes:
    """Lines of these sizes, 20 points apart, in a Chinese font that the file does not hold: of size 1, and enlarged."""
    buffer = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    drawing = canvas.Canvas(buffer)
    for number, (size, line) in enumerate(lines):
        text = drawing.beginText()
        text.setFont("STSong-Light", 1)
        text.setTextTransform(size, 0, 0, size, 72, 760 - 20 * number)
        text.textOut(line)
        drawing.drawText(text)
    drawing.save()
    return buffer.getvalue()


def pdf_file(pages: Sequence[Sequence[str]], *, password: str = "") -> bytes:
    """One line of 11 points for each string, from the top of each page."""
    buffer = io.BytesIO()
    encryption = pdfencrypt.StandardEncryption(password, strength=128) if password else None
    drawing = canvas.Canvas(buffer, encrypt=encryption)
    for lines in pages:
        drawing.setFont("Helvetica", 11)
        for number, line in enumerate(lines):
            drawing.drawString(72, 760 - 16 * number, line)
        drawing.showPage()
    drawing.save()
    return buffer.getvalue()
