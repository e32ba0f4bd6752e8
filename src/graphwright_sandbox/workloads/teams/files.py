"""The folder of a channel's files, which lies in the documents of the team's site."""

from collections.abc import Callable

from graphwright_sandbox.graph.edm import SCHEMA
from graphwright_sandbox.graph.presentation import View, answer_entity
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record
from graphwright_sandbox.groups import Group
from graphwright_sandbox.sharepoint.document_library import Library
from graphwright_sandbox.sharepoint.shapes import show_item
from graphwright_sandbox.sharepoint.store import SharePoint
from graphwright_sandbox.workloads.teams.errors import not_found

_UNFIT = str.maketrans(dict.fromkeys('"*:<>?/\\|#%', "_"))


class FileService:
    """Requests about the files of the channels that `locate` finds."""

    def __init__(
        self, sites: SharePoint, locate: Callable[[GraphRequest], tuple[Group, Record]]
    ) -> None:
        self._sites = sites
        self._locate = locate

    def get_folder(self, request: GraphRequest) -> GraphResponse:
        """The folder, made where the channel has none yet."""
        group, channel = self._locate(request)
        if channel["membershipType"] != "standard":
            raise not_found("The channel has no folder in the site of its team.")
        site, actor = self._sites.of_group(group), self._sites.actor(request.caller)
        library = Library(self._sites, site, site.documents, actor, request.now)
        # The folder keeps the first name of a channel that was renamed.
        name = channel["_folder"].translate(_UNFIT).strip(" .") or "_"
        folder = library.create_folder(library.find("root"), name, "replace")
        path = f"teams('{group.id}')/channels('{channel['id']}')/filesFolder"
        view = View(SCHEMA.structured["driveItem"], always=("id",))
        return answer_entity(request, view, show_item(library, folder), path)
