"""Every example is run against a real server, as a reader would run it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.conftest import ROOT

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("langgraph dev")]

EXAMPLES = ROOT / "examples"
CHINESE = "一标段施工场界昼间噪声预测值是多少分贝？"
UNANSWERABLE = "东站项目屋顶光伏的年发电量是多少？"


def files(folder: str, pattern: str) -> list[str]:
    return sorted(path.name for path in (EXAMPLES / folder).glob(pattern))


def run(folder: Path, server: str, *command: str, typed: str = "") -> str:
    """What a command prints in `folder`."""
    environment = {**os.environ, "SIGNPOST_URL": server, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=folder, env=environment, input=typed, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def javascript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the JavaScript examples with their packages."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    folder = tmp_path_factory.mktemp("examples") / "javascript"
    shutil.copytree(EXAMPLES / "javascript", folder, ignore=shutil.ignore_patterns("node_modules"))
    installed = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True, timeout=300
    )
    if installed.returncode:
        pytest.skip(f"npm ci failed: {installed.stderr[-500:]}")
    return folder


@pytest.mark.parametrize("name", files("python", "*.py"))
def test_python(server: str, name: str) -> None:
    printed = run(EXAMPLES / "python", server, sys.executable, name, CHINESE)
    assert "66分贝" in printed
    assert "[1] " in printed


@pytest.mark.parametrize("name", files("curl", "*.sh"))
def test_curl(server: str, name: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    printed = run(EXAMPLES / "curl", server, "sh", name, f'{CHINESE}"\\')
    assert "66分贝" in printed
    assert "citations" in printed


@pytest.mark.node
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", files("javascript", "*.mjs"))
def test_javascript(server: str, javascript: Path, name: str) -> None:
    printed = run(javascript, server, "node", name, CHINESE)
    assert "66分贝" in printed
    assert "citations" in printed if name == "mcp.mjs" else "[1] " in printed


def test_without_an_argument_they_ask_about_the_samples(server: str) -> None:
    """One of them is run; all begin alike."""
    assert "24 hours in advance" in run(EXAMPLES / "python", server, sys.executable, "chat_completions.py")
    sources = [
        path.read_text(encoding="utf-8") for path in EXAMPLES.glob("*/*") if path.suffix in (".py", ".mjs", ".sh")
    ]
    assert len(sources) == 12
    # In the usage, and as the default.
    assert {source.count("How far in advance must a hot work permit be requested?") for source in sources} == {2}


def test_a_question_back_is_answered_in_python(server: str) -> None:
    printed = run(EXAMPLES / "python", server, sys.executable, "sdk.py", UNANSWERABLE, typed="no\n")
    assert "按您的要求，没有搜索互联网" in printed


@pytest.mark.node
@pytest.mark.timeout(400)
def test_a_question_back_is_answered_in_javascript(server: str, javascript: Path) -> None:
    assert "按您的要求，没有搜索互联网" in run(javascript, server, "node", "sdk.mjs", UNANSWERABLE, typed="no\n")


def test_the_lock_file_names_no_other_registry() -> None:
    """npm would write where it happened to download from; without it, each machine asks its own registry."""
    assert '"resolved"' not in (EXAMPLES / "javascript" / "package-lock.json").read_text(encoding="utf-8")


def test_the_readme_names_every_example() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    names = files("python", "*.py") + files("javascript", "*.mjs") + files("curl", "*.sh")
    assert names
    assert [name for name in names if readme.count(f"/{name})") != 2] == []
