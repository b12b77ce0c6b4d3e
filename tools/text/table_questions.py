"""Questions that a cell of a Markdown table answers: of the thing that the row is on, what its column says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.shapes import Language
from tools.text.language import detect_language
from tools.text.question_subject import Asked, about, can_stand_alone, quoted
from tools.text.tables import cells
from tools.text.tokens import tag

_RULE = re.compile(r"^\|?[\s:|-]*-[\s:|-]*$")
_TOTAL = re.compile(r"合计|总计|小计|平均|共计|其他|total|sum|average|other|others", re.IGNORECASE)
_EMPTY = re.compile(r"[\s\-—–/／.…无]*|n/?a|none|nil|tbd|待定|待补充", re.IGNORECASE)
_UNIT = re.compile(r"[（(](?P<unit>[^（）()\d]{1,16})[)）]\s*$")
_NUMBER = re.compile(r"[¥$€£+-]?\d[\d,，.]*\s*[%％]?")
_STARTS_WITH_NUMBER = re.compile(r"[¥$€£]?\d")
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?|\d{1,2} [A-Z][a-z]+ \d{4}|\d{1,2}:\d{2}.*")
_DATE_COLUMN = re.compile(r"日期|时间|\b(?:date|time|when|deadline|start|end|completion)\b", re.IGNORECASE)
_PERSON_COLUMN = re.compile(
    r"(?:人|经理|主任|总监|工程师|上级|领导|主管|姓名)$|\b(?:contact|manager|name of|person|owner|author|editor)\b",
    re.IGNORECASE,
)
_PLAIN_KEY = re.compile(r"(?:指标|项目|名称|参数|内容|事项|字段|item|key|field|name|parameter|figure)", re.IGNORECASE)
_PLAIN_VALUE = re.compile(
    r"(?:数值|值|内容|说明|描述|取值|结果|指标值|value|content|details?|description|figure)", re.IGNORECASE
)
_NUMBERING = re.compile(r"(?:序号|编号|行号|no\.?|#|id|index|备注|remarks?|notes?)", re.IGNORECASE)
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}(?<![部局院室处站所岗组科班司会员长])")
_EN_PERSON = re.compile(r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}")
_WHO_COLUMN = re.compile(
    r"\b(?:contractor|supervisor|supplier|client|owner|vendor|designer|author|director)s?$", re.IGNORECASE
)
_NAME_COLUMN = re.compile(
    r"^(?:姓名|人员|名单|公司|单位|.{2,4}商|.{2,4}单位)$|^(?:name|person|employee|compan\w+|supplier|vendor|client)s?$",
    re.IGNORECASE,
)
_CLASSES = ("类别", "类型", "种类", "分类")
_BELONGS = re.compile("|".join((*_CLASSES, "标段", "部门", "地区", "区域", "片区", "专业", "科室", "小组", "系列")))
_ZH_ENDINGS = (
    (re.compile(r"(?:单位|公司|机构|厂家|承包商|供应商|银行)$"), "是哪家"),
    (re.compile(r"(?:进度|情况|状态|进展|状况)$"), "如何"),
    (re.compile(r"(?:时限|期限|周期|工期|时长|有效期)$"), "是多久"),
    (re.compile(r"(?:地点|地址|位置|场所|产地)$"), "是哪里"),
)
_LISTED_COLUMN = re.compile(
    r"\b(?:section|material|product|type|category|class|group|department|division|region|area|zone|stage|phase|status)$",
    re.IGNORECASE,
)
_LANGUAGES = ("Chinese", "English", "French", "German", "Japanese", "Korean", "Spanish", "Russian", "Arabic")
_SHORT = 16
_MOST_CELL = 60
_MOST_NAME = 40
_MOST_COLUMN = 20
_FEWEST_ROWS = 2


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell with what is around it. key: the name of the first column, name: its cell in the row."""

    key: str
    name: str
    heading: str
    answer: str
    columns: int

    @property
    def unit(self) -> str:
        unit = _UNIT.search(self.heading)
        return unit["unit"] if unit else ""

    @property
    def column(self) -> str:
        return _UNIT.sub("", self.heading).strip()

    @property
    def is_plain(self) -> bool:
        """Whether the table lists names and values, as a form does."""
        plain = _PLAIN_KEY.fullmatch(self.key) and _PLAIN_VALUE.fullmatch(self.heading)
        return self.columns == 2 and plain is not None


def table_questions(text: str, title: str) -> Iterator[tuple[Language, Asked]]:
    """Questions of the tables in a passage. title: as `usable_title` gives it for the language, or empty.

    Only tables are read whose first column names what each row is on, once.
    """
    for header, rows in _tables(text):
        names = [row[0] for row in rows]
        if len(rows) < _FEWEST_ROWS or len(set(names)) < len(names) or _NUMBERING.fullmatch(header[0]):
            continue
        language = detect_language(" ".join([*header, *names]))
        for row in rows:
            for column, answer in zip(header[1:], row[1:], strict=False):
                if _can_be_asked(row[0], column, answer):
                    asked = _asked(_Cell(header[0], row[0], column, answer, len(header)), title, language)
                    if asked:
                        yield language, asked


def _tables(text: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Header and rows of each table that has a header."""
    header: list[str] = []
    rows: list[list[str]] = []
    before = ""
    for line in [*text.split("\n"), ""]:
        line = line.strip()
        if not line.startswith("|"):
            if header and rows:
                yield header, rows
            header, rows = [], []
        elif _RULE.match(line):
            header, rows = cells(before) if before.startswith("|") else [], []
        elif header:
            rows.append(cells(line))
        before = line


def _can_be_asked(name: str, column: str, answer: str) -> bool:
    if not 2 <= len(name) <= _MOST_NAME or _NUMBER.fullmatch(name) or _DATE.match(name) or _TOTAL.fullmatch(name):
        return False
    if not 2 <= len(column) <= _MOST_COLUMN + 10 or _NUMBERING.fullmatch(column) or _TOTAL.fullmatch(column):
        return False
    fits = len(answer) <= _MOST_CELL and not _EMPTY.fullmatch(answer) and answer != name
    return fits and can_stand_alone(name) and not re.search(r"[|<>]|https?://", answer)


def _asked(cell: _Cell, title: str, language: Language) -> Asked | None:
    asks = _chinese(cell) if language == "zh" else _english(cell)
    # Beside a plain key the document's title says what is meant; a column of names says so itself.
    subject = "" if cell.is_plain else f"《{cell.name}》" if _NAME_COLUMN.search(cell.key) else cell.name
    question = about(subject, asks, title, language)
    return ("cell", question, cell.answer) if question else None


def _chinese(cell: _Cell) -> str:
    is_deed = tag(cell.name)[-1][1] == "v" and not _NAME_COLUMN.search(cell.key)
    name = f"“{cell.name}”" if is_deed else cell.name
    if _STARTS_WITH_NUMBER.match(cell.name):
        subject, of = f"{cell.key}为{cell.name}时，", f"{cell.key}为{cell.name}时，{cell.column}"
    else:
        subject, of = name, name if cell.is_plain else f"{name}的{cell.column}"
    label = cell.name if cell.is_plain else cell.column
    if _NUMBER.fullmatch(cell.answer):
        return f"{of}是多少{'' if re.search('[A-Za-z]', cell.unit) else cell.unit}？"
    if _DATE.match(cell.answer):
        return f"{of}是什么时候？"
    if _PERSON_COLUMN.search(label) and _PERSON.fullmatch(cell.answer):
        return f"{of}是谁？"
    if not cell.is_plain and (belongs := _BELONGS.fullmatch(cell.column)):
        return f"{subject}属于{'哪一类' if belongs.group() in _CLASSES else f'哪个{cell.column}'}？"
    ending = next((words for pattern, words in _ZH_ENDINGS if pattern.search(label)), "是什么")
    is_short_number = _STARTS_WITH_NUMBER.match(cell.answer) and len(cell.answer) < _SHORT
    return f"{of}{'是多少' if ending == '是什么' and is_short_number else ending}？"


def _english(cell: _Cell) -> str:
    label = cell.name if cell.is_plain else cell.column
    name = cell.name if cell.name[:1].isupper() else quoted(cell.name, "en")
    if not cell.is_plain and _LISTED_COLUMN.search(label):
        return f"which {_lowered(label)} is listed for {name}?"
    of = f"the {_lowered(label)}"
    if cell.unit:
        of += f" in {cell.unit}"
    if not cell.is_plain:
        of += f" for {name}"
    if _WHO_COLUMN.search(label) or (_PERSON_COLUMN.search(label) and _EN_PERSON.fullmatch(cell.answer)):
        return f"who is {of}?"
    return f"when is {of}?" if _DATE.match(cell.answer) and _DATE_COLUMN.search(label) else f"what is {of}?"


def _lowered(words: str) -> str:
    """A column's name inside of a sentence: names, languages and abbreviations in it keep their capitals."""
    first, _, rest = words.partition(" ")
    is_word = first[1:].islower() and first not in _LANGUAGES
    return f"{first.lower() if is_word else first} {rest}".strip()
