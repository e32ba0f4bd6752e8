"""The device authorization grant (RFC 8628): codes for a device, typed and approved in a browser.

It must not know HTTP requests nor what is issued for a grant.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from starlette.responses import Response

from graphwright_sandbox.entra.errors import EntraError, ErrorReport
from graphwright_sandbox.entra.grants import Grant
from graphwright_sandbox.entra.scopes import RequestedScopes
from graphwright_sandbox.entra.store import ExpiringStore
from graphwright_sandbox.pages.device import device_done_page
from graphwright_sandbox.tenant import AppRegistration

LIFETIME = timedelta(minutes=15)
INTERVAL = timedelta(seconds=5)
_REMEMBERED = timedelta(hours=1)
"""How long a code stays known, so that an expired one is told from nonsense."""
_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels, and nothing that looks like another


@dataclass(slots=True, kw_only=True)
class PendingDevice:
    """A device that waits for its person."""

    app: AppRegistration
    segment: str
    scopes: RequestedScopes
    capabilities: frozenset[str]
    user_code: str
    started_at: datetime
    last_poll: datetime | None = None
    state: Literal["pending", "declined", "redeemed"] = "pending"
    grant: Grant | None = None
    """What the person approved."""


@dataclass(frozen=True, slots=True)
class DeviceTarget:
    """Where a sign-in for a device ends: on a page, the answer is for the device to fetch."""

    device: PendingDevice

    @property
    def description(self) -> str:
        return f"the device that shows {self.device.user_code}"

    def approve(self, grant: Grant) -> Response:
        """The device gets its tokens with its next request."""
        if self.device.grant is not None or self.device.state != "pending":
            # Somebody else typed the same code and was quicker: the device is theirs.
            return device_done_page(self.device.app.display_name, refused=str(EntraError(70018)))
        self.device.grant = grant
        return device_done_page(self.device.app.display_name)

    def respond_error(self, report: ErrorReport) -> Response:
        """The device is told no."""
        if self.device.grant is None:
            self.device.state = "declined"
        return device_done_page(self.device.app.display_name, refused=str(report.cause))


class DeviceCodes:
    """Every device code in circulation."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._devices: ExpiringStore[PendingDevice] = ExpiringStore(clock, _REMEMBERED)
        self._user_codes: ExpiringStore[PendingDevice] = ExpiringStore(clock, LIFETIME)

    def start(
        self,
        app: AppRegistration,
        segment: str,
        scopes: RequestedScopes,
        capabilities: frozenset[str],
    ) -> tuple[str, PendingDevice]:
        """A new device code, and what is known of the device."""
        device = PendingDevice(
            app=app,
            segment=segment,
            scopes=scopes,
            capabilities=capabilities,
            user_code="".join(secrets.choice(_ALPHABET) for _ in range(9)),
            started_at=self._clock(),
        )
        self._user_codes.put(device.user_code, device)
        return self._devices.add(device, prefix="D"), device

    def find(self, user_code: str) -> PendingDevice:
        """The device that shows this code; AADSTS70018 where none does (any more)."""
        typed = "".join(user_code.split()).replace("-", "").upper()
        device = self._user_codes.get(typed)
        if device is None or device.grant is not None or device.state != "pending":
            raise EntraError(70018)
        return device

    def redeem(self, device_code: str, app: AppRegistration, segment: str) -> Grant:
        """What the person approved, once; else the error that a device polls on."""
        device = self._devices.get(device_code)
        if device is None or device.state == "redeemed":
            raise EntraError(70018)
        if device.app.app_id != app.app_id or device.segment.lower() != segment.lower():
            raise EntraError(70000)
        if device.state == "declined":
            raise EntraError(65004, error="authorization_declined")
        now = self._clock()
        if now - device.started_at >= LIFETIME:
            raise EntraError(70020)
        if device.grant is not None:
            device.state = "redeemed"
            return device.grant
        hasty = device.last_poll is not None and now - device.last_poll < INTERVAL
        device.last_poll = now
        raise EntraError(70016, error="slow_down" if hasty else None)
