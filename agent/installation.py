"""What is installed, and whether the folders imported by plain names (`tools`, …) are this repository's own."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from tools.errors import SignpostError

FOLDERS = ("agent", "evals", "graph", "ingest", "prompts", "tools")


def check_folders() -> None:
    """Raises SignpostError when another distribution or folder shadows one of ours."""
    root = Path(__file__).resolve().parent.parent
    for name in FOLDERS:
        spec = find_spec(name)
        places = [Path(place).resolve() for place in (spec.submodule_search_locations or [])] if spec else []
        if places and root / name not in places:
            raise SignpostError(
                f"The folder '{name}' is imported from {places[0]}, not from Signpost's own {root / name}.",
                why="Signpost's folders have plain names, and another package or folder has one of the same name.",
                next_step="Run Signpost from its own folder, in its own virtual environment.",
            )


def installed_version() -> str | None:
    """None when Signpost runs from its folder without being installed."""
    try:
        return version("signpost")
    except PackageNotFoundError:
        return None
