"""What only a process of its own shows: signals, pipes, encodings, start-up."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent.command_line import ROOT, Signpost, read_rows, write_rows

SLOW_SEARCH = """
import asyncio, sys
from agent.__main__ import main
from tools.sources.vector import VectorSource

async def search(self, *_, **__):
    print("searching", file=sys.stderr, flush=True)
    await asyncio.sleep(60)

VectorSource.search = search
sys.argv = ["signpost", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_what_was_added_before_a_signal_is_kept_and_a_second_run_adds_the_rest(
    signpost: Signpost, tmp_path: Path, end: signal.Signals
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(400):
        text = "".join(f"## Part {part}\n\nBridge {number} has {part} arches.\n\n" for part in range(40))
        (folder / f"{number:03}.md").write_text(f"# Bridge {number}\n\n{text}", encoding="utf-8")
    process = signpost.start("add", folder)
    assert process.stderr is not None
    for line in process.stderr:
        if int(line.partition("/400")[0]) >= 5:
            process.send_signal(end)
            break
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Stopped. What was added so far is kept" in err
    assert "Traceback" not in err
    kept = signpost.json("status")["documents"]
    assert 4 <= kept < 400
    assert re.search(r"Interrupted with \d+ files left", err)
    assert f"{kept} added" in out
    assert signpost.json("search", "Bridge 0 arches")["hits"]


def test_ctrl_c_in_ask_ends_quickly_and_the_conversation_goes_on(filled: Signpost) -> None:
    process = filled.start("ask", "一线城市的住宿标准是多少？", "--thread", "stopped", program=SLOW_SEARCH)
    assert process.stderr is not None
    assert process.stderr.readline() == "searching\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert err.splitlines()[-1].startswith("Stopped. The question was not answered")
    assert "Traceback" not in err
    assert "550" in filled.json("ask", "一线城市的住宿标准是多少？", "--thread", "stopped")["answer"]


def test_ctrl_c_in_a_question_of_its_own_speaks_of_no_conversation(filled: Signpost) -> None:
    process = filled.start("ask", "一线城市的住宿标准是多少？", program=SLOW_SEARCH)
    assert process.stderr is not None
    assert process.stderr.readline() == "searching\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert err.splitlines()[-1] == "Stopped. The question was not answered."


def test_ctrl_c_in_a_batch_leaves_whole_rows(filled: Signpost, tmp_path: Path) -> None:
    rows = write_rows(
        tmp_path / "in.jsonl", *({"id": n, "question": "一线城市的住宿标准是多少？"} for n in range(3000))
    )
    out = tmp_path / "out.jsonl"
    process = filled.start("ask", "--batch", rows, "--out", out)
    while not (out.exists() and out.stat().st_size > 5000):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Stopped. The rows written so far are whole" in err
    assert [row["id"] for row in read_rows(out)] == list(range(len(read_rows(out))))


def test_a_reader_that_leaves_early_is_no_error(filled: Signpost) -> None:
    process = filled.start("parse", ROOT / "samples" / "safety-handbook.pdf")
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=30) in (0, 1)
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_a_terminal_of_another_encoding_shows_what_it_can(filled: Signpost) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "agent", "ask", "一线城市的住宿标准是多少？"]
    shown = subprocess.run(command, env=environment, capture_output=True, timeout=30, check=True)
    assert b"550?" in shown.stdout
    as_json = subprocess.run([*command, "--json"], env=environment, capture_output=True, timeout=30, check=True)
    assert "550元" in json.loads(as_json.stdout)["answer"]


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, agent.__main__; print([n for n in ('langgraph', 'pydantic', 'sqlalchemy') if n in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    )
    assert shown.stdout == "[]\n"


def test_ask_imports_no_server_and_no_vendor() -> None:
    program = (
        "import sys, agent.resources, agent.conversation, ingest.add, langgraph.checkpoint.sqlite.aio;"
        "print([n for n in ('fastapi', 'langchain_openai', 'ddgs', 'openpyxl', 'docx', 'torch') if n in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    )
    assert shown.stdout == "[]\n"
