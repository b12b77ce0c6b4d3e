"""One file a format. A loader takes a file's bytes, its name and how to read it, and gives its documents by page.

The text is Markdown; where it stands on the page, if the format knows, is beside it.

Most formats hold one document a file. Rows of a .jsonl file are documents of their own; the id that a row gives
itself stands in its metadata under `OWN_ID`. Loaders raise FileError for content they cannot read; what they had to
leave out while the rest is good stands in `warnings`.

To add a format: one file here, one line in `LOADERS`, one sample and one row in tests/ingest/test_loaders.py.
"""

import importlib
from collections.abc import Callable

from ingest.reading import Reading
from tools.shapes import LoadedFile

Loader = Callable[[bytes, str, Reading], list[LoadedFile]]

OWN_ID = "id"

LOADERS_VERSION = "load-2"
"""Changes when a loader gives other text for the same file: what was added before is then read again."""

# By name, so that a command which reads no PDF does not import a PDF library.
LOADERS = {
    ".md": "markdown.load_markdown",
    ".markdown": "markdown.load_markdown",
    ".txt": "text.load_text",
    ".html": "html.load_html",
    ".htm": "html.load_html",
    ".pdf": "pdf.load_pdf",
    ".docx": "docx.load_docx",
    ".xlsx": "xlsx.load_xlsx",
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
}

# Formats that are known but not read, with what to do about them.
UNREAD = {
    ".heic": "Save it as .jpg (heif-convert FILE OUT.jpg).",
    ".doc": "Open it in Word or LibreOffice and save it as .docx (soffice --convert-to docx FILE).",
    ".xls": "Open it in Excel or LibreOffice and save it as .xlsx (soffice --convert-to xlsx FILE).",
    ".ppt": "Open it in PowerPoint or LibreOffice and export it as .pdf (soffice --convert-to pdf FILE).",
    ".pptx": "Export it as .pdf (soffice --convert-to pdf FILE).",
}


def loader_for(extension: str) -> Loader | None:
    """The loader of a lower-case extension such as ".pdf", or None."""
    place = LOADERS.get(extension)
    if place is None:
        return None
    module, function = place.split(".")
    loader: Loader = getattr(importlib.import_module(f"{__name__}.{module}"), function)
    return loader
