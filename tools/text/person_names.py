"""People's names, as far as their form and the words around them show them."""

import re

from tools.text.rows import row_cells
from tools.text.tokens import tag

_SURNAME = (
    "[王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方"
    "金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚汤陶黎温莫易樊乔文安殷颜庄章鲁倪庞邢俞翟蓝聂齐向申葛柴"
    "伍覃骆关焦柳欧祝纪尚毕耿芦左季管符辛苗詹曲靳祁路涂兰甘裴梅童翁霍游阮尤岳柯牟滕谷舒卜成饶宁凌盛查单冉鲍华包屈房喻解蒲卫简时连车项闵"
    "邬吉党阳司费蒙席晏隋古强穆姬宫景米麦谈柏瞿艾沙鄢桂窦郁缪畅巩卓褚栾戚全娄甄郎池丛边岑农苟迟保商臧佘卞虞刁冷应匡栗仇练楚揭师官佟封燕]"
)
_GIVEN = "[\u4e00-\u9fff]{1,2}"
PERSON = re.compile(_SURNAME + _GIVEN)
"""What has the form of a Chinese name; many other short words have it too."""
_ACTS = "(?:负责|主持|组织|担任|牵头|审批|复核|承诺|要求|强调|指出|表示|提出|汇报|分管|任)"
_ROLES = "(?:经理|总监|工程师|主任|部长|书记|局长|院长|董事长|代表人|负责人|主管|设计师|联系人|主持人|记录人)"
PERSON_IN_CONTEXT = re.compile(
    rf"(?:由|要求|委托|请)(?P<asked>{_SURNAME}{_GIVEN}?)(?={_ACTS})"
    rf"|(?:^|(?<=[，。；：、\s]))(?P<acting>{_SURNAME}{_GIVEN}?)(?={_ACTS})"
    rf"|{_ROLES}(?:[为是：]|\s)?(?P<titled>{_SURNAME}{_GIVEN}?)(?=[，。；、（）()\s]|$|{_ACTS})"
)
"""A person's name where the words around it leave no doubt: 由某某负责, 某某承诺…, 项目经理某某."""
OF_PERSON = re.compile(r"人$|经理$|姓名|主任|负责|联系|上级|监理工程师$|contact|name|manager|director", re.IGNORECASE)
"""The label of a table's column or of a line that holds a person."""
_SURNAME_FIRST = re.compile(_SURNAME)
_OF_ONE_WHO_ACTS = re.compile(
    r"作者|发件人|收件人|审批|批准"
    r"|\b(?:author|sender|owner|person|employee|staff|responsible|approved|approver|checked|reviewer|lead)\b",
    re.IGNORECASE,
)
# A capitalised word that does not open a sentence, is none of the calendar, and has no number: Schedule 1.
_CAPITALISED = re.compile(
    r"(?<![.!?]\s)(?<!^)\b(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b|(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b)[A-Z][a-zA-Z'’.-]++(?! \d)"
)
_FULL_NAME = re.compile(r"\b[A-Z][a-z'’.-]+ (?:[a-z]{2,3} )?[A-Z][a-zA-Z'’-]+")


def names_a_person(text: str) -> bool:
    """Whether a sentence or a table's row says a person's name; in English any name in a sentence may be one.

    In a row the word that begins a cell is no name for its capital: the column must be one of people.
    """
    if PERSON_IN_CONTEXT.search(text) or any(part.startswith("nr") for _, part in tag(text)):
        return True
    cells = row_cells(text)
    if not cells:
        return _CAPITALISED.search(text) is not None
    return any(
        _FULL_NAME.search(cell) or (_is_of_person(label) and (PERSON.fullmatch(cell) or cell[:1].isupper()))
        for label, cell in cells
    )


def _is_of_person(label: str) -> bool:
    return OF_PERSON.search(label) is not None or _OF_ONE_WHO_ACTS.search(label) is not None


def is_surname(character: str) -> bool:
    """Whether a Han character is a usual surname."""
    return _SURNAME_FIRST.fullmatch(character) is not None
