"""Which splitter a document is for; texts that only look like another kind stay with structure."""

from dataclasses import replace

from ingest.splitting.choose import choose
from tests.ingest.splitting.test_law import CONTRACT, REGULATION
from tests.ingest.splitting.test_sections import PAPER, RECORD
from tests.ingest.splitting.texts import loaded

REPORT = """# 监理月报

## 一、进度

本月完成底板浇筑。根据第九条，工期顺延。

## 二、质量

| 项目 | 结果 |
| --- | --- |
| 混凝土 | 合格 |

## 三、结论

是否需要加班？需要。
"""


def test_each_kind_is_known_by_its_content() -> None:
    rows = "\n".join(f"| {n} | 第{n}标段 | 7.9亿元 |" for n in range(20))
    asked = "\n\n".join(f"## {n} 有停车场吗？\n\n有。" for n in range(4))
    pairs = "\n".join(f"Q: Who pays part {n}?\nA: The client." for n in range(4))
    assert choose(loaded(REGULATION)) == "law"
    assert choose(loaded(CONTRACT)) == "law"
    assert choose(loaded(PAPER)) == "sections"
    assert choose(loaded(RECORD)) == "sections"
    assert choose(loaded(f"# 常见问题\n\n{asked}")) == "questions"
    assert choose(loaded(pairs)) == "questions"
    assert choose(loaded(f"| 序号 | 标段 | 金额 |\n| --- | --- | --- |\n{rows}")) == "tables"
    assert choose(replace(loaded("x = 1"), format="code")) == "code"


def test_what_has_a_little_of_each_is_split_by_structure() -> None:
    assert choose(loaded(REPORT)) == "structure"
    assert choose(loaded("")) == "structure"


def test_a_report_that_cites_articles_is_no_law() -> None:
    body = "本月检查了围挡、脚手架和临时用电，发现隐患均已整改。" * 20
    text = f"{body}\n\n第三条 已落实。\n\n第四条 已落实。\n\n第五条 已落实。"
    assert choose(loaded(text)) == "structure"


def test_a_long_text_with_few_questions_is_no_list_of_questions() -> None:
    body = "\n\n".join(f"第{n}天，本月检查了围挡。" for n in range(40))
    assert choose(loaded(f"{body}\n\n问：为什么？\n\n问：何时？\n\n问：何人？")) == "structure"
