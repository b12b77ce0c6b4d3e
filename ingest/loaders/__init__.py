"""One file a format. A loader takes a file's bytes, its name and how to read it, and gives its documents by page.

The text is Markdown; where it stands on the page, if the format knows, is beside it.

Most formats hold one document a file. Rows of a .jsonl file are documents of their own; the id that a row gives
itself stands in its metadata under `OWN_ID`. Loaders raise FileError for content they cannot read; what they had to
leave out while the rest is good stands in `warnings`.

To add a format: one file here, one line in `LOADERS`, one good file in evals/fuzz/seeds.py (or a sample with a row in
tests/ingest/test_loaders.py).
"""

import importlib
from collections.abc import Callable

from ingest.loaders.languages import LANGUAGES
from ingest.reading import Reading
from tools.shapes import LoadedFile

Loader = Callable[[bytes, str, Reading], list[LoadedFile]]

OWN_ID = "id"

LOADERS_VERSION = "load-3"
"""Changes when a loader gives other text for the same file: what was added before is then read again."""

# By name, so that a command which reads no PDF does not import a PDF library.
LOADERS = {
    ".md": "markdown.load_markdown",
    ".markdown": "markdown.load_markdown",
    ".txt": "text.load_text",
    ".text": "text.load_text",
    ".log": "text.load_text",
    ".rst": "text.load_text",
    ".html": "html.load_html",
    ".htm": "html.load_html",
    ".xhtml": "html.load_html",
    ".mht": "eml.load_mht",
    ".mhtml": "eml.load_mht",
    ".pdf": "pdf.load_pdf",
    ".docx": "docx.load_docx",
    ".docm": "docx.load_docx",
    ".dotx": "docx.load_docx",
    ".pptx": "pptx.load_pptx",
    ".pptm": "pptx.load_pptx",
    ".ppsx": "pptx.load_pptx",
    ".xlsx": "xlsx.load_xlsx",
    ".xlsm": "xlsx.load_xlsx",
    ".xltx": "xlsx.load_xlsx",
    ".xls": "xls.load_xls",
    ".et": "xls.load_xls",
    ".odt": "odt.load_odt",
    ".ods": "odt.load_ods",
    ".odp": "odt.load_odp",
    ".epub": "epub.load_epub",
    ".csv": "csv.load_csv",
    ".tsv": "csv.load_csv",
    ".jsonl": "jsonl.load_jsonl",
    ".png": "image.load_image",
    ".jpg": "image.load_image",
    ".jpeg": "image.load_image",
    ".webp": "image.load_image",
    ".bmp": "image.load_image",
    ".tif": "image.load_image",
    ".tiff": "image.load_image",
    ".gif": "image.load_image",
    ".eml": "eml.load_eml",
    ".msg": "msg.load_msg",
    **dict.fromkeys(LANGUAGES, "code.load_code"),
}

_AS_DOCX = "Open it in Word or LibreOffice and save it as .docx (soffice --convert-to docx FILE)."
_AS_PPTX = "Open it in PowerPoint or LibreOffice and save it as .pptx (soffice --convert-to pptx FILE)."
_AS_XLSX = "Open it in Excel or LibreOffice and save it as .xlsx (soffice --convert-to xlsx FILE)."
_UNPACKED = "Unpack it and add the folder."

# Formats that are known but not read, with what to do about them.
UNREAD = {
    ".doc": _AS_DOCX,
    ".dot": _AS_DOCX,
    ".wps": _AS_DOCX,
    ".rtf": _AS_DOCX,
    ".pages": _AS_DOCX,
    ".ppt": _AS_PPTX,
    ".pps": _AS_PPTX,
    ".dps": _AS_PPTX,
    ".key": _AS_PPTX,
    ".xlsb": _AS_XLSX,
    ".numbers": _AS_XLSX,
    ".ofd": "Open it in an OFD reader and export it as .pdf.",
    ".caj": "Open it in CAJViewer and print it to .pdf.",
    ".zip": _UNPACKED,
    ".rar": _UNPACKED,
    ".7z": _UNPACKED,
    ".heic": "Save it as .jpg (heif-convert FILE OUT.jpg).",
}


def loader_for(extension: str) -> Loader | None:
    """The loader of a lower-case extension such as ".pdf", or None."""
    place = LOADERS.get(extension)
    if place is None:
        return None
    module, function = place.split(".")
    loader: Loader = getattr(importlib.import_module(f"{__name__}.{module}"), function)
    return loader
