"""Does a citation point to where its words are printed? On truths and chunks made by hand."""

import pytest

from evals.placement import (
    PlacedPdf,
    PlacedText,
    Placement,
    citation_placement,
    placement_figures,
    placements,
    repeated_left,
)
from tools.shapes import Box, Chunk, LoadedFile, Page, TextBox

BOX: Box = (100.0, 50.0, 300.0, 60.0)
TRUE = PlacedText(2, "潮位为 3 米。 High water at noon.", BOX, "sentence")


def placed(*texts: PlacedText, repeated: tuple[PlacedText, ...] = ()) -> PlacedPdf:
    return PlacedPdf("made", b"", 3, texts, repeated)


def loaded(*texts: str) -> LoadedFile:
    pages = tuple(Page(number, text) for number, text in enumerate(texts, start=1))
    return LoadedFile("made", "pdf", pages, has_pages=True)


def chunk(text: str, page: int, *boxes: TextBox) -> Chunk:
    return Chunk("id", "document", 0, text, page, boxes=boxes)


def the_one(text: str, page: int, *boxes: TextBox) -> Placement:
    (placement,) = placements(placed(TRUE), loaded("", text), [chunk("other", 1), chunk(text, page, *boxes)])
    return placement


def test_a_sentence_is_found_through_white_space_and_markdown() -> None:
    text = "# 前言\n\n| 潮位为\n3 米。 | High  water\nat noon. |"
    at = text.index("潮")
    found = the_one(text, 2, TextBox(0, at - 1, (0, 0, 9, 9)), TextBox(at, len(text), BOX))
    assert found == Placement(TRUE, is_found=True, page_is_right=True, covered=1.0, precision=1.0)


def test_words_without_a_space_between_them_are_other_words() -> None:
    assert not the_one("潮位为3米。Highwater at noon.", 2).is_found


@pytest.mark.parametrize(
    ("given", "covered", "precision"),
    [
        ((100.0, 50.0, 300.0, 60.0), 1.0, 1.0),
        ((100.0, 50.0, 200.0, 60.0), 0.5, 1.0),
        ((100.0, 40.0, 300.0, 80.0), 1.0, 0.25),
        ((0.0, 0.0, 50.0, 50.0), 0.0, 0.0),
        ((100.0, 50.0, 100.0, 50.0), 0.0, 0.0),
    ],
)
def test_how_much_of_the_box_is_covered_and_how_much_too_much_is_given(
    given: Box, covered: float, precision: float
) -> None:
    text = "潮位为 3 米。High water at noon."
    found = the_one(text, 2, TextBox(0, len(text), given))
    assert (found.covered, found.precision) == pytest.approx((covered, precision))


def test_only_the_boxes_of_the_sentence_count() -> None:
    text = "Before. 潮位为 3 米。High water at noon. After."
    at, end = text.index("潮"), text.index(" After")
    boxes = (TextBox(0, 7, (0, 0, 9, 9)), TextBox(at, end, BOX), TextBox(end + 1, len(text), (0, 90, 9, 99)))
    assert the_one(text, 2, *boxes).precision == 1.0


def test_a_chunk_of_another_page_is_wrong_and_one_without_boxes_covers_nothing() -> None:
    found = the_one("潮位为 3 米。High water at noon.", 1)
    assert found == Placement(TRUE, is_found=True, page_is_right=False, covered=0.0, precision=0.0)


def test_a_sentence_cut_in_two_is_found_and_cannot_be_cited() -> None:
    chunks = [chunk("潮位为 3 米。High", 2), chunk("water at noon.", 2)]
    (found,) = placements(placed(TRUE), loaded("", "潮位为 3 米。High water at noon."), chunks)
    assert found == Placement(TRUE, is_found=True)


ROWS = (PlacedText(2, "水泥 7 -1,200", (10, 10, 90, 20), "row"), PlacedText(2, "Valve 12", (10, 30, 90, 40), "row"))


@pytest.mark.parametrize(
    ("quote", "page", "box", "is_right", "covered"),
    [
        ("水泥  7 -1,200", 2, [10, 10, 90, 20], True, 1.0),
        ("Before. 水泥 7 -1,200 Valve 12", 2, [10, 10, 90, 40], True, 1.0),
        ("水泥 7 -1,200 Valve 12", 2, [10, 10, 90, 25], True, 0.5),
        ("Valve 12", 2, None, True, 0.0),
        ("Valve 12", 1, [10, 30, 90, 40], False, 0.0),
    ],
)
def test_a_citation_is_held_against_what_its_quote_holds(
    quote: str, page: int, box: list[float] | None, is_right: bool, covered: float
) -> None:
    found = citation_placement(placed(*ROWS), {"quote": quote, "page": page, "box": box})
    assert found is not None
    assert (found.page_is_right, found.covered) == (is_right, covered)


def test_a_quote_of_no_whole_sentence_says_nothing() -> None:
    assert citation_placement(placed(*ROWS), {"quote": "水泥 7", "page": 2, "box": None}) is None


def test_headers_that_are_left() -> None:
    header = [PlacedText(page, "Annual report", BOX, "repeated") for page in (1, 2, 3)]
    numbers = [PlacedText(page, str(page), BOX, "repeated") for page in (1, 2, 3)]
    given = loaded("Annual report and 1 word", "# Annual report\n\n2", "A report of 3 years")
    assert repeated_left(placed(repeated=(*header, *numbers)), given) == 3


def test_figures_are_shares_of_what_was_found() -> None:
    missed = Placement(TRUE, is_found=False)
    right = Placement(TRUE, True, True, 0.9, 0.4)
    short = Placement(TRUE, True, True, 0.89, 0.8)
    elsewhere = Placement(TRUE, True, False, 0.0, 0.0)
    figures = placement_figures([missed, right, short, elsewhere], repeated=4, repeated_left=1)
    assert (figures.texts, figures.found) == (4, 0.75)
    assert figures.page_right == pytest.approx(2 / 3)
    assert figures.box_covering == pytest.approx(1 / 3)
    assert figures.precision == pytest.approx(0.6)
    assert figures.repeated_left == 0.25


def test_figures_of_nothing() -> None:
    assert placement_figures([]).found == 0.0
