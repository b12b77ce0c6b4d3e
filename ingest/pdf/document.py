"""A PDF file: its pages one by one, what it says of itself, and its outline. PDFium reads it."""

import itertools
import logging
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

import pypdfium2
import pypdfium2.raw as pdfium

from ingest import ocr
from ingest.found_pictures import note_missed
from ingest.loaders.archive import corrupt
from ingest.pdf.annotations import read_annotations
from ingest.pdf.characters import read_frames
from ingest.pdf.comments import comment_of
from ingest.pdf.drawings import Drawings, Image, read_drawings
from ingest.pdf.form_fields import Value, value_of, with_values
from ingest.pdf.headings import outline_key
from ingest.pdf.legible import is_hardly_text, is_legible
from ingest.pdf.page_space import PageSpace, page_space
from ingest.pdf.printed import Comment, Frame, Picture, PrintedPage, Problem
from ingest.pdf.scans import Scan, picture_file, recognized, scanned
from ingest.pdf.vertical import with_vertical_lines
from ingest.pictures import picture_text
from ingest.reading import Reading
from tools.errors import FileError
from tools.shapes import Box
from tools.text.clean import clean, one_line

logging.getLogger("pypdfium2").setLevel(logging.ERROR)  # what it says of forms is in the warnings here

_one_at_a_time = threading.Lock()  # PDFium is not thread-safe

_DATE = re.compile(r"(?:D:)?(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)?)?)?)?)?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?")
_LEFT_OVER = re.compile(r"\(?(?:anonymous|unspecified|untitled)\)?", re.IGNORECASE)  # what programs put for nothing
_SCAN = 0.3  # share of the page that its pictures take at least
_WHOLE = 0.6  # share that they take at least where some print, as a stamp, stands on the scan
_LITTLE_PRINT = 0.1  # share of a picture that print takes at most which is no text of the picture's own
_DRAWN_TEXT = 30  # shapes: letters may be drawn, too
_PICTURE = 0.03  # share of the page from which a picture may have something to say
_LEAST_PIXELS = 64 * 64
_MOST_OUTLINE = 5_000


@dataclass(frozen=True, slots=True)
class OpenPdf:
    """An open file. `is_unread_form`: it is a form of the XFA kind, and what is filled in cannot be read."""

    document: pypdfium2.PdfDocument
    name: str
    page_count: int
    is_unread_form: bool


@contextmanager
def open_pdf(content: bytes, name: str, reading: Reading) -> Iterator[OpenPdf]:
    """Raises FileError for a file that cannot be opened, is locked, or has too many pages."""
    with _one_at_a_time:
        document = _opened(content, name)
        is_unread_form = _open_form(document)
        count = len(document)
    try:
        if count > reading.limits.pages:
            raise FileError(
                f"{name} has {count:,} pages.",
                why=f"At most {reading.limits.pages:,} pages of one file are read (SIGNPOST_MAX_PAGES).",
                next_step="Split it into smaller files.",
            )
        yield OpenPdf(document, name, count, is_unread_form)
    finally:
        with _one_at_a_time:
            document.close()


def _opened(content: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise FileError(
                f"{name} is protected by a password.",
                why="Its text cannot be read without the password.",
                next_step="Save a copy without a password and add that.",
            ) from error
        raise corrupt(name) from error


def _open_form(document: pypdfium2.PdfDocument) -> bool:
    """Makes its fields readable; whether it is a form of the XFA kind alone, which has none that are."""
    with suppress(pypdfium2.PdfiumError):
        document.init_forms()
    kind = document.get_formtype()
    return kind == pdfium.FORMTYPE_XFA_FULL or (kind == pdfium.FORMTYPE_XFA_FOREGROUND and _is_shell(document))


def _is_shell(document: pypdfium2.PdfDocument) -> bool:
    """Whether it is the one page without fields that says to open it in another program."""
    if len(document) > 1:
        return False
    try:
        page = document[0]
    except pypdfium2.PdfiumError:
        return True
    try:
        return all(each.kind != pdfium.FPDF_ANNOT_WIDGET for each in read_annotations(page, page_space(page)))
    finally:
        page.close()


def read_pages(pdf: OpenPdf, reading: Reading) -> Iterator[PrintedPage]:
    """The pages in their order, each closed before the next is opened; broken ones are empty and say so."""
    for index in range(pdf.page_count):
        try:
            with _one_at_a_time:
                page = pdf.document[index]
                try:
                    printed, scan = _read_page(page, pdf.document.formenv, index + 1, reading)
                finally:
                    page.close()
        except pypdfium2.PdfiumError:
            yield PrintedPage(index + 1, problem="broken")
            continue
        if scan is not None:  # not under the lock: it takes seconds
            found = recognized(scan, reading)
            if found[0].strip():
                printed = replace(printed, recognized=found, problem=None)
        yield printed


def _read_page(
    page: pypdfium2.PdfPage, form: pypdfium2.PdfFormEnv | None, number: int, reading: Reading
) -> tuple[PrintedPage, Scan | None]:
    """All that stands on the page and, where it is a picture whose text can be recognized, the picture."""
    space = page_space(page)
    values: list[Value] = []
    comments: list[Comment] = []
    for annotation in read_annotations(page, space):
        if value := value_of(annotation, form):
            values.append(value)
        elif comment := comment_of(annotation):
            comments.append(comment)
    printed, scan = _read_print(page, number, space, [value.box for value in values], reading)
    frames = with_values(printed.frames, values, Frame(0, space.width, space.height))
    problem = None if printed.problem == "blank" and (values or comments) else printed.problem
    return replace(printed, frames=frames, comments=tuple(comments), problem=problem), scan


def _read_print(
    page: pypdfium2.PdfPage, number: int, space: PageSpace, filled: Sequence[Box], reading: Reading
) -> tuple[PrintedPage, Scan | None]:
    """What is printed on the page, and the page as a picture. `filled`: where fields are that are filled in."""
    drawings = read_drawings(page, space)
    frames = tuple(with_vertical_lines(read_frames(page, space, drawings.rules, filled)))
    recognizes = reading.recognizes_text and ocr.is_available()
    large = any(image.pixels > reading.limits.pixels for image in drawings.images)
    print_boxes = _print_boxes(frames)
    if _is_picture(frames, print_boxes, drawings, space):
        kept = frames if is_legible(frames) else ()
        if large or not recognizes:
            if not large:
                note_missed("ocr")
            return PrintedPage(number, kept, problem=_problem(large, bool(kept or filled))), None
        scan = scanned(page, space, [*(print_boxes if kept else ()), *filled], reading)
        return PrintedPage(number, kept, problem=None if kept else "blank"), scan
    if not frames:
        return PrintedPage(number, problem="blank"), None
    boxes = _picture_boxes(space, drawings.images, print_boxes)
    if large or (boxes and not (recognizes or reading.describes_pictures)):
        if not large:
            note_missed("ocr")
            note_missed("vision")
        is_told = large or sum(_share(box, space) for box in boxes) >= _SCAN
        return PrintedPage(number, frames, problem=_problem(large, has_text=True) if is_told else None), None
    pictures = tuple(_pictures(page, space, boxes, print_boxes, reading))
    return PrintedPage(number, frames, pictures), None


def _problem(is_large: bool, has_text: bool) -> Problem:
    if has_text:
        return "large picture" if is_large else "unread picture"
    return "too large" if is_large else "scanned"


def _print_boxes(frames: Sequence[Frame]) -> list[Box]:
    """Where print stands on the page, but for print askew, whose boxes are much larger than it."""
    upright = (frame for frame in frames if frame.direction is not None)
    return [frame.on_page(fragment.box) for frame in upright for fragment in frame.fragments]


def _is_picture(frames: Sequence[Frame], print_boxes: Sequence[Box], drawings: Drawings, space: PageSpace) -> bool:
    """Whether the text of the page, or all but a stamp or a line that was put on it, is in a picture, or drawn."""
    if not is_legible(frames):
        return True
    covered = sum(_share(image.box, space) for image in drawings.images)
    if is_hardly_text(frames):
        return covered >= _SCAN or (not frames and (covered > 0 or drawings.paths >= _DRAWN_TEXT))
    return covered >= _WHOLE and sum(_share(box, space) for box in print_boxes) <= _LITTLE_PRINT


def _share(box: Box, space: PageSpace) -> float:
    """Of the page, that a box takes."""
    width = min(box[2], space.width) - max(box[0], 0.0)
    height = min(box[3], space.height) - max(box[1], 0.0)
    return max(width, 0.0) * max(height, 0.0) / (space.width * space.height)


def _picture_boxes(space: PageSpace, images: Sequence[Image], print_boxes: Sequence[Box]) -> list[Box]:
    """Where pictures stand that are large enough and have little text printed on them."""
    large = [each for each in images if _share(each.box, space) >= _PICTURE and each.pixels >= _LEAST_PIXELS]
    boxes = (Frame(0, space.width, space.height).on_page(each.box) for each in large)
    return [box for box in boxes if sum(_shared(each, box) for each in print_boxes) <= _LITTLE_PRINT * _area(box)]


def _shared(first: Box, second: Box) -> float:
    """The area that two boxes have in common."""
    left, top = max(first[0], second[0]), max(first[1], second[1])
    right, bottom = min(first[2], second[2]), min(first[3], second[3])
    return _area((left, top, right, bottom)) if left < right and top < bottom else 0.0


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _pictures(
    page: pypdfium2.PdfPage, space: PageSpace, boxes: Sequence[Box], print_boxes: Sequence[Box], reading: Reading
) -> Iterator[Picture]:
    """What the pictures say."""
    for box in boxes:
        text = picture_text(picture_file(page, space, box, print_boxes, reading), "", reading)
        if text.strip():
            yield Picture(box, clean(text).strip())


def read_properties(pdf: OpenPdf) -> dict[str, str]:
    """What the file says of itself: title, author, subject, created and modified (ISO 8601), where it does."""
    with _one_at_a_time:
        said = pdf.document.get_metadata_dict()
    found = {
        "title": one_line(said["Title"]),
        "author": one_line(said["Author"]),
        "subject": one_line(said["Subject"]),
        "created": iso_date(said["CreationDate"]),
        "modified": iso_date(said["ModDate"]),
    }
    return {key: value for key, value in found.items() if value and not _LEFT_OVER.fullmatch(value)}


def iso_date(text: str) -> str:
    """A PDF date, as in D:20241101153620+03'00', as ISO 8601 with what it says and no more; empty if it is none."""
    match = _DATE.match(text.strip())
    if match is None:
        return ""
    year, month, day, hour, minute, second, utc, sign, zone_hours, zone_minutes = match.groups()
    date = "-".join(part for part in (year, month, day) if part)
    time = ":".join((hour, minute or "00", second or "00")) if hour else ""
    zone = "+00:00" if utc else f"{sign}{zone_hours}:{zone_minutes or '00'}" if sign else ""
    try:
        datetime.fromisoformat(f"{year}-{month or '01'}-{day or '01'}T{time or '00:00:00'}{zone}")
    except ValueError:
        return ""
    return f"{date}T{time}{zone}" if time else date


def read_outline(pdf: OpenPdf) -> Mapping[tuple[int, str], int]:
    """The level (1 is the highest) of each entry of the outline, by its page and `outline_key`."""
    found: dict[tuple[int, str], int] = {}
    with _one_at_a_time:
        for entry in itertools.islice(pdf.document.get_toc(max_depth=6), _MOST_OUTLINE):
            target = entry.get_dest()
            index = target.get_index() if target else None
            if index is not None:
                found[index + 1, outline_key(entry.get_title())] = entry.level + 1
    return found
