"""From a request to the library and the item it is about, as far as the caller may.

Also what all operations of the workload ask of a request: conflict behaviour, what to select.
"""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from graphwright_sandbox.graph.request import GraphRequest, Record
from graphwright_sandbox.graph.values import parse_instant
from graphwright_sandbox.sharepoint.access import Level
from graphwright_sandbox.sharepoint.document_library import Conflict, Library
from graphwright_sandbox.sharepoint.errors import invalid_request, item_not_found
from graphwright_sandbox.sharepoint.models import Item
from graphwright_sandbox.sharepoint.store import SharePoint

CONFLICT = "@microsoft.graph.conflictBehavior"
_BEHAVIOURS: dict[str, Conflict] = {"fail": "fail", "replace": "replace", "rename": "rename"}
_DOWNLOAD_NAMES = ("@microsoft.graph.downloadurl", "content.downloadurl")


class Places:
    """Finds what requests name."""

    def __init__(self, store: SharePoint) -> None:
        self.store = store

    def drive(self, request: GraphRequest) -> Library:
        """The drive of the path, which the caller may see."""
        library = self.open_library(request, request.keys["drive"])
        self.store.access.check(request.caller, library.site, Level.READ)
        return library

    def open_library(self, request: GraphRequest, drive: str) -> Library:
        """A drive by its id, whoever may see it."""
        site, data = self.store.find_drive(drive)
        return Library(self.store, site, data, self.store.actor(request.caller), request.now)

    def item(self, request: GraphRequest, wanted: Level = Level.READ) -> tuple[Library, Item]:
        """The item of the path, with which the caller may do what is wanted."""
        library = self.open_library(request, request.keys["drive"])
        item = library.find(request.keys["item"])
        self.check(request, library, item, wanted)
        if request.keys.get("path") and request.method != "PUT":
            # A path that leads somewhere was followed before: this one leads nowhere.
            raise item_not_found()
        return library, item

    def shown(self, request: GraphRequest, record: Record) -> tuple[Library, Item]:
        """The item of a record that is being shown."""
        library = self.open_library(request, record["parentReference"]["driveId"])
        return library, library.find(record["id"])

    def check(self, request: GraphRequest, library: Library, item: Item, wanted: Level) -> None:
        """Refuses a caller who may do less with the item."""
        self.store.access.check(request.caller, library.site, wanted, library.data, item)


def instant_of(value: object) -> datetime:
    """The moment that a body states; refuses what is none, or lies outside of time."""
    try:
        return parse_instant(value if isinstance(value, str) else "")
    except (ValueError, OverflowError) as error:
        raise invalid_request("The value is no date and time.") from error


def conflict_of(
    request: GraphRequest, default: Literal["fail", "replace"], body: Record | None = None
) -> Conflict:
    """What to do where the name is taken: from the body or from the query."""
    given = (body or {}).get(CONFLICT) or request.options.custom.get(CONFLICT.lower()) or default
    behaviour = _BEHAVIOURS.get(str(given).lower())
    if behaviour is None:
        raise invalid_request(f"The conflict behavior '{str(given)[:50]}' is not valid.")
    return behaviour


def plain_request(request: GraphRequest) -> GraphRequest:
    """The request without the annotation of the download URL in `$select`: that one is no property,
    and is shown whatever is selected."""
    chosen = request.options.select
    if chosen is None:
        return request
    kept = tuple(name for name in chosen if name.lower() not in _DOWNLOAD_NAMES)
    return replace(request, options=replace(request.options, select=kept or ("id",)))
