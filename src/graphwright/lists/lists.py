"""The lists of one application, as flows, pages and the command line use them: an async facade.

Transient lists live in a flow's state, not here. Who owns which rows is decided in `query`.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Final

from graphwright.kernel.database import Database, data_metadata
from graphwright.kernel.values import JsonObject
from graphwright.lists import query as rows
from graphwright.lists import schema
from graphwright.lists.changes import Change, Plan
from graphwright.lists.definition import ListDefinition
from graphwright.lists.query import RowPage, RowQuery
from graphwright.lists.tables import ListTable, build_tables, find_table

_CHUNK: Final = 500


class Lists:
    """The database lists of an application."""

    def __init__(self, definitions: Mapping[str, ListDefinition], database: Database) -> None:
        self.definitions = dict(definitions)
        self.database = database
        self.tables = build_tables(definitions)

    def table(self, name: str) -> ListTable:
        """The list's table; `ListUnknown` where there is none."""
        return find_table(self.tables, name)

    async def plan(self) -> Plan:
        """What `prepare` would do."""
        self.database.upgrade(data_metadata)
        return await self.database.read(schema.plan, self.tables)

    async def prepare(self) -> tuple[Change, ...]:
        """Brings the tables to the definitions; `ListChangeRefused` where rows would be lost."""
        self.database.upgrade(data_metadata)
        return await self.database.write(schema.apply, self.tables)

    async def query(self, name: str, owner: str | None, query: RowQuery) -> RowPage:
        """The rows of a query that this owner may see, and how many there are."""
        return await self.database.read(rows.select_rows, self.table(name), owner, query)

    async def row(
        self, name: str, owner: str | None, key: str, parent: str | None = None
    ) -> JsonObject:
        """One row by its key; `RowNotFound` where this owner has none."""
        return await self.database.read(rows.get_row, self.table(name), owner, key, parent)

    async def children(
        self, name: str, owner: str | None, key: str, parent: str | None = None
    ) -> dict[str, list[JsonObject]]:
        """The child rows of a row, by child list."""
        return await self.database.read(rows.get_children, self.table(name), owner, key, parent)

    async def export(
        self, name: str, owner: str | None, query: RowQuery
    ) -> AsyncIterator[JsonObject]:
        """All rows of a query (its offset and limit do not count), in its order, a few at a time.

        A row that goes meanwhile is left out; none comes twice.
        """
        listed = self.table(name)
        places = await self.database.read(rows.select_places, listed, owner, query)
        for start in range(0, len(places), _CHUNK):
            chunk = places[start : start + _CHUNK]
            for row in await self.database.read(rows.get_rows, listed, owner, chunk):
                yield row

    async def count(self, name: str, owner: str | None = None) -> int:
        """How many rows: of one owner, or of all where none is given."""
        return await self.database.read(rows.count_rows, self.table(name), owner)

    async def files_in_use(self) -> set[str]:
        """The ids of the files that rows hold."""
        return await self.database.read(schema.files_in_use)

    async def prune(self, name: str) -> list[str]:
        """Drops the values of the list's removed fields for good; gives the fields' names."""
        return await self.database.write(schema.prune, self.table(name))

    async def prune_hidden_lists(self) -> list[str]:
        """Drops the tables of removed lists for good; gives their names."""
        return await self.database.write(schema.prune_hidden_lists)
