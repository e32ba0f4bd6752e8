"""The operations of the directory workload."""

from typing import Any

from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.graph.routing import NO_OPTIONS, READ_MANY, READ_ONE, Operation
from graphwright_sandbox.workloads.directory.deleted import DeletedItems
from graphwright_sandbox.workloads.directory.objects import Objects
from graphwright_sandbox.workloads.directory.organization import Organization
from graphwright_sandbox.workloads.directory.schemas import Schemas

_MANY = READ_MANY | {"search"}
_COUNTING = frozenset({"filter", "search"})


def create_operations(context: GraphContext) -> list[Operation]:
    objects = Objects(context)
    deleted = DeletedItems(context)
    organization = Organization(context)
    schemas = Schemas(context)

    def operation(
        method: str, path: str, handle: Any, options: frozenset[str] = NO_OPTIONS
    ) -> Operation:
        return Operation(method, path, handle, "directory", options)

    one, bin_ = "/directoryObjects/{object}", "/directory/deletedItems"
    users, groups = f"{bin_}/microsoft.graph.user", f"{bin_}/microsoft.graph.group"
    return [
        operation("GET", one, objects.get, READ_ONE),
        operation("POST", f"{one}/getMemberGroups", objects.list_groups),
        operation("POST", f"{one}/getMemberObjects", objects.list_groups),
        operation("POST", f"{one}/checkMemberGroups", objects.check_groups),
        operation("POST", f"{one}/checkMemberObjects", objects.check_objects),
        operation("POST", "/directoryObjects/getByIds", objects.get_by_ids, frozenset({"select"})),
        operation("GET", users, deleted.list_users, _MANY),
        operation("GET", f"{users}/$count", deleted.count_users, _COUNTING),
        operation("GET", groups, deleted.list_groups, _MANY),
        operation("GET", f"{groups}/$count", deleted.count_groups, _COUNTING),
        operation("GET", f"{bin_}/{{object}}", deleted.get, READ_ONE),
        operation("DELETE", f"{bin_}/{{object}}", deleted.purge),
        operation("POST", f"{bin_}/{{object}}/restore", deleted.restore),
        operation("GET", "/organization", organization.list_organizations, READ_MANY),
        operation("GET", "/organization/{organization}", organization.get_organization, READ_ONE),
        operation("GET", "/domains", organization.list_domains, READ_MANY),
        operation("GET", "/domains/{domain}", organization.get_domain, READ_ONE),
        operation("GET", "/subscribedSkus", organization.list_skus, READ_MANY),
        operation("GET", "/subscribedSkus/{sku}", organization.get_sku, READ_ONE),
        operation("GET", "/schemaExtensions", schemas.list_definitions, READ_MANY),
        operation("POST", "/schemaExtensions", schemas.create),
        operation("GET", "/schemaExtensions/{schema}", schemas.get, READ_ONE),
        operation("PATCH", "/schemaExtensions/{schema}", schemas.change),
        operation("DELETE", "/schemaExtensions/{schema}", schemas.delete),
    ]
