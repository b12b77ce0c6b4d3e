"""The servers of all stores at once. `python -m tests.stores.servers` runs them until its input ends.

It prints one line of JSON: the settings under which they are reached, by the names that users set.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.stores.neo4j import bolt_server
from tests.stores.qdrant import qdrant_http
from tests.stores.sql import postgres_server


@contextmanager
def serving() -> Iterator[dict[str, str]]:
    """PostgreSQL, Qdrant's protocol over the client's engine, and Bolt; the settings for them."""
    programs = postgres_server.server_programs()
    if programs is None:
        raise RuntimeError("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    with postgres_server.running(programs) as postgres, qdrant_http.serving() as qdrant, bolt_server.running() as bolt:
        postgres.execute("CREATE DATABASE signpost")
        yield {
            "SIGNPOST_DATABASE_URL": postgres.tcp_url("signpost"),
            "QDRANT_URL": qdrant.url,
            "NEO4J_URI": bolt.settings.uri,
            "NEO4J_USERNAME": bolt.settings.username,
            "NEO4J_PASSWORD": bolt.settings.password,
            "NEO4J_DATABASE": bolt.settings.database,
        }


if __name__ == "__main__":
    with serving() as settings:
        print(json.dumps(settings), flush=True)
        sys.stdin.read()
