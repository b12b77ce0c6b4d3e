"""What holds for every splitter, whatever the text."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.splitting import SPLITTERS
from ingest.splitting.choose import choose
from ingest.splitting.grammars import GRAMMARS
from ingest.splitting.semantic import likeness_by_vectors
from ingest.splitting.sizes import MAX_TOKENS, PARENT_TOKENS
from ingest.splitting.split import split, split_into_pieces
from tests.ingest.splitting.texts import PAGES, loaded
from tools.shapes import LoadedFile, Page, TextBox
from tools.text.token_estimate import estimate_tokens

LANGUAGES = st.sampled_from([*GRAMMARS, ""])


def _by_vectors(said: list[str]) -> Sequence[float]:
    return likeness_by_vectors([[float(len(text) % 3), float(len(text) % 2), 1.0] for text in said])


@pytest.mark.parametrize("splitter", SPLITTERS)
@settings(max_examples=25, deadline=None)
@given(PAGES, LANGUAGES)
def test_the_pieces_cover_the_text(splitter: str, pages: list[str], language: str) -> None:
    document = loaded(*pages, programming_language=language)
    pieces = list(split_into_pieces(document, splitter))
    for number, page in enumerate(document.pages):
        end = 0
        for piece in (each for each in pieces if each.unit.page == number):
            assert piece.span.start >= end
            assert not page.text[end : piece.span.start].strip()
            assert page.text[slice(*piece.span)].strip()
            end = piece.span.end
        assert not page.text[end:].strip()
    assert [piece.unit.page for piece in pieces] == sorted(piece.unit.page for piece in pieces)


@pytest.mark.parametrize("splitter", SPLITTERS)
@settings(max_examples=25, deadline=None)
@given(PAGES, LANGUAGES)
def test_chunks_are_bounded_numbered_and_the_same_each_time(splitter: str, pages: list[str], language: str) -> None:
    document = loaded(*pages, has_pages=True, programming_language=language)
    chunks = split(document, "doc-1", splitter)
    assert all(estimate_tokens(chunk.text) <= MAX_TOKENS for chunk in chunks)
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert chunks == split(document, "doc-1", splitter)
    said = "".join(chunk.text[chunk.metadata.get("header", 0) :] for chunk in chunks)
    assert "".join(said.split()) == "".join("".join(pages).split())


@settings(max_examples=40, deadline=None)
@given(PAGES)
def test_topics_by_vectors_cover_the_text_too(pages: list[str]) -> None:
    chunks = split(loaded(*pages), "doc-1", "semantic", _by_vectors)
    said = "".join(chunk.text[chunk.metadata.get("header", 0) :] for chunk in chunks)
    assert "".join(said.split()) == "".join("".join(pages).split())


@settings(max_examples=40, deadline=None)
@given(PAGES)
def test_what_is_chosen_is_a_splitter_and_what_is_split_by(pages: list[str]) -> None:
    document = loaded(*pages)
    assert choose(document) in SPLITTERS
    assert split(document, "doc-1") == split(document, "doc-1", choose(document))


@settings(max_examples=50, deadline=None)
@given(PAGES, st.sampled_from(list(SPLITTERS)))
def test_sections_are_bounded_and_ascend(pages: list[str], splitter: str) -> None:
    chunks = split(loaded(*pages), "doc-1", splitter)
    parents = [chunk.parent for chunk in chunks]
    assert parents == sorted(parents)
    assert not chunks or set(parents) == set(range(parents[-1] + 1))
    for number in set(parents):
        tokens = [estimate_tokens(chunk.text) for chunk in chunks if chunk.parent == number]
        assert sum(tokens) <= PARENT_TOKENS


@settings(max_examples=50, deadline=None)
@given(PAGES, st.sampled_from(list(SPLITTERS)))
def test_each_box_stays_with_its_characters(pages: list[str], splitter: str) -> None:
    """Every character but white space has a box of its own, told by its page and place."""
    placed = tuple(
        Page(
            number,
            text,
            boxes=tuple(
                TextBox(at, at + 1, (float(number), float(at), 0.0, 0.0))
                for at, character in enumerate(text)
                if not character.isspace()
            ),
        )
        for number, text in enumerate(pages, start=1)
    )
    chunks = split(LoadedFile("标题", "pdf", placed, has_pages=True), "doc-1", splitter)
    found = []
    for chunk in chunks:
        before = 0
        for box in chunk.boxes:
            assert before <= box.start < box.end <= len(chunk.text)
            before = box.end
            number, at = int(box.box[0]), int(box.box[1])
            assert chunk.page == number
            assert chunk.text[box.start : box.end] == pages[number - 1][at]
            found.append((number, at))
    assert found == [(page.number, box.start) for page in placed for box in page.boxes]


def test_a_box_that_a_cut_goes_through_is_in_both_parts() -> None:
    text = "各参建单位应当按照职责分工落实安全生产责任，" * 40
    page = Page(1, text, boxes=(TextBox(0, len(text), (1.0, 2.0, 3.0, 4.0)),))
    chunks = split(LoadedFile("标题", "pdf", (page,), has_pages=True), "doc-1")
    assert len(chunks) > 1
    assert all(chunk.boxes == (TextBox(0, len(chunk.text), (1.0, 2.0, 3.0, 4.0)),) for chunk in chunks)


def test_a_header_that_is_said_again_has_no_box() -> None:
    rows = "\n".join(f"| 第{n}期 | {n},000 | 江岚城市建设集团有限公司 |" for n in range(1, 60))
    text = f"| 期次 | 金额 | 单位 |\n| --- | --- | --- |\n{rows}"
    page = Page(1, text, boxes=(TextBox(0, 16, (0.0, 0.0, 9.0, 9.0)), TextBox(34, len(text), (0.0, 9.0, 9.0, 99.0))))
    second = split(LoadedFile("标题", "pdf", (page,), has_pages=True), "doc-1")[1]
    header = second.metadata["header"]
    assert second.text[:header] == "| 期次 | 金额 | 单位 |\n| --- | --- | --- |\n"
    assert [(box.start, box.end) for box in second.boxes] == [(header, len(second.text))]
