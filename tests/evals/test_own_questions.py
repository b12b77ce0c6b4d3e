"""The user's own questions: what a file may hold, what is wrong with it by line, and what is measured of it."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from evals.metric import RowMetric
from evals.own_questions import read_own_questions, with_documents
from evals.records import NotComputed, Record, Row
from evals.task import Task
from evals.tasks.own import own_task
from tests.evals.sample_products import SAMPLES, SampleProduct, fill, opened
from tools.access import Access
from tools.errors import FileError, InputError


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("samples") / "home"
    fill(home, SAMPLES)
    return home


@pytest.fixture
async def samples(home: Path) -> AsyncIterator[SampleProduct]:
    async with opened(home) as product:
        yield product


def file_of(folder: Path, *rows: Mapping[str, Any] | str | bytes) -> Path:
    path = folder / "questions.jsonl"
    lines = [row if isinstance(row, str | bytes) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines))
    return path


def id_of(question: str) -> str:
    """The id of a row without one: of what is asked, wherever it stands."""
    return hashlib.sha256(repr(question).encode()).hexdigest()[:10]


def test_what_a_row_may_say(tmp_path: Path) -> None:
    full = {
        "id": "a",
        "question": " 工期多久？ ",
        "answer": ["780天", "780日历天"],
        "documents": "合同.pdf",
        "route": "graph_or_vector",
        "language": "zh",
        "collections": ["default"],
        "history": [{"role": "user", "content": "二标段"}],
        "kind": "quantity",
        "found_in": "for the reader alone",
    }
    twin = {"id": "b", "question": "工期多久？", "must_refuse": True, "hidden": ["合同.pdf"], "twin_of": "a"}
    rows, faults = read_own_questions(file_of(tmp_path, full, twin, {"question": "What is that?"}))
    assert faults == []
    assert rows[0] == Row(
        "a",
        {
            "question": "工期多久？",
            "history": [{"role": "user", "content": "二标段"}],
            "collections": ["default"],
            "hidden": [],
            "routed": True,
        },
        {
            "answers": ["780天", "780日历天"],
            "documents": ["合同.pdf"],
            "must_refuse": False,
            "route": "graph_or_vector",
            "language": "zh",
            "twin_of": "",
            "kind": "quantity",
            "line": 1,
        },
    )
    assert rows[1].given["hidden"] == ["合同.pdf"]
    assert rows[1].gold["must_refuse"] is True
    assert rows[2].id == id_of("What is that?")
    assert rows[2].gold["must_refuse"] is None, "nothing is known of it"
    assert rows[2].gold["language"] == "en"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"id": "x", "answer": "y"}, "has no question"),
        ({"question": "  "}, "question is empty"),
        ({"question": 3}, "question is no text"),
        ({"question": "q", "answer": {"a": 1}}, "answer is no list of texts"),
        ({"question": "q", "answer": ""}, "answer is empty"),
        ({"question": "q", "answer": []}, "answer is empty"),
        ({"question": "q", "anwser": "a"}, "has 'anwser': is 'answer' meant?"),
        ({"question": "q", "document": "a"}, "has 'document': is 'documents' meant?"),
        ({"question": "q", "documents": [1]}, "documents is no list of texts"),
        ({"question": "q", "must_refuse": "yes"}, "must_refuse is neither true nor false"),
        ({"question": "q", "must_refuse": True, "answer": "a"}, "has an answer, and must_refuse too"),
        ({"question": "q", "route": "phone"}, "route is none of"),
        ({"question": "q", "language": "fr"}, "language is none of"),
        ({"question": "q", "history": ["hello"]}, "history is no list of"),
        ({"question": "q", "history": [{"role": "system", "content": "x"}]}, "history is no list of"),
        ({"question": "q", "twin_of": "nobody"}, "twin_of names no usable row: nobody"),
        ({"id": "first", "question": "q"}, "repeats the id of an earlier line"),
        ("[1, 2]", "not a JSON object"),
        ("{broken", "not JSON"),
        ("问题".encode("gb18030"), "not in UTF-8"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_by_its_line(
    tmp_path: Path, row: Mapping[str, Any] | str | bytes, why: str
) -> None:
    rows, faults = read_own_questions(file_of(tmp_path, {"id": "first", "question": "q?"}, row, {"question": "r?"}))
    assert [each.id for each in rows] == ["first", id_of("r?")]
    (fault,) = faults
    assert fault.line == 2
    assert why in fault.why


def test_a_file_without_a_question_is_refused(tmp_path: Path) -> None:
    for rows in ([], ["", "  "], [{"id": "x"}]):
        with pytest.raises(InputError) as caught:
            read_own_questions(file_of(tmp_path, *rows))
        assert "holds no question" in caught.value.what
    with pytest.raises(FileError):
        read_own_questions(tmp_path / "absent.jsonl")


async def test_documents_are_found_by_any_of_their_names(samples: SampleProduct, tmp_path: Path) -> None:
    id_ = await samples.id_of("术语表.md")
    rows = read_own_questions(
        file_of(
            tmp_path,
            {"id": "a", "question": "什么是纳统？", "documents": ["术语表.md"]},
            {"id": "b", "question": "什么是纳统？", "documents": ["工程投资与进度术语表"], "hidden": [id_]},
            {"id": "c", "question": "什么是纳统？", "documents": ["gone.pdf"]},
            {"id": "d", "question": "什么是纳统？", "collections": ["nowhere"]},
        )
    )
    found, faults = await with_documents(rows, samples.ledger, Access())
    assert [(row.id, row.gold["documents"], row.given["hidden"]) for row in found] == [
        ("a", [id_], []),
        ("b", [id_], [id_]),
    ]
    assert [(fault.line, fault.id, fault.why) for fault in faults] == [
        (3, "c", "there is no document gone.pdf"),
        (4, "d", "there is no collection nowhere"),
    ]
    with pytest.raises(InputError):
        await with_documents((rows[0][2:], []), samples.ledger, Access())


ROWS = (
    {
        "id": "who",
        "question": "谁是华衡工程监理有限公司的法定代表人？",
        "answer": "孟庭芳",
        "documents": "人员与职责.csv",
    },
    {
        "id": "who-hidden",
        "question": "谁是华衡工程监理有限公司的法定代表人？",
        "must_refuse": True,
        "hidden": ["人员与职责.csv"],
        "twin_of": "who",
    },
    {"id": "hello", "question": "你好", "route": "direct"},
    {"id": "open", "question": "Why is Zhandong Road narrowed?", "documents": "faq.md", "kind": "faq"},
)


async def records_of(samples: SampleProduct, folder: Path) -> tuple[Task, list[Record]]:
    rows = await with_documents(read_own_questions(file_of(folder, *ROWS)), samples.ledger, Access())
    task = own_task(*rows)
    records = []
    for row in task.read(None)[0]:  # type: ignore[arg-type]
        observed = json.loads(json.dumps(await task.observe(row, samples.product)))
        record = Record(
            task=task.name, id=row.id, given=row.given, gold=row.gold, observed=observed, judged={}, ms=1.0, failure=""
        )
        records.append(record)
    return task, records


async def test_each_row_has_the_figures_that_its_fields_allow(samples: SampleProduct, tmp_path: Path) -> None:
    task, records = await records_of(samples, tmp_path)

    def scores(name: str) -> list[Any]:
        metric = next(metric for metric in task.metrics if metric.name == name)
        return [metric.score(each) for each in records] if isinstance(metric, RowMetric) else [metric.score(records)]

    assert scores("contains") == [1.0, None, None, None]
    assert scores("recall@5") == [1.0, None, None, 1.0]
    assert scores("gold_cited")[0] == 1.0
    assert scores("refusal_recall") == [None, 1.0, None, None]
    assert scores("false_refusals") == [0.0, None, None, 0.0], "of a greeting nothing is known"
    assert scores("pairs_right") == [1.0]
    assert scores("pairs_both_answered") == [0.0]
    assert scores("route_accuracy") == [None, None, 1.0, None]
    assert scores("route_macro_f1") == [1.0]
    assert scores("model_calls") == [0.0] * 4
    assert scores("faithfulness (judge)") == [
        NotComputed("no judge model is set"),
        None,
        *scores("faithfulness (judge)")[2:],
    ]
    assert scores("contains[faq]") == [None] * 4, "no answer is given"
    assert 0 <= scores("calibration_error")[0] <= 1
    assert [score is None for score in scores("brier")] == [False, True, True, True]


async def test_nothing_hidden_is_observed(samples: SampleProduct, tmp_path: Path) -> None:
    _, records = await records_of(samples, tmp_path)
    (hidden,) = records[1]["given"]["hidden"]
    told = json.dumps(records[1]["observed"], ensure_ascii=False)
    assert hidden in json.dumps(records[0]["observed"])
    assert hidden not in told
    assert "孟庭芳" not in told


def test_pairs_whose_question_is_missing_are_not_counted() -> None:
    task = own_task([])
    metric = next(metric for metric in task.metrics if metric.name == "pairs_right")
    assert metric.score([]) == NotComputed("no pairs")  # type: ignore[arg-type]
