"""What goes well with an example: a name, a page that shows its list, the fields of a range. Pure."""

import re
from collections.abc import Container, Iterator, Mapping
from typing import Final

from graphwright.imports.infer import Inferred, infer, name_from
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists.definition import NAME_LENGTH
from graphwright.pages.definition import PageDefinition

_TIMES: Final = ("zoned_datetime", "datetime", "date")
_MOST_COLUMNS: Final = 7
_MOST_ITEMS: Final = 10_000
_STARTS: Final = re.compile(r"starts?(_date)?(_time)?|from(_date)?(_time)?|begin(s|_date|_time)?")
_ENDS: Final = re.compile(r"ends?(_date)?(_time)?|(to|until)(_date)?(_time)?|due(_date)?(_time)?")
_TITLES: Final = ("subject", "title", "display_name", "name", "topic", "label")
_SENDERS: Final = (
    "from_email_address_name",
    "sender_email_address_name",
    "from_email_address_address",
    "sender_email_address_address",
)
_MESSAGE_OPTIONS: Final = {
    "preview": ("body_preview", "text"),
    "read": ("is_read", "boolean"),
    "has_attachments": ("has_attachments", "boolean"),
}


class ListFields:
    """The fields of an inferred list, to look for some by what they are."""

    def __init__(self, fields: Mapping[str, JsonObject]) -> None:
        self._fields = fields

    def named(self, *names: str, of: Container[str] = ("text",)) -> str | None:
        """The first of these names that there is, of one of the types."""
        return next((name for name in names if self._type(name) in of), None)

    def matching(self, pattern: re.Pattern[str], of: Container[str]) -> str | None:
        """The first field whose whole name matches."""
        return next(
            (name for name in self._fields if pattern.fullmatch(name) and self._type(name) in of),
            None,
        )

    def shown(self, without: Container[str] = ()) -> Iterator[str]:
        """Fields that people see, in their order, without those of such a type."""
        for name, field in self._fields.items():
            if not field.get("hidden") and field["type"] not in without:
                yield name

    def _type(self, name: str) -> str | None:
        field = self._fields.get(name)
        return None if field is None else str(field["type"])


def propose(example: JsonValue, name: str, taken: Container[str]) -> tuple[str, Inferred]:
    """Lists and an import, under a name that the example suggests where none is given."""
    if not name:
        name = base = propose_name(example)
        number = 2
        while name in taken:
            name = f"{base}_{number}"
            number += 1
    return name, infer(_first_items(example), name)


def _first_items(example: JsonValue) -> JsonValue:
    """The example with so many items as can be looked at in a second or two."""
    if isinstance(example, list):
        return example[:_MOST_ITEMS]
    if isinstance(example, dict) and isinstance(example.get("value"), list):
        return {**example, "value": example["value"][:_MOST_ITEMS]}
    return example


def propose_name(example: JsonValue) -> str:
    """What the items are, in the singular: by the example's `@odata.context`, else `item`."""
    for said in _what_is_said(example):
        parts = [part for part in _without_brackets(said).split("/") if part]
        last = next((part for part in reversed(parts) if not part.startswith(("$", "@"))), "")
        found = name_from(last.rpartition(".")[2])[: NAME_LENGTH - 14].rstrip("_")
        if found and not found.startswith(("sqlite_", "pg_")):
            return {"calendar_view": "event"}.get(found, found)
    return "item"


def _without_brackets(text: str) -> str:
    """The text outside of ( ): keys and selected properties are no names of types."""
    depth = 0
    kept = ""
    for character in text[:2_000]:
        depth += (character == "(") - (character == ")")
        if depth == 0 and character != ")":
            kept += character
    return kept


def _what_is_said(example: JsonValue) -> Iterator[str]:
    """Texts of the example that name a type, the surest first."""
    if not isinstance(example, dict):
        return
    found = example.get("value")
    first = found[0] if isinstance(found, list) and found else example
    if isinstance(first, dict) and isinstance(first.get("@odata.type"), str):
        yield first["@odata.type"].removeprefix("#")
    context = example.get("@odata.context")
    if isinstance(context, str):
        said = context.partition("#")[2]
        collection = re.fullmatch(r"Collection\(([^()]*)\)", said)
        yield collection.group(1) if collection else said


def propose_within(fields: ListFields) -> tuple[str, str] | None:
    """The fields that say when a row begins and ends."""
    start, end = fields.matching(_STARTS, _TIMES), fields.matching(_ENDS, _TIMES)
    return None if start is None or end is None else (start, end)


def propose_page(name: str, title: str, fields: ListFields) -> JsonObject:
    """A page over the list that is valid as it is."""
    value = _calendar(name, fields) or _messages(name, title, fields) or _table(name, title, fields)
    PageDefinition.read(value)  # what is proposed can be saved
    return value


def _calendar(name: str, fields: ListFields) -> JsonObject | None:
    within = propose_within(fields)
    title = fields.named(*_TITLES) or next(fields.shown(("html", "json", *_TIMES)), None)
    if within is None or title is None:
        return None
    start, end = within
    used: dict[str, str | None] = {
        "title": title,
        "start": start,
        "end": end,
        "all_day": fields.named("is_all_day", "all_day", of=("boolean",)),
        "location": fields.named("location_display_name", "location", "place"),
    }
    mapped = {role: field for role, field in used.items() if field is not None}
    return {"type": "calendar", "title": "Calendar", "list": name, "fields": mapped}


def _messages(name: str, title: str, fields: ListFields) -> JsonObject | None:
    used: dict[str, str | None] = {
        "from": fields.named(*_SENDERS),
        "subject": fields.named("subject"),
        "body": fields.named("body_content", "body_preview", of=("html", "text")),
        "received": fields.named(
            "received_date_time", "sent_date_time", "created_date_time", of=("datetime",)
        ),
    }
    mapped = {role: field for role, field in used.items() if field is not None}
    if len(mapped) < len(used):
        return None
    for role, (field, field_type) in _MESSAGE_OPTIONS.items():
        if fields.named(field, of=(field_type,)) and field != mapped["body"]:
            mapped[role] = field
    return {"type": "message", "title": title, "list": name, "fields": mapped}


def _table(name: str, title: str, fields: ListFields) -> JsonObject:
    columns = list(fields.shown(("html", "json")))[:_MOST_COLUMNS] or list(fields.shown())[:1]
    value: JsonObject = {"type": "table", "title": title, "list": name}
    if columns:
        value["columns"] = columns
    sort = fields.named(*_TITLES)
    if sort is not None:
        value["sort"] = sort
    return value
