import pytest

from tools.errors import InputError
from tools.stores.sql.postgres_address import PostgresAddress
from tools.stores.sql.sql_ledger import SqlLedger


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGHOSTADDR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("rest", "place"),
    [
        ("lin:secret@db.example.com/signpost", "db.example.com:5432/signpost"),
        ("lin:secret@db.example.com:6432/signpost?sslmode=require", "db.example.com:6432/signpost"),
        ("lin:secret@[::1]:5433/signpost", "[::1]:5433/signpost"),
        ("lin:secret@one:5432,two:5433/signpost?target_session_attrs=read-write", "one:5432,two:5433/signpost"),
        ("lin:secret@one,two/signpost", "one:5432,two:5432/signpost"),
        ("lin:secret@/signpost?host=/run/postgresql", "/run/postgresql:5432/signpost"),
        ("lin:secret@%2Frun%2Fpostgresql/signpost", "/run/postgresql:5432/signpost"),
        ("/signpost?user=lin&password=secret", "localhost:5432/signpost"),
        ("lin:secret@host/%E8%B7%AF%E6%A0%87", "host:5432/路标"),
    ],
)
@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_what_libpq_understands_is_read(scheme: str, rest: str, place: str) -> None:
    address = PostgresAddress.parse(f"  {scheme}://{rest}\n", 5)
    assert address.place == place
    assert (address.parameters["user"], address.parameters["password"]) == ("lin", "secret")
    assert "secret" not in f"{address} {address!r}"


def test_an_encoded_password_is_any_text() -> None:
    address = PostgresAddress.parse("postgresql://lin:p%40ss%2Fw%25rd%3F%20%E5%AF%86#@host/name", 5)
    assert address.parameters["password"] == "p@ss/w%rd? 密#"
    assert address.place == "host:5432/name"


def test_the_wait_is_bounded_unless_the_address_says_otherwise() -> None:
    address = PostgresAddress.parse("postgresql://host/name", 2.5)
    assert address.parameters["connect_timeout"] == "3"
    assert address.parameters["tcp_user_timeout"] == "2500"
    assert PostgresAddress.parse("postgresql://host/name?connect_timeout=9", 2.5).parameters["connect_timeout"] == "9"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://lin:hunter2@host/name",
        "postgresql+asyncpg://lin:hunter2@host/name",
        "postgres:lin:hunter2@host/name",
        "https://lin:hunter2@host/name",
        "postgresql://lin:hun@hunter2@host/name",
        "postgresql://lin:hunter2/x@host/name",
        "postgresql://lin:hunter2?x@host/name",
        "postgresql://lin:hunter2%zz@host/name",
        "postgresql://lin@host:hunter2/name",
        "postgresql://lin@host/name?passwort=hunter2",
        "postgresql://lin:hunter2\udcff@host/name",
        "postgresql://[hunter2/name",
    ],
)
def test_what_cannot_be_read_is_refused_without_a_part_of_it(url: str) -> None:
    with pytest.raises(InputError, match="address of the database") as raised:
        SqlLedger.open(url)
    assert "SIGNPOST_DATABASE_URL" in raised.value.next_step
    assert "hun" not in str(raised.value)
    assert raised.value.__cause__ is None
