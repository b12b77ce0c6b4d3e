import pytest

from ingest.extract import extract
from ingest.splitting.split import split
from tools.shapes import Document, Extraction, LoadedFile, Page


def extracted(text: str, title: str = "简报") -> Extraction:
    document = Document("doc-1", "default", title, "/a.md", "md", "hash", ("everyone",))
    return extract(document, split(LoadedFile(title, "md", (Page(1, text),)), document.id))


def triples(text: str, title: str = "简报") -> set[tuple[str, str, str]]:
    return {(fact.head, fact.relation, fact.tail) for fact in extracted(text, title).facts}


def names(text: str, title: str = "简报") -> dict[str, str]:
    return {entity.name: entity.kind for entity in extracted(text, title).entities}


TABLE = """
| 序号 | 标段 | 施工单位 | 合同金额（万元） | 备注 |
| --- | --- | --- | --- | --- |
| 1 | 甲标 | 远帆建设有限公司 | 12,345 |  |
| 2 | 乙标 | 长汀隧道有限公司 | 9,800 | 含管廊 |
"""


def test_table_rows() -> None:
    assert triples(TABLE) == {
        ("甲标", "施工单位", "远帆建设有限公司"),
        ("甲标", "合同金额（万元）", "12,345"),
        ("乙标", "施工单位", "长汀隧道有限公司"),
        ("乙标", "合同金额（万元）", "9,800"),
        ("乙标", "备注", "含管廊"),
    }


def test_sentence_of_a_table_row_can_be_read_alone() -> None:
    facts = extracted(TABLE).facts
    assert facts[0].sentence == "序号：1；标段：甲标；施工单位：远帆建设有限公司；合同金额（万元）：12,345"


def test_who_has_which_role_where() -> None:
    text = "| 姓名 | 职务 | 所属单位 |\n| --- | --- | --- |\n| 许安宁 | 总会计师 | 远帆建设有限公司 |"
    assert ("远帆建设有限公司", "总会计师", "许安宁") in triples(text)
    assert names(text)["许安宁"] == "person"
    english = "| Name | Role | Company |\n| --- | --- | --- |\n| Ada Brook | site manager | Marlow Rail Ltd |"
    assert ("Marlow Rail Ltd", "site manager", "Ada Brook") in triples(english)


def test_definitions() -> None:
    assert ("工程签证", "定义", "指施工中对合同外工作的书面确认") in triples(
        "**工程签证**：指施工中对合同外工作的书面确认。"
    )
    assert ("Float", "definition", "the time by which a task may slip") in triples(
        "**Float**: the time by which a task may slip.", "Terms"
    )
    assert ("竣工备案", "定义", "验收合格后向主管部门报送资料的行为") in triples(
        "本规定所称竣工备案，是指验收合格后向主管部门报送资料的行为。"
    )
    assert names("**工程签证**：指书面确认。")["工程签证"] == "term"


def test_key_values_speak_of_the_project_or_of_the_paper() -> None:
    text = "建设单位：远帆城市建设集团有限公司\n编制日期：2025年3月1日\n参加单位：甲丁公司、乙戊公司"
    title = "北湖隧道工程施工月报"
    assert {fact for fact in triples(text, title) if fact[1] != "共现"} == {
        ("北湖隧道工程", "建设单位", "远帆城市建设集团有限公司"),
        (title, "编制日期", "2025年3月1日"),
        (title, "参加单位", "甲丁公司"),
        (title, "参加单位", "乙戊公司"),
    }


def test_key_values_speak_of_the_section_that_a_heading_names() -> None:
    assert ("五标段", "监理单位", "长汀监理有限公司") in triples(
        "## 五标段概况\n\n监理单位：长汀监理有限公司", "北湖隧道工程月报"
    )


def test_prose_with_a_colon_is_no_key_value() -> None:
    assert triples("结论：工程可行。\n注意：上午9:30开会，不得迟到。") == set()


@pytest.mark.parametrize(
    ("sentence", "fact"),
    [
        ("北湖隧道工程由长汀隧道有限公司承建。", ("长汀隧道有限公司", "承建", "北湖隧道工程")),
        ("渗漏问题由沈若水负责组织整改，月底前完成。", ("沈若水", "负责", "组织整改")),
        ("沈若水负责基坑监测数据复核。", ("沈若水", "负责", "基坑监测数据复核")),
        ("周启航是长汀隧道有限公司的总工程师。", ("长汀隧道有限公司", "总工程师", "周启航")),
        ("长汀隧道有限公司的法定代表人为周启航。", ("长汀隧道有限公司", "法定代表人", "周启航")),
        ("周启航担任长汀隧道有限公司总经理。", ("长汀隧道有限公司", "总经理", "周启航")),
        ("长汀隧道有限公司隶属于远帆城市建设集团。", ("长汀隧道有限公司", "隶属于", "远帆城市建设集团")),
        ("远帆城市建设集团有限公司（以下简称“远帆城建”）成立。", ("远帆城市建设集团有限公司", "简称", "远帆城建")),
        ("Ada Brook is the site manager of Marlow Rail Ltd.", ("Marlow Rail Ltd", "site manager", "Ada Brook")),
        ("Ada Brook is responsible for the north shaft.", ("Ada Brook", "is responsible for", "north shaft")),
        ("Ada Brook reports to Tom Reed.", ("Ada Brook", "reports to", "Tom Reed")),
        ("Contract North was awarded to Marlow Rail Ltd.", ("Contract North", "was awarded to", "Marlow Rail Ltd")),
        ('Marlow Rail Ltd. ("Marlow") builds the line.', ("Marlow Rail Ltd", "also known as", "Marlow")),
    ],
)
def test_what_sentences_say(sentence: str, fact: tuple[str, str, str]) -> None:
    known = "| 姓名 | 岁 |\n| --- | --- |\n| 周启航 | 40 |\n\n"
    facts = extracted(known + sentence).facts
    assert fact in {(found.head, found.relation, found.tail) for found in facts}
    assert any(found.sentence in sentence for found in facts if found.relation == fact[1])


def test_parties_are_called_by_their_names() -> None:
    text = "承包人：长汀隧道有限公司\n\n第三条 承包人的项目经理为沈若水，发包人的代表为周启航。"
    facts = triples(text, "北湖隧道工程合同")
    assert ("长汀隧道有限公司", "项目经理", "沈若水") in facts
    assert not any(head in ("承包人", "发包人") for head, _, _ in facts)


def test_co_occurrence_keeps_the_sentence_and_is_capped() -> None:
    sentence = "北湖隧道工程的图纸见《隧道设计说明》和GB 50010-2010。"
    facts = extracted(sentence).facts
    assert {(fact.head, fact.relation, fact.tail) for fact in facts} == {
        ("北湖隧道工程", "共现", "《隧道设计说明》"),
        ("北湖隧道工程", "共现", "GB 50010-2010"),
        ("《隧道设计说明》", "共现", "GB 50010-2010"),
    }
    assert {fact.sentence for fact in facts} == {sentence}
    many = "、".join(f"《文件{n}》" for n in range(40))
    assert len(extracted(f"依据{many}编制。").facts) <= 10
    assert len(extracted("".join(f"《甲{n}》见《乙{n}》。" for n in range(30))).facts) <= 24 * 2


def test_kinds() -> None:
    found = names(
        "长汀市生态环境局受理了GB/T 50378-2019和“海绵城市”，见《评价办法》。Ada Brook met Marlow Rail Ltd. in Cangyu."
    )
    assert found["GB/T 50378-2019"] == "code"
    assert found["海绵城市"] == "term"
    assert found["《评价办法》"] == "title"
    assert found["Marlow Rail Ltd"] == "organization"
    assert found["Cangyu"] == "thing"


def test_common_words_are_no_names() -> None:
    assert names("Every worker wears a helmet. Work stops at once. The edge is guarded.") == {}
    assert names("文明施工应当取得夜间施工许可，签字盖章之日起生效。") == {}


def test_ids_are_unique_and_the_same_again() -> None:
    text = f"{TABLE}\n\n沈若水负责甲标。沈若水负责甲标。"
    facts = extracted(text).facts
    assert len({fact.id for fact in facts}) == len(facts)
    assert extracted(text) == extracted(text)


def test_nothing_from_nothing() -> None:
    assert extracted("") == Extraction()
