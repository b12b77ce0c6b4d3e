"""Questions that Chinese sentences answer, made by rules."""

import re

from tools.text.definition_questions import definition
from tools.text.question_subject import Asked, Kind, about, can_stand_alone, quoted
from tools.text.tokens import tag

_DEFINITION = re.compile(
    r"(?:本[\u4e00-\u9fff]{2,6}所称(?:的)?|所称(?:的)?)?[“\"]?(?P<term>[^，。；：:“”\"]{2,16}?)[”\"]?"
    r"(?:[：:]\s*指|，?(?:是指|系指|指的是))(?P<said>[^？！]{8,})"
)
_UNIT = (
    r"(?:[百千万亿]*(?:元|吨|千克|公斤|克|公里|千米|米|厘米|毫米|平方米|立方米|平方公里|公顷|亩|升|分贝|秒|分钟|小时|工时|天|日历天"
    r"|个工作日|工作日|个月|年|人|名|次|台|套|座|辆|个|项|条|处|层|家|份|页|口|根|件|户|千瓦|兆瓦|千伏|兆帕|摄氏度|度|美元|毫克|微克)"
    r"(?:每(?:立方米|平方米|小时|升|天|日|人|年|月|吨|秒))?|%|％|‰|℃)"
)
_QUANTITY = re.compile(
    r"(?P<subject>[^，。；：！？]{3,36}?)"
    r"(?P<verb>不(?:得|应)?(?:低于|少于|超过|高于|大于|小于)|达到|共有|共计|总计|合计|约为|为|是|全长|总长|总重|[长宽高厚深重])"
    rf"(?P<per>每[晚天日人次月年吨米])?(?P<amount>(?:约|近)?\d[\d,.]*(?P<unit>{_UNIT}))(?=[，。；]|$)"
)
_IS = ("为", "是", "约为", "达到", "合计", "总计", "共计")
_ROLE = (
    r"(?:经理|总监|主任|负责人|代表人|工程师|部长|书记|局长|院长|董事长|主管|设计师|联系人|主持人|记录人|校长|所长|主席|会长|处长"
    r"|秘书长)"
)
_PERSON = re.compile(
    rf"(?P<subject>[^，。；：！？]{{2,30}}?{_ROLE})(?:为|是)(?P<who>[\u4e00-\u9fff·]{{2,8}})(?=[，。；]|$)"
)
_BY = re.compile(
    r"(?P<subject>[^，。；：！？]{3,30}?)由(?P<who>[\u4e00-\u9fff·]{2,20}?)"
    r"(?P<verb>负责|主持|承建|承担|承包|审批|编制|设计|施工|监理|组织实施|建设|管理|运营)(?=[，。；]|$)"
)
_NO_NAME = re.compile(r"[其该此这双各某谁的]|有关|相关|以下|上述|分别|共同")
_DATE = re.compile(
    r"(?P<subject>[^，。；：！？]{2,36}?)(?P<by>计划于|定于|预计于|将于|已于|于|自)"
    r"(?P<date>\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?)(?P<since>起)?(?P<verb>[\u4e00-\u9fff]{2,10})(?=[，。；]|$)"
)
_NO_VERB = re.compile(r"[此该其后时以]|左右|前后|期间|^的")
_THIS = re.compile(r"^本(?P<noun>[\u4e00-\u9fff]{2,3}?)(?=自|由|的|签|共|适|于|计|所|为|经)")


def _definition(said: str, title: str) -> Asked | None:
    match = _DEFINITION.match(said)
    return definition(match["term"], match["said"]) if match else None


def _quantity(said: str, title: str) -> Asked | None:
    match = _QUANTITY.match(said)
    if not match:
        return None
    subject, verb = match["subject"], match["verb"]
    unit = "" if match["unit"] in "%％‰℃" else match["unit"]
    asks = f"{'是' if verb in _IS else verb}{match['per'] or ''}多少{unit}？"
    return _made("quantity", subject, asks, match["amount"], title)


def _person(said: str, title: str) -> Asked | None:
    match = _PERSON.match(said)
    if not match or not _is_person(match["who"]):
        return None
    return _made("person", match["subject"], "是谁？", match["who"], title)


def _by(said: str, title: str) -> Asked | None:
    match = _BY.match(said)
    if not match or _NO_NAME.search(match["who"]):
        return None
    return _made("person", match["subject"], f"由谁{match['verb']}？", match["who"], title)


def _date(said: str, title: str) -> Asked | None:
    match = _DATE.match(said)
    if not match or _NO_VERB.search(match["verb"]):
        return None
    when = f"{match['by'].removeprefix('已')}{'何时起' if match['since'] else '何时'}{match['verb']}？"
    return _made("date", match["subject"], when, match["date"], title)


def _is_person(name: str) -> bool:
    return len(name) <= 4 and not _NO_NAME.search(name) and tag(name)[0][1].startswith("nr")


def _made(kind: Kind, subject: str, asks: str, answer: str, title: str) -> Asked | None:
    """A Chinese question; 本合同 is called by the title that it has."""
    subject = subject.strip()
    this = _THIS.match(subject)
    if subject.startswith("本") and (this := this or re.match(r"本(?P<noun>[\u4e00-\u9fff]{2,3})$", subject)):
        if not title or this["noun"] not in title:
            return None
        rest = subject[this.end() :]
        named = quoted(title, "zh")
        subject = f"{named}{rest}" if not rest or rest.startswith("的") else f"{named}的{rest}"
    if not can_stand_alone(subject):
        return None
    question = about(subject, f"{subject}{asks}", title, "zh")
    return (kind, question, answer) if question else None


CHINESE = (_definition, _quantity, _person, _by, _date)
"""Each makes a question of a sentence, or None. Given the sentence and the title of its document, perhaps empty."""
