"""The database of a Bolt server, looked at beside the store."""

from typing import Any

import neo4j


class BoltDatabase:
    """Statements without any guard, and counts."""

    def __init__(self, driver: neo4j.Driver) -> None:
        self._driver = driver

    def rows(self, statement: str, **parameters: Any) -> list[list[Any]]:
        return [record.values() for record in self._driver.execute_query(statement, parameters).records]  # type: ignore[arg-type]

    def held(self, ledger_id: str) -> dict[str, int]:
        """How much it holds of a ledger."""
        counted = {
            "documents": "MATCH (n:SignpostDocument {ledger: $ledger}) RETURN count(n)",
            "entities": "MATCH (n:SignpostEntity {ledger: $ledger}) RETURN count(n)",
            "mentions": "MATCH (:SignpostDocument {ledger: $ledger})-[r:SIGNPOST_MENTION]->() RETURN count(r)",
            "facts": "MATCH (:SignpostEntity {ledger: $ledger})-[r:SIGNPOST_FACT]->() RETURN count(r)",
        }
        return {name: self.rows(statement, ledger=ledger_id)[0][0] for name, statement in counted.items()}
