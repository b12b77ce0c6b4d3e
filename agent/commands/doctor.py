"""signpost doctor: which parts are on, which are off, and the line that turns each on or repairs it."""

import os
import platform
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agent.options import AsJson
from agent.output import say, say_json
from tools.text.clean import one_line

if TYPE_CHECKING:
    from agent.settings import Settings
    from tools.models.chat_models import ChatModels

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
        parts.append(problem("settings", error))
    else:
        from agent.store_report import embedding_part, store_parts

        parts += [*_server(settings), *_unknown_settings(), _home(settings)]
        with ThreadPoolExecutor() as beside:  # what is silent is waited for at once, not one after the other
            asked = [beside.submit(ask, settings) for ask in (_conversations, _web)]
            parts += [*store_parts(settings), *(part.result() for part in asked)]
        parts += [_text_recognition(settings), *_models(settings), embedding_part(settings)]
        if live:
            parts += _live(settings, parts)
    if as_json:
        say_json({"parts": [asdict(part) for part in parts]})
    else:
        _show(parts)
    return 1 if any(part.state == "problem" for part in parts) else 0


def problem(name: str, error: Exception) -> Part:
    """The line of a part that cannot be used."""
    from agent.failures import as_signpost_error

    told = as_signpost_error(error)
    return Part(name, "problem", " ".join(part for part in (told.what, told.why) if part), told.next_step)


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


def _conversations(settings: "Settings") -> Part:
    from agent.thread_store import ThreadStore
    from tools.stores.home import Home

    threads = ThreadStore(Home(settings.home_folder).threads_file, settings.stores)
    try:
        kept = threads.count()
    except Exception as error:  # whatever is broken is what the report is about
        return problem("conversations", error)
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


def _text_recognition(settings: "Settings") -> Part:
    from ingest.ocr_engine import is_available
    from tools.extras import install_line

    if not settings.reading.recognizes_text:
        return Part("text recognition", "off", "switched off by SIGNPOST_OCR", "set SIGNPOST_OCR=auto")
    if not is_available():
        detail = "scans and pictures are not read; add says which"
        return Part("text recognition", "off", detail, install_line("ocr"))
    return Part("text recognition", "on", "scans and pictures are read, Chinese and English")


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
        return problem("model", error)
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
        return [problem("live", error)]
    return [*found, Part("report", "on", str(path))]


def _show(parts: list[Part]) -> None:
    for part in parts:
        say(f"{part.state:<8} {part.part:<16} {part.detail}")
        if part.next_step:
            say(f"{'':<25} -> {part.next_step}")
