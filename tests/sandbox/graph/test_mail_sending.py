"""Replies, forwards, copies, MIME in and out, attachments of all kinds."""

import base64
from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest
from starlette.applications import Starlette

from tests.sandbox.graph.calls import Graph, error_code, person

MIME = (
    b"From: Noah Kim <noah.kim@northwind.example>\r\n"
    b"To: =?utf-8?q?Zo=C3=AB?= <zoe.adeyemi@northwind.example>\r\n"
    b"Subject: =?utf-8?b?w5xiZXI=?=\r\nX-Origin: test\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
    b'Hello\r\n--b\r\nContent-Type: text/csv; name="a.csv"\r\nContent-Disposition: attachment; '
    b'filename="a.csv"\r\nContent-Transfer-Encoding: base64\r\n\r\nYTti\r\n--b--\r\n'
)


def _to(*names: str) -> list[dict[str, Any]]:
    return [{"emailAddress": {"address": person(name).mail}} for name in names]


@pytest.fixture
def letter(sign_in: Callable[..., Graph]) -> dict[str, Any]:
    """A message from Zoë to Noah and Ava, as Noah has it."""
    message = {
        "subject": "RE: Question",
        "body": {"contentType": "html", "content": "<html><body><p>Well?</p></body></html>"},
        "toRecipients": _to("noah.kim", "ava.ramirez"),
        "ccRecipients": _to("harper.nguyen"),
        "attachments": [
            {
                "@odata.type": "#microsoft.graph.fileAttachment",
                "name": "a.txt",
                "contentBytes": "aGVsbG8=",
            }
        ],
    }
    zoe = sign_in("zoe.adeyemi")
    assert zoe.post("/me/sendMail", {"message": message}).status_code == 202
    found: dict[str, Any] = sign_in("noah.kim").value("/me/messages?$top=1")[0]
    return found


def _addresses(message: dict[str, Any], name: str) -> list[str]:
    return [one["emailAddress"]["address"].partition("@")[0] for one in message[name]]


def test_a_reply_goes_to_the_sender_and_quotes(
    sign_in: Callable[..., Graph], graph: Graph, letter: dict[str, Any]
) -> None:
    path = f"/me/messages/{letter['id']}"
    assert graph.post(f"{path}/reply", {"comment": "Yes & no"}).status_code == 202
    got = sign_in("zoe.adeyemi").value("/me/messages?$top=1&$expand=attachments")[0]
    assert (got["subject"], got["attachments"]) == ("RE: Question", [])
    assert "Yes &amp; no" in got["body"]["content"]
    assert "<p>Well?</p>" in got["body"]["content"]
    sent = graph.value("/me/mailFolders/sentitems/messages?$top=1")[0]
    assert sent["conversationId"] == letter["conversationId"]


def test_a_reply_to_all_leaves_the_writer_out(graph: Graph, letter: dict[str, Any]) -> None:
    draft = graph.post(f"/me/messages/{letter['id']}/createReplyAll", {})
    assert draft.status_code == 201
    assert draft.json()["isDraft"] is True
    assert _addresses(draft.json(), "toRecipients") == ["zoe.adeyemi", "ava.ramirez"]
    assert _addresses(draft.json(), "ccRecipients") == ["harper.nguyen"]
    own = graph.post(f"/me/messages/{draft.json()['id']}/createReply", {}).json()
    assert _addresses(own, "toRecipients") == ["zoe.adeyemi", "ava.ramirez"]


def test_a_forward_takes_the_attachments_along(
    sign_in: Callable[..., Graph], graph: Graph, letter: dict[str, Any]
) -> None:
    path = f"/me/mailFolders/inbox/messages/{letter['id']}/forward"
    body = {"comment": "See", "toRecipients": _to("mateo.silva")}
    assert graph.post(path, body).status_code == 202
    got = sign_in("mateo.silva").value("/me/messages?$top=1&$expand=attachments")[0]
    assert got["subject"] == "FW: Question"
    assert [item["name"] for item in got["attachments"]] == ["a.txt"]
    draft = graph.post(f"/me/messages/{letter['id']}/createForward", {"message": {"subject": "S"}})
    assert (draft.json()["subject"], draft.json()["toRecipients"]) == ("S", [])


BAD_ANSWERS: list[tuple[str, Any, str]] = [
    ("forward", {"comment": "x"}, "ErrorInvalidRecipients"),
    ("reply", {"comment": "x", "message": {"body": {"content": "y"}}}, "ErrorInvalidRequest"),
    ("reply", {"comment": 5}, "BadRequest"),
    ("reply", {"message": 5}, "ErrorInvalidRequest"),
    ("reply", {"text": "x"}, "BadRequest"),
    ("createForward", {"toRecipients": 5}, "RequestBodyRead"),
    (
        "forward",
        {"toRecipients": _to("ava.ramirez"), "message": {"toRecipients": _to("ava.ramirez")}},
        "ErrorInvalidRequest",
    ),
]


@pytest.mark.parametrize(("action", "body", "code"), BAD_ANSWERS)
def test_answers_against_the_rules_are_refused(
    graph: Graph, letter: dict[str, Any], action: str, body: Any, code: str
) -> None:
    answer = graph.post(f"/me/messages/{letter['id']}/{action}", body)
    assert (answer.status_code, error_code(answer)) == (400, code)


def test_any_message_is_read_as_mime(graph: Graph, letter: dict[str, Any]) -> None:
    answer = graph.get(f"/me/messages/{letter['id']}/$value")
    assert answer.headers["content-type"].startswith("text/plain")
    mail = message_from_bytes(answer.content, policy=policy.default)
    assert mail["Subject"] == "RE: Question"
    assert mail["From"].addresses[0].display_name == "Zoë Adeyemi"
    assert mail["Message-ID"] == letter["internetMessageId"]
    assert [part.get_filename() for part in mail.iter_attachments()] == ["a.txt"]
    for message in graph.value("/me/messages?$top=100&$select=id"):
        assert graph.get(f"/me/messages/{message['id']}/$value").status_code == 200


def test_mime_becomes_a_draft_or_is_sent(sign_in: Callable[..., Graph], graph: Graph) -> None:
    headers = {"Content-Type": "text/plain"}
    content = base64.b64encode(MIME)
    made = graph.request("POST", "/me/messages", content=content, headers=headers)
    assert made.status_code == 201, made.text
    assert (made.json()["subject"], made.json()["hasAttachments"]) == ("Über", True)
    assert made.json()["body"] == {"contentType": "text", "content": "Hello"}
    again = message_from_bytes(
        graph.get(f"/me/messages/{made.json()['id']}/$value").content, policy=policy.default
    )
    assert again["X-Origin"] == "test"
    sent = graph.request("POST", "/me/sendMail", content=content, headers=headers)
    assert sent.status_code == 202
    got = sign_in("zoe.adeyemi").value("/me/messages?$top=1&$expand=attachments")[0]
    assert (got["subject"], got["attachments"][0]["contentBytes"]) == ("Über", "YTti")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no base64!", "ErrorMimeContentInvalidBase64String"),
        (b"", "ErrorMimeContentInvalid"),
        (base64.b64encode(b"no header"), "ErrorMimeContentInvalid"),
    ],
)
def test_broken_mime_is_refused(graph: Graph, content: bytes, code: str) -> None:
    headers = {"Content-Type": "text/plain"}
    for path in ("/me/messages", "/me/sendMail"):
        answer = graph.request("POST", path, content=content, headers=headers)
        assert (answer.status_code, error_code(answer)) == (400, code)


def test_headers_of_a_message_cannot_bring_others(graph: Graph) -> None:
    draft = {
        "subject": "one\r\nBcc: victim@else.example",
        "internetMessageHeaders": [{"name": "X-A", "value": "b\r\nBcc: victim@else.example"}],
        "toRecipients": [{"emailAddress": {"name": "a\r\nBcc: v@e.example", "address": "no"}}],
    }
    made = graph.post("/me/messages", draft).json()
    mail = message_from_bytes(graph.get(f"/me/messages/{made['id']}/$value").content)
    assert mail["Bcc"] is None


def test_a_copy_has_its_own_attachments(graph: Graph, letter: dict[str, Any]) -> None:
    copied = graph.post(f"/me/messages/{letter['id']}/copy", {"destinationId": "archive"})
    assert copied.status_code == 201
    path = f"/me/messages/{copied.json()['id']}/attachments"
    item = graph.value(path)[0]["id"]
    assert graph.delete(f"{path}/{item}").status_code == 204
    assert graph.value(path) == []
    assert len(graph.value(f"/me/messages/{letter['id']}/attachments")) == 1


def test_items_and_references_are_attached_too(graph: Graph) -> None:
    draft = graph.post("/me/messages", {"subject": "Draft"}).json()
    path = f"/me/messages/{draft['id']}/attachments"
    item = {
        "@odata.type": "#microsoft.graph.itemAttachment",
        "name": "A message",
        "item": {"@odata.type": "microsoft.graph.message", "subject": "Inside"},
    }
    made = graph.post(path, item)
    assert made.status_code == 201, made.text
    assert "item" not in made.json()
    shown = graph.get(f"{path}/{made.json()['id']}?$expand=microsoft.graph.itemAttachment/item")
    assert shown.json()["item"]["subject"] == "Inside"
    reference = {"@odata.type": "#microsoft.graph.referenceAttachment", "name": "A link"}
    assert graph.post(path, reference).status_code == 201
    kinds = [one["@odata.type"] for one in graph.value(path)]
    assert kinds == ["#microsoft.graph.itemAttachment", "#microsoft.graph.referenceAttachment"]
    changed = graph.get(f"/me/messages/{draft['id']}").json()
    assert changed["hasAttachments"] is True
    assert changed["changeKey"] != draft["changeKey"]
    size = graph.value(f"{path}?$select=name,microsoft.graph.fileAttachment/contentBytes")
    assert "contentBytes" not in size[0]
    for cast in ("microsoft.graph.message/subject", "contentBytes"):
        assert graph.get(f"{path}?$select={cast}").status_code == 400


BAD_ATTACHMENTS: list[tuple[Any, str]] = [
    ({"name": "x"}, "ErrorInvalidRequest"),
    ({"contentBytes": "YQ=="}, "ErrorInvalidRequest"),
    ({"name": "x", "contentBytes": "?"}, "RequestBodyRead"),
    ({"@odata.type": "#microsoft.graph.user", "name": "x"}, "RequestBodyRead"),
    ({"@odata.type": "#microsoft.graph.itemAttachment", "name": "x"}, "ErrorInvalidRequest"),
    (
        {
            "@odata.type": "#microsoft.graph.itemAttachment",
            "name": "x",
            "item": {"@odata.type": "#microsoft.graph.user"},
        },
        "RequestBodyRead",
    ),
]


@pytest.mark.parametrize(("body", "code"), BAD_ATTACHMENTS)
def test_attachments_against_the_rules_are_refused(graph: Graph, body: Any, code: str) -> None:
    draft = graph.post("/me/messages", {"subject": "Draft"}).json()
    answer = graph.post(f"/me/messages/{draft['id']}/attachments", body)
    assert (answer.status_code, error_code(answer)) == (400, code)


def test_a_large_attachment_comes_by_an_upload_session(graph: Graph, app: Starlette) -> None:
    draft = graph.post("/me/messages", {"subject": "Large"}).json()
    path = f"/me/messages/{draft['id']}/attachments"
    content = bytes(range(256)) * 4 * 4096
    item = {"attachmentType": "file", "name": "large.bin", "size": len(content)}
    session = graph.post(f"{path}/createUploadSession", {"AttachmentItem": item})
    assert session.status_code == 201, session.text
    key = session.json()["uploadUrl"].rsplit("/", 1)[-1]
    transfers = app.state.context.transfers
    half, last = len(content) // 2, len(content) - 1
    first = transfers.accept(key, f"bytes 0-{half - 1}/{len(content)}", content[:half])
    assert first.body["nextExpectedRanges"] == [str(half)]
    done = transfers.accept(key, f"bytes {half}-{last}/{len(content)}", content[half:])
    assert done.status == 201
    made = graph.value(path)[0]
    assert made["id"] in done.headers["Location"]
    assert graph.get(f"{path}/{made['id']}/$value").content == content


BAD_SESSIONS: list[tuple[Any, int, str]] = [
    ({}, 400, "ErrorInvalidRequest"),
    ({"AttachmentItem": {"attachmentType": "file"}}, 400, "ErrorInvalidRequest"),
    ({"AttachmentItem": {"attachmentType": "tape", "name": "x"}}, 400, "RequestBodyRead"),
    (
        {"AttachmentItem": {"attachmentType": "file", "name": "x", "size": 5}},
        400,
        "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
    ),
    (
        {"AttachmentItem": {"attachmentType": "file", "name": "x", "size": 2**30}},
        413,
        "ErrorMessageSizeExceeded",
    ),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD_SESSIONS)
def test_upload_sessions_against_the_rules_are_refused(
    graph: Graph, body: Any, status: int, code: str
) -> None:
    draft = graph.post("/me/messages", {"subject": "Draft"}).json()
    answer = graph.post(f"/me/messages/{draft['id']}/attachments/createUploadSession", body)
    assert (answer.status_code, error_code(answer)) == (status, code)


def test_basic_permissions_neither_search_nor_show_bodies(sign_in: Callable[..., Graph]) -> None:
    basic = sign_in("noah.kim", "Mail.ReadBasic")
    answer = basic.get('/me/messages?$search="harbour"')
    assert (answer.status_code, error_code(answer)) == (403, "ErrorAccessDenied")
    for query in ("$filter=contains(body/content,'a')", "$orderby=bodyPreview"):
        answer = basic.get(f"/me/messages?{query}")
        assert (answer.status_code, error_code(answer)) == (403, "ErrorAccessDenied")
    events = sign_in("noah.kim", "Calendars.ReadBasic")
    assert events.get("/me/events?$filter=contains(body/content,'a')").status_code == 403
    message = basic.value("/me/messages?$top=1")[0]
    assert not {"body", "bodyPreview", "uniqueBody"} & message.keys()
    for name in ("attachments", "Extensions", "singleValueExtendedProperties"):
        for path in ("/me/messages", f"/me/messages/{message['id']}"):
            answer = basic.get(f"{path}?$expand={name}")
            assert (answer.status_code, error_code(answer)) == (403, "ErrorAccessDenied")
    for below in ("$value", "attachments"):
        assert basic.get(f"/me/messages/{message['id']}/{below}").status_code == 403
