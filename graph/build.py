"""The state graph: eleven nodes, and all the ways between them.

START → intake → route → retrieve×N → fuse → generate → verify → finalize → END

Every edge function is pure and reads only the state, so that what is drawn is what can happen.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Checkpointer, Overwrite, Send

from graph.ask import ask
from graph.context import Context
from graph.finalize import finalize
from graph.fuse import fuse
from graph.generate import generate
from graph.grade import grade
from graph.intake import intake
from graph.repair import repair
from graph.resources import ResourceProvider
from graph.retrieve import retrieve
from graph.rewrite import rewrite
from graph.route import route
from graph.run import Node, Run, has_checkpointer, identity
from graph.state import DispatchedSearch, Input, Output, State
from graph.verify import verify

RECURSION_LIMIT = 32
"""Only a fuse: the budgets in the state end every run long before it."""

NODES: Mapping[str, Node] = {
    "intake": intake,
    "route": route,
    "ask": ask,
    "retrieve": retrieve,
    "fuse": fuse,
    "grade": grade,
    "rewrite": rewrite,
    "generate": generate,
    "verify": verify,
    "repair": repair,
    "finalize": finalize,
}


def _searches(state: State) -> list[Send]:
    return [Send("retrieve", DispatchedSearch(**task, deadline=state["deadline"])) for task in state["tasks"]]


def after_route(state: State) -> list[Send] | Literal["ask", "generate"]:
    """Something must be asked; something can be searched; or neither."""
    if state["waiting"]:
        return "ask"
    return _searches(state) or "generate"


def after_ask(state: State) -> list[Send] | Literal["route", "generate", "finalize"]:
    """Permission given; clarified; permission refused or nobody to ask; clarification cannot be asked."""
    if state["clarified"] < 0:
        return "finalize"
    if state["permission"] in ("refused", "nobody"):
        return "generate"
    return _searches(state) if state["permission"] == "granted" and state["tasks"] else "route"


def after_fuse(state: State) -> Literal["generate", "grade", "rewrite"]:
    """By the evidence band; strong evidence is graded too when a model is to judge everything."""
    if state["band"] == "weak":
        return "rewrite"
    return "generate" if all(part["enough"] for part in state["coverage"]) else "grade"


def after_grade(state: State) -> Literal["generate", "rewrite"]:
    """Enough for every part of the question, or not."""
    return "generate" if all(part["enough"] for part in state["coverage"]) else "rewrite"


def after_rewrite(state: State) -> list[Send] | Literal["ask", "generate"]:
    """Permission is needed; there is something to try; or budget, time or ideas are used up."""
    if state["waiting"]:
        return "ask"
    return _searches(state) or "generate"


def after_verify(state: State) -> Literal["repair", "finalize"]:
    """Unsupported sentences, and an answer that broke off, are repaired once."""
    reply = state["reply"]
    is_broken = bool(reply["withheld"] or reply["flagged"] or reply["failure"] == "cut_off")
    is_answer = reply["status"] == "answered" and not state["direct"]
    return "repair" if is_answer and is_broken and not state["repaired"] else "finalize"


def build_graph(
    provider: ResourceProvider, checkpointer: Checkpointer = None, nodes: Mapping[str, Node] = NODES
) -> CompiledStateGraph[State, Context, Input, Output]:
    """The compiled graph over these resources. Nothing is opened before the first run.

    Pass no checkpointer for `langgraph dev`, which brings its own. nodes: all eleven, to see what one of them is worth.
    """
    builder: StateGraph[State, Context, Input, Output] = StateGraph(
        State, context_schema=Context, input_schema=Input, output_schema=Output
    )
    for name, node in nodes.items():
        builder.add_node(
            name, _bound(name, node, provider), input_schema=DispatchedSearch if name == "retrieve" else State
        )
    builder.add_edge(START, "intake")
    builder.add_edge("intake", "route")
    builder.add_conditional_edges("route", after_route, ["retrieve", "ask", "generate"])
    builder.add_conditional_edges("ask", after_ask, ["retrieve", "route", "generate", "finalize"])
    builder.add_edge("retrieve", "fuse")
    builder.add_conditional_edges("fuse", after_fuse, ["generate", "grade", "rewrite"])
    builder.add_conditional_edges("grade", after_grade, ["generate", "rewrite"])
    builder.add_conditional_edges("rewrite", after_rewrite, ["retrieve", "ask", "generate"])
    builder.add_edge("generate", "verify")
    builder.add_conditional_edges("verify", after_verify, ["repair", "finalize"])
    builder.add_edge("repair", "verify")
    builder.add_edge("finalize", END)
    compiled = builder.compile(checkpointer=checkpointer, name="signpost")
    return compiled.with_config(recursion_limit=RECURSION_LIMIT)


def _bound(name: str, node: Node, provider: ResourceProvider) -> Callable[..., Awaitable[dict[str, Any]]]:
    """The node as LangGraph calls it: with its run at hand and its time measured."""

    async def run_node(state: Any, config: RunnableConfig, runtime: Runtime[Context]) -> dict[str, Any]:
        started = time.perf_counter()
        run = Run(
            resources=await provider.get(),
            context=runtime.context or Context(),
            access=identity(config),
            can_ask=(runtime.context or Context()).interactive and has_checkpointer(config),
            config=config,
            send=runtime.stream_writer,
        )
        update = await node(state, run)
        timings = {name: (time.perf_counter() - started) * 1000}
        return {**update, "timings": Overwrite(timings) if name == "intake" else timings}

    run_node.__name__ = name
    return run_node
