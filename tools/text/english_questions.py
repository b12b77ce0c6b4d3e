"""Questions that English sentences answer, made by rules."""

import re

from tools.text.definition_questions import definition
from tools.text.question_subject import Asked, Kind, about, can_stand_alone

_MEANS = re.compile(
    r"(?:(?:The|An?) )?(?:term )?[“\"]?(?P<term>[A-Za-z][\w'’/-]*(?: [\w'’/-]+){0,4})[”\"]? "
    r"(?:means|refers to|is defined as|stands for|denotes) (?P<said>.{12,})"
)
_NAMED = r"(?P<name>(?:The )?[A-Z][\w'’-]*(?: (?:of|and|for|the|[A-Z][\w'’.-]*)){1,6})"
_IS_A = re.compile(rf"{_NAMED} (?P<be>is|was) (?P<said>an? [^;:]{{20,220}})$")
_ROLES = (
    r"director|manager|engineer|supervisor|chair|chairman|president|head|secretary|officer|owner|leader|architect"
    r"|designer|editor|author|founder|mayor|minister|principal|coach|captain|contractor"
)
_ROLE = re.compile(
    r"(?P<who>[A-Z][a-z'’-]+(?: [A-Z][a-z'’.-]+){1,3}) (?P<be>is|was) "
    rf"the (?P<role>(?:[a-z][a-z-]+ ){{0,4}}(?:{_ROLES}))"
    r" (?P<of>of|for|at) (?P<where>[A-Z][^,.;:]{2,60}?)(?= and |[,.;]|$)"
)
_NUMBER = r"(?:(?:about |approximately |around |at most |at least |up to )?(?:[A-Z]{3} |[$€£¥])?\d(?:[\d,.]*\d)?)"
_UNIT = r"(?!(?:in|at|on|by|of|for|and|to|from|when|after|before|as|with) )[a-z][a-z()-]*(?: (?:per )?[a-z()-]+){0,2}"
_END = r"(?=[,.;](?:\s|$)|$)"
_SUBJECT = r"[Tt]he (?P<subject>[A-Za-z][^,;:.()\d]{3,60}?)"
_QUANTITY = re.compile(rf"{_SUBJECT} (?P<be>is|was) (?P<amount>{_NUMBER}(?:%| ?{_UNIT})?){_END}")
_HAS = re.compile(
    rf"{_SUBJECT} (?P<have>has|had|contains|holds) (?P<number>{_NUMBER}) "
    rf"(?P<unit>{_UNIT}){_END}"
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = rf"(?:\d{{1,2}} {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}}|{_MONTH} \d{{4}}|\d{{4}})"
_DATE = re.compile(
    r"(?P<subject>[A-Z][^,;:.()\d]{3,60}?) (?P<be>is|are|was|were|will be) (?P<rest>[a-z][^,;:.()]{3,50}?) "
    rf"(?:on|in|by) (?P<date>{_DAY})(?=[.;]|$)"
)
_OPENED = re.compile(
    r"(?P<subject>(?:The [A-Za-z]|[A-Z][\w'’-]+ [A-Z])[^,;:.()\d]{3,60}?) "
    rf"(?P<verb>opened|started|began|closed|ended) (?:on|in) (?P<date>{_DAY})\b"
)
_NO_REST = re.compile(r"\d|\band\b|\b(?:it|that|this|which|what|still)\b")
_NAMED_OR_ARTICLE = re.compile(r"The [^A-Z].*|(?:The )?(?:[A-Z][\w'’-]*|of|and|the)(?: (?:[A-Z][\w'’-]*|of|and|the))*")
# What ends the noun that a definition begins with: an album by a singer is an album.
_NOUN_ENDS = re.compile(r" (?:by|that|which|of|in|from|with|for|at|on|who|and)\b|,")
_HUMAN = re.compile(
    rf"(?:{_ROLES}|politician|scholar|writer|poet|actor|actress|singer|musician|player|philosopher|scientist|character"
    r"|physicist|mathematician|chemist|historian|painter|king|queen|emperor|general|lawyer|priest|executive|consultant"
    r"|columnist|journalist|professor|economist|composer|songwriter|comedian|footballer|cricketer|driver|artist|producer"
    r"|dancer|businessman|businesswoman|athlete)$"
)
_PLAIN = {"opened": "open", "started": "start", "began": "begin", "closed": "close", "ended": "end"}


def _definition(said: str, title: str) -> Asked | None:
    if match := _MEANS.match(said):
        return definition(match["term"], match["said"])
    match = _IS_A.match(said)
    if not match or not can_stand_alone(match["name"]):
        return None
    is_thing = match["name"].startswith("The ") or not _HUMAN.search(_NOUN_ENDS.split(match["said"])[0])
    name = re.sub("^The ", "the ", match["name"])
    return "definition", f"{'What' if is_thing else 'Who'} {match['be']} {name}?", match["said"].rstrip(". ")


def _person(said: str, title: str) -> Asked | None:
    match = _ROLE.match(said)
    if not match or not can_stand_alone(match["where"]):
        return None
    return "person", f"Who {match['be']} the {match['role']} {match['of']} {match['where']}?", match["who"]


def _quantity(said: str, title: str) -> Asked | None:
    if match := _HAS.match(said):
        have = "hold" if match["have"] == "holds" else "contain" if match["have"] == "contains" else "have"
        does = "did" if match["have"] == "had" else "does"
        asks = f"how many {match['unit']} {does} the {match['subject']} {have}?"
        return _made("quantity", match["subject"], asks, f"{match['number']} {match['unit']}", title)
    match = _QUANTITY.match(said)
    if not match:
        return None
    return _made("quantity", match["subject"], f"what {match['be']} the {match['subject']}?", match["amount"], title)


def _date(said: str, title: str) -> Asked | None:
    if match := _OPENED.match(said):
        asks = f"when did {_article_lowered(match['subject'])} {_PLAIN[match['verb']]}?"
        return _made("date", match["subject"], asks, match["date"], title)
    match = _DATE.match(said)
    if not match or _NO_REST.search(match["rest"]) or not _NAMED_OR_ARTICLE.fullmatch(match["subject"]):
        return None
    subject, be = _article_lowered(match["subject"]), match["be"]
    asks = f"when will {subject} be {match['rest']}?" if be == "will be" else f"when {be} {subject} {match['rest']}?"
    return _made("date", match["subject"], asks, match["date"], title)


def _article_lowered(subject: str) -> str:
    return re.sub(r"^(The|An?|All|Every|Each) ", lambda article: article.group().lower(), subject)


def _made(kind: Kind, subject: str, asks: str, answer: str, title: str) -> Asked | None:
    if not can_stand_alone(subject):
        return None
    question = about(subject, asks, title, "en")
    return (kind, question, answer.rstrip()) if question else None


ENGLISH = (_definition, _person, _quantity, _date)
"""Each makes a question of a sentence, or None. Given the sentence and the title of its document, perhaps empty."""
