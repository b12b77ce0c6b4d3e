"""What a removed document has left outside of the stores, forgotten by the folders above that keep it."""

from importlib.metadata import entry_points
from pathlib import Path

ENTRY_POINT_GROUP = "signpost.forgetting"
"""Each gives a function of the home and a document's id that deletes what is kept there of the document's text."""


def forget_elsewhere(home: Path, document_id: str) -> None:
    """Has it forgotten. Blocks. Raises SignpostError where something could not be deleted; it may be tried again."""
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        entry.load()(home, document_id)
