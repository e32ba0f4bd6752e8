"""Messages of Teams: in channels and chats, with replies, mentions, reactions and pictures."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette

from tests.sandbox.graph.calls import TENANT, Answer, Graph, error_code, person

SCOPES = (
    "ChannelMessage.Read.All ChannelMessage.Send ChannelMessage.ReadWrite Channel.ReadBasic.All"
)
SCOPES += " Chat.ReadWrite ChatMember.ReadWrite Chat.Create Team.ReadBasic.All"
NOAH, OLIVIA, ZOE, AVA = (
    person(name).id for name in ("noah.kim", "olivia.brandt", "zoe.adeyemi", "ava.ramirez")
)
ENGINEERING = next(group.id for group in TENANT.groups if group.mail_nickname == "engineering")
MEMBER = "#microsoft.graph.aadUserConversationMember"
PICTURE = "iVBORw0KGgo="


@pytest.fixture
def noah(sign_in: Callable[..., Graph]) -> Graph:
    return sign_in("noah.kim", SCOPES)


@pytest.fixture
def olivia(sign_in: Callable[..., Graph]) -> Graph:
    return sign_in("olivia.brandt", SCOPES)


@pytest.fixture
def messages(noah: Graph) -> str:
    """The path of the messages in General."""
    general = noah.get(f"/teams/{ENGINEERING}/primaryChannel").json()["id"]
    return f"/teams/{ENGINEERING}/channels/{general}/messages"


@pytest.fixture
def chat(noah: Graph) -> str:
    """The path of a new group chat of Noah and Olivia."""
    body = {"chatType": "group", "topic": "Test", "members": [user(NOAH), user(OLIVIA)]}
    return f"/chats/{noah.post('/chats', body).json()['id']}"


def user(identifier: str, role: str = "owner") -> dict[str, Any]:
    url = f"https://graph.microsoft.com/v1.0/users('{identifier}')"
    return {"@odata.type": MEMBER, "roles": [role], "user@odata.bind": url}


def say(graph: Graph, path: str, content: str, **more: Any) -> dict[str, Any]:
    kind = "html" if "<" in content else "text"
    answer = graph.post(path, {"body": {"contentType": kind, "content": content}, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status_code, error_code(answer)


def test_a_channel_shows_what_started_its_conversations(noah: Graph, messages: str) -> None:
    answer = noah.get(f"{messages}?$top=2").json()
    assert (answer["@odata.count"], len(answer["value"])) == (2, 2)
    assert answer["@odata.nextLink"]
    everything = noah.all_pages(f"{messages}?$expand=replies")
    assert len({one["id"] for one in everything}) == len(everything) == 4
    assert all(one["replyToId"] is None for one in everything)
    replies = [reply for one in everything for reply in one["replies"]]
    assert replies
    parent = next(one for one in everything if one["replies"])
    shown = noah.value(f"{messages}/{parent['id']}/replies")
    assert [one["id"] for one in shown] == [one["id"] for one in parent["replies"]]


def test_a_message_has_the_shape_teams_gives_it(noah: Graph, messages: str) -> None:
    made = say(noah, messages, "Hello <b>World</b> & you")
    assert made["etag"] == made["id"]
    assert made["body"] == {"contentType": "html", "content": "Hello <b>World</b> & you"}
    assert made["from"]["user"]["id"] == NOAH
    assert made["from"]["user"]["userIdentityType"] == "aadUser"
    assert made["from"]["application"] is None
    assert made["channelIdentity"]["teamId"] == ENGINEERING
    assert f"groupId={ENGINEERING}" in made["webUrl"]
    assert (made["chatId"], made["importance"], made["locale"]) == (None, "normal", "en-us")
    assert noah.get(f"{messages}/{made['id']}").json() == made
    assert noah.value(f"{messages}?$top=1")[0]["id"] == made["id"]


def test_a_reply_brings_its_conversation_to_the_top(noah: Graph, messages: str) -> None:
    oldest = noah.all_pages(messages)[-1]
    reply = say(noah, f"{messages}/{oldest['id']}/replies", "Still true")
    assert reply["replyToId"] == oldest["id"]
    assert noah.value(f"{messages}?$top=1")[0]["id"] == oldest["id"]
    path = f"{messages}/{oldest['id']}/replies/{reply['id']}"
    assert noah.get(path).json()["body"]["content"] == "Still true"
    assert refusal(noah.get(f"{messages}/{reply['id']}")) == (404, "NotFound")


def test_mentions_are_completed_and_must_match_the_body(noah: Graph, messages: str) -> None:
    # As it was answered before: with its derived type, and more than is declared.
    zoe = {"@odata.type": "#microsoft.graph.teamworkUserIdentity", "id": ZOE, "tenantId": "x"}
    zoe["userIdentityType"] = "aadUser"
    mention = {"id": 0, "mentionText": "Zoë", "mentioned": {"user": zoe}}
    made = say(noah, messages, '<at id="0">Zoë</at>, look', mentions=[mention])
    assert made["mentions"][0]["mentioned"]["user"]["displayName"] == "Zoë Adeyemi"
    assert made["mentions"][0]["mentioned"]["conversation"] is None


def test_attachments_are_kept_as_sent(noah: Graph, messages: str) -> None:
    attached = {"id": "1a", "contentType": "reference", "name": "Budget.docx"}
    attached["contentUrl"] = "https://northwind.example/Budget.docx"
    made = say(noah, messages, 'See <attachment id="1a"></attachment>', attachments=[attached])
    assert made["attachments"] == [
        {**attached, "content": None, "thumbnailUrl": None, "teamsAppId": None}
    ]


def test_a_picture_in_a_message_is_read_from_its_own_url(noah: Graph, messages: str) -> None:
    hosted = {"@microsoft.graph.temporaryId": "1", "contentBytes": PICTURE}
    hosted["contentType"] = "image/png"
    content = '<img src="../hostedContents/1/$value">'
    made = say(noah, messages, content, hostedContents=[hosted])
    url = made["body"]["content"].split('"')[1]
    answer = noah.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")
    listed = noah.value(f"{messages}/{made['id']}/hostedContents")
    assert url.endswith(f"{listed[0]['id']}/$value")
    assert refusal(noah.get(f"{messages}/{made['id']}/hostedContents/x")) == (404, "NotFound")


BAD_MESSAGES: list[tuple[dict[str, Any], str]] = [
    ({}, "BadRequest"),
    ({"body": {"content": "  "}}, "BadRequest"),
    ({"body": {"content": "x" * 30_000}}, "BadRequest"),
    ({"body": "x"}, "RequestBodyRead"),
    ({"body": {"content": "x", "contentType": "markdown"}}, "RequestBodyRead"),
    ({"body": {"content": "x"}, "importance": None}, "RequestBodyRead"),
    ({"body": {"content": "x"}, "colour": "red"}, "RequestBodyRead"),
    ({"body": {"content": '<at id="0">x</at>', "contentType": "html"}}, "BadRequest"),
    ({"body": {"content": "x"}, "mentions": [{"id": 0}]}, "BadRequest"),
    (
        {
            "body": {"content": '<at id="0">x</at>', "contentType": "html"},
            "mentions": [{"id": 0, "mentioned": {"user": {"id": "nobody"}}}],
        },
        "BadRequest",
    ),
    ({"body": {"content": "x"}, "attachments": [{"id": "1"}]}, "BadRequest"),
    (
        {"body": {"@odata.type": "#microsoft.graph.identity", "content": "x"}},
        "RequestBodyRead",
    ),
    (
        {"body": {"@odata.type": "#microsoft.graph.nothing", "content": "x"}},
        "RequestBodyRead",
    ),
    ({"body": {"content": "x"}, "hostedContents": [{"contentBytes": "%"}]}, "BadRequest"),
]


def test_a_bad_message_is_refused_and_not_posted(noah: Graph, messages: str, chat: str) -> None:
    for path in (messages, f"{chat}/messages"):
        before = len(noah.all_pages(path))
        for body, code in BAD_MESSAGES:
            assert refusal(noah.post(path, body)) == (400, code), body
        assert len(noah.all_pages(path)) == before


def test_only_authors_change_and_delete_a_message(
    noah: Graph, olivia: Graph, messages: str
) -> None:
    made = say(noah, messages, "Frist")
    path = f"{messages}/{made['id']}"
    body = {"body": {"content": "First"}}
    assert refusal(olivia.patch(path, body)) == (403, "Forbidden")
    assert refusal(olivia.request("POST", f"{path}/softDelete")) == (403, "Forbidden")
    answer = noah.patch(path, body)
    assert (answer.status_code, answer.content) == (204, b"")
    edited = noah.get(path).json()
    assert edited["body"]["content"] == "First"
    assert edited["lastEditedDateTime"]
    assert int(edited["etag"]) > int(made["etag"])
    assert refusal(noah.patch(path, {"locale": "de-de"})) == (400, "BadRequest")
    assert noah.request("POST", f"{path}/softDelete").status_code == 204
    deleted = olivia.get(path).json()
    assert deleted["deletedDateTime"]
    assert deleted["body"]["content"] == ""
    assert noah.request("POST", f"{path}/undoSoftDelete").status_code == 204
    assert olivia.get(path).json()["body"]["content"] == "First"


def test_reactions_are_set_once_and_taken_back(noah: Graph, olivia: Graph, messages: str) -> None:
    path = f"{messages}/{say(noah, messages, 'Done!')['id']}"
    for graph in (noah, olivia, olivia):
        assert graph.post(f"{path}/setReaction", {"reactionType": "👍"}).status_code == 204
    reactions = noah.get(path).json()["reactions"]
    assert [one["user"]["user"]["id"] for one in reactions] == [NOAH, OLIVIA]
    assert olivia.post(f"{path}/unsetReaction", {"reactionType": "like"}).status_code == 204
    left = noah.get(path).json()
    assert [one["user"]["user"]["id"] for one in left["reactions"]] == [NOAH]
    assert left["messageHistory"][-1]["actions"] == "reactionRemoved"
    for body in ({"reactionType": "smirk"}, {"reactionType": 5}, {}, {"reaction": "like"}):
        assert refusal(noah.post(f"{path}/setReaction", body)) == (400, "BadRequest"), body
    assert refusal(olivia.post(f"{path}/unsetReaction", {"reactionType": "like"}))[0] == 400


def test_who_is_not_in_the_team_neither_reads_nor_posts(
    sign_in: Callable[..., Graph], messages: str
) -> None:
    ava = sign_in("ava.ramirez", SCOPES)
    assert refusal(ava.get(messages)) == (403, "Forbidden")
    assert refusal(ava.post(messages, {"body": {"content": "x"}})) == (403, "Forbidden")
    assert refusal(ava.get(f"{messages}/delta")) == (403, "Forbidden")


def test_an_application_reads_but_does_not_post(
    application: Callable[[str], Graph], noah: Graph, messages: str, chat: str
) -> None:
    reader = application("ChannelMessage.Read.All Chat.Read.All")
    assert reader.value(messages)
    assert reader.value(f"{chat}/messages") == []
    body = {"body": {"content": "x"}}
    assert refusal(reader.post(messages, body)) == (403, "Forbidden")
    importer = application("Teamwork.Migrate.All")
    for path in (messages, f"{chat}/messages"):
        answer = importer.post(path, body)
        assert refusal(answer) == (401, "Unauthorized")
        assert "import purposes" in answer.json()["error"]["message"]
    made = say(noah, messages, "Password: hunter2")
    judge = application("ChannelMessage.UpdatePolicyViolation.All ChannelMessage.Read.All")
    violation = {"policyViolation": {"dlpAction": "blockAccess"}}
    assert judge.patch(f"{messages}/{made['id']}", violation).status_code == 204
    assert refusal(judge.patch(f"{messages}/{made['id']}", body)) == (400, "BadRequest")
    assert noah.get(f"{messages}/{made['id']}").json()["policyViolation"] == {
        "dlpAction": "blockAccess"
    }


def test_a_query_teams_does_not_take_is_refused(noah: Graph, messages: str, chat: str) -> None:
    answer = noah.get(f"{messages}?$top=51")
    assert refusal(answer) == (400, "BadRequest")
    assert "limit of '50'" in answer.json()["error"]["message"]
    for query in ("$select=id", "$skip=2", "$filter=id eq '1'", "$orderby=id"):
        answer = noah.get(f"{messages}?{query}")
        assert refusal(answer) == (400, "BadRequest"), query
        assert "is not allowed" in answer.json()["error"]["message"]
    for query in (
        "$orderby=lastModifiedDateTime asc",
        "$orderby=subject desc",
        "$filter=subject eq 'x'",
        "$orderby=createdDateTime desc&$filter=lastModifiedDateTime gt 2026-01-01T00:00:00Z",
    ):
        assert refusal(noah.get(f"{chat}/messages?{query}")) == (400, "BadRequest"), query


def test_delta_tells_messages_replies_and_what_was_deleted(noah: Graph, messages: str) -> None:
    first: list[dict[str, Any]] = []
    answer = noah.get(f"{messages}/delta").json()
    while "@odata.nextLink" in answer:
        first += answer["value"]
        answer = noah.get(answer["@odata.nextLink"]).json()
    first += answer["value"]
    assert any(one["replyToId"] for one in first)
    made = say(noah, messages, "New")
    reply = say(noah, f"{messages}/{made['id']}/replies", "Newer")
    gone = say(noah, messages, "Oops")
    second = noah.get(answer["@odata.deltaLink"]).json()
    told = [one["body"]["content"] for one in second["value"]]
    assert told == ["New", "Newer", "Oops"]
    noah.request("POST", f"{messages}/{gone['id']}/softDelete")
    noah.patch(f"{messages}/{made['id']}/replies/{reply['id']}", {"body": {"content": "Newest"}})
    third = noah.get(second["@odata.deltaLink"]).json()["value"]
    assert third[0] == {"id": gone["id"], "@removed": {"reason": "deleted"}}
    assert third[1]["body"]["content"] == "Newest"


def test_changes_name_the_paths_subscriptions_name(
    app: Starlette, noah: Graph, messages: str, chat: str
) -> None:
    told: list[tuple[str, str]] = []
    app.state.context.changes.on_change(lambda change: told.append((change.resource, change.kind)))
    made = say(noah, messages, "One")
    reply = say(noah, f"{messages}/{made['id']}/replies", "Two")
    said = say(noah, f"{chat}/messages", "Three")
    noah.request("POST", f"{chat}/messages/{said['id']}/softDelete")
    assert told == [
        (f"{messages[1:]}/{made['id']}", "created"),
        (f"{messages[1:]}/{made['id']}/replies/{reply['id']}", "created"),
        (f"{chat[1:]}/messages/{said['id']}", "created"),
        (f"{chat[1:]}/messages/{said['id']}", "deleted"),
    ]
