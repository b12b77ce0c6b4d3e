from pathlib import Path

from tests.agent.command_line import Signpost, read_rows, write_rows


def test_routes_and_queries(filled: Signpost) -> None:
    chosen = filled.json("route", "一线城市的住宿标准是多少？")
    assert set(chosen) == {"routes", "queries"}
    assert [set(choice) for choice in chosen["routes"]] == [{"route", "confidence", "why"}]
    assert chosen["routes"][0]["route"] == "vector"
    assert chosen["queries"] == ["一线城市的住宿标准是多少？"]


def test_a_greeting_is_direct_and_searches_nothing(filled: Signpost) -> None:
    chosen = filled.json("route", "你好")
    assert [choice["route"] for choice in chosen["routes"]] == ["direct"]
    assert chosen["queries"] == []


def test_what_refers_to_nothing_is_asked_back(filled: Signpost) -> None:
    assert filled("route", "它呢？").exit_code == 2


def test_a_batch_reads_the_history(filled: Signpost, tmp_path: Path) -> None:
    history = [{"role": "user", "content": "一线城市的住宿标准是多少？"}, {"role": "assistant", "content": "550元"}]
    row = {"id": "f", "question": "那二线城市呢？", "history": history}
    out = tmp_path / "out.jsonl"
    assert filled("route", "--batch", write_rows(tmp_path / "in.jsonl", row), "--out", out).exit_code == 0
    assert read_rows(out)[0]["queries"] == ["二线城市的住宿标准是多少？"]
