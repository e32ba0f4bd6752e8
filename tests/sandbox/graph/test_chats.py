"""Chats and presence of Teams in the sandbox."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.graph.calls import Graph
from tests.sandbox.graph.test_team_messages import (
    AVA,
    NOAH,
    OLIVIA,
    SCOPES,
    ZOE,
    refusal,
    say,
    user,
)


@pytest.fixture
def noah(sign_in: Callable[..., Graph]) -> Graph:
    return sign_in("noah.kim", SCOPES)


def made(graph: Graph, *people: str, topic: str | None = None) -> dict[str, Any]:
    kind = "group" if topic else "oneOnOne"
    body = {"chatType": kind, "topic": topic, "members": [user(one) for one in people]}
    answer = graph.post("/chats", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_chats_are_listed_the_latest_first_with_members_and_preview(noah: Graph) -> None:
    chats = noah.value("/me/chats?$expand=members,lastMessagePreview")
    assert len(chats) > 2
    moments = [one["lastMessagePreview"]["createdDateTime"] for one in chats]
    assert moments == sorted(moments, reverse=True)
    assert all(NOAH in [each["userId"] for each in one["members"]] for one in chats)
    sorted_too = noah.value("/chats?$orderby=lastMessagePreview/createdDateTime desc")
    assert [one["id"] for one in sorted_too] == [one["id"] for one in chats]
    groups = noah.value("/me/chats?$filter=chatType eq 'group'")
    assert {one["topic"] for one in groups} == {"Release crew"}
    with_olivia = noah.value("/chats?$filter=members/any(m: m/displayName eq 'Olivia Brandt')")
    assert {one["chatType"] for one in with_olivia} == {"oneOnOne", "group"}
    assert len(with_olivia) < len(chats)
    recent = f"lastMessagePreview/createdDateTime ge {moments[1]}"
    assert len(noah.value(f"/chats?$filter={recent}")) == 2
    assert refusal(noah.get("/me/chats?$orderby=topic")) == (400, "BadRequest")
    assert refusal(noah.get("/me/chats?$top=51")) == (400, "BadRequest")


def test_two_people_have_one_chat_of_their_own(noah: Graph, sign_in: Callable[..., Graph]) -> None:
    first = made(noah, NOAH, AVA)
    assert first["id"].endswith("@unq.gbl.spaces")
    assert made(sign_in("ava.ramirez", SCOPES), AVA, NOAH)["id"] == first["id"]
    topic = {"topic": "Us"}
    assert refusal(noah.patch(f"/chats/{first['id']}", topic)) == (400, "BadRequest")
    new = user(ZOE)
    assert refusal(noah.post(f"/chats/{first['id']}/members", new)) == (400, "BadRequest")


def test_a_group_chat_is_named_joined_and_left(noah: Graph, sign_in: Callable[..., Graph]) -> None:
    path = f"/chats/{made(noah, NOAH, OLIVIA, topic='Three')['id']}"
    ava = sign_in("ava.ramirez", SCOPES)
    assert refusal(ava.get(path)) == (403, "Forbidden")
    assert noah.patch(path, {"topic": "Tree"}).json()["topic"] == "Tree"
    joined = noah.post(f"{path}/members", user(AVA))
    assert joined.status_code == 201
    assert ava.get(path).json()["topic"] == "Tree"
    assert ava.get(f"/me{path}").status_code == 200
    assert ava.value(f"/me{path}/members") == ava.value(f"{path}/members")
    assert ava.delete(f"{path}/members/{joined.json()['id']}").status_code == 204
    assert refusal(ava.get(f"{path}/messages")) == (403, "Forbidden")


def test_messages_of_a_chat_are_read_by_time(noah: Graph) -> None:
    path = f"/chats/{made(noah, NOAH, OLIVIA, topic='Time')['id']}"
    for number in range(5):
        say(noah, f"{path}/messages", f"Message {number}")
    listed = noah.all_pages(f"{path}/messages?$top=2")
    assert [one["body"]["content"][-1] for one in listed] == list("43210")
    query = "$orderby=lastModifiedDateTime desc&$filter=lastModifiedDateTime gt"
    assert len(noah.value(f"{path}/messages?{query} 2026-03-01T00:00:00Z")) == 5
    assert noah.value(f"{path}/messages?{query} 2026-04-01T00:00:00Z") == []
    assert listed[0]["chatId"] == path.removeprefix("/chats/")
    assert (listed[0]["channelIdentity"], listed[0]["webUrl"]) == (None, None)
    one = f"/me{path}/messages/{listed[0]['id']}"
    assert noah.request("POST", f"{one}/softDelete").status_code == 204
    preview = noah.get(f"{path}?$expand=lastMessagePreview").json()["lastMessagePreview"]
    assert (preview["isDeleted"], preview["body"]["content"]) == (True, "")


def test_a_chat_is_marked_read_and_hidden_for_oneself(noah: Graph) -> None:
    path = f"/chats/{made(noah, NOAH, OLIVIA, topic='Read')['id']}"
    me = {"user": {"id": NOAH, "tenantId": "x"}}
    assert noah.post(f"{path}/markChatReadForUser", me).status_code == 204
    viewpoint = noah.get(path).json()["viewpoint"]
    assert viewpoint == {"isHidden": False, "lastMessageReadDateTime": "2026-03-04T09:30:00Z"}
    noah.post(f"{path}/hideForUser", me)
    assert noah.get(path).json()["viewpoint"]["isHidden"] is True
    noah.post(f"{path}/unhideForUser", me)
    noah.post(f"{path}/markChatUnreadForUser", me)
    viewpoint = noah.get(path).json()["viewpoint"]
    assert viewpoint == {"isHidden": False, "lastMessageReadDateTime": "0001-01-01T00:00:00Z"}
    other = {"user": {"id": OLIVIA}}
    assert refusal(noah.post(f"{path}/markChatReadForUser", other)) == (403, "Forbidden")
    assert refusal(noah.post(f"{path}/markChatReadForUser", {"user": 5})) == (400, "BadRequest")


def test_a_message_is_pinned(noah: Graph) -> None:
    path = f"/chats/{made(noah, NOAH, OLIVIA, topic='Pins')['id']}"
    said = say(noah, f"{path}/messages", "Keep this")
    bind = f"https://graph.microsoft.com/v1.0{path}/messages/{said['id']}"
    assert noah.post(f"{path}/pinnedMessages", {"message@odata.bind": bind}).status_code == 201
    pinned = noah.value(f"{path}/pinnedMessages?$expand=message")
    assert pinned[0]["message"]["body"]["content"] == "Keep this"
    assert noah.delete(f"{path}/pinnedMessages/{said['id']}").status_code == 204
    assert noah.value(f"{path}/pinnedMessages") == []
    wrong = {"message@odata.bind": bind + "0"}
    assert refusal(noah.post(f"{path}/pinnedMessages", wrong)) == (400, "BadRequest")


BAD_CHATS: list[tuple[dict[str, Any], int, str]] = [
    ({}, 400, "BadRequest"),
    ({"chatType": "meeting", "members": [user(NOAH), user(ZOE)]}, 400, "BadRequest"),
    ({"chatType": "party", "members": []}, 400, "RequestBodyRead"),
    ({"chatType": "oneOnOne", "members": [user(NOAH)]}, 400, "BadRequest"),
    ({"chatType": "oneOnOne", "members": [user(ZOE), user(AVA)]}, 403, "Forbidden"),
    ({"chatType": "group", "members": [user(NOAH), user(ZOE, "guest2")]}, 400, "BadRequest"),
    ({"chatType": "group", "members": [user(NOAH), user("nobody")]}, 404, "NotFound"),
    (
        {"chatType": "oneOnOne", "topic": "x", "members": [user(NOAH), user(ZOE)]},
        400,
        "BadRequest",
    ),
]


def test_a_bad_chat_is_refused(noah: Graph) -> None:
    before = len(noah.all_pages("/me/chats"))
    for body, status, code in BAD_CHATS:
        assert refusal(noah.post("/chats", body)) == (status, code), body
    assert len(noah.all_pages("/me/chats")) == before
    assert refusal(noah.get("/chats/19:nowhere@thread.v2")) == (404, "NotFound")


def test_nobody_reads_the_chats_of_somebody_else(
    noah: Graph, application: Callable[[str], Graph]
) -> None:
    assert refusal(noah.get(f"/users/{ZOE}/chats")) == (403, "Forbidden")
    assert application("Chat.Read.All").value(f"/users/{ZOE}/chats")


def test_presence_is_what_the_applications_say_until_it_expires(
    sign_in: Callable[..., Graph],
) -> None:
    noah = sign_in("noah.kim", "Presence.Read.All Presence.ReadWrite")
    before = noah.get("/me/presence").json()
    assert (before["availability"], before["activity"]) == ("Offline", "Offline")
    session = {"sessionId": "app", "availability": "Busy", "activity": "InACall"}
    for wrong in (
        {"sessionId": "other"},
        {"activity": "Dancing"},
        {"expirationDuration": "PT4M"},
        {"expirationDuration": "an hour"},
        {"expirationDuration": "PT"},
    ):
        answer = noah.post("/me/presence/setPresence", {**session, **wrong})
        assert refusal(answer) == (400, "BadRequest"), wrong
    assert noah.post("/me/presence/setPresence", session).status_code == 200
    assert noah.get("/me/presence").json()["activity"] == "InACall"
    chosen = {"availability": "DoNotDisturb", "activity": "DoNotDisturb"}
    assert noah.post("/me/presence/setUserPreferredPresence", chosen).status_code == 200
    assert noah.get("/me/presence").json()["availability"] == "DoNotDisturb"
    noah.request("POST", "/me/presence/clearUserPreferredPresence")
    both = noah.post("/communications/getPresencesByUserId", {"ids": [NOAH, ZOE]})
    assert [one["id"] for one in both.json()["value"]] == [NOAH, ZOE]
    assert both.json()["value"][0]["activity"] == "InACall"
    assert noah.post("/me/presence/clearPresence", {"sessionId": "app"}).status_code == 200
    assert noah.get(f"/communications/presences/{NOAH}").json()["activity"] == "Offline"
    assert refusal(noah.post("/me/presence/clearPresence", {"sessionId": "app"})) == (
        404,
        "NotFound",
    )


def test_a_status_message_is_set_by_oneself_only(sign_in: Callable[..., Graph]) -> None:
    noah = sign_in("noah.kim", "Presence.Read.All Presence.ReadWrite")
    message = {"message": {"content": "On the boat", "contentType": "text"}}
    body = {"statusMessage": message}
    assert noah.post("/me/presence/setStatusMessage", body).status_code == 200
    shown = noah.get("/me/presence").json()["statusMessage"]
    assert shown["message"]["content"] == "On the boat"
    answer = noah.post(f"/users/{ZOE}/presence/setStatusMessage", body)
    assert refusal(answer) == (403, "Forbidden")
    for wrong in ({}, {"statusMessage": "x"}, {"statusMessage": {"message": {"content": 5}}}):
        assert refusal(noah.post("/me/presence/setStatusMessage", wrong)) == (400, "BadRequest")
