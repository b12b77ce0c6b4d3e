"""One question and its answer at the terminal: text as it comes, questions back, and the sources below."""

from collections.abc import Mapping
from typing import Any

from agent.answer_text import brief_line, citation_lines, model_lines, receipt_lines
from agent.conversation import Conversation
from agent.output import read_line, say, say_dim
from agent.session import Session
from agent.waiting import WaitingLine
from tools.text.language import detect_language


def converse(
    session: Session, conversation: Conversation, question: str, thread: str, *, quiet: bool = False
) -> Mapping[str, Any]:
    """The answer to `question`, its text shown as it comes. Whoever sits at the terminal is asked back if need be."""

    def show(text: str) -> None:
        line.end()
        if not quiet:
            say(text, end="")

    line = WaitingLine(detect_language(question), quiet=quiet)
    try:
        turn = session.run(conversation.ask(question, thread=thread, show=show, follow=line.follow))
        while turn.waiting is not None:
            line.end()
            reply = _reply(turn.waiting)
            line = WaitingLine(detect_language(question), quiet=quiet)
            turn = session.run(conversation.resume(reply, thread=thread, show=show, follow=line.follow))
    finally:
        line.end()
    if not quiet:
        say()
    if turn.answer is None:
        raise AssertionError("The graph ended without an answer.")
    return turn.answer


def _reply(waiting: Mapping[str, Any]) -> dict[str, str]:
    say(waiting["question"])
    try:
        return {"answer": read_line("[y/N] " if waiting["kind"] == "permission" else "> ")}
    except EOFError:
        say()
        return {"answer": ""}


def show_sources(answer: Mapping[str, Any], *, why: bool) -> None:
    """The citations, and the receipt or one line of it where something was searched."""
    lines = citation_lines(answer)
    if lines:
        say("\n" + "\n".join(lines))
    told = receipt_lines(answer) if why else [brief_line(answer), *model_lines(answer)]
    if receipt := "\n".join(line for line in told if line):
        say()
        say_dim(receipt)
