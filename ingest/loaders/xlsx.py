"""Excel files (.xlsx, .xlsm)."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from ingest.loaders.archive import Archive, corrupt
from ingest.loaders.drawing import shape_text
from ingest.loaders.elements import attribute, child, descendants
from ingest.loaders.office import Drawings, first_of_kind, properties
from ingest.loaders.sheet import sheet_blocks, sheet_text
from ingest.loaders.xlsx_cells import CellReader, SheetCells
from ingest.reading import Reading
from tools.shapes import LoadedFile, Page
from tools.text.clean import one_line


def load_xlsx(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """One page a sheet: its name as a heading, its tables as Markdown, values as they are shown, comments, charts."""
    archive = Archive(content, name, reading.limits)
    workbook_part = first_of_kind(archive.related(""), "officeDocument")
    workbook = archive.xml(workbook_part)
    if workbook is None or child(workbook, "sheets") is None:
        raise corrupt(name)
    related = archive.related(workbook_part)
    reader = CellReader(archive, workbook, related, reading.limits)
    drawings = Drawings(archive, reading)
    pages: list[Page] = []
    warnings: list[str] = []
    for sheet in child(workbook, "sheets"):  # type: ignore[union-attr]
        if len(pages) == reading.limits.pages:
            warnings.append(f"only the first {reading.limits.pages:,} sheets are read (SIGNPOST_MAX_PAGES)")
            break
        title = one_line(attribute(sheet, "name"))
        kind, part = related.get(attribute(sheet, "id"), ("", ""))
        cells = SheetCells() if kind == "chartsheet" or part not in archive.names else reader.read(part)
        is_hidden = attribute(sheet, "state") in ("hidden", "veryHidden")
        warnings += _warnings(title, is_hidden, cells)
        blocks = [*sheet_blocks(cells.rows, cells.merged), *_drawn(part, archive, drawings)]
        pages.append(Page(len(pages) + 1, sheet_text(title, blocks, is_hidden=is_hidden)))
    title, metadata = properties(archive)
    return [
        LoadedFile(
            title=title or PurePath(name).stem,
            format="xlsx",
            pages=tuple(pages),
            has_pages=True,
            metadata=metadata,
            warnings=tuple(warnings),
        )
    ]


def _warnings(title: str, is_hidden: bool, cells: SheetCells) -> Iterator[str]:
    if is_hidden:
        yield f"sheet {title} is hidden; it was read"
    if cells.hidden_rows:
        yield f"sheet {title}: hidden rows were read ({cells.hidden_rows})"
    if cells.uncalculated:
        yield (
            f"sheet {title}: formulas without a stored value are left out ({cells.uncalculated}); "
            "open the file in Excel or LibreOffice and save it"
        )


def _drawn(sheet_part: str, archive: Archive, drawings: Drawings) -> Iterator[str]:
    """Comments on cells, and what lies over them: text boxes, pictures, charts."""
    for kind, part in archive.related(sheet_part).values():
        root = archive.xml(part) if kind in ("comments", "drawing") else None
        if root is None:
            continue
        if kind == "comments":
            yield from _comments(root)
            continue
        related = archive.related(part)
        for anchor in root:
            for shape in descendants(anchor, "sp"):
                body = child(shape, "txBody")
                yield shape_text(body) if body is not None else ""
            yield from drawings.blocks(anchor, related)


def _comments(root: Any) -> Iterator[str]:
    for comment in descendants(root, "comment"):
        text = one_line("".join(run.text or "" for run in descendants(comment, "t")))
        if text:
            yield f"{attribute(comment, 'ref')}: {text}"
