"""Table rows as they are said: "姓名：周启明；职务：项目经理", each cell with its label."""

import re

_CELL = re.compile(r"([^:：;；]{1,40}+)[:：]\s?+([^;；]*+)(?:[;；]\s?+|$)")
_ROW = re.compile(rf"(?:{_CELL.pattern})++")


def row_cells(statement: str) -> list[tuple[str, str]]:
    """Label and cell of a row, or of one labelled line; empty for any other sentence."""
    return _CELL.findall(statement) if _ROW.fullmatch(statement) else []
