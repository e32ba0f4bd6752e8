"""Upload sessions for files of a task that are too large for one request.

Unlike those of mail and drives they are served by Graph itself, with a token.
"""

import base64

from graphwright_sandbox.graph.errors import item_not_found
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
)
from graphwright_sandbox.graph.transfers import UploadRules
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.workloads.todo.store import TaskBooks, invalid_request, new_child_id

_RULES = UploadRules(4 * 2**20, 25 * 2**20, accepted=200)


class UploadService:
    """Requests about upload sessions; each belongs to one task."""

    def __init__(self, context: GraphContext, books: TaskBooks) -> None:
        self._transfers = context.transfers
        self._books = books
        self._tasks: dict[str, str] = {}
        """The tasks of the sessions, by the key of each."""

    def _task(self, request: GraphRequest) -> Record:
        book = self._books.of(request.person)
        return book.find_task(request.keys["list"], request.keys["task"])

    def create(self, request: GraphRequest) -> GraphResponse:
        info = request.read_parameters("attachmentInfo").get("attachmentinfo")
        name, size = (info.get("name"), info.get("size")) if isinstance(info, dict) else (None, 0)
        if not isinstance(info, dict) or info.get("attachmentType") != "file":
            raise invalid_request("An upload session needs attachmentInfo of type file.")
        if not isinstance(name, str) or not name:
            raise invalid_request("An upload session needs the name of the file.")
        if not isinstance(size, int) or not 0 < size <= _RULES.largest_file:
            raise invalid_request("An attachment has 1 byte to 25 MB.")
        content_type = str(info.get("contentType") or "application/octet-stream")
        task = self._task(request)

        def finish(content: bytes) -> GraphResponse:
            if len(content) != size:
                raise invalid_request("The size of the content differs from attachmentInfo.")
            record = {
                "@odata.type": "#microsoft.graph.taskFileAttachment",
                "id": new_child_id(),
                "lastModifiedDateTime": format_instant(request.now),
                "name": name,
                "contentType": content_type,
                "size": size,
                "contentBytes": base64.b64encode(content).decode(),
            }
            # Found again: the task may be gone since.
            current = self._task(request)
            current["_attachments"][record["id"]] = record
            task_list = self._books.of(request.person).find_list(request.keys["list"])
            self._books.touch_task(request.person, task_list, current, request.now)
            location = f"{self._url(request)}/attachments/{record['id']}"
            return GraphResponse(201, None, {"Location": location})

        session = self._transfers.create_upload(finish, rules=_RULES)
        key = session["uploadUrl"].rpartition("/")[2]
        self._tasks[key] = task["id"]
        shown = {
            "@odata.context": request.context("microsoft.graph.uploadSession"),
            **session,
            "uploadUrl": f"{self._url(request)}/attachmentSessions/{key}",
        }
        return GraphResponse(201, shown)

    def _url(self, request: GraphRequest) -> str:
        keys = request.keys
        place = f"users/{request.person.id}/todo/lists/{keys['list']}/tasks/{keys['task']}"
        return f"{request.root}/{place}"

    def _key(self, request: GraphRequest) -> str:
        """The session of the path, which must be one of the path's task."""
        key = request.keys["session"]
        if self._tasks.get(key) != self._task(request)["id"]:
            raise item_not_found()
        return key

    def get(self, request: GraphRequest) -> GraphResponse:
        key = self._key(request)
        shown = self._transfers.find_upload(key).describe()
        path = request.mailbox_path("todo/lists/tasks/attachmentSessions")
        context = request.context(path, entity=True)
        return GraphResponse(200, {"@odata.context": context, "id": key, **shown})

    def put_content(self, request: GraphRequest) -> GraphResponse:
        content_range = request.headers.get("content-range", "")
        return self._transfers.accept(self._key(request), content_range, request.body)

    def cancel(self, request: GraphRequest) -> GraphResponse:
        return self._transfers.cancel(self._key(request))
