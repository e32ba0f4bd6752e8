"""The refusals of Microsoft Graph: one exception, and the standard reasons with their codes.

Knows nothing of any workload; a workload raises these, the endpoint turns them into bodies.
"""

from collections.abc import Mapping


class GraphError(Exception):
    """A request that Graph refuses: status, code and message of the error body."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def bad_request(message: str, code: str = "BadRequest") -> GraphError:
    return GraphError(400, code, message)


class UnknownSegment(GraphError):
    """A path that leads nowhere."""


def unknown_segment(segment: str) -> UnknownSegment:
    message = f"Resource not found for the segment '{segment}'."
    return UnknownSegment(400, "BadRequest", message)


def unknown_property(name: str, type_name: str) -> GraphError:
    return bad_request(
        f"Could not find a property named '{name}' on type 'microsoft.graph.{type_name}'."
    )


def unsupported_query(message: str) -> GraphError:
    """A query the directory does not answer (or only as an advanced query)."""
    return GraphError(400, "Request_UnsupportedQuery", message)


def body_refused(message: str) -> GraphError:
    return GraphError(400, "RequestBodyRead", message)


def validation_failed(message: str) -> GraphError:
    return GraphError(400, "ErrorPropertyValidationFailure", message)


def unsupported_time_zone(name: str) -> GraphError:
    return GraphError(
        400,
        "TimeZoneNotSupportedException",
        "A valid TimeZone value must be specified. "
        f"The following TimeZone value is not supported: '{name}'.",
    )


def item_not_found() -> GraphError:
    return GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def malformed_item_id() -> GraphError:
    return GraphError(400, "ErrorInvalidIdMalformed", "Id is malformed.")


def resource_not_found(identifier: str) -> GraphError:
    return GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{identifier}' does not exist or one of its queried reference-property "
        "objects are not present.",
    )


def user_not_found(identifier: str) -> GraphError:
    return GraphError(404, "ErrorInvalidUser", f"The requested user '{identifier}' is invalid.")


def no_mailbox() -> GraphError:
    return GraphError(
        404,
        "MailboxNotEnabledForRESTAPI",
        "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
    )


def method_not_allowed(allowed: list[str]) -> GraphError:
    return GraphError(
        405,
        "Request_BadRequest",
        "Specified HTTP method is not allowed for the request target.",
        {"Allow": ", ".join(sorted(allowed))},
    )


def change_key_conflict() -> GraphError:
    return GraphError(
        412,
        "ErrorIrresolvableConflict",
        "The send or update operation could not be performed because the change key passed in "
        "the request does not match the current change key for the item.",
    )
