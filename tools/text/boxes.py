"""Where a piece of text stands on its page."""

from collections.abc import Sequence

from tools.shapes import TextBox


def box_around(boxes: Sequence[TextBox], start: int = 0, end: int | None = None) -> list[float] | None:
    """[left, top, right, bottom] around the characters from `start` up to `end`, in PDF points from the top left.

    None where none of them is placed.
    """
    around = [each.box for each in boxes if each.end > start and (end is None or each.start < end)]
    if not around:
        return None
    left, top, right, bottom = zip(*around, strict=True)
    return [min(left), min(top), max(right), max(bottom)]
