"""PowerPoint files (.pptx, .pptm, .ppsx)."""

import io
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import pptx
from pptx.slide import Slide

from ingest.loaders.archive import Archive, corrupt
from ingest.loaders.asides import with_aside
from ingest.loaders.blocks import heading, join_blocks
from ingest.loaders.drawing import shape_text
from ingest.loaders.elements import attribute, child, local
from ingest.loaders.office import Drawings, first_of_kind, properties
from ingest.loaders.slide_lists import slide_paragraphs
from ingest.loaders.table import Span, table_blocks
from ingest.reading import Reading
from tools.errors import SignpostError
from tools.shapes import LoadedFile, Page
from tools.text.clean import one_line

_UNREAD_PLACEHOLDERS = {"sldNum", "dt", "ftr", "hdr"}
_TITLES = {"title", "ctrTitle"}
_CONTENT = {"obj", "body"}
_ROW_EMU = 457_200  # half an inch: shapes whose tops differ by less stand side by side


def load_pptx(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """One page a slide: its title as a heading, its shapes as they are read, the speaker's notes below a heading."""
    archive = Archive(content, name, reading.limits)
    if not first_of_kind(archive.related(""), "officeDocument").startswith("ppt/"):
        raise corrupt(name)
    archive.check_for_library()
    try:
        drawings = Drawings(archive, reading)
        slides = list(pptx.Presentation(io.BytesIO(content)).slides)
        read = slides[: reading.limits.pages]
        shown = [join_blocks(_SlideReader(slide, archive, drawings).blocks()) for slide in read]
        texts = with_aside(shown, "notes", map(_notes, read))
    except SignpostError:
        raise
    except Exception as error:  # python-pptx and lxml raise many kinds for damaged files
        raise corrupt(name) from error
    hidden = [number for number, slide in enumerate(slides, start=1) if attribute(slide.element, "show") == "0"]
    warnings = [f"slide {number} is hidden; it was read" for number in hidden]
    if len(slides) > reading.limits.pages:
        warnings.append(
            f"only the first {reading.limits.pages:,} of {len(slides):,} slides are read (SIGNPOST_MAX_PAGES)"
        )
    title, metadata = properties(archive)
    first = _title(slides[0]) if slides else ""
    return [
        LoadedFile(
            title=first or title or PurePath(name).stem,
            format="pptx",
            pages=tuple(Page(number, text) for number, text in enumerate(texts, start=1)),
            has_pages=True,
            metadata=metadata,
            warnings=tuple(warnings),
        )
    ]


class _SlideReader:
    """Reads one slide into blocks."""

    def __init__(self, slide: Slide, archive: Archive, drawings: Drawings) -> None:
        self._slide = slide
        self._drawings = drawings
        self._related = archive.related(slide.part.partname.lstrip("/"))

    def blocks(self) -> Iterator[str]:
        title = _title(self._slide)
        if title:
            yield heading(1, title)
        for shape in _in_reading_order(self._slide.shapes):
            yield from self._shape(shape)

    def _shape(self, shape: Any) -> Iterator[str]:
        element = shape.element
        if _placeholder(shape) in _UNREAD_PLACEHOLDERS | _TITLES or _is_hidden(element):
            return
        if local(element) == "grpSp":
            for part in _in_reading_order(shape.shapes):
                yield from self._shape(part)
        elif shape.has_text_frame:
            # In a placeholder for content the layout gives the bullets.
            yield from slide_paragraphs(shape.text_frame._txBody, is_list=_placeholder(shape) in _CONTENT)
        elif shape.has_table:
            yield from _table(shape.table)
        else:
            yield from self._drawings.blocks(element, self._related)


def _table(table: Any) -> Iterator[str]:
    grid: list[list[str]] = []
    spans: list[Span] = []
    for row_number, row in enumerate(table.rows):
        grid.append([])
        for column, cell in enumerate(row.cells):
            body = child(cell._tc, "txBody")
            grid[-1].append("" if cell.is_spanned or body is None else shape_text(body))
            if cell.is_merge_origin:
                spans.append(Span(row_number, column, cell.span_height, cell.span_width))
    yield from table_blocks(grid, spans)


def _notes(slide: Slide) -> str:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return shape_text(frame._txBody) if frame is not None else ""


def _title(slide: Slide) -> str:
    title = slide.shapes.title
    return one_line(shape_text(title.text_frame._txBody)) if title is not None else ""


def _in_reading_order(shapes: Any) -> list[Any]:
    """From top to bottom, side by side from left to right; shapes without a place come last, as they are drawn."""
    placed = sorted((shape for shape in shapes if shape.top is not None), key=lambda shape: shape.top)
    rows: list[list[Any]] = []
    for shape in placed:
        if rows and shape.top - rows[-1][0].top < _ROW_EMU:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    in_rows = [shape for row in rows for shape in sorted(row, key=lambda shape: shape.left or 0)]
    return in_rows + [shape for shape in shapes if shape.top is None]


def _placeholder(shape: Any) -> str:
    """What the layout keeps the place for: "title", "body", …; "" for a shape of its own."""
    found = next(shape.element.iter("{*}ph"), None)
    return "" if found is None or local(shape.element) == "grpSp" else attribute(found, "type") or "obj"


def _is_hidden(element: Any) -> bool:
    own = next(element.iter("{*}cNvPr"), None)
    return own is not None and attribute(own, "hidden") in ("1", "true")
