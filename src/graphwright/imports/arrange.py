"""How fields that were found in an example are shown: order, titles, what is hidden. Pure.

Knows Graph's habits of naming and nothing of one resource: what tells rows apart comes first, what only
machines read comes last and is hidden. Nothing is left out here.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from graphwright.kernel.values import JsonObject

# In this order; a name (in snake_case) that matches none stands between them and what is technical.
_FIRST: Final = (
    r"id",
    r"(subject|title|display_name|name|topic|label|text)",
    r"(from|sender)_email_address_name",
    r"(from|sender)_email_address_address",
    r"(start|starts|start_date|start_time|start_date_time)",
    r"(end|ends|end_date|end_time|end_date_time)",
    r"(due|due_date|due_date_time|received_date_time|sent_date_time)",
    r"is_all_day",
    r"(location|location_display_name|place)",
    r"(organizer_email_address_name|owner_display_name|email_address_name)",
    r"(email_address_address|mail|email|user_principal_name)",
    r"(given_name|surname|job_title|department|company_name|office_location|.*phone.*)",
    r"(show_as|status|state|importance|priority|percent_complete|is_read|has_attachments)",
    r"(categories|category|description|body_preview|summary|preview)",
    r"(body|body_content|content)",
)
_FIRST_PATTERNS: Final = tuple(re.compile(pattern) for pattern in _FIRST)
_LATE: Final = re.compile(
    r"(created|last_modified|modified|changed|updated)(_date)?(_time)?(_at|_on|_by.*)?"
)
_TECHNICAL: Final = re.compile(
    r"(.+_)?(ids?|i_cal_u_?id|uid|guid|e_?tag|c_?tag|change_key|unique_id_type|location_type"
    r"|content_type|conversation_index|time_zone|security_identifier|web_link|web_url|self"
    r"|transaction_id|is_encrypted|occurrence_id|odata_.*)|.*_odata_.*|security_.*"
)
_NOISE: Final = re.compile(r"_?(date_time|display_name|email_address_name)$|_content$")
_LEADING: Final = re.compile(r"^(is|has)_(?=[a-z])")


def place_of(name: str, definition: JsonObject) -> int:
    """Where a field stands among others; equal ones stay as the example has them."""
    if name != "id" and definition.get("hidden"):
        return len(_FIRST) + 2
    for number, pattern in enumerate(_FIRST_PATTERNS):
        if pattern.fullmatch(name):
            return number
    return len(_FIRST) + (1 if _LATE.fullmatch(name) else 0)


def is_technical(name: str, path: Sequence[str], field_type: str, *, is_empty: bool) -> bool:
    """Whether only machines read a field, or the example says nothing about it."""
    if is_empty or any("@" in part for part in path):
        return True
    return field_type not in ("datetime", "date") and _TECHNICAL.fullmatch(name) is not None


def title_of(name: str) -> str:
    """What people see: `organizer_email_address_name` is Organizer, `is_all_day` All day."""
    short = _LEADING.sub("", name)
    short = short.replace("email_address_address", "address")
    if short == "email_address_name":
        short = "name"
    elif _NOISE.search(short) and _NOISE.sub("", short):
        short = _NOISE.sub("", short)
    elif short == "display_name":
        short = "name"
    return words(short)


def words(name: str) -> str:
    """A name as words."""
    spaced = name.replace("_", " ").removeprefix("odata ")
    return spaced[:1].upper() + spaced[1:]


def arrange(fields: Mapping[str, JsonObject]) -> dict[str, JsonObject]:
    """The fields in the order people want, each with a title that no other shown one has."""
    ordered = sorted(fields, key=lambda name: place_of(name, fields[name]))
    taken: set[str] = set()
    arranged: dict[str, JsonObject] = {}
    for name in ordered:
        title = title_of(name)
        if title in taken:
            title = words(name)
        taken.add(title)
        arranged[name] = {"type": fields[name]["type"], "title": title, **_flags(fields[name])}
    return arranged


def _flags(definition: JsonObject) -> JsonObject:
    return {name: value for name, value in definition.items() if name not in ("type", "title")}
