"""A server that misbehaves by script, profiles and tokens that are counted, a clock that is held."""

import asyncio
import datetime as dt
import ipaddress
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from graphwright.http.client import HttpClient
from graphwright.http.retry import Limits
from graphwright.kernel.errors import NotFound
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.sandbox.open_graph import create_open_graph

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
TOKEN = "token-that-must-not-leak"


@dataclass
class HeldClock:
    """A clock that moves only by being slept on."""

    time: dt.datetime = NOW
    sleeps: list[float] = field(default_factory=list)

    def now(self) -> dt.datetime:
        """The time held."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Moves on at once."""
        if seconds:
            self.sleeps.append(seconds)
        self.time += dt.timedelta(seconds=seconds)
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Token:
    """An access token."""

    value: str


@dataclass
class FakeProfile:
    """A profile of a Graph on this machine."""

    base: str
    flavour: str = "user"
    own: frozenset[str] = frozenset()
    transfer_hosts: frozenset[str] = frozenset()
    ca_file: str = ""
    application: str = "graph one"

    def hosts(self) -> frozenset[str]:
        """The hosts that may get a token."""
        return self.own

    def base_url(self, api: str) -> str:
        """The Graph of that version."""
        return f"{self.base}/{api}"


@dataclass
class FakeProfiles:
    """Profiles by name; `asked` lists every token that was asked for."""

    profiles: dict[str, FakeProfile]
    asked: list[dict[str, Any]] = field(default_factory=list)

    def definition(self, name: str) -> FakeProfile:
        """The profile of that name."""
        if name not in self.profiles:
            raise NotFound(f"There is no profile {name}.")
        return self.profiles[name]

    async def access_token(
        self,
        name: str,
        principal_id: str | None,
        *,
        account: str | None = None,
        refresh: bool = False,
        claims: str | None = None,
    ) -> Token:
        """A token that names how often a fresh one was asked for."""
        self.asked.append(
            {
                "name": name,
                "principal": principal_id,
                "account": account,
                "refresh": refresh,
                "claims": claims,
            }
        )
        fresh = sum(1 for request in self.asked if request["refresh"])
        return Token(f"{TOKEN}-{fresh}")


@dataclass
class FakeSettings:
    """Settings and secrets."""

    values: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, default: str | None = None) -> str | None:
        """A setting."""
        return self.values.get(name, default)

    def secret(self, name: str) -> str:
        """A secret."""
        return self.values[name]


@dataclass(frozen=True)
class Seen:
    """A request as the server got it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Script = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """Answers what it is told to, in that order; `seen` is what it was asked."""

    url: str = ""
    answers: Sequence[Script] = field(default_factory=list)
    by_target: dict[str, Script] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    respond: Callable[[Seen], bytes] | None = None
    """Answers in place of the script, by what it was asked."""
    asked: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)

    @property
    def host(self) -> str:
        """Host and port."""
        return self.url.removeprefix("https://").removeprefix("http://")

    def _next(self) -> Script:
        if not self.answers:
            return reply(599, "unscripted")
        first, *self.answers = self.answers
        return first

    async def has_seen(self, count: int) -> None:
        """Waits until so many requests have come."""
        async with self.asked:
            await self.asked.wait_for(lambda: len(self.seen) >= count)

    async def _note(self, request: Seen) -> None:
        self.seen.append(request)
        async with self.asked:
            self.asked.notify_all()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while (request := await _read_request(reader)) is not None:
                await self._note(request)
                answer = self.by_target.get(request.target)
                if self.respond is not None:
                    answer = self.respond(request)
                elif answer is None:
                    answer = self._next()
                if callable(answer):
                    await answer(writer)
                    break
                writer.write(answer)
                await writer.drain()
                if b"\r\nConnection: close" in answer:
                    break
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Seen | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {n.lower(): v for n, v in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Seen(method, target, headers, body)


def reply(
    status: int, body: Any = None, headers: Mapping[str, str] | None = None, *, kind: str = ""
) -> bytes:
    """A whole answer; what is no text or bytes is sent as JSON."""
    if isinstance(body, bytes):
        content, kind = body, kind or "application/octet-stream"
    elif isinstance(body, str):
        content, kind = body.encode(), kind or "text/plain"
    elif body is None:
        content = b""
    else:
        content, kind = json.dumps(body).encode(), kind or "application/json; charset=utf-8"
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", "request-id: req-1"]
    if kind:
        lines.append(f"Content-Type: {kind}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


def error_reply(status: int, code: str, headers: Mapping[str, str] | None = None) -> bytes:
    """Graph's own error body."""
    body = {"error": {"code": code, "message": f"It is {code}.", "innerError": {}}}
    return reply(status, body, headers)


async def cut_connection(writer: asyncio.StreamWriter) -> None:
    """Resets the connection without an answer."""
    writer.transport.abort()


def cut_body(whole: bytes, keep: int) -> Script:
    """Sends the beginning of an answer and resets the connection."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(whole[:keep])
        await writer.drain()
        writer.close()

    return answer


def silence(released: asyncio.Event) -> Script:
    """Says nothing until released."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        await released.wait()

    return answer


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate authority's file, and a file with key and certificate of this machine."""
    folder = tmp_path_factory.mktemp("certificates")
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    begin = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)

    identifier = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    usage = dict.fromkeys(
        "content_commitment key_encipherment data_encipherment key_agreement encipher_only "
        "decipher_only".split(),
        False,
    )

    def builder(subject: str) -> x509.CertificateBuilder:
        # Python 3.13 checks certificates by the letter of RFC 5280.
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
            .issuer_name(name)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(begin + dt.timedelta(days=30))
        )

    ca = (
        builder("Test authority")
        .public_key(ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage),
            critical=True,
        )
        .add_extension(identifier, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    names = [
        x509.DNSName("localhost"),
        x509.DNSName("files.example.com"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    leaf = (
        builder("localhost")
        .public_key(key.public_key())
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(ca.public_bytes(pem))
    (folder / "server.pem").write_bytes(private + leaf.public_bytes(pem))
    return folder / "ca.pem", folder / "server.pem"


@pytest.fixture
async def make_server(
    certificates: tuple[Path, Path],
) -> AsyncIterator[Callable[[], Awaitable[Server]]]:
    """Starts servers, by https."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates[1])
    running: list[asyncio.Server] = []

    async def start(*, tls: bool = True) -> Server:
        server = Server()
        listening = await asyncio.start_server(
            server.serve, "127.0.0.1", 0, ssl=context if tls else None
        )
        running.append(listening)
        port = listening.sockets[0].getsockname()[1]
        server.url = f"http{'s' if tls else ''}://localhost:{port}"
        return server

    yield start
    for listening in running:
        listening.close()


@pytest.fixture
async def server(make_server: Callable[[], Awaitable[Server]]) -> Server:
    """The Graph of the profile `graph-user`."""
    return await make_server()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A running sandbox in which everybody is one person."""
    folder = tmp_path_factory.mktemp("sandbox")
    with Sandbox.start(create_tenant(), folder, create_graph=create_open_graph) as running:
        yield running


@pytest.fixture
def profiles(server: Server, certificates: tuple[Path, Path]) -> FakeProfiles:
    """Two profiles of the server: one of users, one of the application."""
    own = frozenset({server.host})
    ca = str(certificates[0])
    return FakeProfiles(
        {
            "graph-user": FakeProfile(server.url, "user", own, frozenset(), ca),
            "graph-app": FakeProfile(server.url, "application", own, frozenset(), ca),
        }
    )


@pytest.fixture
def clock() -> HeldClock:
    """A held clock."""
    return HeldClock()


@pytest.fixture
def settings() -> FakeSettings:
    """Settings with one secret."""
    return FakeSettings({"API_PASSWORD": "pass:word-ü"})


@pytest.fixture
async def client(
    profiles: FakeProfiles, clock: HeldClock, settings: FakeSettings
) -> AsyncIterator[HttpClient]:
    """A client with short limits; its jitter always takes the whole pause."""
    client = HttpClient(
        profiles,
        clock,
        settings,
        limits=Limits(connect_seconds=5, read_seconds=0.2, total_seconds=5, body_bytes=100_000),
        permission_for=lambda call: "Calendars.ReadWrite" if call.profile else None,
        random=lambda: 1.0,
    )
    yield client
    await client.close()
