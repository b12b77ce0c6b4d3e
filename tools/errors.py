"""The exception tree. Every message says what happened, why, and what to do next.

SignpostError
├── InputError            the caller's input cannot be used (exit code 2)
│   ├── QuestionError     a question is empty or too long
│   ├── FileError         a file is missing, empty, binary, changing or of an unknown format
│   │   └── UnreadPicturesError  it holds nothing but pictures, whose text was not recognized
│   └── NotFoundError     no such document, collection or thread
├── StoreError            a store cannot be used (exit code 1)
│   ├── StoreHeldError    another process holds the embedded store
│   ├── LedgerAwayError   the ledger's server cannot be used for now: what needs no documents goes on
│   ├── StoreCorruptError the ledger or an index cannot be read
│   └── StoreNewerError   the ledger was written by a newer Signpost
└── MissingExtraError     an optional package is not installed (exit code 1)
"""

from functools import partial


class SignpostError(Exception):
    """Root of all errors that Signpost raises on purpose.

    what: what happened. why: the cause, where known. next_step: what the reader can do, often a command.
    """

    exit_code = 1

    def __init__(self, what: str, *, why: str = "", next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.next_step = next_step

    def __str__(self) -> str:
        parts = [self.what]
        if self.why:
            parts.append(f"Why: {self.why}")
        if self.next_step:
            parts.append(f"Next: {self.next_step}")
        return "\n".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.why, self.next_step)


def _rebuild(kind: type[SignpostError], what: str, why: str, next_step: str) -> SignpostError:
    return kind(what, why=why, next_step=next_step)


class InputError(SignpostError):
    """The caller's input cannot be used."""

    exit_code = 2


class QuestionError(InputError):
    """A question is empty or too long."""


class FileError(InputError):
    """A file is missing, empty, binary, changing or of an unknown format."""


class UnreadPicturesError(FileError):
    """A file holds nothing but pictures, whose text was not recognized. `pages`: how many there are."""

    def __init__(self, what: str, *, why: str = "", next_step: str = "", pages: int = 1) -> None:
        super().__init__(what, why=why, next_step=next_step)
        self.pages = pages

    def __reduce__(self) -> tuple[object, ...]:
        return partial(type(self), self.what, why=self.why, next_step=self.next_step, pages=self.pages), ()


class NotFoundError(InputError):
    """No such document, collection or thread."""


class StoreError(SignpostError):
    """A store cannot be used."""


class StoreHeldError(StoreError):
    """Another process holds the embedded store. `address` and `token` let its user in where it is a server."""

    def __init__(
        self, what: str, *, why: str = "", next_step: str = "", address: str | None = None, token: str | None = None
    ) -> None:
        super().__init__(what, why=why, next_step=next_step)
        self.address = address
        self.token = token


class LedgerAwayError(StoreError):
    """The ledger's server is away, or cannot be used as it is set: what needs no documents goes on."""


class StoreCorruptError(StoreError):
    """The ledger or an index cannot be read."""


class StoreNewerError(StoreError):
    """The ledger was written by a newer Signpost."""


class MissingExtraError(SignpostError):
    """An optional package is not installed."""
