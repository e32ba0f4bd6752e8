"""Contents of files, against a running sandbox and a server that misbehaves by script."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from graphwright.http import transfer
from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.errors import HostRefused, HttpError, NoAnswer
from graphwright.kernel.errors import InvalidInput
from tests.http.conftest import TOKEN, FakeProfiles, Server, cut_body, error_reply, reply
from tests.http.helpers import make_call

ITEM = "/me/drive/root:/plan.bin:"
CONTENT = "/v1.0/me/drive/root:/plan.bin:/content"
SESSION = "/v1.0/me/drive/root:/plan.bin:/createUploadSession"
LARGE = os.urandom(transfer.PIECE + 1000)


async def in_chunks(data: bytes, *, chunk: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), chunk):
        yield data[start : start + chunk]


async def read_whole(client: HttpClient, call: Call) -> list[bytes]:
    async with transfer.download(client, call) as stream:
        return [piece async for piece in stream.chunks()]


def calls(profiles: FakeProfiles) -> tuple[Call, Call]:
    return (
        make_call(profiles, f"{ITEM}/content", "PUT"),
        make_call(profiles, f"{ITEM}/createUploadSession", "POST", body={"json": {}}),
    )


async def put(
    client: HttpClient, profiles: FakeProfiles, data: bytes, size: int | None = None
) -> Any:
    small, begin = calls(profiles)
    length = len(data) if size is None else size
    return await transfer.upload(client, small, begin, length, in_chunks(data))


@pytest.fixture
async def away(make_server: Callable[[], Awaitable[Server]], profiles: FakeProfiles) -> Server:
    """A transfer host of the profile."""
    server = await make_server()
    profiles.profiles["graph-user"].transfer_hosts = frozenset({server.host})
    return server


async def test_a_download_goes_without_the_token_to_the_transfer_host(
    client: HttpClient, profiles: FakeProfiles, server: Server, away: Server
) -> None:
    server.answers = [reply(302, headers={"Location": f"{away.url}/f?sig=s"})]
    away.answers = [reply(200, LARGE)]
    pieces = await read_whole(client, make_call(profiles, f"{ITEM}/content"))
    assert b"".join(pieces) == LARGE
    assert len(pieces) > 10
    assert TOKEN in server.seen[0].headers["authorization"]
    (seen,) = away.seen
    assert not seen.headers.keys() & {"authorization", "cookie", "client-request-id"}
    assert seen.headers["accept-encoding"] == "identity"


async def test_a_download_is_led_to_no_other_host(
    client: HttpClient, profiles: FakeProfiles, server: Server, away: Server
) -> None:
    profiles.profiles["graph-user"].transfer_hosts = frozenset({"*.sharepoint.com"})
    server.answers = [reply(302, headers={"Location": f"{away.url}/f"})]
    with pytest.raises(HostRefused):
        async with transfer.download(client, make_call(profiles, f"{ITEM}/content")):
            pytest.fail("nothing may be opened")
    assert away.seen == []


async def test_a_file_that_is_not_there_is_an_error_before_anything_is_read(
    client: HttpClient, profiles: FakeProfiles, server: Server
) -> None:
    server.answers = [error_reply(404, "itemNotFound")]
    with pytest.raises(HttpError) as caught:
        async with transfer.download(client, make_call(profiles, f"{ITEM}/content")):
            pytest.fail("nothing may be opened")
    assert (caught.value.status, caught.value.graph_code) == (404, "itemNotFound")


async def test_a_download_that_breaks_off_says_so(
    client: HttpClient, profiles: FakeProfiles, server: Server, away: Server
) -> None:
    server.answers = [reply(302, headers={"Location": f"{away.url}/f?sig=secret"})]
    away.answers = [cut_body(reply(200, LARGE), 200_000)]
    with pytest.raises(NoAnswer) as caught:
        await read_whole(client, make_call(profiles, f"{ITEM}/content"))
    assert "secret" not in str(caught.value)


async def test_a_small_file_is_sent_whole(
    client: HttpClient, profiles: FakeProfiles, server: Server
) -> None:
    server.answers = [reply(201, {"id": "1"})]
    assert await put(client, profiles, b"hello") == {"id": "1"}
    (seen,) = server.seen
    assert (seen.method, seen.target, seen.body) == ("PUT", CONTENT, b"hello")


async def test_a_large_file_goes_in_pieces_without_the_token(
    client: HttpClient, profiles: FakeProfiles, server: Server, away: Server
) -> None:
    server.answers = [reply(200, {"uploadUrl": f"{away.url}/up?sig=s"})]
    # The answer to the first piece is lost; sent again, it is refused as known.
    more = {"nextExpectedRanges": [f"{transfer.PIECE}-"]}
    away.answers = [
        error_reply(503, "serviceNotAvailable"),
        error_reply(416, "invalidRange"),
        reply(200, more),
        reply(201, {"id": "1"}),
    ]
    assert await put(client, profiles, LARGE) == {"id": "1"}
    assert [seen.method for seen in away.seen] == ["PUT", "PUT", "GET", "PUT"]
    assert away.seen[1].body + away.seen[3].body == LARGE
    ranges = [seen.headers.get("content-range") for seen in away.seen]
    assert ranges[3] == f"bytes {transfer.PIECE}-{len(LARGE) - 1}/{len(LARGE)}"
    assert not any("authorization" in seen.headers for seen in away.seen)


async def test_an_upload_session_at_another_host_gets_nothing(
    client: HttpClient, profiles: FakeProfiles, server: Server, away: Server
) -> None:
    profiles.profiles["graph-user"].transfer_hosts = frozenset({"*.sharepoint.com"})
    server.answers = [reply(200, {"uploadUrl": f"{away.url}/up"})]
    with pytest.raises(HostRefused):
        await put(client, profiles, LARGE)
    assert away.seen == []


async def test_an_upload_that_is_refused_is_cancelled_and_keeps_its_address(
    client: HttpClient, profiles: FakeProfiles, server: Server, away: Server
) -> None:
    server.answers = [reply(200, {"uploadUrl": f"{away.url}/up?sig=secret"})]
    away.answers = [error_reply(409, "nameAlreadyExists"), reply(204)]
    with pytest.raises(HttpError) as caught:
        await put(client, profiles, LARGE)
    assert [seen.method for seen in away.seen] == ["PUT", "DELETE"]
    assert caught.value.graph_code == "nameAlreadyExists"
    assert "secret" not in f"{caught.value} {caught.value.to_wire()}"


@pytest.mark.parametrize("claimed", [0, 3, 10])
async def test_a_file_of_another_size_than_it_said_is_not_stored(
    client: HttpClient, profiles: FakeProfiles, server: Server, claimed: int
) -> None:
    with pytest.raises(transfer.UploadCutOff):
        await put(client, profiles, b"hello", claimed)
    assert server.seen == []


async def test_an_upload_larger_than_graph_takes_is_refused_at_once(
    client: HttpClient, profiles: FakeProfiles, server: Server
) -> None:
    with pytest.raises(InvalidInput):
        await put(client, profiles, b"", transfer.LARGEST + 1)
    assert server.seen == []


async def test_a_session_without_an_address_is_an_error(
    client: HttpClient, profiles: FakeProfiles, server: Server
) -> None:
    server.answers = [reply(200, {"expirationDateTime": "2026-11-24T00:00:00Z"})]
    with pytest.raises(HttpError, match="upload session"):
        await put(client, profiles, LARGE)


def test_a_piece_is_a_multiple_of_320_kib() -> None:
    assert transfer.PIECE % (320 * 1024) == 0
