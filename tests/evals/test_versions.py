"""What a figure depends on is told in a few characters."""

from agent.settings import Settings
from evals.versions import product_versions


def models(**settings: str) -> str:
    return product_versions(Settings.model_validate(settings))["models"]


def test_the_model_of_each_role_is_told_and_none_for_a_role_without_one() -> None:
    assert models(chat_model="off") == "none"
    told = models(chat_model="openai:small", verify_model="openai:large")
    assert "verify openai:large" in told
    assert "grade openai:small" in told
    assert "judge" not in told
    assert models(chat_model="off", verify_model="openai:large") == "verify openai:large"


def test_a_judge_is_no_part_of_the_product() -> None:
    assert models(chat_model="openai:small", judge_model="openai:large") == models(chat_model="openai:small")
