"""Where a PostgreSQL server is, read from a URL, and how it is connected to."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from psycopg import Error, pq
from psycopg.conninfo import conninfo_to_dict

from tools.errors import InputError

_URL = re.compile(r"(?:postgres|postgresql)(?:\+psycopg)?://(.*)", re.DOTALL)
_SETTING = "Write SIGNPOST_DATABASE_URL=postgresql://user:password@host:5432/name."
# What libpq does unless the URL says otherwise. A connection through which nothing has come is asked whether the
# other end still stands, so that no firewall forgets it while it is idle.
_DEFAULTS = {
    "application_name": "signpost",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """A database and who asks for it. place: how messages name it; parameters: libpq's, the password among them.

    timeout_seconds: how long the server may take for one answer.
    """

    place: str
    parameters: Mapping[str, str] = field(repr=False)
    timeout_seconds: float

    @classmethod
    def parse(cls, url: str, timeout_seconds: float) -> "PostgresAddress":
        """Reads what libpq understands: several hosts, ?sslmode=…, ?host=/socket/folder, ?options=-csearch_path=….

        Raises InputError, which never shows a part of the URL: any part of it may be the password.
        """
        written = _URL.fullmatch(url.strip())
        if written is None:
            raise _refused("It does not begin with postgresql://.")
        _refuse_unencoded(written[1])
        try:
            given = {name: str(value) for name, value in conninfo_to_dict(f"postgresql://{written[1]}").items()}
        except (Error, UnicodeError):
            # Not from the error: it quotes what it does not understand.
            raise _refused("PostgreSQL's own library does not understand it.") from None
        parameters = {**_DEFAULTS, **given, "client_encoding": "utf8"}
        # At least 2 seconds: psycopg allows no less.
        parameters.setdefault("connect_timeout", str(math.ceil(timeout_seconds)))
        parameters.setdefault("tcp_user_timeout", str(math.ceil(timeout_seconds * 1000)))
        if not re.fullmatch(r"\d*(,\d*)*", parameters.get("port", "")):
            raise _refused("What stands where the port belongs is no number.")
        return cls(_place(parameters), parameters, timeout_seconds)

    def hides(self, text: str) -> bool:
        """Whether `text` must not be shown since the password stands in it."""
        password = self.parameters.get("password", "")
        return bool(password) and password in text


def _refuse_unencoded(rest: str) -> None:
    """A password with a bare @ or / would be read as the host or the name, and shown as such."""
    authority, at, others = rest.partition("@")
    if at and ("@" in others or re.search("[/?]", authority)):
        raise _refused("Its password or another part holds one of @ / ? as it is: write %40 %2F %3F.")


def _place(parameters: Mapping[str, str]) -> str:
    """host:port/name, with what libpq takes from the environment where the URL is silent."""
    known = {
        option.keyword.decode(): option.val.decode()
        for option in pq.Conninfo.get_defaults()
        if option.val and option.keyword in (b"host", b"port", b"dbname", b"user")
    }
    known |= parameters
    hosts = known.get("host") or known.get("hostaddr") or "localhost"
    ports = known.get("port", "5432").split(",")
    places = []
    for number, host in enumerate(hosts.split(",")):
        port = (ports[number] if len(ports) > number else ports[0]) or "5432"
        places.append(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    return f"{','.join(places)}/{known.get('dbname') or known.get('user', '')}"


def _refused(why: str) -> InputError:
    return InputError("The address of the database cannot be used.", why=why, next_step=_SETTING)
