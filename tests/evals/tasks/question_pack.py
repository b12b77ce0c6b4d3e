"""A pack of our own sentences with a few rows for each set of questions, and a product that holds its corpora."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.resources import LiveResources
from agent.settings import Settings
from evals.corpora import load_corpora
from evals.pack import Pack
from evals.product import Product
from tests.evals.tasks.tiny_pack import tiny_pack

Row = Mapping[str, Any]


def single(id_: str, question: str, answers: Sequence[str], pid: str | None, *, unanswerable: bool = False) -> Row:
    """A row of a single-hop set."""
    return {
        "id": id_,
        "question": question,
        "answers": answers,
        "gold_pid": pid,
        "unanswerable": unanswerable,
    }


def passage(pid: str, title: str, text: str, **further: str) -> Row:
    """A row of a corpus."""
    return {"pid": pid, "title": title, "text": text, **further}


def triple(head: str, relation: str, tail: str) -> Row:
    """A row of the graph."""
    return {"head": head, "relation": relation, "tail": tail}


HARLOW = "Harlow Mill was built in 1874 by Agnes Pell. It grinds rye on two stones."
EGRET = "白鹭桥建于1987年，全长312米，由林志远设计。桥上有两条步行道。"

FILES: Mapping[str, Sequence[Row]] = {
    "zh_single_hop_cmrc.corpus": [
        passage("zh:1", "白鹭桥", EGRET),
        passage("zh:2", "青石茶馆", "青石茶馆位于柳溪镇，创办人是赵梅，最有名的茶叫云雾茶。"),
    ],
    "zh_single_hop_cmrc": [
        single("c1", "白鹭桥建于哪一年？", ["1987年"], "zh:1"),
        single("c2", "海角灯塔有多高？", [], None, unanswerable=True),
    ],
    "zhhant_single_hop_drcd.corpus": [
        passage("hant:1", "紅葉渡口", "紅葉渡口位於松江東岸，每日開出十二班渡輪。"),
    ],
    "zhhant_single_hop_drcd": [single("d1", "紅葉渡口位於哪裡？", ["松江東岸"], "hant:1")],
    "en_single_hop_squad2.corpus": [passage("en:1", "Harlow Mill", HARLOW)],
    "en_single_hop_squad2": [
        single("s1", "Who built Harlow Mill?", ["Agnes Pell"], "en:1"),
        single("s2", "Who burned down Harlow Mill?", [], "en:1", unanswerable=True),
        single("s3", "How deep is the Oster quarry?", [], None, unanswerable=True),
    ],
    "multihop_hotpotqa.corpus": [
        passage("Tern Island", "Tern Island", "Tern Island has a lighthouse that Mara Quist designed."),
        passage("Mara Quist", "Mara Quist", "Mara Quist was an engineer who was born in Veldby."),
    ],
    "multihop_hotpotqa": [
        {
            "id": "h1",
            "question": "Where was the engineer born who designed the lighthouse of Tern Island?",
            "answer": "Veldby",
            "gold_titles": ["Tern Island", "Mara Quist"],
        }
    ],
    "multihop_musique.corpus": [
        passage("m:1", "Oda Brandt", "Oda Brandt wrote the novel The Salt Road."),
        passage("m:2", "The Salt Road", "The Salt Road was printed in the town of Lunde."),
    ],
    "multihop_musique": [
        {
            "id": "m1",
            "question": "In which town was the novel by Oda Brandt printed?",
            "answer": "Lunde",
            "answer_aliases": ["town of Lunde"],
            "gold_pids": ["m:1", "m:2"],
        }
    ],
    "xling_single_hop_xquad.corpus": [
        passage("x:en", "Norrby", "The ferry to Norrby leaves at 07:45 from pier 3.", lang="en"),
        passage("x:zh", "诺比", "前往诺比的渡轮于07:45从3号码头出发。", lang="zh"),
    ],
    "xling_single_hop_xquad": [
        {
            "id": "x1",
            "question_en": "From which pier does the ferry to Norrby leave?",
            "question_zh": "前往诺比的渡轮从哪个码头出发？",
            "answers_en": ["pier 3"],
            "answers_zh": ["3号码头"],
            "gold_pid_en": "x:en",
            "gold_pid_zh": "x:zh",
        }
    ],
    "lihua_world.corpus": [
        passage("20300104_0900", "", "Time: 20300104_09:00\nOlga: The choir meets at the boathouse on Friday."),
        passage("20300105_1000", "", "Time: 20300105_10:00\nOlga: Bring the blue folder to the boathouse."),
    ],
    "lihua_world": [
        {
            "id": "l1",
            "question": "Where does the choir meet on Friday?",
            "answer": "the boathouse",
            "type": "Single",
            "unanswerable": False,
            "gold_pids": ["20300104_0900"],
        },
        {
            "id": "l2",
            "question": "What did Olga pay for the piano?",
            "answer": "Insufficient information",
            "type": "Null",
            "unanswerable": True,
            "gold_pids": [],
        },
    ],
    "multihop_2wiki.corpus": [
        passage("Kasper Lind", "Kasper Lind", "Kasper Lind is the husband of Ida Lind."),
        passage("Ida Lind", "Ida Lind", "Ida Lind was born in Tornby."),
        passage("Tornby", "Tornby", "Tornby is a village by the sea."),
    ],
    "multihop_2wiki_retrieval": [
        {
            "id": "w1",
            "question": "Where was the wife of Kasper Lind, Ida Lind, born?",
            "gold_titles": ["Kasper Lind", "Ida Lind"],
            "answer": None,
        }
    ],
    "kg_travel_zh.triples": [
        triple("云顶湖", "门票", "35元"),
        triple("云顶湖", "开放时间", "8:30-17:00"),
        triple("老茶山", "门票", "免费"),
    ],
    "kbqa_zh_kdconv_travel": [
        {
            "id": "k1",
            "question": "云顶湖的门票是多少？",
            "history": [],
            "gold_triples": [["云顶湖", "门票", "35元"]],
        },
        {
            "id": "k2",
            "question": "它的开放时间呢？",
            "history": ["云顶湖的门票是多少？", "35元。"],
            "gold_triples": [["云顶湖", "开放时间", "8:30-17:00"]],
        },
    ],
}


@contextmanager
def question_product(folder: Path) -> Iterator[tuple[Pack, Product]]:
    """The pack, and a product without a model that its corpora were loaded into."""
    (folder / "pack").mkdir()
    pack = tiny_pack(folder / "pack", FILES)
    resources = LiveResources(Settings(home=folder / "home", web="off", chat_model="off"), held_by="test")

    async def filled() -> Product:
        await load_corpora(pack, await resources.stores(), lambda file, done, total: None)
        return Product(await resources.get())

    try:
        yield pack, asyncio.run(filled())
    finally:
        asyncio.run(resources.close())
