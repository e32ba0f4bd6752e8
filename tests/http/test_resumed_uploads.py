"""Uploads that are cut off on their way, or whose process ends: what went over is not sent again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from graphwright.http import transfer
from graphwright.http.client import HttpClient
from graphwright.http.errors import FileChanged, HostRefused, HttpError, NoAnswer
from graphwright.http.resume import upload_from
from graphwright.http.sessions import UploadSessions
from graphwright.kernel.database import Database, system_metadata
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.errors import FileGone
from tests.http.conftest import (
    FakeProfiles,
    HeldClock,
    Script,
    Server,
    cut_connection,
    error_reply,
    reply,
)
from tests.http.helpers import make_call

ITEM = "/me/drive/root:/plan.bin:"


@pytest.fixture
async def away(make_server: Callable[[], Awaitable[Server]], profiles: FakeProfiles) -> Server:
    """A transfer host of the profile."""
    away = await make_server()
    profiles.profiles["graph-user"].transfer_hosts = frozenset({away.host})
    return away


LARGE = os.urandom(2 * transfer.PIECE + 1000)


@pytest.fixture
async def sessions(tmp_path: Path) -> AsyncIterator[UploadSessions]:
    database = Database(f"sqlite:///{tmp_path / 'system.sqlite'}")
    database.upgrade(system_metadata)
    yield UploadSessions(database, Keyring.generate())
    database.close()


class Sender:
    """Uploads one file to a transfer host whose answers are scripted."""

    def __init__(
        self,
        client: HttpClient,
        profiles: FakeProfiles,
        servers: tuple[Server, Server],
        sessions: UploadSessions,
        path: Path,
    ) -> None:
        self.client = client
        self.profiles = profiles
        self.server, self.away = servers
        self.sessions = sessions
        self.path = path
        self.told: list[int] = []

    def begin_with(self, number: int) -> None:
        said = {
            "uploadUrl": f"{self.away.url}/up{number}?sig=secret",
            "expirationDateTime": "2026-11-23T12:00:00Z",
        }
        self.server.answers = [reply(200, said)]

    async def send(self) -> Any:
        self.away.seen.clear()
        self.told.clear()
        answer = await upload_from(
            self.client,
            make_call(self.profiles, f"{ITEM}/content", "PUT"),
            make_call(self.profiles, f"{ITEM}/createUploadSession", "POST", body={"json": {}}),
            self.path,
            sessions=self.sessions,
            on_bytes=lambda done, _: self.told.append(done),
        )
        return answer.body

    def spans(self) -> list[str]:
        """What went where: method and first byte."""
        sent = []
        for seen in self.away.seen:
            span = seen.headers.get("content-range", "").removeprefix("bytes ")
            sent.append(f"{seen.method} {span.partition('-')[0]}".strip())
        return sent


@pytest.fixture
def sender(
    client: HttpClient,
    profiles: FakeProfiles,
    server: Server,
    away: Server,
    sessions: UploadSessions,
    tmp_path: Path,
) -> Sender:
    path = tmp_path / "plan.bin"
    path.write_bytes(LARGE)
    sender = Sender(client, profiles, (server, away), sessions, path)
    sender.begin_with(1)
    return sender


def more(start: int) -> bytes:
    return reply(202, {"nextExpectedRanges": [f"{start}-"]})


PIECE = transfer.PIECE
DONE = reply(201, {"id": "1"})


async def test_a_file_goes_up_in_pieces_and_its_session_is_forgotten(sender: Sender) -> None:
    sender.away.answers = [more(PIECE), more(2 * PIECE), DONE]
    assert await sender.send() == {"id": "1"}
    assert sender.spans() == ["PUT 0", f"PUT {PIECE}", f"PUT {2 * PIECE}"]
    assert sender.told == [0, PIECE, 2 * PIECE, len(LARGE)]
    assert b"".join(seen.body for seen in sender.away.seen) == LARGE
    assert not any("authorization" in seen.headers for seen in sender.away.seen)
    # Nothing is left to go on with: the next upload begins its own session.
    sender.begin_with(2)
    sender.away.answers = [more(PIECE), more(2 * PIECE), DONE]
    await sender.send()
    assert sender.away.seen[0].target.startswith("/up2")


async def test_an_upload_goes_on_after_a_restart_with_what_is_missing(
    sender: Sender, tmp_path: Path
) -> None:
    sender.away.answers = [more(PIECE), *[cut_connection] * 10]
    with pytest.raises(NoAnswer) as caught:
        await sender.send()
    assert "secret" not in f"{caught.value} {caught.value.to_wire()}"
    assert b"secret" not in (tmp_path / "system.sqlite").read_bytes()
    # Exchange leaves out the hyphen.
    sender.away.answers = [reply(200, {"nextExpectedRanges": [f"{PIECE}"]}), more(2 * PIECE), DONE]
    assert await sender.send() == {"id": "1"}
    assert sender.spans() == ["GET", f"PUT {PIECE}", f"PUT {2 * PIECE}"]
    assert sender.told == [PIECE, 2 * PIECE, len(LARGE)]
    assert len(sender.server.seen) == 1


async def test_a_piece_that_came_though_its_answer_was_lost_is_not_sent_again(
    sender: Sender,
) -> None:
    sender.away.answers = [cut_connection, error_reply(416, "invalidRange"), more(PIECE)]
    sender.away.answers += [more(2 * PIECE), DONE]
    assert await sender.send() == {"id": "1"}
    assert sender.spans() == ["PUT 0", "PUT 0", "GET", f"PUT {PIECE}", f"PUT {2 * PIECE}"]


async def test_a_session_that_has_ended_meanwhile_is_begun_anew(
    sender: Sender, clock: HeldClock
) -> None:
    sender.away.answers = [*[cut_connection] * 10]
    with pytest.raises(NoAnswer):
        await sender.send()
    sender.begin_with(2)
    sender.away.answers = [error_reply(404, "itemNotFound"), more(PIECE), more(2 * PIECE), DONE]
    assert await sender.send() == {"id": "1"}
    assert [seen.target[:4] for seen in sender.away.seen] == ["/up1", "/up2", "/up2", "/up2"]
    # One that says itself that it has expired is not even asked.
    sender.begin_with(3)
    sender.away.answers = [*[cut_connection] * 10]
    with pytest.raises(NoAnswer):
        await sender.send()
    await clock.sleep(100_000)
    sender.begin_with(4)
    sender.away.answers = [more(PIECE), more(2 * PIECE), DONE]
    await sender.send()
    assert {seen.target[:4] for seen in sender.away.seen} == {"/up4"}


async def test_where_the_last_answer_is_lost_for_good_nobody_says_that_it_failed(
    sender: Sender,
) -> None:
    sender.away.answers = [more(PIECE), more(2 * PIECE), *[cut_connection] * 10]
    with pytest.raises(NoAnswer):
        await sender.send()
    sender.away.answers = [error_reply(404, "itemNotFound")]
    with pytest.raises(HttpError) as caught:
        await sender.send()
    assert caught.value.outcome == "unknown"
    assert "Look whether the file is there" in caught.value.hint
    # Told once; who sends it again then means it.
    sender.begin_with(2)
    sender.away.answers = [more(PIECE), more(2 * PIECE), DONE]
    assert await sender.send() == {"id": "1"}


async def test_a_file_that_was_changed_does_not_go_on_with_the_old_one(sender: Sender) -> None:
    sender.away.answers = [more(PIECE), *[cut_connection] * 10]
    with pytest.raises(NoAnswer):
        await sender.send()
    sender.path.write_bytes(LARGE[::-1])
    os.utime(sender.path, (1, 1))
    sender.begin_with(2)
    sender.away.answers = [reply(204), more(PIECE), more(2 * PIECE), DONE]
    await sender.send()
    assert sender.spans() == ["DELETE", "PUT 0", f"PUT {PIECE}", f"PUT {2 * PIECE}"]


async def test_a_file_that_changes_on_its_way_is_not_stored(sender: Sender) -> None:
    async def change(writer: asyncio.StreamWriter) -> None:
        os.utime(sender.path, (1, 1))
        writer.write(more(PIECE))
        await writer.drain()
        writer.close()

    sender.away.answers = [change, reply(204)]
    with pytest.raises(FileChanged):
        await sender.send()
    assert sender.spans() == ["PUT 0", "DELETE"]


@pytest.mark.parametrize(
    "answers",
    [[more(0)], [error_reply(416, "invalidRange"), more(0)], [more(PIECE), more(9 * PIECE)]],
)
async def test_a_session_that_does_not_get_on_is_given_up(
    sender: Sender, answers: list[Script]
) -> None:
    sender.away.answers = [*answers, reply(204)]
    with pytest.raises(HttpError):
        await sender.send()
    assert sender.spans()[-1] == "DELETE"


async def test_a_session_at_another_host_gets_nothing_of_the_file(sender: Sender) -> None:
    sender.profiles.profiles["graph-user"].transfer_hosts = frozenset({"*.sharepoint.com"})
    with pytest.raises(HostRefused):
        await sender.send()
    assert sender.away.seen == []


async def test_a_small_file_needs_no_session_and_a_missing_one_is_told(sender: Sender) -> None:
    sender.path.write_bytes(b"small")
    sender.server.answers = [DONE]
    assert await sender.send() == {"id": "1"}
    assert (sender.server.seen[0].method, sender.server.seen[0].body) == ("PUT", b"small")
    sender.path.unlink()
    with pytest.raises(FileGone):
        await sender.send()
