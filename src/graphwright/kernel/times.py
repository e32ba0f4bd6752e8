"""Instants and zones: ISO 8601 texts as Graph writes them, IANA and Windows zone names (CLDR)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal.windows_tz import tz_win, win_tz

from graphwright.kernel.errors import InvalidInput

_DATE_TIME = re.compile(
    r"^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?"
    r"(Z|z|[+-]\d{2}:?\d{2})?$"
)


def _windows_names() -> tuple[dict[str, str], dict[str, str]]:
    return win_tz, tz_win


def iana_zone(name: str) -> str:
    """The IANA name of a zone given by its Windows or IANA name; `InvalidInput` if unknown."""
    windows, _ = _windows_names()
    found = windows.get(name, name)
    zone(found)
    return found


def windows_zone(name: str) -> str:
    """The Windows name of a zone given by its Windows or IANA name; `InvalidInput` if unknown."""
    windows, iana = _windows_names()
    if name in windows:
        return name
    if name in iana:
        return iana[name]
    raise InvalidInput(f"No Windows time zone is known for {name!r}.")


@lru_cache(maxsize=1024)
def zone(name: str) -> tzinfo:
    """The zone of a Windows or IANA name; `InvalidInput` if there is none."""
    if name in ("UTC", "Etc/UTC", "GMT", "tzone://Microsoft/Utc"):
        return UTC
    windows, _ = _windows_names()
    try:
        return ZoneInfo(windows.get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(
            f"{name!r} is not a time zone.",
            hint="Use an IANA name such as Europe/Berlin or a Windows name.",
        ) from error


def parse_local(text: str) -> datetime:
    """A date with an optional time and offset, up to 9 fraction digits (kept: 6).

    Naive where the text has no offset. `InvalidInput` for anything else.
    """
    match = _DATE_TIME.match(text)
    if match is None:
        raise InvalidInput(f"{text[:40]!r} is not an ISO 8601 date and time.")
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    naive = f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}"
    if fraction:
        naive += "." + fraction[:6].ljust(6, "0")
    if offset:
        naive += "+00:00" if offset in "Zz" else offset
    try:
        return datetime.fromisoformat(naive)
    except ValueError as error:
        raise InvalidInput(f"{text[:40]!r} is not a date and time that exists.") from error


def parse_instant(text: str) -> datetime:
    """The instant of an ISO 8601 text, aware, in UTC; without an offset it is UTC."""
    value = parse_local(text)
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInput(f"{text[:40]!r} lies outside the calendar.") from error


def format_instant(value: datetime) -> str:
    """An aware datetime as ISO 8601 in UTC with `Z`; the fraction only where there is one."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class ZonedDateTime:
    """Graph's dateTimeTimeZone: a local date and time, and the name of its zone as it came.

    Source: https://learn.microsoft.com/graph/api/resources/datetimetimezone
    """

    date_time: str
    time_zone: str

    @property
    def instant(self) -> datetime:
        """The instant, aware, in UTC; an offset in the text wins over the zone."""
        local = parse_local(self.date_time)
        if local.tzinfo is None:
            local = local.replace(tzinfo=zone(self.time_zone))
        try:
            return local.astimezone(UTC)
        except OverflowError:
            return local.replace(tzinfo=UTC)
