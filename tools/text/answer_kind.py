"""What kind of answer a question asks for, and whether a text holds one."""

import re
from typing import Literal

from tools.text.person_names import names_a_person
from tools.text.rows import row_cells
from tools.text.tokens import fold

AnswerKind = Literal["person", "time", "number", "place", "definition", "other"]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_PERSON = re.compile(r"谁|哪位|何人|什么人|\b(?:who|whom|whose)\b", re.IGNORECASE)
_TIME = re.compile(
    r"什么时候|何时|哪一?年|哪一?天|哪一?月|哪一?日|几月|几号|几点|什么时间|何年|期限|日期|多久|多长时间"
    r"|(?:^|[,;] ?|\band |\bsince )when\b|\bwhat (?:year|date|day|month|time)\b|\bhow long\b|\bdeadline\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"多少|几[个名条家项座层次位人台辆间处倍种块根套]|多大|多高|多长|多远|多深|多宽|百分之几|比例|"
    r"\bhow (?:many|much|far|tall|high|large|big|old|wide|deep)\b|\bwhat (?:percentage|percent|number|amount|share)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"哪里|哪儿|什么地方|何处|\bwhere\b", re.IGNORECASE)
_DEFINITION = re.compile(
    r"什么是|是什么意思|什么意思|指的?是什么|的定义|如何定义|何谓|^[^，。？?的]{1,12}是什么[？?]?$"
    r"|^what (?:is|are) (?:an? )?[^?]{1,40}\??$|\bdefin|\bmean(?:s|ing)?\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"是|指|即|为|[：:]|\b(?:is|are|means?|refers? to|stands for|denotes?|defined)\b", re.IGNORECASE)
_NUMBER_WORD = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|dozen|hundred|thousand|million|billion|no)\b"
)
_UNIT_ZH = re.compile(
    r"(?:多少|几)个?([天日周月年岁人次处座层间条台辆吨米元]|万元|亿元|公里|千米|平方米|立方米|小时|分钟|分贝)"
)
_UNIT_EN = re.compile(r"\bhow many ([a-z]+)\b", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"公司|集团|局|院|部|委员会|中心|单位|[甲乙丙供需]方|[承出]租[人方]|(?<=[\u4e00-\u9fff]{2})[科厂](?![学技目室房长])"
    r"|\b(?:Ltd|Co|Inc|Group|Company|Corporation|Bureau|Department|Institute)\b"
)
# What a column of amounts is called, whatever is counted.
_OF_COUNT = re.compile(r"数量|[台件人个]数$|\b(?:quantity|qty|number|count|amount)\b")
_HAS_NUMBER = re.compile(
    rf"\d|{_NUMBER_WORD}|[一二三四五六七八九十百千万亿两][个名条家项座层次位人年月日天元米吨%％倍百千万亿份辆台间只分秒丈]"
    r"|[一二三四五六七八九十两]小时|百分之[一二三四五六七八九十]"
)
_HAS_TIME = re.compile(
    r"\d{4}|\d{1,2}\s*[月日号时点:：]|\d+\s*(?:天|日|周|个?月|年|小时|分钟|秒|季度)"
    r"|\d+\s*(?:[a-z]+ )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b"
    r"|[一二三四五六七八九十两半]+(?:个?月|年|日|天|周|个?季度|个?小时|分钟|秒)|每[半一]?个?(?:年|季度?|月|周|日|天)"
    r"|(?:时|后|前)[，,]?(?=应|必须|须)"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday|century|today|yesterday|tomorrow)\b",
    re.IGNORECASE,
)
# A capitalised word that does not open a sentence.
CAPITALISED = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][a-zA-Z'’.-]+")


def answer_kind(question: str) -> AnswerKind:
    """The kind of answer that the question's words ask for."""
    checks: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = (
        ("person", _PERSON),
        ("time", _TIME),
        ("number", _NUMBER),
        ("place", _PLACE),
        ("definition", _DEFINITION),
    )
    return next((kind for kind, pattern in checks if pattern.search(question)), "other")


def asked_unit(question: str) -> str:
    """The unit that a question asks a number of: 天 in 多少天, days in how many days; empty when it names none."""
    match = _UNIT_ZH.search(question) or _UNIT_EN.search(question)
    return fold(next(group for group in match.groups() if group)) if match else ""


def has_quantity(unit: str, text: str) -> bool:
    """Whether a number of `unit` stands in folded `text`, with at most a word or two Han characters between."""
    if not _HAN.search(unit):
        return re.search(rf"(?:\d[\d.,]*|{_NUMBER_WORD})(?: [a-z-]+)? {re.escape(unit.rstrip('s'))}", text) is not None
    return (
        re.search(rf"[\d一二三四五六七八九十百千万亿][%％]?[^\d\s，。；：、]{{0,3}}?{re.escape(unit)}", text)
        is not None
    )


def counts_in_row(unit: str, text: str) -> bool:
    """Whether folded `text` is a table's row with a number in a column of this unit, or of amounts in general."""
    return any(
        cell[:1].isdigit() and (_OF_COUNT.search(label) or re.search(_unit_in_label(unit), label))
        for label, cell in row_cells(text)
    )


def _unit_in_label(unit: str) -> str:
    return re.escape(unit) if _HAN.search(unit) else rf"\b{re.escape(unit.rstrip('s'))}"


def has_kind(kind: AnswerKind, text: str) -> bool:
    """Whether `text` holds anything that could be an answer of this kind. Kinds without a test are always held."""
    if kind == "number":
        return bool(_HAS_NUMBER.search(text))
    if kind == "time":
        return bool(_HAS_TIME.search(text))
    if kind == "person":
        # Who built it? May be a company.
        return _ORGANISATION.search(text) is not None or names_a_person(text)
    return True


def defines(term: str, text: str) -> bool:
    """Whether folded `text` begins with the folded term and goes on to say what it is."""
    return text.startswith(term) and bool(_DEFINES.search(text, len(term)))
