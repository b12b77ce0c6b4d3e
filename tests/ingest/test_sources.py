"""What is asked of the ledger about files, and how often."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.prepare import Source
from ingest.sources import Sources
from tools.errors import FileError, StoreError
from tools.shapes import Document


class _Ledger:
    """Holds of each file one document here and one in another collection."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.is_away = False

    async def documents_held(self, collection: str | None, uris: Sequence[str]) -> list[Document]:
        if self.is_away:
            raise StoreError("The ledger is away.")
        self.asked.append(len(uris))
        return [Document(f"{uri} {place}", place, "t", uri, "md", "0", ("user:lin",)) for uri in uris for place in "cd"]


def _sources(files: Sequence[Path], ledger: _Ledger) -> Sources:
    return Sources(files, Source(Path(), None, "c", None, {}), ledger)  # type: ignore[arg-type]


async def test_each_file_has_its_own_documents_and_few_questions_are_asked() -> None:
    ledger, files = _Ledger(), [Path(f"/papers/{number}.md") for number in range(250)]
    sources = _sources(files, ledger)
    for path in files:
        source = await sources.of(path)
        assert (source.path, list(source.held)) == (path, [f"{path} c"])
        assert [document.id for document in source.held_elsewhere] == [f"{path} d"]
    assert ledger.asked == [100, 100, 50]


async def test_a_name_that_is_no_text_is_the_problem_of_its_file_alone() -> None:
    files = [Path("/a.md"), Path("/\udcff.md"), Path("/b.md")]
    sources = _sources(files, _Ledger())
    assert (await sources.of(files[0])).held
    with pytest.raises(FileError, match="name"):
        await sources.of(files[1])
    assert (await sources.of(files[2])).held


async def test_a_ledger_that_was_away_is_asked_again() -> None:
    ledger, path = _Ledger(), Path("/a.md")
    sources = _sources([path], ledger)
    ledger.is_away = True
    for _ in range(2):
        with pytest.raises(StoreError):
            await sources.of(path)
    ledger.is_away = False
    assert (await sources.of(path)).held
