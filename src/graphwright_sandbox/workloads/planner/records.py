"""Plans, buckets and tasks as records: made, and changed by a checked body."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.tenant import Caller
from graphwright_sandbox.workloads.planner.entities import (
    ASSIGNMENT,
    CHECKLIST_ITEM,
    REFERENCE,
    TASK,
    TASK_DETAILS,
)
from graphwright_sandbox.workloads.planner.errors import invalid
from graphwright_sandbox.workloads.planner.maps import (
    check_category,
    check_reference,
    check_size,
    check_user_id,
    merge_entries,
    merge_flags,
    take_map,
)
from graphwright_sandbox.workloads.planner.order_hints import place_hint
from graphwright_sandbox.workloads.planner.store import new_id, stamp

FORMATS = {
    "assignedToTaskBoardFormat": "AssignedToTaskBoardFormat",
    "bucketTaskBoardFormat": "BucketTaskBoardFormat",
    "progressTaskBoardFormat": "ProgressTaskBoardFormat",
}
"""The board formats of a task, and the kinds in their etags."""


def identity(caller: Caller) -> Record:
    """Who did it, as Planner states it."""
    user = {"displayName": None, "id": caller.user_id} if caller.user_id else None
    return {"user": user, "application": {"displayName": None, "id": caller.app_id}}


def new_plan(group_id: str, title: str, by: Record, now: datetime, plan_id: str = "") -> Record:
    plan_id = plan_id or new_id()
    details: Record = {
        "id": plan_id,
        "sharedWith": {},
        "categoryDescriptions": {f"category{number}": None for number in range(1, 26)},
    }
    stamp(details, "PlanDetails")
    record: Record = {
        "createdDateTime": format_instant(now),
        "owner": group_id,
        "title": title,
        "id": plan_id,
        "createdBy": by,
        "container": {
            "containerId": group_id,
            "type": "group",
            "url": f"https://graph.microsoft.com/v1.0/groups/{group_id}",
        },
        "_details": details,
    }
    stamp(record, "Plan")
    return record


def new_bucket(plan_id: str, name: str, hint: str, bucket_id: str = "") -> Record:
    record: Record = {
        "name": name,
        "planId": plan_id,
        "orderHint": hint,
        "id": bucket_id or new_id(),
    }
    stamp(record, "Bucket")
    return record


def new_task(plan_id: str, title: str, by: Record, now: datetime, task_id: str = "") -> Record:
    """A task about which only its plan and title are known."""
    task_id = task_id or new_id()
    hint = place_hint(None, ())
    details: Record = {"id": task_id, "description": "", "previewType": "automatic"}
    details |= {"references": {}, "checklist": {}}
    stamp(details, "TaskDetails")
    formats: dict[str, Record] = {name: {"id": task_id, "orderHint": hint} for name in FORMATS}
    formats["assignedToTaskBoardFormat"] = {
        "id": task_id,
        "unassignedOrderHint": hint,
        "orderHintsByAssignee": {},
    }
    for name, kind in FORMATS.items():
        stamp(formats[name], kind)
    record: Record = {
        "planId": plan_id,
        "bucketId": None,
        "title": title,
        "orderHint": hint,
        "assigneePriority": hint,
        "percentComplete": 0,
        "startDateTime": None,
        "createdDateTime": format_instant(now),
        "dueDateTime": None,
        "hasDescription": False,
        "previewType": "automatic",
        "completedDateTime": None,
        "completedBy": None,
        "referenceCount": 0,
        "checklistItemCount": 0,
        "activeChecklistItemCount": 0,
        "conversationThreadId": None,
        "priority": 5,
        "id": task_id,
        "createdBy": by,
        "appliedCategories": {},
        "assignments": {},
        "_details": details,
        "_formats": formats,
    }
    stamp(record, "Task")
    return record


def change_task(record: Record, body: Record, by: Record, now: datetime) -> None:
    """A body applied to a task. Whether bucket and plan may be those is the caller's to check."""
    body = dict(body)
    assignments = take_map(body, "assignments")
    categories = take_map(body, "appliedCategories")
    data = read_entity(body, TASK)
    _check_task(data)
    if categories is not None:
        for key in categories:
            check_category(key)
        data["appliedCategories"] = merge_flags(record["appliedCategories"], categories)
    if assignments is not None:
        data["assignments"] = _assign(record["assignments"], assignments, by, now)
    for name in ("orderHint", "assigneePriority"):
        if data.get(name) is not None:
            data[name] = place_hint(data[name], ())
        else:
            data.pop(name, None)
    percent = data.get("percentComplete", record["percentComplete"])
    if percent == 100 and record["percentComplete"] != 100:
        data |= {"completedDateTime": format_instant(now), "completedBy": by}
    elif percent != 100:
        data |= {"completedDateTime": None, "completedBy": None}
    record.update(data)
    stamp(record, "Task")


def _check_task(data: Record) -> None:
    for name, lowest, highest in (("percentComplete", 0, 100), ("priority", 0, 10)):
        if name in data and (data[name] is None or not lowest <= data[name] <= highest):
            raise invalid(f"'{name}' needs to lie between {lowest} and {highest}.")
    if "title" in data and not 1 <= len(data["title"].strip()) <= 255:
        raise invalid("The title of a task needs 1 to 255 characters.")
    for name in TASK.navigation:
        if name in data:
            raise invalid(f"'{name}' cannot be written with the task.")


def _assign(former: Record, given: Mapping[str, Any], by: Record, now: datetime) -> Record:
    given = {check_user_id(key): value for key, value in given.items()}

    def complete(_: str, before: Record, checked: Record) -> Record:
        hints = [one["orderHint"] for one in former.values()]
        hint = checked.get("orderHint")
        kept = before.get("orderHint") if hint is None else None
        return {
            "assignedBy": before.get("assignedBy", by),
            "assignedDateTime": before.get("assignedDateTime", format_instant(now)),
            "orderHint": kept or place_hint(hint, hints),
        }

    merged = merge_entries(former, given, ASSIGNMENT, complete)
    check_size(merged, 20, "MaximumAssigneesInTasks")
    return merged


def change_details(record: Record, body: Record, by: Record, now: datetime) -> None:
    """A body applied to the details of a task, and what the task tells of them."""
    body, details = dict(body), record["_details"]
    checklist, references = take_map(body, "checklist"), take_map(body, "references")
    data = read_entity(body, TASK_DETAILS)
    touched: Record = {"lastModifiedBy": by, "lastModifiedDateTime": format_instant(now)}

    def complete_item(_: str, before: Record, checked: Record) -> Record:
        hint = checked.get("orderHint")
        if not checked.get("title", before.get("title")):
            raise invalid("A checklist item needs a title.")
        return {
            "isChecked": bool(checked.get("isChecked", before.get("isChecked"))),
            "title": checked.get("title", before.get("title")),
            "orderHint": before.get("orderHint") or place_hint(None, ())
            if hint is None
            else place_hint(hint, ()),
            **touched,
        }

    def complete_reference(key: str, before: Record, checked: Record) -> Record:
        check_reference(key)
        hint = checked.get("previewPriority")
        return {
            "alias": checked.get("alias", before.get("alias")),
            "type": checked.get("type", before.get("type", "Other")),
            "previewPriority": before.get("previewPriority") or place_hint(None, ())
            if hint is None
            else place_hint(hint, ()),
            **touched,
        }

    if checklist is not None:
        former = details["checklist"]
        data["checklist"] = merge_entries(former, checklist, CHECKLIST_ITEM, complete_item)
        check_size(data["checklist"], 20, "MaximumChecklistItemsOnTask")
    if references is not None:
        former = details["references"]
        data["references"] = merge_entries(former, references, REFERENCE, complete_reference)
        check_size(data["references"], 10, "MaximumReferencesOnTask")
    if data.get("description", "") is None:
        data["description"] = ""
    if data.get("previewType", "") is None:
        data["previewType"] = "automatic"
    details.update(data)
    stamp(details, "TaskDetails")
    items = details["checklist"].values()
    record["hasDescription"] = bool(details["description"])
    record["previewType"] = details["previewType"]
    record["referenceCount"] = len(details["references"])
    record["checklistItemCount"] = len(items)
    record["activeChecklistItemCount"] = sum(not item["isChecked"] for item in items)
    stamp(record, "Task")
