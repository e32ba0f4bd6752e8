"""Microsoft Planner of the sandbox: plans, buckets, tasks, their etags, maps and order hints."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.workloads.planner.order_hints import hint_between, place_hint
from tests.sandbox.graph.calls import NOW, TENANT, Answer, Graph, error_code, person

WRITE = "Tasks.ReadWrite"
NOAH, OLIVIA, AVA = (person(name).id for name in ("noah.kim", "olivia.brandt", "ava.ramirez"))
ENGINEERING = next(group.id for group in TENANT.groups if group.mail_nickname == "engineering")
ASSIGNMENT = "#microsoft.graph.plannerAssignment"
ITEM = "#microsoft.graph.plannerChecklistItem"
REFERENCE = "#microsoft.graph.plannerExternalReference"


@pytest.fixture
def planner(sign_in: Callable[..., Graph]) -> Graph:
    """A member of Engineering."""
    return sign_in("noah.kim", WRITE)


@pytest.fixture
def plan(planner: Graph) -> str:
    return str(planner.value(f"/groups/{ENGINEERING}/planner/plans")[0]["id"])


def created(planner: Graph, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = planner.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def changed(planner: Graph, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """A change based on the present state; the record as it is then."""
    etag = planner.get(path).json()["@odata.etag"]
    answer = planner.patch(path, body, If_Match=etag, Prefer="return=representation")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status_code, error_code(answer)


def test_the_plans_of_the_own_groups_are_listed_with_their_buckets_and_tasks(
    planner: Graph, plan: str
) -> None:
    mine = planner.value("/me/planner/plans")
    assert [one["id"] for one in mine] == [plan]
    assert mine[0]["container"] == {
        "containerId": ENGINEERING,
        "type": "group",
        "url": f"https://graph.microsoft.com/v1.0/groups/{ENGINEERING}",
    }
    buckets = planner.value(f"/planner/plans/{plan}/buckets")
    assert [one["name"] for one in buckets] == ["To do", "In progress", "Done"]
    tasks = planner.value(f"/planner/plans/{plan}/tasks")
    inside = planner.value(f"/planner/buckets/{buckets[2]['id']}/tasks")
    assert [task for task in tasks if task["bucketId"] == buckets[2]["id"]] == inside
    assert all(task["completedDateTime"] and task["percentComplete"] == 100 for task in inside)


def test_my_tasks_are_those_i_am_assigned_to(planner: Graph, plan: str) -> None:
    everything = planner.value(f"/planner/plans/{plan}/tasks")
    mine = planner.value("/me/planner/tasks")
    assert mine == [task for task in everything if NOAH in task["assignments"]]
    assert mine[0]["assignments"][NOAH]["@odata.type"] == ASSIGNMENT


def test_a_plan_is_created_renamed_and_deleted_with_all_that_lies_in_it(planner: Graph) -> None:
    url = f"https://graph.microsoft.com/v1.0/groups/{ENGINEERING}"
    made = created(planner, "/planner/plans", {"container": {"url": url}, "title": "Move"})
    assert made["owner"] == ENGINEERING
    assert made["createdBy"]["user"]["id"] == NOAH
    path = f"/planner/plans/{made['id']}"
    bucket = created(planner, "/planner/buckets", {"planId": made["id"], "name": "Boxes"})
    task = created(
        planner,
        "/planner/tasks",
        {"planId": made["id"], "bucketId": bucket["id"], "title": "Pack"},
    )
    renamed = changed(planner, path, {"title": "The move"})
    assert renamed["title"] == "The move"
    assert planner.delete(path, If_Match=renamed["@odata.etag"]).status_code == 204
    for gone in (path, f"/planner/buckets/{bucket['id']}", f"/planner/tasks/{task['id']}"):
        assert refusal(planner.get(gone)) == (404, "")


def test_a_write_without_or_with_an_old_or_foreign_etag_is_refused(
    planner: Graph, plan: str
) -> None:
    made = created(planner, "/planner/tasks", {"planId": plan, "title": "One"})
    path, etag = f"/planner/tasks/{made['id']}", made["@odata.etag"]
    answer = planner.patch(path, {"title": "Two"})
    assert refusal(answer) == (412, "")
    assert "must be specified" in answer.json()["error"]["message"]
    assert refusal(planner.delete(path)) == (412, "")
    for wrong in ("*", "W/nonsense", etag.strip("W/"), 'W/"AAAA"'):
        assert refusal(planner.patch(path, {"title": "Two"}, If_Match=wrong)) == (400, "")
    foreign = planner.get(f"/planner/plans/{plan}").json()["@odata.etag"]
    assert refusal(planner.patch(path, {"title": "Two"}, If_Match=foreign)) == (400, "")
    answer = planner.patch(path, {"title": "Two"}, If_Match=etag)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["etag"] != etag
    assert refusal(planner.patch(path, {"title": "Three"}, If_Match=etag)) == (412, "")
    assert planner.get(path).json()["title"] == "Two"


def test_users_are_assigned_and_taken_off_again_by_null(planner: Graph, plan: str) -> None:
    body = {
        "planId": plan,
        "title": "Survey",
        "assignments": {NOAH: {"@odata.type": ASSIGNMENT, "orderHint": " !"}},
    }
    made = created(planner, "/planner/tasks", body)
    first = made["assignments"][NOAH]
    assert first["assignedBy"]["user"]["id"] == NOAH
    assert first["orderHint"] != " !"
    path = f"/planner/tasks/{made['id']}"
    both = changed(
        planner,
        path,
        {
            "assignments": {
                OLIVIA: {"@odata.type": ASSIGNMENT, "orderHint": f"{first['orderHint']} !"}
            },
            "appliedCategories": {"category3": True, "category4": False},
        },
    )
    assert set(both["assignments"]) == {NOAH, OLIVIA}
    assert both["assignments"][OLIVIA]["orderHint"] > first["orderHint"]
    assert both["appliedCategories"] == {"category3": True}
    hints = {"orderHintsByAssignee": {OLIVIA: " !"}}
    board = changed(planner, f"{path}/assignedToTaskBoardFormat", hints)
    assert set(board["orderHintsByAssignee"]) == {OLIVIA}
    alone = changed(planner, path, {"assignments": {OLIVIA: None}})
    assert set(alone["assignments"]) == {NOAH}
    left = planner.get(f"{path}/assignedToTaskBoardFormat").json()
    assert left["orderHintsByAssignee"] == {}


def test_a_finished_task_says_when_and_by_whom(planner: Graph, plan: str) -> None:
    made = created(planner, "/planner/tasks", {"planId": plan, "title": "Finish"})
    path = f"/planner/tasks/{made['id']}"
    done = changed(planner, path, {"percentComplete": 100})
    assert (done["completedDateTime"], done["completedBy"]["user"]["id"]) == (
        "2026-03-04T09:30:00Z",
        NOAH,
    )
    again = changed(planner, path, {"percentComplete": 50})
    assert (again["completedDateTime"], again["completedBy"]) == (None, None)


def test_details_count_in_the_task(planner: Graph, plan: str) -> None:
    made = created(planner, "/planner/tasks", {"planId": plan, "title": "Details"})
    path = f"/planner/tasks/{made['id']}"
    url = "https%3A//northwind%2Eexample/a%23b"
    details = changed(
        planner,
        f"{path}/details",
        {
            "description": "How to do it",
            "previewType": "checklist",
            "checklist": {
                "one": {"@odata.type": ITEM, "title": "First", "isChecked": True},
                "two": {"@odata.type": f"{ITEM[1:]}", "title": "Second"},
            },
            "references": {url: {"@odata.type": REFERENCE, "alias": "Map", "type": "Other"}},
        },
    )
    assert details["references"][url]["lastModifiedBy"]["user"]["id"] == NOAH
    task = planner.get(f"{path}?$expand=details").json()
    counts = ("hasDescription", "previewType", "checklistItemCount", "activeChecklistItemCount")
    assert [task[name] for name in counts] == [True, "checklist", 2, 1]
    assert task["referenceCount"] == 1
    assert task["details"]["checklist"]["two"]["isChecked"] is False
    fewer = {"checklist": {"one": None, "two": {"@odata.type": ITEM, "isChecked": True}}}
    details = changed(planner, f"{path}/details", fewer)
    assert details["checklist"]["two"]["title"] == "Second"
    assert list(details["checklist"]) == ["two"]
    assert planner.get(path).json()["activeChecklistItemCount"] == 0


def test_a_plan_is_shared_and_its_categories_named(
    planner: Graph, plan: str, sign_in: Callable[..., Graph]
) -> None:
    ava = sign_in("ava.ramirez", WRITE)
    path = f"/planner/plans/{plan}"
    assert refusal(ava.get(path)) == (403, "")
    shared = {"sharedWith": {AVA: True}, "categoryDescriptions": {"category1": "Indoors"}}
    details = changed(planner, f"{path}/details", shared)
    assert details["sharedWith"] == {AVA: True}
    assert details["categoryDescriptions"]["category1"] == "Indoors"
    assert details["categoryDescriptions"]["category2"] is None
    assert ava.get(path).status_code == 200
    assert plan in [one["id"] for one in ava.value("/me/planner/plans")]
    changed(planner, f"{path}/details", {"sharedWith": {AVA: False}})
    assert refusal(ava.get(path)) == (403, "")


def test_only_members_of_the_group_make_plans_and_read_tasks(
    planner: Graph, plan: str, sign_in: Callable[..., Graph]
) -> None:
    ava = sign_in("ava.ramirez", WRITE)
    body = {"container": {"containerId": ENGINEERING, "type": "group"}, "title": "Mine"}
    assert refusal(ava.post("/planner/plans", body)) == (403, "")
    task = planner.value(f"/planner/plans/{plan}/tasks")[0]["id"]
    assert refusal(ava.get(f"/planner/tasks/{task}")) == (403, "")
    assert refusal(ava.get(f"/groups/{ENGINEERING}/planner/plans")) == (403, "")
    assert refusal(ava.post("/planner/tasks", {"planId": plan, "title": "x"})) == (403, "")
    assert ava.value(f"/users/{NOAH}/planner/tasks") == []


def test_plans_go_with_their_group(planner: Graph, plan: str, app: Any) -> None:
    task = planner.value("/me/planner/tasks")[0]["id"]
    app.state.context.tenant.groups.remove(ENGINEERING, NOW)
    assert planner.value("/me/planner/tasks") == []
    assert planner.value("/me/planner/plans") == []
    for path in (f"/planner/plans/{plan}", f"/planner/tasks/{task}"):
        assert refusal(planner.get(path)) == (404, "")
    assert refusal(planner.get(f"/groups/{ENGINEERING}/planner/plans")) == (404, "")


def test_planner_needs_its_permission(
    sign_in: Callable[..., Graph], application: Callable[[str], Graph], plan: str
) -> None:
    reader = sign_in("noah.kim", "Tasks.Read")
    assert refusal(reader.post("/planner/tasks", {"planId": plan, "title": "x"})) == (403, "")
    assert application("Tasks.Read.All").value(f"/planner/plans/{plan}/tasks")
    assert refusal(application("User.Read.All").get(f"/planner/plans/{plan}")) == (403, "")


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"planId": None}, 400, ""),
        ({"title": ""}, 400, ""),
        ({"planId": "nowhere"}, 404, ""),
        ({"bucketId": "nowhere"}, 400, ""),
        ({"percentComplete": 101}, 400, ""),
        ({"priority": 11}, 400, ""),
        ({"orderHint": "abc"}, 400, ""),
        ({"orderHint": "b a!"}, 400, ""),
        ({"colour": "red"}, 400, "RequestBodyRead"),
        ({"dueDateTime": "tomorrow"}, 400, "RequestBodyRead"),
        ({"appliedCategories": {"category26": True}}, 400, ""),
        ({"appliedCategories": {"category1": "yes"}}, 400, "RequestBodyRead"),
        ({"appliedCategories": []}, 400, "RequestBodyRead"),
        ({"assignments": {"nobody": {"@odata.type": ASSIGNMENT}}}, 400, ""),
        ({"assignments": {NOAH: {"orderHint": " !"}}}, 400, "RequestBodyRead"),
        ({"assignments": {NOAH: {"@odata.type": ITEM}}}, 400, "RequestBodyRead"),
        ({"assignments": {NOAH: True}}, 400, "RequestBodyRead"),
        ({"assignments": [5]}, 400, "RequestBodyRead"),
        ({"details": {}}, 400, ""),
        ({"assignments": {ENGINEERING: {"@odata.type": ASSIGNMENT}}}, 403, ""),
    ],
)
def test_a_bad_task_is_refused_and_not_made(
    planner: Graph, plan: str, body: dict[str, Any], status: int, code: str
) -> None:
    before = len(planner.value(f"/planner/plans/{plan}/tasks"))
    answer = planner.post("/planner/tasks", {"planId": plan, "title": "x", **body})
    assert refusal(answer) == (status, code)
    assert len(planner.value(f"/planner/plans/{plan}/tasks")) == before


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"references": {"https://a.example": {"@odata.type": REFERENCE}}}, 400, ""),
        ({"references": {"nonsense": {"@odata.type": REFERENCE}}}, 400, ""),
        ({"checklist": {"a": {"@odata.type": ITEM}}}, 400, ""),
        ({"checklist": {"a": {"@odata.type": ITEM, "title": 5}}}, 400, "RequestBodyRead"),
        ({"checklist": "a"}, 400, "RequestBodyRead"),
        ({"previewType": "large"}, 400, "RequestBodyRead"),
        (
            {"checklist": {f"{n}": {"@odata.type": ITEM, "title": "x"} for n in range(21)}},
            403,
            "MaximumChecklistItemsOnTask",
        ),
    ],
)
def test_bad_details_are_refused_and_change_nothing(
    planner: Graph, plan: str, body: dict[str, Any], status: int, code: str
) -> None:
    task = planner.value(f"/planner/plans/{plan}/tasks")[0]["id"]
    path = f"/planner/tasks/{task}/details"
    before = planner.get(path).json()
    answer = planner.patch(path, body, If_Match=before["@odata.etag"])
    assert refusal(answer) == (status, code)
    assert planner.get(path).json() == before


def test_a_query_planner_does_not_know_is_refused(planner: Graph) -> None:
    answer = planner.get("/me/planner/tasks?$filter=percentComplete eq 100")
    assert refusal(answer) == (400, "Request_BadRequest")


def test_every_write_is_told(app: Any, planner: Graph, plan: str) -> None:
    told: list[tuple[str, str]] = []
    app.state.context.changes.on_change(lambda change: told.append((change.resource, change.kind)))
    task = (
        f"planner/tasks/{created(planner, '/planner/tasks', {'planId': plan, 'title': 'x'})['id']}"
    )
    done = changed(planner, f"/{task}", {"percentComplete": 100})
    planner.delete(f"/{task}", If_Match=done["@odata.etag"])
    assert told == [(task, "created"), (task, "updated"), (task, "deleted")]


def test_an_order_hint_sorts_between_its_neighbours() -> None:
    chance = random.Random(7)
    hints = [hint_between("", "")]
    for _ in range(400):
        at = chance.randint(0, len(hints))
        before = hints[at - 1] if at else ""
        after = hints[at] if at < len(hints) else ""
        hints.insert(at, place_hint(f"{before} {after}!", hints))
    assert hints == sorted(hints)
    assert len(set(hints)) == len(hints)
    assert all(" " not in hint for hint in hints)
    for wrong in ("", "a", "a b", "b a!", "é a!"):
        with pytest.raises(GraphError):
            place_hint(wrong, ())
