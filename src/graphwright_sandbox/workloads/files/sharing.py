"""Sharing: links, invitations, who may do what with an item, and items found by a link."""

import base64
import uuid
from datetime import datetime
from typing import Any

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_entity,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.sharepoint.access import Level
from graphwright_sandbox.sharepoint.document_library import Library
from graphwright_sandbox.sharepoint.errors import invalid_request, item_not_found
from graphwright_sandbox.sharepoint.identities import person_identity
from graphwright_sandbox.sharepoint.models import Grant, Identity, Item, Site, derive_guid
from graphwright_sandbox.sharepoint.shapes import item_url, owner_of, reference_to
from graphwright_sandbox.sharepoint.store import SharePoint
from graphwright_sandbox.tenant import Caller
from graphwright_sandbox.workloads.files.entities import PERMISSION, SHARED_ITEM
from graphwright_sandbox.workloads.files.items import Items, items_path
from graphwright_sandbox.workloads.files.places import Places, instant_of

_LIMITS = Limits(default=200, maximum=1000, opaque=True)
_PERMISSION_VIEW = View(PERMISSION, facets=True)
_SHARED_VIEW = View(SHARED_ITEM, facets=True)
_LINK_ROLES = {"view": "read", "edit": "write"}
_SCOPES = ("anonymous", "organization", "users")
_ROLES = ("read", "write", "owner")


class Sharing:
    """Requests about who else may see and change an item."""

    def __init__(self, places: Places, items: Items) -> None:
        self._places = places
        self._items = items

    def create_link(self, request: GraphRequest) -> GraphResponse:
        given = request.read_parameters(
            "type", "scope", "password", "expirationDateTime", "retainInheritedPermissions"
        )
        kind, scope = given.get("type"), given.get("scope") or "organization"
        if kind not in _LINK_ROLES:
            raise invalid_request(f"The type of the sharing link is not valid: '{str(kind)[:50]}'.")
        if scope not in _SCOPES:
            raise invalid_request(f"The scope of the sharing link is not valid: '{scope}'.")
        if scope != "anonymous" and given.get("password"):
            raise invalid_request("Only an anonymous link can have a password.")
        expires = _expiry(request, given.get("expirationdatetime"))
        library, item = self._places.item(request, Level.WRITE)
        for grant in item.grants:
            if (grant.link_type, grant.link_scope, grant.expires) == (kind, scope, expires):
                return self._show(request, library, item, grant)
        grant = Grant(
            id=str(uuid.uuid4()),
            roles=[_LINK_ROLES[kind]],
            granted=[],
            by=library.actor,
            since=request.now,
            link_type=kind,
            link_scope=scope,
            password=bool(given.get("password")),
            expires=expires,
        )
        item.grants.append(grant)
        library.touch(item)
        return self._show(request, library, item, grant, 201)

    def invite(self, request: GraphRequest) -> GraphResponse:
        given = request.read_parameters(
            *("recipients", "roles", "requireSignIn", "sendInvitation", "message"),
            *("expirationDateTime", "password", "retainInheritedPermissions"),
        )
        roles, recipients = given.get("roles"), given.get("recipients")
        if not isinstance(recipients, list) or not recipients:
            raise invalid_request("At least one recipient is needed.")
        if not isinstance(roles, list) or not roles or any(one not in _ROLES for one in roles):
            raise invalid_request("The roles need to be read, write or owner.")
        expires = _expiry(request, given.get("expirationdatetime"))
        library, item = self._places.item(request, Level.WRITE)
        people = [self._recipient(one) for one in recipients]
        records = []
        for person in people:
            grant = Grant(
                id=str(uuid.uuid4()),
                roles=list(roles),
                granted=[person],
                by=library.actor,
                since=request.now,
                expires=expires,
            )
            item.grants = [
                one for one in item.grants if one.link_type or one.granted != [person]
            ] + [grant]
            records.append(_show_grant(library, item, grant))
        library.touch(item)
        path = f"{items_path(library)}('{item.id}')/permissions"
        return answer_collection(request, _PERMISSION_VIEW, records, path, _LIMITS)

    def _recipient(self, value: Any) -> Identity:
        given = value if isinstance(value, dict) else {}
        name = given.get("objectId") or given.get("email") or given.get("alias")
        person = self._places.store.context.find_person(name) if isinstance(name, str) else None
        if person is None:
            raise invalid_request("One or more users could not be resolved.")
        return person_identity(person)

    def list_permissions(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request)
        path = f"{items_path(library)}('{item.id}')/permissions"
        records = self._permissions(library, item)
        return answer_collection(request, _PERMISSION_VIEW, records, path, _LIMITS)

    def expand(self, request: GraphRequest, record: Record, options: QueryOptions) -> list[Record]:
        """The permissions of an item that is shown with them."""
        library, item = self._places.shown(request, record)
        permissions = self._permissions(library, item)
        return project_all(request, _PERMISSION_VIEW, permissions, options)

    def _permissions(self, library: Library, item: Item) -> list[Record]:
        own = [_show_grant(library, item, grant) for grant in item.grants]
        inherited = [
            {
                **_show_grant(library, folder, grant),
                "inheritedFrom": reference_to(library.site, library.data, folder),
            }
            for folder in library.data.ancestors(item)
            for grant in folder.grants
        ]
        return [_show_owner(library), *own, *inherited]

    def get_permission(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request)
        for record in self._permissions(library, item):
            if record["id"] == request.keys["permission"]:
                path = f"{items_path(library)}('{item.id}')/permissions"
                return answer_entity(request, _PERMISSION_VIEW, record, path)
        raise item_not_found()

    def change_permission(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("permission")
        library, item, grant = self._grant(request)
        roles = data.get("roles")
        if grant.link_type is not None or not roles or any(one not in _ROLES for one in roles):
            raise invalid_request("Only the roles of a person can be changed.")
        grant.roles = roles
        library.touch(item)
        return self._show(request, library, item, grant)

    def remove_permission(self, request: GraphRequest) -> GraphResponse:
        library, item, grant = self._grant(request)
        item.grants.remove(grant)
        library.touch(item)
        return no_content()

    def _grant(self, request: GraphRequest) -> tuple[Library, Item, Grant]:
        library, item = self._places.item(request, Level.WRITE)
        wanted = request.keys["permission"]
        for grant in item.grants:
            if grant.id == wanted:
                return library, item, grant
        if any(one["id"] == wanted for one in self._permissions(library, item)):
            raise invalid_request("An inherited permission cannot be changed here.")
        raise item_not_found()

    def _show(
        self,
        request: GraphRequest,
        library: Library,
        item: Item,
        grant: Grant,
        status: int = 200,
    ) -> GraphResponse:
        path = f"{items_path(library)}('{item.id}')/permissions"
        record = _show_grant(library, item, grant)
        return answer_entity(request, _PERMISSION_VIEW, record, path, status=status)

    def get_shared(self, request: GraphRequest) -> GraphResponse:
        """What a sharing link leads to, and whose it is."""
        store = self._places.store
        drive, identifier = find_shared(store, request.keys["share"], request.caller)
        library = self._places.open_library(request, drive)
        item = library.find(identifier)
        self._places.check(request, library, item, Level.READ)
        record = {
            "id": request.keys["share"],
            "name": item.name,
            "owner": owner_of(library.site, library.data),
            "webUrl": item_url(library.site, library.data, item),
        }
        return answer_entity(request, _SHARED_VIEW, record, "shares")


def _expiry(request: GraphRequest, text: Any) -> datetime | None:
    if text is None:
        return None
    moment = instant_of(text)
    if moment <= request.now:
        raise invalid_request("The expiration lies in the past.")
    return moment


def _link_url(site: Site, item: Item, grant: Grant) -> str:
    letter = "f" if item.folder else "u"
    token = base64.urlsafe_b64encode(uuid.UUID(grant.id).bytes).decode().rstrip("=")
    return f"https://{site.host}/:{letter}:/g{site.path}/{token}"


def encode_share(url: str) -> str:
    """The id of a share, made of its URL as clients make it."""
    return "u!" + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def _show_grant(library: Library, item: Item, grant: Grant) -> Record:
    url = _link_url(library.site, item, grant)
    record: Record = {"id": grant.id, "roles": grant.roles, "shareId": encode_share(url)}
    if grant.expires is not None:
        record["expirationDateTime"] = format_instant(grant.expires)
    if grant.link_type is not None:
        record |= {
            "hasPassword": grant.password,
            "grantedToIdentitiesV2": grant.granted,
            "grantedToIdentities": grant.granted,
            "link": {
                "scope": grant.link_scope,
                "type": grant.link_type,
                "webUrl": url,
                "preventsDownload": False,
            },
        }
    else:
        [person] = grant.granted
        record |= {"grantedToV2": person, "grantedTo": person}
    return record


def _show_owner(library: Library) -> Record:
    owner = owner_of(library.site, library.data)
    record: Record = {
        "id": base64.urlsafe_b64encode(derive_guid("owner", library.data.drive).encode()).decode(),
        "roles": ["owner"],
        "grantedToV2": owner,
    }
    if "user" in owner:
        record["grantedTo"] = owner
    return record


def find_shared(store: SharePoint, share: str, caller: Caller) -> tuple[str, str]:
    """Drive and item of a share; who uses a link to which they are let gets what it gives."""
    try:
        encoded = share.removeprefix("u!")
        url = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except ValueError:
        url = ""
    if not share.startswith("u!") or not url.startswith("https://"):
        raise GraphError(400, "invalidRequest", "The sharing URL is not encoded as it should be.")
    for site, data in store.libraries():
        for item in data.items.values():
            if item_url(site, data, item) == url:
                return data.drive or "", item.id
            for grant in item.grants:
                if grant.link_type and _link_url(site, item, grant) == url:
                    _redeem(store, grant, caller)
                    return data.drive or "", item.id
    raise item_not_found("The sharing link no longer exists.")


def _redeem(store: SharePoint, grant: Grant, caller: Caller) -> None:
    person = store.context.find_person(caller.user_id) if caller.user_id else None
    if person is None or grant.link_scope == "users" or grant.password:
        return
    identity = person_identity(person)
    if identity not in grant.granted:
        grant.granted.append(identity)
