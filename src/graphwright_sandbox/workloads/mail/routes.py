"""The operations of the mail workload."""

from graphwright_sandbox.graph.aliases import Alias
from graphwright_sandbox.graph.delta import READ_DELTA
from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.workloads.mail.folders import FolderService
from graphwright_sandbox.workloads.mail.messages import MessageService
from graphwright_sandbox.workloads.mail.outlook_user import outlook_operations
from graphwright_sandbox.workloads.mail.sending import ACTIONS, SendingService
from graphwright_sandbox.workloads.mail.settings import settings_operations
from graphwright_sandbox.workloads.mail.store import Mailboxes

_USER = "/users/{user}"
_FOLDER = f"{_USER}/mailFolders/{{folder}}"


def create_operations(context: GraphContext) -> list[Operation]:
    mailboxes = Mailboxes(context)
    messages = MessageService(context, mailboxes)
    sending = SendingService(mailboxes, messages)
    operations = [
        *_folder_operations(FolderService(mailboxes)),
        *settings_operations(mailboxes, context),
        *outlook_operations(),
        Operation("POST", f"{_USER}/sendMail", sending.send_mail),
        Operation("GET", f"{_FOLDER}/messages/delta", messages.list_changes, options=READ_DELTA),
    ]
    for base in (f"{_USER}/messages", f"{_FOLDER}/messages"):
        operations += _message_operations(base, messages, sending)
    return operations


def create_aliases(_context: GraphContext) -> list[Alias]:
    """What lies below a folder by the folder above it."""
    child = f"{_USER}/mailFolders/{{above}}/childFolders/{{folder}}"
    return [
        Alias(f"{child}/{below}", f"{_FOLDER}/{below}", lambda request: request.keys)
        for below in ("messages", "childFolders")
    ]


def _folder_operations(service: FolderService) -> list[Operation]:
    operations = []
    for base in (f"{_USER}/mailFolders", f"{_FOLDER}/childFolders"):
        operations += [
            Operation("GET", base, service.list_folders, options=READ_MANY),
            Operation("POST", base, service.create_folder),
            Operation(
                "GET", f"{base}/$count", service.count_folders, options=frozenset({"filter"})
            ),
        ]
    options = READ_DELTA - {"orderby", "filter"}
    operations.append(
        Operation("GET", f"{_USER}/mailFolders/delta", service.list_changes, options=options)
    )
    for one in (_FOLDER, f"{_FOLDER}/childFolders/{{child}}"):
        operations += [
            Operation("GET", one, service.get_folder, options=READ_ONE),
            Operation("PATCH", one, service.change_folder),
            Operation("DELETE", one, service.delete_folder),
            Operation("POST", f"{one}/move", service.move_folder),
            Operation("POST", f"{one}/copy", service.copy_folder),
            Operation("POST", f"{one}/permanentDelete", service.purge_folder),
        ]
    return operations


def _message_operations(
    base: str, messages: MessageService, sending: SendingService
) -> list[Operation]:
    one = f"{base}/{{message}}"
    counted = frozenset({"filter", "search"})
    operations = [
        Operation("GET", base, messages.list_messages, options=READ_MANY | {"search"}),
        Operation("POST", base, messages.create_draft),
        Operation("GET", f"{base}/$count", messages.count_messages, options=counted),
        Operation("GET", one, messages.get_message, options=READ_ONE),
        Operation("PATCH", one, messages.change_message),
        Operation("DELETE", one, messages.delete_message),
        Operation("GET", f"{one}/$value", messages.get_mime),
        Operation("POST", f"{one}/move", messages.move_message),
        Operation("POST", f"{one}/copy", messages.copy_message),
        Operation("POST", f"{one}/permanentDelete", messages.purge_message),
        Operation("POST", f"{one}/send", sending.send_draft),
        *messages.attachments.operations(one),
        *messages.extensions.operations(one),
    ]
    for action in ACTIONS:
        create = f"create{action[0].upper()}{action[1:]}"
        operations += [
            Operation("POST", f"{one}/{action}", sending.answer),
            Operation("POST", f"{one}/{create}", sending.draft_answer),
        ]
    return operations
