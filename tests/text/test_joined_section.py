"""A section's chunks as one text: what was cut is whole again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.splitting import SPLITTERS
from ingest.splitting.split import split
from tests.ingest.splitting.texts import PAGES, loaded
from tools.shapes import Chunk
from tools.text.joined_section import joined_section


def _chunk(index: int, text: str, **metadata: object) -> Chunk:
    return Chunk(f"id-{index}", "doc-1", index, text, metadata=metadata)


def test_chunks_are_joined_as_they_were_cut() -> None:
    chunks = [_chunk(0, "甲一。"), _chunk(1, "甲二。", joint=""), _chunk(2, "乙。"), _chunk(3, "- 丙", joint="\n")]
    section = joined_section(chunks)
    assert section.text == "甲一。甲二。\n\n乙。\n- 丙"
    assert [section.text[slice(*place)] for place in section.places.values()] == [each.text for each in chunks]


def test_a_header_is_said_once() -> None:
    header = "| 期次 | 金额 |\n| --- | --- |\n"
    first = _chunk(4, f"{header}| 一 | 1 |", header=len(header))
    second = _chunk(5, f"{header}| 二 | 2 |", header=len(header), joint="\n")
    section = joined_section([first, second])
    assert section.text == f"{header}| 一 | 1 |\n| 二 | 2 |"
    assert section.text[slice(*section.places["id-5"])] == "| 二 | 2 |"


def test_what_does_not_follow_is_parted() -> None:
    assert joined_section([_chunk(0, "甲。"), _chunk(2, "乙。", joint="")]).text == "甲。\n\n乙。"


@settings(max_examples=40, deadline=None)
@given(PAGES, st.sampled_from(list(SPLITTERS)))
def test_the_sections_hold_the_text(pages: list[str], splitter: str) -> None:
    chunks = split(loaded(*pages), "doc-1", splitter)
    text = ""
    for number in sorted({chunk.parent for chunk in chunks}):
        of_section = [chunk for chunk in chunks if chunk.parent == number]
        section = joined_section(of_section)
        header = of_section[0].metadata.get("header", 0)
        assert list(section.places) == [chunk.id for chunk in of_section]
        assert all(section.text[slice(*place)].strip() for place in section.places.values())
        text += section.text[header:]
    wanted = iter("".join("".join(pages).split()))
    assert all(character in "".join(text.split()) for character in wanted)
