"""Sites: found by search and path, followed, and opened to applications."""

import uuid

from graphwright_sandbox.graph.errors import bad_request
from graphwright_sandbox.graph.presentation import (
    View,
    answer_collection,
    answer_entity,
    project,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.sharepoint.access import Level
from graphwright_sandbox.sharepoint.document_library import Library
from graphwright_sandbox.sharepoint.errors import access_denied, invalid_request, item_not_found
from graphwright_sandbox.sharepoint.models import Grant, Site
from graphwright_sandbox.sharepoint.shapes import show_drive
from graphwright_sandbox.workloads.sites.entities import DRIVE, LIST, PERMISSION, SITE
from graphwright_sandbox.workloads.sites.places import (
    LIMITS,
    Places,
    show_list,
    show_site,
    site_path,
)

_DRIVE_VIEW = View(DRIVE, on_demand=frozenset({"sharePointIds"}))
_LIST_VIEW = View(LIST, facets=True, on_demand=frozenset({"sharepointIds", "system"}))
_PERMISSION_VIEW = View(PERMISSION, facets=True)
_ROLES = ("read", "write", "owner", "fullcontrol", "manage")


class Sites:
    """Requests about sites."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._store = places.store
        self._view = View(
            SITE,
            facets=True,
            on_demand=frozenset({"sharepointIds", "isPersonalSite"}),
            expanders={"lists": self._expand_lists, "drive": self._expand_drive},
        )

    def _visible(self, request: GraphRequest) -> list[Site]:
        access = self._store.access
        return [
            site
            for site in self._store.team_sites()
            if access.level(request.caller, site) >= Level.READ
        ]

    def search(self, request: GraphRequest) -> GraphResponse:
        """Sites by a word of their names and descriptions; `*` stands for all."""
        word = request.options.custom.get("search", "*").strip().strip('"').casefold()
        records = [
            show_site(site)
            for site in self._visible(request)
            if word in ("", "*") or word.strip("*") in _text_of(site)
        ]
        return answer_collection(request, self._view, records, "sites", LIMITS)

    def list_all(self, request: GraphRequest) -> GraphResponse:
        """Every site, for applications."""
        if request.caller.user_id is not None:
            raise access_denied()
        records = [show_site(site) for site in self._visible(request)]
        return answer_collection(request, self._view, records, "sites", LIMITS)

    def get(self, request: GraphRequest) -> GraphResponse:
        record = show_site(self._places.site(request))
        return answer_entity(request, self._view, record, "sites")

    def list_below(self, request: GraphRequest) -> GraphResponse:
        site = self._places.site(request)
        below = [self._store.archive()] if site is self._store.root() else []
        records = [show_site(one) for one in below]
        path = f"{site_path(site)}/sites"
        return answer_collection(request, self._view, records, path, LIMITS)

    def _expand_lists(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        site = self._store.find_site(record["id"])
        lists = [show_list(site, one) for one in site.lists.values() if not one.hidden]
        return project_all(request, _LIST_VIEW, lists, options)

    def _expand_drive(self, request: GraphRequest, record: Record, options: QueryOptions) -> Record:
        site = self._store.find_site(record["id"])
        actor = self._store.actor(request.caller)
        library = Library(self._store, site, site.documents, actor, request.now)
        return project(request, _DRIVE_VIEW, show_drive(library), options)

    def list_followed(self, request: GraphRequest) -> GraphResponse:
        records = [show_site(site) for site in self._store.followed_by(request.person)]
        return answer_collection(request, self._view, records, "sites", LIMITS)

    def follow(self, request: GraphRequest) -> GraphResponse:
        sites = self._named(request)
        followed = [one.id for one in self._store.followed_by(request.person)]
        added = [one.id for one in sites if one.id not in followed]
        self._store.followed[request.person.id] = [*followed, *added]
        return GraphResponse(
            200,
            {
                "@odata.context": request.context("Collection(site)"),
                "value": [project(request, self._view, show_site(site)) for site in sites],
            },
        )

    def unfollow(self, request: GraphRequest) -> GraphResponse:
        gone = {site.id for site in self._named(request)}
        kept = [one.id for one in self._store.followed_by(request.person) if one.id not in gone]
        self._store.followed[request.person.id] = kept
        return no_content()

    def _named(self, request: GraphRequest) -> list[Site]:
        """The sites of a body `{"value": [{"id"}]}`."""
        given = request.read_parameters("value").get("value")
        if not isinstance(given, list) or not given:
            raise invalid_request("The sites are missing.")
        found = []
        for one in given:
            identifier = one.get("id") if isinstance(one, dict) else None
            if not isinstance(identifier, str) or not identifier:
                raise invalid_request("A site needs an id.")
            site = self._store.find_site(identifier)
            self._store.access.check(request.caller, site, Level.READ)
            found.append(site)
        return found

    def list_permissions(self, request: GraphRequest) -> GraphResponse:
        site = self._places.site(request, Level.OWN)
        records = [_show_grant(grant) for grant in site.grants]
        path = f"{site_path(site)}/permissions"
        return answer_collection(request, _PERMISSION_VIEW, records, path, LIMITS)

    def get_permission(self, request: GraphRequest) -> GraphResponse:
        site, grant = self._grant(request)
        return self._show_permission(request, site, grant)

    def add_permission(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("permission")
        site = self._places.site(request, Level.OWN)
        given = data.get("grantedToIdentities") or data.get("grantedToIdentitiesV2") or []
        applications = [one.get("application") or {} for one in given]
        if len(applications) != 1 or not applications[0].get("id"):
            raise invalid_request("A permission of a site is for one application.")
        grant = Grant(
            id=str(uuid.uuid4()),
            roles=_check_roles(data.get("roles")),
            granted=[{"application": applications[0]}],
            by=self._store.actor(request.caller),
            since=request.now,
        )
        site.grants.append(grant)
        return self._show_permission(request, site, grant, 201)

    def change_permission(self, request: GraphRequest) -> GraphResponse:
        roles = _check_roles(request.read_entity("permission").get("roles"))
        site, grant = self._grant(request)
        grant.roles = roles
        return self._show_permission(request, site, grant)

    def remove_permission(self, request: GraphRequest) -> GraphResponse:
        site, grant = self._grant(request)
        site.grants.remove(grant)
        return no_content()

    def _grant(self, request: GraphRequest) -> tuple[Site, Grant]:
        site = self._places.site(request, Level.OWN)
        for grant in site.grants:
            if grant.id == request.keys["permission"]:
                return site, grant
        raise item_not_found()

    @staticmethod
    def _show_permission(
        request: GraphRequest, site: Site, grant: Grant, status: int = 200
    ) -> GraphResponse:
        path = f"{site_path(site)}/permissions"
        return answer_entity(request, _PERMISSION_VIEW, _show_grant(grant), path, status=status)


def _check_roles(roles: object) -> list[str]:
    if not isinstance(roles, list) or not roles or any(one not in _ROLES for one in roles):
        raise bad_request(
            "The roles need to be read, write, manage or fullcontrol.", "invalidRequest"
        )
    return roles


def _show_grant(grant: Grant) -> Record:
    return {
        "id": grant.id,
        "roles": grant.roles,
        "grantedToIdentitiesV2": grant.granted,
        "grantedToIdentities": grant.granted,
    }


def _text_of(site: Site) -> str:
    return f"{site.name} {site.display_name} {site.description}".casefold()
