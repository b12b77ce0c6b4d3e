"""PDF files (.pdf)."""

import ctypes
import itertools
import math
import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.loaders.archive import corrupt
from ingest.reading import Reading
from tools.errors import FileError
from tools.shapes import LoadedFile, Page
from tools.text.clean import clean, one_line
from tools.text.sentences import join_lines

_one_at_a_time = threading.Lock()  # PDFium is not thread-safe

# PDFium joins a line that ends with a hyphen to the next one and marks the place.
_HYPHENATED = re.compile("(?<=[a-z])[\x02\ufffe](?=[a-z])")
_HYPHEN = re.compile("[\x02\ufffe]")
_CUT_CODE = re.compile(r"\d-$")  # as in DZ-2024-, with the rest on the next line
_BLOCK_START = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,6}[章节条编]|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|[-•·●■◆]\s|\d{1,3}[.、)）](?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}\s+[A-Z\u3400-\u9fff]"
)
_FIRST_WORD = re.compile(r"[!-~]+|.[，。；：、！？）”》]?")
_MAX_HEADING_CHARACTERS = 60
_HEADING_SIZE = 1.15  # times the size of the body text
_PARAGRAPH_PITCH = 1.25  # times the distance of lines within a paragraph


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page; positions and the size of its print in points. Without positions `size` is 0."""

    text: str
    left: float = 0.0
    right: float = 0.0
    baseline: float = 0.0
    size: float = 0.0


def load_pdf(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """Text by page: lines joined to paragraphs, larger print as headings."""
    with _one_at_a_time:
        title, pages = _read(content, name)
    levels = _heading_levels([line for lines in pages for line in lines])
    texts = [_page_text(lines, levels) for lines in pages]
    empty = [str(number) for number, text in enumerate(texts, start=1) if not text]
    warnings = (f"no text on page {', '.join(empty)} (scanned?)",) if empty else ()
    return [
        LoadedFile(
            title=_title(texts) or title or PurePath(name).stem,
            format="pdf",
            pages=tuple(Page(number, text) for number, text in enumerate(texts, start=1)),
            has_pages=True,
            warnings=warnings,
        )
    ]


def _title(texts: Sequence[str]) -> str:
    """The first page's largest heading, where the page begins with it. Titles in metadata are often left over."""
    heading = re.match(r"# (.+)", texts[0]) if texts else None
    return heading.group(1) if heading else ""


def _read(content: bytes, name: str) -> tuple[str, list[list[_Line]]]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise FileError(
                f"{name} is protected by a password.",
                why="Its text cannot be read without the password.",
                next_step="Save a copy without a password and add that.",
            ) from error
        raise corrupt(name) from error
    try:
        pages = [_lines(document[index]) for index in range(len(document))]
        return one_line(document.get_metadata_value("Title")), pages
    except pypdfium2.PdfiumError as error:
        raise corrupt(name) from error
    finally:
        document.close()


def _lines(page: pypdfium2.PdfPage) -> list[_Line]:
    text_page = page.get_textpage()
    text = text_page.get_text_bounded()
    has_positions = len(text) == text_page.count_chars()
    lines = []
    start = 0
    for raw_line in text.split("\n"):
        end = start + len(raw_line)
        stripped = raw_line.strip()
        if stripped:
            first = start + raw_line.index(stripped[0])
            last = first + len(stripped) - 1
            shown = clean(_HYPHEN.sub("-", _HYPHENATED.sub("", stripped)))
            lines.append(_positioned(shown, text_page, first, last) if has_positions else _Line(shown))
        start = end + 1
    text_page.close()
    page.close()
    return lines


def _positioned(text: str, text_page: pypdfium2.PdfTextPage, first: int, last: int) -> _Line:
    """By what the file itself says: heights of characters are those of a font that PDFium found on this machine."""
    left = text_page.get_charbox(first, loose=True)[0]
    right = text_page.get_charbox(last, loose=True)[2]
    x, baseline = ctypes.c_double(), ctypes.c_double()
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetCharOrigin(text_page, first, x, baseline)
    pdfium.FPDFText_GetMatrix(text_page, first, matrix)
    size = pdfium.FPDFText_GetFontSize(text_page, first) * math.hypot(matrix.c, matrix.d)
    return _Line(text, left, right, baseline.value, round(size, 1))


def _heading_levels(lines: Sequence[_Line]) -> dict[float, int]:
    """Heading level (1 is the largest) of each size of print clearly larger than that of most characters."""
    characters: Counter[float] = Counter()
    for line in lines:
        characters[line.size] += len(line.text)
    body_size = max(characters, key=characters.__getitem__, default=0.0)
    sizes = [size for size in characters if body_size and size > body_size * _HEADING_SIZE]
    return {size: min(level, 6) for level, size in enumerate(sorted(sizes, reverse=True), start=1)}


def _page_text(lines: Sequence[_Line], levels: dict[float, int]) -> str:
    margin = max((line.right for line in lines), default=0.0)
    pitch = min((_distance(*pair) for pair in itertools.pairwise(lines) if _distance(*pair) > 0), default=0.0)
    paragraphs: list[str] = []
    open_lines: list[_Line] = []

    def close() -> None:
        if open_lines:
            paragraphs.append(join_lines([line.text for line in open_lines]))
            open_lines.clear()

    for line in lines:
        level = levels.get(line.size)
        if level and len(line.text) <= _MAX_HEADING_CHARACTERS:
            close()
            paragraphs.append(f"{'#' * level} {line.text}")
            continue
        if open_lines and _CUT_CODE.search(open_lines[-1].text) and line.text[0].isalnum():
            line = replace(line, text=open_lines.pop().text + line.text)
        elif open_lines and not _goes_on(open_lines[-1], line, margin, pitch):
            close()
        open_lines.append(line)
    close()
    return "\n\n".join(paragraphs)


def _distance(line: _Line, following: _Line) -> float:
    """How far down the page `following` stands; 0 when it is not the next line of the same size."""
    distance = line.baseline - following.baseline
    return distance if following.size == line.size and distance > line.size * 0.8 else 0.0


def _goes_on(line: _Line, following: _Line, margin: float, pitch: float) -> bool:
    """Whether `following` is the same paragraph: close below, and its first word did not fit behind `line`."""
    if not line.size or not 0 < _distance(line, following) <= pitch * _PARAGRAPH_PITCH:
        return False
    if _BLOCK_START.match(following.text) or following.left > line.left + line.size:  # indented: a new paragraph
        return False
    word = _FIRST_WORD.match(following.text)
    width = sum(0.5 if character.isascii() else 1.0 for character in word.group()) if word else 1.0
    return margin - line.right < (width + 0.5) * line.size
