"""The refusals of the directory when it is written to, with the codes and words of Microsoft."""

from graphwright_sandbox.graph.errors import GraphError, bad_request


def refused(message: str) -> GraphError:
    return bad_request(message, "Request_BadRequest")


def value_required(name: str, resource: str) -> GraphError:
    return refused(f"A value is required for property '{name}' of resource '{resource}'.")


def invalid_value(name: str, resource: str) -> GraphError:
    return refused(f"Invalid value specified for property '{name}' of resource '{resource}'.")


def already_exists(name: str) -> GraphError:
    return refused(f"Another object with the same value for property {name} already exists.")


def weak_password() -> GraphError:
    return refused(
        "The specified password does not comply with password complexity requirements. Please "
        "provide a different password."
    )


def denied(wanted: str) -> GraphError:
    """What the granted permission does not cover."""
    return GraphError(
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
        {"x-sandbox-required-permissions": wanted},
    )
