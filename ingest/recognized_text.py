"""The text of a picture from its recognized lines."""

from collections.abc import Sequence

from ingest.ocr import RecognizedLine
from tools.shapes import TextBox


def recognized_text(lines: Sequence[RecognizedLine], points_per_pixel: float = 1.0) -> tuple[str, tuple[TextBox, ...]]:
    """Paragraphs with a blank line between, and where their lines stand, in points from the picture's top left."""
    pieces: list[str] = []
    boxes: list[TextBox] = []
    end = 0
    for line in lines:
        joint = line.joint if pieces else ""
        start = end + len(joint)
        end = start + len(line.text)
        left, top, right, bottom = (value * points_per_pixel for value in line.box)
        boxes.append(TextBox(start, end, (left, top, right, bottom)))
        pieces += (joint, line.text)
    return "".join(pieces), tuple(boxes)
