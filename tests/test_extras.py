import shlex
from pathlib import Path

from tools.extras import install_line


def test_an_extra_is_installed_from_wherever_the_command_is_run() -> None:
    pip, install, option, place, constraint, lock = shlex.split(install_line("ocr"))
    assert (pip, install, option, constraint) == ("pip", "install", "-e", "-c")
    folder, bracket, extra = place.partition("[")
    assert (Path(folder) / "pyproject.toml").is_file()
    assert (bracket, extra) == ("[", "ocr]")
    assert Path(lock).is_file()
