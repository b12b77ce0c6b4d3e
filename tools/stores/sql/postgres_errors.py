"""What an error of PostgreSQL means to the user."""

import re
from dataclasses import dataclass

import psycopg

from tools.errors import StoreError, StoreHeldError
from tools.stores.sql.postgres_address import PostgresAddress
from tools.stores.sql.postgres_connection import UnansweredError

_ADDRESS = "Check the address in SIGNPOST_DATABASE_URL, and that the server is running and reachable from here."
_AGAIN = "Try again; whatever was not stored is stored then."


@dataclass(frozen=True, slots=True)
class _Meaning:
    """states: SQLSTATEs or their beginnings; words: a pattern of messages that come without a SQLSTATE."""

    states: tuple[str, ...]
    words: str
    what: str
    next_step: str


# While a connection is made libpq tells the server's message alone. In another language than English it matches none of
# `words`: then the message itself has to say what is wrong.
_MEANINGS = (
    _Meaning(
        ("28",),
        r"authentication failed|no password supplied|no pg_hba\.conf entry|permission denied for database",
        "The database {place} refuses the user or the password.",
        "Correct user and password in SIGNPOST_DATABASE_URL, or let the server admit them (pg_hba.conf).",
    ),
    _Meaning(
        ("3D000",),
        r'database ".*" does not exist',
        "There is no database {place}.",
        "Make it (createdb, or CREATE DATABASE … ENCODING 'UTF8'), or correct its name in SIGNPOST_DATABASE_URL.",
    ),
    _Meaning(
        (),
        r'role ".*" does not exist',
        "The database {place} knows no such user.",
        "Correct the user in SIGNPOST_DATABASE_URL, or make it (createuser, or CREATE ROLE … LOGIN).",
    ),
    _Meaning(
        ("53300",),
        r"too many (clients|connections)|remaining connection slots",
        "The database {place} has no connection left.",
        "Raise max_connections of the server or its limit for this user, or end other programs that use it.",
    ),
    _Meaning(
        ("57P03", "57P01", "57P02", "57P05"),
        r"is starting up|is shutting down|in recovery mode|not (yet )?accepting connections",
        "The database {place} is starting, stopping or has ended the connection.",
        _AGAIN,
    ),
    _Meaning(
        ("25006",),
        "",
        "The database {place} can only be read.",
        "Name the primary server in SIGNPOST_DATABASE_URL, not a standby, and a user or database without"
        " default_transaction_read_only.",
    ),
    _Meaning(
        ("42501",),
        "",
        "The user of the database {place} lacks a right that Signpost needs.",
        "Let it make and change tables there (GRANT USAGE, CREATE ON SCHEMA … TO …), or name the owner of the tables in"
        " SIGNPOST_DATABASE_URL.",
    ),
    _Meaning(
        ("3F000",),
        "",
        "The database {place} has no schema in which Signpost may make its tables.",
        "Make the schema that search_path names (CREATE SCHEMA …), or correct search_path in SIGNPOST_DATABASE_URL.",
    ),
    _Meaning(
        ("53100", "53200", "58030"),
        "",
        "The server of the database {place} has run out of room.",
        "Free disk space or memory on the server. Nothing that was stored before is lost.",
    ),
    _Meaning(
        ("57014", "25P03"),
        "",
        "The database {place} took too long.",
        "Try again, or raise SIGNPOST_STORE_TIMEOUT_SECONDS. What was begun was taken back.",
    ),
    _Meaning(
        ("XX001", "XX002"),
        "",
        "The database {place} is damaged.",
        "Nothing was deleted. Restore a backup of it, or name another in SIGNPOST_DATABASE_URL and add the documents"
        " again.",
    ),
)


def postgres_error(error: psycopg.Error, address: PostgresAddress) -> StoreError:
    """`error` as a StoreError that says what to do and holds no password."""
    place = address.place
    if isinstance(error, UnansweredError | psycopg.errors.ConnectionTimeout):
        seconds = f"Nothing has come from it for {address.timeout_seconds:g} seconds."
        return StoreError(f"The database {place} does not answer.", why=seconds, next_step=_ADDRESS)
    message = _message(error)
    why = "" if address.hides(message) else f"PostgreSQL says: {message}."
    if error.sqlstate == "55P03":
        return StoreHeldError(
            f"The ledger {place} is in use.",
            why="Another process writes to it, or brings it up to date.",
            next_step="Wait for it to end and try again.",
        )
    meaning = _meaning(error.sqlstate or "", message)
    if meaning is not None:
        return StoreError(meaning.what.format(place=place), why=why, next_step=meaning.next_step)
    if error.sqlstate is None and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return StoreError(f"The database {place} cannot be reached.", why=why, next_step=_ADDRESS)
    return StoreError(f"The database {place} could not be used.", why=why, next_step=_AGAIN)


def _meaning(state: str, message: str) -> _Meaning | None:
    if state:
        return next((each for each in _MEANINGS if state.startswith(each.states)), None)
    return next((each for each in _MEANINGS if each.words and re.search(each.words, message)), None)


def _message(error: psycopg.Error) -> str:
    """What the server or libpq says, on one line, without where it was said."""
    told = error.diag.message_primary or str(error)
    from_server = re.search(r"\b(?:FATAL|PANIC|ERROR):\s+(.*)", told)
    line = from_server[1] if from_server else (told.strip().splitlines() or [type(error).__name__])[0]
    return re.sub(r"^connection failed: |connection to server .*? failed: ", "", line).strip(" .\n")
