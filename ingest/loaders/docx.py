"""Word files (.docx)."""

import io
import re
from collections.abc import Iterator
from pathlib import PurePath

import docx
from docx.document import Document as WordDocument
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from ingest.loaders.office import check_office_archive, corrupt
from ingest.loaders.table import markdown_table
from ingest.reading import Reading
from tools.shapes import LoadedFile, Page
from tools.text.clean import clean, one_line

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"title|标题|文档标题", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list|列表", re.IGNORECASE)


def load_docx(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """Headings, paragraphs, lists and tables in their order. Word files know no pages before they are laid out."""
    check_office_archive(content, name, "word/document.xml")
    try:
        document = docx.Document(io.BytesIO(content))
        blocks = list(_blocks(document))
        title = one_line(document.core_properties.title or "")
    except Exception as error:  # python-docx and lxml raise many kinds for damaged files
        raise corrupt(name) from error
    first = re.match(r"#+ (.+)", blocks[0]) if blocks else None
    title = (first.group(1) if first else "") or title or PurePath(name).stem
    return [LoadedFile(title=title, format="docx", pages=(Page(1, _join(blocks)),))]


def _blocks(document: WordDocument) -> Iterator[str]:
    for block in document.iter_inner_content():
        text = markdown_table(_rows(block)) if isinstance(block, Table) else _paragraph(block)
        if text:
            yield text


def _paragraph(paragraph: Paragraph) -> str:
    text = clean(paragraph.text).strip()
    if not text:
        return ""
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    heading = _HEADING.match(style)
    if heading:
        return f"{'#' * min(int(heading.group(1)) + 1, 6)} {one_line(text)}"
    if _TITLE.fullmatch(style):
        return f"# {one_line(text)}"
    properties = paragraph._p.pPr
    if _LIST_STYLE.match(style) or (properties is not None and properties.numPr is not None):
        return f"- {one_line(text)}"
    return text


def _rows(table: Table) -> Iterator[list[str]]:
    for row in table.rows:
        seen: set[int] = set()  # a merged cell is listed once for each column it spans
        cells = []
        for cell in row.cells:
            cells.append("" if id(cell._tc) in seen else _cell_text(cell))
            seen.add(id(cell._tc))
        yield cells


def _cell_text(cell: _Cell) -> str:
    texts = [
        block.text if isinstance(block, Paragraph) else " ".join(" ".join(row) for row in _rows(block))
        for block in cell.iter_inner_content()
    ]
    return clean(" ".join(text for text in texts if text.strip()))


def _join(blocks: list[str]) -> str:
    """Blocks by a blank line, list items by a line end."""
    text = ""
    before = ""
    for block in blocks:
        is_list = block.startswith("- ") and before.startswith("- ")
        text += ("\n" if is_list else "\n\n") + block if text else block
        before = block
    return text
