import os
from pathlib import Path

import pytest

from agent.settings import read_settings, unknown_names
from tools.errors import InputError
from tools.stores.store_settings import Neo4jSettings, QdrantSettings, StoreSettings


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


def test_names_of_servers_are_known_in_the_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_HEAP", "1G")
    Path(".env").write_text("QDRANT_ULR=http://localhost\nNEO4J_USER=neo4j\nNEO4J_URI=\n", encoding="utf-8")
    assert unknown_names() == ["NEO4J_USER", "QDRANT_ULR"]


@pytest.mark.parametrize("url", ["mysql://u:s3cret@host/name", "sqlite:///s3cret.db", "host/s3cret"])
def test_a_database_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", url)
    with pytest.raises(InputError) as raised:
        read_settings()
    assert "SIGNPOST_DATABASE_URL" in raised.value.why
    assert "postgresql://" in raised.value.why
    assert "s3cret" not in str(raised.value)


def test_a_wrong_setting_is_named_and_its_value_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_LOCK_WAIT_SECONDS", "s3cret")
    with pytest.raises(InputError) as raised:
        read_settings()
    assert "SIGNPOST_LOCK_WAIT_SECONDS" in raised.value.why
    assert "s3cret" not in str(raised.value)


SERVERS = {
    "SIGNPOST_DATABASE_URL": "postgresql://u:s3cret@host/name",
    "QDRANT_URL": "http://host:6333",
    "QDRANT_API_KEY": "s3cret",
    "NEO4J_URI": "neo4j://host",
    "NEO4J_PASSWORD": "s3cret",
}


def test_without_settings_all_stores_stand_in_the_home() -> None:
    assert read_settings().stores == StoreSettings()
    assert StoreSettings().is_embedded
    assert StoreSettings().needs_home


def test_each_store_moves_to_its_server_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QDRANT_URL", "http://host:6333")
    monkeypatch.setenv("SIGNPOST_QDRANT_SHARDS", "3")
    monkeypatch.setenv("SIGNPOST_QDRANT_QUANTIZATION", "binary")
    stores = read_settings().stores
    assert stores.qdrant == QdrantSettings("http://host:6333", shards=3, quantization="binary")
    assert (stores.database_url, stores.neo4j) == ("", None)
    assert not stores.is_embedded
    assert stores.needs_home
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", "postgresql://host/name")
    assert not read_settings().stores.needs_home
    monkeypatch.setenv("NEO4J_URI", "neo4j://host")
    monkeypatch.setenv("NEO4J_DATABASE", "graph")
    assert read_settings().stores.neo4j == Neo4jSettings("neo4j://host", database="graph")


def test_off_in_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("".join(f"{name}={value}\n" for name, value in SERVERS.items()), encoding="utf-8")
    assert read_settings().stores.qdrant is not None
    assert "QDRANT_URL" not in os.environ  # what is Signpost's own it does not hand on
    for name in ("SIGNPOST_DATABASE_URL", "QDRANT_URL", "NEO4J_URI"):
        monkeypatch.setenv(name, "Off")
    assert read_settings().stores.is_embedded


def test_no_secret_is_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SERVERS.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert "s3cret" not in repr(settings) + str(settings) + repr(settings.stores)


def test_a_wrong_setting_of_a_server_is_named_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_QDRANT_QUANTIZATION", "some")
    with pytest.raises(InputError, match="SIGNPOST_QDRANT_QUANTIZATION"):
        read_settings()
