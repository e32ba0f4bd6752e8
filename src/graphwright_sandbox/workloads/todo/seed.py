"""The tasks everybody in the seeded company starts with. Pure; turns nothing into records."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from graphwright_sandbox.graph.chance import chance_of
from graphwright_sandbox.graph.item_ids import derive_key
from graphwright_sandbox.graph.time_zones import state_point
from graphwright_sandbox.tenant import Person

_TITLES = (
    "Book the train to the harbour",
    "Read the draft of the tender",
    "Expenses of last week",
    "Call the printer about sheet 12",
    "Renew the licence of the level",
    "Answer the municipality",
    "Sort the photos of the survey",
    "Find a date for the retrospective",
    "Check the coordinates of bench mark 88 & 89",
    "Prepare the demo for “Hafen Ost”",
)
_GROCERIES = ("Bread", "Olives", "Coffee beans", "Miso", "Light bulbs")


@dataclass(frozen=True, slots=True)
class SeededList:
    name: str
    well_known: str
    tasks: list[tuple[bytes, dict[str, Any]]]


def seeded_lists(person: Person, today: date) -> Iterator[tuple[bytes, SeededList]]:
    """Key and content of each list; the tasks as bodies that would create them."""
    chance = chance_of("todo", person.id)
    work = [
        _task(person, number, title, today + timedelta(days=chance.randint(-5, 15)))
        for number, title in enumerate(chance.sample(_TITLES, 6))
    ]
    work.append(_weekly(person, today))
    shopping = [
        (derive_key("todo", person.id, "shopping", title), {"title": title})
        for title in chance.sample(_GROCERIES, 3)
    ]
    yield derive_key("todo", person.id, "tasks"), SeededList("Tasks", "defaultList", work)
    yield (
        derive_key("todo", person.id, "flagged"),
        SeededList("Flagged Emails", "flaggedEmails", []),
    )
    yield derive_key("todo", person.id, "shopping"), SeededList("Shopping", "none", shopping)


def _task(person: Person, number: int, title: str, due: date) -> tuple[bytes, dict[str, Any]]:
    body: dict[str, Any] = {"title": title}
    if number != 3:
        body["dueDateTime"] = _on(due)
    if number == 0:
        body["importance"] = "high"
        reminder = datetime.combine(due, time(8, 30), None)
        body |= {"isReminderOn": True, "reminderDateTime": state_point(reminder, person.time_zone)}
    if number == 1:
        body |= {"status": "completed", "completedDateTime": _on(due)}
    if number == 2:
        body |= {"status": "inProgress", "categories": ["Blue category"]}
        body["body"] = {"contentType": "text", "content": "Receipts are in the brown envelope."}
    if number == 4:
        body["_linkedResources"] = _link(person)
    return derive_key("todo", person.id, "task", number), body


def _link(person: Person) -> dict[str, Any]:
    """Where a task came from, as the task keeps it: by id."""
    identifier = str(uuid.UUID(bytes=derive_key("todo", person.id, "link")))
    return {
        identifier: {
            "id": identifier,
            "webUrl": "https://northwind.example/tickets/4711",
            "applicationName": "Ledger",
            "displayName": "Ticket 4711",
            "externalId": "4711",
        }
    }


def _weekly(person: Person, today: date) -> tuple[bytes, dict[str, Any]]:
    monday = today - timedelta(days=today.weekday())
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}
    limits = {"type": "noEnd", "startDate": monday.isoformat()}
    body = {
        "title": "Write the weekly report",
        "dueDateTime": _on(monday),
        "recurrence": {"pattern": pattern, "range": limits},
    }
    return derive_key("todo", person.id, "weekly"), body


def _on(day: date) -> dict[str, str]:
    return state_point(datetime.combine(day, time(), None), "UTC")
