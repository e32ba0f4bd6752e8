"""Files pages: the path now, rows when the browser asks for them, contents one at a time. Pure."""

import re
from collections.abc import Mapping

from graphwright.http.definition import RequestDefinition
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.values import JsonObject, JsonValue, is_array
from graphwright.page_types.files.config import Config
from graphwright.pages.errors import ExitUnknown, PageInvalid
from graphwright.pages.opening import Opening, receive_nothing
from graphwright.pages.rows import Column, Part, RowQuery
from graphwright.pages.transfers import Download, Upload

_TITLES = {"name": "Name", "folder": "Folder", "size": "Size", "modified": "Changed"}
# Source: https://support.microsoft.com/office/64883a5d-228e-48f5-b3d2-eb39e07630fa
_NAME = re.compile(r'^(?!\s)[^"*:<>?/\\|\x00-\x1f\x7f\ud800-\udfff]{1,255}(?<![\s.])$')
_CONFLICT = "@microsoft.graph.conflictBehavior"


def parts(page: Config, opening: Opening) -> Mapping[str, Part]:
    """The folders, then the files, by name."""
    sort = ((page.fields.folder, True), (page.fields.name, False))
    return {"files": Part(page.list, _columns(page, opening), opening.where(page.where), sort)}


def reads(_page: Config, _opening: Opening) -> Mapping[str, RowQuery]:
    """Nothing: the browser asks for rows as they scroll into sight."""
    return {}


def view(page: Config, opening: Opening) -> JsonObject:
    """The names of the path, the columns, and what may be done."""
    return {
        "path": [step["name"] for step in _path(page, opening)],
        "columns": [
            {"name": column.name, "title": column.title, "type": column.type}
            for column in _columns(page, opening)
        ],
        "upload": page.contents.upload is not None,
    }


def receive(page: Config, exit_name: str, data: JsonValue, opening: Opening) -> JsonValue:
    """The path up to the chosen folder; nothing after uploads and of page actions."""
    if exit_name in page.exit_names and exit_name not in opening.exits:
        raise ExitUnknown(f"This flow does not take the exit {exit_name!r}.")
    if exit_name != "go_to":
        receive_nothing(exit_name, data)
        return None
    path = _path(page, opening)
    index = data.get("index") if isinstance(data, Mapping) and set(data) == {"index"} else None
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(path):
        raise InvalidInput("There is no such folder in the path.")
    return path[: index + 1]


def download(page: Config, row: JsonObject, opening: Opening) -> Download:
    """The request for the content of a row's file."""
    if row.get(page.fields.folder):
        raise InvalidInput("A folder cannot be downloaded.", hint="Open it to see its files.")
    name = str(row.get(page.fields.name) or "file")
    definition = _request(page, "GET", page.contents.download)
    return Download(name, definition, {**opening.scope, "row": row})


def upload(page: Config, name: str, opening: Opening) -> Upload:
    """The requests that store a file of that name: a small one, and a large one's session."""
    contents = page.contents
    if contents.upload is None:
        raise InvalidInput("Nothing can be uploaded here.")
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            "A file cannot be named like that.",
            hint='A name has up to 255 characters, none of " * : < > ? / \\ |, no dot or space at its '
            "end.",
        )
    query = {_CONFLICT: contents.existing}
    return Upload(
        put=_request(page, "PUT", f"{contents.upload}/content", query=query),
        begin=_request(
            page, "POST", f"{contents.upload}/createUploadSession", body={"json": {"item": query}}
        ),
        scope={**opening.scope, "row": {page.fields.name: name}},
    )


def _request(page: Config, method: str, url: str, **more: JsonValue) -> RequestDefinition:
    authentication = {"type": "oauth2", "profile": page.contents.profile}
    return RequestDefinition.model_validate(
        {"method": method, "url": url, "authentication": authentication, "paged": False, **more}
    )


def _path(page: Config, opening: Opening) -> list[JsonObject]:
    value = opening.evaluate(page.path) if page.path else []
    if not is_array(value) or not all(
        isinstance(step, Mapping) and isinstance(step.get("name"), str) for step in value
    ):
        raise PageInvalid(
            f"The expression {page.path!r} gives no path.",
            hint="It must give an array of objects with a name.",
        )
    return list(value)


def _columns(page: Config, opening: Opening) -> tuple[Column, ...]:
    named = page.fields.model_dump(exclude_none=True)
    return tuple(
        opening.column(page.list, field, name, title=_TITLES[name]) for name, field in named.items()
    )
