"""How fast PDFs are read, and what memory a large one takes."""

import importlib.util
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pypdfium2

from evals.benchmarks.figures import Figure, median
from evals.benchmarks.ingest_corpus import large_pdf, scanned
from evals.fuzz.trial import Trial
from evals.placed_pdfs.documents import placed_pdfs
from ingest.load import load_content
from tools.errors import SignpostError

_RUNS = 3
_PAGES = 200
_LARGE = 1000
_SCANNED = 4


def measure_text_pages() -> list[Figure]:
    """Seconds a page in one process, beside PDFium's own text of the same pages in the same run."""
    content = large_pdf(_PAGES)
    kinds = [placed.content for placed in placed_pdfs()]
    count, kinds_count = _page_count(content), sum(map(_page_count, kinds))
    plain, read, of_kinds = [], [], []
    for _ in range(_RUNS):
        plain.append(_seconds(lambda: _plain_text(content)) / count)
        read.append(_seconds(lambda: load_content(content, Path("a.pdf"))) / count)
        of_kinds.append(_seconds(lambda: [load_content(each, Path("a.pdf")) for each in kinds]) / kinds_count)
    return [
        Figure("PDFium's plain text of a page", median(plain) * 1000, "ms", None, "the peer of the same run"),
        _page_figure("text PDF, a page", median(read), 1 / 40, f"{count} pages, one process"),
        Figure("text PDF against PDFium's plain text", median(read) / median(plain), "times"),
        _page_figure("columns, tables, turned and small pages, a page", median(of_kinds), None, f"{kinds_count} pages"),
    ]


def measure_memory() -> list[Figure]:
    """Of a process that reads one large PDF, at its highest; the libraries alone are part of it."""
    content = large_pdf(_LARGE)
    with Trial(seconds=600) as trial:
        empty = trial.load("a.txt", b"words")
        outcome = trial.load("large.pdf", content)
    assert outcome.ending in ("loaded", "too large"), outcome
    return [
        Figure("memory before", empty.peak_bytes / 2**20, "MB"),
        Figure(f"memory at most, {_page_count(content):,} pages", outcome.peak_bytes / 2**20, "MB", 1024),
        Figure("time", outcome.seconds, "s"),
    ]


def measure_recognition() -> list[Figure]:
    """Seconds a scanned page, of both languages; nothing where the extra is not installed."""
    if importlib.util.find_spec("rapidocr") is None:
        return [Figure("scanned pages read", 0, f"of {_SCANNED}", None, "the extra ocr is not installed")]
    by_name = {placed.name: placed.content for placed in placed_pdfs()}
    english = scanned(by_name["en-report"], range(_SCANNED // 2))
    chinese = scanned(by_name["zh-report"], range(_SCANNED // 2))
    try:
        load_content(scanned(by_name["en-slides"], [0]), Path("warm.pdf"))  # loads the models
        seconds = [_seconds(partial(load_content, content, Path("scan.pdf"))) for content in (english, chinese)]
    except SignpostError as error:
        return [Figure("scanned pages read", 0, f"of {_SCANNED}", None, error.what)]
    return [_page_figure("scanned page, full of text", sum(seconds) / _SCANNED, 2.0, f"{_SCANNED} pages of 150 dpi")]


def _page_figure(name: str, seconds: float, goal: float | None, note: str) -> Figure:
    return Figure(name, seconds, "s", goal, f"{1 / seconds:,.3g} pages a second; {note}")


def _page_count(content: bytes) -> int:
    return len(pypdfium2.PdfDocument(content))


def _plain_text(content: bytes) -> None:
    document = pypdfium2.PdfDocument(content)
    for page in document:
        page.get_textpage().get_text_bounded()
    document.close()


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
