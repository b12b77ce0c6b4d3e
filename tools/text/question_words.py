"""The words that make a question one: they say what kind of answer is asked for, and no source has to contain them."""

import re

RESPONSIBLE = "负责"
"""What papers say of those who are responsible, whatever a question says."""
_ASKS_RESPONSIBLE = re.compile(
    r"(?:由|归|是)?(?:谁|哪位)(?:是|来|当)?(?:负责人?|分管|主管(?!部门)|管理(?!员|者)|管(?!理|家|道))"
)
# Words around these are cut wrongly otherwise: 哪天入职 is no 天入, 有多长 no 期有.
_ZH = re.compile(
    r"(?:是)?(?:什么时[候间]|何时|哪一?[年月日天]|几[月号点日])|有?(?:多[长久大高远深宽少重]|几(?=[\u4e00-\u9fff]))(?:时间|时候)?"
    r"|(?:是|由)?(?:谁|哪位|何人)"
)
_YEAR = re.compile(r"(\d{4}年(?:\d{1,2}月(?:\d{1,2}[日号])?)?)(?=[\u4e00-\u9fff])")


def asks_who_is_responsible(question: str) -> bool:
    """Whether a Chinese question asks who is in charge: 由谁负责, 归谁管."""
    return _ASKS_RESPONSIBLE.search(question) is not None


def without_question_words(question: str) -> str:
    """A Chinese question with blanks in place of what only asks; an English one as it is: its words stand apart."""
    said = _ASKS_RESPONSIBLE.sub(f" {RESPONSIBLE} ", question)
    return _YEAR.sub(r"\1 ", _ZH.sub(" ", said))
