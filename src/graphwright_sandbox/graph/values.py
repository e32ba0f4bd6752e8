"""How values of Graph's primitive types are read, compared and ordered.

Pure. Stored records keep Graph's JSON form; these functions give what comparisons need.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

_DATE_TIME = re.compile(
    r"^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?)?"
    r"(Z|z|[+-]\d\d:\d\d)?$"
)


@lru_cache(maxsize=8192)
def parse_instant(text: str) -> datetime:
    """An instant; text without an offset is taken as UTC. Raises ValueError."""
    local, offset = parse_date_time(text)
    return (local - (offset or timedelta())).replace(tzinfo=UTC)


def parse_date_time(text: str) -> tuple[datetime, timedelta | None]:
    """Date and time as written, and the offset if it names one. Raises ValueError."""
    match = _DATE_TIME.match(text)
    if match is None:
        raise ValueError(f"not a date and time: {text!r}")
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    local = datetime(
        int(year),
        int(month),
        int(day),
        int(hour or 0),
        int(minute or 0),
        int(second or 0),
        int((fraction or "").ljust(6, "0")[:6]),
        tzinfo=UTC,
    ).replace(tzinfo=None)
    if offset is None:
        return local, None
    if offset in "Zz":
        return local, timedelta()
    sign = -1 if offset[0] == "-" else 1
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError(f"not an offset: {offset!r}")
    return local, sign * timedelta(hours=hours, minutes=minutes)


def format_instant(moment: datetime) -> str:
    """An Edm.DateTimeOffset as Graph writes it: UTC, whole seconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"


def format_local(moment: datetime) -> str:
    """The text of a dateTimeTimeZone: no offset, seven digits of fraction."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "0"


def parse_date(text: str) -> date:
    """An Edm.Date. Raises ValueError."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError(f"not a date: {text!r}")
    return date.fromisoformat(text)


_DURATION = re.compile(
    r"^(-)?P(?=[\dT])(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$"
)


def parse_duration(text: str) -> timedelta:
    """An Edm.Duration: days, hours, minutes, seconds. Raises ValueError."""
    match = _DURATION.match(text)
    if match is None:
        raise ValueError(f"not a duration: {text!r}")
    sign, days, hours, minutes, seconds = match.groups()
    length = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=float(seconds or 0),
    )
    return -length if sign else length
