"""JSON bodies checked against the declared types: unknown names, wrong types, wrong members.

The refusals are those of Graph's reader. Knows no workload.
"""

import base64
import binascii
import json
import uuid
from collections.abc import Mapping
from datetime import time
from typing import Any

import msgspec

from graphwright_sandbox.graph.edm import SCHEMA, Property, StructuredType
from graphwright_sandbox.graph.errors import GraphError, body_refused
from graphwright_sandbox.graph.values import parse_date, parse_date_time, parse_duration

MAXIMUM_BODY = 4 * 1024 * 1024
_BOOLEANS = {"true": True, "false": False}
_INTEGERS = {"Edm.Int16": 2**15, "Edm.Int32": 2**31, "Edm.Int64": 2**63}


def parse_json_object(body: bytes) -> dict[str, Any]:
    """The body's JSON object; anything else is refused."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise GraphError(
            400,
            "BadRequest",
            "Unable to read JSON request payload. Please ensure Content-Type header is set and "
            "payload is of valid JSON format.",
        ) from error
    if not isinstance(value, dict):
        raise body_refused("A JSON object was expected as the request payload.")
    return value


def read_entity(body: Mapping[str, Any], declared: StructuredType) -> dict[str, Any]:
    """The writable properties of a body, in stored form.

    Computed properties and annotations are dropped, as Graph ignores them. Navigation is kept
    as sent where it is an array; whoever supports it reads it further.
    """
    result: dict[str, Any] = {}
    for name, value in body.items():
        if "@" in name:
            continue
        prop = declared.properties.get(name)
        if prop is None:
            navigation = declared.navigation.get(name)
            if navigation is None and declared.open and not declared.entity:
                # Whatever an open complex type is given besides; entities refuse it all the same.
                result[name] = value
                continue
            if navigation is None:
                raise body_refused(
                    f"The property '{name}' does not exist on type "
                    f"'microsoft.graph.{declared.name}'. Make sure to only use property names "
                    "that are defined by the type."
                )
            if navigation.collection and not isinstance(value, list):
                raise body_refused(f"The property '{name}' needs an array.")
            result[name] = value
        elif not prop.computed:
            result[name] = read_value(value, prop)
    return result


def read_value(value: Any, prop: Property) -> Any:
    if prop.collection:
        if value is None and prop.nullable:
            return []
        if not isinstance(value, list):
            raise body_refused(
                f"A value of the property '{prop.name}' was found where an array was expected."
            )
        return [_read_single(item, prop) for item in value]
    if value is None:
        if not prop.nullable:
            raise body_refused(
                f"A null value was found for the property named '{prop.name}', "
                f"which has the expected type '{_edm(prop)}[Nullable=False]'."
            )
        return None
    return _read_single(value, prop)


def _read_single(value: Any, prop: Property) -> Any:
    if prop.type in SCHEMA.enums:
        return _read_member(value, prop)
    if prop.structure is not None or prop.type in SCHEMA.structured:
        if not isinstance(value, dict):
            raise _cannot_convert(value, prop)
        if prop.structure is not None:
            return read_entity(value, prop.structure)
        return read_entity(value, _type_of(value, SCHEMA.structured[prop.type]))
    if prop.type == "Edm.Boolean" and isinstance(value, str):
        # Graph's reader converts texts too; O365 sends `"isOnlineMeeting": "false"`.
        value = _BOOLEANS.get(value.lower(), value)
    if not _fits(value, prop.type):
        raise _cannot_convert(value, prop)
    return value


def _type_of(value: Mapping[str, Any], declared: StructuredType) -> StructuredType:
    """The type a value says it has; one that is not derived from the declared one is refused."""
    named = value.get("@odata.type")
    if not isinstance(named, str):
        return declared
    name = named.rpartition(".")[2]
    found = SCHEMA.find(name)
    current = found
    while current is not None and current is not declared:
        current = current.base
    if found is None or current is None:
        raise body_refused(
            f"A type named '{named[:100]}' was found in a payload, but it is not assignable to the "
            f"expected type 'microsoft.graph.{declared.name}'."
        )
    return found


def _read_member(value: Any, prop: Property) -> str:
    if isinstance(value, str):
        for member in SCHEMA.enums[prop.type]:
            if member.lower() == value.lower():
                return member
    raise body_refused(f"Requested value '{_shown(value)}' was not found.")


def _fits(value: Any, type_name: str) -> bool:
    if type_name == "Edm.Boolean":
        return isinstance(value, bool)
    if type_name in _INTEGERS:
        limit = _INTEGERS[type_name]
        return isinstance(value, int) and not isinstance(value, bool) and -limit <= value < limit
    if type_name == "Edm.Double":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    try:
        if type_name == "Edm.DateTimeOffset":
            return parse_date_time(value)[1] is not None
        if type_name == "Edm.Date":
            parse_date(value)
        if type_name == "Edm.Duration":
            parse_duration(value)
        if type_name == "Edm.Guid":
            uuid.UUID(value)
        if type_name == "Edm.TimeOfDay":
            time.fromisoformat(value[:15])
        if type_name == "Edm.Binary":
            base64.b64decode(value, validate=True)
    except (ValueError, OverflowError, binascii.Error):
        return False
    return True


def _cannot_convert(value: Any, prop: Property) -> GraphError:
    return body_refused(
        f"Cannot convert the literal '{_shown(value)}' of the property '{prop.name}' to the "
        f"expected type '{_edm(prop)}'."
    )


def _edm(prop: Property) -> str:
    return prop.type if prop.primitive else f"microsoft.graph.{prop.type}"


def _shown(value: Any) -> str:
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:100]
