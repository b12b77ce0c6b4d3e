from pathlib import Path

from tests.agent.command_line import Signpost


def test_an_empty_home_says_what_to_do(signpost: Signpost) -> None:
    result = signpost("status")
    assert result.exit_code == 0
    assert str(signpost.home) in result.stdout
    assert "signpost add PATH" in result.stdout


def test_counts_by_collection(signpost: Signpost, files: Path) -> None:
    signpost.json("add", files / "travel.md", files / "people.csv")
    signpost.json("add", files / "bridge.md", "--collection", "bridges")
    status = signpost.json("status")
    assert set(status) == {"home", "bytes", "documents", "chunks", "entities", "facts", "collections", "stores"}
    held = status["stores"]["vector_index"]
    assert (held["passages"], held["pending"]) == (status["chunks"], 0)
    assert {each["name"]: each["documents"] for each in status["collections"]} == {"bridges": 1, "default": 2}
    assert status["documents"] == 3
    assert status["bytes"] > 0
    shown = signpost("status").stdout
    assert "Together: 3 documents" in shown
    assert "bridges: 1 document, 1 passage, " in shown
