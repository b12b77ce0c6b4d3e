"""route: plans the first round of searches, by rule and by a look at the stores; where they are unsure, by a model."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from graph.context import MAX_WORKERS
from graph.decisions import Routing
from graph.judge import judge, meter_for_decision
from graph.problems import problem_with
from graph.retrieve import search_source, steps_down
from graph.route_model import chosen_by_model, is_sure, source_list
from graph.route_rules import GUARDED, Probe, choose
from graph.run import Run
from graph.state import Degraded, RouteChoice, SearchTask, State, Waiting
from tools.stores.protocols import EntityMatch
from tools.text.compound import split_question
from tools.text.coverage import NOTHING_COVERED, coverage
from tools.text.prompts import prompt_text
from tools.text.question import content_terms
from tools.text.small_talk import direct_kind
from tools.text.tokens import fold

_PROBE_LIMIT = 5
_ENTITY_LIMIT = 8


async def route(state: State, run: Run) -> dict[str, Any]:
    """Chooses sources and queries, or the direct answer, or what must be asked first."""
    problem, degraded = await problem_with(state, run)
    if problem:
        return {"waiting": problem.waiting, "clarified": problem.clarified, "tasks": [], "degraded": degraded}
    kind = direct_kind(state["asked"])
    if run.context.route == "direct" or (run.context.route == "auto" and kind):
        choice = RouteChoice(route="direct", confidence=0.95, why=kind or "chosen")
        run.emit("route", routes=[choice], queries=[])
        is_task = kind in (None, "needs_model")
        return {"routes": [choice], "direct": "model" if is_task else kind, "tasks": [], "waiting": None}
    names, failed_names = await _known_names(state, run)
    parts = split_question(state["standalone"], names)
    chosen, probes, failed = await _choices(parts, names, bool(failed_names), state, run)
    meter = meter_for_decision(state)
    if run.context.route == "auto" and (run.always_judges or not is_sure(chosen)):
        allowed = run.allowed_sources()
        sources = {"sources": source_list(run.resources.sources, allowed)}
        sections = {"question": state["standalone"]}
        decision, failed_model = await judge("route", "route", Routing, sections, state, meter, run, sources)
        failed += failed_model
        if decision is not None:
            # Whoever has limited the sources wants them searched.
            knows_it = bool(run.context.sources) or any(probe.knows_it or probe.failed for probe in probes)
            parts, chosen = chosen_by_model(decision, parts, chosen, run.resources.sources, allowed, knows_it)
    routes = _best_by_route(choice for choices in chosen for choice in choices)
    run.emit("route", routes=routes, queries=parts)
    is_direct = bool(routes) and routes[0]["route"] == "direct"
    return {
        "routes": routes,
        "has_documents": not probes or any(probe.has_documents or probe.failed for probe in probes),
        "parts": parts,
        "names": names,
        "degraded": degraded + failed_names + failed,
        "direct": "model" if is_direct else "",
        "usage": meter.usage,
        **_first_round(parts, chosen, state, run),
    }


async def _known_names(state: State, run: Run) -> tuple[list[str], list[Degraded]]:
    no_matches: list[EntityMatch] = []
    matches = run.resources.knowledge_graph.entities_in(
        state["standalone"], access=run.access, filters=run.filters, limit=_ENTITY_LIMIT
    )
    known, failed = await run.attempt("graph", matches, no_matches, state["deadline"])
    return [match.name for match in known], failed


async def _choices(
    parts: Sequence[str], names: Sequence[str], names_failed: bool, state: State, run: Run
) -> tuple[list[list[RouteChoice]], list[Probe], list[Degraded]]:
    """The ways for each part of the question, and what the stores hold on them where they were asked."""
    if run.context.route != "auto":
        return [[RouteChoice(route=run.context.route, confidence=1.0, why="chosen")] for _ in parts], [], []
    probes = await asyncio.gather(*(_probe(part, names, names_failed, state, run) for part in parts))
    sources, allowed = run.resources.sources, run.allowed_sources()
    chosen = [choose(part, sources, allowed, probe) for part, (probe, _) in zip(parts, probes, strict=True)]
    return chosen, [probe for probe, _ in probes], [step for _, failed in probes for step in failed]


async def _probe(
    part: str, names: Sequence[str], names_failed: bool, state: State, run: Run
) -> tuple[Probe, list[Degraded]]:
    in_part = tuple(name for name in names if fold(name) in fold(part))
    if "vector" not in run.allowed_sources():
        return Probe(NOTHING_COVERED, in_part, has_documents=bool(in_part), failed=names_failed), []
    result = await search_source("vector", part, _PROBE_LIMIT, state["deadline"], run)
    failed = steps_down("vector", result, run)
    passages = [(f"{hit.passage.title} {hit.passage.section}", hit.passage.text) for hit in result.hits]
    covered = await asyncio.to_thread(lambda: coverage(content_terms(part, in_part), passages))
    if result.hits or names:
        return Probe(covered, in_part, has_documents=True), failed
    no_collections: list[str] = []
    collections = run.resources.ledger.collections(run.access)
    known, failed_ledger = await run.attempt("ledger", collections, no_collections, state["deadline"])
    failed += failed_ledger
    has_documents = any(not run.filters.collections or name in run.filters.collections for name in known)
    return Probe(NOTHING_COVERED, (), has_documents, failed=bool(failed) or names_failed), failed


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
                tasks = guarded if needs_permission(choice, state, run) else free
                tasks.append(SearchTask(source=choice["route"], query=part, part=number, round=state["round"]))
    must_ask = bool(guarded) and not free
    return {
        "tasks": (free or guarded)[:MAX_WORKERS],
        "waiting": permission_request(guarded, state) if must_ask else None,
    }


def needs_permission(choice: RouteChoice, state: State, run: Run) -> bool:
    """Whether the user is asked before this search.

    It is when the query leaves the machine and that is a guess, or the query holds more than what was typed: what a
    follow-up was completed with comes from the conversation.
    """
    if not run.resources.sources[choice["route"]].leaves_machine or state["permission"] == "granted":
        return False
    return run.context.web == "ask" or choice["why"] in GUARDED or state["standalone"] != state["asked"]


def permission_request(tasks: Sequence[SearchTask], state: State) -> Waiting:
    """Asks whether the queries of these searches may be sent outside."""
    queries = " / ".join(dict.fromkeys(task["query"] for task in tasks))
    text = prompt_text(state["language"], "ask", "permission", query=queries)
    return Waiting(kind="permission", question=text, source=tasks[0]["source"], options=["yes", "no"])
