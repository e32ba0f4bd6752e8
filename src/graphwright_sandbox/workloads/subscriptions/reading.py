"""A subscription as it is asked for: what Graph demands of it, and its refusals.

It must not know how subscribers are told.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.graph.routing import split_path
from graphwright_sandbox.graph.values import parse_date_time
from graphwright_sandbox.notifications.encryption import CertificateUnusable, read_certificate
from graphwright_sandbox.notifications.resources import ResourceKind, find_kind
from graphwright_sandbox.notifications.sender import UrlRefused, check_url
from graphwright_sandbox.tenant import Caller

REQUIRED = ("changeType", "notificationUrl", "resource", "expirationDateTime")
_MAXIMUM_TEXT = 128
_SHORTEST = timedelta(minutes=45)
_KEYED = re.compile(r"^(?P<name>\w+)\('(?P<key>.+)'\)$")
_TLS_VERSIONS = frozenset({"v1_0", "v1_1", "v1_2", "v1_3"})


@dataclass(frozen=True, slots=True)
class Target:
    """What a subscription is about."""

    kind: ResourceKind
    path: str
    """Without a leading slash; `me` and names of people are the person's id."""
    select: str


def invalid(message: str) -> GraphError:
    """What Graph's own checks refuse."""
    return bad_request(message, "InvalidRequest")


def validation_failed(message: str) -> GraphError:
    """What is wrong with the receiver."""
    return bad_request(message, "ValidationError")


def refused_by_service(message: str, operation: str = "Create") -> GraphError:
    """What the service of the resource refuses."""
    reason = f"Operation: {operation}; Exception: [Status Code: BadRequest; Reason: {message}]"
    return bad_request(reason, "ExtensionError")


def check_texts(data: Record) -> None:
    """Required properties, and those whose form does not depend on the resource."""
    for name in REQUIRED:
        if not data.get(name):
            raise invalid(f"'{name}' is a required property for subscription creation")
    for name in ("clientState", "encryptionCertificateId"):
        if len(data.get(name) or "") > _MAXIMUM_TEXT:
            raise invalid(f"'{name}' exceeds the maximum length of {_MAXIMUM_TEXT} characters.")
    version = data.get("latestSupportedTlsVersion")
    if version is not None and version not in _TLS_VERSIONS:
        raise invalid(f"'latestSupportedTlsVersion' has the invalid value '{version}'.")
    for name in ("notificationUrl", "lifecycleNotificationUrl"):
        check_receiver(name, data.get(name))


def check_receiver(name: str, url: str | None) -> None:
    """Refuses a URL that nothing would be sent to."""
    if url is None:
        return
    try:
        check_url(url)
    except UrlRefused as error:
        raise validation_failed(f"The '{name}' cannot be used: {error}.") from error


def read_target(context: GraphContext, caller: Caller, resource: str) -> Target:
    """What a `resource` means to this caller."""
    path, _, query = resource.partition("?")
    path = re.sub(r"^https?://[^/]+/(?:v1\.0|beta)/", "", path, flags=re.IGNORECASE)
    segments = _split_keys(split_path(path))
    if segments and segments[0].lower() == "me":
        if caller.user_id is None:
            raise bad_request("/me request is only valid with delegated authentication flow.")
        segments = ["users", caller.user_id, *segments[1:]]
    if len(segments) > 1 and segments[0].lower() == "users":
        person = context.find_person(segments[1])
        segments[1] = person.id if person is not None else segments[1]
    normal = "/".join(segments)
    kind = find_kind(normal)
    if kind is None:
        raise invalid(f"Resource '{path}' is not supported for subscriptions.")
    return Target(kind, normal, _read_select(query))


def _split_keys(segments: list[str]) -> list[str]:
    """`mailFolders('inbox')` as two segments."""
    split: list[str] = []
    for segment in segments:
        keyed = _KEYED.match(segment)
        split += [keyed["name"], keyed["key"].replace("''", "'")] if keyed else [segment]
    return split


def _read_select(query: str) -> str:
    select = ""
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        if unquote(name).lower() != "$select":
            raise invalid(f"The query option '{unquote(name)}' is not supported here.")
        select = unquote(value)
    return select


def read_change_types(text: str, kind: ResourceKind) -> tuple[str, ...]:
    """The change types of a comma-separated list, as far as the resource has them."""
    wanted = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",")))
    for one in wanted:
        if one not in kind.change_types:
            raise invalid(f"The change type '{one}' is not supported for this resource.")
    return wanted


def read_expiration(
    text: str, now: datetime, kind: ResourceKind, *, with_data: bool, operation: str = "Create"
) -> datetime:
    """When the subscription ends: at least 45 minutes from now, at most what the resource lets."""
    local, offset = parse_date_time(text)
    try:
        expires = (local - (offset or timedelta())).replace(tzinfo=UTC)
    except OverflowError as error:
        raise invalid("'expirationDateTime' is out of range.") from error
    if expires <= now:
        raise invalid("'expirationDateTime' has to be in the future.")
    minutes = kind.rich_minutes if with_data else kind.minutes
    if expires > now + timedelta(minutes=minutes):
        message = f"Subscription expiration can only be {minutes} minutes in the future."
        raise (
            refused_by_service(message, operation)
            if kind.service == "outlook"
            else invalid(message)
        )
    return max(expires, now + _SHORTEST)


def check_lifecycle(data: Record, kind: ResourceKind, now: datetime, expires: datetime) -> None:
    """Teams tells nobody for long who cannot be asked to authorize again."""
    beyond = kind.lifecycle_beyond
    if beyond is None or data.get("lifecycleNotificationUrl"):
        return
    if expires > now + timedelta(minutes=beyond):
        raise invalid(
            "'lifecycleNotificationUrl' is a required property for subscription creation on this "
            f"resource when the 'expirationDateTime' value is set to greater than {beyond // 60} "
            "hour."
        )


def check_data(data: Record, target: Target) -> None:
    """What resource data needs: a resource that has it, a selection, a certificate."""
    if not data.get("includeResourceData"):
        return
    if target.kind.rich_minutes == 0:
        raise invalid("'includeResourceData' is not supported for this resource.")
    if target.kind.service == "outlook" and not target.select:
        raise refused_by_service("A $select of the properties is needed with resource data.")
    certificate, name = data.get("encryptionCertificate"), data.get("encryptionCertificateId")
    if not certificate or not name:
        raise invalid(
            "'encryptionCertificate' and 'encryptionCertificateId' are required when "
            "'includeResourceData' is set to true."
        )
    try:
        read_certificate(certificate)
    except CertificateUnusable as error:
        raise invalid(f"The 'encryptionCertificate' cannot be used: {error}.") from error
