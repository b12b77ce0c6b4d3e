from pathlib import Path

import pytest

from tests.agent.command_line import Signpost, read_rows, write_rows

HIT = ["chunk_id", "document_id", "title", "uri", "text", "score", "source", "page", "section", "box"]


def test_a_hit_has_exactly_the_documented_fields(filled: Signpost) -> None:
    found = filled.json("search", "When did the Harbour Bridge open?")
    assert set(found) == {"hits", "ms"}
    assert list(found["hits"][0]) == HIT
    assert found["hits"][0]["title"] == "Harbour Bridge"
    assert found["hits"][0]["source"] == "vector"


def test_hits_of_the_graph_bring_their_facts(filled: Signpost) -> None:
    hits = filled.json("search", "李岚的职务是什么？", "--source", "graph")["hits"]
    assert list(hits[0]) == [*HIT, "facts"]
    assert set(hits[0]["facts"][0]) == {"head", "relation", "tail", "sentence"}
    assert "总经理" in str(hits[0]["facts"])


def test_limit_and_collection(filled: Signpost) -> None:
    assert len(filled.json("search", "住宿 审批 标准", "--limit", "1")["hits"]) == 1
    error = filled.error("search", "住宿", "--collection", "bridges", code=2)
    assert "'bridges'" in error["what"]
    assert "default" in error["why"]


def test_text_output_names_the_document(filled: Signpost) -> None:
    shown = filled("search", "住宿标准").stdout
    assert "差旅管理办法" in shown
    assert "550" in shown
    assert filled("search", "zzzz").stdout == "Nothing was found.\n"


def test_a_source_that_is_off_is_no_empty_result(filled: Signpost) -> None:
    assert "switched off" in filled.error("search", "news", "--source", "web", code=1)["what"]


@pytest.mark.usefixtures("offline")
def test_a_source_that_fails_is_no_empty_result(filled: Signpost, tmp_path: Path) -> None:
    assert "down" in filled.error("search", "news", "--source", "web", code=1)["what"]
    rows = write_rows(tmp_path / "in.jsonl", {"id": 1, "question": "news"})
    assert filled("search", "--source", "web", "--batch", rows, "--out", tmp_path / "out").exit_code == 1
    assert "down" in read_rows(tmp_path / "out")[0]["error"]["what"]


def test_a_batch_has_hits_and_milliseconds(filled: Signpost, tmp_path: Path) -> None:
    rows = write_rows(
        tmp_path / "in.jsonl", {"id": "q", "question": "住宿标准"}, {"id": 7, "question": "Harbour Bridge"}
    )
    out = tmp_path / "out.jsonl"
    assert filled("search", "--batch", rows, "--out", out).exit_code == 0
    written = read_rows(out)
    assert [list(row) for row in written] == [["id", "hits", "ms"]] * 2
    assert [row["id"] for row in written] == ["q", 7]
    assert written[1]["hits"][0]["title"] == "Harbour Bridge"
