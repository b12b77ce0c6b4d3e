from ingest.splitting.split import split
from tests.ingest.splitting.texts import loaded

HEADER = "| 标段 | 金额 |\n| --- | --- |"


def test_a_table_stands_apart_with_its_caption() -> None:
    text = f"## 合同\n\n各标段如下。\n\n表2 合同金额\n\n{HEADER}\n| 一 | 7.9亿元 |\n\n以上含税。"
    chunks = split(loaded(text), "doc-1", "tables")
    assert [(chunk.text, chunk.metadata.get("caption")) for chunk in chunks] == [
        ("## 合同\n\n各标段如下。", None),
        (f"表2 合同金额\n\n{HEADER}\n| 一 | 7.9亿元 |", "表2 合同金额"),
        ("以上含税。", None),
    ]
    assert {chunk.section for chunk in chunks} == {"合同"}


def test_every_part_of_a_table_has_its_header_and_caption() -> None:
    rows = [f"| 第{n}标段 | {n}.25亿元，含税，分二十四期支付，每期按进度结算 |" for n in range(1, 40)]
    chunks = split(loaded("\n".join(["Table 3: Contracts", "", HEADER, *rows])), "doc-1", "tables")
    assert len(chunks) > 2
    assert {chunk.metadata["caption"] for chunk in chunks} == {"Table 3: Contracts"}
    assert all(chunk.text.startswith(HEADER) for chunk in chunks[1:])
    assert [line for chunk in chunks for line in chunk.text.split("\n") if line.startswith("| 第")] == rows


def test_two_tables_are_two_chunks() -> None:
    text = f"{HEADER}\n| 一 | 1 |\n\n{HEADER}\n| 二 | 2 |"
    assert [chunk.text for chunk in split(loaded(text), "doc-1", "tables")] == [
        f"{HEADER}\n| 一 | 1 |",
        f"{HEADER}\n| 二 | 2 |",
    ]


def test_a_long_paragraph_is_no_caption() -> None:
    text = f"表面平整度应当符合要求，偏差不大于三毫米。\n\n{HEADER}\n| 一 | 1 |"
    assert "caption" not in split(loaded(text), "doc-1", "structure")[0].metadata
