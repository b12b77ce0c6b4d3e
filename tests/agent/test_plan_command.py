"""signpost plan, and the options that it shares with add."""

from pathlib import Path

import pytest

from tests.agent.command_line import Signpost


def test_plans_and_stores_nothing(signpost: Signpost, files: Path) -> None:
    shown = signpost("plan", files)
    assert shown.exit_code == 0, shown.output
    assert "To be read: 3 files (1 .csv, 2 .md)" in shown.stdout
    assert "Money" not in shown.stdout  # no model is set
    assert "Pages" not in shown.stdout  # none of these formats has any
    assert signpost.json("status")["documents"] == 0
    signpost.json("add", files)
    assert "Nothing to do: 3 files kept as they are" in signpost("plan", files).stdout
    assert signpost.json("plan", files)["unchanged"] == 3


def test_money_is_known_where_a_model_has_a_price(
    signpost: Signpost, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_PRICES", '{"openai:small": {"input": 20, "output": 0}}')
    assert signpost.json("plan", files)["money"] is None
    assert "nothing that a budget" in signpost.error("add", files, "--budget", "1", code=2)["what"]
    monkeypatch.setenv("SIGNPOST_EMBEDDING_MODEL", "openai:small")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    assert "Money: about" in signpost("plan", files).stdout
    money = signpost.json("plan", files)["money"]
    assert 0 < money["low"] < money["expected"] < money["high"]
    stopped = signpost("add", files, "--budget", "0.00001", "--collection", "two words")
    assert stopped.exit_code == 1
    assert "The budget of 1e-05 is used up." in stopped.stderr
    assert "Stopped with 3 files left" in stopped.stderr
    assert f"To go on: signpost add {files} --collection 'two words' --budget 1e-05" in stopped.stderr
    assert signpost.json("status")["documents"] == 0
    monkeypatch.setenv("SIGNPOST_PRICES", "{}")
    assert "Money: not known, for SIGNPOST_PRICES does not name openai:small" in signpost("plan", files).stdout


def test_a_model_without_a_price_is_named_and_no_budget_is_kept_for_it(
    signpost: Signpost, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_PRICES", '{"openai:seeing": {"input": 20, "output": 0}}')
    monkeypatch.setenv("SIGNPOST_VISION_MODEL", "openai:seeing")
    monkeypatch.setenv("SIGNPOST_EMBEDDING_MODEL", "openai:small")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    assert "and what openai:small costs, which SIGNPOST_PRICES does not name" in signpost("plan", files).stdout
    assert "what openai:small costs" in signpost.error("add", files, "--budget", "1", code=2)["what"]


def test_estimates_rest_on_files_that_will_be_read(signpost: Signpost, tmp_path: Path) -> None:
    (tmp_path / "mill.md").write_text("The mill is old.", encoding="utf-8")
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.4 cut off")
    shown = signpost("plan", tmp_path / "mill.md", tmp_path / "cut.pdf").stdout
    assert "To be read: 1 file (1 .md)" in shown
    assert "Estimated from 1 file;" in shown


def test_patterns_choose_files_of_folders(signpost: Signpost, files: Path) -> None:
    assert signpost.json("plan", files, "--include", "*.md")["formats"] == {".md": 2}
    result = signpost("add", files, "--include", "*.md", "--include", "*.csv", "--exclude", "t*")
    assert "2 added, 1 skipped" in result.stdout
    assert "Skipped: travel.md (1 left out by a pattern)" in result.stderr
    assert "'!' is no pattern" in signpost.error("add", files, "--exclude", "!", code=2)["what"]


def test_sync_removes_what_is_gone_and_names_it(
    signpost: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[str] = []
    monkeypatch.setattr("agent.forgetting.forget_elsewhere", lambda home, id_: forgotten.append(id_))
    papers = tmp_path / "papers"
    papers.mkdir()
    for name in ("mill", "bridge"):
        (papers / f"{name}.md").write_text(f"# The {name}\n\nIt is old.", encoding="utf-8")
    signpost.json("add", papers)
    (papers / "mill.md").unlink()
    assert (
        f"To be removed, for its file is gone: The mill ({papers}/mill.md)" in signpost("plan", papers, "--sync").stdout
    )
    listed = signpost.json("status", "--documents")["listed"]
    result = signpost("add", papers, "--sync")
    assert "1 unchanged, 1 removed" in result.stdout
    assert forgotten == [each["id"] for each in listed if each["title"] == "The mill"]
    assert f"Removed, for its file is gone: The mill ({papers}/mill.md)" in result.stderr
    assert signpost.json("add", papers, "--sync")["gone"] == []
    assert "no folder" in signpost.error("add", papers / "bridge.md", "--sync", code=2)["what"]


def test_nothing_that_can_be_used_is_wrong_input(signpost: Signpost, tmp_path: Path) -> None:
    assert signpost("plan", tmp_path / "nowhere").exit_code == 2


def test_the_way_of_splitting_counts(signpost: Signpost, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("".join(f"# Part {n}\n\nThe mill is old.\n\n" for n in range(9)), encoding="utf-8")
    planned = {
        split: signpost.json("plan", tmp_path / "a.md", "--split", split)["chunks"] for split in ("auto", "fixed")
    }
    assert planned["fixed"]["expected"] < planned["auto"]["expected"]
    assert signpost.json("add", tmp_path / "a.md", "--split", "fixed")["chunks"] == planned["fixed"]["expected"]
    assert signpost.json("plan", tmp_path / "a.md")["unchanged"] == 1
    assert signpost.json("plan", tmp_path / "a.md", "--split", "auto")["unchanged"] == 0
    assert "'lines'" in signpost.error("plan", tmp_path, "--split", "lines", code=2)["what"]


def test_what_another_loader_gives_is_planned(signpost: Signpost, tmp_path: Path) -> None:
    (tmp_path / "a.pump").write_text("The mill is old.\nThe dam is high.", encoding="utf-8")
    with_loader = (tmp_path / "a.pump", "--loader", "tests.ingest.test_community.PagesLoader")
    planned = signpost.json("plan", *with_loader)
    assert (planned["formats"], planned["pages"]["expected"]) == ({".pump": 1}, 2)
    signpost.json("add", *with_loader)
    assert signpost.json("plan", *with_loader)["unchanged"] == 1
    for command, option in (("plan", "--sync"), ("add", "--sync"), ("add", "--include=*.md")):
        assert "--loader does not go with" in signpost.error(command, *with_loader, option, code=2)["what"]
    assert "no document loader" in signpost.error("plan", tmp_path, "--loader", "json.Nothing", code=2)["what"]
