"""Over the real stores: what a user may not read appears in no answer, event, interrupt or state of theirs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.resources import LiveResources
from agent.settings import Settings
from graph.resources import Resources
from ingest.add import add
from tests.graph.conversation import Conversation
from tools.access import Access

PRIVATE = """# 凤凰计划

凤凰计划（以下简称“蓝羽”）由王建国负责，合同金额为9.7亿元，监理单位是银杏监理有限公司。

| 姓名 | 职务 | 所属单位 |
|---|---|---|
| 王建国 | 项目经理 | 凤凰计划项目部 |
| 李小红 | 总监理工程师 | 银杏监理有限公司 |
"""
PUBLIC = "# 公开通知\n\n东站项目的合同金额为3.3亿元，由张伟负责。\n"
SECRETS = ("9.7亿", "银杏", "王建国", "李小红", "项目经理", "private.md")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[LiveResources]:
    home = LiveResources(Settings(home=tmp_path / "home", web="off"), held_by="test")
    stores = await home.stores()
    for name, text, reader in (("private.md", PRIVATE, "user:lin"), ("public.md", PUBLIC, "everyone")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        await add(
            [tmp_path / name],
            stores=stores,
            collection="default",
            readers=(reader,),
            progress=lambda _: None,
        )
    yield home
    await home.close()


@pytest.fixture
async def resources(home: LiveResources) -> Resources:
    return await home.get()


@pytest.mark.parametrize(
    "question",
    [
        "凤凰计划的合同金额是多少？",
        "凤凰计划由谁负责？",
        "凤凰计划监理单位的总监理工程师是谁？",
        "蓝羽和东站项目是什么关系？",
    ],
)
async def test_the_wrong_user_learns_nothing(resources: Resources, question: str) -> None:
    reader = Conversation(resources, InMemorySaver(), user={"identity": "lin"})
    stranger = Conversation(resources, InMemorySaver(), user={"identity": "wang", "groups": ["lin"]})
    allowed = await reader.ask(question)
    assert any(secret in str(allowed) for secret in SECRETS)
    answer = await stranger.ask(question)
    state = (await stranger.graph.aget_state(stranger.config)).values
    for secret in SECRETS:
        assert secret not in str([answer, stranger.events, stranger.interrupts, stranger.streamed_text, state])
    # What is public is still found.
    assert "3.3" in (await stranger.ask("东站项目的合同金额是多少？"))["answer"]


async def test_collections_and_counts_are_the_reader_s_own(home: LiveResources) -> None:
    ledger = (await home.stores()).ledger
    assert (await ledger.counts(Access("wang"))).documents == 1
    assert (await ledger.counts(Access("lin"))).documents == 2
