"""When a request is sent again, and how long it waits before: one budget for each request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from graphwright.http.meter import Meter, note
from graphwright.http.ports import SettingsShape
from graphwright.kernel.errors import InvalidInput

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 16.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how often and how much: the limits of every request."""

    connect_seconds: float = 10
    read_seconds: float = 30
    total_seconds: float = 120
    retries: int = 5
    retry_seconds: float = 60
    body_bytes: int = 10_000_000
    page_bytes: int = 64_000_000
    collection_items: int = 10_000
    collection_bytes: int = 10_000_000
    redirects: int = 5
    mailbox_concurrent: int = 4
    mailbox_requests: int = 10_000
    app_concurrent: int = 100
    app_rate: float = 500
    allow_http: bool = False
    allow_private_transfer: bool = False

    @classmethod
    def read(cls, settings: SettingsShape) -> "Limits":
        """The limits, where settings change them: `GRAPHWRIGHT_HTTP_…`, `GRAPHWRIGHT_ALLOW_…`."""
        plain = cls()

        def number(name: str, default: float, least: float = 0) -> float:
            return _number(settings, name, default, least)

        def count(name: str, default: int, least: int = 1) -> int:
            return int(number(name, default, least))

        return cls(
            read_seconds=number("GRAPHWRIGHT_HTTP_READ_SECONDS", plain.read_seconds),
            total_seconds=number("GRAPHWRIGHT_HTTP_TOTAL_SECONDS", plain.total_seconds),
            retries=count("GRAPHWRIGHT_HTTP_RETRIES", plain.retries, 0),
            retry_seconds=number("GRAPHWRIGHT_HTTP_RETRY_SECONDS", plain.retry_seconds),
            mailbox_concurrent=count(
                "GRAPHWRIGHT_HTTP_MAILBOX_CONCURRENT", plain.mailbox_concurrent
            ),
            mailbox_requests=count("GRAPHWRIGHT_HTTP_MAILBOX_REQUESTS", plain.mailbox_requests),
            app_concurrent=count("GRAPHWRIGHT_HTTP_APP_CONCURRENT", plain.app_concurrent),
            app_rate=number("GRAPHWRIGHT_HTTP_APP_RATE", plain.app_rate, 1),
            allow_http=settings.get("GRAPHWRIGHT_ALLOW_HTTP") == "1",
            allow_private_transfer=settings.get("GRAPHWRIGHT_ALLOW_PRIVATE_TRANSFER") == "1",
        )


@dataclass(slots=True)
class Budget:
    """What one request has used of its retries."""

    limits: Limits
    random: Callable[[], float]
    retries: int = 0
    waited: float = 0.0

    def pause(self, retry_after: float | None) -> float | None:
        """Seconds to wait before the next try; None where the budget does not allow one.

        Without Retry-After: exponential with full jitter.
        Source: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
        """
        if self.retries >= self.limits.retries:
            return None
        pause = retry_after
        if pause is None:
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**self.retries) * self.random()
        return pause if self.waited + pause <= self.limits.retry_seconds else None

    def is_too_short(self, retry_after: float | None) -> bool:
        """Whether the server asks for a longer wait than what is left of the time."""
        return retry_after is not None and self.waited + retry_after > self.limits.retry_seconds

    def spend(self, pause: float) -> None:
        """Takes one retry and its pause off the budget."""
        self.retries += 1
        self.waited += pause
        note(Meter(retries=1, waited_s=pause))

    def to_wire(self) -> dict[str, Any]:
        """The whole budget, for people."""
        return {"retries": self.limits.retries, "seconds": self.limits.retry_seconds}


def parse_retry_after(text: str | None, now: datetime) -> float | None:
    """Retry-After as seconds from now: a number or an HTTP date (RFC 9110, 10.2.3); else None."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return min(float(text), 1e9)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _number(settings: SettingsShape, name: str, default: float, least: float) -> float:
    text = settings.get(name)
    if text is None or not text.strip():
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not least <= value <= 86_400:
        raise InvalidInput(f"The setting {name} is no number of {least:g} to 86400.", setting=name)
    return value
