"""Client certificates: who a request proves to be, and to whom."""

import asyncio
import base64
import contextlib
import json
import socket
import ssl
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import certifi
import pytest

from graphwright.http.build import build_call
from graphwright.http.call import Call
from graphwright.http.certificates import ClientCertificates
from graphwright.http.client import HttpClient
from graphwright.http.errors import HostRefused, NoAnswer
from graphwright.http.redirects import Route, Wire
from graphwright.http.transport import Transport, trust
from tests.http.conftest import NOW, FakeProfiles, FakeSettings, reply
from tests.http.helpers import define, fail
from tests.http.identities import ANNA, AUTHORITY, BEN, PASSPHRASE, SEALED, Authority, KnowingServer

MakeServer = Callable[..., Awaitable[KnowingServer]]


@pytest.fixture(autouse=True)
def trusted(certificates: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The servers' authority is one of the usual ones."""
    monkeypatch.setattr(certifi, "where", lambda: str(certificates[0]))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
async def make_knowing(certificates: tuple[Path, Path]) -> AsyncIterator[MakeServer]:
    """Starts servers that demand a client certificate, or only look at one."""
    running: list[asyncio.Server] = []

    async def start(
        *,
        demands: bool = True,
        version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
        authority: str = AUTHORITY.pem,
    ) -> KnowingServer:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates[1])
        context.load_verify_locations(cadata=authority)
        context.maximum_version = version
        context.verify_mode = ssl.CERT_REQUIRED if demands else ssl.CERT_OPTIONAL
        server = KnowingServer()
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
        running.append(listening)
        server.url = f"https://localhost:{listening.sockets[0].getsockname()[1]}"
        return server

    yield start
    for listening in running:
        listening.close()


def by_certificate(url: str, secret: str = "ANNA", passphrase: str = "", **more: Any) -> Call:
    """A call that shows the certificate of a secret."""
    authentication: dict[str, Any] = {
        "type": "client_certificate",
        "certificate": {"secret": secret},
    }
    if passphrase:
        authentication["passphrase"] = {"secret": passphrase}
    definition = define(url, authentication=authentication, **more)
    return build_call(definition, {}, profiles=FakeProfiles({}), principal_id="x")


@pytest.fixture
def settings() -> FakeSettings:
    """The secrets of the tests."""
    return FakeSettings(
        {"ANNA": ANNA.pem, "BEN": BEN.pem, "SEALED": SEALED.pem, "PASS": PASSPHRASE}
    )


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_server_that_demands_a_certificate_gets_it(
    client: HttpClient, make_knowing: MakeServer, folder: Path, version: ssl.TLSVersion
) -> None:
    server = await make_knowing(version=version)
    assert (await client.send(by_certificate(f"{server.url}/x"))).body == {"caller": "anna"}
    assert "authorization" not in server.seen[0][1].headers
    again = await client.send(by_certificate(f"{server.url}/x"))
    assert (again.body, server.connections) == ({"caller": "anna"}, 1)
    assert list(folder.iterdir()) == [], "the key stays in no file"  # noqa: ASYNC240


async def test_a_key_with_a_passphrase_is_opened(
    client: HttpClient, make_knowing: MakeServer
) -> None:
    server = await make_knowing()
    response = await client.send(by_certificate(f"{server.url}/x", "SEALED", "PASS"))
    assert response.body == {"caller": "sealed"}


CHAIN = AUTHORITY.pem + ANNA.key + ANNA.certificate
FORMS = {
    "key first": ANNA.key + ANNA.certificate,
    "authority first": CHAIN,
    "words around": f"Bag Attributes\n  name: anna\n{ANNA.certificate}\nKey:\n{ANNA.key}\n",
    "windows lines": ANNA.pem.replace("\n", "\r\n"),
    "escaped lines": ANNA.pem.replace("\n", "\\n"),
    "escaped windows lines": ANNA.pem.replace("\n", "\\r\\n"),
    "one line": ANNA.pem.replace("\n", ""),
    "spaces for lines": ANNA.pem.replace("\n", " "),
    "base64": base64.b64encode(ANNA.pem.encode()).decode(),
    "base64 in lines": base64.encodebytes(ANNA.pem.encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS)
async def test_the_text_may_stand_in_any_form(
    client: HttpClient, make_knowing: MakeServer, settings: FakeSettings, form: str
) -> None:
    settings.values = {"ANNA": FORMS[form]}
    server = await make_knowing()
    assert (await client.send(by_certificate(f"{server.url}/x"))).body == {"caller": "anna"}


@pytest.fixture
def make_strict(certificates: tuple[Path, Path]) -> Iterator[Callable[..., str]]:
    """Starts servers that say in a TLS alert why they end a handshake; asyncio's are silent."""
    listeners: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def start(version: ssl.TLSVersion, authority: str) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates[1])
        context.load_verify_locations(cadata=authority)
        context.maximum_version = version
        context.verify_mode = ssl.CERT_REQUIRED
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threads.append(threading.Thread(target=_refuse_all, args=(listener, context)))
        threads[-1].start()
        return f"https://localhost:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        # Closing alone does not wake up who waits for a connection.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
    for thread in threads:
        thread.join()


def _refuse_all(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with context.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        ) as secured:
            with contextlib.suppress(ssl.SSLError):
                secured.do_handshake()
            # What the client sent meanwhile is read, or its system would drop the alert.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(secured, socket.SHUT_WR)
                while socket.socket.recv(secured, 4096):
                    pass


VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_server_that_refuses_the_certificate_is_told_and_not_asked_again(
    client: HttpClient, make_strict: Callable[..., str], version: ssl.TLSVersion
) -> None:
    url = make_strict(version, Authority("Another").pem)
    error = await fail(client, by_certificate(f"{url}/x", method="POST"))
    assert isinstance(error, NoAnswer)
    assert "refuses the client certificate (unknown ca)" in error.message
    assert (error.retries, error.outcome) == (0, "failed")


async def test_a_server_that_hangs_up_may_have_refused_the_certificate(
    client: HttpClient, make_knowing: MakeServer
) -> None:
    server = await make_knowing(authority=Authority("Another").pem)
    error = await fail(client, by_certificate(f"{server.url}/x"))
    assert "may refuse the client certificate" in error.hint
    assert server.seen == []


async def test_a_server_that_misses_a_certificate_is_told(
    client: HttpClient, make_strict: Callable[..., str]
) -> None:
    url = make_strict(ssl.TLSVersion.TLSv1_3, AUTHORITY.pem)
    call = build_call(
        define(f"{url}/x", authentication={"type": "none"}),
        {},
        profiles=FakeProfiles({}),
        principal_id=None,
    )
    error = await fail(client, call)
    assert "demands a client certificate" in error.message
    assert "client_certificate" in error.hint


async def test_identities_never_share_a_connection(
    client: HttpClient, make_knowing: MakeServer
) -> None:
    server = await make_knowing(demands=False)
    nobody = build_call(
        define(f"{server.url}/nobody", authentication={"type": "none"}),
        {},
        profiles=FakeProfiles({}),
        principal_id=None,
    )
    calls = [
        by_certificate(f"{server.url}/anna"),
        nobody,
        by_certificate(f"{server.url}/ben", "BEN"),
    ] * 10
    # All at once, and again over connections that are open by then.
    for _ in range(2):
        answers = await asyncio.gather(*(client.send(call) for call in calls))
        assert [a.body["caller"] for a in answers] == ["anna", None, "ben"] * 10
    assert {(caller or "nobody", seen.target[1:]) for caller, seen in server.seen} == {
        (name, name) for name in ("anna", "nobody", "ben")
    }
    assert server.connections <= len(calls), "connections were used again"


async def test_a_redirect_on_the_same_host_keeps_the_certificate(
    client: HttpClient, make_knowing: MakeServer
) -> None:
    server = await make_knowing()
    server.by_target = {"/x": reply(302, None, {"Location": "/y"})}
    assert (await client.send(by_certificate(f"{server.url}/x"))).body == {"caller": "anna"}


async def test_a_redirect_elsewhere_is_refused(
    client: HttpClient, make_knowing: MakeServer
) -> None:
    server, other = await make_knowing(), await make_knowing(demands=False)
    server.by_target = {"/x": reply(302, None, {"Location": f"{other.url}/y"})}
    with pytest.raises(HostRefused):
        await client.send(by_certificate(f"{server.url}/x"))
    assert other.connections == 0


async def test_where_a_redirect_elsewhere_may_be_followed_no_certificate_is_shown(
    client: HttpClient, make_knowing: MakeServer
) -> None:
    server, other = await make_knowing(), await make_knowing(demands=False)
    server.by_target = {"/x": reply(302, None, {"Location": f"{other.url}/y"})}
    other.by_target = {"/y": reply(302, None, {"Location": f"{other.url}/z"})}
    certificate = ClientCertificates(lambda: trust(None)).find("ANNA", ANNA.pem, None, NOW)
    route = Route(
        url=f"{server.url}/x",
        headers={},
        authorization=None,
        hosts=frozenset({server.host}),
        transfer_hosts=frozenset({other.host, "localhost"}),
        ca_file=None,
        certificate=certificate,
    )
    limits = client.limits
    carrier = Transport(limits)
    object.__setattr__(limits, "allow_private_transfer", True)
    exchange, _ = await Wire(carrier, limits).send(
        by_certificate(f"{server.url}/x"), route, lambda status, headers: 1_000
    )
    await carrier.close()
    assert json.loads(exchange.content) == {"caller": None}
    assert [caller for caller, _ in server.seen + other.seen] == ["anna", None, None]


async def test_the_pages_of_a_collection_get_the_certificate(
    client: HttpClient, make_knowing: MakeServer
) -> None:
    server = await make_knowing()
    server.by_target = {
        "/x": reply(200, {"value": [1], "@odata.nextLink": f"{server.url}/y"}),
        "/y": reply(200, {"value": [2]}),
    }
    first = (await client.send(by_certificate(f"{server.url}/x"))).body
    assert [item async for page in first.pages(client) for item in page.items] == [1, 2]
    assert [caller for caller, _ in server.seen] == ["anna", "anna"]


async def test_no_certificate_goes_without_encryption(
    client: HttpClient, make_knowing: MakeServer
) -> None:
    object.__setattr__(client.limits, "allow_http", True)
    server = await make_knowing()
    plain = server.url.replace("https", "http")
    kept = by_certificate(f"{server.url}/x").to_state()
    with pytest.raises(HostRefused, match="no client certificate"):
        await client.send(Call.from_state({**kept, "url": f"{plain}/x"}))
    assert server.connections == 0
    server.by_target = {"/x": reply(302, None, {"Location": f"{plain}/y"})}
    with pytest.raises(HostRefused, match="no client certificate"):
        await client.send(by_certificate(f"{server.url}/x"))


def test_a_kept_call_holds_the_names_of_the_secrets_alone() -> None:
    call = by_certificate("https://api.example/x", "MINE", "PASS")
    state = json.loads(json.dumps(call.to_state()))
    assert state["authentication"]["certificate_secret"] == "MINE"
    assert state["authentication"]["passphrase_secret"] == "PASS"
    assert Call.from_state(state) == call
    del state["authentication"]["certificate_secret"], state["authentication"]["passphrase_secret"]
    assert Call.from_state(state).url == call.url, "kept before there were certificates"
