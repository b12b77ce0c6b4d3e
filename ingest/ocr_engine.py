"""The recognizer of the extra `ocr`: PP-OCR models for Chinese and English, run by ONNX Runtime. No network."""

import importlib.util
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources
from typing import Any, Protocol

import numpy as np

from tools.errors import MissingExtraError
from tools.extras import install_line

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
"""Height × width × 3."""
Corners = np.ndarray[Any, np.dtype[np.float32]]
"""4 × 2: x and y in pixels, clockwise from the top left of a line that stands upright."""

_FINDER, _READER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
_THREADS = 2
"""Of one process. More bring little, and worker processes share the cores."""
_SIDES = 32
"""The sides of a picture in which lines are looked for are multiples of so many pixels."""
_LEAST_WIDTH = 320
"""Pixels of a line as the model reads it: a narrower one alone is read worse."""


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
    return _PaddleEngine()


class _PaddleEngine:
    """Lines are read side by side, each by one thread: threads that share the work on a line wait for each other."""

    def __init__(self) -> None:
        from rapidocr.ch_ppocr_det.utils import DBPostProcess
        from rapidocr.ch_ppocr_rec.utils import CTCLabelDecode

        # One thread begins the session and runs it: see `_session`.
        self._finding = ThreadPoolExecutor(1, thread_name_prefix="ocr-finding")
        self._reading = ThreadPoolExecutor(_THREADS, thread_name_prefix="ocr-reading")
        self._finder = self._finding.submit(_session, _FINDER, _THREADS).result()
        self._reader = _session(_READER, 1)
        self._to_corners = DBPostProcess(box_thresh=0.5, unclip_ratio=1.6, use_dilation=True)
        self._to_text = CTCLabelDecode(self._reader.get_modelmeta().custom_metadata_map["character"].splitlines())

    def detect(self, image: Pixels, longest_side: int) -> list[Corners]:
        """One picture at a time: it takes much memory."""
        return self._finding.submit(self._detect, image, longest_side).result()

    def _detect(self, image: Pixels, longest_side: int) -> list[Corners]:
        import cv2

        scale = longest_side / max(image.shape[:2])
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        scaled = cv2.resize(image, None, fx=scale, fy=scale, interpolation=method)
        height, width = scaled.shape[:2]
        size = [max(round(side / _SIDES), 1) * _SIDES for side in (width, height)]
        (found,) = self._finder.run(None, _input(cv2.resize(scaled, size)))
        # In whole pixels of the smaller picture: finer ones cut lines closer, so that they take longer, and no better.
        corners, _ = self._to_corners(found, (height, width))
        return [np.asarray(each / scale, np.float32) for each in corners]

    def read(self, lines: Sequence[Pixels]) -> list[tuple[str, float]]:
        return list(self._reading.map(self._read, lines))

    def _read(self, line: Pixels) -> tuple[str, float]:
        (likely,) = self._reader.run(None, _input(line, _LEAST_WIDTH))
        best = likely.argmax(axis=2)
        scores = np.take_along_axis(likely, best[:, :, None], axis=2)[:, :, 0]
        ((text, score),), _ = self._to_text.decode(best, scores, remove_duplicate=True)
        return text.strip(), float(score)


def _input(image: Pixels, least_width: int = 0) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """As both models take it: blue first, from -1 to 1, with grey on the right of a narrow one."""
    height, width = image.shape[:2]
    values = np.zeros((1, 3, height, max(width, least_width)), np.float32)
    shown = values[0, :, :, :width]
    np.divide(image[:, :, ::-1].transpose(2, 0, 1), 127.5, out=shown)
    shown -= 1.0
    return {"x": values}


def _session(model: str, threads: int) -> Any:
    """Numbers too small for a float's full precision (denormals) count as zero, in the session's threads.

    Many weights of the finder are such, and processors take a hundred times as long over each. In the thread that runs
    the session they count as zero only if that began the first session of the process.
    """
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.enable_cpu_mem_arena = False  # it keeps what the longest line took
    options.log_severity_level = 4
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    path = resources.files("rapidocr") / "models" / model
    return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
