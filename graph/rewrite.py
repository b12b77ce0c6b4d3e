"""rewrite: the evidence is weak. Another attempt with other words or another source, never the same one twice.

A model gives a rewritten question, other queries, a step back (https://arxiv.org/abs/2310.06117) and a hypothetical
passage (HyDE, https://arxiv.org/abs/2212.10496) in one call; the rules know keywords, synonyms and other names.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from graph.context import MAX_ROUNDS, MAX_WORKERS
from graph.decisions import Rewriting
from graph.evidence import graded
from graph.judge import judge, meter_for_decision
from graph.route import permission_request
from graph.run import Run, seconds_left
from graph.state import Degraded, Part, Rephrasing, SearchTask, State
from tools.models.meter import Meter
from tools.shapes import Fact
from tools.text.fence import numbered_lines
from tools.text.question import content_terms
from tools.text.synonyms import synonyms
from tools.text.tokens import fold

# Facts that give another name for the same thing.
_ALIAS_RELATIONS = ("简称", "又称", "全称", "英文名", "also known as", "short for", "abbreviation")
_DEFINITION_RELATIONS = ("定义", "definition")
_LEAST_SECONDS = 1.0


async def rewrite(state: State, run: Run) -> dict[str, Any]:
    """Plans the next round, asks for permission to leave the machine, or gives up with what there is."""
    next_round = state["round"] + 1
    open_parts = [part for part in state["coverage"] if not part["enough"]]
    give_up = {"tasks": [], "waiting": None, "coverage": graded(state["coverage"])}
    budget = min(run.context.rounds, MAX_ROUNDS)
    if next_round > budget or seconds_left(state["deadline"]) < _LEAST_SECONDS or not open_parts:
        run.emit("rewrite", round=next_round, why="budget")
        return give_up
    meter = meter_for_decision(state)
    decision, failed = await _rewritten(open_parts, meter, state, run)
    tasks, degraded = await _local_ideas(open_parts, next_round, decision, state, run)
    degraded += failed
    used = {"degraded": degraded, "usage": meter.usage, "rephrased": rephrasings(open_parts, decision, state)}
    outside = _outside_ideas(open_parts, next_round, state, run)
    # The last round is the outside's, when someone can be asked or has allowed it.
    may_leave = state["permission"] == "granted" or (state["permission"] == "unasked" and run.can_ask)
    if tasks and not (outside and may_leave and next_round == budget):
        run.emit("rewrite", round=next_round, why="other_terms_or_source")
        return {"tasks": tasks[:MAX_WORKERS], "waiting": None, "round": next_round, **used}
    if outside and state["permission"] == "unasked":
        run.emit("rewrite", round=next_round, why="permission")
        planned = outside[:MAX_WORKERS]
        request = permission_request(planned, state)
        return {**give_up, "tasks": planned, "waiting": request, "round": next_round, **used}
    if outside and state["permission"] == "granted":
        run.emit("rewrite", round=next_round, why="other_source")
        planned = (outside + tasks)[:MAX_WORKERS]
        return {"tasks": planned, "waiting": None, "round": next_round, **used}
    run.emit("rewrite", round=next_round, why="no_ideas")
    return {**give_up, **used}


async def _rewritten(
    parts: Sequence[Part], meter: Meter, state: State, run: Run
) -> tuple[Rewriting | None, list[Degraded]]:
    """Other words for the parts that are open, from a model; None for a question that was sent outside."""
    if all(_is_outside(part["query"], state, run) for part in parts):
        return None, []
    tried = dict.fromkeys(found["query"] for found in state["found"])
    sections = {"question": numbered_lines([part["query"] for part in parts]), "tried": "\n".join(tried)}
    return await judge("rewrite", "route", Rewriting, sections, state, meter, run)


def rephrasings(parts: Sequence[Part], decision: Rewriting | None, state: State) -> list[Rephrasing]:
    """All rephrasings so far: what a model wrote says the same as the question, in words that documents may use."""
    if decision is None:
        return state["rephrased"]
    said = [text for text in (decision.rewrite, *decision.queries) if text]
    new = [Rephrasing(part=part["number"], query=text) for part in parts for text in said]
    return [*state["rephrased"], *(each for each in new if each not in state["rephrased"])]


def _queries(decision: Rewriting | None, ideas: Sequence[str]) -> list[tuple[str, bool]]:
    """What a model wants to be searched, and whether names and relations may be in it."""
    if decision is None:
        return [(idea, True) for idea in ideas]
    words = [decision.rewrite, *ideas, *decision.queries]
    queries = [(words[0], True), *((text, False) for text in words[1:])]
    return [(text, named) for text, named in [*queries, (decision.step_back, False), (decision.passage, False)] if text]


async def _local_ideas(
    parts: Sequence[Part], next_round: int, decision: Rewriting | None, state: State, run: Run
) -> tuple[list[SearchTask], list[Degraded]]:
    tried = {(found["source"], found["query"]) for found in state["found"]}
    local = [name for name in run.allowed_sources() if not run.resources.sources[name].leaves_machine]
    if run.context.route != "auto":
        local = [name for name in local if name == run.context.route]
    tasks: list[SearchTask] = []
    degraded: list[Degraded] = []
    for part in parts:
        if _is_outside(part["query"], state, run):
            continue
        other_terms, failed = await _other_terms(part["query"], state, run)
        degraded += failed
        by_model = _queries(decision, state["ideas"])
        for query, named in (*by_model, (part["query"], True), *((terms, True) for terms in other_terms)):
            for name in local:
                if (name, query) not in tried and (named or name == "vector"):
                    tried.add((name, query))
                    tasks.append(SearchTask(source=name, query=query, part=part["number"], round=next_round))
    return tasks, degraded


def _is_outside(query: str, state: State, run: Run) -> bool:
    # What was sent outside in the first place is news, or something that the documents do not know: an answer found
    # in them with other words would be a guess.
    outside = {name for name, source in run.resources.sources.items() if source.leaves_machine}
    return any(
        found["source"] in outside and found["query"] == query and found["round"] == 0 for found in state["found"]
    )


def _outside_ideas(parts: Sequence[Part], next_round: int, state: State, run: Run) -> list[SearchTask]:
    tried = {(found["source"], found["query"]) for found in state["found"]}
    if run.context.route != "auto":
        return []
    return [
        SearchTask(source=name, query=part["query"], part=part["number"], round=next_round)
        for part in parts
        for name in run.allowed_sources()
        if run.resources.sources[name].leaves_machine and (name, part["query"]) not in tried
    ]


async def _other_terms(query: str, state: State, run: Run) -> tuple[list[str], list[Degraded]]:
    """The query's content words alone, and the query with the other names that the documents give for its terms."""
    terms = await asyncio.to_thread(content_terms, query, tuple(state["names"]))
    keywords = " ".join(term.text for term in terms)
    facts, degraded = await run.attempt("graph", _facts_about(query, run), _no_facts(), state["deadline"])
    named = {fold(name) for fact in facts for name in (fact.head, fact.tail) if fold(name) in fold(query)}
    others: list[str] = [word for term in terms for word in synonyms(term.text)]
    for fact in facts:
        if fact.relation in _ALIAS_RELATIONS:
            others += [name for name in (fact.head, fact.tail) if fold(name) not in named]
        elif fact.relation in _DEFINITION_RELATIONS and fold(fact.head) in named:
            others += [term.text for term in await asyncio.to_thread(content_terms, fact.tail)][:5]
    queries = [keywords] if keywords and keywords != fold(query) else []
    if others:
        queries.append(" ".join([keywords, *dict.fromkeys(others)]))
    return queries, degraded


async def _facts_about(query: str, run: Run) -> list[Fact]:
    graph = run.resources.knowledge_graph
    matches = await graph.entities_in(query, access=run.access, filters=run.filters, limit=4)
    if not matches:
        return []
    names = [match.name for match in matches]
    return await graph.neighbourhood(names, hops=1, access=run.access, filters=run.filters, limit=100)


def _no_facts() -> list[Fact]:
    return []
