"""The task lists of each person: kept, seeded when first looked at, and changed.

Records are Graph's own JSON; what lies below a task (`checklistItems`, …) is kept in it under a
name with an underscore, which no answer shows. Knows no HTTP.
"""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from graphwright_sandbox.graph.changes import Kind
from graphwright_sandbox.graph.errors import GraphError, item_not_found, malformed_item_id
from graphwright_sandbox.graph.item_ids import (
    change_key,
    etag_of,
    make_item_id,
    new_key,
    read_item_id,
)
from graphwright_sandbox.graph.recurrence import occurrence_dates, read_recurrence, state_recurrence
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.graph.time_zones import (
    find_zone,
    localize,
    read_point,
    state_point,
    wall_time,
)
from graphwright_sandbox.graph.values import format_instant, parse_instant
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.todo.seed import seeded_lists

_DATES = ("startDateTime", "dueDateTime", "completedDateTime")
_DEFAULTS: Record = {
    "importance": "normal",
    "isReminderOn": False,
    "status": "notStarted",
    "title": "",
    "categories": [],
    "body": {"content": "", "contentType": "text"},
}


@dataclass
class TaskBook:
    """All lists and tasks of one person, by id."""

    lists: dict[str, Record] = field(default_factory=dict)
    tasks: dict[str, dict[str, Record]] = field(default_factory=dict)

    def find_list(self, identifier: str) -> Record:
        return _find(self.lists, identifier)

    def find_task(self, list_id: str, identifier: str) -> Record:
        return _find(self.tasks[self.find_list(list_id)["id"]], identifier)


def _find(records: dict[str, Record], identifier: str) -> Record:
    record = records.get(identifier)
    if record is None:
        raise malformed_item_id() if read_item_id(identifier) is None else item_not_found()
    return record


def invalid_request(message: str) -> GraphError:
    """What To Do says to a body it cannot use."""
    return GraphError(400, "invalidRequest", message)


class TaskBooks:
    """The task books of the tenant. Every write is said to `context.changes`."""

    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._books: dict[str, TaskBook] = {}
        context.state.add("todo", self._dump, self._load)

    def _dump(self) -> Any:
        return {person: asdict(book) for person, book in self._books.items()}

    def _load(self, value: Mapping[str, Any]) -> None:
        self._books = {person: TaskBook(**book) for person, book in value.items()}

    def of(self, person: Person) -> TaskBook:
        book = self._books.get(person.id)
        if book is None:
            book = self._books[person.id] = TaskBook()
            moment = datetime.combine(self._context.today, time(6), UTC)
            for key, seeded in seeded_lists(person, self._context.today):
                record = new_list(person, seeded.name, seeded.well_known, key)
                book.lists[record["id"]] = record
                tasks = book.tasks[record["id"]] = {}
                for task_key, data in seeded.tasks:
                    task = _new_task(person, data, moment, task_key)
                    tasks[task["id"]] = task
        return book

    def add_list(self, person: Person, name: str) -> Record:
        book, record = self.of(person), new_list(person, name, "none", new_key())
        book.lists[record["id"]] = record
        book.tasks[record["id"]] = {}
        self._list_changed(person, record, "created")
        return record

    def rename_list(self, person: Person, record: Record, name: str) -> None:
        _check_own(record)
        record["displayName"] = name
        touch(record)
        self._list_changed(person, record, "updated")

    def remove_list(self, person: Person, record: Record) -> None:
        _check_own(record)
        book = self.of(person)
        for task in list(book.tasks[record["id"]].values()):
            self.remove_task(person, record, task)
        del book.lists[record["id"]], book.tasks[record["id"]]
        self._list_changed(person, record, "deleted")

    def _list_changed(self, person: Person, record: Record, kind: Kind) -> None:
        container = f"users/{person.id}/todo/lists"
        resource = f"{container}/{record['id']}"
        self._context.changes.record(
            container, record["id"], kind, resource=resource, mailbox=person.id
        )

    def add_task(self, person: Person, task_list: Record, data: Record, now: datetime) -> Record:
        task = _new_task(person, data, now, new_key())
        self.of(person).tasks[task_list["id"]][task["id"]] = task
        self.task_changed(person, task_list, task, "created")
        return task

    def change_task(
        self, person: Person, task_list: Record, task: Record, data: Record, now: datetime
    ) -> None:
        was_completed = task["status"] == "completed"
        recurrence = task.get("recurrence")
        _apply(task, data, now)
        self.touch_task(person, task_list, task, now)
        if recurrence and not was_completed and task["status"] == "completed":
            self._continue(person, task_list, task, recurrence, now)

    def _continue(
        self, person: Person, task_list: Record, task: Record, recurrence: Record, now: datetime
    ) -> None:
        """The completed one of a recurring task stands alone; the next one is due."""
        task.pop("recurrence", None)
        due = _day_of(task["dueDateTime"]) if "dueDateTime" in task else now.date()
        start = date.fromisoformat(recurrence["range"]["startDate"])
        read = read_recurrence(recurrence, start, recurrence["range"]["recurrenceTimeZone"])
        following = next((day for day in occurrence_dates(read) if day > due), None)
        if following is None:
            return
        kept = ("title", "body", "importance", "categories", "isReminderOn")
        data = {name: task[name] for name in kept}
        data["recurrence"] = recurrence
        data["dueDateTime"] = state_point(datetime.combine(following, time(), None), "UTC")
        self.add_task(person, task_list, data, now)

    def touch_task(self, person: Person, task_list: Record, task: Record, now: datetime) -> None:
        """A task, or something below it, was changed."""
        task["lastModifiedDateTime"] = format_instant(now)
        task["hasAttachments"] = bool(task["_attachments"])
        touch(task)
        self.task_changed(person, task_list, task, "updated")

    def remove_task(self, person: Person, task_list: Record, task: Record) -> None:
        del self.of(person).tasks[task_list["id"]][task["id"]]
        self.task_changed(person, task_list, task, "deleted")

    def task_changed(self, person: Person, task_list: Record, task: Record, kind: Kind) -> None:
        container = f"users/{person.id}/todo/lists/{task_list['id']}/tasks"
        resource = f"{container}/{task['id']}"
        self._context.changes.record(
            container, task["id"], kind, resource=resource, mailbox=person.id
        )


def new_list(person: Person, name: str, well_known: str, key: bytes) -> Record:
    record: Record = {
        "id": make_item_id(person.id, key),
        "displayName": name,
        "isOwner": True,
        "isShared": False,
        "wellknownListName": well_known,
        "_revision": 0,
    }
    touch(record)
    return record


def touch(record: Record) -> None:
    """The record has another state: another etag."""
    record["_revision"] += 1
    record["@odata.etag"] = etag_of(change_key(record["id"], record["_revision"]))


def _check_own(record: Record) -> None:
    if record["wellknownListName"] != "none":
        raise invalid_request("A well-known list can be neither renamed nor deleted.")


def _new_task(person: Person, data: Record, now: datetime, key: bytes) -> Record:
    moment = format_instant(now)
    task: Record = {
        "id": make_item_id(person.id, key),
        **_DEFAULTS,
        "hasAttachments": False,
        "createdDateTime": moment,
        "lastModifiedDateTime": moment,
        "bodyLastModifiedDateTime": moment,
        "_revision": 0,
        "_checklistItems": {},
        "_linkedResources": {},
        "_attachments": {},
    }
    _apply(task, data, now)
    touch(task)
    return task


def _apply(task: Record, data: Record, now: datetime) -> None:
    """The checked properties of a body, written into a task. Null takes a property away."""
    given = dict(data)
    if "body" in given:
        body = given["body"] or _DEFAULTS["body"]
        given["body"] = {
            "content": body.get("content") or "",
            "contentType": body.get("contentType") or "text",
        }
        task["bodyLastModifiedDateTime"] = format_instant(now)
    for name in (*_DATES, "reminderDateTime"):
        if given.get(name) is not None:
            local, zone = read_point(given[name], name)
            # A task is due on a day, and reminded of at a time.
            local = local if name == "reminderDateTime" else datetime.combine(local, time(), None)
            given[name] = state_point(wall_time(localize(local, zone), "UTC"), "UTC")
    if given.get("recurrence") is not None:
        _apply_recurrence(task, given)
    status = given.get("status", task["status"])
    if status != "completed":
        given["completedDateTime"] = None
    elif "completedDateTime" not in given and task["status"] != "completed":
        midnight = datetime.combine(now, time(), None)
        given["completedDateTime"] = state_point(midnight, "UTC")
    for name, value in given.items():
        if value is None:
            task.pop(name, None)
            if name in _DEFAULTS:
                task[name] = _DEFAULTS[name]
        else:
            task[name] = value


def _apply_recurrence(task: Record, given: Record) -> None:
    """A recurrence needs a day to start at: its own, or the one the task is due on."""
    raw = given["recurrence"]
    due = given.get("dueDateTime", task.get("dueDateTime"))
    limits = raw.get("range") or {}
    if limits.get("startDate"):
        start = date.fromisoformat(limits["startDate"])
    elif due is not None:
        start = _day_of(due)
    else:
        raise invalid_request("A recurrence needs a range with a startDate, or a dueDateTime.")
    if not 1601 <= start.year <= 4500:
        raise invalid_request("The startDate of the recurrence is out of range.")
    zone = limits.get("recurrenceTimeZone") or "UTC"
    find_zone(zone)
    read = read_recurrence(raw, start, zone)
    given["recurrence"] = state_recurrence(read)
    if due is None:
        first = next(occurrence_dates(read))
        given["dueDateTime"] = state_point(datetime.combine(first, time(), None), "UTC")


def _day_of(due: Record) -> date:
    """The day a task is due on; kept as midnight of some time zone, told in UTC."""
    return (parse_instant(due["dateTime"]) + timedelta(hours=12)).date()


def new_child_id() -> str:
    """The id of what lies below a task."""
    return str(uuid.uuid4())
