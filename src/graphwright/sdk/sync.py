"""Keeps a table equal to a collection of Graph, by its changes where Graph tells them.

Knows requests and imports, which know nothing of each other. The delta link lies beside the rows and
is written after them: what is cut off between both is done once more, and nothing is lost.
Source: https://learn.microsoft.com/graph/delta-query-overview
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError
from sqlalchemy.engine import Connection

from graphwright.expressions import MISSING, compile_expression
from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.collection import CollectionHandle, Page
from graphwright.http.errors import HttpError
from graphwright.http.url import encode_query
from graphwright.imports import ImportDefinition, Importer, ImportReport, Mode
from graphwright.imports.items import REMOVED, is_annotation, merge_reads
from graphwright.imports.shapes import Shape, scalar_type
from graphwright.imports.write import continuations
from graphwright.kernel.database import Database, data_metadata, open_file
from graphwright.kernel.errors import GraphwrightError, InvalidInput
from graphwright.kernel.values import JsonValue
from graphwright.lists import ListDefinition, Lists
from graphwright.lists.schema import read_applied
from graphwright.nodes.import_data.run import reader_of

Model = TypeVar("Model", bound=BaseModel)

# Places to go on at that are no more; the codes come with another status too.
_GONE = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})
_GONE |= {"directory_expiredpagetoken"}
_SHARED = ""

links = sa.Table(
    "_sync_links",
    data_metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("link", sa.Text),
    sa.Column("mapping", sa.Text, nullable=False),
    sa.Column("saved_at", sa.Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the rows go, and what becomes which column."""

    into: str | Path = field(repr=False)  # A URL may hold a password.
    table: str
    fields: dict[str, str]
    key: tuple[str, ...]
    types: dict[str, str]

    def open(self) -> Database:
        """The database, which nobody has connected to yet."""
        scheme, is_url, _ = str(self.into).partition("://")
        if is_url and scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
            raise InvalidInput(
                f"Rows cannot go to {scheme[:20]}.",
                hint="Name an SQLite file by its path, or a database as postgresql://user@host/name.",
            )
        into = str(self.into)
        return Database(into) if is_url else open_file(Path(into).expanduser())


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did. `reasons`: why items became no rows, the first of all."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    skipped: int = 0
    duplicates: int = 0
    reasons: list[tuple[str, str]] = field(default_factory=list)
    pages: int = 0
    resumed: bool = False
    """It went on where a run before was cut off."""
    resynced: bool = False
    """The delta link was too old, so everything was read again."""
    delta: bool = False
    """The next sync asks for the changes alone."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a sync before left: the mapping it wrote by, and its delta link, if it ended with one."""

    mapping: Mapping[str, Any]
    link: str | None


async def synchronise(client: HttpClient, call: Call, destination: Destination) -> SyncReport:
    """Brings the rows of the call's scope up to date."""
    database = await asyncio.to_thread(destination.open)
    try:
        await asyncio.to_thread(database.upgrade, data_metadata)
        return await _Sync(client, call, destination, database).run()
    finally:
        await asyncio.to_thread(database.close)


class _Sync:
    """One sync of one scope."""

    def __init__(
        self, client: HttpClient, call: Call, destination: Destination, database: Database
    ) -> None:
        self._client = client
        self._given = call
        self._call = _select(call, destination.fields.values())
        self._to = destination
        self._database = database
        self._scope = CollectionHandle(call).scope
        self._mapping = {
            "fields": destination.fields,
            "key": list(destination.key),
            "types": destination.types,
        }

    async def run(self) -> SyncReport:
        """Goes on where the run before ended or was cut off; from the beginning where it cannot."""
        kept = await self._database.read(_find, self._to.table, self._scope)
        known = (await self._database.read(read_applied)).get(self._to.table)
        if kept is None or known is None or kept.mapping != self._mapping:
            return await self._begin_anew(kept)
        lists = await self._prepare(known.definition)
        importer = self._importer(lists, "replace" if kept.link is None else "upsert")
        continuation = await importer.resume()
        begin = continuation if isinstance(continuation, str) else kept.link
        try:
            page = await self._page(begin)
            return await self._drain(importer, begin, page, resumed=continuation is not None)
        except HttpError as error:
            if begin is None or not _is_gone(error):
                raise
            # From the request itself: the place that a 410 names may have lost its $select.
            return await self._begin_anew(kept, resynced=True)

    async def _begin_anew(self, kept: _Kept | None, *, resynced: bool = False) -> SyncReport:
        page = await self._page(None)
        definition = await self._database.read(_define, self._to, kept, page.items)
        importer = self._importer(await self._prepare(definition), "replace")
        # With the old link goes the place where a run by it was cut off: it must not be gone on
        # with as if it had read everything.
        await self._save(None, forget=True)
        return await self._drain(importer, None, page, resynced=resynced)

    async def _prepare(self, definition: ListDefinition) -> Lists:
        """The lists of the database, the destination's brought to its definition."""
        applied = await self._database.read(read_applied)
        others = {name: one.definition for name, one in applied.items() if not one.is_hidden}
        lists = Lists(others | {self._to.table: definition}, self._database)
        await lists.prepare()
        return lists

    async def _page(self, begin: str | None) -> Page:
        """The page to begin with; where the resource refuses the $select of ours, without it."""
        try:
            return await self._client.page(self._call, begin)
        except HttpError as error:
            if begin is not None or error.status != 400 or self._call is self._given:
                raise
            self._call = self._given
            return await self._client.page(self._call, None)

    def _importer(self, lists: Lists, mode: Mode) -> Importer:
        to = self._to
        definition = _validated(ImportDefinition, {"list": to.table, "fields": to.fields})
        return Importer(lists, definition, name=to.table, owner=None, scope=self._scope, mode=mode)

    async def _drain(
        self, importer: Importer, begin: str | None, first: Page, **told: bool
    ) -> SyncReport:
        handle = CollectionHandle(self._call, begin, first)
        count, link = 0, None
        try:
            async with aclosing(
                handle.pages(self._client, read=reader_of(importer.mapper))
            ) as pages:
                async for page in pages:
                    count += 1
                    link = page.delta
                    await importer.apply(page.items, page.next, page.size)
        except GraphwrightError as error:
            if error.retryable:
                with suppress(GraphwrightError):
                    await importer.keep()
            raise
        report = await importer.finish()
        await self._save(link)
        return _told(report, pages=count, delta=link is not None, **told)

    async def _save(self, link: str | None, *, forget: bool = False) -> None:
        await self._database.write(
            _save, self._to.table, self._scope, link, self._mapping, forget=forget
        )


def _is_gone(error: HttpError) -> bool:
    return error.status == 410 or (error.graph_code or "").lower() in _GONE


def _select(call: Call, sources: Iterable[str]) -> Call:
    """The call, which asks for what the expressions read, unless it says itself what it asks for."""
    reads = merge_reads(*(compile_expression(source).reads() for source in sources))
    options = {name.lower() for name, _ in parse_qsl(urlsplit(call.url).query)}
    if reads is True or options & {"$select", "$expand"}:
        return call
    names = ",".join(name for name in reads if not is_annotation(name))
    return replace(
        call, url=f"{call.url}{'&' if options else '?'}{encode_query([('$select', names)])}"
    )


def _told(report: ImportReport, **more: Any) -> SyncReport:
    found: dict[str, Any] = {**report.counts, "reasons": list(report.reasons), **more}
    return SyncReport(**found)


def _find(connection: Connection, name: str, scope: str) -> _Kept | None:
    row = connection.execute(sa.select(links).where(*_here(links, name, scope))).first()
    return None if row is None else _Kept(json.loads(row.mapping), row.link)


def _save(
    connection: Connection,
    name: str,
    scope: str,
    link: str | None,
    mapping: Mapping[str, Any],
    *,
    forget: bool,
) -> None:
    connection.execute(sa.delete(links).where(*_here(links, name, scope)))
    if forget:
        connection.execute(sa.delete(continuations).where(*_here(continuations, name, scope)))
    connection.execute(
        sa.insert(links).values(
            name=name,
            owner=_SHARED,
            scope=scope,
            kind="delta",
            link=link,
            mapping=json.dumps(mapping),
            saved_at=datetime.now(UTC).isoformat(),
        )
    )


def _here(table: sa.Table, name: str, scope: str) -> list[sa.ColumnElement[bool]]:
    return [table.c.name == name, table.c.owner == _SHARED, table.c.scope == scope]


def _define(
    connection: Connection, to: Destination, kept: _Kept | None, items: list[JsonValue]
) -> ListDefinition:
    """The list of a destination: types as given, as they were, or as the items show."""
    before = read_applied(connection).get(to.table)
    mapped: Mapping[str, str] = kept.mapping["fields"] if kept is not None else {}
    said: Mapping[str, str] = kept.mapping["types"] if kept is not None else {}
    items = [item for item in items if not (isinstance(item, dict) and REMOVED in item)]
    there = before.definition.fields if before is not None else {}
    # The columns of another collection in the same table stay.
    types: dict[str, str] = {name: was.type for name, was in there.items()}
    for name, source in to.fields.items():
        was = there.get(name)
        if name in to.types:
            types[name] = to.types[name]
        elif was is not None and name not in said and mapped.get(name, source) == source:
            types[name] = was.type
        else:
            types[name] = _find_type(source, items)
    unknown = to.types.keys() - to.fields.keys()
    if unknown:
        raise InvalidInput(f"`types` names {min(unknown)}, which is no column of `fields`.")
    return _validated(
        ListDefinition,
        {
            "owner": "shared",
            "key": to.key,
            "fields": {name: {"type": found} for name, found in types.items()},
        },
    )


def _find_type(source: str, items: Iterable[JsonValue]) -> str:
    """The type of the values that an expression finds; text, which takes most, where it finds none."""
    expression = compile_expression(source)
    shape = Shape()
    for item in items:
        value = expression.evaluate_item(item)
        if value is not MISSING:
            shape.add(value)
    if shape.is_object and shape.is_zoned_datetime:
        return "zoned_datetime"
    if shape.kinds <= {"null"}:
        return "text"
    found = scalar_type(shape)
    return "text" if found == "html" else found


def _validated(model: type[Model], values: dict[str, Any]) -> Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(
            f"The table cannot be made: {where}{': ' if where else ''}{first['msg']}.",
            hint="Names have small letters, digits and single _, and begin with a letter.",
        ) from None
