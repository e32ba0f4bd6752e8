"""Each fault as it comes over a real connection, below TLS, to a client that knows none."""

from __future__ import annotations

import base64
import json
import socket
import ssl
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from graphwright_sandbox.faults import FaultPlan
from graphwright_sandbox.faults.notation import parse_fault
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.sandbox.open_graph import create_open_graph

TENANT = create_tenant()
PERSON = TENANT.people[0]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("certificates")
    with Sandbox.start(TENANT, folder, create_graph=create_open_graph) as running:
        yield running


@dataclass
class Reply:
    """All bytes until the server ended the connection, and how it did."""

    raw: bytes
    reset: bool

    @property
    def head(self) -> str:
        return self.raw.partition(b"\r\n\r\n")[0].decode()

    @property
    def body(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        return int(self.head.split(" ")[1])

    def header(self, name: str) -> str | None:
        for line in self.head.split("\r\n")[1:]:
            key, _, value = line.partition(": ")
            if key.lower() == name:
                return value
        return None

    def json(self) -> Any:
        return json.loads(self.body)


def exchange(connection: socket.socket, context: ssl.SSLContext, request: bytes) -> Reply:
    """One request over TLS, read until the end.

    By hand: the `ssl` module of some versions shows a RST as a mere end.
    """
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")

    def complete(step: Callable[[], Any]) -> Any:
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                connection.sendall(outgoing.read())
                if part := connection.recv(65536):
                    incoming.write(part)
                else:
                    incoming.write_eof()

    complete(tls.do_handshake)
    tls.write(request)
    received = bytearray()
    try:
        while part := complete(lambda: tls.read(65536)):
            received += part
    except ConnectionResetError:
        return Reply(bytes(received), reset=True)
    except ssl.SSLEOFError:
        pass  # an end without the goodbye of TLS
    return Reply(bytes(received), reset=False)


Ask = Callable[..., Reply]


@pytest.fixture
def plan(served: Sandbox) -> Iterator[FaultPlan]:
    yield served.faults
    served.faults.clear()


@pytest.fixture
def ask(served: Sandbox, plan: FaultPlan) -> Ask:
    """Adds a fault, sends one request by hand and reads until the connection ends."""
    context = ssl.create_default_context(cafile=str(served.ca_file))
    port = urlsplit(served.graph_url).port or 0

    def ask(
        line: str | None,
        path: str = "/v1.0/me/messages?$top=3&$select=subject",
        method: str = "GET",
        body: object = None,
        timeout: float = 10,
    ) -> Reply:
        if line is not None:
            plan.add(parse_fault(line))
        content = b"" if body is None else json.dumps(body).encode()
        with socket.create_connection(("localhost", port), timeout) as connection:
            head = (
                f"{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
                "client-request-id: mine\r\n\r\n"
            )
            return exchange(connection, context, head.encode() + content)

    return ask


def test_without_a_fault_the_answer_is_whole(ask: Ask) -> None:
    reply = ask(None)
    assert (reply.status, len(reply.json()["value"]), reply.reset) == (200, 3, False)


def test_a_status_comes_with_the_error_of_graph(ask: Ask) -> None:
    reply = ask("GET /me/messages: 429 retry-after=2 message='Slow down'")
    assert (reply.status, reply.header("retry-after")) == (429, "2")
    assert reply.json()["error"]["code"] == "TooManyRequests"
    assert reply.json()["error"]["message"] == "Slow down"
    assert reply.header("client-request-id") == "mine"
    inner = reply.json()["error"]["innerError"]
    assert inner["client-request-id"] == "mine"
    assert inner["request-id"] == reply.header("request-id")
    assert ask(None).status == 200


def test_retry_after_may_be_a_date(ask: Ask) -> None:
    header = ask("/me: 503 retry-after=date:30").header("retry-after")
    assert 25 < parsedate_to_datetime(str(header)).timestamp() - time.time() < 31


def test_a_delay_ends_with_the_true_answer(ask: Ask) -> None:
    started = time.monotonic()
    assert ask("/me: delay seconds=0.2").status == 200
    assert time.monotonic() - started >= 0.2


def test_silence_lasts_until_the_client_gives_up(ask: Ask) -> None:
    with pytest.raises(TimeoutError):
        ask("/me: silence", timeout=0.2)


def test_a_reset_sends_nothing_and_does_nothing(ask: Ask) -> None:
    body = {"subject": "Never"}
    reply = ask("POST /messages: reset", "/v1.0/me/messages", "POST", body)
    assert (reply.reset, reply.raw) == (True, b"")
    found = ask(None, "/v1.0/me/messages?$filter=subject%20eq%20'Never'")
    assert found.json()["value"] == []


def test_a_write_may_be_committed_and_answered_by_a_reset(ask: Ask) -> None:
    body = {"subject": "Done"}
    reply = ask("POST /messages: committed-reset", "/v1.0/me/messages", "POST", body)
    assert (reply.reset, reply.raw) == (True, b"")
    found = ask(None, "/v1.0/me/messages?$filter=subject%20eq%20'Done'")
    assert [item["subject"] for item in found.json()["value"]] == ["Done"]


def test_a_reset_may_come_in_the_middle_of_the_body(ask: Ask) -> None:
    reply = ask("/me: reset-in-body size=40")
    assert reply.reset
    assert len(reply.body) == 40 < int(str(reply.header("content-length")))


def test_a_body_ends_before_its_announced_length(ask: Ask) -> None:
    reply = ask("/me: truncated size=40")
    assert not reply.reset
    assert len(reply.body) == 40 < int(str(reply.header("content-length")))


def test_a_chunked_body_lacks_its_last_chunk(ask: Ask) -> None:
    reply = ask("/me: truncated-chunked size=40")
    assert reply.header("transfer-encoding") == "chunked"
    assert reply.header("content-length") is None
    assert reply.body.startswith(b"28\r\n{")
    assert len(reply.body) == len(b"28\r\n") + 40 + len(b"\r\n")


def test_a_body_without_a_length_ends_with_its_connection(ask: Ask) -> None:
    reply = ask("/me: truncated-close size=40")
    assert (reply.header("transfer-encoding"), reply.header("content-length")) == (None, None)
    assert (reply.status, len(reply.body), reply.reset) == (200, 40, False)


def test_json_may_be_broken_while_http_is_whole(ask: Ask) -> None:
    reply = ask("/me: invalid-json")
    assert len(reply.body) == int(str(reply.header("content-length")))
    with pytest.raises(ValueError, match=r"column|control"):
        reply.json()


def test_an_error_may_come_as_a_success(ask: Ask) -> None:
    reply = ask("/me: error-in-200 code=serviceNotAvailable")
    assert (reply.status, reply.json()["error"]["code"]) == (200, "serviceNotAvailable")


def test_a_good_token_may_be_called_expired(ask: Ask) -> None:
    reply = ask("/me: expired-token")
    assert (reply.status, reply.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert 'error="invalid_token"' in str(reply.header("www-authenticate"))
    assert ask(None).status == 200


def test_claims_may_be_demanded(ask: Ask) -> None:
    challenge = str(ask("/me: claims-challenge").header("www-authenticate"))
    assert 'error="insufficient_claims"' in challenge
    claims = json.loads(base64.b64decode(challenge.partition('claims="')[2].rstrip('"')))
    assert abs(int(claims["access_token"]["nbf"]["value"]) - time.time()) < 60


def test_a_delta_token_may_be_too_old(ask: Ask, served: Sandbox) -> None:
    first = ask("/users/delta: expired-delta", "/v1.0/users/delta?$select=id")
    assert first.status == 200
    reply = ask(None, "/v1.0/users/delta?$select=id&$deltatoken=abc")
    assert (reply.status, reply.json()["error"]["code"]) == (410, "syncStateNotFound")
    restart = f"{served.graph_url}/v1.0/users/delta?$select=id&$deltatoken="
    assert reply.header("location") == restart
    reply = ask("drive: expired-delta", "/v1.0/me/drive/root/delta?token=abc")
    assert (reply.status, reply.json()["error"]["code"]) == (410, "resyncRequired")


def next_link(reply: Reply) -> str:
    return str(reply.json()["@odata.nextLink"])


def path_of(url: str) -> str:
    return urlsplit(url)._replace(scheme="", netloc="").geturl()


def test_a_next_link_may_lead_back_to_its_own_page(ask: Ask, served: Sandbox) -> None:
    path = "/v1.0/me/messages?$top=3&$select=subject"
    for _ in range(3):
        assert next_link(ask(None if served.faults.rules else "/me: next-loop")) == (
            f"{served.graph_url}{path}"
        )


def test_two_pages_may_lead_to_each_other(ask: Ask) -> None:
    first = ask("/me/messages: next-loop-of-two")
    second = ask(None, path_of(next_link(first)))
    third = ask(None, path_of(next_link(second)))
    assert first.json()["value"] == third.json()["value"] != second.json()["value"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("next-host", ("https", "elsewhere.invalid", 0)),
        ("next-scheme", ("http", "localhost", 0)),
        ("next-port", ("https", "localhost", 1)),
        ("next-host to=127.0.0.1:9", ("https", "127.0.0.1", None)),
        ("next-host to=http://evil.example:9", ("http", "evil.example", None)),
    ],
)
def test_a_next_link_may_lead_elsewhere(
    ask: Ask, served: Sandbox, fault: str, expected: tuple[str, str, int | None]
) -> None:
    parts = urlsplit(next_link(ask(f"/me: {fault}")))
    scheme, host, beyond = expected
    own = urlsplit(served.graph_url).port or 0
    port = 9 if beyond is None else own + beyond
    assert (parts.scheme, parts.hostname, parts.port) == (scheme, host, port)
    assert parts.path == "/v1.0/me/messages"


def test_items_may_come_twice_and_without_their_id(ask: Ask) -> None:
    subjects = [item["subject"] for item in ask("/me: repeated-items").json()["value"]]
    assert (len(subjects), subjects[0::2]) == (6, subjects[1::2])
    items = ask("/me: missing-id").json()["value"]
    assert ["id" in item for item in items] == [False, True, True]
    assert "id" not in ask("/me: missing-id", "/v1.0/me").json()


def test_a_small_body_may_unpack_to_a_huge_one(ask: Ask) -> None:
    size = 20_000_000
    reply = ask(f"/me: gzip-bomb size={size}")
    assert reply.header("content-encoding") == "gzip"
    assert len(reply.body) < size / 500
    unpacked = zlib.decompress(reply.body, wbits=31)
    assert len(unpacked) == size
    assert len(json.loads(unpacked)["value"][0]["id"]) > size - 100


def test_a_body_may_be_huge(ask: Ask) -> None:
    size = 3_000_000
    assert len(ask(f"/me: huge-body size={size}").body) > size


def test_a_client_may_leave_a_huge_body(served: Sandbox, plan: FaultPlan, ask: Ask) -> None:
    plan.add(parse_fault(f"/me: huge-body size={2**28}"))
    context = ssl.create_default_context(cafile=str(served.ca_file))
    port = urlsplit(served.graph_url).port or 0
    with (
        socket.create_connection(("localhost", port), 10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall(b"GET /v1.0/me HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(1000)
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    assert ask(None).status == 200


def test_json_may_be_nested_too_deep(ask: Ask) -> None:
    body = ask("/me: deep-json size=5000").body
    assert body == b'{"value":' + b"[" * 5000 + b"]" * 5000 + b"}"


def test_sign_in_is_met_only_by_rules_that_name_it(ask: Ask, plan: FaultPlan) -> None:
    path = f"/{TENANT.id}/oauth2/v2.0/token"
    assert ask(".*: 503", path, "POST").status == 400
    assert plan.hits == 0
    plan.clear()
    assert ask("POST /oauth2/v2.0/token: 503 retry-after=1", path, "POST").status == 503
    assert ask("POST /oauth2/v2.0/token: committed-reset", path, "POST").reset


def test_an_upload_may_be_cut_off_at_the_transfer_origin(
    ask: Ask, served: Sandbox, plan: FaultPlan
) -> None:
    session = ask(None, "/v1.0/me/drive/root:/big.bin:/createUploadSession", "POST", {})
    url = urlsplit(session.json()["uploadUrl"])
    plan.add(parse_fault("PUT /upload/: 503 retry-after=1"))
    options: dict[str, Any] = {"data": b"x", "headers": {"Content-Range": "bytes 0-0/1"}}
    with requests.Session() as http:
        http.trust_env = False
        statuses = [
            http.put(url.geturl(), verify=str(served.ca_file), **options).status_code
            for _ in range(2)
        ]
    assert statuses == [503, 201]
