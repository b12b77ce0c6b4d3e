"""The recognizer of the extra `ocr`: PP-OCR models for Chinese and English, run by ONNX Runtime. No network."""

import importlib.util
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Protocol

import numpy as np

from tools.errors import MissingExtraError
from tools.extras import install_line

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
"""Height × width × 3."""
Corners = np.ndarray[Any, np.dtype[np.float32]]
"""4 × 2: x and y in pixels, clockwise from the top left of a line that stands upright."""

_THREADS = 2
"""Of one process. More bring little, and worker processes share the cores."""


class TextEngine(Protocol):
    """What finds lines of print in a picture and reads them. Pictures are RGB."""

    def detect(self, image: Pixels, longest_side: int) -> list[Corners]:
        """Where lines of print are; `longest_side`: pixels of the picture that is looked at."""
        ...

    def read(self, lines: Sequence[Pixels]) -> list[tuple[str, float]]:
        """What each picture of one upright line says, and how sure that is, from 0 to 1."""
        ...


def is_available() -> bool:
    """Whether the extra is installed."""
    return all(importlib.util.find_spec(package) for package in ("rapidocr", "onnxruntime"))


@cache
def text_engine() -> TextEngine:
    """The one of this process; its models are read into memory once. Raises MissingExtraError."""
    if not is_available():
        raise MissingExtraError(
            "Text in pictures cannot be recognized.",
            why="The packages of the extra ocr are not installed.",
            next_step=install_line("ocr"),
        )
    return _RapidEngine()


class _RapidEngine:
    """Lines are read side by side, each by one thread: threads that share the work on a line wait for each other."""

    def __init__(self) -> None:
        self._finder = _rapid(_THREADS)
        self._reader = _rapid(1)
        self._one_at_a_time = threading.Lock()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="ocr")

    def detect(self, image: Pixels, longest_side: int) -> list[Corners]:
        import cv2

        scale = longest_side / max(image.shape[:2])
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        scaled = cv2.resize(image, None, fx=scale, fy=scale, interpolation=method)
        with self._one_at_a_time:
            found = self._finder(scaled[:, :, ::-1], use_det=True, use_rec=False)
        return [] if found.boxes is None else [np.asarray(corners / scale, np.float32) for corners in found.boxes]

    def read(self, lines: Sequence[Pixels]) -> list[tuple[str, float]]:
        return list(self._threads.map(self._read, lines))

    def _read(self, line: Pixels) -> tuple[str, float]:
        found = self._reader.recognize_txt([line[:, :, ::-1]])
        return found.txts[0].strip(), float(found.scores[0])


def _rapid(threads: int) -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # lines are turned by ingest/line_reading.py
            "Global.use_preprocess_img": False,
            "Global.use_vertical_padding": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,  # it keeps what the longest line took
            "Det.limit_type": "max",
            "Det.limit_side_len": 4096,  # what is given is of the right size
        }
    )
