"""What a body may write into a message, in the form it is stored. Pure."""

from graphwright_sandbox.graph import extended_properties
from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.request import Record

_ALWAYS_WRITABLE = frozenset(
    {"isRead", "categories", "importance", "flag", "inferenceClassification"}
    | {"isDeliveryReceiptRequested", "isReadReceiptRequested", extended_properties.NAME}
)
_NAVIGATION = ("attachments", "extensions")


def check_writable(data: Record, *, draft: bool) -> None:
    """Refuses what cannot be changed in a message that was sent or received."""
    for name in _NAVIGATION:
        if name in data:
            raise GraphError(
                400,
                "ErrorInvalidRequest",
                f"The navigation property '{name}' cannot be written with the message.",
            )
    if not draft and (locked := sorted(set(data) - _ALWAYS_WRITABLE)):
        raise GraphError(
            400,
            "ErrorInvalidPropertySet",
            f"Set action is invalid for property '{locked[0]}': the message is not a draft.",
        )


def read_properties(data: Record, defaults: Record) -> Record:
    """The writable properties of a checked body, in the form they are stored."""
    given = {
        name: defaults[name] if value is None and name in defaults else value
        for name, value in extended_properties.read_extended(data).items()
    }
    if "body" in given:
        body = given["body"]
        given["body"] = {
            "contentType": body.get("contentType") or "text",
            "content": body.get("content") or "",
        }
    for name in ("toRecipients", "ccRecipients", "bccRecipients", "replyTo"):
        if name in given:
            given[name] = [_recipient(recipient) for recipient in given[name]]
    for name in ("from", "sender"):
        if name in given:
            given[name] = _recipient(given[name])
    return given


def _recipient(recipient: Record) -> Record:
    email = recipient.get("emailAddress") or {}
    address = email.get("address") or ""
    return {"emailAddress": {"name": email.get("name") or address, "address": address}}
