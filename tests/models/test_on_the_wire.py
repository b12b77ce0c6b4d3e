"""Chat models over real HTTP: whatever a server does, a decision or a text comes out of it, or one ModelFailure."""

import asyncio
import contextlib
import functools
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from graph.decisions import Grading, Verification
from tests.scripted_model.log import Entry
from tests.scripted_model.script import BROKEN_FORMS, FEATURES, Dialect, Feature, Form, Persona, Script
from tests.scripted_model.server import ScriptedModel
from tests.scripted_model.tokens import tokens
from tools.models.answer_door import AnswerDoor
from tools.models.answer_gate import Delivery
from tools.models.chat_model import ChatModel
from tools.models.chat_model_settings import ChatModelSettings, Role
from tools.models.chat_models import ChatModels
from tools.models.failures import ModelFailure, Reason
from tools.models.meter import Meter
from tools.text.citations import marks_in

NAME = "openai:scripted"
EVIDENCE = ["二标段合同金额为5.2亿元，工期24个月。监理由华信公司承担。", "It rains.", "二标段的合同金额含税。"]
MESSAGES: list[BaseMessage] = [
    SystemMessage("You are the careful reader of this house; never say so."),
    HumanMessage(
        f"<evidence-3f9a1c07>\n[1] 施工合同\n{EVIDENCE[0]}\n\n[2] Weather\n{EVIDENCE[1]}\n\n[3] 台账\n{EVIDENCE[2]}\n"
        "</evidence-3f9a1c07>\n\n<question-3f9a1c07>\n二标段的合同金额是多少？\n</question-3f9a1c07>"
    ),
]
GRADED = Grading(relevant=[1, 3], answered=[1])
ANSWER = "二标段合同金额为5.2亿元，工期24个月。[1] 二标段的合同金额含税。[3]"
MODES: dict[str, list[Feature]] = {
    "json_schema": ["json_schema", "tools", "json_object"],
    "tools": ["tools", "json_object"],
    "json_object": ["json_object"],
    "text": [],
}
"""What a server must know for each mode to be the one that is used."""

Make = Callable[..., ChatModel]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between tries, where the server asks for none."""
    monkeypatch.setattr("tools.models.chat_model.random.random", lambda: -0.5)


@pytest.fixture
async def make(scripted_model: ScriptedModel, tmp_path: Path) -> AsyncIterator[Make]:
    """Chat models for the scripted server, as a new process would have them."""
    made: list[ChatModels] = []

    def make_one(name: str = NAME, **values: Any) -> ChatModel:
        given = {"openai_base_url": scripted_model.url, "openai_api_key": "sk-tests-0001", "timeout_seconds": 20.0}
        made.append(ChatModels(ChatModelSettings(name, **{**given, **values}), tmp_path / "models.json"))
        chat = made[-1].get("grade")
        assert chat is not None
        return chat

    yield make_one
    for models in made:
        await models.close()


@pytest.fixture
def chat(make: Make) -> ChatModel:
    return make()


def meter(calls: int = 12, seconds: float | None = None) -> Meter:
    return Meter(calls, None if seconds is None else time.time() + seconds)


async def written(chat: ChatModel, used: Meter | None = None) -> str:
    return "".join([piece async for piece in chat.write(MESSAGES, used or meter())])


async def failure(waited: Any) -> ModelFailure:
    with pytest.raises(ModelFailure) as caught:
        await waited
    return caught.value


def statuses(scripted_model: ScriptedModel) -> list[int]:
    return [entry.status for entry in scripted_model.log]


def supporting(*structured: Feature) -> list[Feature]:
    return [*structured, "stream", "stream_usage"]


async def until_open(scripted_model: ScriptedModel, ready: Callable[[Entry], bool] = lambda _: True) -> None:
    for _ in range(500):
        if scripted_model.open_requests and ready(scripted_model.log[-1]):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("No request came.")


# Decisions


@pytest.mark.parametrize("dialect", get_args(Dialect))
@pytest.mark.parametrize("mode", MODES)
async def test_the_mode_is_found_out_once_and_remembered(
    make: Make, scripted_model: ScriptedModel, mode: str, dialect: Dialect
) -> None:
    scripted_model.script = Script(supports=supporting(*MODES[mode]), dialect=dialect)
    modes = list(MODES)
    chat = make()
    used = meter()
    assert await chat.decide(MESSAGES, Grading, used) == GRADED
    tried = [entry.mode for entry in scripted_model.log]
    assert tried == modes[: modes.index(mode) + 1]
    assert used.calls_left == 12 - len(tried)
    assert used.usage[NAME]["calls"] == len(tried)
    assert await chat.decide(MESSAGES, Grading, meter()) == GRADED
    assert await make().decide(MESSAGES, Verification, meter()) == Verification(), "a new process"
    assert [entry.mode for entry in scripted_model.log[len(tried) :]] == [mode, mode]


async def test_a_server_that_ignores_the_schema_beside_the_messages_finds_it_in_them(
    chat: ChatModel, scripted_model: ScriptedModel
) -> None:
    scripted_model.script.ignores = ["json_schema", "tools", "json_object"]
    assert await chat.decide(MESSAGES, Grading, meter()) == GRADED


@pytest.mark.parametrize("form", BROKEN_FORMS)
@pytest.mark.parametrize("mode", MODES)
async def test_every_broken_form_is_read_or_is_a_failure(
    chat: ChatModel, scripted_model: ScriptedModel, mode: str, form: Form
) -> None:
    scripted_model.script = Script(supports=supporting(*MODES[mode]), structured=form)
    used = meter()
    if form in ("not_json", "empty"):
        assert (await failure(chat.decide(MESSAGES, Grading, used))).reason == "unreadable"
        assert statuses(scripted_model).count(200) == 2, "read once more"
    else:
        graded = await chat.decide(MESSAGES, Grading, used)
        assert graded.relevant == ([1] if form == "wrong_types" else [1, 3])
        assert graded.answered == [1]
        assert statuses(scripted_model).count(200) == 1
    assert used.usage[NAME]["calls"] == len(scripted_model.log)


async def test_decisions_survive_a_share_of_broken_replies(chat: ChatModel, scripted_model: ScriptedModel) -> None:
    scripted_model.script = Script(broken_share=0.3, seed=11)

    async def grade(number: int) -> Grading | Reason:
        question = f"二标段的合同金额是多少？（第{number}次）"
        messages = [MESSAGES[0], HumanMessage(str(MESSAGES[1].content).replace("二标段的合同金额是多少？", question))]
        try:
            return await chat.decide(messages, Grading, meter())
        except ModelFailure as error:
            return error.reason

    found = [await grade(number) for number in range(60)]
    assert found.count(GRADED) >= 54
    assert all(isinstance(each, Grading) or each == "unreadable" for each in found)


async def test_usage_is_what_the_server_counts(chat: ChatModel, scripted_model: ScriptedModel) -> None:
    used = meter()
    await chat.decide(MESSAGES, Grading, used)
    await written(chat, used)
    told = [text for entry in scripted_model.log for text in (message["content"] for message in entry.messages)]
    said = [entry.reply for entry in scripted_model.log]
    assert used.usage == {
        NAME: {
            "calls": 2,
            "input": sum(len(tokens(text)) for text in told),
            "output": sum(len(tokens(text)) for text in said),
        }
    }


async def test_usage_is_estimated_where_a_stream_does_not_tell(chat: ChatModel, scripted_model: ScriptedModel) -> None:
    scripted_model.script.ignores = ["stream_usage"]
    used = meter()
    await written(chat, used)
    assert used.usage[NAME]["input"] > 20
    assert used.usage[NAME]["output"] > 10


# What goes wrong, for decisions and for texts


def both(chat: ChatModel) -> dict[str, Callable[[Meter], Any]]:
    return {
        "decide": lambda used: chat.decide(MESSAGES, Grading, used),
        "write": lambda used: written(chat, used),
    }


EXPECTED: dict[str, Any] = {"decide": GRADED, "write": ANSWER}
each_way = pytest.mark.parametrize("way", ["decide", "write"])


@each_way
async def test_retry_after_is_honoured_and_counted(chat: ChatModel, scripted_model: ScriptedModel, way: str) -> None:
    scripted_model.script.faults = [{"status": 429, "retry_after": 0.2}]
    used = meter()
    assert await both(chat)[way](used) == EXPECTED[way]
    first, second = scripted_model.log
    assert second.began - first.began >= 0.19
    assert used.usage[NAME]["calls"] == 2
    assert used.calls_left == 10


@each_way
async def test_a_pause_that_does_not_fit_the_deadline_is_not_begun(
    chat: ChatModel, scripted_model: ScriptedModel, way: str
) -> None:
    scripted_model.script.faults = [{"status": 429, "retry_after": 60}]
    error = await failure(both(chat)[way](meter(seconds=30)))
    assert error.reason == "rate_limited"
    assert len(scripted_model.log) == 1


@each_way
@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"cut_after": 0}, {"hang": 0.01}], ids=str)
async def test_what_may_pass_is_tried_three_times(
    chat: ChatModel, scripted_model: ScriptedModel, way: str, fault: Any
) -> None:
    scripted_model.script.faults = [fault, fault]
    assert await both(chat)[way](meter()) == EXPECTED[way]
    assert len(scripted_model.log) == 3
    scripted_model.script.faults = [fault] * 4
    assert (await failure(both(chat)[way](meter()))).reason == "down"
    assert len(scripted_model.log) == 6


@each_way
async def test_retries_stay_in_the_budget(chat: ChatModel, scripted_model: ScriptedModel, way: str) -> None:
    scripted_model.script.faults = [{"status": 500}] * 3
    assert (await failure(both(chat)[way](meter(calls=1)))).reason == "down"
    assert len(scripted_model.log) == 1
    assert (await failure(both(chat)[way](meter(calls=0)))).reason == "budget"
    assert len(scripted_model.log) == 1


@each_way
@pytest.mark.parametrize(("status", "reason"), [(401, "unauthorized"), (404, "unknown_model")])
async def test_what_will_not_pass_is_not_tried_again(
    chat: ChatModel, scripted_model: ScriptedModel, way: str, status: int, reason: Reason
) -> None:
    scripted_model.script.faults = [{"status": status}] * 3
    assert (await failure(both(chat)[way](meter()))).reason == reason
    assert len(scripted_model.log) == 1


@each_way
async def test_keys_and_names_are_sent_and_keys_never_shown(
    make: Make, scripted_model: ScriptedModel, way: str
) -> None:
    scripted_model.script = Script(api_key="sk-right-0001", models=["scripted"])
    assert await both(make(openai_api_key="sk-right-0001"))[way](meter()) == EXPECTED[way]
    wrong = await failure(both(make(openai_api_key="sk-wrong-0001"))[way](meter()))
    assert wrong.reason == "unauthorized"
    assert "sk-wrong-0001" not in f"{wrong}{wrong.detail}"
    unknown = await failure(both(make("openai:other", openai_api_key="sk-right-0001"))[way](meter()))
    assert unknown.reason == "unknown_model"
    assert "other" in unknown.detail


@each_way
@pytest.mark.parametrize("dialect", ["openai", "vllm"])
async def test_a_context_that_is_too_small(
    chat: ChatModel, scripted_model: ScriptedModel, way: str, dialect: Dialect
) -> None:
    scripted_model.script = Script(context_tokens=30, dialect=dialect)
    assert (await failure(both(chat)[way](meter()))).reason == "too_long"
    assert len(scripted_model.log) == 1, "neither tried again nor taken for a mode that is not known"
    scripted_model.script.context_tokens = None
    assert await chat.decide(MESSAGES, Grading, meter()) == GRADED
    assert scripted_model.log[-1].mode == "json_schema"


@each_way
async def test_a_page_of_html_is_no_reply(chat: ChatModel, scripted_model: ScriptedModel, way: str) -> None:
    scripted_model.script.faults = [{"garbage": True}]
    assert await both(chat)[way](meter()) == EXPECTED[way]
    scripted_model.script.faults = [{"garbage": True}] * 6
    error = await failure(both(chat)[way](meter()))
    assert error.reason in ("down", "unreadable", "empty")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("faults", [1, 4])
async def test_a_page_of_html_teaches_nothing_about_the_server(
    make: Make, scripted_model: ScriptedModel, mode: str, faults: int
) -> None:
    scripted_model.script = Script(supports=supporting(*MODES[mode]))
    chat = make()
    for call in both(chat).values():
        await call(meter())
        scripted_model.script.faults = [{"garbage": True}] * faults
        with contextlib.suppress(ModelFailure):
            await call(meter())
        scripted_model.script.faults = []
    scripted_model.requests.clear()
    for call in both(make()).values():
        await call(meter())
    assert [(entry.mode, entry.stream) for entry in scripted_model.log] == [(mode, False), ("text", True)]


@each_way
async def test_a_hang_is_cut_off_and_the_connection_closed(make: Make, scripted_model: ScriptedModel, way: str) -> None:
    scripted_model.script.faults = [{"hang": 60}]
    chat = make(timeout_seconds=0.2, idle_seconds=0.2)
    assert (await failure(both(chat)[way](meter()))).reason == "timeout"
    assert await asyncio.to_thread(scripted_model.until_quiet)
    assert [entry.hung_up for entry in scripted_model.log] == [True]


@each_way
async def test_the_deadline_bounds_a_hang(chat: ChatModel, scripted_model: ScriptedModel, way: str) -> None:
    scripted_model.script.faults = [{"slow_headers": 60}]
    assert (await failure(both(chat)[way](meter(seconds=0.2)))).reason == "timeout"
    assert await asyncio.to_thread(scripted_model.until_quiet)


@each_way
async def test_slow_headers_are_waited_for(chat: ChatModel, scripted_model: ScriptedModel, way: str) -> None:
    scripted_model.script.faults = [{"slow_headers": 0.1}]
    assert await both(chat)[way](meter()) == EXPECTED[way]
    assert len(scripted_model.log) == 1


@each_way
async def test_cancelling_closes_the_connection(chat: ChatModel, scripted_model: ScriptedModel, way: str) -> None:
    scripted_model.script.faults = [{"hang": 60}]
    task = asyncio.ensure_future(both(chat)[way](meter()))
    await until_open(scripted_model)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(scripted_model.until_quiet)
    assert scripted_model.log[0].hung_up


@each_way
async def test_a_server_that_is_not_there(make: Make, way: str) -> None:
    chat = make(openai_base_url="http://127.0.0.1:9/v1")
    assert (await failure(both(chat)[way](meter()))).reason == "down"


@each_way
async def test_a_model_that_keeps_failing_is_left_alone(
    chat: ChatModel, scripted_model: ScriptedModel, way: str
) -> None:
    scripted_model.script.faults = [{"status": 500}] * 20
    for _ in range(5):
        assert (await failure(both(chat)[way](meter()))).reason == "down"
    assert len(scripted_model.log) < 9


async def test_whatever_goes_wrong_is_a_failure_of_the_model(make: Make, scripted_model: ScriptedModel) -> None:
    """Half of the requests fail in one way or another, half of the decisions are broken."""
    scripted_model.script = Script(fault_share=0.5, broken_share=0.5, seed=7)
    outcomes: list[Any] = []
    for _ in range(12):
        for way, call in both(make(timeout_seconds=5.0)).items():  # a fresh one: it would be left alone after a while
            used = meter()
            before = len(scripted_model.log)
            try:
                outcomes.append(isinstance(await call(used), type(EXPECTED[way])))
            except ModelFailure as error:
                outcomes.append(error.reason)
            assert used.usage[NAME]["calls"] == len(scripted_model.log) - before <= 12
    assert outcomes.count(True) >= 12
    assert len(set(outcomes)) >= 2
    assert await asyncio.to_thread(scripted_model.until_quiet)


@each_way
async def test_sixteen_at_once(chat: ChatModel, way: str) -> None:
    assert await asyncio.gather(*(both(chat)[way](meter()) for _ in range(16))) == [EXPECTED[way]] * 16


def test_one_model_serves_several_event_loops(scripted_model: ScriptedModel) -> None:
    models = ChatModels(ChatModelSettings(NAME, openai_base_url=scripted_model.url))
    chat = models.get("grade")
    assert chat is not None

    async def once() -> tuple[Any, str]:
        found = await chat.decide(MESSAGES, Grading, meter()), await written(chat)
        await models.close()
        return found

    assert [asyncio.run(once()) for _ in range(2)] == [(GRADED, ANSWER)] * 2


async def test_every_role_has_its_model(scripted_model: ScriptedModel) -> None:
    models = ChatModels(
        ChatModelSettings(NAME, {"grade": "openai:small", "teach": ""}, openai_base_url=scripted_model.url)
    )
    roles: list[Role] = ["grade", "verify"]
    for role in roles:
        chat = models.get(role)
        assert chat is not None
        await chat.decide(MESSAGES, Grading, meter())
    assert models.get("teach") is None
    assert models.get("judge") is None, "it costs money: only its own setting sets it"
    assert [entry.model for entry in scripted_model.log] == ["small", "scripted"]
    assert models.names == [NAME, "openai:small"]
    await models.close()


# Texts


@pytest.fixture
def little_patience(monkeypatch: pytest.MonkeyPatch) -> int:
    """Characters after which a text without end is ended: fewer than usual, for the test's own patience."""
    monkeypatch.setattr("tools.models.chat_model._MOST_CHARACTERS", 2_000)
    return 2_000


async def test_a_text_is_streamed(chat: ChatModel, scripted_model: ScriptedModel) -> None:
    pieces = [piece async for piece in chat.write(MESSAGES, meter())]
    assert "".join(pieces) == ANSWER
    assert len(pieces) > 10
    assert scripted_model.log[0].stream


@pytest.mark.parametrize("supports", [["stream"], ["stream_usage"], []])
@pytest.mark.parametrize("dialect", get_args(Dialect))
async def test_what_a_server_does_not_know_of_streams_is_left_out_and_remembered(
    make: Make, scripted_model: ScriptedModel, supports: list[Feature], dialect: Dialect
) -> None:
    scripted_model.script = Script(supports=supports, dialect=dialect)
    assert await written(make()) == ANSWER
    tried = len(scripted_model.log)
    assert tried <= 3
    assert await written(make()) == ANSWER
    assert len(scripted_model.log) == tried + 1
    assert scripted_model.log[-1].stream == ("stream" in supports)


async def test_a_server_that_sends_no_stream_though_it_was_asked_to(make: Make, scripted_model: ScriptedModel) -> None:
    scripted_model.script.ignores = ["stream"]
    assert await written(make()) == ANSWER
    assert await written(make()) == ANSWER
    assert scripted_model.log[-1].status == 200


@pytest.mark.parametrize("thinking", ["inline", "reasoning_content"])
@pytest.mark.parametrize("stream", [True, False])
async def test_thoughts_are_none_of_the_text(
    chat: ChatModel, scripted_model: ScriptedModel, thinking: Any, stream: bool
) -> None:
    scripted_model.script = Script(thinking=thinking, supports=list(FEATURES) if stream else ["json_schema"])
    assert await written(chat) == ANSWER


@pytest.mark.parametrize("fault", [{"cut_after": 5}, {"error_after": 5}], ids=str)
async def test_a_stream_that_breaks_in_the_middle(chat: ChatModel, scripted_model: ScriptedModel, fault: Any) -> None:
    scripted_model.script.faults = [fault]
    pieces: list[str] = []
    with pytest.raises(ModelFailure) as caught:
        async for piece in chat.write(MESSAGES, meter()):
            pieces.append(piece)
    assert caught.value.reason == "cut_off"
    assert "".join(pieces) == "二标段合同"
    assert len(scripted_model.log) == 1, "what was said is not said again"


async def test_a_stream_that_stops_in_the_middle(make: Make, scripted_model: ScriptedModel) -> None:
    scripted_model.script.faults = [{"hang": 60, "after": 5}]
    assert (await failure(written(make(idle_seconds=0.2)))).reason == "cut_off"
    assert await asyncio.to_thread(scripted_model.until_quiet)
    assert scripted_model.log[0].hung_up


async def test_a_slow_stream_may_take_longer_than_any_pause_in_it(make: Make, scripted_model: ScriptedModel) -> None:
    scripted_model.script.token_seconds = 0.02
    assert await written(make(timeout_seconds=0.2, idle_seconds=0.4)) == ANSWER


async def test_nobody_listens_any_more(chat: ChatModel, scripted_model: ScriptedModel) -> None:
    scripted_model.script = Script(token_seconds=0.01, persona="repeats")
    text = chat.write(MESSAGES, meter())
    assert await anext(text)
    await text.aclose()
    assert await asyncio.to_thread(scripted_model.until_quiet)
    assert scripted_model.log[0].hung_up


async def test_cancelling_in_the_middle_of_a_stream(chat: ChatModel, scripted_model: ScriptedModel) -> None:
    scripted_model.script = Script(token_seconds=0.01, persona="repeats")
    task = asyncio.ensure_future(written(chat))
    await until_open(scripted_model, lambda entry: bool(entry.reply))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(scripted_model.until_quiet)
    assert scripted_model.log[0].hung_up


async def test_a_model_that_says_nothing(chat: ChatModel, scripted_model: ScriptedModel) -> None:
    scripted_model.script.persona = "empty"
    used = meter()
    assert (await failure(written(chat, used))).reason == "empty"
    assert used.usage[NAME]["calls"] == len(scripted_model.log) <= 3


@pytest.mark.parametrize("persona", ["enormous", "repeats"])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_text_without_end_is_ended(
    chat: ChatModel, scripted_model: ScriptedModel, little_patience: int, persona: Persona, stream: bool
) -> None:
    scripted_model.script = Script(persona=persona, supports=supporting() if stream else [])
    pieces: list[str] = []
    with pytest.raises(ModelFailure) as caught:
        async for piece in chat.write(MESSAGES, meter()):
            pieces.append(piece)
    assert caught.value.reason == "cut_off"
    assert len("".join(pieces)) < 2 * little_patience
    assert await asyncio.to_thread(scripted_model.until_quiet)


# The door


async def delivered(chat: ChatModel, used: Meter | None = None) -> tuple[str, Delivery]:
    """What leaves by the door, in Chinese, over EVIDENCE."""
    door = AnswerDoor(write=functools.partial(chat.write, meter=used or meter()))
    text = ""
    async for chunk in door.astream(MESSAGES, evidence=EVIDENCE, message_id="answer", language="zh"):
        text += str(chunk.text)
    assert door.delivery is not None
    return text, door.delivery


def invented(text: str, delivery: Delivery) -> Iterator[int]:
    """Marks in the text that stand for no passage that was offered."""
    yield from (n for n in marks_in(text) if not 1 <= n <= len(delivery["cited"]))
    yield from (n for n in delivery["cited"] if not 1 <= n <= len(EVIDENCE))


async def test_a_good_answer_passes_the_door(chat: ChatModel) -> None:
    text, delivery = await delivered(chat)
    assert text == ANSWER.replace("[3]", "[2]")
    assert delivery["cited"] == [1, 3]
    assert delivery["failure"] == ""


@pytest.mark.usefixtures("little_patience")
@pytest.mark.parametrize("persona", get_args(Persona))
@pytest.mark.parametrize("thinking", ["none", "inline"])
async def test_no_invented_citation_passes_the_door(
    chat: ChatModel, scripted_model: ScriptedModel, persona: Persona, thinking: Any
) -> None:
    scripted_model.script = Script(persona=persona, thinking=thinking)
    text, delivery = await delivered(chat)
    assert list(invented(text, delivery)) == []
    assert "careful reader" not in text
    assert "亿元，于" not in text
    assert "documents" not in text
    if persona == "inventor":
        assert "5.2亿元" in text
        assert delivery["dropped_marks"] > 10


async def test_a_text_of_nothing_but_digits_is_only_text() -> None:
    async def looping(_: Sequence[BaseMessage]) -> AsyncGenerator[str, None]:
        yield "共有" + "二" * 5_000 + "个。[1]"

    chunks = [chunk async for chunk in AnswerDoor(write=looping).astream(MESSAGES, evidence=EVIDENCE, message_id="a")]
    assert "".join(str(chunk.text) for chunk in chunks) == ""


async def test_the_door_says_why_a_text_ended(make: Make, scripted_model: ScriptedModel) -> None:
    scripted_model.script.faults = [{"cut_after": 30}]
    text, delivery = await delivered(make())
    assert text.startswith("二标段合同金额为5.2亿元，工期24个月。[1]")
    assert "含税" not in text
    assert delivery["failure"] == "cut_off"
    scripted_model.script.faults = [{"status": 401}]
    text, delivery = await delivered(make())
    assert (text, delivery["failure"]) == ("", "unauthorized")


async def test_a_decision_does_not_outlast_the_turn(chat: ChatModel, scripted_model: ScriptedModel) -> None:
    scripted_model.script.faults = [{"hang": 60.0}]
    began = time.monotonic()
    error = await failure(chat.decide(MESSAGES, Grading, meter(seconds=0.3)))
    assert error.reason == "timeout"
    assert time.monotonic() - began < 15, "its own limit is 20 s"


@each_way
async def test_a_model_that_does_not_answer_is_left_alone_for_a_while(
    make: Make, scripted_model: ScriptedModel, way: str
) -> None:
    chat = make(timeout_seconds=0.1, idle_seconds=0.1)
    scripted_model.script.faults = [{"hang": 60.0}] * 9
    for _ in range(3):
        assert (await failure(both(chat)[way](meter()))).reason == "timeout"
    assert (await failure(both(chat)[way](meter()))).reason == "down"
    assert len(scripted_model.log) == 3
