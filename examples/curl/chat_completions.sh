#!/bin/sh
# OpenAI's API: one completion, its text with footnotes, its citations in `citations`. With "stream": true it comes in
# pieces. The messages are the whole conversation: nothing is kept between requests.
#
#     sh chat_completions.sh "How far in advance must a hot work permit be requested?"
set -eu

url=${SIGNPOST_URL:-http://127.0.0.1:2024}
question=$(printf '%s' "${1:-How far in advance must a hot work permit be requested?}" | sed 's/[\\"]/\\&/g')

curl -sS --fail-with-body "$url/v1/chat/completions" -H 'Content-Type: application/json' -d '{
  "model": "signpost",
  "messages": [{"role": "user", "content": "'"$question"'"}],
  "context": {"web": "never"}
}'
echo
