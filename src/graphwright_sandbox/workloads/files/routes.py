"""The operations of the files workload, and the many ways that lead to them."""

from collections.abc import Callable

from graphwright_sandbox.graph.aliases import Alias, AliasRequest
from graphwright_sandbox.graph.delta import READ_DELTA
from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, GraphResponse
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.sharepoint.document_library import Library
from graphwright_sandbox.sharepoint.errors import item_not_found
from graphwright_sandbox.sharepoint.models import ListData
from graphwright_sandbox.sharepoint.shapes import SPECIAL_FOLDERS
from graphwright_sandbox.sharepoint.store import SharePoint, create_sharepoint
from graphwright_sandbox.workloads.files.drives import Drives
from graphwright_sandbox.workloads.files.items import Items
from graphwright_sandbox.workloads.files.places import Places
from graphwright_sandbox.workloads.files.sharing import Sharing, find_shared
from graphwright_sandbox.workloads.files.versions import Versions

LARGEST_CONTENT = 250 * 2**20
_DRIVE = "/drives/{drive}"
_ITEM = f"{_DRIVE}/items/{{item}}"
_BY_PATH = f"{_ITEM}:/{{path}}:"


def create_operations(context: GraphContext) -> list[Operation]:
    places = Places(context.shared(create_sharepoint))
    items = Items(places)
    return [*_of_drives(Drives(places, items)), *_of_items(items), *_of_more(places, items)]


def _of_drives(drives: Drives) -> list[Operation]:
    many = READ_MANY
    return [
        Operation("GET", _DRIVE, drives.get, "files", READ_ONE),
        Operation("GET", "/users/{user}/drives", drives.list_of_person, "files", many),
        Operation("GET", "/groups/{group}/drives", drives.list_of_group, "files", many),
        Operation("GET", "/sites/{site}/drives", drives.list_of_site, "files", many),
        Operation("GET", f"{_DRIVE}/recent", drives.recent, "files", many),
        Operation("GET", f"{_DRIVE}/sharedWithMe", drives.shared_with_me, "files", many),
        Operation("GET", f"{_DRIVE}/search(q={{q}})", drives.search_drive, "files", many),
        Operation("GET", f"{_ITEM}/search(q={{q}})", drives.search_folder, "files", many),
        Operation("GET", f"{_ITEM}/delta", drives.delta, "files", READ_DELTA),
        Operation("GET", f"{_ITEM}/delta(token={{token}})", drives.delta, "files", READ_DELTA),
    ]


def _of_items(items: Items) -> list[Operation]:
    def put(path: str, handle: Callable[[GraphRequest], GraphResponse]) -> Operation:
        return Operation("PUT", path, handle, "files", largest_body=LARGEST_CONTENT)

    return [
        Operation("GET", _ITEM, items.get, "files", READ_ONE),
        Operation("PATCH", _ITEM, items.change, "files"),
        Operation("DELETE", _ITEM, items.delete, "files"),
        Operation("POST", f"{_ITEM}/permanentDelete", items.delete_forever, "files"),
        Operation("GET", f"{_ITEM}/children", items.list_children, "files", READ_MANY),
        Operation("POST", f"{_ITEM}/children", items.create_folder, "files"),
        Operation("GET", f"{_ITEM}/content", items.get_content, "files"),
        put(f"{_ITEM}/content", items.put_content),
        Operation("GET", f"{_BY_PATH}/content", items.get_content, "files"),
        put(f"{_BY_PATH}/content", items.put_new_content),
        Operation("POST", f"{_ITEM}/createUploadSession", items.create_upload, "files"),
        Operation("POST", f"{_BY_PATH}/createUploadSession", items.create_upload, "files"),
        Operation("POST", f"{_ITEM}/copy", items.copy, "files"),
    ]


def _of_more(places: Places, items: Items) -> list[Operation]:
    sharing, versions = Sharing(places, items), Versions(places, items)
    items.expanders |= {
        "permissions": sharing.expand,
        "thumbnails": versions.expand_thumbnails,
        "versions": versions.expand,
    }
    permission = f"{_ITEM}/permissions/{{permission}}"
    version, thumbnails = f"{_ITEM}/versions/{{version}}", f"{_ITEM}/thumbnails/{{set}}"
    size = f"{thumbnails}/{{size}}"
    return [
        Operation("POST", f"{_ITEM}/createLink", sharing.create_link, "files"),
        Operation("POST", f"{_ITEM}/invite", sharing.invite, "files"),
        Operation("GET", f"{_ITEM}/permissions", sharing.list_permissions, "files", READ_MANY),
        Operation("GET", permission, sharing.get_permission, "files", READ_ONE),
        Operation("PATCH", permission, sharing.change_permission, "files"),
        Operation("DELETE", permission, sharing.remove_permission, "files"),
        Operation("GET", "/shares/{share}", sharing.get_shared, "files", READ_ONE),
        Operation("GET", f"{_ITEM}/versions", versions.list_versions, "files", READ_MANY),
        Operation("GET", version, versions.get_version, "files", READ_ONE),
        Operation("GET", f"{version}/content", versions.get_content, "files"),
        Operation("POST", f"{version}/restoreVersion", versions.restore, "files"),
        Operation("GET", f"{_ITEM}/thumbnails", versions.list_thumbnails, "files", READ_MANY),
        Operation("GET", thumbnails, versions.get_thumbnails, "files", READ_ONE),
        Operation("GET", size, versions.get_thumbnail, "files", READ_ONE),
        Operation("GET", f"{size}/content", versions.get_thumbnail_content, "files"),
    ]


def create_aliases(context: GraphContext) -> list[Alias]:
    """The paths of one's own drive, of groups' and sites' drives, by path and by share."""
    ways = _Ways(context.shared(create_sharepoint))
    to_item = (
        (f"{_DRIVE}/root:/{{path}}:", ways.below_root),
        (f"{_DRIVE}/root", ways.root),
        (_BY_PATH, ways.below_item),
        (f"{_DRIVE}/special/{{name}}:/{{path}}:", ways.below_special),
        (f"{_DRIVE}/special/{{name}}", ways.special),
        ("/shares/{share}/driveItem", ways.shared),
        ("/shares/{share}/root", ways.shared),
        ("/sites/{site}/lists/{list}/items/{number}/driveItem", ways.of_row),
    )
    to_drive = (
        ("/drive", ways.of_organization),
        ("/users/{user}/drive", ways.of_person),
        ("/groups/{group}/drive", ways.of_group),
        ("/sites/{site}/drive", ways.of_site),
        ("/sites/{site}/lists/{list}/drive", ways.of_list),
        ("/users/{user}/drives/{drive}", ways.same),
        ("/groups/{group}/drives/{drive}", ways.same),
        ("/sites/{site}/drives/{drive}", ways.same),
    )
    return [
        *(Alias(path, _DRIVE, resolve) for path, resolve in to_drive),
        *(Alias(path, _ITEM, resolve) for path, resolve in to_item),
        Alias(f"{_ITEM}/children/{{path}}", _BY_PATH, ways.child),
        Alias(f"{_DRIVE}/root:/{{path}}:", _BY_PATH, ways.unmade_below_root),
        Alias(f"{_DRIVE}/special/{{name}}:/{{path}}:", _BY_PATH, ways.unmade_below_special),
    ]


class _Ways:
    """Resolves aliases. Whether the caller may see what is found is asked later."""

    def __init__(self, store: SharePoint) -> None:
        self._store = store

    def of_organization(self, _: AliasRequest) -> dict[str, str]:
        return {"drive": self._store.root().documents.drive or ""}

    def of_person(self, request: AliasRequest) -> dict[str, str]:
        person = self._store.context.find_person(request.keys["user"])
        if person is None:
            raise GraphError(404, "ResourceNotFound", "User not found")
        return {"drive": self._store.of_person(person).documents.drive or ""}

    def of_group(self, request: AliasRequest) -> dict[str, str]:
        group = self._store.context.tenant.groups.find(request.keys["group"])
        if group is None:
            raise GraphError(404, "ResourceNotFound", "Resource could not be discovered.")
        return {"drive": self._store.of_group(group).documents.drive or ""}

    def of_site(self, request: AliasRequest) -> dict[str, str]:
        return {"drive": self._store.find_site(request.keys["site"]).documents.drive or ""}

    def of_list(self, request: AliasRequest) -> dict[str, str]:
        site = self._store.find_site(request.keys["site"])
        return {"drive": self._store.find_library(site, request.keys["list"]).drive or ""}

    def of_row(self, request: AliasRequest) -> dict[str, str]:
        site = self._store.find_site(request.keys["site"])
        data = self._store.find_library(site, request.keys["list"])
        for item in data.items.values():
            if str(item.number) == request.keys["number"]:
                return {"drive": data.drive or "", "item": item.id}
        raise item_not_found()

    def same(self, request: AliasRequest) -> dict[str, str]:
        return {"drive": request.keys["drive"]}

    def shared(self, request: AliasRequest) -> dict[str, str]:
        drive, item = find_shared(self._store, request.keys["share"], request.caller)
        return {"drive": drive, "item": item}

    def root(self, request: AliasRequest) -> dict[str, str]:
        return {"drive": request.keys["drive"], "item": self._data(request).root}

    def below_root(self, request: AliasRequest) -> dict[str, str] | None:
        return self._below(request, self._data(request).root)

    def below_item(self, request: AliasRequest) -> dict[str, str] | None:
        wanted, data = request.keys["item"], self._data(request)
        return self._below(request, data.root if wanted.lower() == "root" else wanted)

    def below_special(self, request: AliasRequest) -> dict[str, str] | None:
        return self._below(request, self._special(request))

    def special(self, request: AliasRequest) -> dict[str, str]:
        return {"drive": request.keys["drive"], "item": self._special(request)}

    def child(self, request: AliasRequest) -> dict[str, str]:
        return dict(request.keys)

    def unmade_below_root(self, request: AliasRequest) -> dict[str, str]:
        return {**request.keys, "item": self._data(request).root}

    def unmade_below_special(self, request: AliasRequest) -> dict[str, str]:
        return {**request.keys, "item": self._special(request)}

    def _data(self, request: AliasRequest) -> ListData:
        return self._store.find_drive(request.keys["drive"])[1]

    def _below(self, request: AliasRequest, start: str) -> dict[str, str] | None:
        """The item at a path; None where the path is to be written, whether it is there or not."""
        action = request.rest[0].lower() if len(request.rest) == 1 else ""
        writes = (request.method == "PUT" and action == "content") or action.removeprefix(
            "microsoft.graph."
        ) == "createuploadsession"
        path = request.keys["path"]
        found = self._data(request).at(start, path)
        if writes and path.strip("/"):
            return None
        if found is None:
            raise item_not_found()
        return {"drive": request.keys["drive"], "item": found.id}

    def _special(self, request: AliasRequest) -> str:
        """The folder of a special name, made where a caller who may write asks for it first."""
        site, data = self._store.find_drive(request.keys["drive"])
        path = SPECIAL_FOLDERS.get(request.keys["name"].lower())
        if path is None or site.person is None:
            raise item_not_found("The special folder identifier isn't valid")
        actor = self._store.actor(request.caller)
        if path == "Apps":
            path = f"Apps/{self._store.app_name(request.caller) or request.caller.app_id}"
        found = data.at(data.root, path)
        if found is not None:
            return found.id
        may_write = any(one.startswith("Files.ReadWrite") for one in request.caller.permissions)
        if not may_write or site.person != request.caller.user_id:
            raise item_not_found()
        library = Library(self._store, site, data, actor, request.now)
        folder = library.find("root")
        for name in path.split("/"):
            folder = library.create_folder(folder, name, "replace")
        return folder.id
