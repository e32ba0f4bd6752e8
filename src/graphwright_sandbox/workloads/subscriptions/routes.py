"""The operations of the subscriptions workload."""

import uuid
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.presentation import Limits, View, answer_collection, answer_entity
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.graph.routing import NO_OPTIONS, READ_MANY, READ_ONE, Operation
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.notifications import sender
from graphwright_sandbox.notifications.resources import KINDS
from graphwright_sandbox.notifications.subscription import Subscription
from graphwright_sandbox.workloads.subscriptions.entities import SUBSCRIPTION
from graphwright_sandbox.workloads.subscriptions.reading import (
    Target,
    check_data,
    check_lifecycle,
    check_receiver,
    check_texts,
    invalid,
    read_change_types,
    read_expiration,
    read_target,
    validation_failed,
)

_LIMITS = Limits(default=100, maximum=100, opaque=True)
_VIEW = View(SUBSCRIPTION)
_CHANGEABLE = frozenset({"expirationDateTime", "notificationUrl"})


def create_operations(context: GraphContext) -> list[Operation]:
    """All operations on subscriptions."""
    subscriptions = Subscriptions(context)

    def serve(method: str, path: str, handle: Any, options: frozenset[str]) -> Operation:
        return Operation(method, path, handle, "directory", options)

    one = "/subscriptions/{subscription}"
    return [
        serve("GET", "/subscriptions", subscriptions.list_all, READ_MANY),
        serve("POST", "/subscriptions", subscriptions.create, NO_OPTIONS),
        serve("GET", one, subscriptions.get, READ_ONE),
        serve("PATCH", one, subscriptions.change, NO_OPTIONS),
        serve("DELETE", one, subscriptions.delete, NO_OPTIONS),
        serve("POST", f"{one}/reauthorize", subscriptions.reauthorize, NO_OPTIONS),
    ]


class Subscriptions:
    """Who is told of what, as applications see and change it."""

    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._notifier = context.notifier

    def list_all(self, request: GraphRequest) -> GraphResponse:
        own = [_show(one) for one in self._notifier.present() if _owns(request, one)]
        return answer_collection(request, _VIEW, own, "subscriptions", _LIMITS)

    def get(self, request: GraphRequest) -> GraphResponse:
        return answer_entity(request, _VIEW, _show(self._find(request)), "subscriptions")

    async def create(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("subscription")
        check_texts(data)
        target = read_target(self._context, request.caller, data["resource"])
        change_types = read_change_types(data["changeType"], target.kind)
        check_data(data, target)
        with_data = bool(data.get("includeResourceData"))
        expires = read_expiration(
            data["expirationDateTime"], request.now, target.kind, with_data=with_data
        )
        check_lifecycle(data, target.kind, request.now, expires)
        self._notifier.reader.permit(request.caller, target.path)
        places = self._places(request, target)
        await self._validate(data["notificationUrl"], data.get("lifecycleNotificationUrl"))
        subscription = Subscription(
            id=str(uuid.uuid4()),
            resource=data["resource"],
            kind=target.kind.name,
            places=places,
            select=target.select,
            change_types=change_types,
            notification_url=data["notificationUrl"],
            lifecycle_url=data.get("lifecycleNotificationUrl"),
            client_state=data.get("clientState"),
            expires=expires,
            caller=request.caller,
            root=request.root,
            with_data=with_data,
            certificate=data.get("encryptionCertificate"),
            certificate_id=data.get("encryptionCertificateId"),
            tls_version=data.get("latestSupportedTlsVersion") or "v1_2",
        )
        self._notifier.add(subscription)
        shown = {**_show(subscription), "clientState": subscription.client_state}
        return answer_entity(request, _VIEW, shown, "subscriptions", status=201)

    async def change(self, request: GraphRequest) -> GraphResponse:
        subscription = self._find(request)
        data = request.read_entity("subscription")
        for name in data:
            if name not in _CHANGEABLE:
                raise invalid(f"The property '{name}' of a subscription cannot be changed.")
        expires, url = subscription.expires, subscription.notification_url
        if "expirationDateTime" in data:
            expires = read_expiration(
                data["expirationDateTime"],
                request.now,
                KINDS[subscription.kind],
                with_data=subscription.with_data,
                operation="Update",
            )
        if "notificationUrl" in data:
            url = data["notificationUrl"]
            check_receiver("notificationUrl", url)
            await self._validate(url, None)
        subscription.expires, subscription.notification_url = expires, url
        return answer_entity(request, _VIEW, _show(subscription), "subscriptions")

    def delete(self, request: GraphRequest) -> GraphResponse:
        del self._notifier.subscriptions[self._find(request).id]
        return no_content()

    def reauthorize(self, request: GraphRequest) -> GraphResponse:
        subscription = self._find(request)
        self._notifier.reader.permit(request.caller, subscription.places[0])
        subscription.caller = request.caller
        return no_content()

    def _find(self, request: GraphRequest) -> Subscription:
        found = self._notifier.find(request.keys["subscription"].lower())
        if found is None or not _owns(request, found):
            raise GraphError(404, "ResourceNotFound", "The object was not found.")
        return found

    def _places(self, request: GraphRequest, target: Target) -> tuple[str, ...]:
        """The paths by which changes name the resource: well-known names become ids."""
        path = target.path
        segments = path.split("/")
        if target.kind.name == "driveItem":
            return self._resolve(request, path.rpartition("/")[0], "drives/{}")
        if target.kind.name == "list":
            [site] = self._resolve(request, "/".join(segments[:2]), "sites/{}")
            return self._resolve(request, path, f"{site}/lists/{{}}")
        if target.kind.service == "outlook" and len(segments) == 6:
            # One item of a folder: changes name it without the folder.
            return ("/".join((*segments[:2], *segments[4:])).lower(),)
        if target.kind.name == "message" and segments[2].lower() == "mailfolders":
            folder = "/".join(segments[:4])
            rest = "/".join(segments[4:])
            return self._resolve(request, folder, "/".join(segments[:3]) + f"/{{}}/{rest}")
        return (path.lower(),)

    def _resolve(self, request: GraphRequest, path: str, pattern: str) -> tuple[str, ...]:
        found = self._notifier.reader.read(request.caller, request.root, path)
        if "id" not in found:
            raise GraphError(404, "ResourceNotFound", "The resource was not found.")
        return (pattern.format(found["id"]).lower(),)

    async def _validate(self, *urls: str | None) -> None:
        """Asks each receiver to repeat a token, so that nobody is told who did not ask."""
        for url in dict.fromkeys(filter(None, urls)):
            await self._validate_one(url)

    async def _validate_one(self, url: str) -> None:
        token = (
            "Validation: Testing client application reachability for subscription Request-Id: "
            f"{uuid.uuid4()}"
        )
        parts = urlsplit(url)
        query = "&".join(filter(None, (parts.query, f"validationToken={quote(token, safe='')}")))
        address = urlunsplit(parts._replace(query=query))
        timing = self._notifier.timing
        try:
            answer = await sender.post(address, b"", "text/plain; charset=utf-8", timing.answer)
        except sender.NoAnswer as error:
            raise validation_failed(
                "Subscription validation request timed out."
                if error.timed_out
                else "Subscription validation request failed. The notification endpoint could not "
                "be reached."
            ) from error
        if answer.status != 200:
            raise validation_failed(
                "Subscription validation request failed. Notification endpoint must respond with "
                "200 OK to validation request."
            )
        if answer.content_type != "text/plain" or answer.body != token.encode():
            raise validation_failed(
                "Subscription validation request failed. Response must exactly match "
                "validationToken query parameter."
            )


def _owns(request: GraphRequest, subscription: Subscription) -> bool:
    """An application sees its own, with a user those of that user."""
    caller, owner = request.caller, subscription.caller
    return caller.app_id == owner.app_id and caller.user_id in (None, owner.user_id)


def _show(subscription: Subscription) -> Record:
    """The subscription as Graph's JSON; who asks later is not told the clientState."""
    caller = subscription.caller
    return {
        "id": subscription.id,
        "resource": subscription.resource,
        "applicationId": caller.app_id,
        "changeType": ",".join(subscription.change_types),
        "clientState": None,
        "notificationUrl": subscription.notification_url,
        "notificationQueryOptions": None,
        "lifecycleNotificationUrl": subscription.lifecycle_url,
        "expirationDateTime": format_instant(subscription.expires),
        "creatorId": caller.user_id or caller.app_id,
        "includeResourceData": subscription.with_data,
        "latestSupportedTlsVersion": subscription.tls_version,
        "encryptionCertificate": subscription.certificate,
        "encryptionCertificateId": subscription.certificate_id,
        "notificationUrlAppId": None,
    }
