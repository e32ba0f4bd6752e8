"""What subscribers are told: which changes, in which words, again where it failed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from graphwright_sandbox.faults.notation import parse_fault
from graphwright_sandbox.notifications.notifier import Notifier
from tests.sandbox.graph.calls import Graph, error_code, person
from tests.sandbox.notifications.conftest import Subscribe
from tests.sandbox.notifications.receiver import Receiver

ME = person("noah.kim").id
Add = Callable[..., str]


@pytest.fixture
def add(graph: Graph, tasks: str) -> Add:
    """One more task; gives its path."""

    def add(title: str = "New") -> str:
        answer = graph.post(tasks, {"title": title})
        assert answer.status_code == 201, answer.text
        return f"{tasks}/{answer.json()['id']}"

    return add


def test_a_change_is_told_with_all_that_names_it(
    subscribe: Subscribe, add: Add, receiver: Receiver
) -> None:
    made = subscribe()
    path = add()
    [told] = receiver.take()["value"]
    task = path.rpartition("/")[2]
    assert told["subscriptionId"] == made["id"]
    assert told["clientState"] == "only-we-know"
    assert told["changeType"] == "created"
    assert told["resource"].startswith(f"users/{ME}/todo/lists/")
    assert told["resourceData"]["id"] == task
    assert told["resourceData"]["@odata.type"] == "#Microsoft.Graph.TodoTask"
    assert told["resourceData"]["@odata.id"] == told["resource"]
    assert told["resourceData"]["@odata.etag"].startswith("W/")
    assert told["subscriptionExpirationDateTime"] == "2026-03-04T11:30:00.0000000Z"


def test_only_the_wanted_kinds_of_changes_are_told(
    subscribe: Subscribe, add: Add, graph: Graph, receiver: Receiver
) -> None:
    subscribe(changeType="deleted")
    path = add()
    graph.patch(path, {"title": "Other"})
    assert graph.delete(path).status_code == 204
    [told] = receiver.take()["value"]
    assert told["changeType"] == "deleted"
    assert "@odata.etag" not in told["resourceData"]
    assert receiver.is_quiet()


def test_changes_close_together_come_in_one_request(
    subscribe: Subscribe, add: Add, receiver: Receiver, notifier: Notifier
) -> None:
    notifier.timing.gather = 0.2
    subscribe()
    for number in range(3):
        add(f"Task {number}")
    assert [told["changeType"] for told in receiver.take()["value"]] == ["created"] * 3


def test_a_renewed_subscription_of_another_place_stays_silent(
    subscribe: Subscribe, add: Add, receiver: Receiver, graph: Graph
) -> None:
    other = graph.post("/me/todo/lists", {"displayName": "Other"}).json()["id"]
    subscribe(resource=f"me/todo/lists/{other}/tasks")
    add()
    assert receiver.is_quiet()


def test_who_unsubscribed_is_told_no_more(
    subscribe: Subscribe, add: Add, receiver: Receiver, graph: Graph
) -> None:
    assert graph.delete(f"/subscriptions/{subscribe()['id']}").status_code == 204
    add()
    assert receiver.is_quiet()


def test_a_failed_delivery_is_tried_again(
    subscribe: Subscribe, add: Add, receiver: Receiver
) -> None:
    subscribe()
    receiver.statuses = [503, 500]
    add()
    bodies = [receiver.take() for _ in range(3)]
    assert bodies[0] == bodies[1] == bodies[2]
    assert receiver.is_quiet()


def test_what_never_arrives_is_told_as_missed(
    subscribe: Subscribe, add: Add, receiver: Receiver
) -> None:
    made = subscribe(lifecycleNotificationUrl=f"{receiver.url}/lifecycle")
    assert len(receiver.tokens) == 2
    receiver.statuses = [500] * 3
    add()
    for _ in range(3):
        receiver.take()
    [told] = receiver.take("/lifecycle")["value"]
    assert (told["lifecycleEvent"], told["subscriptionId"]) == ("missed", made["id"])
    assert told["clientState"] == "only-we-know"
    add()
    assert receiver.take()["value"][0]["changeType"] == "created"


def test_notifications_may_be_duplicated_and_lost_on_purpose(
    subscribe: Subscribe, add: Add, receiver: Receiver, app: Starlette
) -> None:
    subscribe()
    app.state.faults.add(parse_fault("/tasks/: duplicate-notification"))
    add()
    # As Graph does it: the same notification in a request of its own, later.
    [first] = receiver.take()["value"]
    [second] = receiver.take()["value"]
    assert first == second
    assert receiver.is_quiet()
    app.state.faults.add(parse_fault("/tasks/: lost-notification"))
    add()
    assert receiver.is_quiet()


def test_a_subscription_survives_being_written_down(
    subscribe: Subscribe, add: Add, receiver: Receiver, app: Starlette, notifier: Notifier
) -> None:
    subscribe()
    part = next(part for part in app.state.context.state if part.name == "subscriptions")
    written: Any = json.loads(json.dumps(part.dump()))
    before = dict(notifier.subscriptions)
    notifier.subscriptions.clear()
    part.load(written)
    assert notifier.subscriptions == before
    add()
    assert receiver.take()["value"][0]["changeType"] == "created"


def test_an_application_is_told_of_the_mailbox_it_may_read(
    client: TestClient, graph: Graph, body: dict[str, Any], receiver: Receiver
) -> None:
    application = Graph(client, "Bearer app::Mail.Read")
    made = application.post("/subscriptions", {**body, "resource": f"users/{ME}/messages"})
    assert made.status_code == 201, made.text
    assert made.json()["creatorId"] == "app"
    graph.post("/me/messages", {"subject": "Seen"})
    [told] = receiver.take()["value"]
    assert told["resourceData"]["@odata.etag"].startswith("W/")
    assert graph.value("/subscriptions") == []
    assert [one["id"] for one in application.value("/subscriptions")] == [made.json()["id"]]
    refused = application.post("/subscriptions", {**body, "resource": f"users/{ME}/events"})
    assert (refused.status_code, error_code(refused)) == (403, "ErrorAccessDenied")


def test_what_a_person_subscribed_to_ends_with_the_account(
    client: TestClient, body: dict[str, Any], receiver: Receiver, notifier: Notifier
) -> None:
    leaver, other = person("zoe.adeyemi").id, person("noah.kim").id
    lifecycle = {"lifecycleNotificationUrl": f"{receiver.url}/lifecycle"}
    made = []
    for caller, resource in (
        (f"user:{leaver}:Mail.Read", "me/messages"),
        ("app::Mail.Read", f"users/{leaver}/messages"),
        (f"user:{other}:Mail.Read", "me/messages"),
    ):
        graph = Graph(client, f"Bearer {caller}")
        answer = graph.post("/subscriptions", {**body, **lifecycle, "resource": resource})
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
    administrator = Graph(client, "Bearer app::User.ReadWrite.All")
    assert administrator.delete(f"/users/{leaver}").status_code == 204
    told = receiver.take("/lifecycle")["value"]
    assert [one["lifecycleEvent"] for one in told] == ["subscriptionRemoved"] * 2
    assert [one["subscriptionId"] for one in told] == made[:2]
    assert list(notifier.subscriptions) == made[2:]
