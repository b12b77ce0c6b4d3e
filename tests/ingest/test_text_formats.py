# ruff: noqa: E501 (markup is not broken)
"""Pages, Markdown, code and books: structure kept, metadata found."""

from pathlib import Path

import pytest

from ingest.load import load_content
from tests.ingest.office_files import packed
from tools.shapes import LoadedFile


def load(text: str, name: str) -> LoadedFile:
    [loaded] = load_content(text.encode(), Path(name))
    return loaded


def test_html_lists_are_nested_and_numbered() -> None:
    page = (
        "<ol start='3'><li>three<ul><li>inner</li></ul></li><li value='9'>nine</li><li>ten</li></ol>"
        "<p>between</p><ul><li>bullet</li></ul>"
    )
    assert load(page, "a.html").text == "3. three\n  - inner\n9. nine\n10. ten\n\nbetween\n\n- bullet"


def test_html_code_stays_as_it_is() -> None:
    page = (
        "<p>Run:</p><pre><code class='language-python'>def f():\n    return `1`\n</code></pre><p>x <code>y</code></p>"
    )
    assert load(page, "a.html").text == "Run:\n\n```python\ndef f():\n    return `1`\n```\n\nx y"


def test_html_table_cells_that_span_others() -> None:
    page = (
        "<table><caption>表1</caption><tr><th rowspan=2>标段</th><th colspan=2>金额</th></tr><tr><th>计划</th><th>完成</th></tr>"
        "<tr><td rowspan=2>一</td><td>1</td><td><ul><li>2</li><li>3</li></ul></td></tr><tr><td>4</td><td>5</td></tr></table>"
    )
    assert load(page, "a.html").text == (
        "表1\n\n| 标段 | 金额 计划 | 金额 完成 |\n| --- | --- | --- |\n| 一 | 1 | - 2 - 3 |\n| 一 | 4 | 5 |"
    )


def test_html_tables_that_only_lay_out_are_read_through() -> None:
    page = "<table role='presentation'><tr><td><h2>通知</h2><p>正文</p></td><td><p>旁</p></td></tr></table>"
    assert load(page, "a.html").text == "## 通知\n\n正文\n\n旁"
    framed = "<table><tr><td><div>外</div><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    assert load(framed, "a.html").text == "外\n\n| a | b |\n| --- | --- |"
    nested = "<table><tr><td>1</td><td>2<table><tr><td><p>in</p></td></tr></table></td></tr></table>"
    assert load(nested, "a.html").text == "| 1 | 2 in |\n| --- | --- |"


def test_html_tables_nested_deep_are_looked_through_once() -> None:
    text = load("<table><tr><td>a</td><td>b" * 600 + "</td></tr></table>" * 600, "a.html").text
    assert text.count("| a | b |") == 600


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>10<sup>6</sup> per m<sup>2</sup>, 10<sup>-3</sup></p>", "10⁶ per m², 10⁻³"),
        ("<p>10<sup>0.5</sup>, 2<sup>n-1</sup>, the 1<sup>st</sup></p>", "10^(0.5), 2^(n-1), the 1st"),
        ("<p>Lin<sup>1,2</sup> wrote <sup>3</sup>He, x<sup><a>[4]</a></sup></p>", "Lin¹,² wrote 3He, x[4]"),
    ],
)
def test_html_superscripts_do_not_become_digits_of_a_number(page: str, text: str) -> None:
    assert load(page, "a.html").text == text


def test_html_pictures_by_their_alternative_text_and_metadata() -> None:
    page = (
        "<head><meta name='author' content='沈若川'><meta property='article:published_time' content='2025-07-01T08:00:00+08:00'>"
        "<meta name='last-modified' content='yesterday'></head><p>见图<img src='a.png' alt='总平面图'></p>"
        "<img src='data:image/png;base64,iVBORw0KGgo=' alt='二维码'>"
    )
    loaded = load(page, "a.html")
    assert loaded.text == "见图 总平面图\n\n二维码"
    assert loaded.metadata == {"author": "沈若川", "created": "2025-07-01T08:00:00+08:00"}


def test_html_of_several_articles_is_read_whole() -> None:
    page = "<nav>menu</nav><article><p>one</p></article><article><p>two</p></article>"
    assert load(page, "a.html").text == "one\n\ntwo"


def test_html_beside_what_is_marked_is_read_where_that_is_the_lesser_part() -> None:
    teaser = "<h1>Noise</h1><p>The night limit is 45 dB for all housing.</p><article>More news</article>"
    assert load(teaser, "a.html").text == "# Noise\n\nThe night limit is 45 dB for all housing.\n\nMore news"
    two = (
        "<div><a href='/'>"
        + "a menu " * 30
        + "</a></div><main>The first part.</main><div><main>The second.</main></div>"
    )
    loaded = load(two, "a.html")
    assert (loaded.text, loaded.warnings) == ("The first part.\n\nThe second.", ())


def test_html_text_left_out_beside_the_main_part_is_told() -> None:
    loaded = load("<div>Twenty characters ok</div><main>" + "words " * 10 + "</main>", "a.html")
    assert "Twenty" not in loaded.text
    assert loaded.warnings == ("20 characters of text beside the page's main part are left out",)


def test_html_asides_that_say_something_are_kept_and_menus_are_not() -> None:
    page = (
        "<main><p>Open it.</p><aside>Never above 4 bar.</aside><aside>See <a>the whole list of links</a></aside></main>"
    )
    assert load(page, "a.html").text == "Open it.\n\nNever above 4 bar."


def test_html_answers_that_unfold_are_read_below_their_questions() -> None:
    page = (
        "<header><h1>Help</h1>By Lin</header><h2><button>Refunds</button></h2><p>Within 14 days.</p>"
        "<button>Who pays?</button><div>We do.</div><button>Share</button>"
        "<button aria-controls='a1'>Delivery</button><div id='a1' hidden>By post.</div><div hidden>no</div>"
    )
    assert load(page, "a.html").text == (
        "# Help\n\nBy Lin\n\n## Refunds\n\nWithin 14 days.\n\nWho pays?\n\nWe do.\n\nDelivery\n\nBy post."
    )


def test_markdown_front_matter_and_comments() -> None:
    text = (
        "---\ntitle: '工期'\nauthor: [沈若川, 顾远舟]\ndate: 2025-07-01\ntags:\n  - a\n---\n# 标题\n\n"
        "<!-- hidden\nmore -->正文 `<!-- kept -->`\n\n```html\n<!-- kept too -->\n```\n"
    )
    loaded = load(text, "a.md")
    assert loaded.title == "工期"
    assert loaded.metadata == {"author": "沈若川, 顾远舟", "created": "2025-07-01"}
    assert loaded.text == "# 标题\n\n正文 `<!-- kept -->`\n\n```html\n<!-- kept too -->\n```"


def test_markdown_authors_may_be_listed_line_by_line() -> None:
    text = "---\ntags:\n- a\nauthors:\n  - 'Mei Tan'\n  - Jo\nupdated: 2025-07-02\n---\nText"
    loaded = load(text, "a.md")
    assert loaded.metadata == {"author": "Mei Tan, Jo", "modified": "2025-07-02"}
    assert loaded.text == "Text"


def test_comments_that_never_end_take_no_time() -> None:
    text = "<!-- a" * 100_000
    assert load(text, "a.md").text == text
    assert load("<!---->" * 20_000 + "text", "a.doc").text.endswith("text")


def test_markdown_that_begins_with_a_rule_is_no_front_matter() -> None:
    text = "---\n正文：第一段。\n---\n第二段"
    assert load(text, "a.md").text == text


def test_code_stands_in_a_fence_that_names_its_language() -> None:
    loaded = load('def f():\n    """```"""\n', "tool.py")
    assert loaded.text == '````python\ndef f():\n    """```"""\n````'
    assert (loaded.title, loaded.format) == ("tool.py", "code")
    assert loaded.metadata == {"programming_language": "python"}


def test_books_in_the_order_of_their_spine() -> None:
    package = (
        "<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata><dc:title>手册</dc:title><dc:creator>沈若川</dc:creator>"
        "<dc:date>2025-07-01</dc:date></metadata><manifest><item id='n' href='nav.xhtml' properties='nav'/>"
        "<item id='b' href='b%20b.xhtml'/><item id='a' href='a.xhtml'/></manifest>"
        "<spine><itemref idref='n'/><itemref idref='a'/><itemref idref='b'/></spine></package>"
    )
    content = packed(
        {
            "META-INF/container.xml": "<container><rootfiles><rootfile full-path='OEBPS/p.opf'/></rootfiles></container>",
            "OEBPS/p.opf": package,
            "OEBPS/nav.xhtml": "<p>目录</p>",
            "OEBPS/a.xhtml": "<?xml version='1.0' encoding='utf-8'?><html><body><h1>第一章</h1><p>甲</p></body></html>",
            "OEBPS/b b.xhtml": "<html><body><h1>第二章</h1></body></html>",
        }
    )
    [loaded] = load_content(content, Path("a.epub"))
    assert (loaded.title, loaded.text) == ("手册", "# 第一章\n\n甲\n\n# 第二章")
    assert loaded.metadata == {"author": "沈若川", "created": "2025-07-01"}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# The pump house\n\nIt is old.", "The pump house"),
        ("#!/bin/sh\nrun", "#!/bin/sh"),
        ("It is old.\nYes.", "README"),
    ],
)
def test_text_is_called_by_its_first_line_where_that_is_a_title(text: str, title: str) -> None:
    assert load(text, "README").title == title
