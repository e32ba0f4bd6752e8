"""The operations of the groups workload."""

from typing import Any

from graphwright_sandbox.graph.delta import READ_DELTA
from graphwright_sandbox.graph.photos import Photos
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, GraphResponse
from graphwright_sandbox.graph.routing import NO_OPTIONS, READ_MANY, READ_ONE, Operation
from graphwright_sandbox.workloads.groups.groups import GroupService
from graphwright_sandbox.workloads.groups.members import Members
from graphwright_sandbox.workloads.groups.writes import GroupWrites

_MANY = READ_MANY | {"search"}
_COUNTING = frozenset({"filter", "search"})
_GROUP = "/groups/{group}"


def create_operations(context: GraphContext) -> list[Operation]:
    writes = GroupWrites(context)
    members = Members(context, writes)
    groups = GroupService(context, writes, members)
    return [
        _operation("GET", "/groups", groups.list_groups, _MANY),
        _operation("POST", "/groups", groups.create_group),
        _operation("GET", "/groups/$count", groups.count_groups, _COUNTING),
        _operation("GET", "/groups/delta", groups.list_changes, READ_DELTA - {"orderby", "expand"}),
        _operation("GET", _GROUP, groups.get_group, READ_ONE),
        _operation("PATCH", _GROUP, groups.update_group),
        _operation("DELETE", _GROUP, groups.delete_group),
        _operation("POST", f"{_GROUP}/renew", groups.renew_group),
        _operation("POST", f"{_GROUP}/addFavorite", groups.add_favorite),
        _operation("POST", f"{_GROUP}/removeFavorite", groups.remove_favorite),
        *groups.extensions.operations(_GROUP),
        *_relations(members),
        *_photos(context, groups),
    ]


def _operation(
    method: str, path: str, handle: Any, options: frozenset[str] = NO_OPTIONS
) -> Operation:
    return Operation(method, path, handle, "directory", options)


def _relations(members: Members) -> list[Operation]:
    user, group = "microsoft.graph.user", "microsoft.graph.group"
    casts = {
        "members": (user, group),
        "transitiveMembers": (user, group),
        "owners": (user,),
        "memberOf": (group,),
        "transitiveMemberOf": (group,),
    }
    found = []
    for relation, types in casts.items():
        path = f"{_GROUP}/{relation}"
        listed, counted = members.lister(relation), members.counter(relation)
        for base in (path, *(f"{path}/{cast}" for cast in types)):
            found.append(_operation("GET", base, listed, _MANY))
            found.append(_operation("GET", f"{base}/$count", counted, _COUNTING))
    for place in ("members", "owners"):
        path = f"{_GROUP}/{place}"
        found += [
            _operation("GET", f"{path}/$ref", members.references(place)),
            _operation("POST", f"{path}/$ref", members.joiner(place)),
            _operation("DELETE", f"{path}/{{member}}/$ref", members.leaver(place)),
        ]
    return [
        *found,
        _operation("POST", f"{_GROUP}/getMemberGroups", members.list_ids),
        _operation("POST", f"{_GROUP}/getMemberObjects", members.list_ids),
        _operation("POST", f"{_GROUP}/checkMemberGroups", members.check_groups),
        _operation("POST", f"{_GROUP}/checkMemberObjects", members.check_objects),
    ]


def _photos(context: GraphContext, groups: GroupService) -> list[Operation]:
    # Microsoft 365 groups have a picture made for them until somebody uploads one.
    photos = Photos(lambda group_id: group_id in context.tenant.groups and _unified(group_id))

    def _unified(group_id: str) -> bool:
        return context.tenant.groups.get(group_id).unified

    context.state.add("groupPhotos", photos.dump, photos.load)

    def show(request: GraphRequest) -> GraphResponse:
        group = groups.find(request)
        return photos.show(request, group.id, f"groups('{group.id}')/photo")

    def show_all(request: GraphRequest) -> GraphResponse:
        group = groups.find(request)
        return photos.list(request, group.id, f"groups('{group.id}')/photos")

    def download(request: GraphRequest) -> GraphResponse:
        return photos.download(request, groups.find(request).id)

    def upload(request: GraphRequest) -> GraphResponse:
        return photos.upload(request, groups.find(request).id)

    def delete(request: GraphRequest) -> GraphResponse:
        return photos.delete(groups.find(request).id)

    photo, sizes = f"{_GROUP}/photo", f"{_GROUP}/photos"
    return [
        _operation("GET", photo, show, READ_ONE),
        _operation("DELETE", photo, delete),
        _operation("GET", f"{photo}/$value", download),
        _operation("PUT", f"{photo}/$value", upload),
        _operation("PATCH", f"{photo}/$value", upload),
        _operation("GET", sizes, show_all, READ_ONE),
        _operation("GET", f"{sizes}/{{size}}", show, READ_ONE),
        _operation("GET", f"{sizes}/{{size}}/$value", download),
    ]
