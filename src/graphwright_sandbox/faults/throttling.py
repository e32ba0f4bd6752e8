"""Limits of traffic as the services behind Graph have them, and how each says that one is reached.

Outlook counts requests by application and mailbox, the directory resource units by application,
files and Teams by application. Windows are those of the machine's time, so that a moved clock
does not open them. It must not know HTTP nor any workload.
"""

import math
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

SERVICES = ("outlook", "directory", "files", "teams")
DOCUMENTED = ("outlook=10000/600", "directory=8000/10")
"""What Microsoft documents and ordinary use does not reach."""
_SPEC = re.compile(r"^(?P<service>[a-z]+)=(?:(?P<count>\d{1,9})/(?P<seconds>\d{1,5})|off)$")
_CONCURRENCY = re.compile(r"^outlook-concurrency=(?:(?P<count>\d{1,4})|off)$")
_MOST_KEYS = 10_000
_TELLING_SHARE = 0.8
"""From this share of a limit on, the directory and files say how much is used."""


class ThrottleInvalid(ValueError):
    """A limit that cannot be read."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many units in so many seconds."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused: the service's own words."""

    code: str
    message: str
    retry_after: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of which service, by whom."""

    service: str
    app_id: str
    mailbox: str | None
    reading: bool
    cost: int = 1


@dataclass(slots=True)
class Admission:
    """What an admitted request is told, and the mailbox in which it occupies a place."""

    headers: dict[str, str] = field(default_factory=dict)
    occupied: tuple[str, str] | None = None
    seconds: float = 0.0
    """How long it takes at least, so that requests can meet at all."""


@dataclass(slots=True)
class _Window:
    ends: float
    used: int = 0


class Throttles:
    """The limits of one sandbox and what was used of them. Without limits nothing is counted."""

    takes = 0.05
    """Seconds that an Outlook request takes where concurrency is limited."""

    def __init__(self, tenant_id: str, now: Callable[[], float] = time.monotonic) -> None:
        self.limits: dict[str, Limit] = {}
        self.concurrency: int | None = None
        self._tenant_id = tenant_id
        self._now = now
        self._windows: dict[tuple[str, str, str], _Window] = {}
        self._occupied: dict[tuple[str, str], int] = {}

    def set(self, specs: Iterable[str]) -> None:
        """Limits as people write them: `outlook=100/60`, `outlook-concurrency=4`, `files=off`,
        `off` for none at all. Nothing changes where one cannot be read."""
        limits, concurrency = dict(self.limits), self.concurrency
        for spec in specs:
            if spec == "off":
                limits, concurrency = {}, None
            elif found := _CONCURRENCY.match(spec):
                concurrency = _positive(spec, found["count"])
            elif (found := _SPEC.match(spec)) and found["service"] in SERVICES:
                count, seconds = (_positive(spec, found[name]) for name in ("count", "seconds"))
                limits.pop(found["service"], None)
                if count is not None and seconds is not None:
                    limits[found["service"]] = Limit(count, seconds)
            else:
                raise ThrottleInvalid(
                    f"'{spec}' is none of SERVICE=COUNT/SECONDS, SERVICE=off, "
                    f"outlook-concurrency=COUNT and off; services are {', '.join(SERVICES)}"
                )
        self.limits, self.concurrency = limits, concurrency
        self._windows.clear()

    def specs(self) -> list[str]:
        """The limits as `set` reads them."""
        told = [f"{name}={limit.count}/{limit.seconds}" for name, limit in self.limits.items()]
        return told + (
            [] if self.concurrency is None else [f"outlook-concurrency={self.concurrency}"]
        )

    def enter(self, demand: Demand) -> Admission | Refusal:
        """Counts a request and lets it in, or says why not."""
        admission = Admission()
        limit = self.limits.get(demand.service)
        if limit is not None:
            window = self._window(demand, limit)
            # A refused request counts too, as it does at Microsoft.
            window.used += demand.cost
            if window.used > limit.count:
                wait = max(math.ceil(window.ends - self._now()), 1)
                return self._refuse(demand, limit, window, wait)
            admission.headers = self._tell(demand, limit, window)
        if self.concurrency is not None and demand.service == "outlook":
            place = (demand.app_id, demand.mailbox or "")
            if self._occupied.get(place, 0) >= self.concurrency:
                message = "Application is over its MailboxConcurrency limit."
                return Refusal("ApplicationThrottled", message, 1, {})
            self._occupied[place] = self._occupied.get(place, 0) + 1
            admission.occupied, admission.seconds = place, self.takes
        return admission

    def leave(self, admission: Admission) -> None:
        """The request was answered."""
        if admission.occupied is not None:
            left = self._occupied.pop(admission.occupied) - 1
            if left:
                self._occupied[admission.occupied] = left

    def reset(self) -> None:
        """Nothing was used."""
        self._windows.clear()

    def _window(self, demand: Demand, limit: Limit) -> _Window:
        mailbox = demand.mailbox or "" if demand.service == "outlook" else ""
        key = (demand.service, demand.app_id, mailbox)
        now = self._now()
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            if len(self._windows) >= _MOST_KEYS:
                self._windows = {k: one for k, one in self._windows.items() if one.ends > now}
            window = self._windows[key] = _Window(now + limit.seconds)
        return window

    def _refuse(self, demand: Demand, limit: Limit, window: _Window, wait: int) -> Refusal:
        headers = self._tell(demand, limit, window)
        match demand.service:
            case "outlook":
                message = "Application is over its request rate limit for this mailbox."
                return Refusal("ApplicationThrottled", message, wait, headers)
            case "directory":
                headers["x-ms-throttle-scope"] = (
                    f"Tenant_Application/{'Read' if demand.reading else 'ReadWrite'}/"
                    f"{demand.app_id}/{self._tenant_id}"
                )
                headers["x-ms-throttle-information"] = "ResourceUnitLimitExceeded"
                return Refusal("TooManyRequests", "Too many requests.", wait, headers)
            case "files":
                message = "The app or user has been throttled."
                return Refusal("activityLimitReached", message, wait, headers)
        return Refusal("TooManyRequests", "The request has been throttled.", wait, headers)

    def _tell(self, demand: Demand, limit: Limit, window: _Window) -> dict[str, str]:
        share = window.used / limit.count
        if demand.service == "directory":
            told = {"x-ms-resource-unit": str(demand.cost)}
            if share >= _TELLING_SHARE:
                told["x-ms-throttle-limit-percentage"] = f"{share:.1f}"
            return told
        if demand.service == "files" and share >= _TELLING_SHARE:
            return {
                "RateLimit-Limit": str(limit.count),
                "RateLimit-Remaining": str(max(limit.count - window.used, 0)),
                "RateLimit-Reset": str(max(math.ceil(window.ends - self._now()), 0)),
            }
        return {}


def resource_units(
    reading: bool, *, single: bool, selects: bool, expands: bool, top: int | None
) -> int:
    """What a request costs at the directory: a simple reading of Microsoft's table."""
    if not reading:
        return 1
    small = top is not None and top < 20
    return max((1 if single else 2) + expands - selects - small, 1)


def _positive(spec: str, text: str | None) -> int | None:
    if text is None:
        return None
    if int(text) == 0:
        raise ThrottleInvalid(f"'{spec}' would let nothing through; say off for no limit")
    return int(text)
