"""What is kept beside a chunk's text."""

from ingest.splitting.split import split
from tests.ingest.splitting.texts import loaded
from tools.shapes import LoadedFile, Page
from tools.text.token_estimate import estimate_tokens

TABLE = "\n".join(
    ["| 标段 | 施工单位 |", "| --- | --- |", *(f"| 第{n}标段 | 江岚建工集团有限公司 |" for n in range(90))]
)


def test_a_plain_chunk_has_what_every_chunk_has() -> None:
    (chunk,) = split(loaded("The canteen serves lunch. Lunch costs twelve yuan at the canteen."), "doc-1")
    assert chunk.metadata == {
        "language": "en",
        "characters": len(chunk.text),
        "tokens": estimate_tokens(chunk.text),
        "keywords": ["lunch", "canteen", "serves", "costs", "twelve"],
        "splitter": "structure",
    }


def test_counts_leave_out_a_header_that_is_said_again() -> None:
    first, second, *_ = split(loaded(f"表1 各标段\n\n{TABLE}"), "doc-1")
    header = second.metadata["header"]
    assert second.text[:header] == "| 标段 | 施工单位 |\n| --- | --- |\n"
    assert second.metadata["characters"] == len(second.text) - header
    assert second.metadata["tokens"] == estimate_tokens(second.text)
    assert second.metadata["joint"] == "\n"
    assert "header" not in first.metadata
    assert (first.metadata["caption"], second.metadata["caption"]) == ("表1 各标段", "表1 各标段")


def test_recognized_text_says_so() -> None:
    pages = (Page(1, "打字的一页。"), Page(2, "扫描的一页。", is_ocr=True))
    chunks = split(LoadedFile("标题", "pdf", pages, has_pages=True), "doc-1")
    assert [chunk.metadata.get("is_ocr", False) for chunk in chunks] == [False, True]
    assert "joint" not in chunks[1].metadata  # it begins a page


def test_the_joint_is_what_stood_between() -> None:
    long = "各参建单位应当按照职责分工落实安全生产责任。" * 30
    chunks = split(loaded(f"{long}\n\n另起一段。" + "又一句。" * 90), "doc-1")
    assert len(chunks) == 3
    assert {chunk.metadata.get("joint") for chunk in chunks[1:]} == {"", None}
