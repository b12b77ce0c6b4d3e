"""Call Signpost as an MCP tool, with plain JSON-RPC over HTTP.

MCP hosts do this by themselves: give them the address http://127.0.0.1:2024/mcp (streamable HTTP).

Needs: pip install httpx
Run:   python mcp.py "How far in advance must a hot work permit be requested?"
"""

import ast
import os
import sys
from typing import Any

import httpx

url = os.environ.get("SIGNPOST_URL", "http://127.0.0.1:2024")
question = sys.argv[1] if len(sys.argv) > 1 else "How far in advance must a hot work permit be requested?"


def call(method: str, **params: Any) -> dict[str, Any]:
    """The result of one JSON-RPC request."""
    request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    response = httpx.post(f"{url}/mcp", json=request, headers={"Accept": "application/json"}, timeout=120)
    return response.raise_for_status().json()["result"]


client = {"name": "example", "version": "1"}
call("initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo=client)
for tool in call("tools/list")["tools"]:
    print(f"Tool {tool['name']}: {tool['description']}")

result = call("tools/call", name="signpost", arguments={"question": question})
# One text with the graph's whole output, as Python writes it. A language model reads it as it is.
answer = ast.literal_eval(result["content"][0]["text"])["answer"]
print(answer["answer"])
for citation in answer["citations"]:
    page = f", p. {citation['page']}" if citation["page"] else ""
    print(f"[{citation['number']}] {citation['document']['title']}{page}: {citation['quote']}")
