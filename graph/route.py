"""route: which ways could answer this question? Rules and a look at what the stores hold; no model."""

import asyncio
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from graph.context import MAX_QUESTION_CHARACTERS, MAX_WORKERS
from graph.evidence import STRONG_COVERAGE, WEAK_COVERAGE
from graph.run import Run
from graph.state import Degraded, RouteChoice, SearchTask, State, Waiting
from tools.shapes import SearchResult
from tools.stores.protocols import EntityMatch
from tools.text.compound import split_question
from tools.text.coverage import NOTHING_COVERED, Coverage, coverage
from tools.text.follow_up import refers_back
from tools.text.prompts import prompt_text
from tools.text.question import content_terms
from tools.text.small_talk import direct_kind
from tools.text.tokens import fold

_PROBE_LIMIT = 5
_ENTITY_LIMIT = 8
# A question with a pronoun and more content words than these can be looked up by them.
_LITTLE = 2
_PROBE_SECONDS = 5.0
OUTSIDE_COVERAGE = 0.2
"""A question of whose terms the user's own documents hold less than this share is about the outside."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What the stores hold on one part of a question. `has_documents`: there is anything to search at all."""

    covered: Coverage
    entities: tuple[str, ...]
    has_documents: bool


async def route(state: State, run: Run) -> dict[str, Any]:
    """Chooses sources and queries, or the direct answer, or what must be asked first."""
    question = state["standalone"]
    if problem := _problem(state, run):
        return {"waiting": _clarification(problem, state), "routes": [], "tasks": []}
    forced = run.context.route
    kind = direct_kind(state["asked"])
    if forced == "direct" or (forced == "auto" and kind):
        choice = RouteChoice(route="direct", confidence=0.95, why=kind or "chosen")
        run.emit("route", routes=[choice], queries=[])
        return {"routes": [choice], "direct": kind or "needs_model", "tasks": [], "waiting": None}

    no_matches: list[EntityMatch] = []
    matches = run.resources.knowledge_graph.entities_in(
        question, access=run.access, filters=run.filters, limit=_ENTITY_LIMIT
    )
    known, degraded = await run.attempt("graph", matches, no_matches)
    names = [match.name for match in known]
    parts = split_question(question, names)
    chosen, failed = await _choices(parts, names, run)
    routes = _best_by_route(choice for choices in chosen for choice in choices)
    run.emit("route", routes=routes, queries=parts)
    return {
        "routes": routes,
        "parts": parts,
        "names": names,
        "degraded": degraded + failed,
        "direct": "",
        **_first_round(parts, chosen, state, run),
    }


async def _choices(
    parts: Sequence[str], names: Sequence[str], run: Run
) -> tuple[list[list[RouteChoice]], list[Degraded]]:
    """The ways for each part of the question."""
    if run.context.route != "auto":
        return [[RouteChoice(route=run.context.route, confidence=1.0, why="chosen")] for _ in parts], []
    probes = await asyncio.gather(*(_probe(part, names, run) for part in parts))
    chosen = [choose(part, run, probe) for part, (probe, _) in zip(parts, probes, strict=True)]
    return chosen, [step for _, failed in probes for step in failed]


def _best_by_route(choices: Iterable[RouteChoice]) -> list[RouteChoice]:
    best: dict[str, RouteChoice] = {}
    for choice in choices:
        if choice["confidence"] > best.setdefault(choice["route"], choice)["confidence"]:
            best[choice["route"]] = choice
    return sorted(best.values(), key=lambda choice: -choice["confidence"])


def _first_round(
    parts: Sequence[str], chosen: Sequence[Sequence[RouteChoice]], state: State, run: Run
) -> dict[str, Any]:
    """What is allowed is searched first; permission is asked only when there is nothing else."""
    free: list[SearchTask] = []
    guarded: list[SearchTask] = []
    allowed = run.allowed_sources()
    for number, (part, choices) in enumerate(zip(parts, chosen, strict=True)):
        for choice in choices:
            if choice["route"] in allowed:
                tasks = guarded if _needs_permission(choice, state, run) else free
                tasks.append(search_task(choice["route"], part, number, state["round"], state))
    must_ask = bool(guarded) and not free
    return {
        "tasks": (free or guarded)[:MAX_WORKERS],
        "waiting": permission_request(guarded[0]["source"], state) if must_ask else None,
    }


def _needs_permission(choice: RouteChoice, state: State, run: Run) -> bool:
    """Whether the user is asked before this search: its query leaves the machine, and not because it must."""
    if not run.resources.sources[choice["route"]].leaves_machine or state["permission"] == "granted":
        return False
    return run.context.web == "ask" or choice["why"] == "not_in_documents"


def choose(part: str, run: Run, probe: Probe) -> list[RouteChoice]:
    """The ways for one part of a question, by rule.

    A source's own cues speak for it, unless the documents already cover a question that sounds like the web; a
    relation needs a known entity. A question that the documents say nothing about may be about the outside, or use
    other words than they do: both are searched, outside only with permission. All else goes to vector search.
    """
    allowed = run.allowed_sources()
    cued = [name for name in allowed if _speaks_for(name, part, run)]
    for name in cued:
        leaves = run.resources.sources[name].leaves_machine
        if leaves and probe.covered.score < STRONG_COVERAGE:
            return [RouteChoice(route=name, confidence=0.8, why="fresh")]
        if name == "graph" and probe.entities:
            return [RouteChoice(route=name, confidence=0.8, why="relation")]
        if not leaves and name != "graph":
            return [RouteChoice(route=name, confidence=0.8, why="cue")]
    choices = [_documents(probe)] if "vector" in allowed else []
    outside = [name for name in allowed if run.resources.sources[name].leaves_machine]
    if outside and not probe.has_documents:
        return [RouteChoice(route=outside[0], confidence=0.5, why="no_documents")]
    if outside and probe.covered.anywhere < OUTSIDE_COVERAGE and not probe.entities:
        choices.insert(0, RouteChoice(route=outside[0], confidence=0.5, why="not_in_documents"))
    return choices or [RouteChoice(route=name, confidence=0.3, why="only_source") for name in allowed[:1]]


def _documents(probe: Probe) -> RouteChoice:
    confidence = 0.9 if probe.covered.score >= STRONG_COVERAGE else 0.7
    if probe.covered.score < WEAK_COVERAGE:
        confidence = 0.4
    return RouteChoice(route="vector", confidence=confidence, why="documents")


def _speaks_for(name: str, part: str, run: Run) -> bool:
    cues = run.resources.sources[name].cues
    return any(pattern.search(part) for pattern in cues.values())


async def _probe(part: str, names: Sequence[str], run: Run) -> tuple[Probe, list[Degraded]]:
    in_part = tuple(name for name in names if fold(name) in fold(part))
    if "vector" not in run.resources.sources:
        return Probe(NOTHING_COVERED, in_part, has_documents=bool(in_part)), []
    search = run.resources.sources["vector"].search(
        part, access=run.access, filters=run.filters, limit=_PROBE_LIMIT, deadline=time.time() + _PROBE_SECONDS
    )
    result, failed = await run.attempt("vector", search, SearchResult("down"))
    passages = [(f"{hit.passage.title} {hit.passage.section}", hit.passage.text) for hit in result.hits]
    covered = await asyncio.to_thread(lambda: coverage(content_terms(part, in_part), passages))
    if result.hits or names:
        return Probe(covered, in_part, has_documents=True), failed
    no_collections: list[str] = []
    collections, failed_ledger = await run.attempt(
        "ledger", run.resources.ledger.collections(run.access), no_collections
    )
    return Probe(NOTHING_COVERED, (), has_documents=bool(collections)), failed + failed_ledger


def permission_request(source: str, state: State) -> Waiting:
    """Asks whether the question may be sent to a source outside."""
    text = prompt_text(state["language"], "ask", "permission", query=state["standalone"])
    return Waiting(kind="permission", question=text, source=source, options=["yes", "no"])


def search_task(source: str, query: str, part: int, round: int, state: State) -> SearchTask:
    """One search, to be done within the turn's deadline."""
    return SearchTask(source=source, query=query, part=part, round=round, deadline=state["deadline"])


Problem = Literal["empty", "too_long", "names_nothing"]


def _problem(state: State, run: Run) -> Problem | None:
    asked = state["asked"]
    if not re.search(r"\w", asked):
        return "empty"
    if len(asked) > MAX_QUESTION_CHARACTERS:
        return "too_long"
    unresolved = state["standalone"] == asked and refers_back(asked, state["language"])
    says_little = len(content_terms(asked)) <= _LITTLE
    if run.context.route == "auto" and unresolved and says_little and not direct_kind(asked):
        return "names_nothing"
    return None


def _clarification(problem: Problem, state: State) -> Waiting:
    text = prompt_text(
        state["language"], "ask", problem, limit=f"{MAX_QUESTION_CHARACTERS:,}", length=f"{len(state['asked']):,}"
    )
    return Waiting(kind="clarify", question=text)
