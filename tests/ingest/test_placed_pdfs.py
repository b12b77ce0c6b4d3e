"""What is read of PDFs with known positions stands where it is printed. First, that the known positions are right."""

import hashlib

import numpy as np
import pypdfium2
import pytest

from evals.benchmarks.ingest_placed import measure_asked, measure_placed
from evals.placed_pdfs.documents import placed_pdfs
from evals.placement import PlacedPdf, PlacedText
from tools.shapes import Box

FROZEN = "bf7afcf02f482f3b1b9b14820af2be270fc77dd4b63993a24b0df7514a342642"
_SCALE = 3.0
_IN_A_STANDARD_FONT = [placed for placed in placed_pdfs() if placed.name.startswith("en-") or "embedded" in placed.name]


def test_they_are_what_was_frozen() -> None:
    """A yardstick that moves measures nothing. The bytes of the files are reportlab's and zlib's own affair."""
    said = repr([(placed.name, placed.page_count, placed.texts, placed.repeated) for placed in placed_pdfs()])
    assert hashlib.sha256(said.encode()).hexdigest() == FROZEN


def test_they_are_many_and_of_all_kinds() -> None:
    documents = placed_pdfs()
    assert len(documents) >= 24
    assert sum(placed.page_count for placed in documents) >= 80
    assert {text.kind for placed in documents for text in placed.texts} >= {"sentence", "heading", "row", "footnote"}
    assert len({placed.name for placed in documents}) == len(documents)


@pytest.mark.parametrize("placed", placed_pdfs(), ids=lambda placed: placed.name)
def test_no_text_can_be_taken_for_another(placed: PlacedPdf) -> None:
    texts = [text.text for text in placed.texts]
    for number, text in enumerate(texts):
        assert not any(text in other for place, other in enumerate(texts) if place != number), text


@pytest.mark.parametrize("placed", placed_pdfs(), ids=lambda placed: placed.name)
def test_everything_is_on_its_page(placed: PlacedPdf) -> None:
    document = pypdfium2.PdfDocument(placed.content)
    assert len(document) == placed.page_count
    for text in (*placed.texts, *placed.repeated):
        width, height = document[text.page - 1].get_size()
        left, top, right, bottom = text.box
        assert 0 < left < right < width, text
        assert 0 < top < bottom < height, text


@pytest.mark.parametrize("placed", _IN_A_STANDARD_FONT, ids=lambda placed: placed.name)
def test_boxes_are_around_the_ink(placed: PlacedPdf) -> None:
    """Ink reaches the edges of each box, as PDFium draws the page, and of a heading's goes no further."""
    document = pypdfium2.PdfDocument(placed.content)
    pages = [page.render(scale=_SCALE, grayscale=True).to_numpy() < 128 for page in document]
    for text in (*placed.texts, *placed.repeated):
        _assert_around(_ink_within(pages[text.page - 1], text.box, margin=0.0), text)
        if text.kind == "heading":
            _assert_around(_ink_within(pages[text.page - 1], text.box, margin=3.0), text)


def _assert_around(ink: Box | None, text: PlacedText) -> None:
    """To the sides a full stop or a narrow digit leaves some of its own width white."""
    assert ink is not None, text
    for axis, tolerance in ((0, 8.0), (1, 1.8)):
        for edge in (axis, axis + 2):
            assert abs(ink[edge] - text.box[edge]) < tolerance, (text, ink)


def _ink_within(is_ink: np.ndarray, box: Box, *, margin: float) -> Box | None:
    """The box around what is dark within `box`, enlarged by `margin`, in points."""
    left, top, right, bottom = (
        round((edge + margin * side) * _SCALE) for edge, side in zip(box, (-1, -1, 1, 1), strict=True)
    )
    rows, columns = np.nonzero(is_ink[top:bottom, left:right])
    if not len(rows):
        return None
    x, y = left / _SCALE, top / _SCALE
    return (
        x + columns.min() / _SCALE,
        y + rows.min() / _SCALE,
        x + (columns.max() + 1) / _SCALE,
        y + (rows.max() + 1) / _SCALE,
    )


def test_citations_point_to_where_their_words_are_printed() -> None:
    assert [figure for figure in measure_placed() if not figure.reached] == []


async def test_answers_cite_where_their_words_are_printed() -> None:
    figures = await measure_asked()
    assert figures[0].value >= 50
    assert [figure for figure in figures if not figure.reached] == []
