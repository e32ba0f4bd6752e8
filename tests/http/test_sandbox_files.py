"""Contents of files from a running sandbox: by its redirect, to where the token does not go."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graphwright.http import transfer
from graphwright.http.client import HttpClient
from graphwright.http.errors import HostRefused
from graphwright.http.resume import download_to, upload_from
from graphwright_sandbox.faults.notation import parse_fault
from graphwright_sandbox.server import Sandbox
from tests.http.conftest import FakeProfiles, FakeSettings, HeldClock
from tests.http.helpers import make_call, profile_of

CONTENT = "/me/drive/root:/Documents/Notes.txt:/content"


@pytest.fixture
def profiles(sandbox: Sandbox) -> FakeProfiles:
    """A profile of this sandbox."""
    return FakeProfiles({"graph-user": profile_of(sandbox)})


async def test_content_comes_by_a_redirect_whole_and_in_part(profiles: FakeProfiles) -> None:
    client = HttpClient(profiles, HeldClock(), FakeSettings())
    try:
        # The transfer origin refuses a token: had it been sent there, this would fail.
        whole = (await client.send(make_call(profiles, CONTENT))).body
        part = make_call(profiles, CONTENT, headers={"Range": "bytes=0-4"})
        answer = await client.send(part)
    finally:
        await client.close()
    assert isinstance(whole, str)
    assert whole.startswith("Notes")
    assert (answer.status, answer.body) == (206, "Notes")


async def test_without_the_transfer_host_nothing_is_followed(profiles: FakeProfiles) -> None:
    profiles.profiles["graph-user"].transfer_hosts = frozenset()
    client = HttpClient(profiles, HeldClock(), FakeSettings())
    try:
        with pytest.raises(HostRefused):
            await client.send(make_call(profiles, CONTENT))
    finally:
        await client.close()


@pytest.mark.parametrize("size", [0, 70_000, 2 * transfer.PIECE])
async def test_what_is_uploaded_is_downloaded_as_it_was(profiles: FakeProfiles, size: int) -> None:
    data = os.urandom(size)
    item = f"/me/drive/root:/Documents/new {size}.bin:"
    put = make_call(profiles, f"{item}/content", "PUT")
    begin = make_call(profiles, f"{item}/createUploadSession", "POST", body={"json": {}})

    async def content() -> AsyncIterator[bytes]:
        for start in range(0, size, 65_536):
            yield data[start : start + 65_536]

    client = HttpClient(profiles, HeldClock(), FakeSettings())
    try:
        stored = await transfer.upload(client, put, begin, size, content())
        async with transfer.download(client, make_call(profiles, f"{item}/content")) as stream:
            came = b"".join([piece async for piece in stream.chunks()])
    finally:
        await client.close()
    assert stored["size"] == size
    assert came == data


@pytest.mark.parametrize(
    "fault", ["reset-in-body", "truncated", "truncated-chunked", "truncated-close", "503"]
)
async def test_a_download_that_the_transfer_origin_cuts_comes_whole(
    sandbox: Sandbox, profiles: FakeProfiles, tmp_path: Path, fault: str
) -> None:
    client = HttpClient(profiles, HeldClock(), FakeSettings())
    call = make_call(profiles, CONTENT)
    path = tmp_path / "Notes.txt"
    try:
        async with transfer.download(client, call) as stream:
            whole = b"".join([piece async for piece in stream.chunks()])
        sandbox.faults.clear()
        sandbox.faults.add(parse_fault(f"/download: {fault}"))
        stored = await download_to(client, call, path)
    finally:
        await client.close()
    assert sandbox.faults.hits > 0
    assert path.read_bytes() == whole
    assert (stored.size, stored.name) == (len(whole), "Notes.txt")


@pytest.mark.parametrize("fault", ["reset", "committed-reset", "503", "truncated"])
async def test_an_upload_whose_answers_are_lost_stores_the_file_once(
    sandbox: Sandbox, profiles: FakeProfiles, tmp_path: Path, fault: str
) -> None:
    client = HttpClient(profiles, HeldClock(), FakeSettings())
    path = tmp_path / "large.bin"
    path.write_bytes(os.urandom(transfer.PIECE + 5))
    item = f"/me/drive/root:/Documents/cut by {fault}.bin:"
    body = {"json": {"item": {"@microsoft.graph.conflictBehavior": "fail"}}}
    begin = make_call(profiles, f"{item}/createUploadSession", "POST", body=body)
    sandbox.faults.clear()
    sandbox.faults.add(parse_fault(f"/upload: {fault} times=2"))
    try:
        stored = (await upload_from(client, None, begin, path)).body
        assert sandbox.faults.hits > 0
        sandbox.faults.clear()
        await download_to(client, make_call(profiles, f"{item}/content"), tmp_path / "back")
    finally:
        await client.close()
    assert stored["size"] == path.stat().st_size
    assert (tmp_path / "back").read_bytes() == path.read_bytes()
