"""Text recognition in pictures, with the extra `ocr`: models for Chinese and English that come with the package."""

import importlib.util
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ingest.reading import Reading
from tools.errors import MissingExtraError
from tools.shapes import Box


@dataclass(frozen=True, slots=True)
class RecognizedLine:
    """A line of print. `box` is in pixels of the picture from its top left; `score` is from 0 to 1, higher is surer."""

    text: str
    box: Box
    score: float


def is_available() -> bool:
    """Whether the extra is installed."""
    return all(importlib.util.find_spec(package) for package in ("rapidocr", "onnxruntime"))


def recognize(image: np.ndarray[Any, np.dtype[np.uint8]], reading: Reading) -> list[RecognizedLine]:
    """The lines of print in a picture, in the order of reading. `image`: height × width × 3, RGB.

    Raises MissingExtraError when the extra is not installed.
    """
    found = _engine()(np.ascontiguousarray(image[:, :, ::-1]))
    if found.boxes is None or not found.txts:
        return []
    return [
        RecognizedLine(text, (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()), float(score))
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
    ]


@cache
def _engine() -> Any:
    if not is_available():
        raise MissingExtraError(
            "Text in pictures cannot be recognized.",
            why="The packages of the extra ocr are not installed.",
            next_step="pip install '.[ocr]'",
        )
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})
