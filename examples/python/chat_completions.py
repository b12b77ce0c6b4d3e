"""Ask with the openai package: for products that already speak to a chat model.

Needs: pip install openai
Run:   python chat_completions.py "How far in advance must a hot work permit be requested?"
"""

import os
import sys

from openai import OpenAI

url = os.environ.get("SIGNPOST_URL", "http://127.0.0.1:2024")
question = sys.argv[1] if len(sys.argv) > 1 else "How far in advance must a hot work permit be requested?"

client = OpenAI(base_url=f"{url}/v1", api_key="none")  # with authentication on the server: the user's token
stream = client.chat.completions.create(
    model="signpost",
    messages=[{"role": "user", "content": question}],  # the whole conversation: nothing is kept between requests
    stream=True,
    extra_body={"context": {"web": "never"}},  # optional: what this question may do
)
citations = []
for chunk in stream:
    # The text ends with footnotes, "[1] Title · p. 3", so that it needs nothing else.
    print(chunk.choices[0].delta.content or "", end="", flush=True)
    citations += (chunk.model_extra or {}).get("citations", [])  # with the last chunk
print()
for citation in citations:
    print(f"[{citation['number']}] {citation['document']['uri']}: {citation['quote']}")
