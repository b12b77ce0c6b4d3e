"""Whole questions with a model: asked where the rules are unsure, bounded, and never a reason to fail."""

from typing import Any

import pytest

from graph.judge import MAX_MODEL_CALLS
from graph.resources import Resources
from tests.graph.conversation import Conversation
from tests.graph.fakes import FakeChat, FakeModels, FakeSource, make_resources, passage
from tests.graph.test_answers import FACTS, PASSAGES
from tools.models.failures import ModelFailure
from tools.shapes import Hit, SearchResult

CLEAR = "二标段的合同金额是多少？"
UNCLEAR = "二标段围挡工期的合同金额颜色？"
UNKNOWN = "东站项目食堂的承包商是谁？"
SAID = "二标段合同金额为5.2亿元，工期24个月。[1]"


def conversation(chat: FakeChat | None, **parts: Any) -> Conversation:
    return Conversation(make_resources(PASSAGES, FACTS, chat=chat, **parts))


def reasons(answer: dict[str, Any]) -> list[str]:
    return [step["reason"] for step in answer["receipt"]["degraded"]]


async def test_a_clear_question_takes_one_call() -> None:
    chat = FakeChat([SAID])
    talk = conversation(chat)
    answer = await talk.ask(CLEAR)
    assert chat.asked == ["text"]
    assert answer["answer"] == SAID
    assert talk.streamed_text == SAID
    assert answer["confidence"] == 0.85
    assert answer["receipt"]["llm_calls"] == 1
    assert answer["receipt"]["tokens"] == {"input": 100, "output": 10}
    assert "cost" not in answer["receipt"]


async def test_what_it_cost_is_in_the_receipt_when_the_price_is_known() -> None:
    made = make_resources(PASSAGES, FACTS)
    models: Any = FakeModels(FakeChat([SAID]), input=1000.0, output=10_000.0)
    talk = Conversation(Resources(made.ledger, made.knowledge_graph, made.sources, models))
    answer = await talk.ask(CLEAR)
    assert answer["receipt"]["cost"] == pytest.approx((100 * 1000 + 10 * 10_000) / 1e6)
    usage = next(event for event in talk.events if event["type"] == "usage")
    assert usage["llm_calls"] == 1
    assert usage["cost"] == answer["receipt"]["cost"]


async def test_the_evidence_is_fenced_and_numbered_and_the_question_apart() -> None:
    chat = FakeChat([SAID])
    await conversation(chat).ask(CLEAR)
    (prompt,) = chat.prompts
    word = prompt.split("<evidence-")[1][:8]
    fenced = prompt.split(f"<evidence-{word}>")[1].split(f"</evidence-{word}>")[0]
    assert "[1] 项目概况\n二标段合同金额为5.2亿元" in fenced
    assert f"<question-{word}>\n{CLEAR}\n</question-{word}>" in prompt


async def test_unclear_evidence_is_graded_by_one_call_for_all_passages() -> None:
    chat = FakeChat([SAID], Grading={"relevant": [1], "answered": [1]})
    talk = conversation(chat)
    answer = await talk.ask(UNCLEAR)
    assert chat.asked == ["Grading", "text"]
    assert answer["status"] == "answered"
    assert answer["confidence"] == 0.6
    assert answer["answer"] == SAID


async def test_what_only_the_rule_finds_enough_is_checked_by_the_model() -> None:
    chat = FakeChat([SAID], Grading=ModelFailure("unreadable"), Verification={"unsupported": []})
    await conversation(chat).ask("二标段合同工期的月数与金额颜色？")
    assert chat.asked[-2:] == ["text", "Verification"]


async def test_the_first_word_waits_for_one_decision_at_most() -> None:
    chat = FakeChat([SAID], Standalone={"question": "二标段合同工期的月数与金额颜色？"}, Grading={}, Verification={})
    messages = [
        {"role": "user", "content": "好的"},
        {"role": "assistant", "content": "江岚建工承建二标段。"},
        {"role": "user", "content": "它多少？"},
    ]
    await conversation(chat).run({"messages": messages})
    assert chat.asked == ["Standalone", "text", "Verification"]


async def test_what_a_model_found_wanting_is_not_enough_by_rule_later() -> None:
    chat = FakeChat([SAID], Grading={}, Rewriting={"rewrite": "合同工期", "queries": ["合同金额"]})
    answer = await conversation(chat).ask("二标段合同工期的月数与金额颜色？", web="never")
    assert chat.asked[:3] == ["Grading", "Rewriting", "Grading"]
    assert answer["status"] == "refused"


async def test_only_relevant_passages_are_shown_to_the_writer() -> None:
    chat = FakeChat([SAID], Grading={"relevant": [1], "answered": [1]}, Verification={})
    passages = [*PASSAGES, passage("f", "围挡的颜色由监理单位确定，工期内不得变更。")]
    await Conversation(make_resources(passages, FACTS, chat=chat)).ask(UNCLEAR, judgement="always")
    _, grading, writing, _ = chat.prompts
    assert "[2]" in grading.split("<evidence-")[1]
    assert "[2]" not in writing.split("<evidence-")[1]


async def test_evidence_that_a_model_finds_irrelevant_leads_to_other_queries_and_a_refusal() -> None:
    chat = FakeChat([SAID], Grading={"query": "围挡"}, Rewriting={"rewrite": "围挡的颜色", "queries": ["围挡 颜色"]})
    vector = FakeSource("vector", PASSAGES)
    answer = await conversation(chat, vector=vector).ask(UNCLEAR, web="never")
    assert answer["status"] == "refused"
    assert "text" not in chat.asked
    assert {"围挡", "围挡的颜色", "围挡 颜色"} <= set(vector.searches)
    assert len(chat.asked) <= MAX_MODEL_CALLS
    assert answer["receipt"]["llm_calls"] == len(chat.asked)


async def test_a_model_that_finds_nothing_supported_ends_in_a_flagged_answer() -> None:
    chat = FakeChat(
        [SAID, "NO_EVIDENCE"], Routing={}, Grading={"answered": [1]}, Verification={"unsupported": [1, 2, 3]}
    )
    talk = conversation(chat)
    answer = await talk.ask(UNCLEAR, judgement="always")
    assert answer["answer"].startswith(SAID)
    assert "未能从所引内容中得到证实" in answer["answer"]
    assert answer["receipt"]["verdict"]["unsupported"] == 1
    assert answer["confidence"] < 0.5
    assert "unsupported_flagged" in reasons(answer)
    assert talk.streamed_text == answer["answer"]


async def test_a_model_judges_everything_when_it_is_to() -> None:
    chat = FakeChat([SAID], Routing={"routes": ["vector"]}, Grading={"relevant": [1], "answered": [1]}, Verification={})
    answer = await conversation(chat).ask(CLEAR, judgement="always")
    assert chat.asked == ["Routing", "Grading", "text", "Verification"]
    assert answer["receipt"]["rounds"][0]["band"] == "strong"
    assert answer["confidence"] == 0.85


async def test_to_judge_everything_without_a_model_changes_nothing() -> None:
    plain = await conversation(None).ask(CLEAR)
    forced = await conversation(None).ask(CLEAR, judgement="always")
    assert forced["answer"] == plain["answer"]
    assert forced["confidence"] == plain["confidence"]


@pytest.mark.parametrize("reason", ["timeout", "down", "rate_limited", "unauthorized", "unknown_model", "unreadable"])
@pytest.mark.parametrize("question", [CLEAR, UNCLEAR, UNKNOWN])
async def test_without_its_model_the_product_is_the_one_without_a_model(reason: Any, question: str) -> None:
    failure = ModelFailure(reason)
    chat = FakeChat([failure], Routing=failure, Grading=failure, Rewriting=failure, Verification=failure)
    answer = await conversation(chat).ask(question, web="never")
    plain = await conversation(None).ask(question, web="never")
    assert answer["answer"] == plain["answer"]
    assert answer["status"] == plain["status"]
    if chat.asked:
        assert f"model_{reason}" in reasons(answer)
    assert len(chat.asked) <= MAX_MODEL_CALLS


async def test_a_model_that_does_not_answer_is_not_waited_for_again() -> None:
    chat = FakeChat(["x"], Routing=ModelFailure("timeout"), Grading={}, Rewriting={"rewrite": "a"})
    await conversation(chat).ask(UNKNOWN, web="never")
    assert chat.asked == ["Routing"]


async def test_a_model_that_finds_no_answer_in_the_evidence_is_believed() -> None:
    answer = await conversation(FakeChat(["NO_EVIDENCE"])).ask(CLEAR)
    assert answer["status"] == "refused"
    assert answer["citations"] == []


async def test_what_it_says_without_support_is_written_again_by_it() -> None:
    chat = FakeChat(["二标段合同金额为99亿元。[1]", SAID])
    talk = conversation(chat)
    answer = await talk.ask(CLEAR)
    assert chat.asked == ["text", "text"]
    assert "99亿元" in chat.prompts[1]
    assert answer["answer"] == SAID
    assert "99亿元" not in talk.streamed_text


async def test_an_answer_in_the_other_language_is_written_again() -> None:
    chat = FakeChat(["The contract of lot two is worth 520 million. [1]", SAID])
    answer = await conversation(chat).ask(CLEAR)
    assert answer["answer"] == SAID
    assert "model_other_language" in reasons(answer)


async def test_an_answer_that_breaks_off_is_completed() -> None:
    class Breaking(FakeChat):
        async def write(self, messages: Any, meter: Any) -> Any:
            async for piece in super().write(messages, meter):
                yield piece
            if self.asked == ["text"]:
                raise ModelFailure("cut_off")

    chat = Breaking(["二标段合同金额为5.2亿元。[1]", "工期24个月。[1]"])
    answer = await conversation(chat).ask(CLEAR)
    assert answer["answer"].replace("\n", "") == "二标段合同金额为5.2亿元。[1]工期24个月。[1]"
    assert "model_cut_off" in reasons(answer)


async def test_evidence_that_is_too_long_is_packed_smaller_and_that_is_said() -> None:
    chat = FakeChat([ModelFailure("too_long"), SAID])
    passages = [*PASSAGES, passage("f", "二标段合同金额的支付方式为按月支付。")]
    answer = await Conversation(make_resources(passages, FACTS, chat=chat)).ask(CLEAR)
    assert chat.asked == ["text", "text"]
    assert len(chat.prompts[1]) < len(chat.prompts[0])
    assert "evidence_cut" in reasons(answer)
    assert answer["answer"] == SAID


async def test_a_task_for_a_model_is_done_by_it_and_cites_nothing() -> None:
    chat = FakeChat(["Good morning [1]."])
    answer = await conversation(chat).ask("请帮我翻译成英文：早上好")
    assert answer["answer"] == "Good morning ."
    assert answer["status"] == "answered"
    assert answer["citations"] == []


async def test_without_a_model_a_task_names_the_line_that_sets_one() -> None:
    answer = await conversation(None).ask("帮我写一首诗")
    assert answer["status"] == "refused"
    assert "SIGNPOST_CHAT_MODEL=" in answer["answer"]


async def test_a_task_whose_model_fails_says_so() -> None:
    answer = await conversation(FakeChat([ModelFailure("down")])).ask("帮我写一首诗")
    assert answer["status"] == "refused"
    assert "model_down" in reasons(answer)


async def test_a_question_that_the_documents_do_not_know_is_routed_by_the_model() -> None:
    chat = FakeChat(["巴黎。"], Routing={"routes": ["direct"]})
    answer = await conversation(chat).ask("法国的首都是哪座城市？")
    assert chat.asked == ["Routing", "text"]
    assert answer["receipt"]["routes"] == [{"route": "direct", "confidence": 0.75, "why": "model"}]
    assert answer["answer"] == "巴黎。"


async def test_a_model_may_send_to_the_web_only_what_the_documents_know_nothing_of() -> None:
    page = passage("w", "法国的首都是巴黎。")
    web = FakeSource("web", [page], leaves_machine=True, results=[SearchResult("ok", (Hit(page, 1.0, "web"),))] * 9)
    chat = FakeChat(["法国的首都是巴黎。[1]"], Routing={"routes": ["web"]}, Grading={"answered": [1]}, Verification={})
    answer = await conversation(chat, web=web).ask("法国的首都是哪座城市？")
    assert web.searches == ["法国的首都是哪座城市？"]
    assert answer["answer"] == "法国的首都是巴黎。[1]"
    # The documents name 东站项目: the outside is not asked without permission, whatever the model says.
    web.searches.clear()
    await conversation(FakeChat(["x"], Routing={"routes": ["web"]}, Rewriting={}), web=web).ask(
        "东站项目食堂的承包商是谁？", judgement="always"
    )
    assert web.searches == []


async def test_what_a_model_wants_to_be_searched_never_leaves_the_machine() -> None:
    web = FakeSource("web", leaves_machine=True)
    said = {"rewrite": "机密：38.6亿元", "passage": "机密"}
    chat = FakeChat(["x"], Routing={"routes": ["vector", "web"]}, Rewriting=said)
    await conversation(chat, web=web).ask(UNKNOWN)
    assert not any("机密" in query for query in web.searches)


async def test_a_model_splits_what_the_rules_do_not() -> None:
    chat = FakeChat(
        ["二标段合同金额为5.2亿元。[1]华衡监理的总监是周明远。[2]"],
        Routing={"routes": ["vector", "graph"], "queries": ["二标段的合同金额", "华衡监理的总监"]},
        Grading={"relevant": [1, 2], "answered": [1, 2]},
        Verification={},
    )
    answer = await conversation(chat).ask("说说二标段的合同金额和华衡监理的总监", judgement="always")
    assert "周明远" in answer["answer"]
    assert {q["text"] for q in answer["receipt"]["rounds"][0]["queries"]} == {"二标段的合同金额", "华衡监理的总监"}


async def test_a_follow_up_that_the_rules_cannot_complete_is_completed_by_the_model() -> None:
    chat = FakeChat([SAID], Standalone={"question": CLEAR})
    talk = conversation(chat)
    messages = [
        {"role": "user", "content": "好的"},
        {"role": "assistant", "content": "江岚建工承建二标段。"},
        {"role": "user", "content": "它多少？"},
    ]
    answer = await talk.run({"messages": messages})
    assert chat.asked == ["Standalone", "text"]
    assert "assistant: 江岚建工承建二标段。" in chat.prompts[0]
    assert answer["answer"] == SAID


async def test_a_bare_question_in_a_conversation_is_completed_by_the_model() -> None:
    chat = FakeChat([SAID], Standalone={"question": CLEAR})
    messages = [
        {"role": "user", "content": "二标段由谁承建？"},
        {"role": "assistant", "content": "江岚建工。"},
        {"role": "user", "content": "金额是多少？"},
    ]
    answer = await conversation(chat).run({"messages": messages})
    assert chat.asked == ["Standalone", "text"]
    assert answer["answer"] == SAID


async def test_weak_evidence_is_judged_too_when_the_model_judges_everything() -> None:
    chat = FakeChat([SAID], Routing={}, Rewriting={}, Grading={"relevant": [1], "answered": [1]}, Verification={})
    answer = await conversation(chat).ask("二标段食堂菜价与员工满意度调查结果？", judgement="always", web="never")
    assert chat.asked[:2] == ["Routing", "Grading"]
    assert answer["status"] == "answered"


async def test_the_language_of_the_evidence_may_be_another() -> None:
    english = passage("g", "The tunnel boring machine of lot two weighs 980 tonnes.", title="Machines")
    chat = FakeChat(
        ["二标段的盾构机重980吨。[1]"],
        Routing={"routes": ["vector"]},
        Rewriting={"rewrite": "tunnel boring machine weight lot two"},
        Grading={"relevant": [1], "answered": [1]},
        Verification={"unsupported": []},
    )
    answer = await Conversation(make_resources([english], chat=chat)).ask("掘进机有多重？", web="never")
    assert answer["answer"] == "二标段的盾构机重980吨。[1]"
    assert answer["language"] == "zh"
    assert "Verification" in chat.asked


async def test_an_unknown_model_is_named_with_the_known_ones() -> None:
    answer = await conversation(FakeChat([SAID])).ask(CLEAR, model="openai:other")
    assert answer["status"] == "needs_input"
    assert "fake:model" in answer["answer"]


async def test_calls_are_never_more_than_the_budget() -> None:
    class Costly(FakeChat):
        """Every decision is asked for again and again before it fails."""

        async def decide(self, messages: Any, shape: Any, meter: Any) -> Any:
            while True:
                await super().decide(messages, shape, meter)

    unsure = {"Routing": {"routes": ["vector"]}, "Grading": {}, "Rewriting": {}, "Verification": {}, "Standalone": {}}
    answer = await conversation(Costly([SAID], **unsure)).ask(CLEAR, judgement="always", web="never")
    assert answer["receipt"]["llm_calls"] == MAX_MODEL_CALLS
    assert answer["answer"] == SAID
    assert "model_budget" in reasons(answer)
