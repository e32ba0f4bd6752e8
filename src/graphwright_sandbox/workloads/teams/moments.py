"""Points in time as Teams states them: milliseconds, which are also the ids of messages. Pure."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def format_millis(moment: datetime) -> str:
    """An instant with up to three digits of fraction, as many as it needs."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    return text.rstrip("0").rstrip(".") + "Z"


def millis(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return (moment - _EPOCH) // _MILLISECOND


def moment_of(number: int) -> datetime:
    return _EPOCH + number * _MILLISECOND
