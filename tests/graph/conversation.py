"""Runs the graph in tests: one question, its answer, and the events on the way."""

from typing import Any

from langchain_core.messages import AIMessageChunk
from langgraph.types import Command

from graph.build import build_graph
from graph.context import Context
from graph.resources import Resources
from tests.graph.fakes import Provider


class Conversation:
    def __init__(self, resources: Resources, checkpointer: Any = None, user: dict[str, Any] | None = None) -> None:
        self.graph = build_graph(Provider(resources), checkpointer)
        self.config: dict[str, Any] = {"configurable": {"thread_id": "one"}}
        if user:
            self.config["configurable"]["langgraph_auth_user"] = user
        self.events: list[dict[str, Any]] = []
        self.nodes: list[str] = []
        self.streamed: list[Any] = []
        self.interrupts: list[Any] = []

    async def ask(self, question: str, **context: Any) -> dict[str, Any]:
        return await self.run({"question": question}, **context)

    async def resume(self, reply: Any, **context: Any) -> dict[str, Any]:
        return await self.run(Command(resume=reply), **context)

    async def run(self, value: Any, **context: Any) -> dict[str, Any]:
        self.events, self.nodes, self.streamed, self.interrupts = [], [], [], []
        answer: dict[str, Any] = {}
        context.setdefault("interactive", False)
        async for mode, part in self.graph.astream(
            value,
            self.config,
            context=Context(**context),
            stream_mode=["custom", "updates", "messages"],
            durability="exit" if self.graph.checkpointer else None,
        ):
            if mode == "custom":
                self.events.append(part)
            elif mode == "messages":
                self.streamed.append(part[0])
            else:
                for node, update in part.items():
                    self.nodes.append(node)
                    if node == "__interrupt__":
                        self.interrupts += [each.value for each in update]
                    elif update and "answer" in update:
                        answer = update["answer"]
        return answer

    @property
    def streamed_text(self) -> str:
        return "".join(str(chunk.text) for chunk in self.streamed if isinstance(chunk, AIMessageChunk))
