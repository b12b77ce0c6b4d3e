"""Who may read what. A document's readers are checked here and in every store query, nowhere else."""

from collections.abc import Iterable
from dataclasses import dataclass

from tools.errors import InputError

EVERYONE = "everyone"
LOCAL_USER = "local"


@dataclass(frozen=True, slots=True)
class Access:
    """An identity: `user` and the `groups` it belongs to."""

    user: str = LOCAL_USER
    groups: tuple[str, ...] = ()

    @property
    def readers(self) -> tuple[str, ...]:
        """The reader labels this identity matches: everyone, user:ID, group:ID…"""
        return (EVERYONE, f"user:{self.user}", *(f"group:{group}" for group in self.groups))

    def allows(self, readers: Iterable[str]) -> bool:
        """True when one of a document's readers is this identity."""
        return not set(self.readers).isdisjoint(readers)


def parse_readers(readers: Iterable[str]) -> tuple[str, ...]:
    """Readers as stored: sorted, without repeats, never empty.

    Raises InputError for anything but `everyone`, `user:ID` and `group:ID`.
    """
    kept: set[str] = set()
    for reader in readers:
        kind, separator, name = reader.partition(":")
        if reader != EVERYONE and not (kind in ("user", "group") and separator and name.strip()):
            raise InputError(
                f"'{reader}' is not a reader.",
                why="A reader is everyone, user:ID or group:ID.",
                next_step="For example: signpost add report.pdf --readers user:lin,group:finance",
            )
        kept.add(reader)
    if not kept:
        raise InputError("A document needs at least one reader.", next_step="Use --readers everyone.")
    return tuple(sorted(kept))
