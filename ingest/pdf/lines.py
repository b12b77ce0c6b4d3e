"""Fragments of print that stand side by side, as lines."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.loaders.superscripts import raised
from ingest.pdf.printed import Fragment, around
from tools.shapes import Box

WORD_SPACE = 0.16  # times the size of the print: wider gaps part words
_RAISED = (0.2, 0.85)  # times the size of the print before: how high at least, and how large at most
_PARTED = 1.5  # wider ones part what is said
FULL_WIDTH = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a line; wide gaps are between parts."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print: its text is that of its runs, in the order of reading, with a space between.

    `ends_filled_in`: with what somebody wrote into a form.
    """

    runs: tuple[Run, ...]
    box: Box
    baseline: float
    size: float
    is_bold: bool = False
    ends_filled_in: bool = False

    @property
    def text(self) -> str:
        return " ".join(run.text for run in self.runs)


def lines_of(fragments: Iterable[Fragment]) -> list[Line]:
    """The lines from top to bottom. Raised and lowered characters stay in the line that they belong to."""
    rows: list[tuple[Fragment, list[Fragment]]] = []  # with the tallest of each
    for fragment in sorted(fragments, key=lambda each: (each.baseline, each.box[0])):
        place = next((place for place in range(-1, -4, -1) if _is_row(fragment, rows, place)), None)
        if place is None:
            rows.append((fragment, [fragment]))
            continue
        tallest, row = rows[place]
        row.append(fragment)
        rows[place] = max(tallest, fragment, key=lambda each: each.size), row
    return [line for _, row in rows if (line := line_of(row)) is not None]


def line_of(fragments: Sequence[Fragment]) -> Line | None:
    """One line of all of `fragments`; None when there is nothing to read in them."""
    main = max(fragments, key=lambda each: (each.size, len(each.text)))
    ordered = _in_reading_order(fragments)
    runs = _runs(ordered)
    if not runs:
        return None
    bold = sum(len(each.text) for each in fragments if each.is_bold)
    total = sum(len(each.text) for each in fragments)
    sizes: dict[float, int] = {}
    for each in fragments:
        sizes[each.size] = sizes.get(each.size, 0) + len(each.text)
    size = max(sizes, key=sizes.__getitem__)
    box = around(run.box for run in runs)
    return Line(runs, box, main.baseline, size, bold >= 0.9 * total, ordered[-1].is_filled_in)


def is_right_to_left(text: str) -> bool:
    """Whether most letters of `text` are of scripts that run from right to left."""
    if _RIGHT_TO_LEFT.search(text) is None:
        return False
    return 2 * len(_RIGHT_TO_LEFT.findall(text)) > len(_LETTER.findall(text))


def _is_row(fragment: Fragment, rows: Sequence[tuple[Fragment, list[Fragment]]], place: int) -> bool:
    """By the tallest of the row: more than half of the smaller of the two stands beside the other."""
    if len(rows) < -place:
        return False
    (_, top, _, bottom), (_, row_top, _, row_bottom) = fragment.box, rows[place][0].box
    shared = min(bottom, row_bottom) - max(top, row_top)
    return shared > 0.5 * min(bottom - top, row_bottom - row_top)


def _in_reading_order(fragments: Sequence[Fragment]) -> list[Fragment]:
    if is_right_to_left("".join(each.text for each in fragments)):
        ordered = sorted(fragments, key=lambda each: -each.box[2])
    else:
        ordered = sorted(fragments, key=lambda each: each.box[0])
    kept = ordered[:1]
    for before, each in itertools.pairwise(ordered):
        if not _is_printed_twice(before, each):
            kept.append(each)
    return kept


def _is_printed_twice(before: Fragment, each: Fragment) -> bool:
    """As bold print and shadows are made by some programs."""
    return before.text.strip() == each.text.strip() and abs(before.box[0] - each.box[0]) < 0.2 * each.size


def _runs(fragments: Sequence[Fragment]) -> tuple[Run, ...]:
    runs: list[tuple[str, list[Box]]] = []
    for before, each in itertools.pairwise((None, *fragments)):
        assert each is not None
        if before is None or _gap(before, each) > _PARTED * max(before.size, each.size):
            runs.append((each.text, [each.box]))
            continue
        text, boxes = runs[-1]
        runs[-1] = (f"{text.rstrip()}{_joined(before, each)}", [*boxes, each.box])
    return tuple(Run(" ".join(text.split()), around(boxes)) for text, boxes in runs if text.strip())


def _gap(before: Fragment, each: Fragment) -> float:
    return max(each.box[0] - before.box[2], before.box[0] - each.box[2])


def _joined(before: Fragment, each: Fragment) -> str:
    """What `each` adds to the text of a run that ends with `before`."""
    between = _between(before, each)
    added = each.text.lstrip()
    highest, largest = (before.size * share for share in _RAISED)
    is_raised = before.baseline - each.baseline >= highest and each.size <= largest
    return raised(added, before.text[-1]) if is_raised and not between else between + added


def _between(before: Fragment, each: Fragment) -> str:
    gap, size = _gap(before, each), min(before.size, each.size)
    if before.text[-1].isspace() or each.text[0].isspace():
        return " "
    if _changes_direction(before.text[-1], each.text[0]):
        return " "
    is_chinese = FULL_WIDTH.match(before.text[-1]) and FULL_WIDTH.match(each.text[0])
    return " " if gap > (size if is_chinese else WORD_SPACE * size) else ""


def _changes_direction(before: str, each: str) -> bool:
    """Whether two letters are of words, as no word holds letters of both directions."""
    return before.isalpha() and each.isalpha() and is_right_to_left(before) != is_right_to_left(each)
