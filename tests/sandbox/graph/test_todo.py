"""Microsoft To Do of the sandbox: lists, tasks, what lies below a task, and what changed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.graph.calls import Graph, error_code, person

READ, WRITE = "Tasks.Read", "Tasks.ReadWrite"


@pytest.fixture
def todo(sign_in: Callable[..., Graph]) -> Graph:
    return sign_in("noah.kim", WRITE)


def list_id(todo: Graph, well_known: str = "defaultList") -> str:
    lists = todo.value("/me/todo/lists")
    return next(str(one["id"]) for one in lists if one["wellknownListName"] == well_known)


@pytest.fixture
def tasks(todo: Graph) -> str:
    """The path of the default list's tasks."""
    return f"/me/todo/lists/{list_id(todo)}/tasks"


def created(todo: Graph, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = todo.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_everybody_has_the_two_well_known_lists(todo: Graph) -> None:
    lists = todo.value("/me/todo/lists")
    names = [(one["displayName"], one["wellknownListName"]) for one in lists]
    assert names[:2] == [("Tasks", "defaultList"), ("Flagged Emails", "flaggedEmails")]
    assert all(one["isOwner"] is True and one["isShared"] is False for one in lists)


def test_a_list_is_created_renamed_and_deleted_with_its_tasks(todo: Graph) -> None:
    made = created(todo, "/me/todo/lists", {"displayName": "Travel"})
    path = f"/me/todo/lists/{made['id']}"
    created(todo, f"{path}/tasks", {"title": "Visa"})
    renamed = todo.patch(path, {"displayName": "Trips"})
    assert renamed.json()["displayName"] == "Trips"
    assert renamed.json()["@odata.etag"] != made["@odata.etag"]
    assert todo.delete(path).status_code == 204
    answer = todo.get(f"{path}/tasks")
    assert (answer.status_code, error_code(answer)) == (404, "ErrorItemNotFound")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_well_known_list_stays_as_it_is(todo: Graph, method: str) -> None:
    path = f"/me/todo/lists/{list_id(todo)}"
    answer = todo.request(method, path, json={"displayName": "Mine"})
    assert (answer.status_code, error_code(answer)) == (400, "invalidRequest")


def test_a_task_shows_its_defaults_and_leaves_out_what_it_does_not_have(
    todo: Graph, tasks: str
) -> None:
    made = created(todo, tasks, {"title": "Call Zoë"})
    assert made["status"] == "notStarted"
    assert made["importance"] == "normal"
    assert made["body"] == {"content": "", "contentType": "text"}
    assert made["isReminderOn"] is False
    assert made["hasAttachments"] is False
    assert not {"dueDateTime", "recurrence", "completedDateTime"} & set(made)
    assert todo.get(f"{tasks}/{made['id']}").json()["title"] == "Call Zoë"


def test_a_due_day_is_midnight_of_the_zone_it_was_given_in(todo: Graph, tasks: str) -> None:
    due = {"dateTime": "2026-07-25T16:00:00", "timeZone": "Eastern Standard Time"}
    made = created(todo, tasks, {"title": "Shop", "dueDateTime": due})
    assert made["dueDateTime"] == {"dateTime": "2026-07-25T04:00:00.0000000", "timeZone": "UTC"}
    cleared = todo.patch(f"{tasks}/{made['id']}", {"dueDateTime": None}).json()
    assert "dueDateTime" not in cleared


def test_completing_a_task_dates_it_and_opening_it_again_takes_the_date_away(
    todo: Graph, tasks: str
) -> None:
    path = f"{tasks}/{created(todo, tasks, {'title': 'Pay'})['id']}"
    done = todo.patch(path, {"status": "completed"}).json()
    assert done["completedDateTime"]["dateTime"].startswith("2026-03-04T00:00")
    assert "completedDateTime" not in todo.patch(path, {"status": "inProgress"}).json()


def test_completing_a_recurring_task_brings_the_next_one(todo: Graph, tasks: str) -> None:
    pattern = {"type": "weekly", "interval": 2, "daysOfWeek": ["monday"]}
    limits = {"type": "numbered", "startDate": "2026-03-02", "numberOfOccurrences": 2}
    body = {"title": "Water", "recurrence": {"pattern": pattern, "range": limits}}
    first = created(todo, tasks, body)
    assert first["dueDateTime"]["dateTime"].startswith("2026-03-02")
    done = todo.patch(f"{tasks}/{first['id']}", {"status": "completed"}).json()
    assert "recurrence" not in done
    second = todo.value(f"{tasks}?$filter=title eq 'Water' and status ne 'completed'")
    assert [task["dueDateTime"]["dateTime"][:10] for task in second] == ["2026-03-16"]
    assert second[0]["recurrence"]["pattern"]["interval"] == 2
    todo.patch(f"{tasks}/{second[0]['id']}", {"status": "completed"})
    assert todo.value(f"{tasks}?$filter=title eq 'Water' and status ne 'completed'") == []


def test_tasks_are_filtered_sorted_and_expanded(todo: Graph, tasks: str) -> None:
    open_tasks = todo.value(f"{tasks}?$filter=status ne 'completed'&$orderby=title")
    titles = [task["title"].casefold() for task in open_tasks]
    assert len(titles) > 3
    assert titles == sorted(titles)
    due = todo.value(f"{tasks}?$filter=dueDateTime/dateTime lt '2026-03-05'")
    assert all(task["dueDateTime"]["dateTime"] < "2026-03-05" for task in due)
    link = {"webUrl": "https://northwind.example/1", "applicationName": "Ledger"}
    made = created(todo, tasks, {"title": "Linked", "linkedResources": [link]})
    assert made["linkedResources"][0]["applicationName"] == "Ledger"
    full = todo.get(f"{tasks}/{made['id']}?$expand=linkedResources,checklistItems").json()
    assert full["checklistItems"] == []
    assert full["linkedResources"][0]["externalId"] is None


def test_steps_are_added_ticked_and_removed(todo: Graph, tasks: str) -> None:
    task = f"{tasks}/{created(todo, tasks, {'title': 'Pack'})['id']}"
    before = todo.get(task).json()["@odata.etag"]
    step = created(todo, f"{task}/checklistItems", {"displayName": "Tripod"})
    assert step["isChecked"] is False
    assert "checkedDateTime" not in step
    assert todo.get(task).json()["@odata.etag"] != before
    ticked = todo.patch(f"{task}/checklistItems/{step['id']}", {"isChecked": True}).json()
    assert ticked["displayName"] == "Tripod"
    assert ticked["checkedDateTime"]
    assert todo.delete(f"{task}/checklistItems/{step['id']}").status_code == 204
    assert todo.value(f"{task}/checklistItems") == []


def test_a_small_file_is_attached_and_read_again(todo: Graph, tasks: str) -> None:
    task = f"{tasks}/{created(todo, tasks, {'title': 'Sign'})['id']}"
    body = {"@odata.type": "#microsoft.graph.taskFileAttachment", "name": "a.txt"}
    body |= {"contentBytes": "VGVzdA==", "contentType": "text/plain"}
    made = created(todo, f"{task}/attachments", body)
    assert made["size"] == 4
    assert todo.get(task).json()["hasAttachments"] is True
    assert "contentBytes" not in todo.value(f"{task}/attachments")[0]
    one = todo.get(f"{task}/attachments/{made['id']}").json()
    assert one["contentBytes"] == "VGVzdA=="
    todo.delete(f"{task}/attachments/{made['id']}")
    assert todo.get(task).json()["hasAttachments"] is False


def test_a_large_file_is_uploaded_in_parts(todo: Graph, tasks: str) -> None:
    task = f"{tasks}/{created(todo, tasks, {'title': 'Scan'})['id']}"
    info = {"attachmentType": "file", "name": "scan.pdf", "size": 10}
    session = todo.post(f"{task}/attachments/createUploadSession", {"attachmentInfo": info})
    assert session.status_code == 201
    url = session.json()["uploadUrl"]

    def put(content: bytes, content_range: str) -> Any:
        headers = {"Content-Range": content_range, "Content-Type": "application/octet-stream"}
        return todo.request("PUT", f"{url}/content", content=content, headers=headers)

    assert put(b"01234", "bytes 0-4/10").json()["nextExpectedRanges"] == ["5-9"]
    assert todo.get(url).json()["nextExpectedRanges"] == ["5-9"]
    assert put(b"01234", "bytes 6-10/10").status_code == 400
    done = put(b"56789", "bytes 5-9/10")
    assert done.status_code == 201
    file = todo.get(done.headers["location"]).json()
    assert (file["size"], file["contentBytes"]) == (10, "MDEyMzQ1Njc4OQ==")
    assert todo.get(task).json()["hasAttachments"] is True
    assert todo.get(url).status_code == 404
    for wrong in ({}, {"size": 2**25}, {"name": ""}, {"attachmentType": "item"}, {"size": "9"}):
        body = {"attachmentInfo": {**info, **wrong} if wrong else 5}
        answer = todo.post(f"{task}/attachments/createUploadSession", body)
        assert (answer.status_code, error_code(answer)) == (400, "invalidRequest"), wrong


def test_an_upload_session_is_cancelled_and_is_of_one_task(todo: Graph, tasks: str) -> None:
    task, other = (f"{tasks}/{created(todo, tasks, {'title': name})['id']}" for name in "ab")
    info = {"attachmentType": "file", "name": "scan.pdf", "size": 10}
    session = todo.post(f"{task}/attachments/createUploadSession", {"attachmentInfo": info})
    key = session.json()["uploadUrl"].rpartition("/")[2]
    assert todo.get(f"{other}/attachmentSessions/{key}").status_code == 404
    assert todo.delete(f"{task}/attachmentSessions/{key}").status_code == 204
    assert todo.get(f"{task}/attachmentSessions/{key}").status_code == 404


def test_an_old_etag_is_refused(todo: Graph, tasks: str) -> None:
    made = created(todo, tasks, {"title": "One"})
    path = f"{tasks}/{made['id']}"
    todo.patch(path, {"title": "Two"})
    answer = todo.patch(path, {"title": "Three"}, If_Match=made["@odata.etag"])
    assert (answer.status_code, error_code(answer)) == (412, "ErrorIrresolvableConflict")


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalidRequest"),
        ({"title": ""}, "invalidRequest"),
        ({"title": 5}, "RequestBodyRead"),
        ({"title": "x", "status": "later"}, "RequestBodyRead"),
        ({"title": "x", "subject": "y"}, "RequestBodyRead"),
        ({"title": "x", "isReminderOn": None}, "RequestBodyRead"),
        ({"title": "x", "dueDateTime": {"dateTime": "soon"}}, "ErrorPropertyValidationFailure"),
        (
            {"title": "x", "dueDateTime": {"dateTime": "2026-01-01", "timeZone": "Mars"}},
            "TimeZoneNotSupportedException",
        ),
        ({"title": "x", "recurrence": {"pattern": {"type": "daily"}}}, "invalidRequest"),
        (
            {
                "title": "x",
                "recurrence": {
                    "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]},
                    "range": {"type": "noEnd", "startDate": "0001-01-01"},
                },
            },
            "invalidRequest",
        ),
        ({"title": "x", "checklistItems": [5]}, "invalidRequest"),
        ({"title": "x", "attachments": [{"name": "a", "contentBytes": "%"}]}, "RequestBodyRead"),
    ],
)
def test_a_bad_task_is_refused(todo: Graph, tasks: str, body: dict[str, Any], code: str) -> None:
    before = len(todo.value(tasks))
    answer = todo.post(tasks, body)
    assert (answer.status_code, error_code(answer)) == (400, code)
    assert len(todo.value(tasks)) == before


def test_what_is_not_there_is_not_found(todo: Graph, tasks: str) -> None:
    assert error_code(todo.get("/me/todo/lists/nonsense")) == "ErrorInvalidIdMalformed"
    answer = todo.get(f"{tasks}/{list_id(todo)}")
    assert (answer.status_code, error_code(answer)) == (404, "ErrorItemNotFound")


def test_delta_tells_what_became_of_the_tasks(todo: Graph, tasks: str) -> None:
    first = todo.get(f"{tasks}/delta").json()
    gone = first["value"][0]["id"]
    made = created(todo, tasks, {"title": "New"})
    todo.delete(f"{tasks}/{gone}")
    second = todo.get(first["@odata.deltaLink"]).json()
    told = {one["id"]: one.get("title", one.get("@removed")) for one in second["value"]}
    assert told == {made["id"]: "New", gone: {"reason": "deleted"}}
    assert todo.get(second["@odata.deltaLink"]).json()["value"] == []


def test_delta_tells_what_became_of_the_lists(todo: Graph) -> None:
    first = todo.get("/me/todo/lists/delta").json()
    assert len(first["value"]) == len(todo.value("/me/todo/lists"))
    made = created(todo, "/me/todo/lists", {"displayName": "Ideas"})
    second = todo.get(first["@odata.deltaLink"]).json()
    assert [one["id"] for one in second["value"]] == [made["id"]]


def test_tasks_need_their_permission(
    sign_in: Callable[..., Graph], application: Callable[[str], Graph]
) -> None:
    noah = person("noah.kim")
    reader = sign_in("noah.kim", READ)
    assert error_code(reader.post("/me/todo/lists", {"displayName": "x"})) == "ErrorAccessDenied"
    other = sign_in("zoe.adeyemi", WRITE).get(f"/users/{noah.id}/todo/lists")
    assert (other.status_code, error_code(other)) == (403, "ErrorAccessDenied")
    assert application("Tasks.Read.All").value(f"/users/{noah.id}/todo/lists")
    refused = application("Tasks.Read.All").post(f"/users/{noah.id}/todo/lists", {})
    assert refused.status_code == 403
