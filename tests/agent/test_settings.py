from pathlib import Path

import pytest

from agent.settings import read_settings, unknown_names
from tools.errors import InputError


def test_the_home_is_absolute_and_may_name_the_user_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SIGNPOST_HOME", raising=False)
    assert read_settings().home_folder == tmp_path / ".signpost"
    monkeypatch.setenv("SIGNPOST_HOME", "near")
    assert read_settings().home_folder == Path.cwd() / "near"


def test_a_dotenv_file_is_read_and_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("SIGNPOST_HOME=/from/file\nSIGNPOST_WEB=on\nOTHER=x\n", encoding="utf-8")
    settings = read_settings()
    assert settings.home_folder == Path("/from/file")
    assert settings.web == "off"  # as the environment says


@pytest.mark.parametrize(("given", "web"), [("Off", "off"), ("ON", "on"), ("", "on")])
def test_the_case_does_not_matter_and_an_empty_value_is_the_default(
    monkeypatch: pytest.MonkeyPatch, given: str, web: str
) -> None:
    monkeypatch.setenv("SIGNPOST_WEB", given)
    monkeypatch.setenv("SIGNPOST_HOME", "")
    monkeypatch.setenv("SIGNPOST_LOCK_WAIT_SECONDS", "")
    settings = read_settings()
    assert settings.web == web
    assert settings.lock_wait_seconds == 5
    assert "home" not in settings.model_fields_set


def test_names_that_are_no_setting_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_DEBUG", "1")
    monkeypatch.setenv("signpost_web", "on")
    assert unknown_names() == []
    monkeypatch.setenv("SIGNPOST_HOEM", "x")
    Path(".env").write_text("SIGNPOST_WBE=\nSIGNPOST_HOME=x\nOTHER=x\n", encoding="utf-8")
    assert unknown_names() == ["SIGNPOST_HOEM", "SIGNPOST_WBE"]


def test_a_wrong_setting_is_named_and_its_value_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_LOCK_WAIT_SECONDS", "s3cret")
    with pytest.raises(InputError) as raised:
        read_settings()
    assert "SIGNPOST_LOCK_WAIT_SECONDS" in raised.value.why
    assert "s3cret" not in str(raised.value)
