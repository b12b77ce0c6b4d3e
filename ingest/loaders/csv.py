"""Tables as text (.csv, .tsv)."""

import csv
import io
from pathlib import PurePath

from ingest.loaders.decoding import decode
from ingest.loaders.table import markdown_table
from ingest.reading import Reading
from tools.errors import FileError
from tools.shapes import LoadedFile, Page

_DELIMITERS = ",;\t|"
_SNIFFED_LINES = 30
_MAX_CELL_CHARACTERS = 10_000_000


def load_csv(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """All rows as one Markdown table, the first row as its header."""
    text = decode(content, name)
    csv.field_size_limit(_MAX_CELL_CHARACTERS)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter(text), strict=False))
    except csv.Error as error:
        raise FileError(f"{name} cannot be read as a table.", why=str(error)) from error
    page = Page(1, markdown_table(rows))
    return [
        LoadedFile(title=PurePath(name).stem, format="csv", pages=(page,), metadata={"rows": max(len(rows) - 1, 0)})
    ]


def delimiter(text: str) -> str:
    """The one of , ; tab | that splits the first lines into the same number of columns, the most of them."""
    lines = [line for line in text.splitlines()[:_SNIFFED_LINES] if line.strip()]

    def regularity(candidate: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=candidate)]
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (widths.count(widths[0]) / len(widths), widths[0])

    best = max(_DELIMITERS, key=regularity)
    return best if regularity(best)[1] else ","
