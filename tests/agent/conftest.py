"""A home with a few small files in it, and the command line as a function."""

import os
import shutil
from pathlib import Path

import ddgs
import pytest
from ddgs.exceptions import DDGSException
from typer.testing import CliRunner, Result

from agent.__main__ import app
from tests.agent.command_line import LODGING, NOTHING_OUTSIDE, Signpost

FILES = {
    "travel.md": (
        "# 差旅管理办法\n\n## 住宿\n\n第五条 一线城市的住宿标准为每晚550元。\n\n"
        "## 审批\n\n第九条 出差由部门经理审批。\n"
    ),
    "bridge.md": "# Harbour Bridge\n\n## Opening\n\nThe Harbour Bridge opened in 1987 and is 412 metres long.\n",
    "people.csv": "姓名,职务,所属单位\n李岚,总经理,海晏工程有限公司\n周舟,总工程师,海晏工程有限公司\n",
}


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("SIGNPOST_", "OPENAI_", "QDRANT_", "NEO4J_"))]:
        monkeypatch.delenv(name)
    for name, value in NOTHING_OUTSIDE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)  # and no .env


@pytest.fixture
def signpost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signpost:
    """The command line over an empty home."""
    return _over(tmp_path / "home", monkeypatch)


@pytest.fixture(scope="session")
def filled_home(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FILES and nothing else; to be copied."""
    home = tmp_path_factory.mktemp("filled") / "home"
    added: Result = CliRunner().invoke(app, ["add", str(files)], env={**NOTHING_OUTSIDE, "SIGNPOST_HOME": str(home)})
    assert added.exit_code == 0, added.output
    return home


@pytest.fixture(scope="session")
def shared_home(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(filled_home, tmp_path_factory.mktemp("shared") / "home")


@pytest.fixture(scope="session")
def home_with_a_conversation(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same documents, and an answer in the thread "trip"; to be copied."""
    home = tmp_path_factory.mktemp("conversation") / "home"
    shutil.copytree(filled_home, home)
    environment = {**NOTHING_OUTSIDE, "SIGNPOST_HOME": str(home)}
    asked: Result = CliRunner().invoke(app, ["ask", LODGING, "--thread", "trip"], env=environment)
    assert asked.exit_code == 0, asked.output
    return home


@pytest.fixture
def filled(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Signpost:
    """The command line over a home that holds FILES; shared, so not to be changed but for conversations."""
    return _over(shared_home, monkeypatch)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The web may be searched and cannot be reached."""

    class Unreachable:
        def __init__(self, **_: object) -> None: ...

        def text(self, query: str, **_: object) -> list[dict[str, str]]:
            raise DDGSException("no route to host")

    monkeypatch.setattr(ddgs, "DDGS", Unreachable)
    monkeypatch.setenv("SIGNPOST_WEB", "on")


def _over(home: Path, monkeypatch: pytest.MonkeyPatch) -> Signpost:
    monkeypatch.setenv("SIGNPOST_HOME", str(home))
    return Signpost(home)
