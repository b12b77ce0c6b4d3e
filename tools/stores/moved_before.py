"""What two ledgers once held alike, so that a later move knows which of them has changed a document since."""

import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from tools.errors import StoreError
from tools.stores.protocols import StoredDocument
from tools.text.identifiers import content_hash

Relation = Literal["equal", "missing", "newer", "changed there", "conflict"]
"""Of a source's document to what the target holds under its id. newer: the target still has what was moved to it.
changed there: the source still has what was moved, and the target has changed or removed it. conflict: both differ, and
nothing says which is to stay."""


class MovedBefore:
    """A fingerprint of each document as two ledgers last held it alike; without a file nothing outlives the object.

    Each change is a line of JSON at the end of `file`. A line that was cut off by the process's end is passed over: a
    document that is not remembered can only be copied or left.
    """

    def __init__(self, file: Path | None = None, ledgers: Iterable[str] = ()) -> None:
        self._file = file
        self._between = sorted(ledgers)
        self._fingerprints: dict[str, str | None] = {}
        for line in file.read_bytes().splitlines() if file and file.exists() else ():
            self._fingerprints.update(self._read(line))

    def relation(self, stored: StoredDocument, held: StoredDocument | None) -> Relation:
        """What the target has to do with the source's `stored`. `held`: the target's."""
        if held == stored:
            return "equal"
        alike = self._fingerprints.get(stored.document.id)
        if alike is not None and alike == fingerprint(stored):
            return "changed there"
        if held is None:
            return "missing"
        return "newer" if alike is not None and alike == fingerprint(held) else "conflict"

    def remember(self, documents: Iterable[StoredDocument]) -> None:
        """Both ledgers hold these. Raises StoreError."""
        self._change({stored.document.id: fingerprint(stored) for stored in documents})

    def forget(self, document_ids: Iterable[str]) -> None:
        """Before one of the ledgers loses these because they were moved out of it. Raises StoreError."""
        self._change(dict.fromkeys(document_ids))

    def forget_others(self, document_ids: Collection[str]) -> None:
        """All but these, before the ledger that holds only these is emptied: it then says nothing of the others.

        Raises StoreError.
        """
        self.forget(self._fingerprints.keys() - set(document_ids))

    def _change(self, fingerprints: Mapping[str, str | None]) -> None:
        changed = {id_: now for id_, now in fingerprints.items() if self._fingerprints.get(id_) != now}
        if not changed:
            return
        self._fingerprints.update(changed)
        if self._file is None:
            return
        line = json.dumps({"between": self._between, "documents": changed})
        try:
            with self._file.open("ab") as file:
                file.write(f"\n{line}".encode())  # the break first: the line before may have been cut off
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError(f"{self._file} cannot be written.", why=error.strerror or str(error)) from error

    def _read(self, line: bytes) -> Mapping[str, str | None]:
        try:
            kept = json.loads(line)
        except ValueError:
            return {}
        return kept["documents"] if kept["between"] == self._between else {}


def fingerprint(stored: StoredDocument) -> str:
    """A hash of all that is held of a document, in hex."""
    return content_hash(json.dumps(asdict(stored), sort_keys=True).encode())
