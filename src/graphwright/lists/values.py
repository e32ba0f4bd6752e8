"""Field values: from JSON (also CSV texts) to the columns of a table, and back. Knows no SQL.

Writers take a JSON value that is not null and give the column's value, `None` for Graph's "no
date", or raise `Mistyped`. Instants are texts `YYYY-MM-DDTHH:MM:SS.ffffffZ`, which sort by time.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final, NoReturn

import msgspec

from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.times import ZonedDateTime, parse_instant
from graphwright.kernel.values import JsonValue
from graphwright.lists.errors import Mistyped
from graphwright.lists.files import FileValue

# The columns a field has beside the one of its own name.
SUFFIXES: Final[dict[str, tuple[str, ...]]] = {
    "zoned_datetime": ("__local", "__zone"),
    "file": ("__name", "__size", "__type"),
}
KEY_SEPARATOR: Final = "\x1f"

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DURATION = re.compile(
    r"-?P(?=[0-9T])(?:[0-9.]+Y)?(?:[0-9.]+M)?(?:[0-9.]+W)?(?:[0-9.]+D)?"
    r"(?:T(?=[0-9])(?:[0-9.]+H)?(?:[0-9.]+M)?(?:[0-9.]+S)?)?"
)
_NO_DATE = "0001-01-01"
_BOOLEANS = {"true": True, "false": False}
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode

Writer = Callable[[JsonValue], Any]


def _refuse(value: JsonValue, wanted: str) -> NoReturn:
    raise Mistyped(f"{kind_of(value)} is no {wanted}.", wanted=wanted)


def kind_of(value: JsonValue) -> str:
    """The kind of a JSON value in words, for messages; never the value itself."""
    if value is None:
        return "Null"
    if isinstance(value, bool):
        return "A boolean"
    if isinstance(value, int | float):
        return "A number"
    if isinstance(value, str):
        return "This text"
    return "A list" if isinstance(value, list | tuple) else "An object"


def write_text(value: JsonValue) -> str:
    """Text; numbers and booleans as JSON writes them."""
    if isinstance(value, str):
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                _refuse(value, "valid Unicode")
        if "\x00" in value:  # PostgreSQL cannot hold it
            raise Mistyped("This text holds a NUL character.", wanted="text")
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return json_text(plain_number(value))
    _refuse(value, "text")


def write_integer(value: JsonValue) -> int:
    """A whole number of 64 bits; also a decimal text or 1.0."""
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif _is_exact_integer(value):
        number = int(value)
    else:
        _refuse(value, "integer")
    if not -(2**63) <= number < 2**63:
        raise Mistyped("The integer has more than 64 bits.", wanted="integer")
    return number


def _is_exact_integer(value: JsonValue) -> bool:
    if isinstance(value, float):
        return value.is_integer() and abs(value) <= 2**53
    return isinstance(value, str) and _INTEGER.fullmatch(value) is not None


def write_number(value: JsonValue) -> float:
    """A double; an integer that it could not hold exactly is refused, never rounded."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value) if _INTEGER.fullmatch(value) else float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(value, "number")
    try:
        number = float(value)
    except OverflowError:
        _refuse(value, "number of 64 bits")
    if number - number != 0 or (isinstance(value, int) and int(number) != value):
        _refuse(value, "number a double holds exactly")
    return number


def write_boolean(value: JsonValue) -> bool:
    """A boolean; also the texts true and false."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _BOOLEANS:
        return _BOOLEANS[value.lower()]
    _refuse(value, "boolean")


def write_datetime(value: JsonValue) -> str | None:
    """The instant of an ISO 8601 text (UTC where it has no offset) or of a dateTimeTimeZone."""
    if isinstance(value, dict):
        return write_zoned_datetime(value)[0]
    if not isinstance(value, str):
        _refuse(value, "date and time")
    if value.startswith(_NO_DATE):
        return None
    quick = _quick_instant(value)
    if quick is not None:
        return quick
    try:
        return instant_text(parse_instant(value))
    except InvalidInput as error:
        raise Mistyped("This text is no ISO 8601 date and time.", wanted="datetime") from error


def _quick_instant(value: str) -> str | None:
    """The instant of `YYYY-MM-DDTHH:MM:SS[.fffffff][Z]` cut out of the text; None: look closer.

    Imports spend most of their time on dates; the way through a datetime takes three times as long.
    """
    punctuation = value[4:20:3]
    if punctuation == "--T::.":
        fraction = value[20:].removesuffix("Z")
        if not fraction.isascii() or not fraction.isdigit() or len(fraction) > 9:
            return None
    elif punctuation in ("--T::Z", "--T::") and len(value) <= 20:
        fraction = ""
    else:
        return None
    try:
        datetime.fromisoformat(value[:19])
    except ValueError:
        return None
    return f"{value[:19]}.{fraction[:6]:0<6}Z"


def write_zoned_datetime(value: JsonValue) -> tuple[str | None, str | None, str | None]:
    """Instant, local text and zone of a dateTimeTimeZone; a text alone has the zone UTC.

    The local text stays as it came, so that an all-day event stays on its local date.
    """
    if isinstance(value, str):
        return (write_datetime(value), value, "UTC") if value[:10] != _NO_DATE else (None,) * 3
    if not isinstance(value, dict):
        _refuse(value, "dateTimeTimeZone")
    local, zone_name = value.get("dateTime"), value.get("timeZone")
    if local is None and zone_name is None:
        return None, None, None
    if not isinstance(local, str) or not isinstance(zone_name, str | None):
        _refuse(value, "dateTimeTimeZone")
    if local.startswith(_NO_DATE):
        return None, None, None
    zone_name = write_text(zone_name or "UTC")
    if zone_name == "UTC" and "+" not in local and local.count("-") == 2:
        return write_datetime(local), local, zone_name
    try:
        moment = ZonedDateTime(local, zone_name).instant
    except InvalidInput as error:
        raise Mistyped(
            "This is no dateTimeTimeZone of a known zone.", wanted="zoned_datetime"
        ) from error
    return instant_text(moment), local, zone_name


def write_date(value: JsonValue) -> str | None:
    """A date; of a date and time only where it is midnight, of a dateTimeTimeZone the local one."""
    if isinstance(value, dict):
        value = value.get("dateTime")
    if not isinstance(value, str):
        _refuse(value, "date")
    if value.startswith(_NO_DATE):
        return None
    rest = value[10:]
    if rest and not re.fullmatch(r"[T ]00:00(:00(\.0+)?)?(Z|[+-]\d\d:?\d\d)?", rest):
        _refuse(value, "date: it has a time of day")
    try:
        if value[4:5] != "-":
            _refuse(value, "date")
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError as error:
        raise Mistyped("This text is no date.", wanted="date") from error


def write_duration(value: JsonValue) -> str:
    """An ISO 8601 duration, as it came."""
    if isinstance(value, str) and _DURATION.fullmatch(value):
        return value
    _refuse(value, "ISO 8601 duration")


def write_file(value: JsonValue) -> tuple[str, str, int, str]:
    """Id, name, size and media type of a file as flows hold it."""
    try:
        file = FileValue.of(value)
    except InvalidInput as error:
        raise Mistyped(f"{kind_of(value)} is no file.", wanted="file") from error
    return file.id, write_text(file.name), write_integer(file.size), write_text(file.type)


def json_text(value: JsonValue) -> str:
    """Any JSON value as text, without loss."""
    try:
        return _encode(value).decode()
    except (TypeError, ValueError, RecursionError):
        # Lone surrogates and integers beyond 64 bits are JSON all the same.
        try:
            return json.dumps(value, allow_nan=False, separators=(",", ":"))
        except (TypeError, ValueError, RecursionError) as error:
            raise Mistyped("This is no JSON value.", wanted="json") from error


def read_json(text: str) -> JsonValue:
    """The value of a JSON text, integers exact."""
    try:
        return _decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return json.loads(text)


WRITERS: Final[dict[str, Writer]] = {
    "text": write_text,
    "integer": write_integer,
    "number": write_number,
    "boolean": write_boolean,
    "datetime": write_datetime,
    "zoned_datetime": write_zoned_datetime,
    "date": write_date,
    "duration": write_duration,
    "json": json_text,
    "html": write_text,
    "reference": write_text,
    "file": write_file,
}


def instant_text(moment: datetime) -> str:
    """An aware datetime as the columns hold it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def shown_instant(text: str) -> str:
    """A column's instant as rows show it: the fraction only where there is one."""
    return text[:19] + "Z" if text[19:] == ".000000Z" else text


def plain_number(value: float) -> int | float:
    """A number without a needless `.0`."""
    return int(value) if abs(value) <= 2**53 and int(value) == value else value


def write(field_type: str, value: JsonValue) -> tuple[Any, ...]:
    """The values of all the field's columns; null where the value is null."""
    width = 1 + len(SUFFIXES.get(field_type, ()))
    if value is None:
        return (None,) * width
    written = WRITERS[field_type](value)
    return written if width > 1 else (written,)


def read(field_type: str, columns: tuple[Any, ...]) -> JsonValue:
    """The JSON value of the field's columns."""
    value = columns[0]
    if field_type == "zoned_datetime":
        _, local, zone_name = columns
        return None if local is None else {"dateTime": local, "timeZone": zone_name}
    if value is None:
        return None
    if field_type == "file":
        return FileValue(*columns).to_json()
    if field_type == "datetime":
        return shown_instant(value)
    if field_type == "number":
        return plain_number(value)
    if field_type == "boolean":
        return bool(value)
    if field_type == "json":
        return read_json(value)
    return value


def key_text(values: list[Any]) -> str:
    """The `_key` of a row: its key value as text, several as a JSON array of texts."""
    texts = [_key_part(value) for value in values]
    return texts[0] if len(texts) == 1 else json_text(texts)


def _key_part(value: Any) -> str:
    text = value[0] if isinstance(value, tuple) else value
    if isinstance(text, bool):
        return "true" if text else "false"
    if isinstance(text, float):
        return json_text(plain_number(text))
    text = str(text)
    if KEY_SEPARATOR in text:
        raise Mistyped("The key holds a control character.", wanted="key")
    return text


def convert(old_type: str, new_type: str, columns: tuple[Any, ...]) -> tuple[Any, ...]:
    """The new columns of a value whose field changed its type to a wider one."""
    value = read(old_type, columns)
    if new_type in ("text", "html") and isinstance(value, dict | list):
        value = json_text(value)
    return write(new_type, value)


# What a type can become without losing a value.
_TEXTS = frozenset({"text", "html", "json"})
WIDENINGS: Final[dict[str, frozenset[str]]] = {
    "text": _TEXTS | {"reference"},
    "html": _TEXTS,
    "reference": _TEXTS,
    "integer": _TEXTS | {"number"},
    "number": _TEXTS,
    "boolean": _TEXTS,
    "datetime": _TEXTS | {"zoned_datetime"},
    "zoned_datetime": _TEXTS,
    "date": _TEXTS | {"datetime", "zoned_datetime"},
    "duration": _TEXTS,
    "json": frozenset({"text"}),
    # As anything else the content would belong to nobody.
    "file": frozenset(),
}
