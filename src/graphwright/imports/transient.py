"""Imports into transient lists: items become rows in memory, with no table behind them."""

from collections.abc import Iterable, Mapping
from typing import Final

from graphwright.imports.definition import ImportDefinition
from graphwright.imports.errors import ImportFailed
from graphwright.imports.map import Mapper
from graphwright.imports.report import ImportReport
from graphwright.imports.rows import ChildRow, Mapped, Removed, Row
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists import ListDefinition, ListTable, build_tables
from graphwright.lists.tables import column_names
from graphwright.lists.values import read

# They are kept with the flow's state, which holds 1 MB.
_MOST_ROWS: Final = 10_000


class TransientImporter:
    """Maps items to rows of a transient list, by the same rules as for a table."""

    def __init__(
        self, definitions: Mapping[str, ListDefinition], definition: ImportDefinition
    ) -> None:
        # All lists, since a field may refer to one that is a table.
        stored = {
            name: found.model_copy(update={"storage": "database"})
            for name, found in definitions.items()
        }
        self._tables: dict[str, ListTable] = build_tables(stored)
        self.mapper = Mapper(definition, self._tables)
        self.report = ImportReport()
        self._rows: dict[str, JsonObject] = {}
        self._number = 0

    @property
    def rows(self) -> list[JsonObject]:
        """The rows so far, as pages and expressions read them."""
        return list(self._rows.values())

    def apply(self, items: Iterable[JsonValue]) -> None:
        """Takes items; `ImportFailed` over 10,000 rows, or where a policy says so."""
        for item in items:
            self._number += 1
            found = self.mapper.map(item, self._number)
            if isinstance(found, Mapped):
                self.report.note(found.notices)
                self._rows[found.row.key] = self._read(found.row)
            elif isinstance(found, Removed):
                self._rows.pop(found.key, None)
            else:
                self.report.skipped += 1
                self.report.note(found.reasons)
        self.report.inserted = len(self._rows)
        if len(self._rows) > _MOST_ROWS:
            raise ImportFailed(
                f"A transient list holds at most {_MOST_ROWS:,} rows.",
                hint="Use a list with `storage: database`.",
            )

    def _read(self, row: Row) -> JsonObject:
        values = _values(self.mapper.listed, self.mapper.columns, row.values)
        etag: JsonObject = {} if row.etag is None else {"_etag": row.etag}
        return {"_key": row.key, **etag, **values, **self._read_children(row.children)}

    def _read_children(self, children: Mapping[str, list[ChildRow]]) -> JsonObject:
        return {
            name: [
                {
                    "_key": row.key,
                    **_values(self._tables[name], self.mapper.child_columns(name), row.values),
                    **self._read_children(row.children),
                }
                for row in rows
            ]
            for name, rows in children.items()
        }


def _values(listed: ListTable, columns: list[str], values: tuple[object, ...]) -> JsonObject:
    by_column = dict(zip(columns, values, strict=True))
    return {
        name: read(field.type, tuple(by_column.get(c) for c in column_names(name, field)))
        for name, field in listed.definition.fields.items()
    }
