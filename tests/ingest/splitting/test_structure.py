from hypothesis import given
from hypothesis import strategies as st

from ingest.splitting.sizes import MAX_TOKENS
from ingest.splitting.split import split
from tools.shapes import LoadedFile, Page
from tools.text.token_estimate import estimate_tokens


def _loaded(*pages: str, title: str = "标题", has_pages: bool = False) -> LoadedFile:
    return LoadedFile(title, "md", tuple(Page(n, text) for n, text in enumerate(pages, start=1)), has_pages=has_pages)


def _texts(*pages: str, **options: object) -> list[str]:
    return [chunk.text for chunk in split(_loaded(*pages, **options), "doc-1")]  # type: ignore[arg-type]


def test_headings_stay_in_the_text_and_stand_in_the_section() -> None:
    text = "# 标题\n\n前言。\n\n## 甲\n\n### 甲一\n\n正文一。\n\n正文二。\n\n## 乙\n\n正文三。"
    chunks = split(_loaded(text), "doc-1")
    assert [(chunk.section, chunk.text) for chunk in chunks] == [
        ("", "# 标题\n\n前言。"),
        ("甲 > 甲一", "## 甲\n\n### 甲一\n\n正文一。\n\n正文二。"),
        ("乙", "## 乙\n\n正文三。"),
    ]
    assert [chunk.index for chunk in chunks] == [0, 1, 2]


def test_numbered_lines_of_plain_text_are_headings() -> None:
    text = "第一章 总则\n第一条 为规范管理，制定本办法。\n\n一、进度情况\n\n正常。\n\n二、将第九条删去。"
    assert [(chunk.section, chunk.text) for chunk in split(_loaded(text), "doc-1")] == [
        ("第一章 总则", "第一章 总则\n第一条 为规范管理，制定本办法。"),
        ("第一章 总则 > 一、进度情况", "一、进度情况\n\n正常。\n\n二、将第九条删去。"),
    ]


def test_sections_go_on_over_pages_but_chunks_do_not() -> None:
    chunks = split(_loaded("## 甲\n\n第一页。", "第二页。", "## 乙\n\n第三页。", has_pages=True), "doc-1")
    assert [(chunk.page, chunk.section) for chunk in chunks] == [(1, "甲"), (2, "甲"), (3, "乙")]


def test_formats_without_pages_have_no_page_numbers() -> None:
    assert [chunk.page for chunk in split(_loaded("正文。"), "doc-1")] == [None]


def test_a_heading_does_not_stand_alone_when_its_text_is_long() -> None:
    paragraph = "各参建单位应当按照职责分工落实安全生产责任，" * 17 + "不得推诿。"
    chunks = split(_loaded(f"## 责任\n\n{paragraph}"), "doc-1")
    assert chunks[0].text.startswith("## 责任\n\n各参建单位")
    assert {chunk.section for chunk in chunks} == {"责任"}


def test_each_part_of_a_table_begins_with_its_header() -> None:
    rows = [f"| 第{n}期 | {n},000 | 江岚城市建设集团有限公司 |" for n in range(1, 60)]
    texts = _texts("\n".join(["| 期次 | 金额 | 单位 |", "| --- | --- | --- |", *rows]))
    assert len(texts) > 3
    assert all(text.startswith("| 期次 | 金额 | 单位 |\n| --- | --- | --- |\n| 第") for text in texts)
    assert [line for text in texts for line in text.split("\n")[2:]] == rows


def test_a_table_row_that_fits_no_chunk_is_cut_and_loses_nothing() -> None:
    row = f"| 一 | {'各标段围挡高度不低于两米五，' * 60} |"
    texts = _texts(f"| 序号 | 要求 |\n| --- | --- |\n{row}\n| 二 | 短 |")
    assert "".join("".join(texts).split()) == "".join(f"| 序号 | 要求 |\n| --- | --- |\n{row}\n| 二 | 短 |".split())


def test_articles_stay_whole() -> None:
    items = f"（一）具有相应的资质；{'且近三年无不良记录；' * 20}\n\n（二）配备项目经理。"
    articles = [f"第{numeral}条 承包人应当符合下列条件：\n\n{items}" for numeral in "一二三四"]
    texts = _texts("\n\n".join(articles))
    assert texts == articles


def test_small_paragraphs_of_a_section_are_joined() -> None:
    assert _texts("甲。\n\n乙。\n\n丙。") == ["甲。\n\n乙。\n\n丙。"]


def test_code_is_not_read_as_headings() -> None:
    text = "```\n# not a heading\n\nx = 1\n```"
    assert [chunk.section for chunk in split(_loaded(text), "doc-1")] == [""]


def test_equal_texts_have_different_ids() -> None:
    chunks = split(_loaded("同样的话。", "同样的话。", has_pages=True), "doc-1")
    assert len({chunk.id for chunk in chunks}) == 2


_LINES = st.one_of(
    st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("。.|# \n")), max_size=60),
    st.sampled_from(
        ["", "# 一", "## 二", "### three", "| a | b |", "| --- | --- |", "| 1 | 2 |", "```", "第三条 应当", "- x"]
    ),
    st.builds(lambda text, n: text * n, st.text(min_size=1, max_size=12), st.integers(1, 400)),
)
_PAGES = st.lists(st.lists(_LINES, max_size=14).map("\n".join), min_size=1, max_size=3)


def _is_subsequence(wanted: str, text: str) -> bool:
    remaining = iter(text)
    return all(character in remaining for character in wanted)


@given(_PAGES)
def test_nothing_is_lost_and_sizes_are_bounded(pages: list[str]) -> None:
    loaded = _loaded(*pages, has_pages=True)
    chunks = split(loaded, "doc-1")
    for page in loaded.pages:
        text = "".join("".join(chunk.text for chunk in chunks if chunk.page == page.number).split())
        wanted = "".join(page.text.split())
        assert _is_subsequence(wanted, text)
        if "|" not in page.text:  # only table headers are repeated
            assert text == wanted
    assert all(chunk.text.strip() and estimate_tokens(chunk.text) <= MAX_TOKENS for chunk in chunks)
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert chunks == split(loaded, "doc-1")
