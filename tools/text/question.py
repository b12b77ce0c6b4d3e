"""What a question asks for: its content terms with their weight, and the kind of answer it expects."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tools.text.synonyms import synonyms
from tools.text.tokens import fold, search_tokens, tag

AnswerKind = Literal["person", "time", "number", "place", "definition", "other"]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_STOP_ZH = frozenset(
    "的 了 是 在 和 与 及 或 吗 呢 吧 啊 呀 么 嘛 有 没有 就 都 也 还 又 被 把 "
    "对 从 向 为 以 由 于 而 但 并 这 那 这个 那个 这些 那些 它 他 她 它们 他们 我 "
    "我们 你 你们 您 请 请问 想 想问 知道 告诉 一下 能 能否 可以 会 什么 什么样 哪 "
    "哪些 哪个 哪位 哪里 哪儿 哪家 哪一 谁 谁的 何 何时 多少 几 几个 怎么 怎样 如何 "
    "为什么 为何 是否 是不是 有没有 多大 多长 多久 多高 多远 时候 时间 地方 地点 意思 "
    "是什么 叫 叫做 称为 指 指的 属于 关于 其中 分别 以及 还有 一个 哪种 哪年 哪天 哪月 "
    "几月 几号 来 去 到 上 下 中 里 内 后 前 个 位 种 项 名 家 条 年 月 日 号 将 "
    "要 应 应该 应当 最新 最近 今天 现今 当前 如今 本周 需要 必须 进行 具体 主要 目前 现在 一共 总共 共 所 之 其 等 "
    "per 具有 包括 包含 介绍 说明 问 问题 回答 关系 做 用 给".split()
)
_STOP_EN = frozenset(
    "a an the of in on at to for from by with and or but is are was were be been being do does did has have had "
    "what which who whom whose when where why how many much long often far old tall big i you he she it we they me "
    "my your his her its our their this that these those there here can could will would shall should may might must "
    "about as into than then so if not no nor please tell know give find show list name called mean meaning between "
    "s t re ve ll d m us any some all each also just during after before under over per up out "
    "latest newest recent recently current currently now today".split()
)
# What numbers tell apart: Section 2, lot 1.
_NUMBERED = re.compile(
    r"\b(?:[A-Z][a-z]{2,19}|(?i:section|lot|phase|stage|chapter|article|part|line|building|floor|level|figure|table|step"
    r"|unit|block|zone|contract|appendix|annex|room|gate|platform|clause)) \d{1,3}\b(?![.,]\d)"
)
_HAN_NUMERAL = re.compile("[一二三四五六七八九十百]+")
_NAME_TAGS = ("nr", "ns", "nt", "nz")
_PERSON = re.compile(r"谁|哪位|何人|什么人|\b(?:who|whom|whose)\b", re.IGNORECASE)
_TIME = re.compile(
    r"什么时候|何时|哪一?年|哪一?天|哪一?月|哪一?日|几月|几号|几点|什么时间|何年|期限|日期|多久|多长时间"
    r"|(?:^|[,;] ?|\band |\bsince )when\b|\bwhat (?:year|date|day|month|time)\b|\bhow long\b|\bdeadline\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"多少|几[个名条家项座层次位人]|多大|多高|多长|多远|多深|多宽|百分之几|比例|"
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
_SHAPE = re.compile(
    r"(?P<before>第?|[a-z]{3,20} )(?:[一二三四五六七八九十百]+|\d+)(?P<after>[\u4e00-\u9fff]{1,6}|(?<=\d))"
)
_UNIT_ZH = re.compile(
    r"(?:多少|几)个?([天日周月年岁人次处座层间条台辆吨米元]|万元|亿元|公里|千米|平方米|立方米|小时|分钟|分贝)"
)
_UNIT_EN = re.compile(r"\bhow many ([a-z]+)\b", re.IGNORECASE)
_DEPUTY = re.compile(r"副(?:总|主任|部长|经理|局长|书记|组长|院长)|\b(?:deputy|vice|acting|assistant)\b", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"公司|集团|局|院|部|委员会|中心|单位|\b(?:Ltd|Co|Inc|Group|Company|Corporation|Bureau|Department|Institute)\b"
)
_HAS_NUMBER = re.compile(
    rf"\d|{_NUMBER_WORD}|[一二三四五六七八九十百千万亿两][个名条家项座层次位人年月日天元米吨%％倍万亿]"
)
_HAS_TIME = re.compile(
    r"\d{4}|\d{1,2}\s*[月日号时点:：]|\d+\s*(?:天|日|周|个?月|年|小时|分钟|days?|weeks?|months?|years?|hours?|minutes?)"
    r"|[一二三四五六七八九十]+(?:个?月|年|日|天|季度)"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday|century|today|yesterday|tomorrow)\b",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][a-zA-Z'’.-]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question, folded, with its weight (≥ 0.5).

    tokens: the search tokens that find it. alternatives: those of each of its synonyms.
    """

    text: str
    tokens: frozenset[str]
    weight: float
    alternatives: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for: its content terms, the kind of answer and, of a number, its unit (or empty)."""

    terms: tuple[Term, ...]
    kind: AnswerKind
    unit: str


def asked_for(question: str, names: tuple[str, ...] = ()) -> Asked:
    """Reads a question. `names` are known entities, as in `content_terms`."""
    return Asked(content_terms(question, names), answer_kind(question), asked_unit(question))


def answers(asked: Asked, text: str) -> bool:
    """Whether `text` holds something of the kind, and the unit, that is asked for."""
    return has_quantity(asked.unit, fold(text)) if asked.unit else has_kind(asked.kind, text)


@functools.lru_cache(maxsize=512)
def content_terms(question: str, names: tuple[str, ...] = ()) -> tuple[Term, ...]:
    """The words of a question that an answer's source should contain, without repeats.

    `names` are known entities; those that stand in the question are one term each, however a dictionary would cut
    them. Names, codes and numbers weigh 2, other words 1, single Han characters 0.5.
    """
    terms: dict[str, Term] = {}
    for match in _NUMBERED.finditer(question):
        folded = fold(match.group())
        tokens = frozenset(token for token in search_tokens(folded) if token[0].isalpha() and token[-1].isdigit())
        if tokens:
            terms[folded] = Term(folded, tokens, 2.0)
            question = question.replace(match.group(), " ")
    for name in sorted(names, key=len, reverse=True):
        folded = fold(name)
        if folded in fold(question) and (tokens := frozenset(search_tokens(folded))):
            terms[folded] = Term(folded, tokens, 2.0)
            question = re.sub(re.escape(name), " ", question, flags=re.IGNORECASE)
    capitalised = {fold(word) for word in _CAPITALISED.findall(question)}
    for word, part_of_speech in _numbers_joined(tag(question)):
        folded = fold(word).strip()
        if not folded or not any(character.isalnum() for character in folded):
            continue
        if folded in _STOP_ZH or folded in _STOP_EN or folded in terms:
            continue
        tokens = frozenset(search_tokens(folded))
        if not tokens:
            continue
        weight = _weight(folded, part_of_speech, folded in capitalised)
        alternatives = tuple(frozenset(search_tokens(word)) for word in synonyms(folded))
        terms[folded] = Term(folded, tokens, weight, alternatives)
    return tuple(terms.values())


def _numbers_joined(tagged: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Chinese numerals with the word they number: 二 标段 is 二标段, which tells it from 一标段."""
    joined: list[tuple[str, str]] = []
    for word, part_of_speech in tagged:
        if joined and _HAN_NUMERAL.fullmatch(joined[-1][0]) and _HAN.match(word):
            joined[-1] = (joined[-1][0] + word, "nz")
        else:
            joined.append((word, part_of_speech))
    return joined


def _weight(folded: str, part_of_speech: str, capitalised: bool) -> float:
    if any(character.isdigit() for character in folded) or capitalised or part_of_speech in _NAME_TAGS:
        return 2.0
    if folded.startswith("第") and len(folded) > 1:
        return 2.0
    if _HAN.match(folded) and len(folded) == 1:
        return 0.5
    return 1.0


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


def numbered_shape(term: str) -> re.Pattern[str] | None:
    """What other things of a numbered kind are called: 二标段 has the shape of 三标段, section 2 that of section 10."""
    match = _SHAPE.fullmatch(term)
    if not match:
        return None
    before, after = re.escape(match["before"]), re.escape(match["after"])
    return re.compile(rf"{before}(?:[一二三四五六七八九十百]+|\d+){after}")


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


def defines(term: Term, text: str) -> bool:
    """Whether folded `text` begins with the term and goes on to say what it is."""
    return text.startswith(term.text) and bool(_DEFINES.search(text, len(term.text)))


def has_kind(kind: AnswerKind, text: str) -> bool:
    """Whether `text` holds anything that could be an answer of this kind. Kinds without a test are always held."""
    if kind == "number":
        return bool(_HAS_NUMBER.search(text))
    if kind == "time":
        return bool(_HAS_TIME.search(text))
    if kind == "person":
        # Who built it? May be a company; a deputy is not the one who is asked for.
        if _DEPUTY.search(text):
            return False
        named = _CAPITALISED.search(text) or _ORGANISATION.search(text)
        return bool(named) or any(part.startswith("nr") for _, part in tag(text))
    return True
