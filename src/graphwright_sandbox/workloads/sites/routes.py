"""The operations of the sites workload, and the other paths to them."""

from graphwright_sandbox.graph.aliases import Alias, AliasRequest
from graphwright_sandbox.graph.delta import READ_DELTA
from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.sharepoint.errors import item_not_found
from graphwright_sandbox.sharepoint.store import SharePoint, create_sharepoint
from graphwright_sandbox.workloads.sites.items import ListItems
from graphwright_sandbox.workloads.sites.lists import Lists
from graphwright_sandbox.workloads.sites.page_routes import create_page_operations
from graphwright_sandbox.workloads.sites.pages import Pages
from graphwright_sandbox.workloads.sites.places import Places
from graphwright_sandbox.workloads.sites.sites import Sites

_SITE = "/sites/{site}"
_LIST = f"{_SITE}/lists/{{list}}"
_ITEM = f"{_LIST}/items/{{item}}"


def create_operations(context: GraphContext) -> list[Operation]:
    places = Places(context.shared(create_sharepoint))
    items = ListItems(places)
    return [
        *_of_sites(Sites(places)),
        *_of_lists(Lists(places, items)),
        *_of_items(items),
        *create_page_operations(Pages(places)),
    ]


def _of_sites(sites: Sites) -> list[Operation]:
    permission = f"{_SITE}/permissions/{{permission}}"
    followed = "/users/{user}/followedSites"
    return [
        Operation("GET", "/sites", sites.search, "files", READ_MANY),
        Operation("GET", "/sites/getAllSites", sites.list_all, "files", READ_MANY),
        Operation("GET", _SITE, sites.get, "files", READ_ONE),
        Operation("GET", f"{_SITE}/sites", sites.list_below, "files", READ_MANY),
        Operation("GET", f"{_SITE}/permissions", sites.list_permissions, "files", READ_MANY),
        Operation("POST", f"{_SITE}/permissions", sites.add_permission, "files"),
        Operation("GET", permission, sites.get_permission, "files", READ_ONE),
        Operation("PATCH", permission, sites.change_permission, "files"),
        Operation("DELETE", permission, sites.remove_permission, "files"),
        Operation("GET", followed, sites.list_followed, "files", READ_MANY),
        Operation("POST", f"{followed}/add", sites.follow, "files"),
        Operation("POST", f"{followed}/remove", sites.unfollow, "files"),
    ]


def _of_lists(lists: Lists) -> list[Operation]:
    column, kind = f"{_LIST}/columns/{{column}}", f"{_LIST}/contentTypes/{{contentType}}"
    return [
        Operation("GET", f"{_SITE}/lists", lists.list_lists, "files", READ_MANY),
        Operation("POST", f"{_SITE}/lists", lists.create, "files"),
        Operation("GET", _LIST, lists.get, "files", READ_ONE),
        Operation("PATCH", _LIST, lists.change, "files"),
        Operation("DELETE", _LIST, lists.remove, "files"),
        Operation("GET", f"{_LIST}/columns", lists.list_columns, "files", READ_MANY),
        Operation("POST", f"{_LIST}/columns", lists.create_column, "files"),
        Operation("GET", column, lists.get_column, "files", READ_ONE),
        Operation("PATCH", column, lists.change_column, "files"),
        Operation("DELETE", column, lists.remove_column, "files"),
        Operation("GET", f"{_LIST}/contentTypes", lists.list_content_types, "files", READ_MANY),
        Operation("GET", kind, lists.get_content_type, "files", READ_ONE),
        Operation("GET", f"{_SITE}/columns", lists.list_site_columns, "files", READ_MANY),
        Operation(
            "GET", f"{_SITE}/contentTypes", lists.list_site_content_types, "files", READ_MANY
        ),
    ]


def _of_items(items: ListItems) -> list[Operation]:
    version, delta = f"{_ITEM}/versions/{{version}}", f"{_LIST}/items/delta"
    return [
        Operation("GET", f"{_LIST}/items", items.list_items, "files", READ_MANY),
        Operation("POST", f"{_LIST}/items", items.create, "files"),
        Operation("GET", delta, items.delta, "files", READ_DELTA),
        Operation("GET", f"{delta}(token={{token}})", items.delta, "files", READ_DELTA),
        Operation("GET", _ITEM, items.get, "files", READ_ONE),
        Operation("PATCH", _ITEM, items.change, "files"),
        Operation("DELETE", _ITEM, items.remove, "files"),
        Operation("GET", f"{_ITEM}/fields", items.get_fields, "files", READ_ONE),
        Operation("PATCH", f"{_ITEM}/fields", items.change_fields, "files"),
        Operation("GET", f"{_ITEM}/versions", items.list_versions, "files", READ_MANY),
        Operation("GET", version, items.get_version, "files", READ_ONE),
        Operation("POST", f"{version}/restoreVersion", items.restore_version, "files"),
    ]


def create_aliases(context: GraphContext) -> list[Alias]:
    """Sites by their path, by their group, by the site above; lists and items by their drive."""
    ways = _Ways(context.shared(create_sharepoint))
    to_site = (
        ("/sites/{site}:/{path}:", ways.by_path),
        ("/sites/{site}/getByPath(path={path})", ways.by_path),
        ("/groups/{group}/sites/{site}", ways.of_group),
        ("/sites/{above}/sites/{site}", ways.below),
    )
    return [
        *(Alias(path, _SITE, resolve) for path, resolve in to_site),
        Alias("/drives/{drive}/list", _LIST, ways.of_drive),
        Alias("/drives/{drive}/items/{item}/listItem", _ITEM, ways.of_file),
    ]


class _Ways:
    """Resolves aliases. Whether the caller may see what is found is asked later."""

    def __init__(self, store: SharePoint) -> None:
        self._store = store

    def by_path(self, request: AliasRequest) -> dict[str, str]:
        host, path = request.keys["site"], request.keys["path"]
        return {"site": self._store.find_by_path(host, path).full_id}

    def of_group(self, request: AliasRequest) -> dict[str, str]:
        group = self._store.context.tenant.groups.find(request.keys["group"])
        if group is None:
            raise GraphError(404, "ResourceNotFound", "Resource could not be discovered.")
        site = self._store.of_group(group)
        if request.keys["site"].lower() not in ("root", site.full_id.lower()):
            raise item_not_found("Requested site could not be found")
        return {"site": site.full_id}

    def below(self, request: AliasRequest) -> dict[str, str]:
        self._store.find_site(request.keys["above"])
        return {"site": request.keys["site"]}

    def of_drive(self, request: AliasRequest) -> dict[str, str]:
        site, data = self._store.find_drive(request.keys["drive"])
        return {"site": site.full_id, "list": data.id}

    def of_file(self, request: AliasRequest) -> dict[str, str]:
        site, data = self._store.find_drive(request.keys["drive"])
        item = data.items.get(request.keys["item"].upper())
        if item is None or item.parent is None:
            raise item_not_found()
        return {"site": site.full_id, "list": data.id, "item": str(item.number)}
