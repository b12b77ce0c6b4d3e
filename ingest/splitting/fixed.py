"""Splits after a fixed number of tokens, whatever stands there: for text whose structure says nothing."""

import bisect
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from ingest.splitting.fitting import cut
from ingest.splitting.outline import outline
from ingest.splitting.sizes import TARGET_TOKENS
from ingest.splitting.span import Block, Span, Unit
from tools.shapes import LoadedFile


def by_tokens(loaded: LoadedFile) -> Iterator[Unit]:
    """Units of `TARGET_TOKENS`, cut at a space or comma where one is near. Each has the section that it begins in."""
    sections: dict[int, list[Unit]] = defaultdict(list)
    for unit in outline(loaded):
        sections[unit.page].append(unit)
    for number, page in enumerate(loaded.pages):
        for span in cut(page.text, Span(0, len(page.text)), TARGET_TOKENS):
            section = sections[number][bisect.bisect_right(sections[number], span.start, key=_start) - 1]
            yield replace(section, headings=None, blocks=[Block(*span)])


def _start(unit: Unit) -> int:
    return unit.headings.start if unit.headings else unit.blocks[0].start
