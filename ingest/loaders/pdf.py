"""PDF files (.pdf). The stages are in ingest/pdf/."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from ingest import ocr
from ingest.pdf.document import open_pdf, read_outline, read_pages, read_properties
from ingest.pdf.headings import find_headings
from ingest.pdf.page_text import ordered, page_of
from ingest.pdf.printed import PrintedPage, Problem
from ingest.pdf.running_heads import without_running_heads
from ingest.reading import Reading
from tools.errors import FileError, UnreadPicturesError
from tools.extras import install_line
from tools.shapes import LoadedFile, Page

_UNREAD_FORM = (
    "a form of the XFA kind, whose fields are not read (open it in Adobe Reader, print it to a PDF file and add that)"
)


def load_pdf(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """Text by page in the order of reading, with where each line stands; larger print as headings, tables as tables.

    Headers and footers that repeat are left out. Raises FileError also when all pages are pictures that are too
    large, and UnreadPicturesError when they are pictures that are not read.
    """
    with open_pdf(content, name, reading) as pdf:
        properties, outline = read_properties(pdf), read_outline(pdf)
        printed = list(read_pages(pdf, reading))
        is_unread_form = pdf.is_unread_form
    in_order = [ordered(page) for page in without_running_heads(printed)]
    headings = find_headings((line for page in in_order for line in page.lines), outline)
    pages = tuple(page_of(page, headings) for page in in_order)
    if not any(page.text for page in pages):
        _check_readable(printed, name, reading)
    title = properties.pop("title", "")
    return [
        LoadedFile(
            title=_title(pages) or title or PurePath(name).stem,
            format="pdf",
            pages=pages,
            has_pages=True,
            metadata=properties,
            warnings=(*([_UNREAD_FORM] if is_unread_form else []), *_warnings(printed, reading)),
        )
    ]


def _title(pages: Sequence[Page]) -> str:
    """The first page's largest heading, where the page begins with it. Titles in metadata are often left over."""
    heading = re.match(r"# (.+)", pages[0].text) if pages else None
    return heading.group(1) if heading else ""


def _how_to_recognize(reading: Reading) -> str:
    if not reading.recognizes_text:
        return "set SIGNPOST_OCR=auto"
    return "" if ocr.is_available() else install_line("ocr")


def _check_readable(pages: Sequence[PrintedPage], name: str, reading: Reading) -> None:
    """Raises FileError for a file of pictures that are too large, UnreadPicturesError for one that could be read."""
    problems = {page.problem for page in pages}
    if "too large" in problems:
        raise FileError(
            f"{name} holds no text but in pictures that are too large.",
            why=f"At most {reading.limits.pixels / 1e6:,.0f} megapixels a picture are read (SIGNPOST_MAX_MEGAPIXELS).",
            next_step="Save it with smaller pictures, or raise the setting.",
        )
    if "scanned" in problems:
        raise UnreadPicturesError(
            f"{name} holds no text but in pictures, as scans do.",
            why="Text in pictures is not recognized here.",
            next_step=_how_to_recognize(reading),
            pages=len(pages),
        )


def _warnings(pages: Sequence[PrintedPage], reading: Reading) -> list[str]:
    """What could not be read, with the numbers of the pages."""
    how = _how_to_recognize(reading)
    said: dict[Problem, str] = {
        "scanned": "no text on {pages} (scanned? " + how + ")",
        "blank": "no text on {pages}",
        "too large": "no text on {pages} (a picture larger than SIGNPOST_MAX_MEGAPIXELS)",
        "unread picture": "text in a picture on {pages} is not recognized (" + how + ")",
        "large picture": "a picture on {pages} is not read: larger than SIGNPOST_MAX_MEGAPIXELS",
        "broken": "{pages} cannot be read: damaged",
    }
    found = []
    for problem, message in said.items():
        numbers = [page.number for page in pages if page.problem == problem]
        if numbers:
            found.append(message.replace("{pages}", f"page {_ranges(numbers)}"))
    return found


def _ranges(numbers: Sequence[int]) -> str:
    """As in 3, 5-9."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
