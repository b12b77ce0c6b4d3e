"""Ask with the LangGraph SDK: a conversation whose answers are shown as they are written.

Needs: pip install langgraph-sdk
Run:   python sdk.py "How far in advance must a hot work permit be requested?"
"""

import os
import sys

from langgraph_sdk import get_sync_client

url = os.environ.get("SIGNPOST_URL", "http://127.0.0.1:2024")
question = sys.argv[1] if len(sys.argv) > 1 else "How far in advance must a hot work permit be requested?"

client = get_sync_client(url=url)
# The server keeps a thread's turns: a follow-up on the same thread is understood.
thread_id = client.threads.create()["thread_id"]

turn = {"input": {"question": question}}
while turn:
    values = {}
    for part in client.runs.stream(
        thread_id, "signpost", **turn, stream_mode=["messages-tuple", "values"], durability="exit"
    ):
        if part.event == "messages":  # the answer and nothing else, in pieces
            print(part.data[0]["content"], end="", flush=True)
        elif part.event == "values":
            values = part.data
        elif part.event == "error":
            sys.exit(f"The run failed: {part.data}")
    print()
    # Before it searches the web, or when a question is unclear, Signpost asks back. The reply goes on where it stopped.
    interrupts = values.get("__interrupt__")
    turn = {"command": {"resume": {"answer": input(f"{interrupts[0]['value']['question']} ")}}} if interrupts else None

for citation in values["answer"]["citations"]:
    page = f", p. {citation['page']}" if citation["page"] else ""
    print(f"[{citation['number']}] {citation['document']['title']}{page}: {citation['quote']}")
