"""The refusals of SharePoint and OneDrive, in the words Graph gives them."""

from graphwright_sandbox.graph.errors import GraphError


def item_not_found(message: str = "The resource could not be found.") -> GraphError:
    return GraphError(404, "itemNotFound", message)


def access_denied() -> GraphError:
    return GraphError(
        403, "accessDenied", "The caller does not have permission to perform the action."
    )


def invalid_request(message: str) -> GraphError:
    return GraphError(400, "invalidRequest", message)


def name_exists(message: str = "Name already exists") -> GraphError:
    return GraphError(409, "nameAlreadyExists", message)


def modified_meanwhile() -> GraphError:
    return GraphError(412, "resourceModified", "ETag does not match current item's value")


def quota_reached() -> GraphError:
    return GraphError(507, "quotaLimitReached", "Insufficient Space Available")
