"""A record is of one state of everything that could change it."""

from pathlib import Path
from typing import Any

import pytest

from agent.settings import Settings
from evals import versions
from evals.versions import digest_of, key_of, product_versions


def settings(**more: Any) -> Settings:
    return Settings.model_validate({"chat_model": "off", "OPENAI_BASE_URL": "", "web": "on", **more})


@pytest.mark.parametrize(
    "more",
    [
        {"chat_model": "openai:m"},
        {"grade_model": "openai:m"},
        {"embedding_model": "openai:e"},
        {"OPENAI_BASE_URL": "http://user:s3cret@localhost:1/v1"},
        {"web": "off"},
        {"model_timeout_seconds": 3.0},
    ],
)
def test_another_model_or_server_is_another_product(more: dict[str, str]) -> None:
    told = product_versions(settings(**more))
    assert key_of(told) != key_of(product_versions(settings()))
    assert "s3cret" not in str(told)


@pytest.mark.parametrize(
    "more",
    [{"judge_model": "openai:j"}, {"lock_wait_seconds": 1.0}, {"home": "/elsewhere"}, {"QDRANT_URL": "http://q"}],
)
def test_what_changes_no_answer_changes_no_version(more: dict[str, Any]) -> None:
    assert product_versions(settings(**more)) == product_versions(settings())


def test_a_changed_file_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "_ROOT", tmp_path)
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    paths = [tmp_path / "a.py", tmp_path / "b.py"]
    before = digest_of(paths)
    assert digest_of(reversed(paths)) == before
    (tmp_path / "b.py").write_text("c", encoding="utf-8")
    assert digest_of(paths) != before
    assert digest_of(paths[:1]) != digest_of(paths)
