"""Outlook's extended properties with one value: properties of MAPI that Graph has no name for.

They are kept among the plain properties of an item, each under a name of its own, so that what
copies, merges and stores those takes them along. Knows neither messages nor events.
"""

import re
from collections.abc import Mapping
from typing import Any

from graphwright_sandbox.graph.edm import SCHEMA
from graphwright_sandbox.graph.errors import GraphError, body_refused
from graphwright_sandbox.graph.presentation import View, project_all
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, Record

NAME = "singleValueExtendedProperties"
_PREFIX = "_extended:"  # what begins with an underscore is not shown
_TYPES = (
    "ApplicationTime|Binary|Boolean|CLSID|Currency|Double|Error|Float|Integer|Long|Null|Object|"
    "Short|String|SystemTime"
)
_GUID = r"\{[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}"
_ID = re.compile(
    rf"(?P<type>{_TYPES}) (?:(?P<guid>{_GUID}) (?P<name>Name \S.*|Id 0x[0-9a-fA-F]+)"
    r"|0x[0-9a-fA-F]+)"
)
SCHEMA.declare(
    """
entity singleValueLegacyExtendedProperty : entity
  value String
"""
)
_VIEW = View(SCHEMA.structured["singleValueLegacyExtendedProperty"], always=("id",))


def read_extended(given: Record) -> Record:
    """The properties of a checked body, with the extended ones in the form they are kept."""
    plain = {name: value for name, value in given.items() if name != NAME}
    for one in given.get(NAME) or ():
        if not isinstance(one, dict) or not isinstance(one.get("value"), str):
            raise body_refused(f"An item of '{NAME}' needs an id and a value that is a text.")
        plain[f"{_PREFIX}{_read_id(one.get('id'))}"] = one["value"]
    return plain


def _read_id(value: object) -> str:
    match = _ID.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise GraphError(
            400,
            "ErrorInvalidProperty",
            "PropertyId values may only be in one of the following formats: 'MapiPropertyType "
            "namespaceGuid Name propertyName', 'MapiPropertyType namespaceGuid Id propertyId' or "
            "'MapiPropertyType propertyTag'.",
        )
    if match["guid"] is None:
        return match[0]
    return f"{match['type']} {match['guid'].lower()} {match['name']}"


def expand_extended(
    request: GraphRequest, properties: Mapping[str, Any], options: QueryOptions
) -> list[Record] | None:
    """What `$expand=singleValueExtendedProperties($filter=id eq '…')` shows of an item's
    properties; nothing at all where none is meant."""
    shown = [
        {"id": name.removeprefix(_PREFIX), "value": value}
        for name, value in properties.items()
        if name.startswith(_PREFIX)
    ]
    return project_all(request, _VIEW, shown, options) or None
