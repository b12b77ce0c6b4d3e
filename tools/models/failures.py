"""Why a model call failed, in the product's own words: whatever a provider's library raises becomes one of these."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from tools.errors import SignpostError

Reason = Literal[
    "rate_limited",
    "timeout",
    "down",
    "unauthorized",
    "unknown_model",
    "unusable",
    "too_long",
    "bad_request",
    "empty",
    "unreadable",
    "cut_off",
    "budget",
]
RETRIED: tuple[Reason, ...] = ("rate_limited", "down", "empty")
"""What may go well a moment later. A model that did not answer in time is not asked again: nobody waits twice."""

_QUOTA = "insufficient_quota"
_TOO_LONG = ("context_length", "context length", "context window", "maximum context", "too many tokens", "too long")


class ModelFailure(Exception):
    """A model call that brought nothing. `detail`: the provider's words, for who repairs it; never shown in answers.

    retry_after_seconds: what the provider asked to wait. refused_feature: what of the request it does not know.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str = "",
        *,
        retry_after_seconds: float | None = None,
        refused_feature: str = "",
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds
        self.refused_feature = refused_feature

    @property
    def may_pass(self) -> bool:
        """Whether the same request may go well a moment later."""
        return self.reason in RETRIED and _QUOTA not in self.detail


def failure_of(error: Exception) -> ModelFailure:
    """What `error`, raised by any provider's library, means."""
    if isinstance(error, ModelFailure):
        return error
    detail = " ".join(str(error).split())[:300]
    reason = _reason(error, detail.lower())
    return ModelFailure(
        reason,
        detail,
        retry_after_seconds=_retry_after(error) if reason in RETRIED else None,
        refused_feature=_refused_feature(detail.lower()) if reason == "bad_request" else "",
    )


def _reason(error: Exception, text: str) -> Reason:
    from langchain_core import exceptions as told

    if isinstance(error, SignpostError):
        return "unusable"
    status = _status(error)
    if isinstance(error, told.ContextOverflowError) or (status in (400, 413, 422) and _says(text, _TOO_LONG)):
        return "too_long"
    if isinstance(error, told.ModelTimeoutError | TimeoutError) or "timeout" in type(error).__name__.lower():
        return "timeout"
    if status in (408, 409, 425):
        return "down"
    if status == 402:
        return "unauthorized"
    if isinstance(error, told.ModelRateLimitError) or status == 429:
        return "rate_limited"
    if isinstance(error, told.ModelAuthenticationError | told.ModelPermissionDeniedError) or status in (401, 403):
        return "unauthorized"
    if isinstance(error, told.ModelNotFoundError) or status == 404:
        return "unknown_model"
    if isinstance(error, told.ModelInvalidRequestError) or (status is not None and 400 <= status < 500):
        return "bad_request"
    if _says(text, ("unexpected response type", "has no attribute 'choices'")):
        return "empty"
    # What a provider's library does not offer (tools, a schema) it says with one of these.
    if isinstance(error, NotImplementedError | TypeError):
        return "bad_request"
    return "unreadable" if isinstance(error, ValueError | KeyError | AttributeError) else "down"


def _says(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


def _refused_feature(text: str) -> str:
    for feature, words in (
        ("temperature", ("temperature",)),
        ("stream_usage", ("stream_options", "include_usage")),
        ("stream", (" stream", "'stream", '"stream', "`stream")),
    ):
        if _says(text, words):
            return feature
    return ""


def _status(error: Exception) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _retry_after(error: Exception) -> float | None:
    """Seconds from the headers `retry-after-ms` or `retry-after` (seconds or a date)."""
    headers: Mapping[str, Any] = getattr(getattr(error, "response", None), "headers", None) or {}
    if milliseconds := _number(headers.get("retry-after-ms")):
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None or value is None:
        return seconds
    try:
        date = parsedate_to_datetime(str(value))
    except ValueError:
        return None
    from datetime import UTC, datetime

    return max(0.0, (date - datetime.now(UTC)).total_seconds())


def _number(value: object) -> float | None:
    try:
        return max(0.0, float(str(value)))
    except ValueError:
        return None
