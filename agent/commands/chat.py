"""signpost chat: a conversation at the terminal."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agent.options import AsJson, Collections, Judgement, Model, Thread, WebPolicy
from agent.output import is_conversation, note, read_line, say_json

if TYPE_CHECKING:
    from agent.conversation import Conversation
    from agent.session import Session
    from graph.context import Context

_HELP = """\
/why   what the last answer cites, and how it came about
/new   begin a new conversation
/help  this list
/quit  leave (or Ctrl-D); Ctrl-C stops an answer"""
_LEAVE = frozenset({"/quit", "/exit", "quit", "exit", "退出"})
_IF_STOPPED = "Earlier turns of the conversation are kept."


def chat(
    thread: Thread = None,
    collection: Collections = None,
    web: WebPolicy = "auto",
    judgement: Judgement = "unsure",
    model: Model = "",
    as_json: AsJson = False,
) -> int:
    """Ask one question after the other; each may refer to those before it."""
    from agent.session import open_session
    from graph.context import Context

    context = Context(
        collections=collection or [],
        web=web,
        judgement=judgement,
        model=model,
        interactive=is_conversation() and not as_json,
    )
    with open_session("chat", if_stopped=_IF_STOPPED) as session:
        session.check_collections(context.collections)
        conversation, is_kept = _opened(session, context, thread)
        _Chat(session, conversation, thread or _new_name(), is_kept=is_kept, as_json=as_json).run()
    return 0


def _opened(session: "Session", context: "Context", thread: str | None) -> tuple["Conversation", bool]:
    """The conversation, and whether it is kept. Raises StoreError when one that has a name cannot be."""
    from agent.conversation import begun, forgotten, remembered
    from agent.session import tell_what_is_away
    from tools.errors import StoreError

    resources = session.resources
    if thread:
        return session.enter(remembered(resources, resources.threads, context)), True
    if resources.away is None:
        try:
            return session.enter(begun(resources, resources.threads, context)), True
        except StoreError as error:
            note(f"{error.what} {error.next_step}")
    else:
        tell_what_is_away(resources)
    note("This conversation is not kept.")
    return session.enter(forgotten(resources, context)), False


def _new_name() -> str:
    return uuid.uuid4().hex[:8]


class _Chat:
    """Reads lines until the user leaves. An error ends an answer, not the conversation."""

    def __init__(
        self, session: "Session", conversation: "Conversation", thread: str, *, is_kept: bool, as_json: bool
    ) -> None:
        self._session = session
        self._conversation = conversation
        self._thread = thread
        self._is_kept = is_kept
        self._as_json = as_json
        self._last: Mapping[str, Any] | None = None

    def run(self) -> None:
        note(f"Conversation {self._thread}. Type a question, or /help.")
        while True:
            try:
                line = read_line("> " if is_conversation() else "")
            except EOFError:
                break
            except KeyboardInterrupt:
                note("\nCtrl-D or /quit leaves.")
                continue
            if line.strip().lower() in _LEAVE:
                break
            self._read(line.strip())
        if self._is_kept:
            note(f"Go on later with: signpost chat --thread {self._thread}")

    def _read(self, line: str) -> None:
        if line == "/why":
            self._why()
        elif line == "/new":
            self._thread, self._last = _new_name(), None
            note(f"Conversation {self._thread}.")
        elif line.startswith("/"):
            note(_HELP)
        elif line:
            self._answer(line)

    def _answer(self, line: str) -> None:
        from agent.dialogue import converse, show_sources
        from agent.failures import as_signpost_error
        from agent.inputs import checked_question

        try:
            question = checked_question(line)
            self._last = converse(self._session, self._conversation, question, self._thread, quiet=self._as_json)
        except KeyboardInterrupt:
            note("\nStopped.")
        except Exception as error:  # told, and the conversation goes on
            note(str(as_signpost_error(error)))
        else:
            if self._as_json:
                say_json(self._last)
            else:
                show_sources(self._last, why=False)
        self._tell_if_unkept(line)

    def _tell_if_unkept(self, line: str) -> None:
        from tools.text.language import detect_language
        from tools.text.prompts import prompt_text

        away = self._conversation.away
        if self._is_kept and away is not None:
            self._is_kept = False
            note(f"{away.what} {prompt_text(detect_language(line), 'receipt', 'unkept')}")

    def _why(self) -> None:
        """Also of a turn before this command; a document that was cited may be gone by now."""
        from agent.dialogue import show_sources
        from agent.old_answers import readable_now
        from tools.access import Access
        from tools.errors import SignpostError

        run = self._session.run
        try:
            last = self._last or run(self._conversation.last_answer(self._thread))
            if last is None:
                note("There is no answer yet.")
                return
            ledger = run(self._session.resources.stores()).ledger
            show_sources(run(readable_now(last, ledger, Access())), why=True)
        except SignpostError as error:
            note(str(error))
