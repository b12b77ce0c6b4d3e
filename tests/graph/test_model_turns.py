"""With a model over several turns and in each role: what is counted, asked, and forgotten."""

from typing import Any

from langgraph.checkpoint.memory import InMemorySaver

from graph.judge import MAX_MODEL_CALLS, conversation_text
from graph.resources import Resources
from tests.graph.conversation import Conversation
from tests.graph.fakes import FakeChat, FakeModels, FakeSource, make_resources, passage
from tests.graph.test_answers import FACTS, PASSAGES
from tests.graph.test_models import CLEAR, SAID, UNCLEAR, conversation, reasons
from tools.models.failures import ModelFailure


class Roles(FakeModels):
    """A chat model for each role."""

    def __init__(self, **chats: FakeChat) -> None:
        super().__init__()
        self.chats = chats
        self.names = ["fake:model", *chats]

    def get(self, role: str, name: str = "") -> FakeChat | None:
        return self.chats.get(name or role)


def with_models(models: Any) -> Conversation:
    made = make_resources(PASSAGES, FACTS)
    return Conversation(Resources(made.ledger, made.knowledge_graph, made.sources, models))


async def test_a_turn_is_billed_for_itself_alone() -> None:
    chat = FakeChat([ModelFailure("empty"), SAID])
    talk = Conversation(make_resources(PASSAGES, FACTS, chat=chat), InMemorySaver())
    first = await talk.ask(CLEAR)
    second = await talk.ask(CLEAR)
    assert "model_empty" in reasons(first)
    assert reasons(second) == []
    assert second["receipt"]["llm_calls"] == 1
    assert second["receipt"]["tokens"] == {"input": 100, "output": 10}


async def test_each_role_has_its_model() -> None:
    chats = {
        "route": FakeChat(Routing={"routes": ["vector"]}),
        "grade": FakeChat(Grading={"relevant": [1], "answered": [1]}),
        "generate": FakeChat([SAID]),
        "verify": FakeChat(Verification={}),
    }
    await with_models(Roles(**chats)).ask(CLEAR, judgement="always")
    assert {role: chat.asked for role, chat in chats.items()} == {
        "route": ["Routing"],
        "grade": ["Grading"],
        "generate": ["text"],
        "verify": ["Verification"],
    }


async def test_a_run_may_choose_one_of_the_models() -> None:
    chosen, other = FakeChat([SAID]), FakeChat(["x"])
    await with_models(Roles(generate=other, chosen=chosen)).ask(CLEAR, model="chosen")
    assert chosen.asked == ["text"]
    assert other.asked == []


async def test_what_was_repaired_is_not_given_to_the_model_again() -> None:
    said = ["二标段合同金额为5.2亿元。[1]二标段合同金额为99亿元。[1]", "工期24个月。[1]"]
    chat = FakeChat(said, Routing={}, Grading={"relevant": [1], "answered": [1]}, Verification={"unsupported": []})
    await conversation(chat).ask(CLEAR, judgement="always")
    assert chat.asked.count("Verification") == 1
    assert chat.asked.count("text") == 2


async def test_one_doubted_sentence_of_two_costs_some_confidence_and_is_counted() -> None:
    said = "二标段合同金额为5.2亿元。[1]工期24个月，由江岚建工承建。[1]"
    chat = FakeChat([said, "NO_EVIDENCE"], Routing={}, Grading={"answered": [1]}, Verification={"unsupported": [2]})
    answer = await conversation(chat).ask(CLEAR, judgement="always")
    assert answer["confidence"] == 0.6
    assert answer["receipt"]["verdict"] == {"supported": 1, "unsupported": 1}
    assert "工期24个月，由江岚建工承建。" in answer["answer"].splitlines()[-1]


async def test_a_model_that_judges_everything_also_completes_a_clear_follow_up() -> None:
    chat = FakeChat([SAID], Standalone={"question": CLEAR}, Routing={}, Grading={"answered": [1]}, Verification={})
    messages = [
        {"role": "user", "content": "一标段的合同金额是多少？"},
        {"role": "assistant", "content": "7.9亿元。"},
        {"role": "user", "content": "那二标段呢？"},
    ]
    await conversation(chat).run({"messages": messages}, judgement="always")
    assert chat.asked[0] == "Standalone"


async def test_a_repair_needs_a_call_that_is_left() -> None:
    class Spent(FakeChat):
        """Writing took all the calls there were."""

        async def write(self, messages: Any, meter: Any) -> Any:
            async for piece in super().write(messages, meter):
                yield piece
            while meter.take(self.name):
                pass

    chat = Spent(["二标段合同金额为99亿元。[1]"])
    answer = await conversation(chat).ask(CLEAR)
    assert chat.asked == ["text"]
    assert answer["receipt"]["llm_calls"] == MAX_MODEL_CALLS
    assert "5.2亿元" in answer["answer"]


async def test_an_answer_that_broke_off_is_completed_also_behind_a_note() -> None:
    class Breaking(FakeChat):
        async def write(self, messages: Any, meter: Any) -> Any:
            async for piece in super().write(messages, meter):
                yield piece
            if self.asked.count("text") == 1:
                raise ModelFailure("cut_off")

    chat = Breaking(
        ["二标段合同金额为5.2亿元。[1]", "工期24个月。[1]"], Rewriting={}, Routing={}, Grading={"answered": [1]}
    )
    answer = await conversation(chat).ask("二标段的合同金额是多少？食堂的供货商是哪家？", web="never")
    assert "没有找到依据：" in answer["answer"]
    assert chat.asked.count("text") == 2
    assert "工期24个月。" in answer["answer"]


async def test_a_task_whose_text_was_partly_withheld_is_not_repaired() -> None:
    chat = FakeChat(["床前明月光。You are Signpost, an assistant that finds and cites what the user's documents say."])
    talk = conversation(chat)
    answer = await talk.ask("Please write a poem about the moon")
    assert "repair" not in talk.nodes
    assert answer["answer"] == "床前明月光。"
    assert chat.asked == ["text"]


async def test_passages_that_the_model_was_not_shown_support_nothing() -> None:
    secret = "二标段合同金额的保证金为三千万元，由银行出具。"
    passages = [
        *PASSAGES,
        *(passage(f"p{n}", f"二标段合同金额的支付方式第{n}条。") for n in range(3)),
        passage("s", secret),
    ]
    chat = FakeChat([ModelFailure("too_long"), ModelFailure("too_long"), f"{secret}[5]", SAID])
    answer = await Conversation(make_resources(passages, FACTS, chat=chat)).ask(CLEAR)
    assert secret not in answer["answer"].split("\n")[0]


async def test_only_the_question_in_other_words_is_asked_of_the_graph() -> None:
    rewriting = {"rewrite": "承包商", "queries": ["二标段的监理单位"], "passage": "食堂由甲公司承包。"}
    chat = FakeChat(["x"], Routing={}, Grading={}, Rewriting=rewriting)
    vector = FakeSource("vector", PASSAGES)
    answer = await conversation(chat, vector=vector).ask("东站项目食堂的承包商是谁？", web="never")
    asked = [query for one in answer["receipt"]["rounds"] for query in one["queries"]]
    assert "二标段的监理单位" in vector.searches
    assert "二标段的监理单位" not in {query["text"] for query in asked if query["source"] == "graph"}


def test_the_conversation_is_cut() -> None:
    from langchain_core.messages import AIMessage, HumanMessage

    text = conversation_text([HumanMessage(f"问题{n}" + "长" * 9000) if n % 2 else AIMessage("答") for n in range(40)])
    assert len(text) < 5000
    assert "问题39" in text
    assert "问题1长" not in text


async def test_unclear_questions_share_nothing_with_the_next() -> None:
    chat = FakeChat(
        [SAID], Grading=[{"query": "围挡"}, {"answered": [1]}], Rewriting={"rewrite": "围挡的颜色"}, Routing={}
    )
    talk = Conversation(make_resources(PASSAGES, FACTS, chat=chat), InMemorySaver())
    await talk.ask(UNCLEAR, web="never")
    answer = await talk.ask(CLEAR, web="never")
    assert [query["text"] for one in answer["receipt"]["rounds"] for query in one["queries"]] == [CLEAR]
