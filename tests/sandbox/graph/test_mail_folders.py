"""Mail folders: made, renamed, moved, copied, deleted, listed as they changed; settings beside."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.graph.calls import Graph, error_code


def _create(graph: Graph, name: str, below: str = "") -> dict[str, Any]:
    path = f"/me/mailFolders/{below}/childFolders" if below else "/me/mailFolders"
    answer = graph.post(path, {"displayName": name})
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def test_a_folder_is_made_renamed_moved_and_deleted_in_two_steps(graph: Graph) -> None:
    outer = _create(graph, "Outer")
    inner = _create(graph, "Inner", outer["id"])
    assert graph.get(f"/me/mailFolders/{outer['id']}").json()["childFolderCount"] == 1
    path = f"/me/mailFolders/{inner['id']}"
    assert graph.patch(path, {"displayName": "Core"}).json()["displayName"] == "Core"
    moved = graph.post(f"{path}/move", {"destinationId": "archive"})
    assert moved.status_code == 201
    assert graph.value("/me/mailFolders/archive/childFolders")[0]["id"] == inner["id"]
    assert graph.delete(path).status_code == 204
    assert graph.value("/me/mailFolders/deleteditems/childFolders")[0]["id"] == inner["id"]
    assert graph.delete(path).status_code == 204
    assert graph.get(path).status_code == 404


def test_a_copied_folder_brings_its_messages_and_its_children(graph: Graph) -> None:
    projects = graph.value("/me/mailFolders/inbox/childFolders")[0]
    _create(graph, "Below", projects["id"])
    copied = graph.post(f"/me/mailFolders/{projects['id']}/copy", {"destinationId": "archive"})
    assert copied.status_code == 201
    assert copied.json()["totalItemCount"] == projects["totalItemCount"] > 0
    below = f"/me/mailFolders/{copied.json()['id']}"
    assert [f["displayName"] for f in graph.value(f"{below}/childFolders")] == ["Below"]
    assert graph.post(f"{below}/permanentDelete", {}).status_code == 204
    assert graph.get(below).status_code == 404
    original = graph.get(f"/me/mailFolders/{projects['id']}").json()
    assert original["totalItemCount"] == projects["totalItemCount"]


def test_a_folder_is_reached_by_the_one_above(graph: Graph) -> None:
    projects = graph.value("/me/mailFolders/inbox/childFolders")[0]
    path = f"/me/mailFolders/inbox/childFolders/{projects['id']}"
    assert graph.get(path).json() == graph.get(f"/me/mailFolders/{projects['id']}").json()
    messages = graph.value(f"{path}/messages?$top=100&$select=parentFolderId")
    assert {message["parentFolderId"] for message in messages} == {projects["id"]}
    made = graph.post(f"{path}/childFolders", {"displayName": "Deep"})
    assert made.json()["parentFolderId"] == projects["id"]


def test_hidden_folders_are_listed_where_that_is_asked(graph: Graph) -> None:
    made = graph.post("/me/mailFolders", {"displayName": "Cache", "isHidden": True})
    assert made.json()["isHidden"] is True
    names = [f["displayName"] for f in graph.value("/me/mailFolders?$top=50")]
    assert "Cache" not in names
    every = graph.value("/me/mailFolders?$top=50&includeHiddenFolders=true")
    assert len(every) == len(names) + 1


BAD_FOLDERS: list[tuple[str, str, Any, int, str]] = [
    ("POST", "", {}, 400, "ErrorInvalidRequest"),
    ("POST", "", {"displayName": " "}, 400, "ErrorInvalidRequest"),
    ("POST", "", {"displayName": "INBOX"}, 409, "ErrorFolderExists"),
    ("POST", "", {"displayName": 5}, 400, "RequestBodyRead"),
    ("PATCH", "/inbox", {"displayName": "x"}, 403, "ErrorDeleteDistinguishedFolder"),
    ("DELETE", "/sentitems", None, 403, "ErrorDeleteDistinguishedFolder"),
    ("POST", "/inbox/move", {"destinationId": "archive"}, 403, "ErrorDeleteDistinguishedFolder"),
    ("POST", "/inbox/copy", {"destinationId": "inbox"}, 400, "ErrorMoveCopyFailed"),
    ("POST", "/archive/copy", {"destinationId": "x"}, 400, "ErrorInvalidIdMalformed"),
    ("POST", "/archive/copy", {}, 400, "ErrorInvalidRequest"),
    ("GET", "/inbox/childFolders/archive", None, 404, "ErrorItemNotFound"),
]


@pytest.mark.unchanging
@pytest.mark.parametrize(("method", "path", "body", "status", "code"), BAD_FOLDERS)
def test_folders_against_the_rules_are_refused(
    graph: Graph, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = graph.request(method, f"/me/mailFolders{path}", json=body)
    assert (answer.status_code, error_code(answer)) == (status, code)


def _round(graph: Graph, path: str, **headers: str) -> tuple[list[dict[str, Any]], str]:
    items: list[dict[str, Any]] = []
    while True:
        answer = graph.get(path, **headers)
        assert answer.status_code == 200, answer.text
        items += answer.json()["value"]
        if "@odata.deltaLink" in answer.json():
            return items, answer.json()["@odata.deltaLink"]
        path = answer.json()["@odata.nextLink"]


def test_changes_of_a_folders_messages_are_told_once(graph: Graph) -> None:
    path = "/me/mailFolders/inbox/messages"
    inbox, link = _round(graph, f"{path}/delta?$select=subject", Prefer="odata.maxpagesize=7")
    assert len(inbox) == graph.get("/me/mailFolders/inbox").json()["totalItemCount"] > 7
    read, moved, deleted = (message["id"] for message in inbox[:3])
    graph.patch(f"/me/messages/{read}", {"isRead": True})
    graph.post(f"/me/messages/{moved}/move", {"destinationId": "archive"})
    graph.delete(f"/me/messages/{deleted}")
    new = graph.post(path, {"subject": "New"}).json()["id"]
    changes, following = _round(graph, link)
    gone = {item["id"] for item in changes if "@removed" in item}
    assert gone == {moved, deleted}
    assert {item["id"] for item in changes} == {read, moved, deleted, new}
    assert _round(graph, following)[0] == []


def test_changes_are_narrowed_to_one_kind(graph: Graph) -> None:
    path = "/me/mailFolders/inbox/messages"
    inbox, link = _round(graph, f"{path}/delta?changeType=created&$select=subject")
    graph.delete(f"/me/messages/{inbox[0]['id']}")
    graph.patch(f"/me/messages/{inbox[1]['id']}", {"isRead": True})
    new = graph.post(path, {"subject": "New"}).json()["id"]
    changes, _ = _round(graph, link)
    assert [item["id"] for item in changes] == [new]
    answer = graph.get(f"{path}/delta?changeType=moved")
    assert (answer.status_code, error_code(answer)) == (400, "ErrorInvalidUrlQuery")


def test_immutable_ids_outlive_a_move_also_in_delta(graph: Graph) -> None:
    immutable = 'IdType="ImmutableId"'
    path = "/me/mailFolders/{}/messages/delta?$select=subject"
    inbox, link = _round(graph, path.format("inbox"), Prefer=immutable)
    _, archive = _round(graph, path.format("archive"), Prefer=immutable)
    identifier = inbox[0]["id"]
    moved = graph.post(f"/me/messages/{identifier}/move", {"destinationId": "archive"})
    assert moved.json()["id"] != identifier, "without the header the answer has the other kind"
    left, _ = _round(graph, link, Prefer=immutable)
    assert [(item["id"], "@removed" in item) for item in left] == [(identifier, True)]
    arrived, _ = _round(graph, archive, Prefer=immutable)
    assert [item["id"] for item in arrived] == [identifier]
    assert graph.get(f"/me/messages/{identifier}", Prefer=immutable).json()["id"] == identifier


def test_changed_folders_are_told(graph: Graph) -> None:
    folders, link = _round(graph, "/me/mailFolders/delta")
    assert {"Inbox", "Projects"} <= {folder["displayName"] for folder in folders}
    made = _create(graph, "Fresh")
    graph.post("/me/mailFolders/drafts/messages", {"subject": "Counts change"})
    changes, link = _round(graph, link)
    assert {item["displayName"] for item in changes} == {"Fresh", "Drafts"}
    graph.post(f"/me/mailFolders/{made['id']}/permanentDelete", {})
    changes, _ = _round(graph, link)
    assert changes == [{"id": made["id"], "@removed": {"reason": "deleted"}}]


def test_a_delta_query_of_messages_is_narrowed_by_date_only(graph: Graph) -> None:
    path = "/me/mailFolders/inbox/messages/delta"
    some, _ = _round(graph, f"{path}?$filter=receivedDateTime ge 2026-02-20T00:00:00Z")
    assert some
    assert all(item["receivedDateTime"] >= "2026-02-20" for item in some)
    answer = graph.get(f"{path}?$filter=isRead eq true")
    assert (answer.status_code, error_code(answer)) == (400, "ErrorInvalidUrlQueryFilter")


def test_rules_categories_and_overrides_are_kept(sign_in: Callable[..., Graph]) -> None:
    scopes = "Mail.ReadWrite MailboxSettings.ReadWrite"
    graph = sign_in("noah.kim", scopes)
    rule = {
        "displayName": "Flag",
        "actions": {"markAsRead": True},
        "conditions": {"sentToMe": True},
    }
    bodies: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "/me/mailFolders/inbox/messageRules": (rule, {"isEnabled": False}),
        "/me/outlook/masterCategories": (
            {"displayName": "Coast", "color": "preset9"},
            {"color": "preset2"},
        ),
        "/me/inferenceClassification/overrides": (
            {"classifyAs": "focused", "senderEmailAddress": {"address": "a@b.example"}},
            {"classifyAs": "other"},
        ),
    }
    for path, (body, change) in bodies.items():
        before = len(graph.value(path))
        created = graph.post(path, body)
        assert created.status_code == 201, created.text
        one = f"{path}/{created.json()['id']}"
        assert graph.patch(one, change).json() == {
            **created.json(),
            **change,
            "@odata.context": graph.get(one).json()["@odata.context"],
        }
        assert len(graph.value(path)) == before + 1
        assert graph.delete(one).status_code == 204
        assert graph.get(one).status_code == 404


BAD_SETTINGS: list[tuple[str, Any, int, str]] = [
    ("mailFolders/inbox/messageRules", {"displayName": "x"}, 400, "ErrorInvalidRequest"),
    ("mailFolders/archive/messageRules", {"displayName": "x"}, 400, "ErrorInvalidRequest"),
    ("mailFolders/inbox/messageRules", {"actions": {"stop": 1}}, 400, "RequestBodyRead"),
    ("outlook/masterCategories", {}, 400, "ErrorInvalidRequest"),
    ("outlook/masterCategories", {"displayName": "RED CATEGORY"}, 409, "CategoryExists"),
    ("outlook/masterCategories", {"displayName": "x", "color": "red"}, 400, "RequestBodyRead"),
    ("inferenceClassification/overrides", {"classifyAs": "other"}, 400, "ErrorInvalidRequest"),
    ("getMailTips", {"EmailAddresses": []}, 400, "ErrorInvalidRequest"),
    ("getMailTips", {"EmailAddresses": ["a"], "MailTipsOptions": "x"}, 400, "ErrorInvalidRequest"),
]


@pytest.mark.unchanging
@pytest.mark.parametrize(("path", "body", "status", "code"), BAD_SETTINGS)
def test_settings_against_the_rules_are_refused(
    sign_in: Callable[..., Graph], path: str, body: Any, status: int, code: str
) -> None:
    graph = sign_in("noah.kim", "Mail.ReadWrite MailboxSettings.ReadWrite")
    answer = graph.post(f"/me/{path}", body)
    assert (answer.status_code, error_code(answer)) == (status, code)


def test_mail_tips_tell_of_each_recipient(graph: Graph) -> None:
    body = {
        "EmailAddresses": ["zoe.adeyemi@northwind.example", "x@else.example"],
        "MailTipsOptions": "automaticReplies, recipientScope",
    }
    tips = graph.post("/me/getMailTips", body).json()["value"]
    assert [tip["recipientScope"] for tip in tips] == ["internal", "external"]
    assert tips[0]["automaticReplies"] == {"message": ""}


def test_mail_tips_tell_who_is_away(sign_in: Callable[..., Graph]) -> None:
    scopes = "Mail.Read MailboxSettings.ReadWrite"
    noah, zoe = sign_in("noah.kim", scopes), sign_in("zoe.adeyemi", scopes)
    body = {
        "EmailAddresses": ["zoe.adeyemi@northwind.example"],
        "MailTipsOptions": "automaticReplies",
    }

    def message() -> str:
        tips = noah.post("/me/getMailTips", body).json()["value"]
        return str(tips[0]["automaticReplies"]["message"])

    reply: dict[str, Any] = {"status": "alwaysEnabled", "internalReplyMessage": "At sea"}
    zoe.patch("/me/mailboxSettings", {"automaticRepliesSetting": reply})
    assert message() == "At sea"
    for day, wanted in (("2026-03-04", "At sea"), ("2026-03-05", "")):
        reply |= {
            "status": "scheduled",
            "scheduledStartDateTime": {"dateTime": f"{day}T00:00:00", "timeZone": "UTC"},
            "scheduledEndDateTime": {"dateTime": f"{day}T23:00:00", "timeZone": "UTC"},
        }
        assert zoe.patch("/me/mailboxSettings", {"automaticRepliesSetting": reply}).is_success
        assert message() == wanted
