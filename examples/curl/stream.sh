#!/bin/sh
# A question without a thread, its answer as server-sent events: first what Signpost does (custom), the answer in pieces
# (messages), and last the whole answer with its citations (values).
#
#     sh stream.sh "How far in advance must a hot work permit be requested?"
set -eu

url=${SIGNPOST_URL:-http://127.0.0.1:2024}
question=$(printf '%s' "${1:-How far in advance must a hot work permit be requested?}" | sed 's/[\\"]/\\&/g')

curl -sS --fail-with-body --no-buffer "$url/runs/stream" -H 'Content-Type: application/json' -d '{
  "assistant_id": "signpost",
  "input": {"question": "'"$question"'"},
  "stream_mode": ["custom", "messages-tuple", "values"]
}'
