"""Files sent with a request, to a running sandbox: whole or by an upload session, once each."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from graphwright.http.client import HttpClient
from graphwright.http.contents import Content, send_content, session_of
from graphwright.http.errors import FileTooLarge, HttpError
from graphwright.http.resume import download_to
from graphwright.http.transfer import SMALL
from graphwright.kernel.errors import FileGone
from graphwright_sandbox.faults.notation import parse_fault
from graphwright_sandbox.server import Sandbox
from tests.http.conftest import FakeProfiles, FakeSettings, HeldClock
from tests.http.helpers import make_call, profile_of


@pytest.fixture
def profiles(sandbox: Sandbox) -> FakeProfiles:
    return FakeProfiles({"graph-user": profile_of(sandbox)})


@pytest.fixture
async def client(profiles: FakeProfiles) -> AsyncIterator[HttpClient]:
    client = HttpClient(profiles, HeldClock(), FakeSettings())
    yield client
    await client.close()


def file_of(folder: Path, size: int) -> Content:
    path = folder / "content"
    path.write_bytes(os.urandom(size))
    return Content(path, "Plan für Anna.bin", "application/x-plan")


def content(path: Path) -> bytes:
    return path.read_bytes()


# In base64, and with what is told of it, the middle one just fits into Graph's 4 MB a request.
SIZES = [10, SMALL - 1000, SMALL + 1]


@pytest.mark.parametrize("size", SIZES)
async def test_a_drive_item_gets_the_content(
    client: HttpClient, profiles: FakeProfiles, tmp_path: Path, size: int
) -> None:
    item = f"/me/drive/root:/Documents/sent {size}.bin:/content"
    sent = file_of(tmp_path, size)
    answer = await send_content(client, make_call(profiles, item, "PUT"), sent)
    assert answer.status == 201
    assert answer.body["size"] == size
    stored = await download_to(client, make_call(profiles, item), tmp_path / "back")
    assert (stored.size, content(tmp_path / "back")) == (size, content(sent.path))
    # The same request again: as Graph replaces a small one, so the session does.
    again = await send_content(client, make_call(profiles, item, "PUT"), sent)
    assert (again.status, again.body["id"]) == (200, answer.body["id"])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("holder", ["messages", "events"])
async def test_a_message_or_event_gets_the_attachment_once(
    sandbox: Sandbox,
    client: HttpClient,
    profiles: FakeProfiles,
    tmp_path: Path,
    holder: str,
    size: int,
) -> None:
    new: dict[str, Any] = {"subject": "With a plan"}
    if holder == "events":
        moment = {"dateTime": "2026-11-23T10:00:00", "timeZone": "UTC"}
        new |= {"start": moment, "end": moment}
    made = await client.send(make_call(profiles, f"/me/{holder}", "POST", body={"json": new}))
    attachments = f"/me/{holder}/{made.body['id']}/attachments"
    sent = file_of(tmp_path, size)
    sandbox.faults.clear()
    if size > SMALL:
        sandbox.faults.add(parse_fault("/upload: committed-reset"))
    answer = await send_content(client, make_call(profiles, attachments, "POST"), sent)
    assert answer.status == 201
    url = f"{attachments}?$select=id,name,contentType,size"
    (found,) = await (await client.send(make_call(profiles, url))).body.read_all(client)
    assert (found["name"], found["contentType"]) == (sent.name, sent.media_type)
    back = make_call(profiles, f"{attachments}/{found['id']}/$value")
    await download_to(client, back, tmp_path / "back")
    assert content(tmp_path / "back") == content(sent.path)
    assert size <= SMALL or sandbox.faults.hits == 1


async def test_what_has_no_session_is_sent_whole_up_to_a_limit(
    sandbox: Sandbox, client: HttpClient, profiles: FakeProfiles, tmp_path: Path
) -> None:
    call = make_call(profiles, "/me/photo/$value", "PUT")
    before = len(profiles.asked)
    with pytest.raises(FileTooLarge) as caught:
        await send_content(client, call, file_of(tmp_path, client.limits.body_bytes + 1))
    assert caught.value.status == 413
    with pytest.raises(FileGone):
        await send_content(client, call, Content(tmp_path / "nowhere", "x", "x/y"))
    assert len(profiles.asked) == before
    with pytest.raises(HttpError) as refused:
        await send_content(client, call, file_of(tmp_path, 100))
    assert refused.value.status == 400


async def test_a_message_that_is_not_there_gets_nothing(
    client: HttpClient, profiles: FakeProfiles, tmp_path: Path
) -> None:
    call = make_call(profiles, "/me/messages/none/attachments", "POST")
    for size in (10, SMALL + 1):
        with pytest.raises(HttpError) as caught:
            await send_content(client, call, file_of(tmp_path, size))
        assert caught.value.status in (400, 404)


def test_a_session_is_begun_for_what_the_request_asks(
    profiles: FakeProfiles, tmp_path: Path
) -> None:
    sent = file_of(tmp_path, 1)
    url = "/drives/{{ drive }}/items/1/content?@microsoft.graph.conflictBehavior=fail"
    call = make_call(profiles, url, "PUT", {"drive": "a/b"}, headers={"If-Match": '"1"'})
    begin = session_of(call, sent, 5)
    assert begin is not None
    assert begin.url.endswith("/v1.0/drives/a%2Fb/items/1/createUploadSession")
    assert begin.path_template.endswith("/items/1/createUploadSession")
    assert (begin.method, begin.idempotent, begin.headers["If-Match"]) == ("POST", True, '"1"')
    assert begin.body == b'{"item": {"@microsoft.graph.conflictBehavior": "fail"}}'
    for other in (
        make_call(profiles, "/me/drive/root:/content", "DELETE"),
        make_call(profiles, "/me/messages/1/attachments/2", "PATCH"),
        make_call(profiles, "/me/todo/lists/1/tasks/2/attachments", "POST"),
        make_call(profiles, "https://x.example/content", "PUT", authentication={"type": "none"}),
    ):
        assert session_of(other, sent, 5) is None
