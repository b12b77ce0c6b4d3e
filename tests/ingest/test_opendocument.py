# ruff: noqa: E501 (markup is not broken)
"""OpenDocument files: text, sheets and slides."""

from pathlib import Path

import pytest

from ingest.load import load_content
from tests.ingest.office_files import packed
from tools.errors import FileError
from tools.shapes import LoadedFile

_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{place}:1.0"'
    for prefix, place in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "svg": "svg-compatible",
        "style": "style",
        "meta": "meta",
        "presentation": "presentation",
    }.items()
)
_META = (
    f"<office:document-meta {_NAMES} xmlns:dc='http://purl.org/dc/elements/1.1/'><office:meta>"
    "<dc:title>合同</dc:title><meta:initial-creator>沈若川</meta:initial-creator><dc:creator>顾远舟</dc:creator>"
    "<meta:creation-date>2025-07-01T08:00:00</meta:creation-date><dc:date>2025-07-02T09:00:00</dc:date>"
    "</office:meta></office:document-meta>"
)


def load(kind: str, body: str, extension: str, styles: str = "") -> LoadedFile:
    content = (
        f"<office:document-content {_NAMES} xmlns:xlink='http://www.w3.org/1999/xlink'>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    [loaded] = load_content(packed({"content.xml": content, "meta.xml": _META}), Path(f"a{extension}"))
    return loaded


def test_text_with_headings_lists_notes_and_tables() -> None:
    styles = (
        "<text:list-style style:name='L'><text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/>"
        "<text:list-level-style-bullet text:level='2'/></text:list-style>"
    )
    loaded = load(
        "text",
        "<text:tracked-changes><text:p>旧</text:p></text:tracked-changes>"
        "<text:h text:outline-level='1'>总则</text:h>"
        "<text:p>工期<text:s text:c='2'/>700<text:span>天</text:span><text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>日历天</text:p></text:note-body></text:note>。<office:annotation><text:p>批注</text:p></office:annotation></text:p>"
        "<text:list text:style-name='L'><text:list-item><text:p>甲</text:p><text:list><text:list-item><text:p>下</text:p>"
        "</text:list-item></text:list></text:list-item><text:list-item><text:p>乙</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell table:number-rows-spanned='2'><text:p>标段</text:p></table:table-cell>"
        "<table:table-cell table:number-columns-spanned='2'><text:p>金额</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
        "<table:table-row><table:covered-table-cell/><table:table-cell><text:p>计划</text:p></table:table-cell><table:table-cell><text:p>完成</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:table-cell><text:p>一</text:p></table:table-cell><table:table-cell table:number-columns-repeated='2'><text:p>9</text:p></table:table-cell></table:table-row></table:table>"
        "<text:p><draw:frame><svg:title>平面图</svg:title><svg:desc>东站</svg:desc><draw:image/></draw:frame>"
        "<draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame></text:p>",
        ".odt",
        styles,
    )
    assert loaded.text == (
        "## 总则\n\n工期  700天。\n\n¹ 日历天\n\n1. 甲\n  - 下\n2. 乙\n\n"
        "| 标段 | 金额 计划 | 金额 完成 |\n| --- | --- | --- |\n| 一 | 9 | 9 |\n\n平面图 东站\n\n框"
    )
    assert loaded.title == "总则"
    assert loaded.metadata == {
        "author": "沈若川",
        "created": "2025-07-01T08:00:00",
        "modified": "2025-07-02T09:00:00",
    }


def test_sheets_without_the_millions_of_empty_cells_that_they_claim() -> None:
    loaded = load(
        "spreadsheet",
        "<table:table table:name='台账' table:style-name='ta1'>"
        "<table:table-row table:number-rows-repeated='1048570'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
        "<table:table-row><table:table-cell><text:p>名称</text:p></table:table-cell><table:table-cell><text:p>数量</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:table-cell><text:p>钢筋</text:p></table:table-cell><table:table-cell><text:p>12%</text:p></table:table-cell></table:table-row>"
        "</table:table>",
        ".ods",
        "<style:style style:name='ta1'><style:table-properties table:display='false'/></style:style>",
    )
    assert loaded.warnings == ("sheet 台账 is hidden; it was read",)
    assert loaded.text == "## 台账（隐藏）\n\n| 名称 | 数量 |\n| --- | --- |\n| 钢筋 | 12% |"
    assert (loaded.title, loaded.has_pages) == ("合同", True)


def test_slides_with_title_and_notes() -> None:
    def frame(text: str, kind: str) -> str:
        box = f"<draw:text-box><text:p>{text}</text:p></draw:text-box>"
        return f"<draw:frame presentation:class='{kind}'>{box}</draw:frame>"

    page = f"<draw:page>{frame('正文', 'outline')}{frame('标题', 'title')}<presentation:notes>{frame('说明', 'notes')}</presentation:notes></draw:page>"
    assert [one.text for one in load("presentation", page, ".odp").pages] == ["# 标题\n\n正文\n\n## 备注\n\n说明"]


def test_protected_files_say_so() -> None:
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    content = packed({"META-INF/manifest.xml": manifest, "content.xml": b"\0" * 30})
    with pytest.raises(FileError, match="password"):
        load_content(content, Path("a.odt"))
