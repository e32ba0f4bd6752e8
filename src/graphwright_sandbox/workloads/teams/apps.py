"""Requests about the apps of a team or chat and the tabs of a channel. They are only read here."""

import base64
import uuid
from collections.abc import Callable

from graphwright_sandbox.graph.edm import StructuredType
from graphwright_sandbox.graph.presentation import (
    Expander,
    Limits,
    View,
    answer_collection,
    answer_entity,
    project,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record
from graphwright_sandbox.workloads.teams.entities import APP, APP_DEFINITION, APP_INSTALLATION, TAB
from graphwright_sandbox.workloads.teams.errors import not_found
from graphwright_sandbox.workloads.teams.members import counted

_LIMITS = Limits(default=100, maximum=999, opaque=True, code="BadRequest")
_CATALOG = {
    "com.microsoft.teamspace.tab.web": ("Website", "1.0"),
    "com.microsoft.teamspace.tab.planner": ("Tasks by Planner and To Do", "1.0"),
    "0d820ecd-def2-4297-adad-78056cde7c78": ("OneNote", "1.0.1"),
}
_WEBSITE = "com.microsoft.teamspace.tab.web"


class AppService:
    """The apps of the rooms whose path `locate` finds, for callers who may see them."""

    def __init__(self, locate: Callable[[GraphRequest], str], domain: str) -> None:
        self._locate = locate
        self._domain = domain
        self._apps = View(
            APP_INSTALLATION,
            always=("id",),
            on_demand=frozenset({"teamsApp", "teamsAppDefinition"}),
            expanders={
                "teamsApp": _expander(APP, "teamsApp"),
                "teamsAppDefinition": _expander(APP_DEFINITION, "teamsAppDefinition"),
            },
        )
        self._tabs = View(
            TAB,
            always=("id",),
            on_demand=frozenset({"teamsApp"}),
            expanders={"teamsApp": _expander(APP, "teamsApp")},
        )

    def list_apps(self, request: GraphRequest) -> GraphResponse:
        room = self._locate(request)
        shown = [_installation(room, app) for app in _CATALOG]
        return counted(
            answer_collection(request, self._apps, shown, f"{room}/installedApps", _LIMITS)
        )

    def get_app(self, request: GraphRequest) -> GraphResponse:
        room = self._locate(request)
        for app in _CATALOG:
            shown = _installation(room, app)
            if shown["id"] == request.keys["installation"]:
                return answer_entity(request, self._apps, shown, f"{room}/installedApps")
        raise not_found()

    def list_tabs(self, request: GraphRequest) -> GraphResponse:
        room = self._locate(request)
        shown = [self._tab(room)]
        return counted(answer_collection(request, self._tabs, shown, f"{room}/tabs", _LIMITS))

    def get_tab(self, request: GraphRequest) -> GraphResponse:
        room = self._locate(request)
        tab = self._tab(room)
        if tab["id"] != request.keys["tab"]:
            raise not_found()
        return answer_entity(request, self._tabs, tab, f"{room}/tabs")

    def _tab(self, room: str) -> Record:
        """Every room shows the company's atlas."""
        identifier = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{room}/tabs"))
        url = f"https://{self._domain}/atlas"
        return {
            "id": identifier,
            "displayName": "Atlas",
            "webUrl": f"https://teams.microsoft.com/l/entity/{_WEBSITE}/{identifier}",
            "configuration": {
                "entityId": None,
                "contentUrl": url,
                "removeUrl": None,
                "websiteUrl": url,
            },
            "teamsApp": _app(_WEBSITE),
        }


def _installation(room: str, app: str) -> Record:
    return {
        "id": base64.b64encode(f"{room}##{app}".encode()).decode(),
        "consentedPermissionSet": {"resourceSpecificPermissions": []},
        "teamsApp": _app(app),
        "teamsAppDefinition": _definition(app),
    }


def _app(app: str) -> Record:
    return {
        "id": app,
        "externalId": None,
        "displayName": _CATALOG[app][0],
        "distributionMethod": "store",
    }


def _definition(app: str) -> Record:
    name, version = _CATALOG[app]
    return {
        "id": base64.b64encode(f"{app}##{version}".encode()).decode(),
        "teamsAppId": app,
        "displayName": name,
        "version": version,
        "publishingState": "published",
        "shortDescription": name,
        "description": name,
        "lastModifiedDateTime": None,
        "createdBy": None,
        "authorization": None,
    }


def _expander(declared: StructuredType, name: str) -> Expander:
    def expand(request: GraphRequest, record: Record, options: QueryOptions) -> Record:
        return project(request, View(declared, always=("id",)), record[name], options)

    return expand
