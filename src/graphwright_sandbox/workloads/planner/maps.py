"""Planner's open types: maps whose keys are data, checked value by value and merged.

In a PATCH a key with null takes an entry away, other keys are added or changed, the rest stays.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.edm import StructuredType
from graphwright_sandbox.graph.errors import body_refused
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.workloads.planner.errors import invalid, limit_reached

_CATEGORY = re.compile(r"category([1-9]|1\d|2[0-5])")
_UNENCODED = re.compile(r"[.:@#]")


def take_map(body: Record, name: str) -> Mapping[str, Any] | None:
    """Takes an open-typed property out of a body, its annotations dropped; None: not sent."""
    if name not in body:
        return None
    value = body.pop(name)
    if not isinstance(value, dict):
        raise body_refused(f"The property '{name}' needs an object.")
    return {key: item for key, item in value.items() if "@" not in key}


def merge_entries(
    former: Record,
    given: Mapping[str, Any],
    declared: StructuredType,
    complete: Callable[[str, Record, Record], Record],
) -> Record:
    """Entries of a complex type. `complete(key, former entry, checked values)` gives the new one."""
    merged = dict(former)
    for key, value in given.items():
        if value is None:
            merged.pop(key, None)
            continue
        checked = _read_typed(key, value, declared)
        before = merged.get(key, {})
        merged[key] = {
            "@odata.type": f"#microsoft.graph.{declared.name}",
            **complete(key, before, checked),
        }
    return merged


def _read_typed(key: str, value: Any, declared: StructuredType) -> Record:
    if not isinstance(value, dict):
        raise body_refused(
            f"Cannot convert the value of the property '{key[:100]}' to the expected type "
            f"'microsoft.graph.{declared.name}'."
        )
    named = value.get("@odata.type")
    if named is None:
        # Nothing in the schema tells the type of an open type's property.
        raise body_refused(
            "A value without a type name was found and no expected type is available. When the "
            "model is specified, each value in the payload must have a type which can be either "
            "specified in the payload, explicitly by the caller or implicitly inferred from the "
            "parent value."
        )
    if str(named).removeprefix("#") != f"microsoft.graph.{declared.name}":
        raise body_refused(f"The type '{str(named)[:100]}' does not fit '{key[:100]}'.")
    return read_entity(value, declared)


def merge_flags(former: Record, given: Mapping[str, Any]) -> Record:
    """Entries that are true; false and null take one away."""
    merged = dict(former)
    for key, value in given.items():
        if value is not None and not isinstance(value, bool):
            raise body_refused(f"The property '{key[:100]}' needs true or false.")
        if value:
            merged[key] = True
        else:
            merged.pop(key, None)
    return merged


def check_category(key: str) -> None:
    if not _CATEGORY.fullmatch(key):
        raise invalid(f"'{key[:100]}' is no category of a plan.")


def check_user_id(key: str) -> str:
    """The id of a user, as it is kept."""
    try:
        return str(uuid.UUID(key))
    except ValueError as error:
        raise invalid(f"'{key[:100]}' is not the id of a user.") from error


def check_reference(key: str) -> None:
    """A URL as a property name: the characters OData does not take there are encoded."""
    parts = urlsplit(unquote(key))
    if _UNENCODED.search(key) or parts.scheme not in ("http", "https") or not parts.netloc:
        raise invalid(f"'{key[:100]}' is not an encoded URL.")


def check_size(entries: Record, largest: int, limit: str) -> None:
    if len(entries) > largest:
        raise limit_reached(limit)
