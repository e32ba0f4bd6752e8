"""Time zones by Windows and IANA names, and points in time as Outlook states them.

The mapping of names is CLDR's, as tzlocal ships it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from tzlocal.windows_tz import win_tz

from graphwright_sandbox.graph.errors import unsupported_time_zone, validation_failed
from graphwright_sandbox.graph.values import format_local, parse_date_time

_WINDOWS = {name.casefold(): iana for name, iana in win_tz.items()}


@lru_cache(maxsize=1)
def _iana_names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@lru_cache(maxsize=512)
def find_zone(name: str) -> ZoneInfo:
    """The zone of a Windows or IANA name; refuses others as Outlook does."""
    folded = name.casefold()
    iana = "UTC" if folded == "utc" else _WINDOWS.get(folded) or _iana_names().get(folded)
    if iana is None:
        raise unsupported_time_zone(name)
    return ZoneInfo(iana)


def localize(local: datetime, zone: str) -> datetime:
    """The UTC instant of a wall-clock time in a zone; a time skipped by a clock change moves on."""
    return local.replace(tzinfo=find_zone(zone)).astimezone(UTC)


def wall_time(instant: datetime, zone: str) -> datetime:
    """The wall-clock time (naive) of an instant in a zone."""
    return instant.astimezone(find_zone(zone)).replace(tzinfo=None)


def state_point(local: datetime, zone: str) -> dict[str, str]:
    """A dateTimeTimeZone."""
    return {"dateTime": format_local(local), "timeZone": zone}


def read_point(value: Mapping[str, Any], name: str) -> tuple[datetime, str]:
    """Wall-clock time and zone of a dateTimeTimeZone in a body."""
    zone = value.get("timeZone") or "UTC"
    find_zone(zone)
    try:
        local, offset = parse_date_time(str(value.get("dateTime")))
        if offset is not None:
            # An offset in the text is an instant; it is shown in the zone that stands beside it.
            moment = (local - offset).replace(tzinfo=UTC)
            local = wall_time(moment, zone)
        if not 1601 <= local.year <= 4500:
            raise ValueError("out of range")
    except (ValueError, OverflowError) as error:
        raise validation_failed(
            f"The property '{name}' does not hold a valid date and time."
        ) from error
    return local, zone
