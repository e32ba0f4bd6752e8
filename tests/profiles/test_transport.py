"""The HTTP way to an authority, against servers that misbehave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from graphwright.profiles import AuthorityUnavailable, ProfileInvalid
from graphwright.profiles.kinds.oauth2_entra import transport as transport_module
from graphwright.profiles.kinds.oauth2_entra.transport import AuthorityTransport

DISCOVERY = "/t/v2.0/.well-known/openid-configuration"


class Server:
    """Answers by path; `seen` holds the requests with their cookies."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.seen: list[tuple[str, str, str | None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                self.rfile.read(length)
                outer.seen.append((self.command, self.path, self.headers.get("Cookie")))
                status, headers, body = outer.answers[self.path]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def transport() -> Iterator[AuthorityTransport]:
    made = AuthorityTransport("")
    yield made
    made.close()


def test_a_discovery_document_is_kept_and_an_error_is_not(
    server: Server, transport: AuthorityTransport
) -> None:
    server.answers[DISCOVERY] = (400, {}, b'{"error": "x"}')
    assert transport.read(server.url + DISCOVERY) == (400, {"error": "x"})
    server.answers[DISCOVERY] = (200, {}, b'{"issuer": "i"}')
    for _ in range(3):
        assert transport.read(server.url + DISCOVERY) == (200, {"issuer": "i"})
    assert len(server.seen) == 2
    assert transport.kept_document(server.url + DISCOVERY) == {"issuer": "i"}
    assert transport.kept_document(server.url + "/other") is None


def test_other_documents_are_read_each_time(server: Server, transport: AuthorityTransport) -> None:
    server.answers["/keys"] = (200, {}, b'{"keys": []}')
    transport.read(server.url + "/keys")
    transport.read(server.url + "/keys")
    assert len(server.seen) == 2


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'"x"', b"\xff\xfe", b'{"a":'])
@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_that_is_no_json_object_is_refused_and_not_shown(
    server: Server, transport: AuthorityTransport, status: int, body: bytes
) -> None:
    server.answers["/token"] = (status, {}, body + b" planted-token" if body else body)
    with pytest.raises(AuthorityUnavailable, match="did not answer with JSON") as caught:
        transport.post(server.url + "/token", data={"code": "c"})
    assert "planted-token" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "header", "expected"),
    [
        (429, "17", 17),
        (503, "999999", 3600),
        (500, "soon", None),
        (502, "", None),
        (429, "²", None),
    ],
)
def test_a_busy_authority_says_when_to_come_back(
    server: Server, transport: AuthorityTransport, status: int, header: str, expected: int | None
) -> None:
    headers = {"Retry-After": header} if header else {}
    server.answers["/token"] = (status, headers, b"{}")
    with pytest.raises(AuthorityUnavailable) as caught:
        transport.post(server.url + "/token")
    assert caught.value.facts.get("retry_after") == expected
    assert caught.value.facts["status"] == status
    assert caught.value.retryable


def test_a_redirect_is_not_followed(server: Server, transport: AuthorityTransport) -> None:
    """The body of a token request holds the code and the secret."""
    server.answers["/token"] = (307, {"Location": "/elsewhere"}, b"")
    server.answers["/elsewhere"] = (200, {}, b"{}")
    with pytest.raises(AuthorityUnavailable, match="redirect"):
        transport.post(server.url + "/token", data={"client_secret": "s"})
    assert [path for _, path, _ in server.seen] == ["/token"]


def test_no_cookie_is_carried_from_one_user_to_the_next(
    server: Server, transport: AuthorityTransport
) -> None:
    server.answers["/token"] = (200, {"Set-Cookie": "user=ada; Path=/"}, b"{}")
    transport.post(server.url + "/token")
    transport.post(server.url + "/token")
    assert [cookie for _, _, cookie in server.seen] == [None, None]


def test_proxy_variables_are_ignored(
    server: Server, transport: AuthorityTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.answers["/x"] = (200, {}, b"{}")
    assert transport.read(server.url + "/x") == (200, {})


def test_silence_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "_TIMEOUTS", (0.2, 0.2))
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)  # accepts, never answers
    transport = AuthorityTransport("")
    try:
        with pytest.raises(AuthorityUnavailable, match="in time"):
            transport.get(f"http://127.0.0.1:{server.server_port}/")
    finally:
        transport.close()
        server.server_close()


@pytest.mark.parametrize(
    "make", [lambda path: None, lambda path: path.write_text("no certificate"), Path.mkdir]
)
def test_a_ca_file_that_cannot_be_read_is_named(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    file = tmp_path / "ca.pem"
    make(file)
    with pytest.raises(ProfileInvalid, match=r"ca\.pem"):
        AuthorityTransport(str(file))
