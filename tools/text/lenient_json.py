"""Reads what a model meant as JSON: after its thoughts, in fences, with small mistakes, or cut short."""

import json
import re
from typing import Any

_THOUGHTS = re.compile(r"<(think|thinking|thought|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_THOUGHTS_END = re.compile(r"\A.*</(?:think|thinking|thought|reasoning)>", re.DOTALL | re.IGNORECASE)
_YES = re.compile(r"^\W*(?:(?:yes|true)\b|是(?!否)|对(?!于)|能|可以|足够|相关)", re.IGNORECASE)
_NO = re.compile(r"^\W*(?:(?:no|not|false)\b|否|不|没有|无)", re.IGNORECASE)
_OBJECT_START = re.compile(r"\{\s*[\"'}]")
_MOST_CHARACTERS = 40_000
"""No decision is longer; what is gets cut before it is read."""


def without_thoughts(text: str) -> str:
    """`text` without <think>…</think>, also where only the end of the thoughts is marked."""
    return _THOUGHTS_END.sub("", _THOUGHTS.sub("", text))


def read_object(text: str) -> dict[str, Any] | None:
    """The first JSON object in `text`, mended where that is possible; None when there is none."""
    spoken = without_thoughts(text)[:_MOST_CHARACTERS]
    found = _OBJECT_START.search(spoken) or re.search(r"\{", spoken)
    if found is None:
        return None
    start = found.start()
    try:
        value, _ = json.JSONDecoder().raw_decode(spoken[start:])
    except (ValueError, RecursionError):
        value = _mended(spoken[start:])
    return value if isinstance(value, dict) and value else None


def _mended(text: str) -> Any:
    import json_repair

    try:
        value = json_repair.loads(text)
    except (ValueError, RecursionError):
        return None
    # Several objects: the first is the answer.
    return value[0] if isinstance(value, list) and value else value


def read_yes_no(text: str) -> bool | None:
    """A plain yes or no, 是 or 否, at the beginning of `text`; None when it is neither."""
    spoken = without_thoughts(text).strip()
    if _NO.match(spoken):
        return False
    return True if _YES.match(spoken) else None
