"""The plans of the seeded company: one for each of four departments. Turns nothing into answers."""

from datetime import UTC, datetime, time, timedelta

from graphwright_sandbox.graph.chance import chance_of
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.groups import Group
from graphwright_sandbox.workloads.planner.order_hints import hint_between
from graphwright_sandbox.workloads.planner.records import (
    change_details,
    change_task,
    new_bucket,
    new_plan,
    new_task,
)
from graphwright_sandbox.workloads.planner.store import Board, seeded_id

_PLANS = {
    "engineering": ("Tile server", ("Smaller index", "Rolling restarts", "Alert on p99")),
    "fieldsurvey": ("Harbour survey", ("Permits", "Charter the boat", "Tide tables")),
    "sales": ("Second half", ("Harbour Board contract", "Price list", "Visit Cairo")),
    "product": ("Map viewer", ("Offline sheets", "Print at scale", "Interview surveyors")),
}
_BUCKETS = ("To do", "In progress", "Done")
_STEPS = ("Agree on the goal", "Try it with one sheet", "Tell everybody")
_TYPE = "#microsoft.graph."


def seed_board(context: GraphContext, board: Board) -> None:
    """Fills an empty board."""
    for group in context.tenant.groups:
        if group.mail_nickname in _PLANS and group.unified:
            _seed_plan(context, board, group)


def _seed_plan(context: GraphContext, board: Board, group: Group) -> None:
    title, tasks = _PLANS[group.mail_nickname]
    start = datetime.combine(context.today, time(8), UTC) - timedelta(days=30)
    by: Record = {"user": {"displayName": None, "id": group.owners[0]}, "application": None}
    plan = new_plan(group.id, title, by, start, seeded_id("plan", group.id))
    board.plans[plan["id"]] = plan
    hint = ""
    for number, name in enumerate(_BUCKETS):
        hint = hint_between(hint, "")
        bucket = new_bucket(plan["id"], name, hint, seeded_id("bucket", group.id, number))
        board.buckets[bucket["id"]] = bucket
        for place, task_title in enumerate(tasks):
            # In turn, so that everybody has something to do.
            turn = (number * len(tasks) + place) % len(group.members)
            task = _seed_task(context, group, bucket, (number, task_title, turn))
            board.tasks[task["id"]] = task


def _seed_task(
    context: GraphContext, group: Group, bucket: Record, plan: tuple[int, str, int]
) -> Record:
    stage, title, turn = plan
    chance = chance_of("planner", group.id, title, stage)
    made = datetime.combine(context.today, time(9), UTC) - timedelta(days=chance.randint(3, 25))
    by: Record = {"user": {"displayName": None, "id": group.owners[0]}, "application": None}
    task_id = seeded_id("task", group.id, title, stage)
    name = (title, f"{title}: first draft", f"{title}: preparation")[stage]
    task = new_task(bucket["planId"], name, by, made, task_id)
    chosen = dict.fromkeys((group.members[turn], chance.choice(group.members)))
    body: Record = {
        "bucketId": bucket["id"],
        "percentComplete": (0, 50, 100)[stage],
        "dueDateTime": format_instant(made + timedelta(days=chance.randint(5, 40))),
        "priority": chance.choice((1, 3, 5, 9)),
        "assignments": {
            person: {"@odata.type": f"{_TYPE}plannerAssignment", "orderHint": " !"}
            for person in chosen
        },
    }
    change_task(task, body, by, made + timedelta(hours=2))
    if stage == 1:
        details: Record = {
            "description": "What we agreed on in the room.",
            "checklist": {
                f"{number}": {
                    "@odata.type": f"{_TYPE}plannerChecklistItem",
                    "title": step,
                    "isChecked": number == 0,
                }
                for number, step in enumerate(_STEPS)
            },
            "references": {
                "https%3A//northwind%2Eexample/wiki": {
                    "@odata.type": f"{_TYPE}plannerExternalReference",
                    "alias": "Wiki",
                    "type": "Other",
                }
            },
        }
        change_details(task, details, by, made + timedelta(hours=3))
    return task
