import json
import shlex
from pathlib import Path

import pytest

from agent.commands import ask as ask_module
from tests.agent.command_line import Signpost, read_rows, write_rows

LODGING = "一线城市的住宿标准是多少？"
ANSWER = {"question", "answer", "language", "status", "confidence", "citations", "receipt"}
CITATION = {"number", "quote", "source", "document", "chunk_id", "page", "box", "section", "score"}
RECEIPT = {"routes", "rounds", "verdict", "degraded", "llm_calls", "tokens", "ms"}


def test_the_json_has_exactly_the_documented_fields(filled: Signpost) -> None:
    answer = filled.json("ask", LODGING)
    assert set(answer) == ANSWER
    assert set(answer["receipt"]) == RECEIPT
    assert [set(citation) - {"facts"} for citation in answer["citations"]] == [CITATION]
    assert set(answer["citations"][0]["document"]) == {"id", "title", "uri"}
    assert answer["status"] == "answered"
    assert "550" in answer["citations"][0]["quote"]


def test_text_numbered_citations_and_one_line_of_receipt(filled: Signpost) -> None:
    result = filled("ask", LODGING)
    assert result.exit_code == 0
    answer, citations, brief = result.stdout.strip().split("\n\n")
    assert "550元。[1]" in answer
    assert citations.startswith("[1] 差旅管理办法 · ")
    assert brief.startswith("来源：文档 · ")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (LODGING, ["路径", "文档（", "第 1 轮（依据", "逐句核对：1 句", "置信度：", "用时"]),
        ("When did the Harbour Bridge open?", ["Routes", "documents (", "Round 1 (", "sentences: 1", "Took"]),
    ],
)
def test_why_shows_the_receipt_in_the_language_of_the_answer(
    filled: Signpost, question: str, expected: list[str]
) -> None:
    shown = filled("ask", question, "--why").stdout
    assert [part for part in expected if part not in shown] == []


def test_an_honest_refusal_is_a_result(filled: Signpost) -> None:
    result = filled("ask", "What did the cafeteria menu cost in 1950?", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["status"] == "refused"


class TestPermissionThatNobodyCanGive:
    TOLL = "What does the 'Harbour Bridge' toll cost for lorries?"

    def test_the_command_that_gives_it_is_told_on_stderr(
        self, filled: Signpost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SIGNPOST_WEB", "on")  # never reached: nobody gives permission
        result = filled("ask", self.TOLL)
        command = result.stderr.splitlines()[-1].removeprefix("To allow it: ")
        assert shlex.split(command) == ["signpost", "ask", "--route", "web", self.TOLL]
        assert "To allow it" not in result.stdout
        assert "To allow it" not in filled("ask", self.TOLL, "--json").output

    @pytest.mark.parametrize("options", [["--web", "never"], []])
    def test_it_is_not_told_where_no_permission_would_help(
        self, filled: Signpost, monkeypatch: pytest.MonkeyPatch, options: list[str]
    ) -> None:
        monkeypatch.setenv("SIGNPOST_WEB", "on" if options else "off")
        assert "To allow it" not in filled("ask", self.TOLL, *options).stderr

    def test_a_web_that_cannot_be_reached_needs_no_permission(self, filled: Signpost, offline: None) -> None:
        assert "To allow it" not in filled("ask", self.TOLL, "--route", "web").stderr


def test_what_cannot_be_asked_back_needs_input(filled: Signpost) -> None:
    result = filled("ask", "它呢？", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["status"] == "needs_input"
    assert "您的问题指的是什么" in filled("ask", "它呢？").stdout


@pytest.mark.parametrize("question", ["", "   ", "\x00\x1b\x07", "x" * 8001])
def test_an_empty_or_too_long_question_is_wrong_input(signpost: Signpost, question: str) -> None:
    assert "question" in signpost.error("ask", question, code=2)["what"]
    assert not signpost.home.exists()


def test_control_characters_in_a_question_do_no_harm(filled: Signpost) -> None:
    assert filled.json("ask", "一线城市的\x1b住宿\x00标准是多少？")["question"] == LODGING


def test_an_unknown_collection_lists_the_known_ones(filled: Signpost) -> None:
    error = filled.error("ask", LODGING, "--collection", "bridges", code=2)
    assert "default" in error["why"]


@pytest.mark.parametrize("options", [["--route", "sideways"], ["--nonsense"], ["--concurrency", "0"]])
def test_wrong_usage_exits_with_two(filled: Signpost, options: list[str]) -> None:
    assert filled("ask", "x", *options).exit_code == 2


def test_a_thread_is_remembered_over_two_calls(filled: Signpost) -> None:
    filled.json("ask", LODGING, "--thread", "我的 对话/1")
    followed = filled.json("ask", "那审批呢？", "--thread", "我的 对话/1")
    assert followed["status"] != "needs_input"
    assert filled("ask", "那审批呢？", "--json").exit_code == 2  # without the thread it refers to nothing


def test_damaged_conversations_stop_only_those_who_need_them(signpost: Signpost) -> None:
    signpost.home.mkdir()
    (signpost.home / "threads.db").write_bytes(b"not a database at all" * 50)
    assert "threads.db" in signpost.error("ask", "你好", "--thread", "one", code=1)["what"]
    assert signpost("ask", "你好").exit_code == 0


class TestAtTheTerminal:
    @pytest.fixture(autouse=True)
    def _someone_is_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ask_module, "is_conversation", lambda: True)
        monkeypatch.setenv("SIGNPOST_WEB", "on")  # never reached: permission is not given

    @pytest.mark.parametrize("typed", ["n\n", "\n", ""])
    def test_permission_is_asked_and_no_is_no(self, filled: Signpost, typed: str) -> None:
        result = filled("ask", "What does the Harbour Bridge toll cost for lorries?", typed=typed)
        assert result.exit_code == 0
        assert "web search engine" in result.stdout
        assert "The web was not searched, as you asked." in result.stdout
        assert "tried: documents" in result.stdout
        assert "web ·" not in result.stdout
        assert "To allow it" not in result.stderr

    @pytest.mark.parametrize("typed", ["n\n", ""])
    def test_after_a_no_to_news_nothing_was_tried(self, filled: Signpost, typed: str) -> None:
        result = filled("ask", "What is the weather in Harbin today?", "--web", "ask", typed=typed)
        assert result.exit_code == 0
        assert "tried" not in result.stdout
        assert "–" not in result.stdout

    def test_nobody_is_asked_with_json(self, filled: Signpost) -> None:
        answer = filled.json("ask", "What does the Harbour Bridge toll cost for lorries?")
        assert answer["status"] == "refused"

    def test_a_clarification_is_asked_and_read(self, filled: Signpost) -> None:
        result = filled("ask", "它呢？", typed=LODGING + "\n")
        assert result.exit_code == 0
        assert "550" in result.stdout


class TestBatch:
    def test_rows_are_written_in_input_order_beside_their_ids(self, filled: Signpost, tmp_path: Path) -> None:
        asked = [{"id": f"q{n}", "question": LODGING if n % 2 else "你好"} for n in range(9)]
        out = tmp_path / "out.jsonl"
        rows = write_rows(tmp_path / "in.jsonl", *asked)
        assert filled("ask", "--batch", rows, "--out", out, "--concurrency", "3").exit_code == 0
        written = read_rows(out)
        assert [row["id"] for row in written] == [row["id"] for row in asked]
        assert {frozenset(row) for row in written} == {frozenset(ANSWER | {"id"})}
        assert ["550" in row["answer"] for row in written] == [bool(n % 2) for n in range(9)]

    def test_the_history_is_read(self, filled: Signpost, tmp_path: Path) -> None:
        history = [{"role": "user", "content": LODGING}, {"role": "assistant", "content": "550元"}]
        out = tmp_path / "out.jsonl"
        rows = write_rows(
            tmp_path / "in.jsonl",
            {"id": 1, "question": "那审批呢？", "history": history},
            {"id": 2, "question": "那审批呢？"},
        )
        assert filled("ask", "--batch", rows, "--out", out).exit_code == 0
        assert [row["status"] == "needs_input" for row in read_rows(out)] == [False, True]

    def test_bad_rows_become_errors_and_the_rest_is_answered(self, filled: Signpost, tmp_path: Path) -> None:
        out = tmp_path / "out.jsonl"
        rows = write_rows(
            tmp_path / "in.jsonl",
            "{not json",
            {"id": "empty", "question": " "},
            {"question": "no id"},
            {"id": "history", "question": "x", "history": [{"role": "system", "content": "x"}]},
            "",
            {"id": "good", "question": LODGING},
        )
        result = filled("ask", "--batch", rows, "--out", out, "--json")
        assert result.exit_code == 1
        assert json.loads(result.stdout) == {"rows": 5, "failed": 4, "out": str(out)}
        written = read_rows(out)
        assert [row["id"] for row in written] == [None, "empty", None, "history", "good"]
        assert [set(row["error"]) for row in written[:-1]] == [{"what", "why", "next_step"}] * 4
        assert written[-1]["status"] == "answered"

    @pytest.mark.parametrize("arguments", [[], ["x", "--batch", "b", "--out", "o"], ["--batch", "b"], ["--out", "o"]])
    def test_either_a_question_or_a_batch(self, filled: Signpost, arguments: list[str]) -> None:
        filled.error("ask", *arguments, code=2)

    @pytest.mark.parametrize("option", [["--why"], ["--thread", "t"]])
    def test_what_belongs_to_one_question_is_refused(self, filled: Signpost, tmp_path: Path, option: list[str]) -> None:
        rows = write_rows(tmp_path / "in.jsonl", {"id": 1, "question": "你好"})
        error = filled.error("ask", "--batch", rows, "--out", tmp_path / "out.jsonl", *option, code=2)
        assert "--batch" in error["what"]
        assert not (tmp_path / "out.jsonl").exists()

    def test_the_first_three_failures_are_told_with_the_reason(self, filled: Signpost, tmp_path: Path) -> None:
        bad = [{"id": f"bad-{n}", "question": " "} for n in range(4)]
        rows = write_rows(tmp_path / "in.jsonl", {"id": 1, "question": "你好"}, "{", *bad)
        result = filled("ask", "--batch", rows, "--out", tmp_path / "out.jsonl")
        assert result.exit_code == 1
        told = result.stderr.splitlines()
        assert told[0].startswith("6 rows, 5 failed: ")
        assert told[1:] == [
            "  (no id): Line 2 is not JSON in UTF-8.",
            "  bad-0: The question is empty.",
            "  bad-1: The question is empty.",
        ]

    def test_files_that_cannot_be_used(self, filled: Signpost, tmp_path: Path) -> None:
        rows = write_rows(tmp_path / "in.jsonl", {"id": 1, "question": "你好"})
        assert "in.jsonl" in filled.error("ask", "--batch", rows, "--out", rows, code=2)["what"]
        filled.error("ask", "--batch", tmp_path / "gone.jsonl", "--out", tmp_path / "out.jsonl", code=2)
        filled.error("ask", "--batch", rows, "--out", tmp_path / "no" / "out.jsonl", code=2)
        assert len(read_rows(rows)) == 1
