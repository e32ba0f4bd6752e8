"""The refusals of Teams."""

from graphwright_sandbox.graph.errors import GraphError


def bad_request(message: str) -> GraphError:
    return GraphError(400, "BadRequest", message)


def forbidden(message: str = "You do not have permission to perform this operation.") -> GraphError:
    return GraphError(403, "Forbidden", message)


def not_found(message: str = "NotFound") -> GraphError:
    return GraphError(404, "NotFound", message)


def conflict(message: str) -> GraphError:
    return GraphError(409, "Conflict", message)


def application_may_not_post() -> GraphError:
    """Applications write messages only while a team is being migrated."""
    return GraphError(
        401,
        "Unauthorized",
        "Message POST is allowed in application-only context only for import purposes. Refer to "
        "https://docs.microsoft.com/microsoftteams/platform/graph-api/import-messages/"
        "import-external-messages-to-teams for more details.",
    )
