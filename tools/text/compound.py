"""Compound questions cut into parts that can be searched one by one."""

import re
from collections.abc import Sequence

from tools.text.follow_up import standalone_question, topic_of
from tools.text.language import detect_language
from tools.text.question import content_terms

_ASKS = re.compile(
    r"谁|什么|多少|几|哪|怎么|怎样|如何|为什么|何时|何地|是否|吗|多久|多长|多大|\b(?:who|whom|whose|what|when|where|which|how|why)\b",
    re.IGNORECASE,
)
_BORDER = re.compile(
    r"[？?；;]\s*|[，,]\s*(?:以及|并且|同时|而且|另外|还有|and|as well as|also)?\s*|以及|\s+(?:and|as well as)\s+",
    re.IGNORECASE,
)
MAX_PARTS = 3


def split_question(question: str, names: Sequence[str] = ()) -> list[str]:
    """The parts of a compound question, at most three; a plain question is its only part.

    It is cut only where both sides ask something. A part that names nothing gets the topic of the part before it;
    `names` are known names, beside those that look like one.
    """
    parts: list[str] = []
    current = ""
    position = 0
    for border in [*_BORDER.finditer(question), None]:
        end = border.start() if border else len(question)
        current += question[position:end]
        rest = question[border.end() :] if border else ""
        if border is None or (_ASKS.search(current) and _ASKS.search(rest)):
            if current.strip():
                parts.append(current.strip())
            current = ""
        else:
            current += border.group()
        position = border.end() if border else end
    if len(parts) < 2 or len(parts) > MAX_PARTS:
        return [question.strip()]
    return _with_topics(parts, names)


def _with_topics(parts: list[str], known: Sequence[str]) -> list[str]:
    complete = [parts[0]]
    topic = topic_of(parts[0])
    for part in parts[1:]:
        part = standalone_question(part, complete[-1:], detect_language(part))
        names_something = any(term.weight >= 2 for term in content_terms(part, tuple(known)))
        complete.append(part if names_something or not topic or topic in part else f"{topic} {part}")
        topic = topic_of(part) if names_something else topic
    return complete
