"""Use the server's graph as a node of your own LangGraph graph.

Needs: pip install langgraph
Run:   python remote_graph.py "How far in advance must a hot work permit be requested?"
"""

import os
import sys
from typing import Annotated, Any, TypedDict

from langgraph.graph import END, START, StateGraph, add_messages
from langgraph.pregel.remote import RemoteGraph

url = os.environ.get("SIGNPOST_URL", "http://127.0.0.1:2024")
question = sys.argv[1] if len(sys.argv) > 1 else "How far in advance must a hot work permit be requested?"

signpost = RemoteGraph("signpost", url=url)


class State(TypedDict):
    """Your state. Signpost reads `messages` and writes `messages` and `answer`."""

    messages: Annotated[list[Any], add_messages]
    answer: dict[str, Any]


def look_up(state: State) -> dict[str, Any]:
    """Asks Signpost. Nobody sits at this graph, so it must not ask back."""
    return signpost.invoke({"messages": state["messages"]}, context={"interactive": False})


builder = StateGraph(State)
builder.add_node("look_up", look_up)
builder.add_edge(START, "look_up")
builder.add_edge("look_up", END)

result = builder.compile().invoke({"messages": [{"role": "user", "content": question}]})
print(result["messages"][-1].content)
for citation in result["answer"]["citations"]:
    page = f", p. {citation['page']}" if citation["page"] else ""
    print(f"[{citation['number']}] {citation['document']['title']}{page}: {citation['quote']}")
