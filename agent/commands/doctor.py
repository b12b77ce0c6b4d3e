"""signpost doctor: which parts are on, which are off, and the line that turns each on or repairs it."""

import os
import platform
import threading
import time
from collections.abc import Coroutine, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from agent.options import AsJson
from agent.output import say, say_json
from tools.text.clean import one_line

if TYPE_CHECKING:
    from agent.session import Session
    from agent.settings import Settings
    from tools.models.chat_models import ChatModels

_SLOW_MILLISECONDS = 1000.0
_WEB_SECONDS = 3.0
_WEB_ADDRESS = "https://duckduckgo.com/robots.txt"


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the report. `next_step` turns the part on or repairs it; empty when there is nothing to do."""

    part: str
    state: Literal["on", "off", "warning", "problem"]
    detail: str
    next_step: str = ""


def doctor(
    live: Annotated[
        bool,
        typer.Option("--live", help="Ask each model and the web search something real, and keep a dated report."),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Show which parts are on, which are off, and what turns each on or repairs it."""
    from agent.settings import read_settings
    from tools.errors import SignpostError

    parts = [_python(), _folders()]
    try:
        settings = read_settings()
    except SignpostError as error:
        parts.append(_problem("settings", error))
    else:
        parts += [
            *_server(settings),
            *_unknown_settings(),
            _home(settings),
            *_stores(settings),
            _conversations(settings),
            _web(settings),
            *_models(settings),
        ]
        if live:
            parts += _live(settings, parts)
    if as_json:
        say_json({"parts": [asdict(part) for part in parts]})
    else:
        _show(parts)
    return 1 if any(part.state == "problem" for part in parts) else 0


def _python() -> Part:
    return Part("python", "on", f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def _folders() -> Part:
    from agent.installation import check_folders

    check_folders()
    return Part("folders", "on", f"imported from {Path(__file__).resolve().parents[2]}")


def _server(settings: "Settings") -> list[Part]:
    """In a server that runs this for the command line."""
    if settings.server_address is None:
        return []
    return [Part("server", "on", f"{settings.server_address} holds the stores; this is its report")]


def _home(settings: "Settings") -> Part:
    folder = settings.home_folder
    existing = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    try:
        # Tried, because rights alone do not tell: /proc, a read-only disk, a full one.
        with TemporaryDirectory(dir=existing):
            pass
    except OSError as error:
        why = f"nothing can be made in {existing}: {error.strerror or error}"
        return Part("home", "problem", why, "Set SIGNPOST_HOME to a folder that you may write to.")
    return Part("home", "on", str(folder) if folder == existing else f"{folder}, made on first use")


def _unknown_settings() -> list[Part]:
    from agent.settings import unknown_names

    names = unknown_names()
    if not names:
        return []
    detail = f"no setting has the name {', '.join(one_line(name) for name in names)}"
    return [Part("settings", "warning", detail, "See .env.example for the names; nothing reads the others.")]


def _stores(settings: "Settings") -> Iterator[Part]:
    """Opening them is the test; it also indexes what is not indexed yet."""
    from agent.session import open_session
    from tools.errors import StoreHeldError
    from tools.stores.home import Home

    if settings.stores.is_embedded and not Home(settings.home_folder).ledger_file.exists():
        for name in ("ledger", "vector index", "knowledge graph"):
            yield Part(name, "off", "nothing has been added yet", "signpost add PATH")
        return
    try:
        at_once = settings.model_copy(update={"lock_wait_seconds": 0.0})
        with open_session("doctor", if_stopped="Nothing was changed.", settings=at_once) as session:
            yield from _open_stores(session)
    except StoreHeldError as error:
        yield _problem("stores", error)
    except Exception as error:  # whatever is broken is what the report is about
        yield _problem("ledger and index" if settings.stores.is_embedded else "ledger", error)


def _open_stores(session: "Session") -> Iterator[Part]:
    from tools.access import Access
    from tools.stores.sql.migrations import MIGRATIONS

    stores = session.run(session.resources.stores())
    ledger, graph = stores.ledger, stores.graph_database
    counts = session.run(ledger.counts(Access()))
    yield _answered(
        session, "ledger", ledger.check(), f"schema version {len(MIGRATIONS)}; {counts.documents:,} documents"
    )
    states = session.run(ledger.index_states(stores.vector_store.index_version))
    indexed = sum(state.indexed for state in states)
    waiting = _waiting(sum(state.pending for state in states), "passages")
    yield _answered(session, "vector index", stores.vector_store.check(), f"{indexed:,} passages{waiting}")
    waiting = _waiting(session.run(ledger.graph_state(graph.graph_version)).pending, "documents") if graph else ""
    known = f"{counts.entities:,} entities, {counts.facts:,} facts{waiting}"
    yield _answered(session, "knowledge graph", stores.knowledge_graph.check(), known)


def _waiting(number: int, what: str) -> str:
    return f"; {number:,} {what} are not there yet" if number else ""


def _answered(session: "Session", name: str, check: Coroutine[Any, Any, str], holds: str) -> Part:
    """A store that is asked who it is, and how long its answer takes."""
    began = time.monotonic()
    try:
        engine = session.run(check)
    except Exception as error:
        return _problem(name, error)
    milliseconds = (time.monotonic() - began) * 1000
    detail = f"{engine}, {milliseconds:,.0f} ms; {holds}"
    if milliseconds < _SLOW_MILLISECONDS:
        return Part(name, "on", detail)
    next_step = (
        "Answers wait for it: look at its load and the network. SIGNPOST_STORE_TIMEOUT_SECONDS bounds each wait."
    )
    return Part(name, "warning", detail, next_step)


def _conversations(settings: "Settings") -> Part:
    from agent.thread_store import ThreadStore
    from tools.stores.home import Home

    threads = ThreadStore(Home(settings.home_folder).threads_file, settings.stores)
    try:
        kept = threads.count()
    except Exception as error:  # whatever is broken is what the report is about
        return _problem("conversations", error)
    if not kept:
        return Part("conversations", "off", "none is kept yet", 'signpost ask "…" --thread NAME')
    return Part("conversations", "on", f"{kept:,} kept in {threads.place}")


def _web(settings: "Settings") -> Part:
    if settings.web == "off":
        return Part("web search", "off", "switched off by SIGNPOST_WEB", "SIGNPOST_WEB=on")
    if _is_reachable():
        return Part("web search", "on", "ddgs; the network is reachable")
    detail = f"the web could not be reached within {_WEB_SECONDS:.0f} s; answers say so when they would need it"
    return Part("web search", "off", detail, "Connect to the network, or set HTTPS_PROXY if a proxy is needed.")


def _is_reachable() -> bool:
    from urllib.request import urlopen

    reached = threading.Event()

    def fetch() -> None:
        try:
            with urlopen(_WEB_ADDRESS, timeout=_WEB_SECONDS):
                reached.set()
        except OSError:
            pass

    # A thread, because no timeout bounds the look-up of a name.
    thread = threading.Thread(target=fetch, daemon=True)
    thread.start()
    thread.join(_WEB_SECONDS)
    return reached.is_set()


def _models(settings: "Settings") -> list[Part]:
    """Each model's client is made, which tells a missing package or key; nothing is sent."""
    from tools.models.chat_models import ChatModels

    models = ChatModels(settings.chat_models)
    if not models.names:
        detail = "none is set: answers are the documents' own sentences"
        return [Part("model", "off", detail, "SIGNPOST_CHAT_MODEL=openai:gpt-4.1-mini and OPENAI_API_KEY=… in .env")]
    return [_model(models, name) for name in models.names]


def _model(models: "ChatModels", name: str) -> Part:
    from agent.live_check import roles_of

    try:
        models.check(name)
    except Exception as error:  # whatever a provider's package raises is what is told
        return _problem("model", error)
    return Part("model", "on", f"{name} for {roles_of(models, name)}; signpost doctor --live asks it something")


def _live(settings: "Settings", parts: list[Part]) -> list[Part]:
    from agent.installation import installed_version
    from agent.live_check import check_live, write_report
    from agent.session import open_session

    try:
        with open_session("doctor", if_stopped="Nothing was changed.", settings=settings) as session:
            found = session.run(check_live(session.run(session.resources.get())))
            folder = session.resources.home.folder / "reports"
        path = write_report([*parts, *found], folder, installed_version())
    except Exception as error:  # whatever is broken is what the report is about
        return [_problem("live", error)]
    return [*found, Part("report", "on", str(path))]


def _problem(name: str, error: Exception) -> Part:
    from agent.failures import as_signpost_error

    told = as_signpost_error(error)
    return Part(name, "problem", " ".join(part for part in (told.what, told.why) if part), told.next_step)


def _show(parts: list[Part]) -> None:
    for part in parts:
        say(f"{part.state:<8} {part.part:<16} {part.detail}")
        if part.next_step:
            say(f"{'':<25} -> {part.next_step}")
