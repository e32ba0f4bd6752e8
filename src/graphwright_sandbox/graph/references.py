"""References between directory objects as requests write them: `@odata.id` and `@odata.bind`."""

from __future__ import annotations

import re
from typing import Any

from graphwright_sandbox.graph.directory_errors import refused
from graphwright_sandbox.graph.errors import bad_request

_REFERENCE = re.compile(
    r"(?:https://[^/]+/(?:v1\.0|beta)/|/)?(?:directoryObjects|users|groups)"
    r"(?:/|\(')(?P<id>[^/()']+)(?:'\))?/?",
    re.IGNORECASE,
)


def read_reference(value: Any) -> str:
    """The id (or user principal name) that a reference names."""
    match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise refused("Invalid URL format specified in payload.")
    return match["id"]


def read_reference_body(body: dict[str, Any]) -> str:
    """The one reference of a `$ref` body."""
    if "@odata.id" not in body:
        raise bad_request(
            "The '@odata.id' annotation is required in the payload of a reference request.",
            "Request_BadRequest",
        )
    return read_reference(body["@odata.id"])


def read_bindings(body: dict[str, Any], name: str) -> list[str] | None:
    """The ids of `NAME@odata.bind`; None where the body has none."""
    value = body.get(f"{name}@odata.bind")
    if value is None:
        return None
    if not isinstance(value, list):
        raise refused(f"The value of '{name}@odata.bind' needs to be an array.")
    return [read_reference(one) for one in value]
