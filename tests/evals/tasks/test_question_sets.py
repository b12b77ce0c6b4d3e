"""The other sets of questions over collections: cross-language, multi-hop, chats and dialogue."""

from pathlib import Path
from typing import Any

import pytest

from evals.corpora import travel_document_id
from evals.pack import Pack
from evals.product import Product
from evals.task import Task
from evals.tasks.cross_language import CROSS_LANGUAGE_TASKS
from evals.tasks.dialogue import DIALOGUE_TASKS, messages
from evals.tasks.lihua_world import LIHUA_WORLD_TASKS
from evals.tasks.multi_hop import HOTPOTQA, MUSIQUE, TWO_WIKI_RETRIEVAL
from tests.evals.tasks.made_records import answered, record
from tests.evals.tasks.question_pack import FILES
from tests.evals.tasks.tiny_pack import figure, records_of, tiny_pack

CHINESE_ASKS, ENGLISH_ASKS = CROSS_LANGUAGE_TASKS
(LIHUA,) = LIHUA_WORLD_TASKS
(DIALOGUE,) = DIALOGUE_TASKS

Loaded = tuple[Pack, Product]


def test_a_question_is_asked_over_the_corpus_of_the_other_language(loaded: Loaded) -> None:
    pack, _ = loaded
    ((chinese,), _), ((english,), _) = CHINESE_ASKS.read(pack), ENGLISH_ASKS.read(pack)
    assert chinese.given == {"question": "前往诺比的渡轮从哪个码头出发？", "collections": ["xquad-en"]}
    assert (chinese.gold["answers"], chinese.gold["documents"]) == (["pier 3"], ["x:en"])
    assert english.given["collections"] == ["xquad-zh"]
    assert (english.gold["answers"], english.gold["language"]) == (["3号码头"], "zh")


async def test_what_is_not_found_in_the_other_language_counts_as_refused(loaded: Loaded) -> None:
    pack, product = loaded
    records = await records_of(CHINESE_ASKS, pack, product)
    assert figure(CHINESE_ASKS, "recall@5", records).value == 0
    assert figure(CHINESE_ASKS, "false_refusals", records).value == 1
    assert figure(CHINESE_ASKS, "contains", records).value == 0


async def test_all_passages_of_a_question_are_looked_for(loaded: Loaded) -> None:
    pack, product = loaded
    for task in (HOTPOTQA, MUSIQUE):
        records = await records_of(task, pack, product)
        assert figure(task, "all_gold@5", records).value == 1
        assert figure(task, "contains", records).value == 1


def test_aliases_count_as_answers(loaded: Loaded) -> None:
    pack, _ = loaded
    ((row,), _) = MUSIQUE.read(pack)
    assert row.gold["answers"] == ["Lunde", "town of Lunde"]


async def test_where_there_are_no_answers_only_the_search_runs(loaded: Loaded) -> None:
    pack, product = loaded
    records = await records_of(TWO_WIKI_RETRIEVAL, pack, product)
    assert set(records[0]["observed"]) == {"found", "contexts"}
    assert figure(TWO_WIKI_RETRIEVAL, "all_gold@8", records).value == 1


async def test_chats_are_counted_by_the_type_of_their_questions(loaded: Loaded) -> None:
    pack, product = loaded
    records = await records_of(LIHUA, pack, product)
    assert figure(LIHUA, "contains[single]", records).value == 1
    assert figure(LIHUA, "contains[multi]", records).n == 0
    assert figure(LIHUA, "refusal_recall", records).value == 1
    assert records[1]["gold"]["answers"] == []


async def test_a_follow_up_is_asked_with_what_was_said(loaded: Loaded) -> None:
    pack, product = loaded
    records = await records_of(DIALOGUE, pack, product)
    assert records[1]["given"]["history"] == [
        {"role": "user", "content": "云顶湖的门票是多少？"},
        {"role": "assistant", "content": "35元。"},
    ]
    assert records[1]["gold"]["documents"] == [travel_document_id("云顶湖")]
    assert figure(DIALOGUE, "hit@1", records).value == 1
    assert (figure(DIALOGUE, "hit@1[first]", records).n, figure(DIALOGUE, "hit@1[follow_up]", records).n) == (1, 1)
    assert figure(DIALOGUE, "gold_cited", records).value == 1


def test_conversations_that_were_cut_before_the_sight_was_named_are_counted_apart() -> None:
    gold = {"answers": ["35元"], "triples": [["云顶湖", "门票", "35元"]], "language": "zh"}
    cut = record(answered("35元。"), gold)
    cut["given"] = {"question": "那门票呢？", "history": [{"role": "assistant", "content": "八点半开门。"}]}
    named = record(answered("35元。"), gold)
    named["given"] = {"question": "那门票呢？", "history": [{"role": "assistant", "content": "云顶湖八点半开门。"}]}
    assert figure(DIALOGUE, "hit@1", [cut, named]).n == 2
    assert figure(DIALOGUE, "hit@1[named]", [cut, named]).n == 1


def test_the_one_who_is_asked_has_spoken_last() -> None:
    assert [message["role"] for message in messages(["一", "二", "三"])] == ["assistant", "user", "assistant"]
    assert messages([]) == []


CHANGES: list[tuple[Task, dict[str, Any], str]] = [
    (CHINESE_ASKS, {"gold_pid_en": "x:zh"}, "gold_pid_en is not in the corpus"),
    (ENGLISH_ASKS, {"answers_zh": []}, "answers_zh is empty"),
    (HOTPOTQA, {"gold_titles": ["Tern Island", "Nowhere"]}, "1 of gold_titles are not in the corpus"),
    (HOTPOTQA, {"answer": None}, "answer is no text"),
    (MUSIQUE, {"answer_aliases": "Lunde"}, "answer_aliases is no list of texts"),
    (TWO_WIKI_RETRIEVAL, {"gold_titles": []}, "gold_titles is empty"),
    (LIHUA, {"gold_pids": ["20300104_0900", "later"]}, "1 of gold_pids are not in the corpus"),
    (LIHUA, {"gold_pids": []}, "gold_pids is empty"),
    (LIHUA, {"type": 3}, "type is no text"),
    (DIALOGUE, {"gold_triples": [["云顶湖", "门票", "1元"]]}, "one of gold_triples is not in the graph"),
    (DIALOGUE, {"gold_triples": [["云顶湖", "门票"]]}, "one of gold_triples is not head, relation and tail"),
    (DIALOGUE, {"gold_triples": []}, "gold_triples is no list with something in it"),
    (DIALOGUE, {"history": [{"role": "user"}]}, "history is no list of texts"),
]


@pytest.mark.parametrize(("task", "change", "why"), CHANGES, ids=lambda value: value if isinstance(value, str) else "")
def test_rows_that_cannot_be_used_are_named(tmp_path: Path, task: Task, change: dict[str, Any], why: str) -> None:
    first, *others = FILES[task.file]
    pack = tiny_pack(tmp_path, {**FILES, task.file: [{**first, **change}, *others]})
    rows, faults = task.read(pack)
    assert len(rows) == len(others)
    assert [(fault.line, fault.why) for fault in faults if fault.line] == [(1, why)]
