"""signpost route: where a question would be looked up, without an answer."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.options import DEFAULT_CONCURRENCY, AsJson, Batch, Concurrency, Out
from agent.output import say, say_json

if TYPE_CHECKING:
    from agent.batch import Row
    from agent.session import Session

_IF_STOPPED = "Nothing was changed; rows written so far are whole."


def route(
    question: Annotated[str | None, typer.Argument(help="The question, in Chinese or English.")] = None,
    batch: Batch = None,
    out: Out = None,
    concurrency: Concurrency = DEFAULT_CONCURRENCY,
    as_json: AsJson = False,
) -> int:
    """Show where a question would be looked up, and why."""
    from agent.batch import require_files
    from agent.inputs import checked_question
    from agent.session import open_session

    files = require_files(question, batch, out)
    asked = checked_question(question or "") if files is None else ""
    with open_session("route", if_stopped=_IF_STOPPED) as session:
        if files is not None:
            session.run(session.resources.stores())  # no file of guesses because the ledger is away
            return _route_batch(session, files, concurrency, as_json)
        chosen = session.run(_chosen(session, [{"role": "user", "content": asked}]))
    if as_json:
        say_json(chosen)
    else:
        _show(chosen)
    return 0


async def _chosen(session: "Session", messages: list[dict[str, str]]) -> dict[str, Any]:
    """{"routes", "queries"}. Raises QuestionError for a question that would be asked back about."""
    from graph.build import build_graph
    from graph.context import Context
    from tools.errors import QuestionError

    given: Any = {"messages": messages}
    state: dict[str, Any] = await build_graph(session.resources).ainvoke(
        given,
        context=Context(interactive=False),
        stream_mode="values",
        output_keys=["routes", "parts", "waiting"],
        interrupt_after=["route"],
    )
    waiting = state["waiting"]
    if waiting and waiting["kind"] == "clarify":
        raise QuestionError(waiting["question"])
    return {"routes": state["routes"], "queries": state["parts"]}


def _route_batch(session: "Session", files: tuple[Path, Path], concurrency: int, as_json: bool) -> int:
    from agent.batch import batch_result, read_rows, run_batch

    async def route_row(row: "Row") -> dict[str, Any]:
        return await _chosen(session, row.messages)

    rows = read_rows(files[0])
    failed = session.run(run_batch(rows, files[1], concurrency, route_row))
    return batch_result(len(rows), failed, files[1], as_json)


def _show(chosen: dict[str, Any]) -> None:
    for choice in chosen["routes"]:
        say(f"{choice['route']}  {choice['confidence']:.2f}  {choice['why']}")
    for query in chosen["queries"]:
        say(f"  query: {query}")
