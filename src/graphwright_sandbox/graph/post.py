"""Between the workloads of a mailbox: what a calendar sends as mail, what a message says of events.

No workload may import another; each says here what it does for the others. Knows neither.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graphwright_sandbox.tenant import Person

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MeetingMail:
    """An invitation, an update, an answer or a cancellation on its way."""

    sender_id: str
    to: tuple[tuple[str, str], ...]
    """Names and addresses."""
    subject: str
    body: Mapping[str, str]
    meeting: Mapping[str, object]
    """`@odata.type` and the properties of an eventMessage."""
    uid: str
    """The meeting's iCalUId: all mail about it is one conversation."""
    events: Mapping[str, str] = field(default_factory=dict)
    """The id of the meeting in the calendar of each receiver, by user id."""
    moment: datetime


class Post:
    """Hands over what one workload has for another."""

    def __init__(self) -> None:
        self._carriers: list[Callable[[MeetingMail], None]] = []
        self._calendars: list[Callable[[Person, str], Record | None]] = []
        self._settings: list[Callable[[Person], Record]] = []

    def on_mail(self, carrier: Callable[[MeetingMail], None]) -> None:
        """Whoever keeps mailboxes takes what calendars send."""
        self._carriers.append(carrier)

    def send(self, mail: MeetingMail) -> None:
        for carrier in self._carriers:
            carrier(mail)

    def on_settings(self, settings: Callable[[Person], Record]) -> None:
        """Whoever keeps mailbox settings shows those of a person."""
        self._settings.append(settings)

    def settings_of(self, person: Person) -> Record:
        """A person's mailboxSettings, as Graph's JSON; empty where nobody keeps them."""
        for settings in self._settings:
            return settings(person)
        return {}

    def on_event(self, calendar: Callable[[Person, str], Record | None]) -> None:
        """Whoever keeps calendars shows the event of an id."""
        self._calendars.append(calendar)

    def event_of(self, person: Person, event_id: str) -> Record | None:
        """The event that a message is about, as its receiver's calendar shows it now."""
        for calendar in self._calendars:
            return calendar(person, event_id)
        return None
