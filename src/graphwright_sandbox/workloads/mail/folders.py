"""Requests about mail folders: listed, made, renamed, moved, copied, deleted, and their changes."""

from collections.abc import Iterator, Sequence

from graphwright_sandbox.graph.changes import Kind
from graphwright_sandbox.graph.delta import Delta, answer_delta
from graphwright_sandbox.graph.errors import GraphError, bad_request, item_not_found
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_count,
    answer_entity,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.workloads.mail.entities import MAIL_FOLDER
from graphwright_sandbox.workloads.mail.mailboxes import Mailbox, new_folder_key
from graphwright_sandbox.workloads.mail.messages import read_destination
from graphwright_sandbox.workloads.mail.records import Folder
from graphwright_sandbox.workloads.mail.store import Mailboxes

_LIMITS = Limits(default=10, maximum=1000)


class FolderService:
    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes
        self._view = View(
            MAIL_FOLDER, always=("id",), expanders={"childFolders": self._expand_children}
        )

    def _mailbox(self, request: GraphRequest) -> Mailbox:
        return self._mailboxes.of(request.person)

    def _folder(self, request: GraphRequest) -> Folder:
        """The folder of the path; where it names a child, that must lie in the folder before."""
        mailbox = self._mailbox(request)
        folder = mailbox.find_folder(request.keys["folder"])
        child = request.keys.get("child")
        if child is None:
            return folder
        found = mailbox.find_folder(child)
        if found.parent != folder.key:
            raise item_not_found()
        return found

    def _own(self, request: GraphRequest) -> Folder:
        """A folder that may be renamed, moved or deleted."""
        folder = self._folder(request)
        if folder.well_known is not None:
            raise GraphError(
                403,
                "ErrorDeleteDistinguishedFolder",
                "Distinguished folders cannot be deleted or changed.",
            )
        return folder

    def _answer(self, request: GraphRequest, folder: Folder, status: int = 200) -> GraphResponse:
        record = self._mailbox(request).show_folder(folder)
        path = request.mailbox_path("mailFolders")
        return answer_entity(request, self._view, record, path, status=status)

    def _listed(self, request: GraphRequest) -> list[Record]:
        mailbox = self._mailbox(request)
        parent = self._folder(request).key if "folder" in request.keys else mailbox.root
        hidden = request.options.custom.get("includehiddenfolders", "").lower() == "true"
        return [
            mailbox.show_folder(folder)
            for folder in mailbox.children(parent)
            if hidden or not folder.hidden
        ]

    def list_folders(self, request: GraphRequest) -> GraphResponse:
        path = request.mailbox_path("mailFolders")
        return answer_collection(request, self._view, self._listed(request), path, _LIMITS)

    def count_folders(self, request: GraphRequest) -> GraphResponse:
        return answer_count(request, self._view, self._listed(request))

    def get_folder(self, request: GraphRequest) -> GraphResponse:
        return self._answer(request, self._folder(request))

    def list_changes(self, request: GraphRequest) -> GraphResponse:
        mailbox = self._mailbox(request)

        def records(_request: GraphRequest) -> Sequence[Record]:
            return [mailbox.show_folder(folder) for folder in mailbox.folders.values()]

        def find(_request: GraphRequest, folder_id: str) -> Record | None:
            try:
                return mailbox.show_folder(mailbox.find_folder(folder_id))
            except GraphError:
                return None

        container = f"users/{mailbox.owner_id}/mailFolders"
        path = request.mailbox_path("mailFolders")
        return answer_delta(request, Delta(self._view, container, records, find, _LIMITS, path))

    def create_folder(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("mailFolder")
        mailbox = self._mailbox(request)
        parent = self._folder(request).key if "folder" in request.keys else mailbox.root
        name = _name(mailbox, parent, data.get("displayName"))
        folder = Folder(new_folder_key(), name, parent, hidden=data.get("isHidden") is True)
        mailbox.folders[folder.key] = folder
        self._note(mailbox, folder, "created")
        return self._answer(request, folder, 201)

    def change_folder(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("mailFolder")
        mailbox, folder = self._mailbox(request), self._own(request)
        if "displayName" in data:
            folder.name = _name(mailbox, folder.parent, data["displayName"], folder)
        self._note(mailbox, folder, "updated")
        return self._answer(request, folder)

    def delete_folder(self, request: GraphRequest) -> GraphResponse:
        """Into Deleted Items; from there it is gone with all that it holds."""
        mailbox, folder = self._mailbox(request), self._own(request)
        deleted = mailbox.well_known("deleteditems")
        if mailbox.is_inside(folder, deleted.key):
            self._purge(mailbox, folder)
        else:
            folder.parent = deleted.key
            self._note(mailbox, folder, "updated")
        return no_content()

    def purge_folder(self, request: GraphRequest) -> GraphResponse:
        self._purge(self._mailbox(request), self._own(request))
        return no_content()

    def _purge(self, mailbox: Mailbox, folder: Folder) -> None:
        for part in reversed(list(_tree(mailbox, folder))):
            for record in [m for m in mailbox.messages.values() if m.folder == part.key]:
                self._mailboxes.remove(mailbox, record)
            del mailbox.folders[part.key]
            self._note(mailbox, part, "deleted")

    def move_folder(self, request: GraphRequest) -> GraphResponse:
        mailbox, folder = self._mailbox(request), self._own(request)
        target = self._target(request, mailbox, folder)
        folder.parent = target.key
        self._note(mailbox, folder, "updated")
        return self._answer(request, folder, 201)

    def copy_folder(self, request: GraphRequest) -> GraphResponse:
        mailbox, folder = self._mailbox(request), self._folder(request)
        target = self._target(request, mailbox, folder)
        parts = list(_tree(mailbox, folder))
        copies: dict[bytes, Folder] = {}
        for part in parts:
            above = copies.get(part.parent)
            copied = Folder(new_folder_key(), part.name, above.key if above else target.key)
            copies[part.key] = mailbox.folders[copied.key] = copied
            self._note(mailbox, copied, "created")
            stored = [m for m in mailbox.messages.values() if m.folder == part.key]
            for record in stored:
                self._mailboxes.copy(mailbox, record, copied)
        return self._answer(request, copies[folder.key], 201)

    def _target(self, request: GraphRequest, mailbox: Mailbox, folder: Folder) -> Folder:
        target = mailbox.find_folder(read_destination(request))
        if mailbox.is_inside(target, folder.key):
            raise bad_request(
                "The folder cannot be moved or copied into itself.", "ErrorMoveCopyFailed"
            )
        if mailbox.bulk is not None and mailbox.bulk.folder == folder.key:
            raise bad_request("The folder is too large to be copied.", "ErrorMoveCopyFailed")
        _name(mailbox, target.key, folder.name, folder)
        return target

    def _note(self, mailbox: Mailbox, folder: Folder, kind: Kind) -> None:
        self._mailboxes.note_folder(mailbox, mailbox.folder_id(folder), kind)

    def _expand_children(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        mailbox = self._mailbox(request)
        children = mailbox.children(mailbox.find_folder(record["id"]).key)
        shown = [mailbox.show_folder(child) for child in children if not child.hidden]
        return project_all(request, self._view, shown, options)


def _tree(mailbox: Mailbox, folder: Folder) -> Iterator[Folder]:
    """The folder and all below it, parents first."""
    yield folder
    for child in mailbox.children(folder.key):
        yield from _tree(mailbox, child)


def _name(mailbox: Mailbox, parent: bytes, name: object, known: Folder | None = None) -> str:
    """A folder's name, which no other folder beside it may have."""
    if not isinstance(name, str) or not name.strip():
        raise bad_request(
            "The property 'displayName' of a folder is missing.", "ErrorInvalidRequest"
        )
    for other in mailbox.children(parent):
        if other is not known and other.name.casefold() == name.casefold():
            raise GraphError(
                409, "ErrorFolderExists", "A folder with the specified name already exists."
            )
    return name
