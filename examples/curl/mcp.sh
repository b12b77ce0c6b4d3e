#!/bin/sh
# Signpost as an MCP tool: the three requests of an MCP host, as JSON-RPC.
#
#     sh mcp.sh "How far in advance must a hot work permit be requested?"
set -eu

url=${SIGNPOST_URL:-http://127.0.0.1:2024}
question=$(printf '%s' "${1:-How far in advance must a hot work permit be requested?}" | sed 's/[\\"]/\\&/g')

call() {
  curl -sS --fail-with-body "$url/mcp" -H 'Content-Type: application/json' -H 'Accept: application/json' \
    -d '{"jsonrpc": "2.0", "id": 1, "method": "'"$1"'", "params": '"$2"'}'
  echo
}

call initialize '{
  "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "example", "version": "1"}
}'
call tools/list '{}'
# One text with the graph's whole output, answer and citations, as Python writes it.
call tools/call '{"name": "signpost", "arguments": {"question": "'"$question"'"}}'
