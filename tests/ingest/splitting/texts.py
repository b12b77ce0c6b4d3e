"""Texts that the splitters' tests share, and wild ones."""

from hypothesis import strategies as st

from tools.shapes import LoadedFile, Page


def loaded(*pages: str, title: str = "标题", has_pages: bool = False, **metadata: str) -> LoadedFile:
    numbered = tuple(Page(number, text) for number, text in enumerate(pages, start=1))
    return LoadedFile(title, "md", numbered, has_pages=has_pages, metadata=metadata)


_SAMPLES = (
    "",
    "   ",
    "# 一",
    "## 二",
    "### three",
    "| a | b |",
    "| --- | --- |",
    "| 1 | 2 |",
    "表1 各标段金额",
    "```",
    "第三章 罚则",
    "第三条 应当",
    "Article 4 Payment",
    "§ 12 Frist",
    "- x",
    "Q: 为什么？",
    "A: 因为。",
    "## What is it?",
    "摘 要",
    "2.1 Participants",
    "主诉：咳嗽三天。",
    "Results: none of them.",
    "def f(x):",
    "    return x",
    "class A {",
    "  void f(int x) {",
    "  }",
    "}",
    "// a comment",
    "东站设计年接待能力为3200万人次。二标段合同金额为5.2亿元！",
    "The station opens in May. It was late, as Mr. Lin said; nobody minded.",
)
_LINES = st.one_of(
    st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("。.|# \n")), max_size=60),
    st.sampled_from(_SAMPLES),
    st.builds(lambda text, n: text * n, st.text(min_size=1, max_size=12), st.integers(1, 400)),
)
PAGES = st.lists(st.lists(_LINES, max_size=14).map("\n".join), min_size=1, max_size=3)
