"""Values that a browser sends, made into values of the list's types, or refused with a reason.

The reasons stand beside the field for the person who fills in the form.
"""

import math
import re
from collections.abc import Callable, Mapping

from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.times import format_instant, parse_instant, parse_local, zone
from graphwright.kernel.values import JsonValue, parse_json

MAX_TEXT = 100_000
_DURATION = re.compile(
    r"^-?P(?=[0-9T])([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?"
    r"(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?$"
)
_INTEGER = re.compile(r"^[+-]?[0-9]{1,19}$")
_NUMBER = re.compile(r"^[+-]?([0-9]{1,300}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$")
_LONG_YEARS = re.compile(r"^[0-9]{4}-")


class Refusal(ValueError):
    """Why a value cannot be taken."""


def coerce(field_type: str, value: JsonValue) -> JsonValue:
    """The value as the type has it; None for nothing filled in; `Refusal` for anything else."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return _COERCIONS[field_type](value)


def _text(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise Refusal("Enter a text.")
    if len(value) > MAX_TEXT:
        raise Refusal(f"Enter at most {MAX_TEXT:,} characters.")
    # Neither PostgreSQL nor UTF-8 takes them, and no keyboard makes them.
    if any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in value):
        raise Refusal("The text holds a character that cannot be stored.")
    return value


def _integer(value: JsonValue) -> int:
    if (isinstance(value, str) and _INTEGER.match(value.strip())) or (
        isinstance(value, float) and value.is_integer() and abs(value) <= 2**53
    ):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise Refusal("Enter a whole number.")
    return value


def _number(value: JsonValue) -> int | float:
    if isinstance(value, str) and _NUMBER.match(value.strip()):
        value = float(value)
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > 1e300:
        raise Refusal("Enter a number.")
    if not math.isfinite(value):
        raise Refusal("Enter a number.")
    return value


def _boolean(value: JsonValue) -> bool:
    if not isinstance(value, bool):
        raise Refusal("Choose yes or no.")
    return value


def _datetime(value: JsonValue) -> str:
    text = _text(value).strip()
    try:
        if parse_local(text).tzinfo is None:
            raise Refusal("The time needs its offset, such as 2026-11-23T08:00:00Z.")
        return format_instant(parse_instant(text))
    except InvalidInput:
        raise Refusal("Enter a date and time that exist.") from None


def _zoned_datetime(value: JsonValue) -> dict[str, str]:
    if not isinstance(value, Mapping) or set(value) != {"dateTime", "timeZone"}:
        raise Refusal("Enter a date, a time and a time zone.")
    text, name = value["dateTime"], value["timeZone"]
    if not isinstance(text, str) or not isinstance(name, str) or not _LONG_YEARS.match(text):
        raise Refusal("Enter a date, a time and a time zone.")
    try:
        zone(name)
    except InvalidInput:
        raise Refusal("Choose a time zone.") from None
    try:
        local = parse_local(text)
    except InvalidInput:
        raise Refusal("Enter a date and time that exist.") from None
    if local.tzinfo is not None:
        raise Refusal("The time is local: it has no offset of its own.")
    if not 1 < local.year < 9999:
        raise Refusal("Enter a date and time that exist.")
    return {"dateTime": local.isoformat(), "timeZone": name}


def _date(value: JsonValue) -> str:
    text = _text(value).strip()
    try:
        local = parse_local(text)
    except InvalidInput:
        raise Refusal("Enter a date that exists.") from None
    if len(text) != 10:
        raise Refusal("Enter a date without a time.")
    return local.date().isoformat()


def _duration(value: JsonValue) -> str:
    text = _text(value).strip()
    if not _DURATION.match(text):
        raise Refusal("Enter a duration such as PT30M or P1D.")
    return text


def _json(value: JsonValue) -> JsonValue:
    if not isinstance(value, str):
        return value
    try:
        return parse_json(_text(value))
    except ValueError:
        raise Refusal("Enter valid JSON.") from None


def _file(_value: JsonValue) -> JsonValue:
    raise Refusal("A form changes no file.")


_COERCIONS: Mapping[str, Callable[[JsonValue], JsonValue]] = {
    "text": _text,
    "html": _text,
    "reference": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "datetime": _datetime,
    "zoned_datetime": _zoned_datetime,
    "date": _date,
    "duration": _duration,
    "json": _json,
    "file": _file,
}
