import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agent.__main__ import app
from agent.commands.demo import QUESTIONS
from tests.agent.command_line import NOTHING_OUTSIDE, Signpost

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="module")
def first_answers(home: Path) -> list[dict[str, Any]]:
    """What the demo answers over an empty home."""
    first = CliRunner().invoke(app, ["demo", "--json"], env={**NOTHING_OUTSIDE, "SIGNPOST_HOME": str(home)})
    assert first.exit_code == 0, first.output
    answers: list[dict[str, Any]] = json.loads(first.stdout)["answers"]
    return answers


class TestEightQuestions:
    def test_each_shows_what_it_is_there_to_show(self, first_answers: list[dict[str, Any]]) -> None:
        by_purpose = {question.shows: answer for question, answer in zip(QUESTIONS, first_answers, strict=True)}
        assert len(by_purpose) == 8

        def routes(shows: str) -> set[str]:
            return {choice["route"] for choice in by_purpose[shows]["receipt"]["routes"]}

        chinese = by_purpose["a Chinese document"]
        assert "68分贝" in chinese["answer"]
        assert chinese["citations"][0]["page"] == 3
        assert "66分贝" in by_purpose["a follow-up, understood from the question before"]["answer"]
        assert "24 hours" in by_purpose["an English document"]["answer"]
        assert routes("a relation, from the knowledge graph") == {"graph"}
        assert "孟庭芳" in by_purpose["a relation, from the knowledge graph"]["answer"]
        assert routes("two ways at once") == {"vector", "graph"}
        assert "华衡工程监理" in by_purpose["two ways at once"]["answer"]
        assert "19.296万元" in by_purpose["two ways at once"]["answer"]
        assert routes("a greeting") == {"direct"}
        assert by_purpose["not in the documents"]["status"] == "refused"

    @pytest.mark.usefixtures("first_answers")
    def test_a_second_run_loads_nothing_again_and_shows_all(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SIGNPOST_HOME", str(home))
        result = Signpost(home)("demo")
        assert result.exit_code == 0
        assert "unchanged" in result.stdout
        assert " added" not in result.stdout.split("===")[0]
        assert [question.text for question in QUESTIONS if f"? {question.text}" not in result.stdout] == []
        assert "第 3 页" in result.stdout
        assert " ask " in result.stdout.split("What to try next")[1]
        for name in ("README.md", "README.zh.md"):
            readme = (ROOT / name).read_text(encoding="utf-8")
            (shown,) = re.findall(r"```\n(=== .*?)```", readme, re.DOTALL)
            lines = [line for line in shown.splitlines() if "毫秒" not in line]
            assert [line for line in lines if line not in result.stdout] == []


def test_the_samples_are_apart_from_the_users_own_documents(signpost: Signpost, tmp_path: Path) -> None:
    own = tmp_path / "canteen.md"
    own.write_text("# 食堂\n\n东站项目的食堂每餐15元。\n", encoding="utf-8")
    signpost.json("add", own)
    answers = signpost.json("demo")["answers"]
    assert answers[-1]["status"] == "refused"
    counts = {each["name"]: each["documents"] for each in signpost.json("status")["collections"]}
    assert counts == {"default": 1, "samples": 14}


def test_without_a_home_set_the_demo_has_one_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from agent.commands.demo import _settings_of_demo
    from agent.settings import read_settings
    from tests.agent.command_line import ROOT

    monkeypatch.delenv("SIGNPOST_HOME", raising=False)
    assert _settings_of_demo(read_settings()).home_folder == ROOT / ".signpost"
    monkeypatch.setenv("SIGNPOST_HOME", "/elsewhere")
    assert _settings_of_demo(read_settings()).home_folder == Path("/elsewhere")


@pytest.mark.usefixtures("offline")
def test_offline_the_news_say_that_the_web_could_not_be_reached(signpost: Signpost) -> None:
    news = next(question for question in QUESTIONS if question.shows.startswith("fresh news"))
    answer = signpost.json("ask", news.text)
    assert answer["status"] == "refused"
    assert "无法访问互联网" in answer["answer"]
