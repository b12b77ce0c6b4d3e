"""Settings, read once from the environment and `.env`, and passed down as plain values."""

import os
from functools import cached_property
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict, SettingsError

from ingest.budget import Prices
from ingest.reading import Limits, Reading
from tools.errors import InputError
from tools.models.chat_model_settings import ROLES, ChatModelSettings
from tools.models.usage import Price
from tools.stores.store_settings import Neo4jSettings, QdrantSettings, Quantization, StoreSettings

_PREFIX = "SIGNPOST_"
_SERVERS = ("QDRANT_", "NEO4J_")
"""In `.env` these are for Signpost; in the environment they may be anybody's."""
_FILE = ".env"
_MOST_WORKERS = 8
_DEBUG = "SIGNPOST_DEBUG"
"""No setting: read where an unexpected error is told, which may be one of the settings'."""


def usable_cores() -> int:
    """Those that this process may use, where the system tells; of a container they may be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Settings(BaseSettings):
    """Everything that is set from outside. `.env.example` lists each name with its default."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_file=_FILE, env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    home: Path = Field(
        default=Path("~/.signpost"), description="Folder that holds all state; an empty one is a fresh product."
    )
    web: Literal["on", "off"] = Field(default="on", description="Whether the web may be searched at all.")
    lock_wait_seconds: float = Field(
        default=5.0, ge=0, le=600, description="How long to wait for another process that holds the embedded stores."
    )
    chat_model: str = Field(
        default="", description="provider:model for every role without one of its own; off or empty: no language model."
    )
    route_model: str = Field(default="", description="The model that routes and rewrites questions.")
    grade_model: str = Field(default="", description="The model that grades what was found.")
    generate_model: str = Field(default="", description="The model that writes answers.")
    verify_model: str = Field(default="", description="The model that checks unclear sentences.")
    extract_model: str = Field(default="", description="The model that reads facts from documents.")
    teach_model: str = Field(
        default="", description="The model that smaller ones learn from; it writes questions for evaluations too."
    )
    judge_model: str = Field(
        default="", description="The model that judges answers in evaluations; never the chat model unless named."
    )
    vision_model: str = Field(
        default="", description="The model that describes pictures in documents; never the chat model unless named."
    )
    model_timeout_seconds: float = Field(default=20.0, gt=0, le=600, description="How long one decision may take.")
    model_idle_seconds: float = Field(
        default=60.0, gt=0, le=3600, description="How long the next piece of a streamed answer may take."
    )
    prices: dict[str, Price] = Field(
        default_factory=dict,
        description='Money for a million tokens, as JSON: {"provider:model": {"input": 0.4, "output": 1.6}}.',
    )
    embedding_model: str = Field(
        default="", description="provider:model of the embeddings; off or empty: words alone are compared."
    )
    openai_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias="OPENAI_API_KEY", description="Key of the provider openai."
    )
    openai_base_url: str = Field(
        default="", validation_alias="OPENAI_BASE_URL", description="Address of an OpenAI-compatible server."
    )
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="postgresql://user:password@host/name for ledger and conversations; empty: files in the home.",
    )
    qdrant_url: str = Field(
        default="",
        validation_alias="QDRANT_URL",
        description="Address of a Qdrant server; empty: an index in the home.",
    )
    qdrant_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias="QDRANT_API_KEY", description="Key of the Qdrant server."
    )
    qdrant_shards: int = Field(default=1, ge=1, le=1000, description="Shards of a collection that is made.")
    qdrant_replicas: int = Field(default=1, ge=1, le=100, description="Copies of each shard of a collection.")
    qdrant_on_disk: bool = Field(default=False, description="Whether vectors are read from disk to save memory.")
    qdrant_quantization: Quantization = Field(default="none", description="How dense vectors are made smaller.")
    neo4j_uri: str = Field(
        default="", validation_alias="NEO4J_URI", description="Address of a Neo4j server; empty: tables of the ledger."
    )
    neo4j_username: str = Field(default="neo4j", validation_alias="NEO4J_USERNAME", description="Its user.")
    neo4j_password: SecretStr = Field(
        default=SecretStr(""), validation_alias="NEO4J_PASSWORD", description="That user's password."
    )
    neo4j_database: str = Field(
        default="", validation_alias="NEO4J_DATABASE", description="Its database; empty: the server's default one."
    )
    ocr: Literal["auto", "off"] = Field(
        default="auto",
        description="Whether text is recognized in scans and pictures, with the extra ocr.",
    )
    max_file_mb: int = Field(default=200, ge=1, le=100_000, description="The largest file that is read.")
    max_unpacked_mb: int = Field(default=1024, ge=1, le=1_000_000, description="What a packed file may unpack to.")
    max_pages: int = Field(default=10_000, ge=1, le=10_000_000, description="Pages, sheets or slides of one file.")
    max_megapixels: int = Field(default=100, ge=1, le=10_000, description="The largest picture that is read.")
    max_file_seconds: float = Field(default=600.0, gt=0, le=86_400, description="How long reading one file may take.")
    max_memory_mb: int = Field(default=1024, ge=256, le=1_000_000, description="Memory for reading one file.")
    workers: int = Field(
        default_factory=lambda: min(_MOST_WORKERS, usable_cores()),
        ge=1,
        le=256,
        description="How many processes read files side by side.",
    )
    store_timeout_seconds: float = Field(
        default=5.0, gt=0, le=600, description="How long a server of the stores may take for one answer."
    )
    server_address: str | None = Field(
        default=None, description="Address of the server that this process is; `signpost serve` sets it."
    )

    @field_validator("web", "ocr", mode="before")
    @classmethod
    def _in_any_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _of_postgres(cls, value: SecretStr) -> SecretStr:
        url = _unless_off(value.get_secret_value())
        if url and not url.startswith("postgres"):
            raise ValueError("it begins with postgresql://, or is off")
        return value

    @cached_property
    def chat_models(self) -> ChatModelSettings:
        """What the chat models are made with."""
        return ChatModelSettings(
            default=_unless_off(self.chat_model),
            by_role={role: _unless_off(name) for role in ROLES if (name := getattr(self, f"{role}_model"))},
            openai_api_key=self.openai_api_key.get_secret_value(),
            openai_base_url=self.openai_base_url.strip(),
            timeout_seconds=self.model_timeout_seconds,
            idle_seconds=self.model_idle_seconds,
            prices=self.prices,
        )

    @cached_property
    def stores(self) -> StoreSettings:
        """Where the stores are."""
        qdrant_url, neo4j_uri = _unless_off(self.qdrant_url), _unless_off(self.neo4j_uri)
        return StoreSettings(
            database_url=_unless_off(self.database_url.get_secret_value()),
            qdrant=None
            if not qdrant_url
            else QdrantSettings(
                url=qdrant_url,
                api_key=self.qdrant_api_key.get_secret_value(),
                shards=self.qdrant_shards,
                replicas=self.qdrant_replicas,
                on_disk=self.qdrant_on_disk,
                quantization=self.qdrant_quantization,
            ),
            neo4j=None
            if not neo4j_uri
            else Neo4jSettings(
                uri=neo4j_uri,
                username=self.neo4j_username,
                password=self.neo4j_password.get_secret_value(),
                database=self.neo4j_database,
            ),
            timeout_seconds=self.store_timeout_seconds,
        )

    @cached_property
    def reading(self) -> Reading:
        """How files are read."""
        return Reading(
            limits=Limits(
                file_bytes=self.max_file_mb * 2**20,
                unpacked_bytes=self.max_unpacked_mb * 2**20,
                pages=self.max_pages,
                pixels=self.max_megapixels * 1_000_000,
                seconds=self.max_file_seconds,
                memory_bytes=self.max_memory_mb * 2**20,
            ),
            recognizes_text=self.ocr == "auto",
            describes_pictures=bool(self.chat_models.name_for("vision")),
        )

    @cached_property
    def embedding_model_name(self) -> str:
        """`embedding_model`, empty where there is none."""
        return _unless_off(self.embedding_model)

    @cached_property
    def ingest_prices(self) -> Prices:
        """What the models cost that are used while documents are added."""
        embedding = self.prices.get(self.embedding_model_name)
        vision = self.prices.get(self.chat_models.name_for("vision"))
        return Prices(embedding["input"] if embedding else None, vision)

    @cached_property
    def ingest_models_without_price(self) -> tuple[str, ...]:
        """The models that are used while documents are added and whose price nobody has told."""
        names = (self.embedding_model_name, self.chat_models.name_for("vision"))
        return tuple(name for name in dict.fromkeys(names) if name and name not in self.prices)

    @cached_property
    def home_folder(self) -> Path:
        """`home` as an absolute path."""
        return Path(os.path.abspath(self.home.expanduser()))


def _unless_off(value: str) -> str:
    """`off` is nothing: an empty value in the environment leaves what `.env` says."""
    name = value.strip()
    return "" if name.lower() == "off" else name


def read_settings() -> Settings:
    """The settings of this process. Raises InputError that names the setting and never shows its value."""
    try:
        _hand_on_keys()
        return Settings()
    except SettingsError as error:
        raise InputError(
            "A setting cannot be used.",
            why=f"{error}. SIGNPOST_PRICES is written as JSON.",
            next_step="See .env.example for what is allowed.",
        ) from None
    except ValidationError as error:
        problems = "; ".join(
            f"{_setting_name(problem['loc'])}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise InputError(
            "A setting cannot be used.", why=problems, next_step="See .env.example for what is allowed."
        ) from None


def _setting_name(location: tuple[int | str, ...]) -> str:
    name = "_".join(str(part) for part in location).upper()
    return name if name in setting_names() else f"{_PREFIX}{name}"


def setting_names() -> list[str]:
    """The names of all settings as the environment spells them."""
    fields = Settings.model_fields.items()
    return [str(field.validation_alias or f"{_PREFIX}{name.upper()}") for name, field in fields]


def _hand_on_keys() -> None:
    """What `.env` holds for others, such as the keys of model providers, is put where their libraries read it."""
    own = setting_names()
    for name, value in dotenv_values(_FILE).items():
        if value and not name.upper().startswith(_PREFIX) and name.upper() not in own:
            os.environ.setdefault(name, value)


def handed_on() -> dict[str, str]:
    """The environment for a process in another folder: with what this folder's `.env` sets and the environment not."""
    own = {name.upper(): value for name, value in dotenv_values(_FILE).items() if value}
    return {**own, **{name: value for name, value in os.environ.items() if value or name not in own}}


def unknown_names() -> list[str]:
    """Names in the environment and `.env` that begin like a setting's and are none; sorted, in capitals."""
    known = {_DEBUG, *setting_names()}
    written = {name.upper() for name in DotEnvSettingsSource(Settings, env_ignore_empty=False).env_vars}
    in_file = {name for name in written if name.startswith((_PREFIX, *_SERVERS))}
    return sorted({*in_file, *(name.upper() for name in os.environ if name.upper().startswith(_PREFIX))} - known)
