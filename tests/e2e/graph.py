"""The truth: what Microsoft Graph of the sandbox says, read without the portal.

It must not know the portal nor the browser.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import requests

from graphwright_sandbox.entra.client_authentication import Client
from graphwright_sandbox.server import Sandbox
from graphwright_sandbox.tenant import GRAPH_RESOURCE, Person

Json = dict[str, Any]
Query = dict[str, str]
PERMISSIONS = frozenset({"User.Read", "Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send"})
_NO_FRACTION = 19


def person_named(sandbox: Sandbox, address: str) -> Person:
    """The person with this address (the part before the @)."""
    return next(p for p in sandbox.tenant.people if p.mail.startswith(f"{address}@"))


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday, where somebody lives."""

    monday: date
    zone: str

    @classmethod
    def of(cls, moment: datetime, zone: str) -> Week:
        """The week of a moment."""
        today = moment.astimezone(ZoneInfo(zone)).date()
        return cls(today - timedelta(days=today.weekday()), zone)

    def __add__(self, weeks: int) -> Week:
        return Week(self.monday + timedelta(weeks=weeks), self.zone)

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=number) for number in range(7)]

    @property
    def bounds(self) -> tuple[str, str]:
        """Start and end as instants."""
        here = ZoneInfo(self.zone)
        days = (self.monday, self.monday + timedelta(days=7))
        start, end = (datetime(d.year, d.month, d.day, tzinfo=here).isoformat() for d in days)
        return start, end


@dataclass(frozen=True, order=True)
class Entry:
    """An event as a day of an agenda shows it: the day, the time or ``All day``, the title."""

    day: date
    time: str
    title: str


class Graph:
    """Microsoft Graph as one person."""

    def __init__(
        self, sandbox: Sandbox, person: Person, permissions: frozenset[str] = PERMISSIONS
    ) -> None:
        self.person = person
        app = next(a for a in sandbox.tenant.app_registrations if a.display_name.endswith("users)"))
        self._root = f"{sandbox.graph_url}/v1.0"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(sandbox.ca_file)
        token = sandbox.entra.tokens.issue_user_token(
            Client(app, "1"), person, GRAPH_RESOURCE, permissions, frozenset()
        )
        self._session.headers["Authorization"] = f"Bearer {token.value}"

    def close(self) -> None:
        self._session.close()

    def get(self, path: str, query: Query | None = None, headers: Query | None = None) -> Json:
        """One answer."""
        url = path if path.startswith("https:") else self._root + path
        answer = self._session.get(url, params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def get_all(
        self, path: str, query: Query | None = None, headers: Query | None = None
    ) -> list[Json]:
        """The items of all pages."""
        page = self.get(path, query, headers)
        items: list[Json] = list(page["value"])
        while following := page.get("@odata.nextLink"):
            page = self.get(following, headers=headers)
            items += page["value"]
        return items

    def content(self, path: str) -> bytes:
        """The bytes of a file."""
        answer = self._session.get(f"{self._root}{path}/content")
        assert answer.status_code == 200, answer.text
        return answer.content

    def post(self, path: str, body: Json) -> Json:
        answer = self._session.post(self._root + path, json=body)
        assert answer.status_code in (201, 202), answer.text
        made: Json = answer.json() if answer.content else {}
        return made

    def patch(self, path: str, body: Json) -> None:
        answer = self._session.patch(self._root + path, json=body)
        assert answer.status_code == 200, answer.text

    def delete(self, path: str) -> None:
        answer = self._session.delete(self._root + path)
        assert answer.status_code == 204, answer.text

    def status_of(self, path: str) -> int:
        """The status with which something is answered: 404 where it is gone."""
        return self._session.get(self._root + path).status_code

    def events(self, week: Week) -> list[Json]:
        """The events of a week, in the zone of the week."""
        start, end = week.bounds
        return self.get_all(
            "/me/calendarView",
            {"startDateTime": start, "endDateTime": end, "$top": "200"},
            {"Prefer": f'outlook.timezone="{week.zone}"'},
        )

    def find_events(self, subject: str) -> list[Json]:
        """The events of the calendar with exactly this subject."""
        events = self.get_all("/me/events", {"$top": "200"})
        return [event for event in events if event["subject"] == subject]

    def agenda(self, week: Week) -> list[Entry]:
        """What the agenda of a week must show, in order."""
        found: list[Entry] = []
        for event in self.events(week):
            found += [entry for entry in entries_of(event) if entry.day in week.days]
        return sorted(found)

    def grid(self, week: Week) -> list[Entry]:
        """What the grid of a week must show: what lasts whole days, once."""
        found: list[Entry] = []
        for event in self.events(week):
            shown = [entry for entry in entries_of(event) if entry.day in week.days]
            if event["isAllDay"]:
                found += shown[:1]
            else:
                later = [Entry(entry.day, "00:00", entry.title) for entry in shown[1:]]
                found += [*shown[:1], *later]
        return sorted(found)


def entries_of(event: Json) -> list[Entry]:
    """An event on each of its days."""
    start, end = (_moment(event[name]) for name in ("start", "end"))
    title = event["subject"] or "(no title)"
    if event["isAllDay"]:
        count = max((end - start).days, 1)
        days = [start.date() + timedelta(days=number) for number in range(count)]
        return [Entry(day, "All day", title) for day in days]
    last = max(end - timedelta(seconds=1), start).date()
    count = (last - start.date()).days + 1
    return [
        Entry(start.date() + timedelta(days=number), f"{start:%H:%M}", title)
        for number in range(count)
    ]


def _moment(value: Json) -> datetime:
    return datetime.fromisoformat(value["dateTime"][:_NO_FRACTION])


GraphOf = Callable[..., Graph]
