"""The functions expressions have besides JSONata's own: calendar arithmetic on ISO 8601 texts.

Few on purpose. Each takes and gives JSON values; an undefined argument gives null.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import uuid4

from graphwright.expressions.errors import ExpressionFailed
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.times import ZonedDateTime, format_instant, parse_local, zone
from graphwright.kernel.values import JsonValue


@dataclass(frozen=True, slots=True)
class Function:
    """A function: its call as text, what it does, an example, and its implementation."""

    call: str
    description: str
    example: str
    implementation: Callable[..., JsonValue]


def _text(name: str, value: JsonValue) -> str:
    if not isinstance(value, str):
        raise ExpressionFailed(
            f"${name} needs a text, not {type(value).__name__}.", reason="argument"
        )
    return value


def _moment(name: str, value: JsonValue, zone_name: str | None) -> datetime:
    """An aware datetime of a text (without offset: in `zone_name`) or a dateTimeTimeZone."""
    try:
        if isinstance(value, dict):
            stamp, own_zone = value.get("dateTime"), value.get("timeZone")
            return ZonedDateTime(
                _text(name, stamp), own_zone if isinstance(own_zone, str) else "UTC"
            ).instant
        return ZonedDateTime(_text(name, value), zone_name or "UTC").instant
    except InvalidInput as error:
        raise ExpressionFailed(f"${name}: {error.message}", hint=error.hint) from error


def _local(name: str, value: JsonValue, zone_name: str | None) -> datetime:
    moment = _moment(name, value, zone_name)
    try:
        return moment.astimezone(zone(zone_name) if zone_name else UTC)
    except InvalidInput as error:
        raise ExpressionFailed(f"${name}: {error.message}", hint=error.hint) from error


def add_days(value: JsonValue, days: JsonValue, zone_name: JsonValue = None) -> JsonValue:
    """Adds whole days. A date stays a date; an instant keeps its time of day in the zone."""
    if value is None or days is None:
        return None
    if isinstance(days, bool) or not isinstance(days, int | float) or days != int(days):
        raise ExpressionFailed("$addDays needs a whole number of days.", reason="argument")
    try:
        if isinstance(value, str) and len(value) == 10:
            return (date.fromisoformat(value) + timedelta(days=int(days))).isoformat()
        local = _local("addDays", value, zone_name)
        moved = local.replace(tzinfo=None) + timedelta(days=int(days))
        return format_instant(moved.replace(tzinfo=local.tzinfo))
    except (ValueError, OverflowError) as error:
        raise ExpressionFailed(
            "$addDays: the date does not exist in the calendar.", reason="argument"
        ) from error


def to_zone(value: JsonValue, zone_name: JsonValue) -> JsonValue:
    """The local date and time in a zone, as Graph's dateTimeTimeZone."""
    if value is None or zone_name is None:
        return None
    local = _local("toZone", value, _text("toZone", zone_name))
    return {"dateTime": local.replace(tzinfo=None).isoformat(), "timeZone": zone_name}


def to_instant(value: JsonValue, zone_name: JsonValue = None) -> JsonValue:
    """The UTC instant of a local text in a zone, or of a dateTimeTimeZone."""
    if value is None:
        return None
    return format_instant(_moment("toInstant", value, zone_name))


def to_date(value: JsonValue, zone_name: JsonValue = None) -> JsonValue:
    """The date of an instant in a zone (UTC where none is given); a date stays as it is."""
    if value is None:
        return None
    if isinstance(value, str) and len(value) == 10:
        try:
            return parse_local(value).date().isoformat()
        except InvalidInput as error:
            raise ExpressionFailed(f"$date: {error.message}", reason="argument") from error
    return _local("date", value, zone_name).date().isoformat()


def new_uuid() -> JsonValue:
    """A new random UUID (RFC 9562, version 4), such as an event's transactionId."""
    return str(uuid4())


FUNCTIONS: Final[dict[str, Function]] = {
    "addDays": Function(
        "$addDays(date, days, zone?)",
        "The date or instant so many days later. A date stays a date; an instant keeps its time of "
        "day in the zone (UTC where none is given), also across a clock change.",
        "$addDays(range.start, 7, now.time_zone)",
        add_days,
    ),
    "toZone": Function(
        "$toZone(instant, zone)",
        "The instant as {dateTime, timeZone}: the local date and time in the zone (IANA or Windows "
        "name).",
        '$toZone(now.instant, "Europe/Berlin").dateTime',
        to_zone,
    ),
    "toInstant": Function(
        "$toInstant(local, zone?)",
        "The UTC instant of a {dateTime, timeZone}, or of a local text in the zone.",
        "$toInstant(event.start)",
        to_instant,
    ),
    "date": Function(
        "$date(instant, zone?)",
        "The date (YYYY-MM-DD) of an instant in the zone (UTC where none is given).",
        "$date(now.instant, now.time_zone)",
        to_date,
    ),
    "uuid": Function(
        "$uuid()",
        "A new random UUID. As the `transactionId` of an event it lets a request be sent again "
        "without a second event.",
        "$uuid()",
        new_uuid,
    ),
}
