"""OpenDocument files of LibreOffice and others: text (.odt), sheets (.ods) and slides (.odp)."""

from dataclasses import replace
from pathlib import PurePath
from typing import Any

from ingest.loaders.archive import Archive, corrupt
from ingest.loaders.asides import with_aside
from ingest.loaders.blocks import join_blocks
from ingest.loaders.elements import attribute, child, children, descendants, local, text_of
from ingest.loaders.odf_body import OdfBody
from ingest.loaders.odf_sheet import SheetRows
from ingest.loaders.sheet import check_cells, sheet_blocks, sheet_text
from ingest.reading import Reading
from tools.errors import FileError
from tools.shapes import LoadedFile, Page
from tools.text.clean import one_line

_KEYS = {"initial-creator": "author", "creation-date": "created", "date": "modified", "subject": "subject"}


def load_odt(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """Headings, paragraphs, lists, tables, notes and frames in their order, as one page."""
    archive, body = _opened(content, name, "text", reading)
    odf = OdfBody(archive, reading)
    blocks = list(odf.blocks(body))
    return [_loaded(archive, name, "odt", (Page(1, join_blocks(blocks)),), blocks[0] if blocks else "")]


def load_odp(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """One page a slide: its frames in their order, and the speaker's notes below a heading."""
    archive, body = _opened(content, name, "presentation", reading)
    odf = OdfBody(archive, reading)
    slides = list(children(body, "page"))[: reading.limits.pages]
    shown = [join_blocks(odf.slide(slide)) for slide in slides]
    texts = with_aside(shown, "notes", [join_blocks(odf.notes(slide)) for slide in slides])
    pages = tuple(Page(number, text) for number, text in enumerate(texts, start=1))
    first = pages[0].text.partition("\n")[0] if pages else ""
    return [_loaded(archive, name, "odp", pages, first)]


def load_ods(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """One page a sheet: its name as a heading, its tables as Markdown, values as they are shown."""
    archive, body = _opened(content, name, "spreadsheet", reading)
    pages: list[Page] = []
    warnings: list[str] = []
    count = 0
    hidden = _hidden_styles(archive)
    for table in children(body, "table"):
        title = one_line(attribute(table, "name"))
        is_hidden = attribute(table, "style-name") in hidden
        if is_hidden:
            warnings.append(f"sheet {title} is hidden; it was read")
        sheet = SheetRows(table, name, reading.limits)
        count += sheet.count
        check_cells(count, name, reading.limits)
        text = sheet_text(title, sheet_blocks(sheet.rows, sheet.merged), is_hidden=is_hidden)
        pages.append(Page(len(pages) + 1, text))
    loaded = _loaded(archive, name, "ods", tuple(pages[: reading.limits.pages]), "")
    return [replace(loaded, warnings=tuple(warnings))]


def _hidden_styles(archive: Archive) -> set[str]:
    """The styles of tables that are not shown."""
    shown = descendants(archive.xml("content.xml"), "table-properties")
    return {attribute(one.getparent(), "name") for one in shown if attribute(one, "display") == "false"}


def _opened(content: bytes, name: str, kind: str, reading: Reading) -> tuple[Archive, Any]:
    archive = Archive(content, name, reading.limits)
    manifest = archive.xml("META-INF/manifest.xml")
    if manifest is not None and next(descendants(manifest, "encryption-data"), None) is not None:
        raise FileError(
            f"{name} is protected by a password.",
            why="Its content cannot be read without the password.",
            next_step="Open it in LibreOffice and save it without a password.",
        )
    body = child(archive.xml("content.xml"), "body", kind)
    if body is None:
        raise corrupt(name)
    return archive, body


def _loaded(archive: Archive, name: str, kind: str, pages: tuple[Page, ...], first_block: str) -> LoadedFile:
    meta = child(archive.xml("meta.xml"), "meta")
    found = {} if meta is None else {local(element): one_line(text_of(element)) for element in meta}
    if not found.get("initial-creator"):
        found["initial-creator"] = found.get("creator", "")
    marks, _, title = first_block.partition(" ")
    title = title if marks and not marks.strip("#") else ""
    return LoadedFile(
        title=title or found.get("title") or PurePath(name).stem,
        format=kind,
        pages=pages,
        has_pages=kind != "odt",
        metadata={key: found[own] for own, key in _KEYS.items() if found.get(own)},
    )
