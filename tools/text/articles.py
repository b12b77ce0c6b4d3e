"""Articles of laws and contracts: 第九条, Article 9, § 12, as lines begin with them and as questions ask for them."""

import re

from tools.text.quantities import han_number
from tools.text.tokens import fold

NUMERAL = "[一二三四五六七八九十百千零〇\\d]{1,8}"
"""A number as Chinese articles and chapters have it."""
_LATIN = r"\s+(?:\d+[A-Za-z]?(?:\.\d+)*|[IVXLC]+)\b|§+\s*\d+[a-z]?(?:[.-]\d+)*"
_LABEL = re.compile(
    rf"(?:#{{1,6}}\s+)?(?:\*\*|__)?(?P<number>第{NUMERAL}条(?:之{NUMERAL})?(?![款项例件约的规])"
    rf"|(?:Article|ARTICLE|Art\.|Section|SECTION|Sec\.|Clause|CLAUSE){_LATIN})(?=[\s.:：、，*_)（(—-]|$)"
)
# What is said of those who break an article stands in another one.
_ASKED = re.compile(
    rf"(?P<broken>(?:违反|不符合|未遵守|不遵守)[^，,。]{{0,12}}|\b(?:violat|breach|infring)\w*[^,.]{{0,20}})?"
    rf"(?P<number>第{NUMERAL}条(?:之{NUMERAL})?(?![款例件约])|\b(?:article|art\.|section|sec\.|clause){_LATIN})",
    re.IGNORECASE,
)
_LONGEST_HEADING = 6
_SAYS_SOMETHING = re.compile(
    r"[。；;，,：:\d]|\b(?:is|are|was|were|be|been|shall|must|may|can|will|has|have|had|not|no)\b", re.IGNORECASE
)
_HAN_DIGITS = re.compile("[零〇一二三四五六七八九十百千]+")


def article_number(line: str) -> str:
    """第九条, Article 9 or § 12 where a line begins with it, marks of Markdown before it or not; else empty."""
    found = _LABEL.match(line)
    if found is None or (line.startswith("#") and found.group("number")[0] in "SC"):
        return ""  # a heading "Section 2" is one of a report as well, and says what its text is about
    return " ".join(found.group("number").split())


def asked_article(question: str) -> str:
    """The key of the article whose text is asked for, empty where none is, or only what follows from breaking it."""
    found = _ASKED.search(question)
    return article_key(found["number"]) if found and not found["broken"] else ""


def is_article_heading(sentence: str) -> bool:
    """Whether a sentence is an article's number with its heading alone: "Article 3 Remedies.", "第三条 定义"."""
    number = article_number(sentence)
    rest = sentence[len(number) :].strip(" .:：")
    return bool(number) and not _SAYS_SOMETHING.search(rest) and len(rest.split()) <= _LONGEST_HEADING


def is_in_article(key: str, text: str, place: int, first: str = "") -> bool:
    """Whether the character at `place` of `text` belongs to the article of this key.

    first: the number of the article that `text` begins in, where it does not say so itself.
    """
    lines = text[: place + 1].split("\n")
    lines[-1] += text[place + 1 :].partition("\n")[0]
    numbers = (article_number(line.strip()) for line in reversed(lines))
    return article_key(next(filter(None, numbers), first)) == key


def article_key(number: str) -> str:
    """An article's number in one spelling: 第四条 and 第4条 have one key, Article 2 and ARTICLE 2 as well."""
    folded = " ".join(fold(number).split())
    return _HAN_DIGITS.sub(lambda digits: han_number(digits.group()), folded)
