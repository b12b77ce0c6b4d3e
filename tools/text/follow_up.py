"""Follow-up questions made to stand alone, by rule: what they leave out is taken from the questions before."""

import itertools
import re
from collections.abc import Sequence

from tools.shapes import Language
from tools.text.question import content_terms
from tools.text.tokens import tag

_OPENING_ZH = re.compile(r"^(?:那么|那|还有|然后|另外|再问|接着|好的|嗯|我知道了|明白了)?[，,、\s]*")
_ELLIPSIS_ZH = re.compile(r"^(?:那么|那|还有|另外)?[，,\s]*(?P<topic>[^，。？?]{1,24}?)(?:又)?呢[？?。!！]*$")
_ELLIPSIS_EN = re.compile(
    r"^(?:and|so|ok(?:ay)?|then)?[\s,]*(?:what|how) about (?:the )?(?P<topic>[^?]{1,60})\??$"
    r"|^and (?:the )?(?P<short>[^?]{1,40})\?$",
    re.IGNORECASE,
)
_PRONOUN: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"它们|他们|她们|(?<!其)它|(?<!其)他|她|这里|那里|这儿|那儿|那边|这边|这个|那个|(?<!应)该(?=[^不如])|上述|前者|后者"
    ),
    "en": re.compile(r"\b(?:its|it|they|their|them|he|his|him|she|her)\b", re.IGNORECASE),
}
_NAME_EN = re.compile(r"(?<=\s)[A-Z][\w-]*(?: (?:of |and )?(?:[A-Z][\w-]*|\d+))*")
_CLAUSE_BORDER = re.compile(r"[，,；;]|以及|\b(?:and|but|or)\b", re.IGNORECASE)
_POSSESSIVE = ("its", "their", "his", "her")
_NUMERAL = re.compile(r"[一二三四五六七八九十\d]+")
_LATIN = re.compile(r"[a-z]")
_ATTRIBUTE_ZH = re.compile(
    r"(?:价|额|期|量|度|率|费|人|长|单位|时间|日期|地点|方式|标准|范围|原因|内容|面积|名称|电话|职务)$"
)
_ASKED_ZH = re.compile(r"的(?P<asked>[^的，。？?]{1,12}?)(?=是|为|有|多少|几|谁|什么|哪|如何|怎|由|在)")
_TOPIC_ZH = re.compile(r"^(?:请问|我想知道|想问一下)?(?:谁是|哪家是|什么是)?(?P<topic>[^，。？?的]{2,24})的")


def refers_back(question: str, language: Language) -> bool:
    """Whether `question` leaves out what it is about: an ellipsis or a pronoun without a name beside it."""
    if _ellipsis(question):
        return True
    names = [term for term in content_terms(question) if term.weight >= 2]
    pronoun = _pronoun(question, language)
    if pronoun is None or names:
        return False
    # "How many wells are there and what do they yield?" says itself what they are.
    said_before = _CLAUSE_BORDER.split(question[: pronoun.start()])
    return not (len(said_before) > 1 and content_terms(said_before[0]))


def _pronoun(question: str, language: Language) -> re.Match[str] | None:
    if language == "en":
        return _PRONOUN["en"].search(question)
    # Within a word, 巴吞他尼府, it is none.
    ends = list(itertools.accumulate(len(word) for word, _ in tag(question)))
    borders = {0, *ends}
    found = _PRONOUN["zh"].finditer(question)
    return next((match for match in found if match.start() in borders and match.end() in borders), None)


def standalone_question(question: str, before: Sequence[str], language: Language) -> str:
    """`question` with what it refers to filled in. `before`: the user's earlier questions, oldest first.

    "那二标段呢？" after "一标段的工期是多久？" becomes "二标段的工期是多久？"; a pronoun becomes its topic.
    A question that stands alone, or that has nothing before it, is returned as it is.
    """
    if not before or not refers_back(question, language):
        return question
    # What was asked before may itself have left out what it was about.
    *earliest, last = before
    before = [*earliest, standalone_question(last, earliest, language)]
    if (topic := _ellipsis(question)) and _pronoun(topic, language) is None:
        return _with_topic_replaced(before[-1], topic)
    topic = next(
        (found for earlier in reversed(before) if not refers_back(earlier, language) and (found := topic_of(earlier))),
        "",
    )
    if not topic:
        return question
    return _with_pronoun_replaced(question, topic, language)


def topic_of(question: str) -> str:
    """What a question is about: its first name, or the words before its first 的; empty when it has none."""
    text = _OPENING_ZH.sub("", question.strip())
    if match := _TOPIC_ZH.match(text):
        return match["topic"]
    if match := _NAME_EN.search(text):
        return match.group()
    terms = content_terms(text)
    named = [term.text for term in terms if term.weight >= 2] or [term.text for term in terms if len(term.text) > 1]
    return _as_written(named[0], text) if named else ""


def _as_written(folded: str, text: str) -> str:
    start = text.casefold().find(folded)
    return text[start : start + len(folded)] if start >= 0 else folded


def _ellipsis(question: str) -> str:
    for pattern in (_ELLIPSIS_ZH, _ELLIPSIS_EN):
        if match := pattern.match(question.strip()):
            return next(group for group in match.groups() if group).strip()
    return ""


def _with_topic_replaced(earlier: str, topic: str) -> str:
    old = _counterpart(earlier, topic)
    return earlier.replace(old, topic, 1) if old else f"{topic} {earlier}"


def _counterpart(earlier: str, topic: str) -> str:
    """The words of the earlier question whose place `topic` takes; empty when none are alike."""
    # The same words with another number: 二标段 for 一标段, lot 2 for Lot 1.
    if _NUMERAL.search(topic):
        shape = _NUMERAL.sub("\x00", re.escape(topic)).replace("\x00", _NUMERAL.pattern)
        if match := re.search(shape, earlier, re.IGNORECASE):
            return match.group()
    # The same last word: 监理单位 for 施工单位.
    for length in range(min(4, len(topic)), 1, -1):
        if match := re.search(rf"[^，。？?的是由和与、\s]*{re.escape(topic[-length:])}", earlier):
            return match.group()
    # What is asked of the same thing: 合同价 for 工期, the supervisor for the contractor.
    if _ATTRIBUTE_ZH.search(topic) and (match := _ASKED_ZH.search(earlier)):
        return match.group("asked")
    if _LATIN.match(topic) and not any(term.weight >= 2 for term in content_terms(topic)):
        other = next((term.text for term in content_terms(earlier) if term.weight == 1), "")
        return _as_written(other, earlier) if other in earlier.casefold() else ""
    # Else another thing.
    return topic_of(earlier)


def _with_pronoun_replaced(question: str, topic: str, language: Language) -> str:
    def fill(match: re.Match[str]) -> str:
        return f"{topic}'s" if language == "en" and match.group().lower() in _POSSESSIVE else topic

    match = _pronoun(question, language)
    return question if match is None else question[: match.start()] + fill(match) + question[match.end() :]
