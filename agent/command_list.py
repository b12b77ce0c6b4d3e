"""The command line's own commands, by name."""

from collections.abc import Callable, Mapping

from agent.commands.add import add
from agent.commands.ask import ask
from agent.commands.backup import backup
from agent.commands.chat import chat
from agent.commands.demo import demo
from agent.commands.doctor import doctor
from agent.commands.move import move
from agent.commands.parse import parse
from agent.commands.plan import plan
from agent.commands.reindex import reindex
from agent.commands.remove import remove
from agent.commands.restore import restore
from agent.commands.route import route
from agent.commands.search import search
from agent.commands.serve import serve
from agent.commands.status import status

# What a command needs beyond this is imported when it is called: `--help` stays fast.
COMMANDS: Mapping[str, Callable[..., int]] = {
    "demo": demo,
    "add": add,
    "plan": plan,
    "remove": remove,
    "status": status,
    "parse": parse,
    "search": search,
    "ask": ask,
    "chat": chat,
    "route": route,
    "doctor": doctor,
    "serve": serve,
    "move": move,
    "reindex": reindex,
    "backup": backup,
    "restore": restore,
}

# Commands that work in the stores: while a server holds them, it runs them for the command line.
IN_THE_STORES: frozenset[str] = frozenset(
    {"demo", "add", "plan", "remove", "status", "search", "ask", "chat", "route", "doctor", "reindex"}
)
