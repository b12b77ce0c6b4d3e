from pathlib import Path

import pytest

from tests.agent.command_line import Signpost
from tools.text.identifiers import document_id


@pytest.fixture
def added(signpost: Signpost, files: Path) -> Signpost:
    signpost.json("add", files)
    return signpost


@pytest.mark.parametrize("reference", ["bridge.md", "Harbour Bridge", "{folder}/bridge.md", "{id}"])
def test_removes_by_file_name_title_path_and_id(added: Signpost, files: Path, reference: str) -> None:
    listed = added.json("status", "--documents")["listed"]
    bridge = next(document for document in listed if document["title"] == "Harbour Bridge")
    removed = added.json("remove", reference.format(folder=files, id=bridge["id"]))["removed"]
    assert removed == {name: bridge[name] for name in ("id", "title", "uri", "collection")}
    assert added.json("search", "When did the Harbour Bridge open?")["hits"] == []
    assert added.json("status")["documents"] == 2


@pytest.mark.parametrize("reference", ["gate.md", "The gate", "{folder}/gate.md", "{id}"])
def test_whoever_owns_the_home_removes_what_others_read(signpost: Signpost, tmp_path: Path, reference: str) -> None:
    (tmp_path / "gate.md").write_text("# The gate\n\nIt is low.", encoding="utf-8")
    signpost.json("add", tmp_path / "gate.md", "--readers", "user:lin")
    assert signpost.json("status", "--documents")["listed"] == []
    id_ = document_id("default", str(tmp_path / "gate.md"))
    assert signpost.json("remove", reference.format(folder=tmp_path, id=id_))["removed"]["title"] == "The gate"
    assert signpost.error("remove", id_, code=2)


def test_a_path_is_read_from_the_current_folder(added: Signpost, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files.parent)
    assert added.json("remove", f"{files.name}/bridge.md")["removed"]["title"] == "Harbour Bridge"


def test_an_unknown_document_is_an_error(added: Signpost) -> None:
    assert "'dam.md'" in added.error("remove", "dam.md", code=2)["what"]


def test_several_matches_are_listed_with_their_ids_and_none_removed(added: Signpost, files: Path) -> None:
    added.json("add", files / "bridge.md", "--collection", "bridges")
    what = added.error("remove", "bridge.md", code=2)["what"]
    ids = [d["id"] for d in added.json("status", "--documents")["listed"] if d["title"] == "Harbour Bridge"]
    assert len(ids) == 2
    assert all(each in what for each in ids)
    assert "  bridges  Harbour Bridge" in what
    assert "  default  Harbour Bridge" in what


@pytest.mark.parametrize("by", ["bridge.md", "id"])
def test_the_collection_tells_which_of_several(added: Signpost, files: Path, by: str) -> None:
    added.json("add", files / "bridge.md", "--collection", "bridges")
    listed = added.json("status", "--documents")["listed"]
    in_bridges = next(document["id"] for document in listed if document["collection"] == "bridges")
    reference = in_bridges if by == "id" else by
    assert "collection 'roads'" in added.error("remove", reference, "--collection", "roads", code=2)["what"]
    assert added.json("remove", reference, "--collection", "bridges")["removed"]["id"] == in_bridges
    assert added.json("status")["documents"] == 3
