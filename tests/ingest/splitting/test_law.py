from ingest.splitting.split import split
from tests.ingest.splitting.texts import loaded
from tools.text.articles import article_number

REGULATION = """# 江岚市工地管理办法

第一章 总则

第一条 为加强建设工程施工现场管理，保障公共安全，制定本办法。

第二条 本市行政区域内的施工现场适用本办法。
抢险救灾工程不适用本办法。

第二章 围挡

第三条 施工单位应当符合下列要求：
（一）高度不低于二米五；
（二）材料坚固、整洁。

第三条之一 违反第三条规定的，责令改正。
"""

CONTRACT = """CHAPTER I General

Article 1 Definitions
In this agreement "works" means the works of annex A.

Article 2.1 Payment
The client pays within thirty days.

The contractor sends an invoice each month.

PART II

§ 12 Notice
Notices are given in writing, as Section 3 demands.
"""


def test_each_article_is_a_chunk_with_its_number_and_chapter() -> None:
    chunks = split(loaded(REGULATION, title="江岚市工地管理办法"), "doc-1", "law")
    assert [(chunk.metadata["article"], chunk.section, chunk.text) for chunk in chunks] == [
        (
            "第一条",
            "第一章 总则",
            "# 江岚市工地管理办法\n\n第一章 总则\n\n第一条 为加强建设工程施工现场管理，保障公共安全，制定本办法。",
        ),
        ("第二条", "第一章 总则", "第二条 本市行政区域内的施工现场适用本办法。\n抢险救灾工程不适用本办法。"),
        (
            "第三条",
            "第二章 围挡",
            "第二章 围挡\n\n第三条 施工单位应当符合下列要求：\n（一）高度不低于二米五；\n（二）材料坚固、整洁。",
        ),
        ("第三条之一", "第二章 围挡", "第三条之一 违反第三条规定的，责令改正。"),
    ]


def test_articles_in_english() -> None:
    chunks = split(loaded(CONTRACT), "doc-1", "law")
    assert [(chunk.metadata["article"], chunk.section) for chunk in chunks] == [
        ("Article 1", "CHAPTER I General"),
        ("Article 2.1", "CHAPTER I General"),
        ("§ 12", "PART II"),
    ]
    assert chunks[1].text.endswith("The contractor sends an invoice each month.")


def test_every_part_of_a_long_article_has_its_number() -> None:
    article = "第八条 " + "施工单位应当每日检查围挡、脚手架和临时用电，发现隐患立即整改并记录。" * 30
    chunks = split(loaded(f"{article}\n\n第九条 附则。"), "doc-1", "law")
    assert len(chunks) > 3
    assert [chunk.metadata["article"] for chunk in chunks] == ["第八条"] * (len(chunks) - 1) + ["第九条"]
    assert all(chunk.text.endswith("。") for chunk in chunks)


def test_an_article_that_is_marked_as_a_heading_is_an_article() -> None:
    chunks = split(
        loaded("## 第二章 监督\n\n### 第五条 检查\n\n每月一次。\n\n### 第六条 处罚\n\n责令改正。"), "doc-1", "law"
    )
    assert [(chunk.metadata["article"], chunk.section) for chunk in chunks] == [
        ("第五条", "第二章 监督"),
        ("第六条", "第二章 监督"),
    ]


def test_a_heading_of_a_report_is_no_article() -> None:
    assert article_number("## Article 3 Notice") == "Article 3"
    assert not article_number("## Section 3: Results")


def test_what_only_mentions_an_article_is_none() -> None:
    assert [article_number(line) for line in ("第九条", "**第九条** 施工", "§12 Frist", "Section 2.1: Scope")] == [
        "第九条",
        "第九条",
        "§12",
        "Section 2.1",
    ]
    lines = (
        "第九条款另行约定",
        "根据第九条",
        "Sections are long",
        "Article writing",
        "Section 3A4 x",
        "第三条规定如下",
    )
    assert not any(article_number(line) for line in lines)
