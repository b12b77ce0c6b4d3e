"""What a replay of the stores does, in words."""

from collections.abc import Mapping

from agent.output import counted
from tools.stores.progress import ReplayStage

REPLAY_TITLES: Mapping[ReplayStage, str] = {
    "indexing": "indexing passages",
    "writing": "writing documents into the graph database",
}


def replay_line(stage: ReplayStage, due: int) -> str:
    """The same with their number: "indexing 2,000 passages"."""
    if stage == "indexing":
        return f"indexing {counted(due, 'passage')}"
    return f"writing {counted(due, 'document')} into the graph database"
