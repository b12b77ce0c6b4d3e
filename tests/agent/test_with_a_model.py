"""The command line with a model behind a real OpenAI-compatible server."""

import json
import os
from pathlib import Path

import pytest

from agent.settings import read_settings
from tests.agent.command_line import Signpost
from tests.scripted_model.server import ScriptedModel
from tools.errors import InputError

QUESTION = "一线城市的住宿标准是多少？"


@pytest.fixture
def with_model(filled: Signpost, scripted_model: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> Signpost:
    monkeypatch.setenv("SIGNPOST_CHAT_MODEL", "openai:scripted")
    monkeypatch.setenv("OPENAI_BASE_URL", scripted_model.url)
    return filled


def test_an_answer_is_written_by_the_model_and_its_cost_is_told(
    with_model: Signpost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_PRICES", '{"openai:scripted": {"input": 1000, "output": 2000}}')
    answer = with_model.json("ask", QUESTION)
    receipt = answer["receipt"]
    assert "550元" in answer["answer"]
    assert receipt["llm_calls"] == 1
    tokens = receipt["tokens"]
    assert tokens["input"] > 0
    assert tokens["output"] > 0
    assert receipt["cost"] == pytest.approx((tokens["input"] * 1000 + tokens["output"] * 2000) / 1e6, rel=1e-3)
    told = with_model("ask", QUESTION, "--why").stdout
    assert f"模型调用 1 次，读入 {tokens['input']:,} 个词元" in told
    assert "费用：" in told


def test_a_role_may_have_a_model_of_its_own(
    with_model: Signpost, scripted_model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_ROUTE_MODEL", "openai:small")
    with_model.json("ask", "出差补贴何时发放？")
    names = {entry.kind: entry.model for entry in scripted_model.log}
    assert names["Routing"] == "small"
    assert set(names.values()) <= {"small", "scripted"}


def test_a_wrong_key_costs_the_model_not_the_answer(
    with_model: Signpost, scripted_model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted_model.script.api_key = "sk-right"
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-0123456789")
    result = with_model("ask", QUESTION, "--why")
    assert "550元" in result.stdout
    assert "模型服务拒绝了密钥" in result.stdout
    assert "sk-wrong" not in result.output


def test_what_a_server_does_not_know_is_asked_once(
    with_model: Signpost, scripted_model: ScriptedModel, tmp_path: Path
) -> None:
    scripted_model.script.supports = scripted_model.script.without("json_schema", "tools")
    for _ in range(2):  # each is a process of its own to the store: the file remembers
        with_model.json("ask", "出差补贴何时发放？")
    refused = [entry for entry in scripted_model.log if entry.status == 400]
    assert len(refused) == 2
    assert (with_model.home / "model-traits.json").is_file()
    (with_model.home / "model-traits.json").unlink()


def test_doctor_says_what_the_model_is_and_tries_it(with_model: Signpost) -> None:
    parts = {part["part"]: part for part in with_model.json("doctor")["parts"]}
    assert parts["model"]["state"] == "on"
    assert "openai:scripted for every role" in parts["model"]["detail"]
    live = {part["part"]: part for part in with_model.json("doctor", "--live")["parts"]}
    assert live["model, live"]["state"] == "on"
    assert "2 requests" in live["model, live"]["detail"]
    report = json.loads(Path(live["report"]["detail"]).read_text("utf-8"))
    assert [part["part"] for part in report["parts"]][-2:] == ["model, live", "web search, live"]


def test_doctor_tells_what_is_wrong_with_a_model(
    with_model: Signpost, scripted_model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted_model.script.api_key = "sk-right"
    result = with_model("doctor", "--live", "--json")
    assert result.exit_code == 1
    live = {part["part"]: part for part in json.loads(result.stdout)["parts"]}
    assert live["model, live"]["state"] == "problem"
    assert "OPENAI_API_KEY" in live["model, live"]["next_step"]
    monkeypatch.setenv("SIGNPOST_CHAT_MODEL", "anthropic:claude")
    parts = {part["part"]: part for part in json.loads(with_model("doctor", "--json").stdout)["parts"]}
    assert parts["model"]["next_step"] == "pip install langchain-anthropic"


def test_keys_may_stand_in_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-file\nACME_API_KEY=of-another\nSIGNPOST_CHAT_MODEL=openai:x\n")
    settings = read_settings()
    assert settings.chat_models.openai_api_key == "sk-file"
    assert settings.chat_models.default == "openai:x"
    assert os.environ["ACME_API_KEY"] == "of-another"
    assert "sk-file" not in repr(settings) + repr(settings.chat_models)
    monkeypatch.delenv("ACME_API_KEY")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.mark.parametrize("prices", ["0.4", '{"openai:x": 3}', '{"openai:x": {"input": "dear"}}', "{"])
def test_a_price_table_that_is_none(prices: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_PRICES", prices)
    with pytest.raises(InputError, match="setting") as raised:
        read_settings()
    assert "PRICES" in raised.value.why or "prices" in raised.value.why
