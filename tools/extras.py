"""How optional parts of Signpost are installed."""

import shlex
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def install_line(extra: str) -> str:
    """The command that installs an extra, the same from whatever folder it is run in."""
    return shlex.join(["pip", "install", "-e", f"{_ROOT}[{extra}]", "-c", str(_ROOT / "requirements.lock")])
