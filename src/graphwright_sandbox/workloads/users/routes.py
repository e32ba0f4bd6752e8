"""The operations of the users workload."""

from typing import Any

from graphwright_sandbox.graph.delta import READ_DELTA
from graphwright_sandbox.graph.member_groups import check_group_ids, list_group_ids
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, GraphResponse
from graphwright_sandbox.graph.routing import NO_OPTIONS, READ_MANY, READ_ONE, Operation
from graphwright_sandbox.workloads.users.accounts import Accounts
from graphwright_sandbox.workloads.users.memberships import Memberships
from graphwright_sandbox.workloads.users.pictures import Pictures
from graphwright_sandbox.workloads.users.relevance import Relevance
from graphwright_sandbox.workloads.users.settings import Settings
from graphwright_sandbox.workloads.users.users import Users
from graphwright_sandbox.workloads.users.writes import UserWrites

_MANY = READ_MANY | {"search"}
_COUNTING = frozenset({"filter", "search"})


def create_operations(context: GraphContext) -> list[Operation]:
    writes = UserWrites(context)
    return [
        *_profiles(context, writes),
        *_memberships(context),
        *_photos(context),
        *_accounts(context, writes),
        *_mailboxes(context, writes),
    ]


def _operation(
    method: str, path: str, handle: Any, options: frozenset[str] = NO_OPTIONS
) -> Operation:
    return Operation(method, path, handle, "directory", options)


def _profiles(context: GraphContext, writes: UserWrites) -> list[Operation]:
    users = Users(context, writes)
    user = "/users/{user}"
    return [
        _operation("GET", "/users", users.list_users, _MANY),
        _operation("POST", "/users", users.create_user),
        _operation("GET", "/users/$count", users.count_users, _COUNTING),
        _operation("GET", "/users/delta", users.list_changes, READ_DELTA - {"orderby", "expand"}),
        _operation("GET", user, users.get_user, READ_ONE | {"count"}),
        _operation("PATCH", user, users.update_user),
        _operation("DELETE", user, users.delete_user),
        *users.extensions.operations(user),
        _operation("GET", f"{user}/manager", users.get_manager, READ_ONE),
        _operation("GET", f"{user}/manager/$ref", users.get_manager_reference),
        _operation("PUT", f"{user}/manager/$ref", users.set_manager),
        _operation("DELETE", f"{user}/manager/$ref", users.remove_manager),
        _operation("GET", f"{user}/directReports", users.list_reports, _MANY),
        _operation("GET", f"{user}/directReports/$count", users.count_reports, _COUNTING),
    ]


def _memberships(context: GraphContext) -> list[Operation]:
    memberships = Memberships(context)
    groups = context.tenant.groups

    def list_ids(request: GraphRequest) -> GraphResponse:
        return list_group_ids(request, groups, request.person.id)

    def check_groups(request: GraphRequest) -> GraphResponse:
        return check_group_ids(request, groups, request.person.id, "groupIds")

    def check_objects(request: GraphRequest) -> GraphResponse:
        return check_group_ids(request, groups, request.person.id, "ids")

    user, cast = "/users/{user}", "microsoft.graph.group"
    direct, transitive = f"{user}/memberOf", f"{user}/transitiveMemberOf"
    return [
        _operation("GET", direct, memberships.list_direct, _MANY),
        _operation("GET", f"{direct}/$count", memberships.count_direct, _COUNTING),
        _operation("GET", f"{direct}/{cast}", memberships.list_direct, _MANY),
        _operation("GET", transitive, memberships.list_transitive, _MANY),
        _operation("GET", f"{transitive}/$count", memberships.count_transitive, _COUNTING),
        _operation("GET", f"{transitive}/{cast}", memberships.list_transitive, _MANY),
        _operation("GET", f"{user}/ownedObjects", memberships.list_owned, _MANY),
        _operation("GET", f"{user}/ownedObjects/{cast}", memberships.list_owned, _MANY),
        _operation("POST", f"{user}/getMemberGroups", list_ids),
        _operation("POST", f"{user}/getMemberObjects", list_ids),
        _operation("POST", f"{user}/checkMemberGroups", check_groups),
        _operation("POST", f"{user}/checkMemberObjects", check_objects),
    ]


def _photos(context: GraphContext) -> list[Operation]:
    pictures = Pictures(context)
    photo, photos = "/users/{user}/photo", "/users/{user}/photos"
    return [
        _operation("GET", photo, pictures.show, READ_ONE),
        _operation("DELETE", photo, pictures.delete),
        _operation("GET", f"{photo}/$value", pictures.download),
        _operation("PUT", f"{photo}/$value", pictures.upload),
        _operation("PATCH", f"{photo}/$value", pictures.upload),
        _operation("GET", photos, pictures.list_sizes, READ_ONE),
        _operation("GET", f"{photos}/{{size}}", pictures.show, READ_ONE),
        _operation("GET", f"{photos}/{{size}}/$value", pictures.download),
    ]


def _accounts(context: GraphContext, writes: UserWrites) -> list[Operation]:
    accounts = Accounts(context, writes)
    user = "/users/{user}"
    return [
        _operation("POST", f"{user}/changePassword", accounts.change_password),
        _operation("POST", f"{user}/revokeSignInSessions", accounts.revoke_sessions),
        _operation("POST", f"{user}/assignLicense", accounts.assign_license),
        _operation("GET", f"{user}/licenseDetails", accounts.list_licenses, READ_MANY),
        _operation("GET", f"{user}/licenseDetails/{{license}}", accounts.get_license, READ_ONE),
    ]


def _mailboxes(context: GraphContext, writes: UserWrites) -> list[Operation]:
    settings = Settings(context, writes)
    relevance = Relevance(context)
    base = "/users/{user}/mailboxSettings"
    return [
        Operation("GET", base, settings.show, "outlook", READ_ONE),
        Operation("PATCH", base, settings.update, "outlook"),
        Operation("GET", f"{base}/{{setting}}", settings.show_one, "outlook", READ_ONE),
        Operation("GET", "/users/{user}/people", relevance.list_people, "outlook", _MANY),
    ]
