import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.batch import BadRow, Row, read_rows, run_batch
from tests.agent.command_line import read_rows as written_rows

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
ROWS = st.fixed_dictionaries({}, optional={"id": JSON, "question": JSON, "history": JSON}).map(json.dumps)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    lines=st.lists(
        st.binary(max_size=40) | st.text().map(lambda text: text.encode("utf-8", "replace")) | ROWS.map(str.encode)
    )
)
def test_whatever_the_file_holds_is_rows_or_errors(tmp_path: Path, lines: list[bytes]) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\n".join(lines))
    for row in read_rows(path):
        assert isinstance(row, Row | BadRow)
        assert not isinstance(row, Row) or row.question.strip()


def test_messages_end_with_the_question(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('\ufeff{"id": 1, "question": "b", "history": [{"role": "user", "content": "a", "extra": 1}]}\n')
    assert [row.messages for row in read_rows(path) if isinstance(row, Row)] == [
        [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]
    ]


async def test_at_most_so_many_at_a_time_and_written_in_order(tmp_path: Path) -> None:
    running, most = 0, 0

    async def work(row: Row) -> dict[str, Any]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001 * ((row.id * 7) % 5))  # they end in another order than they began
        running -= 1
        return {"said": row.question}

    rows = [Row(n, f"question {n}") for n in range(40)]
    assert await run_batch(rows, tmp_path / "out", 3, work) == []
    assert written_rows(tmp_path / "out") == [{"id": n, "said": f"question {n}"} for n in range(40)]
    assert most == 3


async def test_a_row_that_fails_is_its_own_result(tmp_path: Path) -> None:
    async def work(row: Row) -> dict[str, Any]:
        if row.id == 1:
            raise RuntimeError("broken")
        return {"said": "yes"}

    failed = await run_batch([Row(n, "?") for n in range(3)], tmp_path / "out", 2, work)
    written = written_rows(tmp_path / "out")
    assert [row["id"] for row in written] == [0, 1, 2]
    assert "broken" in written[1]["error"]["what"]
    assert failed == [written[1]]


async def test_stopped_the_file_holds_the_first_rows_whole(tmp_path: Path) -> None:
    reached = asyncio.Event()

    async def work(row: Row) -> dict[str, Any]:
        if row.id >= 5:
            reached.set()
            await asyncio.sleep(60)
        return {"said": "x" * 5000}

    task = asyncio.create_task(run_batch([Row(n, "?") for n in range(50)], tmp_path / "out", 2, work))
    await reached.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    ids = [row["id"] for row in written_rows(tmp_path / "out")]
    assert ids == list(range(len(ids)))
    assert len(ids) <= 5
