"""Reads lines of print cut out of a picture, whichever way they stand."""

from collections.abc import Sequence
from statistics import fmean

import numpy as np
from PIL import Image

from ingest.ocr_engine import Corners, Pixels, TextEngine

_LINE_HEIGHT = 48
"""Pixels of a line as the model reads it."""
_TALL = 1.5  # times as high as wide: a line that runs up or down
_SAMPLE = 4  # lines tell which way up a picture is
_SURE = 0.9
_UNSURE = 0.8  # as lines score that stand another way than the others
_MOSTLY_CHINESE = 0.7
_NARROWED = 0.65
"""Chinese is read as well from a line narrowed to this share of its width, and sooner; letters are not."""


def read_lines(engine: TextEngine, lines: Sequence[Pixels]) -> tuple[int, list[tuple[str, float]]]:
    """What lines of one picture say, with how sure that is, and what turns the picture upright.

    That is a number of quarter turns to the left. Tall lines run down where others are upright, as Chinese may.
    """
    longest_first = sorted(range(len(lines)), key=lambda index: -max(lines[index].shape[:2]))
    sampled, others = longest_first[:_SAMPLE], longest_first[_SAMPLE:]
    quarter, sample = _way_up(engine, [lines[index] for index in sampled], 1 if _lie(lines) else 0)
    read = dict(zip(sampled, sample, strict=True))
    is_chinese = _chinese_share("".join(text for text, _ in sample)) > _MOSTLY_CHINESE
    narrowed = _NARROWED if is_chinese else 1.0
    found = engine.read([_ready(lines[index], quarter, narrowed) for index in others])
    read.update(zip(others, found, strict=True))
    for further, least in ((0, _SURE), (2, _UNSURE), (1, _UNSURE), (3, _UNSURE)):
        doubtful = [index for index in longest_first if read[index][1] < least]
        found = engine.read([_ready(np.rot90(lines[index], further), quarter) for index in doubtful])
        for index, again in zip(doubtful, found, strict=True):
            read[index] = max(read[index], again, key=lambda each: each[1])
    return quarter, [read[index] for index in range(len(lines))]


def cut_out(image: Pixels, lines: Sequence[Corners]) -> list[Pixels]:
    """The parts of the picture within four corners each, made rectangular."""
    picture = Image.fromarray(image)
    return [np.asarray(_cut_out(picture, corners), np.uint8) for corners in lines]


def _cut_out(picture: Image.Image, corners: Corners) -> Image.Image:
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    size = max(int(max(sides[0], sides[2])), 1), max(int(max(sides[1], sides[3])), 1)
    counter_clockwise = corners[[0, 3, 2, 1]].ravel().tolist()
    return picture.transform(size, Image.Transform.QUAD, counter_clockwise, Image.Resampling.BICUBIC)


def _lie(lines: Sequence[Pixels]) -> bool:
    """Whether most print runs up or down."""
    return sum(int(max(line.shape[:2])) * (1 if _is_tall(line) else -1) for line in lines) > 0


def _is_tall(line: Pixels) -> bool:
    height, width = line.shape[:2]
    return bool(height >= width * _TALL)


def _way_up(engine: TextEngine, sample: Sequence[Pixels], quarter: int) -> tuple[int, list[tuple[str, float]]]:
    """The quarter turns, given up to a half turn, and what the sample says."""
    read = engine.read([_ready(line, quarter) for line in sample])
    if _mean_score(read) >= _SURE:
        return quarter, read
    on_its_head = engine.read([_ready(line, quarter + 2) for line in sample])
    return (quarter + 2, on_its_head) if _mean_score(on_its_head) > _mean_score(read) else (quarter, read)


def _mean_score(read: Sequence[tuple[str, float]]) -> float:
    return fmean(score for _, score in read)


def _ready(line: Pixels, quarter: int, narrowed: float = 1.0) -> Pixels:
    """The line upright, of the height that the model reads."""
    is_across = quarter % 2 == 0 and _is_tall(line)
    upright = np.rot90(line, quarter + 1 if is_across else quarter)
    height, width = upright.shape[:2]
    size = max(round(width * _LINE_HEIGHT / height * narrowed), 1), _LINE_HEIGHT
    return np.asarray(Image.fromarray(np.ascontiguousarray(upright)).resize(size, Image.Resampling.BICUBIC), np.uint8)


def _chinese_share(text: str) -> float:
    return sum("\u3400" <= character <= "\u9fff" for character in text) / max(len(text), 1)
