"""signpost ask: answers a question with citations."""

import shlex
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.options import (
    DEFAULT_CONCURRENCY,
    AsJson,
    Batch,
    Collections,
    Concurrency,
    Judgement,
    Model,
    Out,
    Route,
    Thread,
    WebPolicy,
)
from agent.output import is_conversation, note, say_json

if TYPE_CHECKING:
    from agent.batch import Row
    from graph.context import Context

_IF_STOPPED = "The question was not answered."
_IF_TURN_STOPPED = "The question was not answered; earlier turns of the conversation are kept."
_IF_BATCH_STOPPED = "The rows written so far are whole; the rest was not answered."
_NEEDS_INPUT = 2


def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in Chinese or English.")] = None,
    route: Annotated[Route, typer.Option(help="Where to look; auto lets the router decide.")] = "auto",
    thread: Thread = None,
    why: Annotated[bool, typer.Option("--why", help="Show how the answer came about.")] = False,
    collection: Collections = None,
    web: WebPolicy = "auto",
    judgement: Judgement = "unsure",
    model: Model = "",
    batch: Batch = None,
    out: Out = None,
    concurrency: Concurrency = DEFAULT_CONCURRENCY,
    as_json: AsJson = False,
) -> int:
    """Answer a question from your documents, the knowledge graph or the web, with citations."""
    from agent.batch import require_files
    from agent.inputs import checked_question
    from graph.context import Context
    from tools.errors import InputError

    files = require_files(question, batch, out)
    context = Context(
        route=route,
        collections=collection or [],
        web=web,
        judgement=judgement,
        model=model,
        interactive=is_conversation() and not as_json,
    )
    if files is not None:
        if thread is not None or why:
            raise InputError(
                "--thread and --why are for one question, not for --batch.",
                why="A row brings its own history, and its answer its whole receipt.",
            )
        context.interactive = False
        return _ask_batch(*files, context, concurrency, as_json)
    asked = checked_question(question or "")
    return _ask_once(asked, context, thread, why=why, as_json=as_json)


def _ask_once(question: str, context: "Context", thread: str | None, *, why: bool, as_json: bool) -> int:
    from agent.conversation import forgotten, remembered
    from agent.dialogue import converse, show_sources
    from agent.session import open_session, tell_what_is_away
    from tools.text.clean import one_line

    with open_session("ask", if_stopped=_IF_TURN_STOPPED if thread else _IF_STOPPED) as session:
        resources = session.resources
        tell_what_is_away(resources)
        session.check_collections(context.collections)
        opened = remembered(resources, resources.threads, context) if thread else forgotten(resources, context)
        conversation = session.enter(opened)
        answer = converse(session, conversation, question, thread or str(uuid.uuid4()), quiet=as_json)
        has_web = "web" in session.run(resources.get()).sources
    if as_json:
        say_json(answer)
    else:
        show_sources(answer, why=why)
        if has_web and _lacks_permission(answer, context):
            note(f"To allow it: signpost ask --route web {shlex.quote(one_line(question))}")
    return _NEEDS_INPUT if answer["status"] == "needs_input" else 0


def _lacks_permission(answer: Mapping[str, Any], context: "Context") -> bool:
    """Whether the web was left out because nobody was there to be asked."""
    from agent.answer_text import searched_sources

    if answer["status"] != "refused" or context.interactive or context.web == "never" or context.route == "web":
        return False
    chosen = {choice["route"] for choice in answer["receipt"]["routes"]}
    return "direct" not in chosen and "web" not in searched_sources(answer)


def _ask_batch(batch: Path, out: Path, context: "Context", concurrency: int, as_json: bool) -> int:
    from agent.batch import batch_result, read_rows, run_batch
    from agent.session import open_session
    from graph.build import build_graph

    rows = read_rows(batch)
    with open_session("ask", if_stopped=_IF_BATCH_STOPPED) as session:
        session.run(session.resources.stores())  # no file of refusals because the ledger is away
        session.check_collections(context.collections)
        graph = build_graph(session.resources)

        async def answer(row: "Row") -> dict[str, Any]:
            given: Any = {"messages": row.messages}
            output: dict[str, Any] = await graph.ainvoke(given, context=context)
            return dict(output["answer"])

        failed = session.run(run_batch(rows, out, concurrency, answer))
    return batch_result(len(rows), failed, out, as_json)
