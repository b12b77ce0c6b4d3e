"""Rows of cells as a Markdown table."""

import re
from collections.abc import Iterable, Sequence

_WHITE_SPACE = re.compile(r"\s+")


def markdown_table(rows: Iterable[Sequence[str]]) -> str:
    """A table with the first row as its header. Short rows are filled up, empty columns and rows left out."""
    cells = [[_WHITE_SPACE.sub(" ", cell).strip().replace("|", "\\|") for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    if not cells:
        return ""
    width = max(len(row) for row in cells)
    filled = [row + [""] * (width - len(row)) for row in cells]
    kept = [column for column in range(width) if any(row[column] for row in filled)]
    lines = ["| " + " | ".join(row[column] for column in kept) + " |" for row in filled]
    lines.insert(1, "|" + " --- |" * len(kept))
    return "\n".join(lines)
