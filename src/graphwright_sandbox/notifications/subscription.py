"""A subscription as it is kept: what it is about, whom it tells, until when."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from graphwright_sandbox.tenant import Caller


@dataclass
class Subscription:
    """What an application asked to be told of."""

    id: str
    resource: str
    """As the application wrote it."""
    kind: str
    """The name of the kind of resource it is about."""
    places: tuple[str, ...]
    """Its path, normalised and in lower case: changes there, or directly below, are told."""
    select: str
    """The properties that resource data holds; empty: all."""
    change_types: tuple[str, ...]
    notification_url: str
    lifecycle_url: str | None
    client_state: str | None
    expires: datetime
    caller: Caller
    """Who subscribed: the resource is shown as to this caller."""
    root: str
    """Graph's own URL with its version, as the subscriber reached it."""
    with_data: bool = False
    certificate: str | None = None
    """Base64 of the certificate that resource data is encrypted for."""
    certificate_id: str | None = None
    tls_version: str = "v1_2"

    def dump(self) -> dict[str, Any]:
        """The subscription as a JSON value."""
        told = asdict(self)
        told["expires"] = self.expires.isoformat()
        for name in ("scopes", "roles"):
            told["caller"][name] = sorted(told["caller"][name])
        return told

    @classmethod
    def load(cls, told: dict[str, Any]) -> Subscription:
        """The subscription of what `dump` gave."""
        caller = dict(told["caller"])
        for name in ("scopes", "roles"):
            caller[name] = frozenset(caller[name])
        changed = {
            "caller": Caller(**caller),
            "expires": datetime.fromisoformat(told["expires"]),
            "places": tuple(told["places"]),
            "change_types": tuple(told["change_types"]),
        }
        return cls(**{**told, **changed})
