"""`GET /$metadata` and the service document: what is declared and served, told as OData tells it.

Knows the declared types and the paths of the operations, and no workload.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

from graphwright_sandbox.graph.edm import SCHEMA, Property, Schema, StructuredType
from graphwright_sandbox.graph.routing import Operation

_EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
_EDM = "http://docs.oasis-open.org/odata/ns/edm"
_NAMESPACE = "microsoft.graph"
_IRREGULAR = {"shares": "sharedDriveItem"}


def entity_sets(operations: Iterable[Operation], schema: Schema = SCHEMA) -> dict[str, str]:
    """The entity type of every collection that stands at the root: `users` holds `user`."""
    keyed = sorted({root for root, rest in _roots(operations) if rest.startswith("{")})
    found = {name: _IRREGULAR.get(name, name.removesuffix("s")) for name in keyed}
    return {name: type_ for name, type_ in found.items() if _is_entity(type_, schema)}


def singletons(operations: Iterable[Operation], schema: Schema = SCHEMA) -> dict[str, str]:
    """The entity type of every single object at the root; `me` is a user."""
    operations = list(operations)
    sets = entity_sets(operations, schema)
    names = sorted({root for root, _ in _roots(operations)} - sets.keys())
    found = {name: name for name in names if _is_entity(name, schema)}
    return ({"me": "user"} if "users" in sets else {}) | found


def _roots(operations: Iterable[Operation]) -> Iterator[tuple[str, str]]:
    """The first segment of every path, and what follows it."""
    for operation in operations:
        root, _, rest = operation.path.strip("/").partition("/")
        yield root, rest


def service_document(root: str, operations: Iterable[Operation]) -> dict[str, Any]:
    """What `GET /v1.0` answers; `root` is its absolute URL."""
    operations = list(operations)
    sets = [
        {"name": name, "kind": "EntitySet", "url": name} for name in sorted(entity_sets(operations))
    ]
    single = [
        {"name": name, "kind": "Singleton", "url": name} for name in sorted(singletons(operations))
    ]
    return {"@odata.context": f"{root}/$metadata", "value": [*sets, *single]}


def write_metadata(operations: Iterable[Operation], schema: Schema = SCHEMA) -> bytes:
    """The CSDL document of all declared types and served entity sets."""
    operations = list(operations)
    ET.register_namespace("edmx", _EDMX)
    root = ET.Element(f"{{{_EDMX}}}Edmx", {"Version": "4.0"})
    services = ET.SubElement(root, f"{{{_EDMX}}}DataServices")
    # The default namespace as a plain attribute: ElementTree would invent a prefix for it.
    attributes = {"xmlns": _EDM, "Namespace": _NAMESPACE}
    parent = ET.SubElement(services, "Schema", attributes)
    for name in sorted(schema.enums):
        enum = ET.SubElement(parent, "EnumType", {"Name": name})
        for value, member in enumerate(schema.enums[name]):
            ET.SubElement(enum, "Member", {"Name": member, "Value": str(value)})
    for name in sorted(schema.structured):
        _write_type(parent, schema.structured[name])
    container = ET.SubElement(parent, "EntityContainer", {"Name": "GraphService"})
    for name, type_ in entity_sets(operations, schema).items():
        attributes = {"Name": name, "EntityType": _qualified(type_)}
        ET.SubElement(container, "EntitySet", attributes)
    for name, type_ in singletons(operations, schema).items():
        attributes = {"Name": name, "Type": _qualified(type_)}
        ET.SubElement(container, "Singleton", attributes)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _is_entity(name: str, schema: Schema) -> bool:
    return name in schema.structured and schema.structured[name].entity


def _write_type(parent: ET.Element, declared: StructuredType) -> None:
    attributes = {"Name": declared.name}
    if declared.base is not None:
        attributes["BaseType"] = _qualified(declared.base.name)
    if declared.open:
        attributes["OpenType"] = "true"
    kind = "EntityType" if declared.entity else "ComplexType"
    element = ET.SubElement(parent, kind, attributes)
    if declared.entity and declared.base is None:
        element.set("Abstract", "true")
        key = ET.SubElement(element, "Key")
        ET.SubElement(key, "PropertyRef", {"Name": "id"})
    for prop in declared.own.values():
        _write_property(element, "Property", prop)
    for navigation in declared.own_navigation.values():
        _write_property(element, "NavigationProperty", navigation)


def _write_property(parent: ET.Element, kind: str, prop: Property) -> None:
    type_ = _qualified(prop.type)
    attributes = {
        "Name": prop.name,
        "Type": f"Collection({type_})" if prop.collection else type_,
    }
    if not prop.nullable:
        attributes["Nullable"] = "false"
    ET.SubElement(parent, kind, attributes)


def _qualified(type_: str) -> str:
    return type_ if type_.startswith("Edm.") else f"{_NAMESPACE}.{type_}"
