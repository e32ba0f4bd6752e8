"""The definitions of schema extensions: listed, made, released, deleted by the application that
owns them."""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import replace
from typing import Any

from graphwright_sandbox.graph.directory_errors import (
    already_exists,
    denied,
    invalid_value,
    refused,
    value_required,
)
from graphwright_sandbox.graph.errors import resource_not_found
from graphwright_sandbox.graph.presentation import Limits, View, answer_collection, answer_entity
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.graph.schema_extensions import TARGETS, TYPES, SchemaExtension
from graphwright_sandbox.workloads.directory.entities import SCHEMA_EXTENSION

_LIMITS = Limits(default=100, maximum=999, opaque=True)
_VIEW = View(SCHEMA_EXTENSION)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,119}")
_MOST_OWNED = 5
_MOST_PROPERTIES = 100
_FOLLOWS = {"InDevelopment": "Available", "Available": "Deprecated"}
_RESOURCE = "SchemaExtension"


class Schemas:
    """Requests about definitions."""

    def __init__(self, context: GraphContext) -> None:
        self._extensions = context.schema_extensions
        self._tenant = context.tenant

    def list_definitions(self, request: GraphRequest) -> GraphResponse:
        records = [_show(one) for one in self._extensions.all()]
        return answer_collection(request, _VIEW, records, "schemaExtensions", _LIMITS)

    def get(self, request: GraphRequest) -> GraphResponse:
        return self._answer(request, self._find(request))

    def create(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        data = request.read_as("schemaExtension", body)
        for name in ("id", "targetTypes", "properties"):
            if not (body if name == "id" else data).get(name):
                raise value_required(name, _RESOURCE)
        owner = self._owner(request, data)
        if sum(one.owner == owner for one in self._extensions.all()) >= _MOST_OWNED:
            raise refused(f"An application can own no more than {_MOST_OWNED} schema extensions.")
        definition = SchemaExtension(
            id=self._new_id(body["id"]),
            owner=owner,
            description=data.get("description"),
            target_types=_read_targets(data["targetTypes"]),
            properties=_read_properties(data["properties"]),
        )
        self._extensions.keep(definition)
        return self._answer(request, definition, 201)

    def change(self, request: GraphRequest) -> GraphResponse:
        """Adds to a definition, or takes it one state on; nothing can be taken away."""
        data = request.read_entity("schemaExtension")
        before = self._find(request)
        self._check_owner(request, before, data)
        if before.status == "Deprecated":
            raise refused("A deprecated schema extension cannot be changed.")
        after = replace(
            before,
            description=data.get("description", before.description),
            status=data.get("status") or before.status,
            target_types=_read_targets(data.get("targetTypes") or before.target_types),
            properties=_read_properties(data.get("properties") or before.properties),
        )
        if after.status not in (before.status, _FOLLOWS[before.status]):
            raise invalid_value("status", _RESOURCE)
        if not set(before.target_types) <= set(after.target_types):
            raise refused("Target types cannot be taken from a schema extension.")
        if any(one not in after.properties for one in before.properties):
            raise refused("Properties of a schema extension can only be added.")
        self._extensions.keep(after)
        return no_content()

    def delete(self, request: GraphRequest) -> GraphResponse:
        definition = self._find(request)
        self._check_owner(request, definition, {})
        if definition.status != "InDevelopment":
            raise refused("Only a schema extension that is in development can be deleted.")
        self._extensions.remove(definition.id)
        return no_content()

    def _find(self, request: GraphRequest) -> SchemaExtension:
        found = self._extensions.find(request.keys["schema"])
        if found is None:
            raise resource_not_found(request.keys["schema"])
        return found

    def _owner(self, request: GraphRequest, data: Record) -> str:
        """Whose a new definition is: the caller's, or that of an application of the tenant."""
        owner: str = data.get("owner") or request.caller.app_id
        known = {one.app_id for one in self._tenant.app_registrations}
        if owner != request.caller.app_id and owner not in known:
            raise denied("")
        return owner

    def _check_owner(
        self, request: GraphRequest, definition: SchemaExtension, data: Record
    ) -> None:
        """Only the owner may write; another application names it, as Graph Explorer has to."""
        named = data.get("owner")
        if named not in (None, definition.owner):
            raise invalid_value("owner", _RESOURCE)
        known = {one.app_id for one in self._tenant.app_registrations}
        if definition.owner != request.caller.app_id and (named is None or named not in known):
            raise denied("")

    def _new_id(self, given: Any) -> str:
        """`{domain}_{name}` of a domain of the tenant; else a name that gets a prefix."""
        if not isinstance(given, str) or not _NAME.fullmatch(given):
            raise invalid_value("id", _RESOURCE)
        prefix, underscore, name = given.partition("_")
        if underscore and (prefix != self._tenant.domain.partition(".")[0] or not name):
            raise invalid_value("id", _RESOURCE)
        if underscore and given in self._extensions:
            raise already_exists("id")
        letters = string.ascii_lowercase + string.digits
        chosen = "".join(secrets.choice(letters) for _ in range(8))
        return given if underscore else f"ext{chosen}_{given}"

    @staticmethod
    def _answer(
        request: GraphRequest, definition: SchemaExtension, status: int = 200
    ) -> GraphResponse:
        return answer_entity(request, _VIEW, _show(definition), "schemaExtensions", status=status)


def _read_targets(given: list[Any]) -> list[str]:
    known = {name.lower(): name for name in TARGETS}
    targets = list(dict.fromkeys(known.get(str(one).lower(), "") for one in given))
    if "" in targets:
        raise invalid_value("targetTypes", _RESOURCE)
    return targets


def _read_properties(given: list[Any]) -> list[dict[str, str]]:
    properties = [{"name": one.get("name"), "type": one.get("type")} for one in given]
    names = {str(one["name"]).lower() for one in properties}
    valid = all(
        isinstance(one["name"], str) and _NAME.fullmatch(one["name"]) and one["type"] in TYPES
        for one in properties
    )
    if not valid or len(names) != len(properties) or len(properties) > _MOST_PROPERTIES:
        raise invalid_value("properties", _RESOURCE)
    return properties


def _show(definition: SchemaExtension) -> Record:
    return {
        "id": definition.id,
        "description": definition.description,
        "targetTypes": definition.target_types,
        "status": definition.status,
        "owner": definition.owner,
        "properties": definition.properties,
    }
