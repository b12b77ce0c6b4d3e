"""Tables as text (.csv, .tsv)."""

import csv
import io
import re
from pathlib import PurePath

from ingest.loaders.blocks import join_blocks
from ingest.loaders.decoding import decode
from ingest.loaders.sheet import check_cells, rows_of_notes
from ingest.loaders.table import table_blocks
from ingest.reading import Reading
from tools.errors import FileError
from tools.shapes import LoadedFile, Page

_DELIMITERS = ",;\t|"
_SNIFFED_LINES = 30
_STATED = re.compile(r"\s*sep=([,;\t|])\r?\n", re.IGNORECASE)  # a first line by which Excel knows the delimiter
_MAX_CELL_CHARACTERS = 10_000_000


def load_csv(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """All rows as one Markdown table below its header; what stands above the header in fewer cells as text."""
    text = decode(content, name)
    stated = _STATED.match(text)
    text = text[stated.end() :] if stated else text
    csv.field_size_limit(_MAX_CELL_CHARACTERS)
    try:
        mark = stated.group(1) if stated else delimiter(text, is_tabbed=PurePath(name).suffix.lower() == ".tsv")
        check_cells(text.count(mark) + text.count("\n"), name, reading.limits)
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=mark, strict=False) if any(map(str.strip, row))]
    except csv.Error as error:
        raise FileError(
            f"{name} cannot be read as a table.",
            why=str(error),
            next_step="Open it in a spreadsheet program and save it again as CSV.",
        ) from error
    notes = rows_of_notes([row or [""] for row in rows])
    page = Page(1, join_blocks([*(" ".join(filter(None, row)) for row in rows[:notes]), *table_blocks(rows[notes:])]))
    metadata = {"rows": max(len(rows) - notes - 1, 0)}
    return [LoadedFile(title=PurePath(name).stem, format="csv", pages=(page,), metadata=metadata)]


def delimiter(text: str, *, is_tabbed: bool = False) -> str:
    """The one of , ; tab | that splits the first lines into the same number of columns, the most of them.

    `is_tabbed`: the file is said to be split by tabs, and is where half of its lines have one.
    """
    lines = [line for line in text.splitlines()[:_SNIFFED_LINES] if line.strip()]

    def regularity(candidate: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=candidate)]
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (widths.count(widths[0]) / len(widths), widths[0])

    if is_tabbed and sum("\t" in line for line in lines) * 2 >= len(lines):
        return "\t"
    best = max(_DELIMITERS, key=regularity)
    return best if regularity(best)[1] else ","
