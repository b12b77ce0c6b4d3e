"""Runs the scripted model alone: `python -m tests.scripted_model --port 0 --first-token 0.3 --token 0.01`.

Prints one line of JSON, {"url": …}, when it listens, and runs until it is told to stop (TERM). Over HTTP, beside /v1:
POST /script sets the values that its JSON body names, and empties the log; GET /log returns what was asked;
DELETE /log empties it.
"""

import argparse
import json

from tests.scripted_model.script import Script
from tests.scripted_model.server import ScriptedModel, listening_socket, make_server


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.scripted_model")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--first-token", type=float, default=0.0, help="seconds to the first token")
    parser.add_argument("--token", type=float, default=0.0, help="seconds between tokens")
    parser.add_argument("--persona", default="good", help="how it judges and answers")
    parser.add_argument("--script", type=json.loads, default={}, help="other values of the script, as JSON")
    chosen = parser.parse_args()
    script = Script(
        persona=chosen.persona, first_token_seconds=chosen.first_token, token_seconds=chosen.token
    ).with_values(chosen.script)
    model = ScriptedModel(script)
    with listening_socket(chosen.port) as bound:
        server = make_server(model, bound)
        bound.listen()  # so that a client that reads the line can connect at once
        print(json.dumps({"url": model.url}), flush=True)
        server.run(sockets=[bound])


if __name__ == "__main__":
    main()
