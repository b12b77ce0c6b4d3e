"""`signpost eval` as a user types it: over a small pack, own and generated questions, twice, stopped, and wrong."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.agent.command_line import NOTHING_OUTSIDE, Signpost

PASSAGES = [
    ("p1", "沧屿大桥", "沧屿大桥于1987年建成通车，全长412米，由沧屿市建设局管理。"),
    ("p2", "北港灯塔", "北港灯塔高38米，1921年由渔民集资修建，2003年列为保护建筑。"),
    ("p3", "云溪茶园", "云溪茶园占地260亩，每年四月采摘头春茶。"),
]
QUESTIONS = [
    ("q1", "沧屿大桥全长多少米？", "412米", "p1"),
    ("q2", "北港灯塔高多少米？", "38米", "p2"),
    ("q3", "云溪茶园占地多少亩？", "260亩", "p3"),
    ("q4", "沧屿大桥的造价是多少亿元？", "", None),
]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signpost:
    """The command line over an empty home, without any setting from outside."""
    for name in [name for name in os.environ if name.startswith(("SIGNPOST_", "OPENAI_", "QDRANT_", "NEO4J_"))]:
        monkeypatch.delenv(name)
    for name, value in NOTHING_OUTSIDE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SIGNPOST_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return Signpost(tmp_path / "home")


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def make_pack(folder: Path, repeats: int = 1) -> Path:
    """Own sentences in the layout of the public sets. repeats: of each question, under ids of its own."""
    write(
        folder / "dev" / "zh_single_hop_cmrc.corpus.jsonl",
        [{"pid": pid, "title": title, "text": text} for pid, title, text in PASSAGES],
    )
    rows = [
        {
            "id": f"{id_}-{number}",
            "question": question,
            "answers": [answer] if answer else [],
            "unanswerable": not answer,
            "lang": "zh",
            "gold_pid": pid,
        }
        for number in range(repeats)
        for id_, question, answer, pid in QUESTIONS
    ]
    write(folder / "dev" / "zh_single_hop_cmrc.jsonl", rows)
    routes = [("r1", "你好", "direct"), ("r2", "沧屿大桥全长多少米？", "vector")]
    write(
        folder / "dev" / "routing.jsonl",
        [
            {"id": id_, "question": question, "route": route, "lang": "zh", "source": "own", "label_basis": "ours"}
            for id_, question, route in routes
        ],
    )
    return folder


def measures(report: dict[str, Any], task: str) -> dict[str, Any]:
    (found,) = [each for each in report["tasks"] if each["name"] == task]
    return {measure["metric"]: measure for measure in found["measures"]}


def test_a_pack_is_measured_kept_and_not_run_twice(own: Signpost, tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "pack")
    report = own.json("eval", "run", "--pack", pack, "--label", "first", "--tasks", "zh_single_hop_cmrc,routing")
    questions = measures(report, "zh_single_hop_cmrc")
    assert (questions["contains"]["value"], questions["contains"]["n"]) == (1.0, 3)
    assert questions["recall@1"]["value"] == 1.0
    assert (questions["refusal_recall"]["value"], questions["refusal_recall"]["n"]) == (1.0, 1)
    assert 0 < questions["contains"]["low"] < 1
    assert measures(report, "routing")["accuracy"]["value"] == 1.0
    assert report["header"]["label"] == "first"
    assert report["header"]["versions"]["models"] == "none"
    folder = Path(report["folder"])
    assert "zh_single_hop_cmrc" in (folder / "report.html").read_text(encoding="utf-8")
    kept = [json.loads(line) for line in (folder / "records.jsonl").read_text(encoding="utf-8").split("\n") if line]
    assert {record["failure"] for record in kept} == {""}

    again = own.json("eval", "run", "--pack", pack, "--label", "second")
    repeated = [
        json.loads(line)
        for line in (Path(again["folder"]) / "records.jsonl").read_text(encoding="utf-8").split("\n")
        if line
    ]
    by_id = {(record["task"], record["id"]): record for record in repeated}
    for record in kept:  # with the answer's id and times: it is the same run
        assert by_id[record["task"], record["id"]] == record

    compared = own.json("eval", "compare", "first", "second")
    verdicts = {each["verdict"] for each in compared["comparisons"]}
    assert verdicts <= {"no difference shown", "not compared"}
    assert compared["versions"] == {}
    assert "zh_single_hop_cmrc_closed_book" in compared["only_after"]


def test_bad_rows_are_named_and_the_others_counted(own: Signpost, tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "pack")
    file = pack / "dev" / "zh_single_hop_cmrc.jsonl"
    lines = file.read_text(encoding="utf-8")
    file.write_text(lines + lines.split("\n")[0] + '\n{"id": "x"}\nno json\n', encoding="utf-8")
    result = own("eval", "run", "--pack", pack, "--tasks", "zh_single_hop_cmrc")
    assert result.exit_code == 0, result.output
    assert "repeats the id" in result.stderr
    assert "not JSON" in result.stderr
    assert "zh_single_hop_cmrc (4 rows" in result.stdout


def test_a_broken_floor_ends_with_one(own: Signpost, tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "pack")
    floors = tmp_path / "floors.toml"
    floors.write_text('"zh_single_hop_cmrc/recall@1" = { min = 0.9 }\n', encoding="utf-8")
    arguments = ("eval", "run", "--pack", pack, "--tasks", "zh_single_hop_cmrc", "--gate", floors)
    assert own(*arguments).exit_code == 0
    floors.write_text('"zh_single_hop_cmrc/recall@1" = { min = 0.9, on = "low" }\n', encoding="utf-8")
    broken = own(*arguments)
    assert broken.exit_code == 1
    assert "recall@1" in broken.stderr
    floors.write_text("nonsense", encoding="utf-8")
    assert own(*arguments).exit_code == 2


def test_the_tables_of_a_page_are_written_between_their_markers(own: Signpost, tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text(
        "# Ours\n\n<!-- eval:tasks -->\nstale words\n<!-- /eval:tasks -->\n\nWhy: because.\n", encoding="utf-8"
    )
    pack = make_pack(tmp_path / "pack")
    assert own("eval", "run", "--pack", pack, "--page", page).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Ours\n")
    assert text.endswith("Why: because.\n")
    assert "| zh_single_hop_cmrc | contains |" in text
    assert "stale words" not in text


def test_own_questions_from_generation_to_figures(own: Signpost, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for pid, title, text in PASSAGES:
        (files / f"{pid}.md").write_text(f"# {title}\n\n{text}\n", encoding="utf-8")
    assert own("add", files).exit_code == 0
    made = own.json("eval", "generate", "3", "--out", "made.jsonl")
    assert made["rows"] == 6 - 2 * (3 - made["rows"] // 2)
    report = own.json("eval", "run", "made.jsonl")
    figures = measures(report, "own_questions")
    assert figures["refusal_recall"]["n"] == made["rows"] // 2
    assert own.error("eval", "generate", "3", "--out", "made.jsonl", code=2)["what"].endswith("is there already.")
    rows = [
        {"question": "北港灯塔高多少米？", "answer": "38米", "documents": ["p2.md"]},
        {"question": "?", "answer": 3},
    ]
    write(tmp_path / "own.jsonl", rows)
    result = own("eval", "run", "own.jsonl", "--all")
    assert result.exit_code == 0, result.output
    assert "own.jsonl, line 2" in result.stderr
    assert "contains" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run"], "Questions or a pack"),
        (["run", "q.jsonl", "--pack", "."], "Questions and a pack"),
        (["run", "q.jsonl", "--tasks", "routing"], "--tasks is for packs"),
        (["run", "q.jsonl", "--page", "page.md"], "whole run of a pack"),
        (["run", "--pack", ".", "--tasks", "routing", "--page", "page.md"], "whole run of a pack"),
        (["run", "--pack", ".", "--page", "gone.md"], "cannot be read"),
        (["run", "--pack", "gone"], "no folder"),
        (["run", "--pack", "."], "no evaluation pack"),
        (["run", "gone.jsonl"], "cannot be read"),
        (["compare", "a", "b"], "no run 'a'"),
        (["ablate"], "pack is needed"),
    ],
)
def test_what_cannot_be_done_says_why(own: Signpost, arguments: list[str], said: str) -> None:
    assert said in own.error("eval", *arguments, code=2)["what"]


def test_an_unknown_task_is_told(own: Signpost, tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "pack")
    error = own.error("eval", "run", "--pack", pack, "--tasks", "routing,nothing", code=2)
    assert "nothing" in error["what"]
    assert "Cypher" in own.error("eval", "run", "--pack", pack, "--tasks", "text2cypher", code=2)["why"]
    assert "eval tasks" in error["next_step"]
    assert "zh_single_hop_cmrc" in {task["name"] for task in own.json("eval", "tasks")["tasks"]}


def test_a_run_that_is_stopped_shows_what_there_is_and_goes_on(own: Signpost, tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "pack", repeats=40)
    process = own.start("eval", "run", "--pack", str(pack), "--tasks", "zh_single_hop_cmrc", "--json")
    assert process.stderr is not None
    for line in process.stderr:
        if "1/" in line:
            break
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 1, errors
    assert "the same command goes on" in errors
    (stopped,) = [task for task in json.loads(output)["tasks"] if task["name"] == "zh_single_hop_cmrc"]
    assert 0 < stopped["failed"] < stopped["n"] == 160
    assert "stopped before it was run" in json.dumps(stopped["measures"])
    ablated = own.json("eval", "run", "--pack", pack, "--tasks", "zh_single_hop_cmrc")
    assert ablated["tasks"][0]["failed"] == 0


def test_tasks_that_no_stage_matters_to_are_not_ablated(own: Signpost, tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "pack")
    assert "show nothing" in own.error("eval", "ablate", "--pack", pack, "--tasks", "routing", code=2)["what"]


def test_an_ablation_compares_every_variant_with_the_whole(own: Signpost, tmp_path: Path) -> None:
    result = own.json("eval", "ablate", "--pack", make_pack(tmp_path / "pack"), "--tasks", "zh_single_hop_cmrc")
    variants = {variant["name"]: variant for variant in result["variants"]}
    assert next(iter(variants)) == "full"
    assert variants["full"]["comparisons"] == []
    refused = {each["metric"]: each for each in variants["no_bands"]["comparisons"]}["refusal_recall"]
    assert (refused["before"], refused["after"]) == (1.0, 0.0)  # without bands nothing that was found is refused
    assert {each["metric"] for each in variants["no_rewrite"]["comparisons"]} >= {"contains", "searches"}


def test_a_question_that_was_changed_between_two_runs_is_another_one(own: Signpost, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for pid, title, text in PASSAGES:
        (files / f"{pid}.md").write_text(f"# {title}\n\n{text}\n", encoding="utf-8")
    assert own("add", files).exit_code == 0
    rows = [{"id": id_, "question": question, "answer": answer} for id_, question, answer, _ in QUESTIONS[:3]]
    write(tmp_path / "own.jsonl", rows)
    own.json("eval", "run", "own.jsonl", "--label", "before")
    write(tmp_path / "own.jsonl", [{**rows[0], "question": "云溪茶园占地多少亩？"}, *rows[1:]])
    own.json("eval", "run", "own.jsonl", "--label", "after")
    compared = own.json("eval", "compare", "before", "after")["comparisons"]
    (contains,) = [each for each in compared if each["metric"] == "contains"]
    assert (contains["n"], contains["only_before"], contains["only_after"]) == (2, 1, 1)
    assert {each["verdict"] for each in compared if each["unit"] == "ms"} <= {"no difference shown", "differs"}


def test_settings_that_change_answers_are_run_again(
    own: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "note.md").write_text("# 沧屿大桥\n\n沧屿大桥全长412米。\n", encoding="utf-8")
    assert own("add", "note.md").exit_code == 0
    write(tmp_path / "own.jsonl", [{"question": "今天沧屿的天气怎么样？", "route": "web"}])
    assert measures(own.json("eval", "run", "own.jsonl"), "own_questions")["route_accuracy"]["value"] == 0.0
    monkeypatch.setenv("SIGNPOST_WEB", "on")
    assert measures(own.json("eval", "run", "own.jsonl"), "own_questions")["route_accuracy"]["value"] == 1.0


def test_documents_without_anything_to_ask_about_are_told(own: Signpost, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("It rained, and then it rained again.\n", encoding="utf-8")
    assert own("add", "note.txt").exit_code == 0
    assert "no question" in own.error("eval", "generate", "5", "--out", "none.jsonl", code=2)["what"]
    assert not (tmp_path / "none.jsonl").exists()


def test_a_pack_never_touches_the_user_s_own_servers(
    own: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QDRANT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:9")
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", "postgresql://u@127.0.0.1:9/name")
    report = own.json("eval", "run", "--pack", make_pack(tmp_path / "pack"), "--tasks", "zh_single_hop_cmrc")
    assert measures(report, "zh_single_hop_cmrc")["contains"]["value"] == 1.0
    assert not (own.home / "ledger.db").exists()


def test_the_newest_two_homes_of_corpora_are_kept(own: Signpost, tmp_path: Path) -> None:
    for number in range(3):
        pack = make_pack(tmp_path / f"pack{number}")
        write(pack / "dev" / "multihop_hotpotqa.corpus.jsonl", [{"pid": f"h{number}", "title": "", "text": "Words."}])
        assert own("eval", "run", "--pack", pack, "--tasks", "zh_single_hop_cmrc").exit_code == 0
    assert len(list((own.home / "evaluation").glob("corpora-*"))) == 2


def test_a_changed_document_is_asked_again(own: Signpost, tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    write(tmp_path / "own.jsonl", [{"question": "沧屿大桥全长多少米？", "answer": "500米"}])
    for length, right in (("412", 0.0), ("500", 1.0)):
        note.write_text(f"# 沧屿大桥\n\n沧屿大桥全长{length}米。\n", encoding="utf-8")
        assert own("add", note).exit_code == 0
        assert measures(own.json("eval", "run", "own.jsonl"), "own_questions")["contains"]["value"] == right
