"""Questions that headings and labels hold: a heading that is a question, a section by its name, a labelled line."""

import re
from collections.abc import Iterator

from tools.shapes import Language
from tools.text.language import detect_language
from tools.text.question_subject import Asked, about, can_stand_alone, points_elsewhere, quoted
from tools.text.sentences import join_lines, sentences
from tools.text.tables import readable_sentences

_HEADING = re.compile(r"^#{1,6}\s+(?P<heading>.+?)\s*$", re.M)
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节条部分篇]+|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+[、.．]"
    r"|\d+(?:[.．]\d+)*[、.．]?(?=\s)|\d+[、.．]|(?:chapter|section|part|article) [\dIVX]+[.:]?(?=\s))\s*",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    r"(?:总则|附则|概述|概况|总述|其他|其它|前言|引言|简介|背景|目的|说明|结论|小结|总结|目录|附录|附件|参考文献|正文|介绍|适用范围|名称|基本信息"
    r"|introduction|overview|summary|conclusions?|background|general|contents|appendix|references|about|purpose|scope|notes?|abstract"
    r"|details|other|misc(?:ellaneous)?|faq|key figures|index|home).{0,4}",
    re.IGNORECASE,
)
_ZH_QUESTION = re.compile(
    r"^(?:Q|问)\d{0,3}\s*[：:.、]\s*(?P<q>[^\n]{4,80}[?？])\s*\n+\s*(?:A|答)\d{0,3}\s*[：:.、]\s*(?P<a>\S[^\n]{4,600})",
    re.M,
)
_LABEL = re.compile(
    r"^(?P<label>[\u4e00-\u9fff]{2,8}|[A-Z][a-z]+(?: [A-Za-z]+){0,3})(?:：|: ?)(?P<value>[^。；;|\n]{1,50}?)\s*$", re.M
)
_NO_LABEL = re.compile(
    r"注|备注|说明|提示|附件.*|附件清单|如下|结论|建议|原因|示例|例如|主要.*|其中|要求|依据|各.{1,4}|抄送|主送|来源|关键词|摘要|note|example|warning|tip"
    r"|remark|see also|subject|abstract|keywords|from|to|cc|.*\b(?:by|of|from|to|in|on|at|for|with)",
    re.IGNORECASE,
)
_ZH_PERSON = re.compile(r"(?:人|者|经理|主任|总监|工程师)$")
_ZH_BODY = re.compile(r"(?:单位|公司|机构|部门|厂家|承包商|供应商|银行|法院)$")
_ZH_TIME = re.compile(r"(?:日期|时间|期限|有效期)$")
_ZH_PLACE = re.compile(r"(?:地点|地址|位置|场所)$")
_FEWEST_LABELS = 2
_FEWEST_SAID = 30
_MOST_SAID = 300
_MOST_SENTENCES = 3


def heading_questions(text: str, title: str, section: str) -> Iterator[tuple[Language, Asked]]:
    """Questions of the headings and labelled lines of a passage. title: as `usable_title` gives it, or empty."""
    for match in _ZH_QUESTION.finditer(text):
        yield from _of_question(match["q"], match["a"], title)
    last = next(reversed([*_HEADING.finditer(text)]), None)
    heading = last["heading"] if last else ""
    body = text[last.end() :] if last else text.removeprefix(section).lstrip()
    if heading.endswith(("?", "？")):
        yield from _of_question(heading, body, title)
    elif title:
        yield from _of_section(heading or section.rpartition(" > ")[2], body, title)
    labels = list(_LABEL.finditer(text))
    if title and len(labels) >= _FEWEST_LABELS:
        for label in labels:
            yield from _of_label(label["label"], label["value"].strip(), title)


def _of_question(question: str, body: str, title: str) -> Iterator[tuple[Language, Asked]]:
    """A question that the document asks itself, with what it says on it."""
    answer = join_lines(sentences(body)[:_MOST_SENTENCES])[:_MOST_SAID].strip()
    language = detect_language(question)
    asked = about(question, question[:1].lower() + question[1:], title, language)
    if asked and len(answer) >= _FEWEST_SAID // 2 and "|" not in answer and not points_elsewhere(question):
        yield language, ("heading", asked, answer)


def _of_section(heading: str, body: str, title: str) -> Iterator[tuple[Language, Asked]]:
    """What the document says under a heading that names something."""
    name = _NUMBERED.sub("", heading).strip(" ：:")
    language = detect_language(body)
    said = [sentence for sentence in readable_sentences(body) if not sentence.endswith((":", "："))]
    answer = (" " if language == "en" else "").join(said[:_MOST_SENTENCES])
    fits = _FEWEST_SAID <= len(answer) <= _MOST_SAID and "|" not in body and detect_language(heading) == language
    if (
        not fits
        or not 3 <= len(name) <= 40
        or _SAYS_NOTHING.fullmatch(name)
        or not can_stand_alone(name)
        or name in title
    ):
        return
    if language == "zh":
        yield "zh", ("section", f"{quoted(title, 'zh')}中关于{name}是怎么写的？", answer)
    else:
        yield "en", ("section", f"What does {quoted(title, 'en')} say about {_lowered(name)}?", answer)


def _of_label(label: str, value: str, title: str) -> Iterator[tuple[Language, Asked]]:
    """`label: value` of a document's head, asked of the document."""
    language = detect_language(f"{label}{value}") if not value.isascii() else detect_language(label)
    if _NO_LABEL.fullmatch(label) or not can_stand_alone(label) or detect_language(title) != language or not value:
        return
    if language == "zh":
        yield "zh", ("label", f"{quoted(title, 'zh')}的{label}{_zh_asks(label, value)}？", value)
    else:
        yield "en", ("label", f"What is the {_lowered(label)} of {quoted(title, 'en')}?", value)


def _zh_asks(label: str, value: str) -> str:
    if _ZH_PERSON.search(label):
        return "是谁"
    if _ZH_BODY.search(label):
        return "是哪家" if not re.search(r"[、，,]", value) else "有哪些"
    if _ZH_TIME.search(label):
        return "是什么时候"
    return "是哪里" if _ZH_PLACE.search(label) else "是什么"


def _lowered(name: str) -> str:
    first, _, rest = name.partition(" ")
    return f"{first.lower() if first[1:].islower() else first} {rest}".strip()
