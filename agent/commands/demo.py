"""signpost demo: eight questions to the sample papers of an invented city-construction company."""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.commands.add import IF_STOPPED, add_files, show_summary
from agent.options import AsJson
from agent.output import say, say_json
from agent.terminal import terminal
from tools.access import EVERYONE

if TYPE_CHECKING:
    from agent.session import Session
    from agent.settings import Settings

_COLLECTION = "samples"
_ROOT = Path(__file__).resolve().parents[2]
_NEXT = """\
What to try next
  {home}{signpost} ask "纳统是什么意思？" --why
  {home}{signpost} chat
  {signpost} add YOUR_FOLDER
  {signpost} serve"""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the demo. Questions of one `thread` are one conversation."""

    shows: str
    text: str
    thread: str


QUESTIONS: Sequence[Question] = (
    Question("a Chinese document", "二标段施工场界昼间噪声预测值是多少分贝？", "noise"),
    Question("a follow-up, understood from the question before", "那一标段呢？", "noise"),
    Question("an English document", "How many hours in advance must a hot work permit be requested?", "permit"),
    Question("a relation, from the knowledge graph", "二标段监理单位的法定代表人是谁？", "people"),
    Question("two ways at once", "二标段的监理单位是谁？逾期违约金每日多少万元？", "penalty"),
    Question("a greeting", "你好", "greeting"),
    Question("fresh news, from the web", "沧屿市今天有什么新闻？", "news"),
    Question("not in the documents", "东站项目的食堂每餐多少钱？", "canteen"),
)


def demo(as_json: AsJson = False) -> int:
    """Load the sample papers and ask eight questions about them."""
    from agent.session import open_session
    from agent.settings import read_settings

    settings = _settings_of_demo(read_settings())
    with open_session("demo", if_stopped=IF_STOPPED, settings=settings) as session:
        home = session.resources.home.folder
        if not as_json:
            say(f"Loading {_samples()} into {home}")
        summary = add_files(session, [_samples()], collection=_COLLECTION, readers=(EVERYONE,))
        if not as_json:
            show_summary(summary)
        if summary.interrupted:
            raise KeyboardInterrupt
        answers = _answers(session, quiet=as_json)
    if as_json:
        say_json({"home": str(home), "answers": answers})
    else:
        say("\n" + _NEXT.format(home=_home_prefix(home), signpost=_signpost()))
    return 1 if summary.failed else 0


def _settings_of_demo(settings: "Settings") -> "Settings":
    """A home of the demo's own, unless one is set."""
    return (
        settings if "home" in settings.model_fields_set else settings.model_copy(update={"home": _ROOT / ".signpost"})
    )


def _home_prefix(home: Path) -> str:
    return "" if terminal().surroundings.names_home else f"SIGNPOST_HOME={home} "


def _signpost() -> str:
    """How this user calls the command: without an activated environment it is not on the path."""
    script = Path(sys.executable).with_name("signpost")
    surroundings = terminal().surroundings
    if shutil.which("signpost", path=surroundings.search_path) == str(script):
        return "signpost"
    return os.path.relpath(script, surroundings.folder) if script.exists() else "python -m agent"


def _samples() -> Path:
    from tools.errors import FileError

    folder = _ROOT / "samples"
    if not folder.is_dir():
        raise FileError(
            f"The samples are not in {folder}.",
            why="They belong to the repository, not to the installed package.",
            next_step="Run the demo in a clone of the repository.",
        )
    return folder


def _answers(session: "Session", *, quiet: bool) -> list[Mapping[str, Any]]:
    from agent.conversation import forgotten
    from agent.dialogue import converse, show_sources
    from graph.context import Context

    # Only the samples: a home that is set may hold the user's own documents.
    context = Context(collections=[_COLLECTION], interactive=False)
    conversation = session.enter(forgotten(session.resources, context))
    answers = []
    for number, question in enumerate(QUESTIONS, start=1):
        if not quiet:
            say(f"\n=== {number} of {len(QUESTIONS)}: {question.shows}\n? {question.text}\n")
        answer = converse(session, conversation, question.text, question.thread, quiet=quiet)
        if not quiet:
            show_sources(answer, why=True)
        answers.append(answer)
    return answers
