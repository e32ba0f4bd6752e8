"""Opens pages for a person: definition, scope and rows become what the browser gets, and back.

All rows come through one `PageReader`, which binds every query to the owner. Knows no HTTP.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from graphwright.kernel.errors import FileGone, InvalidInput, nearest
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists import RowNotFound
from graphwright.lists.files import FileValue
from graphwright.pages.definition import PAGE_TYPES, Action, PageDefinition
from graphwright.pages.errors import ExitUnknown, PartUnknown
from graphwright.pages.opening import Opening, PageType
from graphwright.pages.rows import Part, RowFilter, RowQuery, RowSource, RowsRead, TransientRows
from graphwright.pages.rows_query import read_rows_query
from graphwright.pages.sanitise import SafeHtml, html_as_text, sanitise, text_as_html
from graphwright.pages.transfers import Download, FilesType, Upload

_MAX_KEY = 2000
_BROWSER_INTEGERS = 2**53
_LONGEST_VALUE = 50_000


@dataclass(frozen=True)
class OneRow:
    """One row with its HTML made harmless, and the questions of its actions."""

    row: JsonObject
    blocked_images: int
    confirm: Mapping[str, str]


@dataclass(frozen=True)
class Frame:
    """The body of a row for a frame of its own."""

    html: str
    blocked_images: int


class OpenPage:
    """One page at one step, for one person."""

    def __init__(
        self, name: str, page: PageDefinition, opening: Opening, database: RowSource
    ) -> None:
        self.name = name
        self.page = page
        self.opening = opening
        self._database = database
        self._type = cast(PageType, PAGE_TYPES.kind(page.type).module("view"))

    def sensitive_fields(self) -> frozenset[str]:
        """The fields of the page's list whose values are never saved with a flow's state."""
        if self.page.list is None:
            return frozenset()
        fields = self.opening.list(self.page.list).fields
        return frozenset(name for name, field in fields.items() if field.sensitive)

    async def to_wire(self) -> JsonObject:
        """The page as the browser gets it."""
        opening = await self._with_reads()
        page = self.page
        # Drawing sanitises HTML and places events: too long for the loop that serves everybody.
        view = await asyncio.to_thread(self._type.view, page, opening)
        return {
            "name": self.name,
            "type": page.type,
            "title": opening.render(page.title),
            "description": opening.render(page.description) if page.description else None,
            "notice": (opening.render(page.notice) if page.notice else "") or None,
            "actions": [_action(name, item, opening) for name, item in page.actions.items()],
            "exits": sorted(opening.exits),
            "view": view,
        }

    async def rows(self, part: str | None, parameters: Mapping[str, str]) -> JsonObject:
        """Rows of a part: `{rows, total, offset}`."""
        found = self._part(part)
        query = read_rows_query(found, parameters)
        read = await self._read(query)
        rows = await asyncio.to_thread(lambda: [shown_row(found, row) for row in read.rows])
        return {"rows": rows, "total": read.total, "offset": query.offset}

    async def export(
        self, part: str | None, parameters: Mapping[str, str]
    ) -> tuple[Part, AsyncIterator[JsonObject]]:
        """The part and all its rows under the same sort, filter and search, one by one."""
        found = self._part(part)
        wanted = {
            name: parameters[name] for name in ("sort", "filter", "search") if name in parameters
        }
        query = read_rows_query(found, wanted)
        if any(f.field == "_key" for f in query.filters):
            rows = [shown_row(found, row, exact=True) for row in (await self._read(query)).rows]
            return found, _each(rows)
        return found, self._shown(found, self._source(query).export(query))

    async def _shown(
        self, part: Part, rows: AsyncIterator[JsonObject]
    ) -> AsyncIterator[JsonObject]:
        async for row in rows:
            yield shown_row(part, row, exact=True)

    async def row(self, part: str | None, key: str, *, remote_images: bool = False) -> OneRow:
        """One row of a part, with all the list's fields that are not sensitive."""
        found = self._part(part)
        raw = await self.raw_row(found, key)
        return await asyncio.to_thread(self._one_row, found, raw, remote_images)

    def _one_row(self, part: Part, raw: JsonObject, remote_images: bool) -> OneRow:
        blocked = 0
        row: JsonObject = {"_key": raw["_key"]}
        fields = self.opening.list(part.list).fields
        for name, field in fields.items():
            if not field.sensitive:
                row[name] = raw.get(name)
        row |= {column.name: column.value_of(raw) for column in part.columns}
        html = {name for name, field in fields.items() if field.type == "html"}
        html |= {column.name for column in part.columns if column.type == "html"}
        safe: dict[str, SafeHtml] = {}
        for name in html & row.keys():
            if isinstance(row[name], str):
                source = row[name]
                if source not in safe:
                    safe[source] = sanitise(source, remote_images=remote_images)
                    blocked += safe[source].blocked_images
                row[name] = safe[source].html
        return OneRow(row, blocked, self._questions(raw))

    def _questions(self, row: JsonObject) -> dict[str, str]:
        opening = self.opening.with_row(row)
        return {
            name: opening.render(action.confirm)
            for name, action in self.page.actions.items()
            if action.on == "row" and action.confirm
        }

    async def frame(self, part: str | None, key: str, *, remote_images: bool) -> Frame:
        """The body of a row: its column `body`, else its first HTML."""
        found = self._part(part)
        column = found.column("body") or next(
            (column for column in found.columns if column.type == "html"), None
        )
        if column is None:
            raise PartUnknown("These rows have no text to show in a frame.")
        text = column.value_of(await self.raw_row(found, key))
        if not isinstance(text, str):
            return Frame("", 0)
        if column.type != "html":
            return Frame(text_as_html(text), 0)
        safe = await asyncio.to_thread(sanitise, text, remote_images=remote_images)
        return Frame(safe.html, safe.blocked_images)

    async def raw_row(self, part: Part, key: str) -> JsonObject:
        """The row of a key under the owner and the part's conditions; `RowNotFound`."""
        if not 0 < len(key) <= _MAX_KEY or "\x00" in key:
            raise RowNotFound("There is no such entry.")
        conditions = tuple(f for f in part.where if f.field != "_key")
        wanted = [f.value for f in part.where if f.field == "_key"]
        if wanted and wanted != [key]:
            raise RowNotFound("There is no such entry.")
        read = await self._read(RowQuery(part.list, conditions, key=key, limit=1))
        if not read.rows:
            raise RowNotFound(
                "This entry does not exist any more, or it is not yours.",
                hint="Reload the page to see what is there.",
            )
        return read.rows[0]

    async def receive(self, exit_name: str, data: JsonValue) -> JsonValue:
        """The checked data of an exit for the flow; raises `ExitUnknown`, `FormInvalid` and others."""
        if not self.page.allows_exit(exit_name):
            raise ExitUnknown(
                f"The page has no exit {exit_name[:60]!r}.",
                hint=nearest(exit_name[:60], self.page.exits()),
            )
        action = self.page.actions.get(exit_name)
        if (action is not None and action.on == "row") or exit_name in self._row_exits():
            return await self._receive_row(data)
        opening = await self._with_reads()
        return self._type.receive(self.page, exit_name, data, opening)

    def _row_exits(self) -> frozenset[str]:
        return self.opening.exits.intersection(self.page.row_exits)

    async def download(self, key: str) -> Download:
        """The request for the content of a row's file; `RowNotFound`."""
        files = self._files()
        row = await self.raw_row(self._part(None), key)
        return files.download(self.page, row, self.opening)

    async def stored_file(self, key: str, field: str) -> FileValue:
        """The file that a row holds in a column that the page shows; `RowNotFound`, `FileGone`."""
        part = self._part(None)
        column = part.column(field[:_MAX_KEY])
        if column is None or column.type != "file" or not column.shown:
            raise PartUnknown("This page has no such file.")
        value = column.value_of(await self.raw_row(part, key))
        if value is None:
            raise FileGone("There is no file in this entry.")
        return FileValue.of(value)

    def upload(self, name: str) -> Upload:
        """The requests that store a file of that name where the page shows files."""
        return self._files().upload(self.page, name, self.opening)

    def _files(self) -> FilesType:
        if not hasattr(self._type, "download"):
            raise PartUnknown("This page has no files.")
        return cast(FilesType, self._type)

    async def _receive_row(self, data: JsonValue) -> JsonValue:
        if not isinstance(data, Mapping) or not {"key"} <= data.keys() <= {"key", "part"}:
            raise InvalidInput("An action on a row sends {key}.")
        key, part = data["key"], data.get("part")
        if not isinstance(key, str) or not isinstance(part, str | None):
            raise InvalidInput("The key of a row is a text.")
        found = self._part(part)
        row = await self.raw_row(found, key)
        fields = self.opening.list(found.list).fields
        # The row becomes a variable: sensitive values are never saved in a flow's state, and a
        # long text would fill it. A form or detail page over the row reads what is left out.
        return {
            name: value
            for name, value in row.items()
            if name not in fields or not (fields[name].sensitive or _is_long(value))
        }

    def _part(self, name: str | None) -> Part:
        parts = self._type.parts(self.page, self.opening)
        if not parts:
            raise PartUnknown("This page has no rows.")
        if name is None:
            return next(iter(parts.values()))
        if name not in parts:
            raise PartUnknown(
                f"The page has no part {name[:60]!r}.", hint=nearest(name[:60], parts)
            )
        return parts[name]

    async def _with_reads(self) -> Opening:
        rows: dict[str, list[JsonObject]] = {}
        totals: dict[str, int] = {}
        for name, query in self._type.reads(self.page, self.opening).items():
            read = await self._read(query)
            rows[name], totals[name] = list(read.rows), read.total
        return self.opening.with_rows(rows, totals)

    async def _read(self, query: RowQuery) -> RowsRead:
        if query.value is not None:
            return RowsRead([await self._whole(query.list, query.value)], 1)
        if any(f.field == "_key" for f in query.filters):
            return await self._read(_by_key(query))
        return await self._source(query).read(query)

    async def _whole(self, list_name: str, row: JsonObject) -> JsonObject:
        """A row of the flow with the values that were left out when it became a variable."""
        definition = self.opening.list(list_name)
        key = row.get("_key")
        missing = definition.fields.keys() - row.keys()
        if not missing or not isinstance(key, str) or not definition.is_table:
            return row
        stored = (await self._read(RowQuery(list_name, key=key, limit=1))).rows
        return {**stored[0], **row} if stored else row

    def _source(self, query: RowQuery) -> RowSource:
        if self.opening.list(query.list).is_table:
            return self._database
        types = {
            name: {field: item.type for field, item in definition.fields.items()}
            for name, definition in self.opening.lists.items()
        }
        return TransientRows(self.opening.scope, types)


def _by_key(query: RowQuery) -> RowQuery:
    """A condition on `_key` as the query's own key."""
    keys = [f.value for f in query.filters if f.field == "_key"]
    rest: tuple[RowFilter, ...] = tuple(f for f in query.filters if f.field != "_key")
    return replace(query, filters=rest, key=str(keys[0]))


def _is_long(value: JsonValue) -> bool:
    return isinstance(value, str) and len(value) > _LONGEST_VALUE


async def _each(rows: list[JsonObject]) -> AsyncIterator[JsonObject]:
    for row in rows:
        yield row


def shown_row(part: Part, row: JsonObject, *, exact: bool = False) -> JsonObject:
    """A row of the list as the part's columns show it; HTML as one line of text.

    Unless `exact`, an integer that a browser's numbers would round is a text.
    """
    shown: JsonObject = {"_key": row["_key"]}
    for column in part.columns:
        if column.shown:
            value = column.value_of(row)
            is_html = column.type == "html" and isinstance(value, str)
            if isinstance(value, int) and not exact and abs(value) > _BROWSER_INTEGERS:
                value = str(value)
            shown[column.name] = html_as_text(value) if is_html else value
    return shown


def _action(name: str, action: Action, opening: Opening) -> JsonObject:
    confirm = action.confirm
    if confirm is not None and action.on == "page":
        confirm = opening.render(confirm)
    return {
        "name": name,
        "title": action.title,
        "icon": action.icon,
        "appearance": action.appearance,
        "on": action.on,
        "confirm": confirm,
    }
