#!/bin/sh
# A thread of the LangGraph API, and a question on it. The reply holds `messages` and `answer`.
#
#     sh sdk.sh "How far in advance must a hot work permit be requested?"
set -eu

url=${SIGNPOST_URL:-http://127.0.0.1:2024}
question=$(printf '%s' "${1:-How far in advance must a hot work permit be requested?}" | sed 's/[\\"]/\\&/g')

post() { curl -sS --fail-with-body "$url$1" -H 'Content-Type: application/json' -d "$2"; }

# The server keeps a thread's turns: a follow-up on the same thread is understood.
thread=$(post /threads '{}' | sed 's/.*"thread_id": *"\([^"]*\)".*/\1/')

# Nobody is there to be asked back: "interactive": false.
post "/threads/$thread/runs/wait" '{
  "assistant_id": "signpost",
  "input": {"question": "'"$question"'"},
  "context": {"interactive": false},
  "durability": "exit"
}'
echo
