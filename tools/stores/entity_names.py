"""Names of entities: how they are compared, looked up and found in a text.

A folded name is cut into units: a Chinese, Japanese or Korean character, a whole word or number of any other script,
or a sign. Matching whole units keeps English names on word borders and lets white space differ.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tools.text.tokens import fold

_UNIT = re.compile(r"(?:(?![\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff])[^\W_])+|\S")
_LOOKUP_UNITS = 3
_KEPT_FOLDED = 4096


@functools.lru_cache(maxsize=_KEPT_FOLDED)  # a document says its names again and again
def fold_name(name: str) -> str:
    """What makes two spellings one entity: folded units with one space between. Empty for white space."""
    return " ".join(_UNIT.findall(fold(name)))


def lookup_key(folded_name: str) -> str:
    """The beginning of a folded name, by which names that could stand in a text are looked up."""
    return " ".join(folded_name.split(" ")[:_LOOKUP_UNITS])


def lookup_keys(folded_text: str) -> set[str]:
    """The lookup keys of all names that could stand in a text folded by `fold_name`."""
    units = folded_text.split(" ")
    return {
        " ".join(units[start : start + length]) for start in range(len(units)) for length in range(1, _LOOKUP_UNITS + 1)
    }


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """A folded name that stands in a text, from unit `start` up to unit `end`."""

    name: str
    start: int
    end: int


def spans_in(folded_text: str, folded_names: Iterable[str]) -> list[NamedSpan]:
    """Every place where one of the names stands in the text."""
    units = folded_text.split(" ")
    by_key: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for name in folded_names:
        by_key[lookup_key(name)].append((name, name.split(" ")))
    spans = []
    for start in range(len(units)):
        for length in range(1, _LOOKUP_UNITS + 1):
            for name, name_units in by_key.get(" ".join(units[start : start + length]), ()):
                end = start + len(name_units)
                if units[start:end] == name_units:
                    spans.append(NamedSpan(name, start, end))
    return list(dict.fromkeys(spans))


def outermost_names(spans: Iterable[NamedSpan]) -> list[str]:
    """Names that stand somewhere outside of a longer one; longest first, then in their order in the text."""
    kept: list[NamedSpan] = []
    reach = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.end > reach:  # not inside of one that began earlier
            kept.append(span)
            reach = span.end
    kept.sort(key=lambda span: (-len(span.name), span.start))
    return list(dict.fromkeys(span.name for span in kept))
