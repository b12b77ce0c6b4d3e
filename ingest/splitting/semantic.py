"""Splits where the topic shifts between neighbouring sentences.

The likeness of the sentences before and behind a gap is read from their vectors, or else from their words, as in
TextTiling (Hearst 1997, "TextTiling: Segmenting Text into Multi-paragraph Subtopic Passages", Computational
Linguistics 23(1)). A gap's depth is how far the likeness falls there from the peaks to its sides; the deep ones, more
than the mean less half a standard deviation, are where topics part.
"""

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ingest.splitting.fitting import tokens_in
from ingest.splitting.outline import outline
from ingest.splitting.sizes import TARGET_TOKENS
from ingest.splitting.span import Block, Span, Unit
from tools.shapes import LoadedFile
from tools.text.sentences import placed_sentences
from tools.text.stop_words import STOP_WORDS
from tools.text.tokens import search_tokens

Likeness = Callable[[list[str]], Sequence[float]]
"""For each gap between two of the sentences, -1 to 1: how alike the sentences are on its two sides."""
Weights = Mapping[Any, float]
"""A vector without its zeros."""

WINDOW = 3
"""Sentences on either side of a gap."""
_LEAST_TOKENS = 60  # of what is kept together: a topic is not left in one short sentence


def likeness_by_words(said: list[str]) -> Sequence[float]:
    """By the words that the sentences have in common."""
    return _likeness([Counter(token for token in search_tokens(text) if token not in STOP_WORDS) for text in said])


def likeness_by_vectors(vectors: Sequence[Sequence[float]]) -> Sequence[float]:
    """By the vectors of the sentences, as an embedder gives them."""
    return _likeness([dict(enumerate(vector)) for vector in vectors])


def by_topic(loaded: LoadedFile, likeness: Likeness = likeness_by_words) -> Iterator[Unit]:
    """A unit for each topic of a section, each table and each code."""
    for unit in outline(loaded):
        text = loaded.pages[unit.page].text
        part = replace(unit, blocks=[])
        for run in _runs(unit.blocks):
            for span in _topics(text, run, likeness):
                if part.blocks:
                    yield part
                    part = replace(unit, headings=None, blocks=[])
                part.blocks.extend(_within(run, span))
        if not part.is_empty:
            yield part


def depths(likeness: Sequence[float]) -> list[float]:
    """How far each value lies below the nearest peaks to its left and right, together."""

    left = _peaks(likeness)
    right = _peaks(likeness[::-1])[::-1]
    return [left[at] + right[at] - 2 * value for at, value in enumerate(likeness)]


def _peaks(values: Sequence[float]) -> list[float]:
    """For each value the peak that is reached from it by going back for as long as that leads up."""
    peaks: list[float] = []
    for at, value in enumerate(values):
        peaks.append(peaks[-1] if at and values[at - 1] >= value else value)
    return peaks


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Neighbouring paragraphs together; each table and each piece of code alone."""
    run: list[Block] = []
    for block in blocks:
        if block.header or block.is_code:
            if run:
                yield run
            yield [block]
            run = []
        else:
            run.append(block)
    if run:
        yield run


def _topics(text: str, run: Sequence[Block], likeness: Likeness) -> Iterator[Span]:
    """The ranges of a run that are about one thing each."""
    whole = Span(run[0].start, run[-1].end)
    found = placed_sentences(text[slice(*whole)])
    if run[0].header or run[0].is_code or len(found) < 3 or tokens_in(text, whole) <= _LEAST_TOKENS * 2:
        yield whole
        return
    deep = depths(likeness([sentence.text for sentence in found]))
    least = statistics.fmean(deep) - statistics.pstdev(deep) / 2
    begin = whole.start
    for at, depth in enumerate(deep, start=1):
        end = whole.start + found[at - 1].end
        size = tokens_in(text, Span(begin, end))
        following = Span(whole.start + found[at].start, whole.start + found[at].end)
        is_deepest = depth == max(deep[max(0, at - 2) : at + 1])  # of its neighbours
        is_shift = is_deepest and depth > max(least, 0.0) and size >= _LEAST_TOKENS
        is_full = size + tokens_in(text, following) > TARGET_TOKENS
        rest = tokens_in(text, Span(following.start, min(whole.end, following.start + _LEAST_TOKENS * 4)))
        if is_full or (is_shift and rest >= _LEAST_TOKENS):
            yield Span(begin, end)
            begin = following.start
    yield Span(begin, whole.end)


def _within(run: Sequence[Block], span: Span) -> Iterator[Block]:
    """The table or code itself, or the range of the paragraphs."""
    if run[0].header or run[0].is_code:
        yield from run
    else:
        yield Block(*span)


def _likeness(placed: Sequence[Weights]) -> list[float]:
    """As in `Likeness`, of sentences by their vectors."""
    gaps = range(1, len(placed))
    return [_cosine(_sum(placed[max(0, gap - WINDOW) : gap]), _sum(placed[gap : gap + WINDOW])) for gap in gaps]


def _sum(weights: Sequence[Weights]) -> Weights:
    total: dict[Any, float] = {}
    for each in weights:
        for key, weight in each.items():
            total[key] = total.get(key, 0.0) + weight
    return total


def _cosine(one: Weights, other: Weights) -> float:
    shared = sum(weight * other[key] for key, weight in one.items() if key in other)
    length = math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return shared / length if length else 0.0
