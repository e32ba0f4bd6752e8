"""Pages as the portal would show them, over rows of an example in a database of their own.

A preview is opened through `pages.open` exactly as a step of a flow is. Its database lies in a temporary
folder and is removed with it. Rows of people are never read from the draft's data; shared ones are.
"""

import asyncio
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from graphwright.application.definition import Application
from graphwright.expressions import compile_expression
from graphwright.flows.context import describe_now
from graphwright.imports import ImportDefinition, Importer
from graphwright.imports.transient import TransientImporter
from graphwright.kernel.database import Database
from graphwright.kernel.errors import GraphwrightError, InvalidInput, NotFound
from graphwright.kernel.ids import new_id
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists import ListDefinition, Lists
from graphwright.lists.definition import root_of
from graphwright.lists.effects import is_applied
from graphwright.page_types.calendar.config import Config as CalendarPage
from graphwright.pages.definition import PageDefinition
from graphwright.pages.open import OpenPage
from graphwright.pages.opening import Opening
from graphwright.pages.ranges import Range, read_range
from graphwright.pages.rows import DatabaseRows, RowQuery, comparable

OWNER: Final = "preview"
MOST_PREVIEWS: Final = 6
MOST_ITEMS: Final = 1_000
_PART: Final = 200
_ROWS_FOR_RANGE: Final = 500


@dataclass(frozen=True)
class Rows:
    """A document and the import that makes rows of it."""

    title: str
    name: str
    definition: ImportDefinition
    document: JsonValue = field(repr=False)


@dataclass(frozen=True)
class Asked:
    """A page to be previewed: what is known where a flow shows it, and documents for its lists."""

    application: Application
    name: str
    page: PageDefinition
    scope: Mapping[str, JsonValue]
    rows: Sequence[Rows]
    time_zone: str
    now: datetime


@dataclass(frozen=True)
class Preview:
    """An open preview; `rows_from` says what its rows are."""

    id: str
    page: OpenPage
    rows_from: str
    folder: Path
    scratch: Database

    def close(self) -> None:
        """Removes its database."""
        self.scratch.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def to_step(self) -> JsonObject:
        """The step as the portal gives one."""
        shown = await self.page.to_wire()
        return {
            "kind": "page",
            "instance": self.id,
            "step": 1,
            "path": "/",
            "page": shown,
            "notice": shown["notice"],
        }


class PagePreviews:
    """The latest previews; older ones are closed."""

    def __init__(self, draft: Database, most: int = MOST_PREVIEWS) -> None:
        self._draft = draft
        self._most = most
        self._open: OrderedDict[str, Preview] = OrderedDict()

    async def open(self, asked: Asked) -> Preview:
        """Opens one; errors of the page, of its import and of its expressions are raised."""
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="graphwright-preview-"))
        scratch = Database(f"sqlite:///{folder / 'data.sqlite'}")
        try:
            page, rows_from = await _open(asked, scratch, self._draft)
            preview = Preview(new_id(), page, rows_from, folder, scratch)
            # What cannot be drawn is told now, and nothing of it is kept.
            await preview.to_step()
        except BaseException:
            scratch.close()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._open[preview.id] = preview
        while len(self._open) > self._most:
            await asyncio.to_thread(self._open.popitem(last=False)[1].close)
        return preview

    def get(self, preview: str) -> Preview:
        """An open preview; `NotFound`."""
        if preview not in self._open:
            raise NotFound("This preview is not open any more.", hint="Draw it again.")
        return self._open[preview]

    async def close(self) -> None:
        """Removes all of them."""
        while self._open:
            await asyncio.to_thread(self._open.popitem()[1].close)


async def _open(asked: Asked, scratch: Database, draft: Database) -> tuple[OpenPage, str]:
    page = asked.page
    definitions = related(asked.application.lists, [name for _, name in page.lists()])
    lists, owner, scope = Lists(definitions, scratch), OWNER, dict(asked.scope)
    await lists.prepare()
    told = [await _fill(lists, rows, scope) for rows in asked.rows]
    is_own = any(rows.definition.list == _root(definitions, page.list) for rows in asked.rows)
    if not is_own and await _has_shared_rows(definitions, page.list, draft):
        lists, told = Lists(definitions, draft), ["the draft's own data"]
    source = DatabaseRows(lists, owner)
    if is_own and page.list is not None:
        await _fit(page, definitions, source, scope, asked.time_zone)
    _complete(page, scope, asked)
    opening = Opening(
        scope=scope,
        lists=asked.application.lists,
        time_zone=asked.time_zone,
        now=asked.now,
        exits=frozenset(page.exits()),
    )
    return OpenPage(asked.name, page, opening, source), "; ".join(told) or "none"


async def _fill(lists: Lists, rows: Rows, scope: dict[str, JsonValue]) -> str:
    """Imports a document, its first items; says what came of it."""
    target = lists.definitions.get(rows.definition.list)
    if target is None:
        return f"none: {rows.name} fills {rows.definition.list}, which this page does not show"
    try:
        if not target.is_table:
            transient = TransientImporter(lists.definitions, rows.definition)
            items = transient.mapper.items(rows.document)[:MOST_ITEMS]
            await asyncio.to_thread(transient.apply, items)
            scope[rows.definition.list] = list(transient.rows)
            return _told(rows.title, len(transient.rows), transient.report.skipped)
        importer = Importer(lists, rows.definition, name=rows.name, owner=OWNER)
        items = importer.mapper.items(rows.document)[:MOST_ITEMS]
        for start in range(0, len(items), _PART):
            await importer.apply(items[start : start + _PART])
        report = await importer.finish()
        return _told(rows.title, report.inserted, report.skipped)
    except GraphwrightError as error:
        # The page is shown all the same, and why it has no rows.
        return f"none: {rows.title} does not fit. {error.message}"


def _told(title: str, count: int, skipped: int) -> str:
    left = f", {skipped:,} skipped" if skipped else ""
    return f"{title} ({'one row' if count == 1 else f'{count:,} rows'}{left})"


async def _has_shared_rows(
    definitions: Mapping[str, ListDefinition], name: str | None, draft: Database
) -> bool:
    root = _root(definitions, name)
    if root is None or definitions[root].owner != "shared" or not definitions[root].is_table:
        return False
    stored = {key: found for key, found in definitions.items() if found.is_table}
    return await draft.read(is_applied, stored)


async def _fit(
    page: PageDefinition,
    definitions: Mapping[str, ListDefinition],
    source: DatabaseRows,
    scope: dict[str, JsonValue],
    time_zone: str,
) -> None:
    """Lets the page show rows of the example: its row, its range."""
    name = str(page.list)
    if not definitions[name].is_table:
        return
    rows = (await source.read(RowQuery(name, limit=_ROWS_FOR_RANGE))).rows
    given = getattr(page, "row", None)
    if rows and isinstance(given, str):
        _put(scope, given, rows[0])
    if isinstance(page, CalendarPage):
        kind = definitions[name].fields[page.fields.start].type
        times = [comparable(row.get(page.fields.start), kind) for row in rows]
        starts = sorted(moment for order, moment, *_ in times if order == 0)
        shown = _range_of(page, scope)
        if starts and not (shown and any(shown.start <= start < shown.end for start in starts)):
            _put(scope, page.range, describe_now(starts[0], time_zone)["week"])


def _range_of(page: CalendarPage, scope: Mapping[str, JsonValue]) -> Range | None:
    try:
        return read_range(compile_expression(page.range).evaluate(scope))
    except InvalidInput:
        return None


def _complete(page: PageDefinition, scope: dict[str, JsonValue], asked: Asked) -> None:
    """A calendar that no flow shows yet has this week."""
    if isinstance(page, CalendarPage) and _range_of(page, scope) is None:
        _put(scope, page.range, describe_now(asked.now, asked.time_zone)["week"])


def _put(scope: dict[str, JsonValue], source: str, value: JsonValue) -> None:
    """Sets what a simple path of one name leads to; another expression stays as it is."""
    path = compile_expression(source).path
    if path is not None and len(path) == 1:
        scope[path[0]] = value


def related(
    definitions: Mapping[str, ListDefinition], names: Sequence[str]
) -> dict[str, ListDefinition]:
    """These lists with their parents, children and the lists their fields refer to."""
    found: dict[str, ListDefinition] = {}
    pending = list(names)
    while pending:
        name = pending.pop()
        if name in found or name not in definitions:
            continue
        found[name] = definitions[name]
        pending += _beside(name, definitions)
    return found


def _beside(name: str, definitions: Mapping[str, ListDefinition]) -> Iterator[str]:
    definition = definitions[name]
    if definition.parent is not None:
        yield definition.parent
    yield from (field.list for field in definition.fields.values() if field.list is not None)
    yield from (child for child, other in definitions.items() if other.parent == name)


def _root(definitions: Mapping[str, ListDefinition], name: str | None) -> str | None:
    return None if name is None or name not in definitions else root_of(name, definitions)
