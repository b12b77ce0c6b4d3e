"""What was run is kept: for any text, for others who run at the same time, and as long as somebody asks for it."""

from pathlib import Path

import pytest

from evals import record_cache
from evals.record_cache import RecordCache
from tools.errors import StoreError

DAY = 24 * 3600.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "records.db"


def test_what_is_put_is_there_for_others_at_once(file: Path) -> None:
    one, other = RecordCache(file), RecordCache(file)
    assert one.get("a") is None
    one.put("a", {"answer": "第一 \ud800 \u2028"})
    assert other.get("a") == {"answer": "第一 \ud800 \u2028"}
    other.put("a", {"answer": "changed"})
    assert one.get("a") == {"answer": "changed"}
    one.close()
    other.close()


def test_what_nobody_has_asked_for_in_a_month_is_forgotten(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr(record_cache.time, "time", lambda: now[0])
    cache = RecordCache(file)
    cache.put("used", {})
    cache.put("unused", {})
    now[0] += 20 * DAY
    assert cache.get("used") == {}
    cache.close()
    now[0] += 20 * DAY
    cache = RecordCache(file)
    assert cache.get("used") == {}
    assert cache.get("unused") is None
    cache.close()


def test_a_file_that_is_no_database_is_told(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="cannot be used") as caught:
        RecordCache(file)
    assert str(file) in caught.value.what
