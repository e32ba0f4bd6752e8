"""Requests about contacts and their folders, answered from the address books."""

from __future__ import annotations

from collections.abc import Sequence

from graphwright_sandbox.graph.delta import Delta, answer_delta
from graphwright_sandbox.graph.errors import item_not_found
from graphwright_sandbox.graph.extensions import Extensions, Kept, expand_extensions
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_count,
    answer_entity,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.workloads.contacts.entities import CONTACT, CONTACT_FOLDER
from graphwright_sandbox.workloads.contacts.search import read_search
from graphwright_sandbox.workloads.contacts.store import AddressBooks, Book

_LIMITS = Limits(default=10, maximum=1000)


class ContactService:
    def __init__(self, context: GraphContext) -> None:
        self._books = AddressBooks(context)
        self._photos = self._books.photos
        expanders = {"extensions": self._expand_extensions}
        self._view = View(CONTACT, always=("id",), expanders=expanders)
        self.extensions = Extensions(
            find=lambda request: _holder(self._contact(request)),
            change=self._opened,
            path=lambda request, holder: request.mailbox_path(f"contacts('{holder.id}')"),
        )
        self._folders = View(
            CONTACT_FOLDER,
            always=("id",),
            expanders={"childFolders": self._expand_children, "contacts": self._expand_contacts},
        )

    def list_folders(self, request: GraphRequest) -> GraphResponse:
        path = request.mailbox_path("contactFolders")
        return answer_collection(request, self._folders, self._listed(request), path, _LIMITS)

    def count_folders(self, request: GraphRequest) -> GraphResponse:
        return answer_count(request, self._folders, self._listed(request))

    def get_folder(self, request: GraphRequest) -> GraphResponse:
        return self._answer_folder(request, self._folder(request))

    def create_folder(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("contactFolder")
        book = self._book(request)
        folder = self._books.add_folder(book, self._folder(request), data.get("displayName"))
        return self._answer_folder(request, folder, 201)

    def update_folder(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("contactFolder")
        folder = self._folder(request)
        if "displayName" in data:
            self._books.rename_folder(self._book(request), folder, data["displayName"])
        return self._answer_folder(request, folder)

    def delete_folder(self, request: GraphRequest) -> GraphResponse:
        self._books.remove_folder(self._book(request), self._folder(request))
        return no_content()

    def list_folder_changes(self, request: GraphRequest) -> GraphResponse:
        book = self._book(request)

        def records(_request: GraphRequest) -> Sequence[Record]:
            return list(book.folders.values())

        def find(_request: GraphRequest, folder_id: str) -> Record | None:
            return book.folders.get(folder_id)

        container = f"users/{book.owner_id}/contactFolders"
        path = request.mailbox_path("contactFolders")
        delta = Delta(self._folders, container, records, find, _LIMITS, path)
        return answer_delta(request, delta)

    def list_contacts(self, request: GraphRequest) -> GraphResponse:
        inside = self._book(request).inside(self._folder(request))
        return answer_collection(
            request, self._view, inside, self._path(request), _LIMITS, search=read_search(request)
        )

    def count_contacts(self, request: GraphRequest) -> GraphResponse:
        inside = self._book(request).inside(self._folder(request))
        return answer_count(request, self._view, inside, read_search(request))

    def list_changes(self, request: GraphRequest) -> GraphResponse:
        book, folder = self._book(request), self._folder(request)

        def records(_request: GraphRequest) -> Sequence[Record]:
            return book.inside(folder)

        def find(_request: GraphRequest, contact_id: str) -> Record | None:
            return book.contacts.get(contact_id)

        container = self._books.container(book, folder)
        delta = Delta(self._view, container, records, find, _LIMITS, self._path(request))
        return answer_delta(request, delta)

    def get_contact(self, request: GraphRequest) -> GraphResponse:
        return self._answer(request, self._contact(request))

    def create_contact(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("contact")
        data |= request.schema.applied({}, request.schema.take(data))
        folder = self._folder(request)
        record = self._books.add(self._book(request), folder, data, request.now)
        headers = {"Location": f"{request.url}/{record['id']}"}
        return answer_entity(
            request, self._view, record, self._path(request), status=201, headers=headers
        )

    def update_contact(self, request: GraphRequest) -> GraphResponse:
        record = self._contact(request)
        request.check_if_match(record["@odata.etag"])
        data = request.read_entity("contact")
        added = request.schema.take(data)
        schema = request.schema.applied({name: record.get(name) for name in added}, added)
        data |= {name: schema.get(name) for name in added}
        self._books.change(self._book(request), record, data, request.now)
        return self._answer(request, record)

    def delete_contact(self, request: GraphRequest) -> GraphResponse:
        record = self._contact(request)
        request.check_if_match(record["@odata.etag"])
        self._books.remove(self._book(request), record)
        return no_content()

    def show_photo(self, request: GraphRequest) -> GraphResponse:
        record = self._contact(request)
        path = request.mailbox_path(f"contacts('{record['id']}')/photo")
        return self._photos.show(request, record["id"], path)

    def download_photo(self, request: GraphRequest) -> GraphResponse:
        return self._photos.download(request, self._contact(request)["id"])

    def upload_photo(self, request: GraphRequest) -> GraphResponse:
        return self._photos.upload(request, self._contact(request)["id"])

    def _book(self, request: GraphRequest) -> Book:
        return self._books.of(request.person)

    def _folder(self, request: GraphRequest) -> Record:
        """The folder of the path; the default one where it names none."""
        book = self._book(request)
        folder = book.find_folder(request.keys.get("folder", "contacts"))
        child = request.keys.get("child")
        if child is None:
            return folder
        found = book.find_folder(child)
        if found["parentFolderId"] != folder["id"]:
            raise item_not_found()
        return found

    def _contact(self, request: GraphRequest) -> Record:
        folder = self._folder(request) if "folder" in request.keys else None
        return self._book(request).find_contact(request.keys["contact"], folder)

    def _opened(self, request: GraphRequest) -> Kept:
        """The contact of the path with extensions that may be written to."""
        record = self._contact(request)
        request.check_if_match(record["@odata.etag"])
        kept = dict(_holder(record).extensions)
        self._books.change(self._book(request), record, {"_extensions": kept}, request.now)
        return _holder(record)

    def _listed(self, request: GraphRequest) -> list[Record]:
        """The folders in a folder; at the top the default one, and those that lie in it."""
        book, folder = self._book(request), self._folder(request)
        children = book.children(folder)
        return children if "folder" in request.keys else [folder, *children]

    def _path(self, request: GraphRequest) -> str:
        if "folder" not in request.keys:
            return request.mailbox_path("contacts")
        return request.mailbox_path(f"contactFolders('{self._folder(request)['id']}')/contacts")

    def _answer(self, request: GraphRequest, record: Record) -> GraphResponse:
        return answer_entity(request, self._view, record, self._path(request))

    def _answer_folder(
        self, request: GraphRequest, folder: Record, status: int = 200
    ) -> GraphResponse:
        path = request.mailbox_path("contactFolders")
        return answer_entity(request, self._folders, folder, path, status=status)

    def _expand_children(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        return project_all(request, self._folders, self._book(request).children(record), options)

    def _expand_contacts(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        return project_all(request, self._view, self._book(request).inside(record), options)

    def _expand_extensions(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        return expand_extensions(request, _holder(record), options)


def _holder(record: Record) -> Kept:
    return Kept(record["id"], record.get("_extensions", {}))
