"""One change of every kind of resource that can be subscribed to, told by its own workload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from graphwright_sandbox.notifications.notifier import Notifier
from tests.sandbox.graph.calls import Answer, Graph, person
from tests.sandbox.notifications.receiver import Receiver

ME, COLLEAGUE = person("noah.kim"), person("zoe.adeyemi")
SCOPES = (
    "User.ReadWrite.All Group.ReadWrite.All Mail.ReadWrite Mail.Send Calendars.ReadWrite "
    "Contacts.ReadWrite Files.ReadWrite.All Sites.ReadWrite.All Team.ReadBasic.All "
    "Channel.ReadBasic.All ChannelMessage.Send ChannelMessage.Read.All Chat.ReadWrite"
)
MOMENT = {"dateTime": "2026-03-20T02:00:00", "timeZone": "UTC"}
TO_ME = {"subject": "New", "toRecipients": [{"emailAddress": {"address": ME.mail}}]}


def first(graph: Graph, path: str) -> str:
    return str(graph.value(path)[0]["id"])


def find_group(graph: Graph) -> str:
    return f"groups/{first(graph, '/groups?$top=1')}"


def find_message(graph: Graph) -> str:
    return f"users/{ME.id}/messages/{first(graph, '/me/messages?$top=1')}"


def find_in_folder(graph: Graph) -> str:
    draft = graph.post("/me/messages", {"subject": "Draft"}).json()["id"]
    return f"users/{ME.id}/mailFolders/drafts/messages/{draft}"


def find_channel(graph: Graph) -> str:
    team = f"teams/{first(graph, '/me/joinedTeams')}"
    return f"{team}/channels/{first(graph, f'/{team}/channels')}/messages"


def find_chat(graph: Graph) -> str:
    return f"chats/{first(graph, '/me/chats')}/messages"


def make_folder(graph: Graph) -> str:
    made = graph.post("/me/contactFolders", {"displayName": "Suppliers"})
    return f"users/{ME.id}/contactFolders/{made.json()['id']}/contacts"


def find_list(graph: Graph) -> str:
    lists = [
        f"sites/{site['id']}/lists/{one['id']}"
        for site in graph.value("/sites?search=*")
        for one in graph.value(f"/sites/{site['id']}/lists")
        if one["list"]["template"] == "genericList"
    ]
    return lists[0]


def put_file(graph: Graph, _: str) -> Answer:
    headers = {"Content-Type": "text/plain"}
    return graph.request("PUT", "/me/drive/root:/new.txt:/content", content=b"x", headers=headers)


SAID = {"body": {"content": "hello"}}
KINDS: list[tuple[str | Callable[[Graph], str], str, str, Callable[[Graph, str], Answer]]] = [
    (
        "me/mailFolders('Inbox')/messages",
        "created",
        "Message",
        lambda graph, _: graph.post("/me/sendMail", {"message": TO_ME}),
    ),
    (
        "/me/mailFolders/drafts/messages",
        "created",
        "Message",
        lambda graph, _: graph.post("/me/messages", TO_ME),
    ),
    (
        find_message,
        "updated",
        "Message",
        lambda graph, path: graph.patch(f"/{path}", {"isRead": True}),
    ),
    (
        find_in_folder,
        "updated",
        "Message",
        lambda graph, path: graph.patch(f"/{path}", {"subject": "Other"}),
    ),
    (
        f"users/{ME.user_principal_name}/events",
        "created",
        "Event",
        lambda graph, _: graph.post(
            "/me/events", {"subject": "New", "start": MOMENT, "end": MOMENT}
        ),
    ),
    (
        "me/contacts",
        "created",
        "Contact",
        lambda graph, _: graph.post("/me/contacts", {"givenName": "New"}),
    ),
    (
        make_folder,
        "created",
        "Contact",
        lambda graph, path: graph.post(f"/{path}", {"givenName": "New"}),
    ),
    (
        "users",
        "updated",
        "User",
        lambda graph, _: graph.patch(f"/users/{COLLEAGUE.id}", {"jobTitle": "Other"}),
    ),
    (
        f"Users/{COLLEAGUE.mail}",
        "updated",
        "User",
        lambda graph, _: graph.patch(f"/users/{COLLEAGUE.id}", {"jobTitle": "Another"}),
    ),
    (
        find_group,
        "updated",
        "Group",
        lambda graph, path: graph.patch(f"/{path}", {"description": "Other"}),
    ),
    (find_channel, "created", "ChatMessage", lambda graph, path: graph.post(f"/{path}", SAID)),
    (find_chat, "created", "ChatMessage", lambda graph, path: graph.post(f"/{path}", SAID)),
    ("me/drive/root", "updated", "", put_file),
    (
        find_list,
        "updated",
        "",
        lambda graph, path: graph.post(f"/{path}/items", {"fields": {"Title": "New"}}),
    ),
]


@pytest.mark.parametrize(("resource", "change", "odata", "write"), KINDS)
def test_a_change_of_every_kind_is_told(
    client: TestClient,
    notifier: Notifier,
    receiver: Receiver,
    body: dict[str, Any],
    resource: str | Callable[[Graph], str],
    change: str,
    odata: str,
    write: Callable[[Graph, str], Answer],
) -> None:
    graph = Graph(client, f"Bearer user:{ME.id}:{SCOPES}")
    path = resource if isinstance(resource, str) else resource(graph)
    lasting = {"resource": path, "changeType": change, "expirationDateTime": "2026-03-04T10:25:00Z"}
    made = graph.post("/subscriptions", body | lasting)
    assert made.status_code == 201, made.text
    assert write(graph, path).status_code < 300
    told = receiver.take()["value"][0]
    assert (told["subscriptionId"], told["changeType"]) == (made.json()["id"], change)
    if odata:
        assert told["resourceData"]["@odata.type"] == f"#Microsoft.Graph.{odata}"
        assert told["resource"].endswith(told["resourceData"]["id"])
    else:
        assert (told["resource"], told["resourceData"]) == (path, None)


def test_teams_needs_a_lifecycle_url_beyond_an_hour(
    client: TestClient, notifier: Notifier, body: dict[str, Any]
) -> None:
    graph = Graph(client, f"Bearer user:{ME.id}:{SCOPES}")
    lasting = {"resource": find_chat(graph), "changeType": "created"}
    answer = graph.post("/subscriptions", body | lasting)
    assert answer.status_code == 400
    assert "'lifecycleNotificationUrl' is a required" in answer.json()["error"]["message"]
    named = {"lifecycleNotificationUrl": body["notificationUrl"]}
    assert graph.post("/subscriptions", body | lasting | named).status_code == 201
