"""What was asked of the scripted model, and how it went."""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.scripted_model.asked import Asked
from tests.scripted_model.script import Fault


@dataclass(slots=True, eq=False)
class Entry:
    """One request to /v1/chat/completions.

    kind, mode, model, stream, messages: as in `Asked`. began, ended: Unix time in seconds; None while it runs.
    status: HTTP status sent, 0 before. fault: what was made to go wrong. reply: text sent, thoughts left out.
    hung_up: the client closed the connection before the end.
    """

    kind: str
    mode: str
    model: str
    stream: bool
    messages: list[dict[str, Any]]
    began: float = field(default_factory=time.time)
    ended: float | None = None
    status: int = 0
    fault: Fault | None = None
    reply: str = ""
    hung_up: bool = False


class Log:
    """Entries in the order in which the requests came; those that run are kept apart from a cleared list."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.open: set[Entry] = set()

    def begin(self, asked: Asked) -> Entry:
        entry = Entry(asked.kind, asked.mode, asked.model, asked.stream, asked.messages)
        self.open.add(entry)
        self.entries.append(entry)
        return entry

    def end(self, entry: Entry) -> None:
        """The reply is complete, or nobody waits for it; the first call counts."""
        if entry in self.open:
            entry.ended = time.time()
            self.open.remove(entry)

    def clear(self) -> None:
        self.entries.clear()

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self.entries]
