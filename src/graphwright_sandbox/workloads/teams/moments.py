"""Points in time as Teams states them: milliseconds, which are also the ids of messages. Pure."""

from datetime import UTC, datetime


def format_millis(moment: datetime) -> str:
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "Z"


def millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
