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
_PAPER_ZH = (
    "合同|协议书?|条例|办法|规定|法典?|章程|制度|手册|规程|细则|规则|准则|规范|标准|守则|须知|公约|条约|决定|决议|意见|通知"
    "|方案|报告|纪要"
)
_PAPER_EN = (
    r"(?:act|agreement|contract|lease|treaty|convention|charter|constitution|regulations?|law|code|statute|bylaws"
    r"|ordinance|directive|policy|rules)\b"
)
_NUMBERED_EN = rf"\b(?:article|art\.|section|sec\.|clause)(?:{_LATIN})"
_WORDS_OF_NAME = r"(?P<name>(?!(?:the|our|this|that|your|an?) )(?:[\w&'’-]+ ){1,7}?"
_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"《(?P<name>[^》]{2,60})》",
        rf"(?:^|[，,。；;：:\s]|根据|按照?|依照?|依据|请问|在)(?P<name>(?!根据|[按照依据])[^，,。；;：:？?\s]{{1,40}}?(?:{_PAPER_ZH}))"
        rf"(?:的|中的?|里的?|之)?第{NUMERAL}条",
        rf"{_NUMBERED_EN} (?:of|in|under|from) (?:(?:the|our|this|your) )?{_WORDS_OF_NAME}{_PAPER_EN})",
        rf"\b(?:the|our|this|your) {_WORDS_OF_NAME}{_PAPER_EN})(?=.{{0,40}}{_NUMBERED_EN})",
    )
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


def document_of_article(question: str) -> str:
    """The document that a question names beside the article it asks for: 仓库租赁合同第九条; empty where it names none.

    "The agreement" alone is no name.
    """
    found = next(filter(None, (pattern.search(question) for pattern in _NAMED)), None)
    return found["name"] if found and asked_article(question) else ""


def is_article_heading(sentence: str) -> bool:
    """Whether a sentence is an article's number with its heading alone: "Article 3 Remedies.", "第三条 定义"."""
    number = article_number(sentence)
    return bool(number) and is_heading(sentence[len(number) :])


def is_heading(sentence: str) -> bool:
    """Whether what follows an article's number is its heading alone: "Officers." of "Section 5. Officers."."""
    words = sentence.strip(" .:：")
    return not _SAYS_SOMETHING.search(words) and len(words.split()) <= _LONGEST_HEADING


def is_in_article(key: str, text: str, place: int, first: str = "") -> bool:
    """Whether the character at `place` of `text` belongs to the article of this key.

    first: the number of the article that `text` begins in, where it does not say so itself.
    """
    lines = text[: place + 1].split("\n")
    lines[-1] += text[place + 1 :].partition("\n")[0]
    numbers = (article_number(line.strip()) for line in reversed(lines))
    return article_key(next(filter(None, numbers), first)) == key


def has_bare_number(key: str, text: str) -> bool:
    """Whether a line of `text` begins with the number of an English article alone: "7.2 Insurance" for clause 7.2."""
    number = key.rpartition(" ")[2]
    pattern = rf"^[#*\s]*{re.escape(number)}(?:[.)]\s|\s)"
    return key != number and re.search(pattern, text, re.MULTILINE | re.IGNORECASE) is not None


def article_key(number: str) -> str:
    """An article's number in one spelling: 第四条 and 第4条 have one key, Article 2 and ARTICLE 2 as well."""
    folded = " ".join(fold(number).split())
    return _HAN_DIGITS.sub(lambda digits: han_number(digits.group()), folded)
