"""Texts made to keep the sandbox busy or to say more than they should: bounded, and refused."""

import base64
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.markup import RememberedTexts, html_to_text
from graphwright_sandbox.graph.preferences import parse_preferences
from graphwright_sandbox.graph.routing import split_call
from graphwright_sandbox.graph.transfers import Transfers
from graphwright_sandbox.workloads.mail.replies import inner_html
from tests.sandbox.graph.calls import NOW, TENANT, Graph, authorize, error_code, person
from tests.sandbox.in_process import InProcess

_SCOPES = "Mail.ReadWrite Chat.ReadWrite ChatMessage.Send User.Read"
_LONG = 40_000
_CONTENT = base64.b64encode(b"content").decode()
_NO_TYPES = ("text/html\r\nSet-Cookie: a=b", "text/日", "text/" + "x" * 1000)


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with InProcess(create_graph_app(TENANT, authorize, lambda: NOW)) as client:
        yield Graph(client, f"Bearer user:{person('noah.kim').id}:{_SCOPES}")


@pytest.fixture(scope="module")
def message(graph: Graph) -> str:
    """The path of a draft."""
    return f"/me/messages/{graph.post('/me/messages', {'subject': 'x'}).json()['id']}"


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (lambda text: parse_preferences([text]), "a" + " " * _LONG + "!"),
        (split_call, "f(x" + " " * _LONG + "')"),
        (inner_html, "<body" * _LONG),
        (inner_html, "<body>" * _LONG),
        (html_to_text, "<a " * _LONG),
        (html_to_text, "<!--" * _LONG),
        (html_to_text, "<a b='" * _LONG),
        (html_to_text, "<![CDATA[" * _LONG),
    ],
)
def test_the_time_to_read_a_text_does_not_grow_with_its_square(
    read: Callable[[str], Any], text: str
) -> None:
    started = time.process_time()
    read(text)
    assert time.process_time() - started < 1


def test_what_is_no_tag_ends_a_text() -> None:
    assert html_to_text("<p>a &lt; b</p><a href='x") == "a < b"
    assert html_to_text("a &amp; b &am") == "a & b &am"


def test_texts_are_remembered_only_as_far_as_they_fit() -> None:
    remembered = RememberedTexts(room=1000)
    small = "<p>small</p>"
    first = remembered.text_of(small)
    assert remembered.text_of(small) is first
    assert remembered.text_of("<p>" + "x" * 1000) == "x" * 1000
    assert remembered.used == 0
    for number in range(200):
        remembered.text_of(f"<p>number {number}</p>")
        assert remembered.used <= 1000
    assert remembered.used > 900


def test_the_body_of_a_document_is_what_stands_between_its_tags() -> None:
    assert inner_html("<html><BODY class='x'>a<b>c</b></Body></html>") == "a<b>c</b>"
    for whole in ("a", "<body>a", "</body>a<body>"):
        assert inner_html(whole) == whole


@pytest.mark.parametrize("content_type", _NO_TYPES)
def test_the_type_of_an_attachment_adds_no_header(
    graph: Graph, message: str, content_type: str
) -> None:
    body = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "a",
        "contentBytes": _CONTENT,
        "contentType": content_type,
    }
    made = graph.post(f"{message}/attachments", body)
    assert made.status_code == 201
    answer = graph.get(f"{message}/attachments/{made.json()['id']}/$value")
    assert answer.content == b"content"
    assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("content_type", _NO_TYPES)
def test_the_type_of_a_hosted_content_adds_no_header(graph: Graph, content_type: str) -> None:
    messages = f"/chats/{graph.value('/me/chats')[0]['id']}/messages"
    body = {
        "body": {"contentType": "html", "content": '<img src="../hostedContents/1/$value">'},
        "hostedContents": [
            {
                "@microsoft.graph.temporaryId": "1",
                "contentBytes": _CONTENT,
                "contentType": content_type,
            }
        ],
    }
    sent = f"{messages}/{graph.post(messages, body).json()['id']}/hostedContents"
    answer = graph.get(f"{sent}/{graph.value(sent)[0]['id']}/$value")
    assert answer.content == b"content"
    assert answer.headers["content-type"] == "application/octet-stream"


def _parts(count: int, line: str) -> str:
    return "".join(line.format(number=number) for number in range(count))


@pytest.mark.parametrize(
    "mime",
    [
        _parts(3000, 'Content-Type: multipart/mixed; boundary="b{number}"\r\n\r\n--b{number}\r\n'),
        "Content-Type: message/rfc822\r\n\r\n" * 3000,
        "To: " + "(" * 5000 + "\r\n\r\n",
        "To: " + "a@b.example," * 20_000 + "\r\n\r\n",
        "Subject: " + "=?utf-8?q?a?=" * 20_000 + "\r\n\r\n",
        "Content-Type: text/plain; " + "a*0=b;" * 20_000 + "\r\n\r\n",
        "X-Odd: y\r\n" * 50_000 + "\r\n",
    ],
    ids=["parts", "messages", "comments", "addresses", "words", "parameters", "headers"],
)
def test_a_message_made_to_be_hard_to_read_is_refused_at_once(graph: Graph, mime: str) -> None:
    content = base64.b64encode(f"X-First: 1\r\n{mime}".encode())
    started = time.process_time()
    answer = graph.request(
        "POST", "/me/messages", content=content, headers={"Content-Type": "text/plain"}
    )
    assert (answer.status_code, error_code(answer)) == (400, "ErrorMimeContentInvalid")
    assert time.process_time() - started < 3


def test_a_message_to_five_hundred_people_is_read(graph: Graph) -> None:
    to = ", ".join(f"Somebody Long <person{number}@contoso.example>" for number in range(500))
    answer = graph.request(
        "POST",
        "/me/messages",
        content=base64.b64encode(f"Subject: x\r\nTo: {to}\r\n\r\nx".encode()),
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status_code == 201
    assert len(answer.json()["toRecipients"]) == 500


@pytest.mark.parametrize("start", ["/me?$select=", "/me/"])
def test_an_address_without_bounds_is_refused_in_a_batch_too(graph: Graph, start: str) -> None:
    url = start + "a" * 33_000
    alone = graph.get(url)
    assert (alone.status_code, error_code(alone)) == (414, "UriTooLong")
    batch = graph.post("/$batch", {"requests": [{"id": "1", "method": "GET", "url": url}]})
    (part,) = batch.json()["responses"]
    assert (part["status"], part["body"]["error"]["code"]) == (414, "UriTooLong")


def test_uploads_that_nobody_ends_leave_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphwright_sandbox.graph.transfers.MAXIMUM_WAITING", 1_000_000)
    transfers = Transfers("https://transfers.example", lambda: NOW)
    block = bytes(320 * 1024)
    keys = []
    for _ in range(5):
        session = transfers.create_upload(lambda _: pytest.fail("it is not complete"))
        keys.append(session["uploadUrl"].rpartition("/")[2])
        transfers.accept(keys[-1], f"bytes 0-{len(block) - 1}/{2 * len(block)}", block)
    for key in keys[:2]:
        with pytest.raises(GraphError, match="not found"):
            transfers.find_upload(key)
    assert [len(transfers.find_upload(key).data) for key in keys[2:]] == [len(block)] * 3
