"""One good file of each extension that is read; each says `SAID`."""

import io
from email.message import EmailMessage
from typing import Any

import pptx
import xlwt
from PIL import ExifTags, Image

from ingest.loaders.languages import LANGUAGES
from tests.ingest.office_files import excel_file, packed, pdf_file, word_file
from tests.ingest.outlook_file import outlook_file

SAID = "The works take 700 days"

_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def _slides() -> bytes:
    presentation = pptx.Presentation()
    presentation.slides.add_slide(presentation.slide_layouts[5]).shapes.title.text = SAID
    return _saved(presentation)


def _old_sheet() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("Sheet").write(0, 0, SAID)
    return _saved(book)


def _saved(made: Any) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _mail(kind: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Works"
    message.set_content(f"<p>{SAID}</p>" if kind == "html" else SAID, subtype=kind)
    return message.as_bytes()


def _open_document(kind: str, inside: str) -> bytes:
    body = f"<o:body xmlns:o='{_ODF}:office:1.0'><o:{kind}>{inside}</o:{kind}></o:body>"
    return packed({"content.xml": f"<document>{body}</document>"})


def _book() -> bytes:
    manifest = "<manifest><item id='a' href='a.html'/></manifest>"
    return packed(
        {
            "META-INF/container.xml": "<container><rootfile full-path='p.opf'/></container>",
            "p.opf": f"<package>{manifest}<spine><itemref idref='a'/></spine></package>",
            "a.html": f"<p>{SAID}</p>",
        }
    )


def _picture(kind: str) -> bytes:
    """With a caption, which is read without text recognition."""
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = SAID
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, kind, exif=exif, comment=SAID)
    return buffer.getvalue()


_PAGE = f"<p>{SAID}</p>\n".encode()
_TEXT = f"{SAID}\n".encode()
_CELL = f"<table-cell><p>{SAID}</p></table-cell>"
_WORD = word_file(lambda document: document.add_paragraph(SAID))
_EXCEL = excel_file(lambda sheet: sheet.append([SAID, "b"]))

GOOD = {
    **dict.fromkeys([".md", ".markdown", ".txt", ".text", ".log", ".rst", *LANGUAGES], _TEXT),
    **dict.fromkeys([".html", ".htm", ".xhtml"], _PAGE),
    **dict.fromkeys([".mht", ".mhtml"], _mail("html")),
    ".pdf": pdf_file([[SAID]]),
    **dict.fromkeys([".docx", ".docm", ".dotx"], _WORD),
    **dict.fromkeys([".pptx", ".pptm", ".ppsx"], _slides()),
    **dict.fromkeys([".xlsx", ".xlsm", ".xltx"], _EXCEL),
    **dict.fromkeys([".xls", ".et"], _old_sheet()),
    ".odt": _open_document("text", f"<p>{SAID}</p>"),
    ".ods": _open_document(
        "spreadsheet", f"<table><table-row><table-cell><p>{SAID}</p></table-cell></table-row></table>"
    ),
    ".odp": _open_document("presentation", f"<page><frame><text-box><p>{SAID}</p></text-box></frame></page>"),
    ".epub": _book(),
    ".csv": f"{SAID},b\n1,2\n".encode(),
    ".tsv": f"{SAID}\tb\n1\t2\n".encode(),
    ".jsonl": f'{{"text": "{SAID}"}}\n'.encode(),
    ".eml": _mail("plain"),
    ".msg": outlook_file("Works", SAID),
    ".png": _picture("PNG"),
    **dict.fromkeys([".jpg", ".jpeg"], _picture("JPEG")),
    ".webp": _picture("WEBP"),
    **dict.fromkeys([".tif", ".tiff"], _picture("TIFF")),
    ".gif": _picture("GIF"),
    ".bmp": _picture("PNG"),  # a bitmap has no place for a caption, and is read by what it is
}
