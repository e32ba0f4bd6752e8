"""Mail: folders and their counts, drafts, sending, moving, deleting, searching, attachments."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.graph.calls import TENANT, Graph, error_code, person


def _to(*addresses: str) -> list[dict[str, Any]]:
    return [{"emailAddress": {"address": address}} for address in addresses]


def test_folder_counts_are_true(graph: Graph) -> None:
    folders = graph.all_pages("/me/mailFolders")
    assert {f["displayName"] for f in folders} >= {"Inbox", "Drafts", "Sent Items", "Archive"}
    for folder in folders:
        path = f"/me/mailFolders/{folder['id']}/messages"
        messages = graph.all_pages(f"{path}?$select=isRead,parentFolderId")
        assert folder["totalItemCount"] == len(messages)
        assert folder["unreadItemCount"] == sum(not m["isRead"] for m in messages)
        assert {m["parentFolderId"] for m in messages} <= {folder["id"]}
    inbox = graph.get("/me/mailFolders/INBOX").json()
    children = graph.value("/me/mailFolders/inbox/childFolders")
    assert inbox["childFolderCount"] == len(children) == 1
    assert children[0]["parentFolderId"] == inbox["id"]


def test_messages_come_newest_first_and_everybody_has_some(sign_in: Callable[..., Graph]) -> None:
    for one in TENANT.people:
        graph = sign_in(one.mail.partition("@")[0])
        moments = [
            m["receivedDateTime"]
            for m in graph.value("/me/messages?$top=1000&$select=receivedDateTime")
        ]
        assert moments == sorted(moments, reverse=True)
        assert len(moments) >= 30
        assert moments[0] <= "2026-03-04T09:30:00Z"


def test_marking_as_read_changes_the_count(graph: Graph) -> None:
    unread = graph.value("/me/mailFolders/inbox/messages?$filter=isRead eq false")[0]
    before = graph.get("/me/mailFolders/inbox").json()["unreadItemCount"]
    path = f"/me/messages/{unread['id']}"
    answer = graph.patch(path, {"isRead": True}, If_Match=unread["@odata.etag"])
    assert answer.json()["isRead"] is True
    assert graph.get("/me/mailFolders/inbox").json()["unreadItemCount"] == before - 1
    stale = graph.patch(path, {"isRead": False}, If_Match=unread["@odata.etag"])
    assert (stale.status_code, error_code(stale)) == (412, "ErrorIrresolvableConflict")


def test_sent_mail_arrives_at_colleagues_and_in_sent_items(sign_in: Callable[..., Graph]) -> None:
    noah, zoe, ava = sign_in("noah.kim"), sign_in("zoe.adeyemi"), sign_in("ava.ramirez")
    message = {
        "subject": "Über 🌍 'alles'",
        "body": {"contentType": "HTML", "content": "<p>Hallo</p>"},
        "toRecipients": _to(person("zoe.adeyemi").mail.upper(), "outside@else.example"),
        "bccRecipients": _to(person("ava.ramirez").mail),
        "attachments": [
            {
                "@odata.type": "#microsoft.graph.fileAttachment",
                "name": "a.txt",
                "contentType": "text/plain",
                "contentBytes": "aGVsbG8=",
            }
        ],
    }
    answer = noah.post("/me/sendMail", {"Message": message, "SaveToSentItems": True})
    assert (answer.status_code, answer.content) == (202, b"")
    find = "messages?$filter=startswith(subject,'Über')&$expand=attachments"
    sent = noah.value(f"/me/mailFolders/sentitems/{find}")[0]
    assert sent["bccRecipients"] != []
    for reader in (zoe, ava):
        got = reader.value(f"/me/mailFolders/inbox/{find}")[0]
        assert got["isRead"] is False
        assert got["isDraft"] is False
        assert got["bccRecipients"] == []
        assert got["from"]["emailAddress"]["name"] == "Noah Kim"
        assert got["internetMessageId"] == sent["internetMessageId"]
        assert got["hasAttachments"] is True
        assert got["attachments"][0]["contentBytes"] == "aGVsbG8="
        path = f"/me/messages/{got['id']}/attachments"
        listed = reader.value(path)
        assert reader.get(f"{path}/{listed[0]['id']}/$value").content == b"hello"
    assert noah.get(f"/me/messages/{got['id']}").status_code == 404


def test_mail_is_not_kept_in_sent_items_where_that_is_asked(graph: Graph) -> None:
    message = {"subject": "Not kept", "toRecipients": _to(person("zoe.adeyemi").mail)}
    graph.post("/me/sendMail", {"message": message, "saveToSentItems": False})
    assert graph.value("/me/messages?$filter=subject eq 'Not kept'") == []


BAD_MAIL: list[tuple[dict[str, Any], int, str]] = [
    ({}, 400, "ErrorInvalidRequest"),
    ({"message": "x"}, 400, "ErrorInvalidRequest"),
    ({"message": {}}, 400, "ErrorInvalidRecipients"),
    ({"message": {"toRecipients": _to("nobody")}}, 400, "ErrorInvalidRecipients"),
    ({"message": {"toRecipients": _to("a@b.example"), "nothing": 1}}, 400, "RequestBodyRead"),
    ({"message": {"toRecipients": _to("a@b.example")}, "save": True}, 400, "BadRequest"),
    (
        {"message": {"toRecipients": _to("a@b.example")}, "saveToSentItems": "yes"},
        400,
        "BadRequest",
    ),
    (
        {"message": {"toRecipients": _to("a@b.example"), "from": _to("greta@x.example")[0]}},
        403,
        "ErrorSendAsDenied",
    ),
    (
        {"message": {"toRecipients": _to("a@b.example"), "attachments": [{"name": "x"}]}},
        400,
        "ErrorInvalidRequest",
    ),
]


@pytest.mark.unchanging
@pytest.mark.parametrize(("body", "status", "code"), BAD_MAIL)
def test_mail_against_the_rules_is_not_sent(
    graph: Graph, body: dict[str, Any], status: int, code: str
) -> None:
    before = graph.get("/me/messages/$count").text
    answer = graph.post("/me/sendMail", body)
    assert (answer.status_code, error_code(answer)) == (status, code)
    assert graph.get("/me/messages/$count").text == before


def test_a_draft_is_written_changed_and_sent(sign_in: Callable[..., Graph]) -> None:
    noah, zoe = sign_in("noah.kim"), sign_in("zoe.adeyemi")
    draft = noah.post("/me/messages", {"subject": "Draft one"})
    assert draft.status_code == 201
    assert draft.json()["isDraft"] is True
    path = f"/me/messages/{draft.json()['id']}"
    assert noah.post(f"{path}/send", {}).status_code == 400
    noah.patch(path, {"toRecipients": _to(person("zoe.adeyemi").mail), "subject": "Final"})
    immutable = noah.get(path, Prefer='IdType="ImmutableId"').json()["id"]
    assert noah.request("POST", f"{path}/send").status_code == 202
    assert noah.get(path).status_code == 404
    assert noah.get(f"/me/messages/{immutable}").json()["isDraft"] is False
    assert zoe.value("/me/messages?$filter=subject eq 'Final'")[0]["isDraft"] is False
    sent = noah.value("/me/mailFolders/SentItems/messages?$filter=subject eq 'Final'")[0]
    locked = noah.patch(f"/me/messages/{sent['id']}", {"subject": "Changed"})
    assert (locked.status_code, error_code(locked)) == (400, "ErrorInvalidPropertySet")


def test_moving_gives_a_new_id_unless_ids_are_immutable(graph: Graph) -> None:
    immutable = 'IdType="ImmutableId"'
    first, _ = graph.value("/me/mailFolders/inbox/messages?$top=2")
    _, second = graph.value("/me/mailFolders/inbox/messages?$top=2", Prefer=immutable)
    moved = graph.post(f"/me/messages/{first['id']}/move", {"destinationId": "archive"})
    assert moved.status_code == 201
    assert moved.json()["id"] != first["id"]
    assert moved.json()["parentFolderId"] == graph.get("/me/mailFolders/archive").json()["id"]
    assert graph.get(f"/me/messages/{first['id']}").status_code == 404
    kept = graph.post(
        f"/me/messages/{second['id']}/move",
        {"DestinationId": graph.value("/me/mailFolders/inbox/childFolders")[0]["id"]},
        Prefer=immutable,
    )
    assert kept.json()["id"] == second["id"]
    assert graph.get(f"/me/messages/{second['id']}").json()["id"] != second["id"]
    for body in ({}, {"destinationId": 1}, {"destinationId": "nowhere"}):
        assert graph.post(f"/me/messages/{second['id']}/move", body).status_code == 400


def test_deleting_goes_by_way_of_deleted_items(graph: Graph) -> None:
    message = graph.value("/me/mailFolders/inbox/messages?$top=1")[0]
    assert graph.delete(f"/me/messages/{message['id']}").status_code == 204
    same = f"$filter=internetMessageId eq '{message['internetMessageId']}'"
    found = graph.value(f"/me/mailFolders/deleteditems/messages?{same}")
    assert len(found) == 1
    assert graph.delete(f"/me/messages/{found[0]['id']}").status_code == 204
    assert graph.get(f"/me/messages/{found[0]['id']}").status_code == 404


SEARCHES = [
    ('"subject:Harbour Weekly"', 1),
    ('"subject:harb* AND subject:weekly"', 1),
    ("channels", 1),
    ('"from:harbour-weekly"', 1),
    ('"from:harbour-weekly AND subject:nothing"', 0),
    ('"from:harbour-weekly OR from:prizes"', 2),
    ('"(from:harbour-weekly OR from:prizes) AND NOT subject:won"', 1),
    ('"from:harbour-weekly received>=2026-03-04"', 1),
    ('"from:harbour-weekly received:2026-03-01..2026-03-03"', 0),
    ('"body:\\"three ports deepened\\""', 1),
    ('"hasAttachments:true AND from:harbour"', 0),
]


@pytest.mark.unchanging
@pytest.mark.parametrize(("text", "count"), SEARCHES)
def test_a_search_finds_what_it_names(graph: Graph, text: str, count: int) -> None:
    answer = graph.request("GET", "/me/messages", params={"$search": text, "$select": "subject"})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["value"]) == count


def test_the_seed_holds_what_a_mail_page_must_survive(graph: Graph) -> None:
    html = [m["body"]["content"] for m in graph.all_pages("/me/messages?$select=body&$top=500")]
    for needle in ("<script>", "onclick=", "javascript:", 'src="https://images.', "\U00010330"):
        assert any(needle in text for text in html), needle
    first = graph.value("/me/messages?$top=1&$select=internetMessageHeaders")[0]
    assert first["internetMessageHeaders"][0]["name"] == "List-Unsubscribe"
    assert "internetMessageHeaders" not in graph.value("/me/messages?$top=1")[0]


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("query", "code"),
    [
        (
            "$filter=toRecipients/any(r:r/emailAddress/address eq 'x')",
            "ErrorInvalidUrlQueryFilter",
        ),
        ("$filter=isRead eq true&$orderby=receivedDateTime", "InefficientFilter"),
        ("$orderby=toRecipients", "BadRequest"),
        ('$search="x"&$filter=isRead eq true', "SearchWithFilter"),
        ('$search="x"&$orderby=subject', "SearchWithOrderBy"),
        ("$top=1001", "ErrorInvalidUrlQuery"),
    ],
)
def test_queries_that_exchange_does_not_answer_are_refused(
    graph: Graph, query: str, code: str
) -> None:
    answer = graph.get(f"/me/messages?{query}")
    assert (answer.status_code, error_code(answer)) == (400, code)


def test_time_zones_and_languages_are_told(graph: Graph) -> None:
    zones = {zone["alias"]: zone for zone in graph.value("/me/outlook/supportedTimeZones")}
    assert zones["Tokyo Standard Time"]["displayName"] == "(UTC+09:00) Tokyo Standard Time"
    kind = "microsoft.graph.timeZoneStandard'Iana'"
    iana = graph.value(f"/me/outlook/supportedTimeZones(TimeZoneStandard={kind})")
    assert "Asia/Tokyo" in {zone["alias"] for zone in iana}
    assert graph.get("/me/outlook/supportedTimeZones(TimeZoneStandard='Moon')").status_code == 400
    languages = graph.value("/me/outlook/supportedLanguages")
    assert "de-DE" in {language["locale"] for language in languages}


def test_a_sort_whose_properties_open_the_filter_is_answered(graph: Graph) -> None:
    path = (
        "/me/messages?$filter=receivedDateTime ge 2026-01-20T00:00:00Z and isRead eq true"
        "&$orderby=receivedDateTime&$top=500"
    )
    moments = [m["receivedDateTime"] for m in graph.value(path)]
    assert moments == sorted(moments)
    assert len(moments) > 5
