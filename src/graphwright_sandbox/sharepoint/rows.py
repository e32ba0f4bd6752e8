"""Rows of lists: written by their columns' rules, shown by their columns. Files of a library are
rows as well. Knows no HTTP."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.sharepoint.columns import (
    LOOKUPS,
    all_columns,
    calculate,
    default_fields,
    facet_of,
    find_column,
    read_fields,
    takes_several,
)
from graphwright_sandbox.sharepoint.errors import invalid_request, item_not_found, name_exists
from graphwright_sandbox.sharepoint.models import (
    Identity,
    Item,
    ListData,
    Row,
    Site,
    Version,
    keep_version,
)
from graphwright_sandbox.sharepoint.names import check_name
from graphwright_sandbox.sharepoint.seed_lists import USER_LIST, user_fields, user_number
from graphwright_sandbox.sharepoint.store import SharePoint

_MAXIMUM_VERSIONS = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one list as one caller works on them now."""

    store: SharePoint
    site: Site
    data: ListData
    actor: Identity
    now: datetime

    def all(self) -> Iterable[Row | Item]:
        """All rows by number; of a library all but its root."""
        if not self.data.is_library:
            return self.data.rows.values()
        items = (item for item in self.data.items.values() if item.parent is not None)
        return sorted(items, key=lambda item: item.number)

    def find(self, identifier: str) -> Row | Item:
        """The row of a number or GUID."""
        wanted = identifier.lower()
        for row in self.all():
            if wanted in (str(row.number), row.unique):
                return row
        raise item_not_found("The specified item was not found.")

    def create(self, fields: Mapping[str, Any]) -> Row:
        """A new row."""
        if self.data.is_library:
            raise invalid_request("A file of a document library is created by its content.")
        kept = {**default_fields(self.data), **self._read(fields)}
        number = self.data.next_number
        row = Row(number, str(uuid.uuid4()), self.now, self.now, self.actor, self.actor, kept)
        self._check_unique(row, kept)
        self.data.rows[number] = row
        self.data.next_number += 1
        self.data.modified = self.now
        self.store.record_row(self.site, self.data, number, "created")
        return row

    def change(self, row: Row | Item, fields: Mapping[str, Any]) -> None:
        """Other values for some columns; what was before stays as a version."""
        kept = self._read(fields)
        self._check_unique(row, kept)
        self._replace(row, {**row.fields, **kept})

    def restore(self, row: Row | Item, version: Version) -> None:
        """The values of an earlier version."""
        self._replace(row, dict(version.fields))

    def remove(self, row: Row) -> None:
        del self.data.rows[row.number]
        self.data.modified = self.now
        self.store.record_row(self.site, self.data, row.number, "deleted")

    def _replace(self, row: Row | Item, fields: dict[str, Any]) -> None:
        if isinstance(row, Item):
            name = fields.pop("FileLeafRef", row.name)
            if name != row.name and self.data.child(row.parent or "", check_name(name)):
                raise name_exists()
            keep_version(row)
            row.name = name
            row.revision += 1
        else:
            row.versions.append(Version(row.version, row.modified, row.editor, b"", row.fields))
            row.version += 1
        del row.versions[:-_MAXIMUM_VERSIONS]
        row.fields, row.modified, row.editor = fields, self.now, self.actor
        self.data.modified = self.now
        if isinstance(row, Item):
            self.store.record_item(self.site, self.data, row, "updated")
        else:
            self.store.record_row(self.site, self.data, row.number, "updated")

    def _read(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return read_fields(self.data, fields, self._has_row)

    def _check_unique(self, row: Row | Item, fields: Mapping[str, Any]) -> None:
        for column in self.data.columns:
            value = fields.get(column["name"])
            if not column["enforceUniqueValues"] or value is None:
                continue
            if any(
                one is not row and one.fields.get(column["name"]) == value for one in self.all()
            ):
                raise invalid_request(f"The value of '{column['name']}' is taken by another item.")

    def _has_row(self, column: Mapping[str, Any], number: int) -> bool:
        target = self._target(column)
        return target is not None and any(row.number == number for row in target.all())

    def _target(self, column: Mapping[str, Any]) -> "Rows | None":
        """The list that a lookup or person column refers to."""
        if facet_of(column) == "personOrGroup":
            found = next(one for one in self.site.lists.values() if one.name == USER_LIST)
        else:
            identifier = str(column["lookup"].get("listId") or "").lower()
            if identifier not in self.site.lists:
                return None
            found = self.site.lists[identifier]
        return Rows(self.store, self.site, found, self.actor, self.now)

    def number_of(self, identity: Identity) -> int | None:
        """The number by which a person column refers to somebody, who becomes known to the site by
        it; None for an application."""
        person = self.store.context.find_person(identity.get("user", {}).get("id", ""))
        if person is None:
            return None
        number = user_number(self.site, person.id)
        if number is None:
            users = next(one for one in self.site.lists.values() if one.name == USER_LIST)
            number = users.next_number
            users.next_number += 1
            users.rows[number] = Row(
                number,
                str(uuid.uuid4()),
                self.now,
                self.now,
                self.actor,
                self.actor,
                user_fields(person),
            )
        return number

    def show(
        self, row: Row | Item, version: Version | None = None, chosen: Iterable[str] | None = None
    ) -> dict[str, Any]:
        """The fields of a row, or of what it was; empty ones are left out, as SharePoint does.

        `chosen`: only these columns. A lookup shows its text where it is chosen by its name.
        """
        kept = row.fields if version is None else version.fields
        values = self._computed(row, version)
        for column in self.data.columns:
            name = column["name"]
            value: Any = kept.get(name)
            if facet_of(column) == "calculated":
                value = calculate(column, kept)
            if value is None or value == []:
                continue
            if facet_of(column) not in LOOKUPS:
                values[name] = value
            elif takes_several(column):
                values[name] = [
                    {"LookupId": one, "LookupValue": self._text(column, one)} for one in value
                ]
            else:
                values[f"{name}LookupId"] = str(value)
        if chosen is None:
            return values
        return self._choose(values, chosen, row)

    def _choose(
        self, values: dict[str, Any], chosen: Iterable[str], row: Row | Item
    ) -> dict[str, Any]:
        result: dict[str, Any] = {"@odata.etag": row.etag}
        known = {name.casefold(): name for name in values}
        for wanted in chosen:
            column = find_column(self.data, wanted.removesuffix("LookupId"))
            if column is None and wanted.casefold() not in known:
                raise invalid_request(f"Field '{wanted}' is not recognized")
            name = known.get(wanted.casefold())
            if name is not None:
                result[name] = values[name]
            elif column is not None and facet_of(column) in LOOKUPS:
                number = values.get(f"{column['name']}LookupId")
                if number is not None:
                    result[column["name"]] = self._text(column, int(number))
        return result

    def _text(self, column: Mapping[str, Any], number: int) -> str | None:
        target = self._target(column)
        shown = column.get("lookup", {}).get("columnName") or "Title"
        for row in target.all() if target else ():
            if row.number == number:
                text = row.name if isinstance(row, Item) else row.fields.get(shown)
                return None if text is None else str(text)
        return None

    def _computed(self, row: Row | Item, version: Version | None) -> dict[str, Any]:
        """What every row has."""
        kept = row.fields if version is None else version.fields
        number = row.version if version is None else version.number
        modified = row.modified if version is None else version.modified
        editor = row.editor if version is None else version.editor
        values: dict[str, Any] = {"@odata.etag": row.etag, "id": str(row.number)}
        if isinstance(row, Item):
            values |= {
                "FileLeafRef": row.name,
                "ContentType": "Folder" if row.folder else "Document",
            }
            if not row.folder:
                values["DocIcon"] = row.name.rpartition(".")[2].lower()
                values["FileSizeDisplay"] = str(len(row.content))
        else:
            values |= {"ContentType": "Item", "Attachments": False}
        if kept.get("Title") is not None:
            values["Title"] = kept["Title"]
            if not isinstance(row, Item):
                values["LinkTitle"] = kept["Title"]
        values |= {
            "Modified": format_instant(modified),
            "Created": format_instant(row.created),
            "_UIVersionString": f"{number}.0",
        }
        for name, identity in (("Author", row.creator), ("Editor", editor)):
            reference = self.number_of(identity)
            if reference is not None:
                values[f"{name}LookupId"] = str(reference)
        return values


def field_names(data: ListData) -> set[str]:
    """Every name by which a query may name a field, in lower case."""
    names = {"id"}
    for column in all_columns(data):
        names.add(column["name"].casefold())
        if facet_of(column) in LOOKUPS:
            names.add(f"{column['name']}LookupId".casefold())
    return names
