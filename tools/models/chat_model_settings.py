"""Which chat model does what, and how it is reached: plain values, quick to import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from tools.models.usage import Price

Role = Literal["route", "grade", "generate", "verify", "extract", "teach", "judge", "vision"]
ROLES: tuple[Role, ...] = get_args(Role)
ONLY_WHEN_SET: tuple[Role, ...] = ("judge", "vision")
"""Roles without a default. An evaluation asks its judge several times a row, and a folder may hold a thousand
pictures: nobody pays for that unasked."""


@dataclass(frozen=True, slots=True)
class ChatModelSettings:
    """default: `provider:model` for every role without one in `by_role`, less those of ONLY_WHEN_SET; empty for none.

    openai_api_key, openai_base_url: for the provider `openai`, any compatible server included. Other providers read
    their own variables. timeout_seconds, idle_seconds: as in ChatModel.
    """

    default: str = ""
    by_role: Mapping[Role, str] = field(default_factory=dict)
    openai_api_key: str = field(default="", repr=False)
    openai_base_url: str = ""
    timeout_seconds: float = 20.0
    idle_seconds: float = 60.0
    prices: Mapping[str, Price] = field(default_factory=dict)

    def name_for(self, role: Role) -> str:
        """The model of `role`, empty for none."""
        return self.by_role.get(role, "" if role in ONLY_WHEN_SET else self.default)
