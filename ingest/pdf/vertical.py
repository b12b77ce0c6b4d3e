"""Chinese and Japanese set from top to bottom, in lines from right to left: read as print that is turned to the right.

Each of its characters stands by itself in the file. They are one line where they follow one another straight down, in
steady steps.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.pdf.printed import Fragment, Frame, Rule, around

_SHARE = 0.6  # of the print of a page, that stands in such lines at least
_LEAST = 3  # characters of a line
_SIDEWAYS = 0.25  # times the size: from the middle of one character to that of the next, at most
_STEP = (0.6, 2.2)  # times the size: from one character down to the next
_UNSTEADY = 0.3  # times the size
_MOST_CHARACTERS = 3  # side by side in such a line, as the digits of a number
_IDEOGRAPH = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def with_vertical_lines(frames: Sequence[Frame]) -> list[Frame]:
    """The frames, by amount of text; where most print runs down, it is in the frame of print that is turned."""
    upright = next((frame for frame in frames if frame.direction == 0), None)
    if upright is None:
        return list(frames)
    lines = _lines(upright.fragments)
    across = [rule for rule in upright.rules if rule.is_horizontal]
    vertical = [line for line in lines if len(line) >= _LEAST and not _is_parted(line, across)]
    text = "".join(each.text for line in vertical for each in line)
    if len(text) < _SHARE * sum(len(each.text) for each in upright.fragments) or not _is_chinese(text):
        return list(frames)
    turned = Frame(90, upright.width, upright.height)
    down = tuple(_turned(line, turned) for line in lines if _runs_down(line))
    rest = tuple(each for line in lines if not _runs_down(line) for each in line)
    others = [frame for frame in frames if frame is not upright and frame.direction != 90]
    beside = next((frame for frame in frames if frame.direction == 90), turned)
    found = [replace(beside, fragments=(*down, *beside.fragments)), *others, replace(upright, fragments=rest)]
    return sorted(found, key=lambda frame: -sum(len(each.text) for each in frame.fragments))


def _is_parted(line: Sequence[Fragment], across: Sequence[Rule]) -> bool:
    """Whether rules go through it, as through the column of a table."""
    first, last, middle = line[0].baseline, line[-1].baseline, _middle(line[0])
    return any(first <= rule.at <= last and rule.start <= middle <= rule.end for rule in across)


def _runs_down(line: Sequence[Fragment]) -> bool:
    """Among lines that do: whether it is one of them, or the one or two characters that a paragraph ends with."""
    return len(line) >= _LEAST or (len(line[0].text.strip()) == 1 and _is_chinese(line[0].text.strip()))


def _is_chinese(text: str) -> bool:
    return 2 * len(_IDEOGRAPH.findall(text)) > len(text)


def _lines(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """The fragments in their order, those together that stand one below the other in steady steps."""
    lines: list[list[Fragment]] = []
    for fragment in fragments:
        if lines and _goes_on(lines[-1], fragment):
            lines[-1].append(fragment)
        else:
            lines.append([fragment])
    return lines


def _goes_on(line: Sequence[Fragment], fragment: Fragment) -> bool:
    before, size = line[-1], fragment.size
    if max(len(before.text.strip()), len(fragment.text.strip())) > _MOST_CHARACTERS or before.size != size:
        return False
    step = fragment.baseline - before.baseline
    usual = line[1].baseline - line[0].baseline if len(line) > 1 else step
    is_below = abs(_middle(fragment) - _middle(before)) <= _SIDEWAYS * size
    return is_below and _STEP[0] * size <= step <= _STEP[1] * size and abs(step - usual) <= _UNSTEADY * size


def _middle(fragment: Fragment) -> float:
    return (fragment.box[0] + fragment.box[2]) / 2


def _turned(line: Sequence[Fragment], frame: Frame) -> Fragment:
    """The line as one fragment of the frame of turned print."""
    left, top, right, bottom = frame.framed(around(each.box for each in line))
    text = "".join(each.text.strip() for each in line)
    return Fragment(text, (left, top, right, bottom), bottom - 0.2 * line[0].size, line[0].size, line[0].is_bold)
