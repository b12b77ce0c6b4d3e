"""What a passage states: its sentences, and each lead-in with the items of its list, which say nothing apart."""

import functools
import re
from collections.abc import Sequence

from tools.text.language import detect_language
from tools.text.sentences import KEY, Sentence, join_lines
from tools.text.tables import placed_readable_sentences

_LONGEST_LIST = 800
"""In characters. The items of a longer list are read one by one."""
_FARTHEST = 2 * _LONGEST_LIST  # with its marks and white space
_OPENS = re.compile(r"[:：]$")
_ITEM = re.compile(
    r"[-*+•·]\s|\d{1,3}(?:[)、]|[.．](?!\d))|[(（](?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-z]|[ivx]{1,4})[)）]|[a-z][.)]\s"
    r"|[①-⑳]|[一二三四五六七八九十]{1,3}、"
)
# A bullet, or a number whose stop would end a sentence; （一） and (a) are what others refer to.
_MARK = re.compile(r"^(?:[•·]|\d{1,3}[.．])\s*")
_STOPPED = re.compile(r"[。！？.!?][”’\"'」』）)]*$")
_CLOSED = re.compile(r"(?:[。！？.!?；;：:，,、][”’\"'」』）)]*|\b(?:and|or)|[和或及])$")
_GOES_ON = (";", "；")


@functools.lru_cache(maxsize=512)
def placed_statements(text: str) -> tuple[Sentence, ...]:
    """The readable sentences of `text`, each with its place, and each list with what leads it in as one more.

    A list follows a sentence that ends with a colon; its items begin with a mark, or go on after a semicolon. Items
    that are no sentence of their own, nor a label with what it says, are in their list alone. An item without a stop is
    closed with a semicolon; all else is as it stands.
    """
    said = placed_readable_sentences(text)
    found = dict.fromkeys(said)
    for place, lead in enumerate(said):
        items = _items_after(place, said, text) if _OPENS.search(lead.text) else ()
        whole = _joined(lead, items)
        if items and len(whole) <= _LONGEST_LIST:
            found[Sentence(whole, lead.start, items[-1].end)] = None
            for item in _fragments(items):
                found.pop(item, None)
    return tuple(found)


def _items_after(place: int, said: Sequence[Sentence], text: str) -> Sequence[Sentence]:
    """The sentences after the lead-in at `place` that belong to its list; none of a list that is too long."""
    end = place + 1
    while end < len(said):
        before, sentence = said[end - 1], said[end]
        is_first = end == place + 1
        ends_its_item = "\n" in text[before.end : sentence.start]
        goes_on = before.text.endswith(_GOES_ON) or (is_first and sentence.text.endswith(_GOES_ON))
        is_item = _ITEM.match(text, sentence.start) is not None or goes_on or not (is_first or ends_its_item)
        if not is_item or text.startswith("|", sentence.start):
            break
        if sentence.end - said[place].start > _FARTHEST:
            return ()
        end += 1
    return said[place + 1 : end]


def _fragments(items: Sequence[Sentence]) -> list[Sentence]:
    """The items that say nothing without what leads them in."""
    if all(_STOPPED.search(item.text) for item in items):
        return []
    return [item for item in items if not KEY.match(_MARK.sub("", item.text))]


def _joined(lead: Sentence, items: Sequence[Sentence]) -> str:
    lines = [lead.text, *(_MARK.sub("", item.text) for item in items)]
    stop = "；" if detect_language(" ".join(lines)) == "zh" else ";"
    closed = [line if _CLOSED.search(line) else line + stop for line in lines[:-1]]
    return join_lines([*closed, lines[-1]])
