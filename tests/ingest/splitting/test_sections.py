from ingest.splitting.split import split
from tests.ingest.splitting.texts import loaded

PAPER = """Settlement of pile rafts in soft clay

Abstract
We measured the settlement of three pile rafts over two years.

Keywords: pile raft, soft clay

1. Introduction
Pile rafts carry high buildings. Little is known of their settlement.

2 Methods

2.1 Site
The site lies by the river.

2.2 Instruments
Levels were read each week.

3 Results
The rafts settled by 21 mm, 24 mm and 30 mm.

REFERENCES
[1] Lin, P. Clay. 2019.
"""

RECORD = """# 入院记录

主诉：反复咳嗽三周，加重两天。

现病史：患者三周前受凉后出现咳嗽，无发热。
两天前咳嗽加重，夜间明显。

【既往史】高血压病史五年。

初步诊断：
1. 急性支气管炎
2. 高血压病
"""


def test_a_paper_is_split_by_its_sections() -> None:
    chunks = split(loaded(PAPER, title="Settlement of pile rafts in soft clay"), "doc-1", "sections")
    assert [chunk.section for chunk in chunks] == [
        "",
        "Abstract",
        "Keywords",
        "1. Introduction",
        "2 Methods > 2.1 Site",
        "2 Methods > 2.2 Instruments",
        "3 Results",
        "REFERENCES",
    ]
    assert chunks[4].text == "2 Methods\n\n2.1 Site\nThe site lies by the river."
    assert chunks[2].text == "Keywords: pile raft, soft clay"


def test_a_medical_record_is_split_by_its_labels() -> None:
    chunks = split(loaded(RECORD, title="入院记录"), "doc-1", "sections")
    assert [(chunk.section, chunk.text.partition("\n")[0]) for chunk in chunks] == [
        ("主诉", "# 入院记录"),
        ("现病史", "现病史：患者三周前受凉后出现咳嗽，无发热。"),
        ("既往史", "【既往史】高血压病史五年。"),
        ("初步诊断", "初步诊断："),
    ]
    assert chunks[0].text == "# 入院记录\n\n主诉：反复咳嗽三周，加重两天。"


def test_spaced_and_numbered_names_are_sections_of_one_level() -> None:
    text = (
        "摘 要\n\n本文研究沉降。\n\n一、引言\n\n软土很软。\n\n二、东站概况\n\n东站在江边。\n\n参考文献\n\n林某，软土。"
    )
    assert [chunk.section for chunk in split(loaded(text), "doc-1", "sections")] == [
        "摘要",
        "一、引言",
        "二、东站概况",
        "参考文献",
    ]


def test_labels_stand_below_marked_headings() -> None:
    text = "## 病例一\n\n主诉：头痛。\n\n诊断：偏头痛。\n\n## 病例二\n\n主诉：发热。"
    assert [chunk.section for chunk in split(loaded(text), "doc-1", "sections")] == [
        "病例一 > 主诉",
        "病例一 > 诊断",
        "病例二 > 主诉",
    ]


def test_a_sentence_that_begins_like_a_section_is_none() -> None:
    text = "Results were poor in spring. Methods differ.\n\n结果表明沉降很小。\n\n诊断困难。"
    assert [chunk.section for chunk in split(loaded(text), "doc-1", "sections")] == [""]
