"""Who is told of a change, and the telling: in batches, again where it failed, never for ever.

Changes come while a request is answered; everything is sent by tasks of their own, so that no
request waits for a receiver. It must not know workloads nor how a subscription is asked for.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from graphwright_sandbox.faults.plan import FaultPlan
from graphwright_sandbox.notifications import sender
from graphwright_sandbox.notifications.encryption import encrypt, read_certificate
from graphwright_sandbox.notifications.resources import KINDS, ResourceKind
from graphwright_sandbox.notifications.subscription import Subscription
from graphwright_sandbox.state import StateParts
from graphwright_sandbox.tenant import Caller

if TYPE_CHECKING:
    from graphwright_sandbox.graph.changes import Change, Changes

LIFECYCLE_EVENTS = ("missed", "subscriptionRemoved", "reauthorizationRequired")
PUBLISHER = "0bf30f3b-4a52-48df-9a82-234910c4a086"
"""The application id under which Graph signs validation tokens."""
_LARGEST_BATCH = 100
_MOST_WAITING = 10_000


class Reader(Protocol):
    """Graph, asked for a resource as a caller would see it."""

    def permit(self, caller: Caller, path: str) -> None:
        """Refuses where the caller may not read what is at this path."""
        ...

    def read(self, caller: Caller, root: str, path: str, query: str = "") -> dict[str, Any]:
        """The resource; empty where the caller would be refused."""
        ...


@dataclass
class Timing:
    """How patient the sandbox is."""

    gather: float = 0.02
    """Seconds in which changes are gathered into one request."""
    answer: float = 10.0
    """Seconds a receiver may take."""
    retries: tuple[float, ...] = (1, 2, 4, 8, 16, 30, 60, 60)
    """Seconds before each further try; then the notifications are lost."""


class Notifier:
    """The subscriptions of one tenant, and what still has to be sent to whom."""

    def __init__(
        self,
        tenant_id: str,
        clock: Callable[[], datetime],
        changes: Changes,
        faults: FaultPlan,
        state: StateParts,
    ) -> None:
        self.subscriptions: dict[str, Subscription] = {}
        self.timing = Timing()
        self.reader: Reader
        """Set by whoever puts Graph together."""
        self.sign: Callable[[dict[str, Any]], str] | None = None
        """Signs the claims of a validation token as Entra ID does."""
        self._tenant_id = tenant_id
        self._clock = clock
        self._faults = faults
        self._waiting: dict[str, list[dict[str, Any]]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        changes.on_change(self._notice)
        state.add("subscriptions", self._dump, self._load)

    def add(self, subscription: Subscription) -> None:
        """One more subscription, or another state of one."""
        self.subscriptions[subscription.id] = subscription

    def find(self, subscription_id: str) -> Subscription | None:
        """The subscription of an id, as long as it lasts."""
        found = self.subscriptions.get(subscription_id)
        if found is not None and found.expires <= self._clock():
            del self.subscriptions[subscription_id]
            return None
        return found

    def present(self) -> list[Subscription]:
        """All that have not ended."""
        return [one for key in list(self.subscriptions) if (one := self.find(key)) is not None]

    def tell_lifecycle(self, subscription: Subscription, event: str) -> None:
        """One lifecycle notification, where the subscriber named a URL for them."""
        if event == "subscriptionRemoved":
            self.subscriptions.pop(subscription.id, None)
        if subscription.lifecycle_url is not None:
            told = {**self._head(subscription), "lifecycleEvent": event}
            self._queue(subscription.lifecycle_url, told)

    async def settle(self) -> None:
        """Returns when nothing is left to send; for tests."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values())

    def _notice(self, change: Change) -> None:
        for subscription in self.present():
            kind = KINDS[subscription.kind]
            change_type = _change_type(subscription, kind, change)
            if change_type is None:
                continue
            fault = self._faults.take("POST", f"/{change.resource}", "notification")
            times = {"duplicate-notification": 2, "lost-notification": 0}
            told = self._describe(subscription, kind, change, change_type)
            for _ in range(times[fault.kind] if fault else 1):
                self._queue(subscription.notification_url, told)
        if change.container == "users" and change.kind == "deleted":
            self._remove_of(change.id)

    def _remove_of(self, user_id: str) -> None:
        """Ends what a person subscribed to, and what somebody else did to their data."""
        mine = f"users/{user_id}"
        for subscription in self.present():
            about = any(f"{place}/".startswith(f"{mine}/") for place in subscription.places)
            if about or subscription.caller.user_id == user_id:
                self.tell_lifecycle(subscription, "subscriptionRemoved")

    def _head(self, subscription: Subscription) -> dict[str, Any]:
        return {
            "subscriptionId": subscription.id,
            "subscriptionExpirationDateTime": subscription.expires.strftime(
                "%Y-%m-%dT%H:%M:%S.%f0Z"
            ),
            "clientState": subscription.client_state,
            "tenantId": self._tenant_id,
        }

    def _describe(
        self, subscription: Subscription, kind: ResourceKind, change: Change, change_type: str
    ) -> dict[str, Any]:
        told = {**self._head(subscription), "changeType": change_type}
        if kind.deep:
            # Files say only where something changed; what, a delta query tells.
            return {**told, "resource": subscription.resource, "resourceData": None}
        record = self._look(subscription, change) if change_type != "deleted" else {}
        data = {"@odata.type": kind.type, "@odata.id": change.resource, "id": change.id}
        if "@odata.etag" in record:
            data["@odata.etag"] = record["@odata.etag"]
        told |= {"resource": change.resource, "resourceData": data}
        if subscription.with_data and subscription.certificate is not None:
            content = msgspec.json.encode(record or data)
            certificate = read_certificate(subscription.certificate)
            told["encryptedContent"] = encrypt(
                content, certificate, subscription.certificate_id or ""
            )
        return told

    def _look(self, subscription: Subscription, change: Change) -> dict[str, Any]:
        """The resource as its subscriber may see it; empty where that is no longer."""
        query = f"$select={subscription.select}" if subscription.select else ""
        return self.reader.read(subscription.caller, subscription.root, change.resource, query)

    def _queue(self, url: str, told: dict[str, Any]) -> None:
        waiting = self._waiting.setdefault(url, [])
        # A receiver that is away for long loses the rest; it hears of that when the first fails.
        if len(waiting) < _MOST_WAITING:
            waiting.append(told)
        if url not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._empty(url))
            self._tasks[url] = task
            task.add_done_callback(lambda _: self._tasks.pop(url, None))

    async def _empty(self, url: str) -> None:
        await asyncio.sleep(self.timing.gather)
        while batch := _first_batch(self._waiting.get(url, [])):
            arrived = await self._deliver(url, batch)
            del self._waiting[url][: len(batch)]
            if not arrived:
                self._tell_missed(batch)
        self._waiting.pop(url, None)

    async def _deliver(self, url: str, batch: list[dict[str, Any]]) -> bool:
        """Whether the receiver took the notifications, at the first try or a later one."""
        body: dict[str, Any] = {"value": batch}
        if tokens := self._validation_tokens(batch):
            body["validationTokens"] = tokens
        content = msgspec.json.encode(body)
        for wait in (0.0, *self.timing.retries):
            await asyncio.sleep(wait)
            try:
                answer = await sender.post(
                    url, content, "application/json; charset=utf-8", self.timing.answer
                )
            except (sender.NoAnswer, sender.UrlRefused):
                continue
            if 200 <= answer.status < 300:
                return True
        return False

    def _tell_missed(self, batch: list[dict[str, Any]]) -> None:
        for subscription_id in dict.fromkeys(told["subscriptionId"] for told in batch):
            subscription = self.find(subscription_id)
            lifecycle = any("lifecycleEvent" in told for told in batch)
            if subscription is not None and not lifecycle:
                self.tell_lifecycle(subscription, "missed")

    def _validation_tokens(self, batch: list[dict[str, Any]]) -> list[str]:
        """For each application whose resource data is sent: that it comes from Graph."""
        if self.sign is None:
            return []
        owners = {
            subscription.caller.app_id
            for told in batch
            if "encryptedContent" in told
            and (subscription := self.find(told["subscriptionId"])) is not None
        }
        now = int(datetime.now(UTC).timestamp())
        return [
            self.sign(
                {
                    "aud": app_id,
                    "iss": f"https://sts.windows.net/{self._tenant_id}/",
                    "iat": now,
                    "nbf": now,
                    "exp": now + 3600,
                    "appid": PUBLISHER,
                    "appidacr": "2",
                    "idp": f"https://sts.windows.net/{self._tenant_id}/",
                    "tid": self._tenant_id,
                    "uti": uuid.uuid4().hex,
                    "ver": "1.0",
                }
            )
            for app_id in sorted(owners)
        ]

    def _dump(self) -> list[dict[str, Any]]:
        return [one.dump() for one in self.present()]

    def _load(self, value: list[dict[str, Any]]) -> None:
        loaded = [Subscription.load(told) for told in value]
        self.subscriptions = {one.id: one for one in loaded}


def _first_batch(waiting: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the next request tells; what is delivered twice comes again in the one after."""
    batch: dict[int, dict[str, Any]] = {}
    for told in waiting[:_LARGEST_BATCH]:
        if id(told) in batch:
            break
        batch[id(told)] = told
    return list(batch.values())


def _change_type(subscription: Subscription, kind: ResourceKind, change: Change) -> str | None:
    """As what the subscription is told of a change; None: it is not."""
    if not _is_about(subscription, kind, change):
        return None
    change_type: str = change.kind
    if kind.deep or (kind.created_is_updated and change_type == "created"):
        change_type = "updated"
    return change_type if change_type in subscription.change_types else None


def _is_about(subscription: Subscription, kind: ResourceKind, change: Change) -> bool:
    resource, container = change.resource.strip("/").lower(), change.container.lower()
    above = {resource, resource.rpartition("/")[0], container}
    if any(place in above for place in subscription.places):
        return True
    return kind.deep and any(
        f"{path}/".startswith(f"{place}/")
        for place in subscription.places
        for path in (resource, container)
    )
