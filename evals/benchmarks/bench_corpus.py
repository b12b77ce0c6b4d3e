"""A corpus of any size that is the same every time, with questions that it answers."""

import json
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.resources import LiveResources
from agent.settings import Settings
from ingest.add import add
from tools.shapes import DEFAULT_COLLECTION

_PLACES = "东站 南港 北桥 西湖 中山 新城 老街 湖滨 临江 望山 青云 紫金 白鹭 金沙 石桥 龙泉 凤鸣 松林 梅园 柳溪".split()
_WORKS = "隧道 车站 桥梁 管廊 泵站 变电所 停车场 广场 道路 堤防 水厂 公园 医院 学校 市场 码头".split()
_FACTS = "合同金额 建设工期 施工单位 监理单位 竣工日期 占地面积 设计单位 开工日期 总投资 负责人".split()
_WORDS = (
    "inspection concrete drainage schedule permit crane survey valve cable signal platform escalator handrail "
    "ventilation sprinkler asphalt culvert retaining formwork scaffold excavation groundwater settlement monitoring"
).split()


def documents(count: int, seed: int = 7) -> list[dict[str, str]]:
    """`count` documents of two chunks, Chinese and English in turn."""
    chance = random.Random(seed)
    made = []
    for n in range(count):
        if n % 2:
            text = "\n\n".join(_english(chance, n) for _ in range(2))
        else:
            text = "\n\n".join(_chinese(chance, n) for _ in range(2))
        made.append({"id": f"bench-{n}", "title": f"Record {n}" if n % 2 else f"第{n}号工程记录", "text": text})
    return made


def questions(count: int, of_documents: int, seed: int = 11) -> list[str]:
    """Questions about single documents, in both languages, some on relations and some that nothing answers."""
    chance = random.Random(seed)
    asked = []
    for n in range(count):
        record = chance.randrange(of_documents)
        fact = chance.choice(_FACTS)
        kinds = [
            f"第{record}号工程的{fact}是多少？",
            f"What does record {record} say about {chance.choice(_WORDS)} and {chance.choice(_WORDS)}?",
            f"{chance.choice(_PLACES)}{chance.choice(_WORKS)}的施工单位由谁负责？",
            f"第{record}号工程的月球基地预算是多少，由谁批准？",
        ]
        asked.append(kinds[n % len(kinds)])
    return asked


def _chinese(chance: random.Random, n: int) -> str:
    sentences = [
        f"第{n}号工程{chance.choice(_PLACES)}{chance.choice(_WORKS)}的{fact}为{chance.randrange(10, 99999)}，"
        f"由{chance.choice(_PLACES)}建设有限公司负责。"
        for fact in chance.sample(_FACTS, 8)
    ]
    return "".join(sentences)


def _english(chance: random.Random, n: int) -> str:
    return " ".join(
        f"Record {n} notes that the {chance.choice(_WORDS)} and the {chance.choice(_WORDS)} near the "
        f"{chance.choice(_WORDS)} need {chance.randrange(2, 400)} days of {chance.choice(_WORDS)}."
        for _ in range(10)
    )


@asynccontextmanager
async def loaded_home(document_count: int) -> AsyncIterator[LiveResources]:
    """A temporary home that holds the corpus."""
    with TemporaryDirectory(prefix="signpost-bench-") as folder:
        corpus = Path(folder) / "corpus.jsonl"
        write_rows(corpus, documents(document_count))
        async with home_with([corpus]) as home:
            yield home


def write_rows(file: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Writes documents to a .jsonl file, one a line."""
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")


@asynccontextmanager
async def home_with(paths: Sequence[Path]) -> AsyncIterator[LiveResources]:
    """A temporary home that holds what lies at `paths`, loaded through the ordinary `add`. No web, no model."""
    with TemporaryDirectory(prefix="signpost-bench-") as folder:
        resources = LiveResources(Settings(home=Path(folder) / "home", web="off"), held_by="benchmark")
        try:
            stores = await resources.stores()
            await add(
                paths,
                stores=stores,
                collection=DEFAULT_COLLECTION,
                readers=("everyone",),
                progress=lambda _: None,
            )
            yield resources
        finally:
            await resources.close()
