"""The graph as a tool of MCP clients: plain JSON-RPC over HTTP."""

import ast
from typing import Any

import httpx
import pytest

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("langgraph dev")]

NOISE = "一标段施工场界昼间噪声预测值是多少分贝？"


async def _call(server: str, method: str, **params: Any) -> dict[str, Any]:
    request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    async with httpx.AsyncClient(timeout=60) as client:
        response = await client.post(f"{server}/mcp", json=request, headers={"Accept": "application/json"})
    assert response.status_code == 200
    reply: dict[str, Any] = response.json()
    assert reply["id"] == 1
    return reply


async def _answer(server: str, **arguments: str) -> dict[str, Any]:
    reply = await _call(server, "tools/call", name="signpost", arguments=arguments)
    assert not reply["result"].get("isError")
    (content,) = reply["result"]["content"]
    # The server writes the result as Python does.
    answer: dict[str, Any] = ast.literal_eval(content["text"])["answer"]
    return answer


async def test_the_tool_says_what_it_is_for_and_what_it_takes(server: str) -> None:
    begun = await _call(
        server, "initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo={"name": "test", "version": "1"}
    )
    assert begun["result"]["protocolVersion"] == "2025-06-18"
    (tool,) = (await _call(server, "tools/list"))["result"]["tools"]
    assert tool["name"] == "signpost"
    assert "cites" in tool["description"]
    assert set(tool["inputSchema"]["properties"]) == {"question", "messages"}


@pytest.mark.parametrize("field", ["question", "messages"])
async def test_a_question_is_answered_with_citations(server: str, field: str) -> None:
    answer = await _answer(server, **{field: NOISE})
    assert answer["status"] == "answered"
    assert "66" in answer["answer"]
    assert answer["citations"][0]["page"] == 3


async def test_nobody_can_be_asked_back_and_the_answer_says_so(server: str) -> None:
    assert (await _answer(server, question="东站项目屋顶光伏的年发电量是多少？"))["status"] == "refused"
    assert (await _answer(server, question="它什么时候完工？"))["status"] == "needs_input"


async def test_an_unknown_tool_is_an_error(server: str) -> None:
    assert "Unknown tool" in (await _call(server, "tools/call", name="other", arguments={}))["error"]["message"]
