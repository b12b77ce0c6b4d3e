"""Chinese documents with known positions."""

from evals.placed_pdfs.composer import Composer, Style
from evals.placed_pdfs.faces import MSUNG, SONG, blocks_for
from evals.placed_pdfs.furniture import header_and_footer, page_number
from evals.placed_pdfs.sheet import A4, LANDSCAPE, SLIDE, Sheet
from evals.placed_pdfs.tables import accounts, readings
from evals.placed_pdfs.wording import Wording
from evals.placement import PlacedPdf

_NUMERALS = "一二三四五六七八九十"
_PLAIN = Style(SONG, SONG, size=11, leading=1.6, is_spaced=False)
_INDENTED = Style(SONG, SONG, size=10.5, leading=1.6, is_spaced=False, is_justified=True, first_indent=21)


def report() -> PlacedPdf:
    """One column with header, footer and footnotes."""
    words = Wording("zh", "report")
    furniture = header_and_footer("青屿港务委员会文件汇编", lambda n: f"第 {n} 页 共 5 页", words)
    page = Composer(Sheet("zh-report", A4), _INDENTED, furniture=furniture)
    page.heading("青屿港年度工作报告", 20, is_centred=True)
    for number, title in enumerate(("总体情况", "泊位与客流", "设施维护", "人员与培训", "下一步安排")):
        page.heading(f"{_NUMERALS[number]}、{title}", 14)
        for _ in range(5):
            page.paragraph(words.sentences(3, 5))
    return page.finished()


def contract() -> PlacedPdf:
    """Chapters, articles and items."""
    words = Wording("zh", "contract")
    furniture = header_and_footer("合同范本（库房租赁）", lambda n: f"— {n} —")
    page = Composer(Sheet("zh-contract", A4), _PLAIN, furniture=furniture)
    page.heading("北堤库房租赁合同", 18, is_centred=True)
    for article in range(10):
        if article % 3 == 0:
            page.heading(f"第{_NUMERALS[article // 3]}章 约定{words.number()}", 14)
        page.paragraph([f"第{_NUMERALS[article]}条 {words.sentence()}", *words.sentences(1, 2)])
        for item in range(2):
            page.paragraph([words.sentence()], indent=44, label=f"（{_NUMERALS[item]}）", kind="item")
    return page.finished()


def journal() -> PlacedPdf:
    """Two columns below a title and an abstract of full width, with footnotes, held line by line across the page."""
    words = Wording("zh", "journal")
    style = Style(SONG, SONG, size=9.5, leading=1.5, margin=56, is_spaced=False, is_justified=True, first_indent=19)
    furniture = header_and_footer("水工与港口研究", lambda n: str(n), words)
    page = Composer(Sheet("zh-journal", A4, is_across=True), style, furniture=furniture)
    page.heading("潮汐涵洞盐度的十一年观测", 18, is_centred=True)
    page.paragraph(words.sentences(5), indent=24, kind="abstract")
    page.columns(2)
    for number, title in enumerate(("引言", "方法", "结果", "讨论", "局限", "结论"), start=1):
        page.heading(f"{number} {title}", 12)
        for _ in range(5):
            page.paragraph(words.sentences(3, 4))
    return page.finished()


def newspaper() -> PlacedPdf:
    """Three narrow columns."""
    words = Wording("zh", "newspaper")
    style = Style(SONG, SONG, size=9, leading=1.5, margin=40, gap=16, is_spaced=False)
    page = Composer(Sheet("zh-newspaper", A4), style, furniture=page_number)
    page.heading("码头周报", 28, is_centred=True)
    page.columns(3)
    for title in "轮渡时刻|新透镜到港|果园开放日|泊位清查|夜间施工|学校参观|库房招租|冬季取暖".split("|"):
        page.heading(title, 13)
        for _ in range(4):
            page.paragraph(words.sentences(3, 4))
    return page.finished()


def ruled_accounts() -> PlacedPdf:
    """Ruled tables with captions between paragraphs; cells of several lines."""
    words = Wording("zh", "ruled")
    page = Composer(Sheet("zh-ruled-accounts", A4), _PLAIN, furniture=page_number)
    page.heading("财务报表", 20)
    for number in range(1, 8):
        page.heading(f"{_NUMERALS[number - 1]}、第{words.number()}号账户", 14)
        page.paragraph(words.sentences(3))
        with_remarks = number % 2 == 0
        widths = (0.2, 0.2, 0.2, 0.16, 0.24) if with_remarks else (0.34, 0.24, 0.24, 0.18)
        rows = accounts(words, words.chance.randint(5, 8), with_remarks=with_remarks)
        page.table(rows, widths, is_ruled=True, caption=f"表 {number} 第{words.number()}号账户变动情况")
        page.paragraph(words.sentences(2))
    return page.finished()


def unruled_accounts() -> PlacedPdf:
    """Tables without a line, numbers to the right."""
    words = Wording("zh", "unruled")
    page = Composer(Sheet("zh-unruled-accounts", A4), _PLAIN, furniture=page_number)
    page.heading("资产情况表", 20)
    for number in range(1, 6):
        page.paragraph(words.sentences(4))
        rows = accounts(words, words.chance.randint(6, 9))
        page.table(rows, (0.34, 0.24, 0.24, 0.18), is_ruled=False, caption=f"表 {number} 余额{words.number()}", pad=3)
    return page.finished()


def turned(rotation: int) -> PlacedPdf:
    """Pages that are shown turned by /Rotate."""
    words = Wording("zh", f"turned {rotation}")
    page = Composer(Sheet(f"zh-turned-{rotation}", LANDSCAPE, rotation=rotation), _PLAIN, furniture=page_number)
    for number in range(1, 5):
        page.heading(f"第{words.number()}号测绘图说明", 15)
        page.paragraph(words.sentences(5))
        page.table(readings(words, 4), (0.4, 0.3, 0.3), is_ruled=number % 2 == 0)
        page.paragraph(words.sentences(4))
    return page.finished()


def slides() -> PlacedPdf:
    """Large print and bullets."""
    words = Wording("zh", "slides")
    style = Style(SONG, SONG, size=22, leading=1.5, margin=60, is_spaced=False, paragraph_gap=10)
    page = Composer(Sheet("zh-slides", SLIDE), style)
    for number in range(5):
        if number:
            page.new_page()
        page.heading(f"第{_NUMERALS[number]}步：方案{words.number()}", 36)
        for _ in range(4):
            page.paragraph([words.sentence()], indent=36, label="•", kind="bullet")
    return page.finished()


def traditional() -> PlacedPdf:
    """Traditional characters."""
    words = Wording("traditional", "traditional")
    style = Style(MSUNG, MSUNG, size=12, leading=1.6, is_spaced=False, first_indent=24)
    page = Composer(Sheet("zh-traditional", A4), style, furniture=page_number)
    page.heading("港務局年度工作報告", 20, is_centred=True)
    for number in range(4):
        page.heading(f"{_NUMERALS[number]}、第{words.number()}號事項", 15)
        for _ in range(4):
            page.paragraph(words.sentences(3, 4))
    return page.finished()


def cropped() -> PlacedPdf:
    """Only a part of each page is shown."""
    words = Wording("zh", "cropped")
    page = Composer(Sheet("zh-cropped", A4, crop=40), _INDENTED, furniture=page_number)
    page.heading("裁切版样张", 20)
    for _ in range(12):
        page.paragraph(words.sentences(4, 6))
    page.table(accounts(words, 6), (0.34, 0.24, 0.24, 0.18), is_ruled=True)
    return page.finished()


def mixed() -> PlacedPdf:
    """Chinese with English words and numbers; headings with space between their characters."""
    words = Wording("mixed", "mixed")
    words.is_spaced = False
    page = Composer(Sheet("zh-mixed", A4), _PLAIN, furniture=page_number)
    for title in ("编制目的", "适用范围", "接口约定", "部署步骤"):
        page.heading(title, 16, spacing=16, is_centred=True)
        for _ in range(5):
            page.paragraph(words.sentences(3, 4))
    return page.finished()


def _every_character(words: Wording) -> str:
    """More than a document of these words will hold."""
    return "".join(words.sentences(600)) + "".join("".join(row) for row in accounts(words, 14, with_remarks=True))


def embedded() -> PlacedPdf:
    """A font that the file holds, ruled and unruled tables, two columns."""
    face = blocks_for(
        "BlocksPlain", _every_character(Wording("zh", "characters")) + "馆藏清册第卷编目说明表号,.+-—0123456789"
    )
    words = Wording("zh", "embedded")
    style = Style(face, face, size=10.5, leading=1.6, is_spaced=False, is_justified=True)
    page = Composer(Sheet("zh-embedded", A4), style, furniture=page_number)
    page.heading("馆藏清册", 20, is_centred=True)
    for number in range(1, 4):
        page.columns(1)
        page.heading(f"第{_NUMERALS[number - 1]}卷 编目说明", 14)
        page.paragraph(words.sentences(4))
        page.table(
            accounts(words, 6),
            (0.34, 0.24, 0.24, 0.18),
            is_ruled=number != 2,
            caption=f"表 {number} 清册{words.number()}",
        )
        page.columns(2, 260)
        for _ in range(4):
            page.paragraph(words.sentences(3))
    return page.finished()


def two_sections() -> PlacedPdf:
    """Full width, two columns, full width and two columns again on each page, held line by line; small print."""
    words = Wording("zh", "two sections")
    style = Style(SONG, SONG, size=9, leading=1.5, is_spaced=False)
    page = Composer(Sheet("zh-two-sections", A4, is_across=True), style)
    for number in range(1, 4):
        if number > 1:
            page.columns(1)
            page.new_page()
        for half in ("会议纪要", "答复意见"):
            page.columns(1)
            page.heading(f"{half}之{_NUMERALS[number - 1]}", 15)
            page.paragraph(words.sentences(3))
            page.columns(2, 220)
            for _ in range(4):
                page.paragraph(words.sentences(3))
    return page.finished()


def chinese() -> list[PlacedPdf]:
    """All of them."""
    return [
        report(),
        contract(),
        journal(),
        newspaper(),
        ruled_accounts(),
        unruled_accounts(),
        turned(90),
        turned(270),
        slides(),
        traditional(),
        cropped(),
        mixed(),
        embedded(),
        two_sections(),
    ]
