"""Subscriptions as applications ask for them: the handshake, the limits, the refusals."""

from __future__ import annotations

import gzip
import socket
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from graphwright_sandbox.notifications import delivery
from graphwright_sandbox.notifications.notifier import Notifier, Timing
from graphwright_sandbox.notifications.sender import NoAnswer, UrlRefused, check_url
from tests.sandbox.graph.calls import NOW, Graph, error_code, person
from tests.sandbox.notifications.conftest import MovableClock, Subscribe
from tests.sandbox.notifications.receiver import Answer, Receiver, repeat_token

ME = person("noah.kim").id


def minutes(count: int) -> str:
    return (NOW + timedelta(minutes=count)).isoformat()


def test_a_subscription_is_made_when_the_receiver_repeats_the_token(
    subscribe: Subscribe, receiver: Receiver
) -> None:
    made = subscribe(changeType="created,updated", notificationUrl=f"{receiver.url}/told?a=b%20c")
    assert len(receiver.tokens) == 1
    assert receiver.tokens[0].startswith("Validation: Testing client application reachability")
    assert made["clientState"] == "only-we-know"
    assert made["changeType"] == "created,updated"
    assert (made["applicationId"], made["creatorId"]) == ("app", ME)
    assert made["expirationDateTime"] == "2026-03-04T11:30:00Z"
    assert made["includeResourceData"] is False


def test_subscriptions_are_listed_read_renewed_and_deleted(
    subscribe: Subscribe, graph: Graph
) -> None:
    path = f"/subscriptions/{subscribe()['id']}"
    assert [one["clientState"] for one in graph.value("/subscriptions")] == [None]
    renewed = graph.patch(path, {"expirationDateTime": minutes(600)})
    assert renewed.json()["expirationDateTime"] == "2026-03-04T19:30:00Z"
    assert graph.get(path).json()["expirationDateTime"] == "2026-03-04T19:30:00Z"
    assert graph.post(f"{path}/reauthorize", None).status_code == 204
    assert graph.delete(path).status_code == 204
    for answer in (graph.get(path), graph.delete(path), graph.patch(path, {})):
        assert (answer.status_code, error_code(answer)) == (404, "ResourceNotFound")


def test_a_short_subscription_lasts_45_minutes_and_ends(
    subscribe: Subscribe, graph: Graph, clock: MovableClock
) -> None:
    made = subscribe(expirationDateTime=minutes(1))
    assert made["expirationDateTime"] == "2026-03-04T10:15:00Z"
    clock.now = NOW + timedelta(minutes=46)
    assert graph.value("/subscriptions") == []
    assert graph.get(f"/subscriptions/{made['id']}").status_code == 404


def test_nobody_sees_the_subscription_of_another(subscribe: Subscribe, client: TestClient) -> None:
    path = f"/subscriptions/{subscribe()['id']}"
    other = Graph(client, f"Bearer user:{person('zoe.adeyemi').id}:User.Read")
    assert other.value("/subscriptions") == []
    for answer in (other.get(path), other.delete(path)):
        assert (answer.status_code, error_code(answer)) == (404, "ResourceNotFound")


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"changeType": None}, "RequestBodyRead", "changeType"),
    ({"changeType": "moved"}, "InvalidRequest", "'moved'"),
    ({"changeType": ""}, "InvalidRequest", "'changeType' is a required property"),
    ({"clientState": "x" * 129}, "InvalidRequest", "'clientState' exceeds"),
    ({"clientState": 5}, "RequestBodyRead", "clientState"),
    ({"colour": "red"}, "RequestBodyRead", "colour"),
    ({"latestSupportedTlsVersion": "v9"}, "InvalidRequest", "'v9'"),
    ({"resource": "me/calendars/x/events"}, "InvalidRequest", "not supported"),
    ({"resource": "me/drive/bundles"}, "InvalidRequest", "not supported"),
    ({"resource": "me/todo/lists/x/tasks?$filter=a eq b"}, "InvalidRequest", "'$filter'"),
    ({"resource": "users", "changeType": "created"}, "InvalidRequest", "'created'"),
    ({"resource": "me/mailFolders/nowhere/messages"}, "ResourceNotFound", "not found"),
    ({"expirationDateTime": "tomorrow"}, "RequestBodyRead", "tomorrow"),
    ({"expirationDateTime": "0001-01-01T00:00:00+14:00"}, "InvalidRequest", "range"),
    ({"expirationDateTime": minutes(-1)}, "InvalidRequest", "future"),
    ({"expirationDateTime": minutes(4231)}, "InvalidRequest", "only be 4230 minutes"),
    (
        {"resource": "me/messages", "expirationDateTime": minutes(10081)},
        "ExtensionError",
        "only be 10080 minutes",
    ),
    ({"notificationUrl": "ftp://localhost/x"}, "ValidationError", "https"),
    ({"notificationUrl": "http://receiver.example/x"}, "ValidationError", "loopback"),
    ({"notificationUrl": "https://10.0.0.1/x"}, "ValidationError", "private network"),
    ({"lifecycleNotificationUrl": "https://[fd00::1]/x"}, "ValidationError", "private network"),
    ({"notificationUrl": "http://127.0.0.1:1/x"}, "ValidationError", "could not be reached"),
    ({"includeResourceData": True}, "InvalidRequest", "not supported for this resource"),
    (
        {"includeResourceData": True, "resource": "me/messages"},
        "ExtensionError",
        "A $select of the properties is needed",
    ),
    (
        {"includeResourceData": True, "resource": "me/messages?$select=subject"},
        "InvalidRequest",
        "'encryptionCertificate' and 'encryptionCertificateId' are required",
    ),
    (
        {
            "includeResourceData": True,
            "resource": "me/messages?$select=subject",
            "encryptionCertificate": "bm8=",
            "encryptionCertificateId": "one",
        },
        "InvalidRequest",
        "not a base64-encoded X.509 certificate",
    ),
]


@pytest.mark.parametrize(("change", "code", "message"), REFUSED)
def test_what_graph_would_refuse_is_refused(
    graph: Graph,
    body: dict[str, Any],
    tasks: str,
    notifier: Notifier,
    change: dict[str, Any],
    code: str,
    message: str,
) -> None:
    answer = graph.post("/subscriptions", {**body, "resource": tasks, **change})
    assert (answer.status_code, error_code(answer)) == (
        404 if code == "ResourceNotFound" else 400,
        code,
    )
    assert message in answer.json()["error"]["message"]
    assert notifier.subscriptions == {}


@pytest.mark.parametrize(
    "name", ["changeType", "notificationUrl", "resource", "expirationDateTime"]
)
def test_what_is_required_is_named(graph: Graph, body: dict[str, Any], name: str) -> None:
    del body[name]
    answer = graph.post("/subscriptions", body)
    assert (answer.status_code, error_code(answer)) == (400, "InvalidRequest")
    assert f"'{name}' is a required property" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "answer",
    [
        (200, "text/plain", b"something else"),
        (200, "text/html", None),
        (202, "text/plain", None),
        (302, "text/plain", None),
        (500, "text/plain", b""),
    ],
)
def test_a_receiver_that_does_not_repeat_the_token_is_refused(
    graph: Graph,
    body: dict[str, Any],
    tasks: str,
    receiver: Receiver,
    answer: tuple[int, str, bytes | None],
) -> None:
    status, content_type, content = answer
    receiver.validate = lambda token: (
        status,
        content_type,
        token.encode() if content is None else content,
    )
    refused = graph.post("/subscriptions", {**body, "resource": tasks})
    assert (refused.status_code, error_code(refused)) == (400, "ValidationError")


def test_a_packed_answer_stays_packed(
    graph: Graph, body: dict[str, Any], tasks: str, receiver: Receiver
) -> None:
    """A few bytes could become more than memory holds."""
    packed = "text/plain\r\nContent-Encoding: gzip"
    receiver.validate = lambda token: (200, packed, gzip.compress(token.encode()))
    refused = graph.post("/subscriptions", {**body, "resource": tasks})
    assert (refused.status_code, error_code(refused)) == (400, "ValidationError")


def test_a_receiver_that_is_too_slow_is_refused(
    graph: Graph, body: dict[str, Any], tasks: str, receiver: Receiver, notifier: Notifier
) -> None:
    notifier.timing = Timing(answer=0.1)

    def answer_late(token: str) -> Answer:
        time.sleep(0.3)
        return repeat_token(token)

    receiver.validate = answer_late
    refused = graph.post("/subscriptions", {**body, "resource": tasks})
    assert (refused.status_code, error_code(refused)) == (400, "ValidationError")
    assert refused.json()["error"]["message"] == "Subscription validation request timed out."


def test_who_may_not_read_may_not_subscribe(
    client: TestClient, body: dict[str, Any], receiver: Receiver
) -> None:
    limited = Graph(client, f"Bearer user:{ME}:User.Read")
    answer = limited.post("/subscriptions", {**body, "resource": "me/messages"})
    assert (answer.status_code, error_code(answer)) == (403, "ErrorAccessDenied")
    nobody = Graph(client, "Bearer app::Mail.Read")
    answer = nobody.post("/subscriptions", {**body, "resource": "me/messages"})
    assert answer.status_code == 400
    assert receiver.tokens == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"resource": "me/events"}, "InvalidRequest"),
        ({"expirationDateTime": minutes(4231)}, "InvalidRequest"),
        ({"notificationUrl": "http://receiver.example"}, "ValidationError"),
        ({"notificationUrl": "http://127.0.0.1:1/x"}, "ValidationError"),
    ],
)
def test_a_wrong_renewal_changes_nothing(
    subscribe: Subscribe, graph: Graph, change: dict[str, Any], code: str
) -> None:
    path = f"/subscriptions/{subscribe()['id']}"
    before = graph.get(path).json()
    answer = graph.patch(path, change)
    assert (answer.status_code, error_code(answer)) == (400, code)
    assert graph.get(path).json() == before


@pytest.mark.parametrize(
    "url",
    [
        f"https://user:secret{'@'}receiver.example/",
        "https://receiver.example/#fragment",
        "https://169.254.169.254/latest",
        "https://0.0.0.0/",
        "https://192.168.1.1/",
        "http://localhost.evil.example/",
        "https://3232235777/",
        "https://10.1/",
        "https://0xa000001/",
        "https://0300.0250.0001.0001/",
        "https://10.0.0.1./",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::1]/",
        "https://[fec0::1]/",
        "https://224.0.0.1/",
        "https://10.0.0.\u2460/",
        "https://receiver.example\\@10.0.0.1/",
        "https://receiver.example/a b",
        "https://receiver.example/\n",
        "https://",
        "https://[::1",
        "https://receiver.example:99999/",
        "https://receiver.example/" + "x" * 3000,
    ],
)
def test_nothing_is_ever_sent_to_such_a_url(url: str) -> None:
    with pytest.raises(UrlRefused):
        check_url(url)


def test_a_url_of_this_machine_or_the_internet_is_fine() -> None:
    for url in ("http://localhost:1/a?b", "http://[::1]:1/", "https://receiver.example/x"):
        check_url(url)
    check_url("https://[64:ff9b::808:808]/")


@pytest.mark.parametrize(("address", "reached"), [("127.0.0.1", True), ("10.0.0.1", False)])
async def test_a_name_is_checked_where_it_leads(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, address: str, reached: bool
) -> None:
    class Resolver:
        async def resolve(self, host: str, port: int, *_: int) -> list[dict[str, Any]]:
            return [
                {
                    "hostname": host,
                    "host": address,
                    "port": port,
                    "family": socket.AF_INET,
                    "proto": 0,
                    "flags": 0,
                }
            ]

        async def close(self) -> None:
            pass

    monkeypatch.setattr(delivery, "DefaultResolver", Resolver)
    url = f"http://receiver.example:{urlsplit(receiver.url).port}/told"
    if reached:
        assert (await delivery.post(url, b"{}", "application/json", 2)).status == 202
    else:
        with pytest.raises(NoAnswer) as caught:
            await delivery.post(url, b"{}", "application/json", 2)
        assert not caught.value.timed_out
        assert receiver.is_quiet()
