"""What is kept beside a chunk's text. What holds for the whole document stands in the document's metadata alone.

Keys: "language" (zh or en), "characters", "tokens" (estimated), "keywords" (at most five), "splitter"; where they
apply "article" (of a law: 第九条), "caption" (of a table), "is_ocr" (true). For joining a section's chunks again:
"header", the number of characters at the beginning that are a table's header said once more, and "joint", what stands
between it and the chunk before where that is no blank line.
"""

from typing import Any

from ingest.splitting.span import Piece
from tools.shapes import Page
from tools.text.keywords import keywords
from tools.text.language import detect_language


def chunk_metadata(
    piece: Piece, page: Page, text: str, tokens: int, splitter: str, before: Piece | None
) -> dict[str, Any]:
    """The metadata of a chunk with this text. before: the piece of the chunk before it."""
    said = page.text[slice(*piece.span)]
    values: dict[str, Any] = {
        "language": detect_language(said),
        "characters": len(said),
        "tokens": tokens,
        "keywords": keywords(said),
        "splitter": splitter,
    }
    optional = {
        "article": piece.unit.article,
        "caption": piece.caption,
        "is_ocr": page.is_ocr,
        "header": len(text) - len(said),
    }
    values |= {key: value for key, value in optional.items() if value}
    if before is not None and before.unit.page == piece.unit.page:
        gap = page.text[before.span.end : piece.span.start]
        if gap.count("\n") < 2:
            values["joint"] = "\n" if "\n" in gap else gap[:1]
    return values
