"""Schema extensions: typed properties that applications add to users, groups and items of mailboxes.

Holds the definitions of one tenant, and the declared types with what they add. Knows no request
and no workload.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from graphwright_sandbox.graph.edm import Property, StructuredType
from graphwright_sandbox.graph.errors import bad_request

TARGETS = (
    "User",
    "Group",
    "AdministrativeUnit",
    "Contact",
    "Device",
    "Event",
    "Message",
    "Organization",
    "Post",
)
TYPES = {
    "Binary": "Edm.Binary",
    "Boolean": "Edm.Boolean",
    "DateTime": "Edm.DateTimeOffset",
    "Integer": "Edm.Int32",
    "String": "Edm.String",
}
_EXTENDED = {
    "user": {"User"},
    "group": {"Group"},
    "message": {"Message"},
    "event": {"Event"},
    "contact": {"Contact"},
    # Of a collection that holds both.
    "directoryObject": {"User", "Group"},
}
_VALUE = "ComplexExtensionValue"
_LONGEST = 256
_ABROAD = "0b7a4d52-6c1e-4f38-9a20-5d5c0e8f7b11"
"""The application of another tenant that owns what every tenant sees."""


@dataclass
class SchemaExtension:
    """A definition as it is kept."""

    id: str
    owner: str
    description: str | None
    target_types: list[str]
    properties: list[dict[str, str]]
    """`name` and `type` of each."""
    status: str = "InDevelopment"


def _seeded() -> list[SchemaExtension]:
    """What a developer elsewhere made available to all tenants."""
    properties = [{"name": name, "type": "String"} for name in ("id", "name", "type")]
    description = "Training courses of an independent software vendor"
    return [
        SchemaExtension(
            "adatumisv_courses", _ABROAD, description, ["Group"], properties, "Available"
        )
    ]


class SchemaExtensions:
    """The definitions that a tenant sees, by id."""

    def __init__(self) -> None:
        self._definitions = {one.id: one for one in _seeded()}
        self.removed: frozenset[str] = frozenset()
        """Deleted definitions: what is left of their values is seen no more."""
        self._types: dict[int, StructuredType] = {}

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._definitions

    def find(self, identifier: str) -> SchemaExtension | None:
        return self._definitions.get(identifier)

    def all(self) -> list[SchemaExtension]:
        return list(self._definitions.values())

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._definitions)

    def keep(self, definition: SchemaExtension) -> None:
        """A new definition, or one that was changed."""
        self._definitions[definition.id] = definition
        self.removed -= {definition.id}
        self._types.clear()

    def remove(self, identifier: str) -> None:
        del self._definitions[identifier]
        self.removed |= {identifier}
        self._types.clear()

    def extended(self, declared: StructuredType) -> StructuredType:
        """A declared type with the properties that extensions add to it."""
        targets = _EXTENDED.get(declared.name)
        if targets is None or declared.plain is not None:
            return declared
        known = self._types.get(id(declared))
        if known is None:
            known = self._types[id(declared)] = self._extend(declared, targets)
        return known

    def _extend(self, declared: StructuredType, targets: set[str]) -> StructuredType:
        added = {
            one.id: Property(one.id, _VALUE, structure=_structure(one))
            for one in self._definitions.values()
            if targets & set(one.target_types)
        }
        if not added:
            return declared
        return StructuredType(
            declared.name,
            declared.entity,
            declared,
            open=declared.open,
            dynamic=declared.dynamic,
            own=added,
            plain=declared,
        )

    def write(self, profile: dict[str, Any], name: str, given: Mapping[str, Any] | None) -> None:
        """Puts a body's value of an extension among the properties of an object.

        What it leaves out stays; null takes a value away, and with the last one the extension.
        """
        merged = {**(profile.get(name) or {}), **(given or {})}
        for key, value in merged.items():
            if isinstance(value, str) and len(value) > _LONGEST:
                raise bad_request(
                    f"The value of '{name}/{key}' is longer than {_LONGEST}.", "Request_BadRequest"
                )
        merged.pop("@odata.type", None)
        if given is None or all(value is None for value in merged.values()):
            profile.pop(name, None)
            return
        empty = {one["name"]: None for one in self._definitions[name].properties}
        profile[name] = {"@odata.type": f"#microsoft.graph.{_VALUE}", **empty, **merged}

    def take(self, data: dict[str, Any]) -> dict[str, Any]:
        """The values of extensions out of a checked body."""
        return {name: data.pop(name) for name in list(data) if name in self}

    def applied(self, present: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """The values that an object has after a body's values were written."""
        changed = dict(present)
        for name, value in given.items():
            self.write(changed, name, value)
        return changed

    def dump(self) -> Any:
        """All definitions as a JSON value."""
        definitions = [msgspec.to_builtins(one) for one in self._definitions.values()]
        return {"definitions": definitions, "removed": sorted(self.removed)}

    def load(self, value: Any) -> None:
        """Replaces everything by what `dump` gave."""
        loaded = msgspec.convert(value["definitions"], list[SchemaExtension])
        self.removed = frozenset(value["removed"])
        self._definitions = {one.id: one for one in loaded}
        self._types.clear()


def _structure(definition: SchemaExtension) -> StructuredType:
    """The type of a value of this extension."""
    own = {one["name"]: Property(one["name"], TYPES[one["type"]]) for one in definition.properties}
    return StructuredType(_VALUE, entity=False, own=own)
