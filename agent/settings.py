"""Settings, read once from the environment and `.env`, and passed down as plain values."""

import os
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from tools.errors import InputError

_PREFIX = "SIGNPOST_"
_FILE = ".env"
_DEBUG = "SIGNPOST_DEBUG"
"""No setting: read where an unexpected error is told, which may be one of the settings'."""


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
    server_address: str | None = Field(
        default=None, description="Address of the server that this process is; `signpost serve` sets it."
    )

    @field_validator("web", mode="before")
    @classmethod
    def _in_any_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @cached_property
    def home_folder(self) -> Path:
        """`home` as an absolute path."""
        return Path(os.path.abspath(self.home.expanduser()))


def read_settings() -> Settings:
    """The settings of this process. Raises InputError that names the setting and never shows its value."""
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"SIGNPOST_{'_'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise InputError(
            "A setting cannot be used.", why=problems, next_step="See .env.example for what is allowed."
        ) from None


def unknown_names() -> list[str]:
    """Names in the environment and `.env` that begin like a setting's and are none; sorted, in capitals."""
    known = {_DEBUG, *(f"{_PREFIX}{name.upper()}" for name in Settings.model_fields)}
    given = {name.upper() for name in (*os.environ, *DotEnvSettingsSource(Settings, env_ignore_empty=False).env_vars)}
    return sorted(name for name in given - known if name.startswith(_PREFIX))
