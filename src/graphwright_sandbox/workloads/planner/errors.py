"""The refusals of Planner, which mostly carry no code at all."""

from graphwright_sandbox.graph.errors import GraphError


def invalid(message: str) -> GraphError:
    return GraphError(400, "", message)


def no_access() -> GraphError:
    return GraphError(403, "", "You do not have the required permissions to access this item.")


def not_found() -> GraphError:
    return GraphError(404, "", "The requested item is not found.")


def limit_reached(limit: str) -> GraphError:
    """One of the limits Planner names, such as `MaximumChecklistItemsOnTask`."""
    return GraphError(403, limit, "The limit of items was reached.")
