"""Answers of earlier turns: what they cite is shown as long as it may be read."""

from pathlib import Path
from typing import Any

from agent.old_answers import readable_now
from tests.agent.command_line import Signpost
from tests.agent.test_answer_text import answer
from tests.stores.examples import make_document
from tests.stores.ledger_contract import put
from tools.access import Access
from tools.stores.sql.sql_ledger import SqlLedger

LODGING = "一线城市的住宿标准是多少？"


def cited(id_: str, source: str = "vector") -> dict[str, Any]:
    citation = answer()["citations"][0]
    fact = {"head": "甲", "relation": "属于", "tail": "乙", "sentence": "甲属于乙。"}
    return {
        **citation,
        "source": source,
        "document": {"id": id_, "title": f"Title of {id_}", "uri": f"/{id_}"},
        "facts": [fact],
    }


async def test_what_is_removed_or_not_for_this_reader_is_hidden_and_the_web_is_not(tmp_path: Path) -> None:
    ledger = SqlLedger.open(tmp_path / "ledger.db")
    try:
        here, private = make_document("here.md"), make_document("private.md", readers=("user:wang",))
        for document in (here, private):
            await put(ledger, document, "text")
        copies = [cited(id_)["document"] for id_ in (here.id, private.id)]
        copied = {**cited(here.id), "also_in": copies}
        shown_now = (await readable_now(answer(citations=[copied]), ledger, Access()))["citations"]
        assert shown_now == [{**copied, "also_in": copies[:1]}]
        kept = cited(here.id, "graph")
        web = cited("page of the web", "web")
        old = answer(citations=[kept, cited(private.id), cited("gone", "graph"), web])
        shown = await readable_now(old, ledger, Access())
        assert (shown["citations"][0], shown["citations"][3]) == (kept, web)
        for hidden in shown["citations"][1:3]:
            assert set(hidden) == set(kept) - {"facts"}
            assert not any((*hidden["document"].values(), hidden["quote"], hidden["chunk_id"], hidden["section"]))
        assert "Title of gone" not in str(shown["citations"])
        assert (await readable_now(old, ledger, Access(user="wang")))["citations"][1] == old["citations"][1]
        assert shown["answer"] == old["answer"]
        await ledger.remove_document(here.id)
        assert "text" not in str((await readable_now(old, ledger, Access()))["citations"][0])
    finally:
        await ledger.close()


def test_an_old_conversation_tells_what_it_cited_until_that_is_removed(signpost: Signpost, files: Path) -> None:
    signpost.json("add", files)
    signpost.json("ask", LODGING, "--thread", "trip")
    told = signpost("chat", "--thread", "trip", typed="/why\n").stdout
    assert "[1] 差旅管理办法" in told
    assert "住宿标准为每晚550元" in told
    assert "逐句核对" in told
    signpost.json("remove", "travel.md")
    told = signpost("chat", "--thread", "trip", typed="/why\n/new\n/why\n")
    assert "[1] 已无法查看的文档\n" in told.stdout
    assert "差旅管理办法" not in told.stdout
    assert "550" not in told.stdout
    assert "逐句核对" in told.stdout
    assert "There is no answer yet." in told.stderr


def test_readers_that_have_changed_hide_it_too(signpost: Signpost, files: Path) -> None:
    signpost.json("add", files)
    signpost.json("ask", LODGING, "--thread", "trip")
    signpost.json("add", files / "travel.md", "--readers", "user:wang")
    told = signpost("chat", "--thread", "trip", typed="/why\n").stdout
    assert "[1] 已无法查看的文档\n" in told
    assert "550" not in told
