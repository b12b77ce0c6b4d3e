"""What is known of a document itself, who wrote it and when, as a line that answers questions on just that."""

import re
from collections.abc import Mapping
from typing import Any

from tools.shapes import Language, Passage
from tools.text.clean import one_line
from tools.text.coverage import covered_share
from tools.text.language import detect_language
from tools.text.question import content_terms
from tools.text.question_words import without_question_words
from tools.text.tokens import token_set

_WRITES = r"(?:编?写|撰写|起草|编制|创建|发布|发[出送]?|寄|修改|更新)"
_ASKS = re.compile(
    rf"(?:谁|哪位|何人)(?:是)?{_WRITES}|作者|发件人|收件人|(?:什么时候|何时|哪一?[年月日天])(?:被)?{_WRITES}|{_WRITES}(?:的?日期|的?时间)"
    r"|\bwho(?:m)? (?:has |had )?(?:wrote|written|sent|drafted|prepared|created)\b|\b(?:author|sender|recipient)s?\b"
    r"|\bwhen (?:was|were)\b.{1,80}\b(?:written|sent|drafted|prepared|created|dated|modified|updated|published)\b",
    re.IGNORECASE,
)
_ASKING = frozenset(
    "写 编写 撰写 起草 编制 创建 发布 发 发出 发送 寄 修改 更新 作者 日期 发件人 收件人 文档 文件 邮件 "
    "wrote written write sent send drafted prepared created dated modified updated published author authors sender "
    "recipient document file paper email e-mail mail date last".split()
)
_A_DOCUMENT = re.compile(
    r"文档|文件|邮件|来信|报告|手册|合同|协议|通知|公告|办法|制度|规范|规程|指南|纪要|方案|计划|说明"
    r"|备忘录|总结|清单|报价|论文|文章|演示|幻灯片|表格"
    r"|\b(?:documents?|files?|papers?|reports?|runbooks?|manuals?|guides?|handbooks?|memos?|minutes"
    r"|polic(?:y|ies)|e-?mails?|mails?|messages?|contracts?|agreements?|notes?|notices?|specifications?|specs?"
    r"|proposals?|plans?|letters?|presentations?|slides?|decks?|spreadsheets?|articles?|checklists?|procedures?"
    r"|instructions|leaflets?|faqs?|readme)\b",
    re.IGNORECASE,
)
"""Of "who wrote The Silent River" nobody knows whether the file is meant or what it is about."""
_MAIL = re.compile(r"邮件|来信|\be-?mails?\b|\bmails?\b|\bmessages?\b", re.IGNORECASE)
# A library's or a computer's name says nothing of who wrote a document, nor does its template's date.
_NO_AUTHOR = re.compile(
    r"python-(?:docx|pptx)|openpyxl|xlsxwriter|reportlab|pandoc|latex.*|libreoffice.*|apache poi|wps(?: office)?"
    r"|(?:microsoft |windows |ms )?(?:office )?(?:user|用户)"
    r"|(?:微软|微软中国|lenovo|hp|dell|asus|acer|thinkpad)(?:用户|user)?"
    r"|admin(?:istrator)?|root|guest|test|default|owner|unknown|\(?anonymous\)?|\(?unspecified\)?|author|none|null"
    r"|作者|管理员|匿名|佚名|未知",
    re.IGNORECASE,
)
_KEPT = ("author", "to", "sent", "created", "modified")
_LABELS: Mapping[str, Mapping[Language, str]] = {
    "title": {"zh": "标题", "en": "Title"},
    "mail": {"zh": "邮件", "en": "Email"},
    "author": {"zh": "作者", "en": "Author"},
    "to": {"zh": "收件人", "en": "To"},
    "sent": {"zh": "发送时间", "en": "Sent"},
    "created": {"zh": "创建日期", "en": "Created"},
    "modified": {"zh": "修改日期", "en": "Modified"},
}
_LEAST_SHARE = 0.6
_ZONE = re.compile(r"(?<=\d)(?:[+-]\d\d:?\d\d|Z)$")
_DAY = len("2025-02-03")
_MINUTE = len("2025-02-03T09:12")


def document_details(metadata: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Of a document's metadata its author, and when it was written, sent and modified: each with its key.

    Empty where a program's name stands for the author's: its dates are those of a template.
    """
    values = {key: one_line(value) for key in _KEPT if isinstance(value := metadata.get(key), str) and value.strip()}
    if _NO_AUTHOR.fullmatch(values.get("author", "")):
        return ()
    if "sent" in values:
        values.pop("created", None)
    return tuple(values.items())


def asks_of_document(question: str, passage: Passage) -> bool:
    """Whether the question asks who wrote the passage's document, or when.

    It must say that it means a document and name it; of a mail its subject or its people in part.
    """
    if not passage.details or not _ASKS.search(question) or not _A_DOCUMENT.search(question):
        return False
    asked = [term for term in content_terms(without_question_words(question)) if term.text not in _ASKING]
    title = token_set(passage.title)
    if _MAIL.search(question) and _is_mail(passage):
        people = (token_set(value) for key, value in passage.details if key in ("author", "to"))
        return covered_share(asked, title.union(*people)) >= _LEAST_SHARE
    in_title = covered_share(asked, title)
    in_question = covered_share(content_terms(passage.title), token_set(question))
    return in_title >= _LEAST_SHARE and in_question >= _LEAST_SHARE


def _is_mail(passage: Passage) -> bool:
    """Whether the passage's document was sent."""
    return any(key == "sent" for key, _ in passage.details)


def details_line(passage: Passage) -> str:
    """The details as a row of a table is said: "Title: Database runbook; Author: Mei Tan; Created: 2025-02-03"."""
    language = detect_language(passage.title)
    colon, separator = ("：", "；") if language == "zh" else (": ", "; ")
    what = "mail" if _is_mail(passage) else "title"
    said = [(what, passage.title), *((key, _shown(key, value)) for key, value in passage.details)]
    return separator.join(f"{_LABELS[key][language]}{colon}{value}" for key, value in said)


def _shown(key: str, value: str) -> str:
    if key == "sent":  # its hour is that of the sender's clock
        zone = _ZONE.search(value)
        return " ".join([value[:_MINUTE].replace("T", " "), *([zone[0].replace("Z", "UTC")] if zone else [])])
    return value[:_DAY] if key in ("created", "modified") else value
