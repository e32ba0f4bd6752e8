"""Redirects: where reading may be led, and what it carries there."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver

from graphwright.http import transport
from graphwright.http.client import HttpClient
from graphwright.http.errors import HostRefused, HttpError, ReferralRefused
from graphwright.http.hosts import is_private, is_transfer_host
from graphwright.http.retry import Limits
from tests.http.conftest import (
    TOKEN,
    FakeProfiles,
    FakeSettings,
    HeldClock,
    Server,
    reply,
)
from tests.http.helpers import make_call

MakeServer = Callable[..., Awaitable[Server]]
FILE = reply(200, b"file")


def to(url: str, status: int = 302) -> bytes:
    return reply(status, None, {"Location": url, "Set-Cookie": "session=1"})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_on_the_same_host_keeps_the_token(
    client: HttpClient, server: Server, profiles: FakeProfiles, status: int
) -> None:
    server.answers = [to("/v1.0/other?x=1", status), FILE]
    response = await client.send(make_call(profiles, "/me/content"))
    assert response.body == b"file"
    assert response.url == f"{server.url}/v1.0/other?x=1"
    assert server.seen[1].headers["authorization"] == f"Bearer {TOKEN}-0"
    assert "cookie" not in server.seen[1].headers


async def test_a_transfer_host_gets_neither_token_nor_cookie_nor_own_headers(
    client: HttpClient, server: Server, profiles: FakeProfiles, make_server: MakeServer
) -> None:
    files = await make_server()
    profiles.profiles["graph-user"].transfer_hosts = frozenset({files.host})
    server.answers = [to(f"{files.url}/download?tempauth=1")]
    files.answers = [FILE]
    call = make_call(profiles, "/me/content", headers={"X-Private": "1", "Range": "bytes=0-3"})
    assert (await client.send(call)).body == b"file"
    assert files.seen[0].target == "/download?tempauth=1"
    assert files.seen[0].headers["range"] == "bytes=0-3"
    assert not {"authorization", "cookie", "x-private", "client-request-id"} & set(
        files.seen[0].headers
    )


async def test_another_host_is_refused_before_any_request(
    client: HttpClient, server: Server, profiles: FakeProfiles, make_server: MakeServer
) -> None:
    evil = await make_server()
    server.answers = [to(f"{evil.url}/steal")]
    with pytest.raises(ReferralRefused, match="no transfer host") as caught:
        await client.send(make_call(profiles, "/me/content"))
    assert caught.value.facts["host"] == evil.host
    assert evil.seen == []
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "location",
    [
        "http://localhost:1/x",
        "http://files.example.com/x",
        "https://127.0.0.1:1/x",
        "https://user@localhost/x",
        "ftp://localhost/x",
        "file:///etc/passwd",
        "//evil.example/x",
        "https://[::1]/x",
        "https:// /x",
        "/x\x00y",
    ],
)
async def test_a_location_that_is_not_safe_is_refused(
    client: HttpClient, server: Server, profiles: FakeProfiles, location: str
) -> None:
    profiles.profiles["graph-user"].transfer_hosts = frozenset({"*.example.com"})
    server.answers = [to(location)]
    with pytest.raises((HostRefused, HttpError)):
        await client.send(make_call(profiles, "/me/content"))


async def test_a_transfer_host_cannot_send_the_token_back(
    client: HttpClient, server: Server, profiles: FakeProfiles, make_server: MakeServer
) -> None:
    files = await make_server()
    profiles.profiles["graph-user"].transfer_hosts = frozenset({files.host, server.host})
    server.by_target = {"/v1.0/me/secret": reply(401)}
    server.answers = [to(f"{files.url}/a")]
    files.answers = [to(f"{server.url}/v1.0/me/secret")]
    with pytest.raises(HttpError) as caught:
        await client.send(make_call(profiles, "/me/content"))
    assert caught.value.status == 401
    assert "authorization" not in server.seen[1].headers
    # A 401 from there says nothing about the token.
    assert [asked["refresh"] for asked in profiles.asked] == [False]


async def test_redirects_end_after_five(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [to("/loop")] * 9
    with pytest.raises(HttpError, match="redirected more than 5 times") as caught:
        await client.send(make_call(profiles, "/me/content"))
    assert len(server.seen) == 6
    assert caught.value.retries == 0


async def test_a_redirect_without_location_is_an_error(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [reply(302)]
    with pytest.raises(HttpError, match="redirect"):
        await client.send(make_call(profiles, "/me/content"))


async def test_without_a_profile_redirects_stay_on_the_host(
    profiles: FakeProfiles, clock: HeldClock, make_server: MakeServer
) -> None:
    first, second = await make_server(tls=False), await make_server(tls=False)
    client = HttpClient(profiles, clock, FakeSettings({"GRAPHWRIGHT_ALLOW_HTTP": "1"}))
    call = make_call(profiles, f"{first.url}/x", authentication={"type": "none"})
    first.answers = [to("/y"), FILE, to(f"{second.url}/z")]
    assert (await client.send(call)).body == b"file"
    with pytest.raises(ReferralRefused):
        await client.send(call)
    assert second.seen == []
    await client.close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Every transfer host's name means 127.0.0.1."""
    resolved: dict[str, str] = {}

    class Resolver(ThreadedResolver):
        async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
            assert family in (0, 2, 10)
            address = resolved[host] = "127.0.0.1"
            return [
                ResolveResult(hostname=host, host=address, port=port, family=2, proto=0, flags=4)
            ]

    monkeypatch.setattr(transport, "ThreadedResolver", Resolver)
    return resolved


async def test_a_name_that_means_a_private_address_is_refused_when_connecting(
    client: HttpClient,
    server: Server,
    profiles: FakeProfiles,
    make_server: MakeServer,
    names: dict[str, str],
) -> None:
    files = await make_server()
    port = files.host.partition(":")[2]
    host = f"files.example.com:{port}"
    profiles.profiles["graph-user"].transfer_hosts = frozenset({host})
    server.answers = [to(f"https://{host}/x")]
    with pytest.raises(ReferralRefused, match="private network"):
        await client.send(make_call(profiles, "/me/content"))
    assert names == {"files.example.com": "127.0.0.1"}
    assert files.seen == []


async def test_a_private_address_by_wildcard_is_refused_and_by_setting_allowed(
    server: Server, profiles: FakeProfiles, clock: HeldClock, settings: FakeSettings
) -> None:
    limits = Limits(allow_private_transfer=True)
    profiles.profiles["graph-user"].transfer_hosts = frozenset({"10.0.0.1"})
    for address, limit in (("10.0.0.2", Limits()), ("10.0.0.2", limits)):
        client = HttpClient(profiles, clock, settings, limits=limit)
        server.answers = [to(f"https://{address}/x")]
        with pytest.raises(ReferralRefused):
            await client.send(make_call(profiles, "/me/content"))
        await client.close()


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("10.0.0.1", True),
        ("172.16.0.1", True),
        ("192.168.1.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("0.0.0.0", True),  # noqa: S104
        ("224.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("fe80::1%eth0", True),
        ("fd00::1", True),
        ("::ffff:127.0.0.1", True),
        ("2002:7f00:1::", True),
        ("64:ff9b::7f00:1", True),
        ("localhost", True),
        ("20.190.128.1", False),
        ("2603:1026::1", False),
        ("::ffff:20.190.128.1", False),
        ("graph.microsoft.com", False),
    ],
)
def test_private_addresses_are_known(address: str, private: bool) -> None:
    assert is_private(address) is private


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://contoso.sharepoint.com/x", True),
        ("https://a.b.sharepoint.com/x", True),
        ("https://files.example.com:8443/x", True),
        ("https://sharepoint.com/x", False),
        ("https://evilsharepoint.com/x", False),
        ("https://contoso.sharepoint.com:444/x", False),
        ("https://contoso.sharepoint.com.evil.example/x", False),
        ("https://files.example.com/x", False),
    ],
)
def test_transfer_hosts_match_whole_names(url: str, allowed: bool) -> None:
    hosts = frozenset({"*.sharepoint.com", "files.example.com:8443"})
    assert is_transfer_host(url, hosts) is allowed
