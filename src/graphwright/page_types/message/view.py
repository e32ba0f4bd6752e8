"""Message pages: folders now, messages when the browser asks for them, bodies one at a time. Pure."""

from collections.abc import Mapping

from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.page_types.message.config import Config
from graphwright.pages.errors import ExitUnknown
from graphwright.pages.opening import Opening, receive_nothing
from graphwright.pages.rows import Column, Part, RowQuery

MAX_FOLDERS = 500
_TITLES = {
    "from": "From",
    "subject": "Subject",
    "preview": "Preview",
    "received": "Received",
    "unread": "Unread",
    "has_attachments": "Attachments",
    "to": "To",
    "cc": "Cc",
    "folder": "Folder",
    "body": "Text",
}


def parts(page: Config, opening: Opening) -> Mapping[str, Part]:
    """The messages, newest first, and the folders."""
    fields = page.fields
    where = opening.where(page.where)
    found = {
        "messages": Part(page.list, _columns(page, opening), where, ((fields.received, True),))
    }
    if page.folders is not None:
        names = page.folders.model_dump(exclude={"list", "sort"}, exclude_none=True)
        columns = tuple(
            opening.column(page.folders.list, field, name) for name, field in names.items()
        )
        found["folders"] = Part(
            page.folders.list,
            columns,
            sort=((page.folders.sort or page.folders.title, False),),
            search=False,
        )
    return found


def reads(page: Config, _opening: Opening) -> Mapping[str, RowQuery]:
    """The folders."""
    if page.folders is None:
        return {}
    sort = ((page.folders.sort or page.folders.title, False),)
    return {"folders": RowQuery(page.folders.list, sort=sort, limit=MAX_FOLDERS)}


def view(page: Config, opening: Opening) -> JsonObject:
    """The folders, which of them is shown, and the columns of messages."""
    folders = _folders(page, opening)
    return {
        "list": page.list,
        "folders": folders,
        "folder": _shown_folder(page, folders, opening),
        "columns": [
            {"name": c.name, "title": c.title, "type": c.type}
            for c in _columns(page, opening)
            if c.shown
        ],
        "search": True,
        # The browser filters by folder itself, unless the flow wants to load each folder's
        # messages.
        "folder_filter": page.fields.folder is not None,
        "folder_exit": "folder_changed" in opening.exits,
    }


def receive(page: Config, exit_name: str, data: JsonValue, opening: Opening) -> JsonValue:
    """The key of the chosen folder; nothing of a page action."""
    if exit_name not in page.exit_names:
        receive_nothing(exit_name, data)
        return None
    if exit_name not in opening.exits:
        raise ExitUnknown(f"This flow does not take the exit {exit_name!r}.")
    key = data.get("key") if isinstance(data, Mapping) and set(data) == {"key"} else None
    if not isinstance(key, str) or key not in {row["_key"] for row in opening.rows["folders"]}:
        raise InvalidInput("There is no such folder.")
    return {"key": key}


def _shown_folder(page: Config, folders: list[JsonObject], opening: Opening) -> JsonValue:
    """The key of the folder the expression names by key or, as Graph allows, by name."""
    wanted = opening.evaluate(page.folder) if page.folder else None
    if wanted in [folder["key"] for folder in folders]:
        return wanted
    name = str(wanted).casefold()
    named = [folder["key"] for folder in folders if str(folder["title"]).casefold() == name]
    return next(iter([*named, *(folder["key"] for folder in folders)]), None)


def _folders(page: Config, opening: Opening) -> list[JsonObject]:
    names = page.folders
    if names is None:
        return []
    return [
        {
            "key": row["_key"],
            "title": row.get(names.title) or "",
            "unread": row.get(names.unread) if names.unread else None,
            "total": row.get(names.total) if names.total else None,
        }
        for row in opening.rows["folders"]
    ]


def _columns(page: Config, opening: Opening) -> tuple[Column, ...]:
    fields = page.fields
    named = {
        "from": fields.sender,
        "subject": fields.subject,
        "preview": fields.preview,
        "received": fields.received,
        "to": fields.to,
        "cc": fields.cc,
        "has_attachments": fields.has_attachments,
        "unread": fields.unread,
    }
    columns = [
        opening.column(page.list, field, name, title=_TITLES[name])
        for name, field in named.items()
        if field is not None
    ]
    if fields.read is not None:
        columns.append(
            opening.column(page.list, fields.read, "unread", title=_TITLES["unread"], negated=True)
        )
    # A body is read one message at a time, and a folder is only filtered by.
    columns.append(
        opening.column(page.list, fields.body, "body", title=_TITLES["body"], shown=False)
    )
    if fields.folder is not None:
        columns.append(
            opening.column(page.list, fields.folder, "folder", title=_TITLES["folder"], shown=False)
        )
    return tuple(columns)
