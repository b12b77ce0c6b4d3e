"""Which ways could answer one part of a question? The rules that need no model."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.evidence import STRONG_COVERAGE, WEAK_COVERAGE
from graph.state import RouteChoice
from tools.shapes import Language
from tools.sources.source import Source
from tools.text.coverage import Coverage

OUTSIDE_COVERAGE = 0.2
"""A question of whose terms the user's own documents hold less than this share is about the outside."""

GUARDED = ("maybe_fresh", "not_in_documents", "no_documents", "unknown_documents", "model_guess")
"""Reasons to search outside that are no more than a guess: the user is asked first."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What the stores hold on one part of a question.

    entities: known names that stand in it. has_documents: there is anything to search. failed: the stores could not
    be asked, so that nothing is known.
    """

    covered: Coverage
    entities: tuple[str, ...]
    has_documents: bool
    failed: bool = False

    @property
    def knows_it(self) -> bool:
        """Whether the documents say anything about what is asked."""
        return bool(self.entities) or self.covered.anywhere >= OUTSIDE_COVERAGE


def choose(part: str, sources: Mapping[str, Source], allowed: Sequence[str], probe: Probe) -> list[RouteChoice]:
    """The ways for one part of a question, the likeliest first.

    A source's own cues speak for it; a relation needs a known entity. What is recent is asked of the web at once only
    when the documents do not know of it, or when its words leave no doubt (news, weather). A question that the
    documents say nothing about may be about the outside, or use other words than they do: both ways are open, the
    outside only with permission. All else goes to vector search.
    """
    local = [name for name in allowed if not sources[name].leaves_machine]
    outside = [name for name in allowed if sources[name].leaves_machine]
    choices = [_documents(probe)] if "vector" in local else []
    for name in local:
        if speaks_for(part, sources[name].cues) and (name != "graph" or probe.entities):
            choices = [RouteChoice(route=name, confidence=0.8, why="relation" if name == "graph" else "cue")]
    for name in outside:
        if why := _reason_to_leave(part, sources[name], probe):
            if why in GUARDED:
                return [*choices, RouteChoice(route=name, confidence=0.5, why=why)]
            return [RouteChoice(route=name, confidence=0.8 if why == "fresh" else 0.5, why=why)]
    return choices or [RouteChoice(route=name, confidence=0.3, why="only_source") for name in local[:1]]


def _reason_to_leave(part: str, source: Source, probe: Probe) -> str:
    if probe.failed:
        return "unknown_documents"
    if speaks_for(part, source.cues) and probe.covered.score < STRONG_COVERAGE:
        return "fresh"
    if speaks_for(part, source.weak_cues):
        return "maybe_fresh" if probe.knows_it else "fresh"
    if not probe.has_documents:
        return "no_documents"
    return "" if probe.knows_it else "not_in_documents"


def speaks_for(part: str, cues: Mapping[Language, re.Pattern[str]]) -> bool:
    """Whether one of the cues, in any language, stands in the part."""
    return any(pattern.search(part) for pattern in cues.values())


def _documents(probe: Probe) -> RouteChoice:
    confidence = 0.9 if probe.covered.score >= STRONG_COVERAGE else 0.7
    if probe.covered.score < WEAK_COVERAGE:
        confidence = 0.4
    return RouteChoice(route="vector", confidence=confidence, why="documents")
