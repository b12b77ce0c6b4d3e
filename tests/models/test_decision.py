"""What counts as a decision: replies that hold what it hangs on, however they are written."""

import pytest
from langchain_core.messages import AIMessage

from graph.decisions import Grading, Routing
from tools.models.decision import read_decision


def test_a_reply_that_broke_off_before_the_verdict_has_not_decided() -> None:
    assert read_decision(AIMessage('{"relevant": [1, 2, 3, 4, 5], "ans'), Grading) is None
    assert read_decision(AIMessage('{"relevant": [1, 2], "answered": [1'), Grading) == Grading(
        relevant=[1, 2], answered=[1]
    )
    assert read_decision(AIMessage('{"routes": ["vector"], "que'), Routing) == Routing(routes=["vector"])


@pytest.mark.parametrize(("said", "answered"), [("Yes.", [1]), ("否", [])])
def test_a_plain_yes_or_no_is_the_verdict(said: str, answered: list[int]) -> None:
    assert read_decision(AIMessage(said), Grading) == Grading(answered=answered)


def test_another_object_is_no_decision() -> None:
    assert read_decision(AIMessage('{"score": 0.9}'), Grading) is None
    assert read_decision(AIMessage('{"score": 0.9}'), Routing) is None
