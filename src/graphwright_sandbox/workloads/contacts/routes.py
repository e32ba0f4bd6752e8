"""The operations of the contacts workload."""

from graphwright_sandbox.graph.delta import READ_DELTA
from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.workloads.contacts.contacts import ContactService

_MANY = READ_MANY | {"search"}
_COUNTED = frozenset({"filter", "search"})


def create_operations(context: GraphContext) -> list[Operation]:
    service = ContactService(context)
    user = "/users/{user}"
    folders, folder = f"{user}/contactFolders", f"{user}/contactFolders/{{folder}}"
    return [
        *_folders(service, folders, folder),
        Operation("GET", f"{folders}/delta", service.list_folder_changes, options=READ_DELTA),
        *_folders(service, f"{folder}/childFolders", f"{folder}/childFolders/{{child}}"),
        *_contacts(service, f"{user}/contacts"),
        *_contacts(service, f"{folder}/contacts"),
    ]


def _folders(service: ContactService, many: str, one: str) -> list[Operation]:
    return [
        Operation("GET", many, service.list_folders, options=READ_MANY),
        Operation("POST", many, service.create_folder),
        Operation("GET", f"{many}/$count", service.count_folders, options=frozenset({"filter"})),
        Operation("GET", one, service.get_folder, options=READ_ONE),
        Operation("PATCH", one, service.update_folder),
        Operation("DELETE", one, service.delete_folder),
        Operation("POST", f"{one}/permanentDelete", service.delete_folder),
    ]


def _contacts(service: ContactService, many: str) -> list[Operation]:
    one = f"{many}/{{contact}}"
    return [
        Operation("GET", many, service.list_contacts, options=_MANY),
        Operation("POST", many, service.create_contact),
        Operation("GET", f"{many}/$count", service.count_contacts, options=_COUNTED),
        Operation("GET", f"{many}/delta", service.list_changes, options=READ_DELTA),
        Operation("GET", one, service.get_contact, options=READ_ONE),
        Operation("PATCH", one, service.update_contact),
        Operation("DELETE", one, service.delete_contact),
        Operation("POST", f"{one}/permanentDelete", service.delete_contact),
        *service.extensions.operations(one),
        Operation("GET", f"{one}/photo", service.show_photo, options=READ_ONE),
        Operation("GET", f"{one}/photo/$value", service.download_photo),
        Operation("PUT", f"{one}/photo/$value", service.upload_photo),
        Operation("PATCH", f"{one}/photo/$value", service.upload_photo),
    ]
