"""Files that are cut off on their way, or whose process ends: what came over is not sent again."""

from __future__ import annotations

import asyncio
import json
import os
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from graphwright.http import transfer
from graphwright.http.client import HttpClient
from graphwright.http.errors import (
    FileBusy,
    FileChanged,
    FileTooLarge,
    HostRefused,
    HttpError,
    InvalidRequest,
    NoAnswer,
)
from graphwright.http.part import Part
from graphwright.http.resume import Stored, download_to, upload_from
from graphwright.http.sessions import UploadSessions
from graphwright.kernel.database import Database, system_metadata
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.errors import FileGone, FileNotWritten
from tests.http.conftest import (
    TOKEN,
    FakeProfiles,
    HeldClock,
    Script,
    Server,
    cut_body,
    cut_connection,
    error_reply,
    reply,
)
from tests.http.helpers import make_call

ITEM = "/me/drive/root:/plan.bin:"
FILE = os.urandom(300_000)
TAG = {"ETag": '"{a},1"', "Accept-Ranges": "bytes"}
NAMED = {**TAG, "Content-Disposition": "attachment; filename*=UTF-8''Pl%C3%A4ne.bin"}
HEAD = len(reply(200, FILE, NAMED)) - len(FILE)


@pytest.fixture
async def away(
    make_server: Callable[[], Awaitable[Server]], server: Server, profiles: FakeProfiles
) -> Server:
    """A transfer host, to which Graph leads every download."""
    away = await make_server()
    profiles.profiles["graph-user"].transfer_hosts = frozenset({away.host})
    moved = reply(302, headers={"Location": f"{away.url}/f?sig=secret"})
    server.by_target[f"/v1.0{ITEM}/content"] = moved
    return away


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "files" / "plan.bin"


def rest(start: int, total: str | int = len(FILE), tag: str = TAG["ETag"]) -> bytes:
    headers = {"Content-Range": f"bytes {start}-{len(FILE) - 1}/{total}", "ETag": tag}
    return reply(206, FILE[start:], headers)


async def load(client: HttpClient, profiles: FakeProfiles, target: Path, **more: Any) -> Stored:
    return await download_to(client, make_call(profiles, f"{ITEM}/content"), target, **more)


def content(path: Path) -> bytes:
    return path.read_bytes()


def left(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir()}


async def test_a_download_that_is_cut_off_goes_on_where_it_was(
    client: HttpClient, profiles: FakeProfiles, server: Server, away: Server, target: Path
) -> None:
    away.answers = [cut_body(reply(200, FILE, NAMED), HEAD + 200_000), rest(200_000)]
    told: list[tuple[int, int | None]] = []
    stored = await load(
        client, profiles, target, on_bytes=lambda done, total: told.append((done, total))
    )
    assert content(target) == FILE
    assert (stored.size, stored.name, stored.etag) == (len(FILE), "Pläne.bin", TAG["ETag"])
    assert left(target) == {"plan.bin"}
    assert told[-1] == (len(FILE), len(FILE))
    assert len(away.seen) == len(server.seen) == 2
    second = away.seen[1].headers
    assert (second["range"], second["if-range"]) == ("bytes=200000-", TAG["ETag"])
    assert not any("authorization" in seen.headers for seen in away.seen)
    assert all(TOKEN in seen.headers["authorization"] for seen in server.seen)


async def test_a_download_goes_on_in_another_process(
    client: HttpClient, profiles: FakeProfiles, away: Server, target: Path
) -> None:
    away.by_target["/f?sig=secret"] = cut_body(reply(200, FILE, NAMED), HEAD + 150_000)
    with pytest.raises(NoAnswer) as caught:
        await load(client, profiles, target)
    assert "secret" not in f"{caught.value} {caught.value.to_wire()}"
    assert left(target) == {"plan.bin.part", "plan.bin.part.json"}
    note = json.loads(target.with_name("plan.bin.part.json").read_text("utf-8"))
    assert "secret" not in str(note)
    del away.by_target["/f?sig=secret"]
    began, away.seen[:] = len(away.seen), []
    away.answers = [rest(150_000)]
    stored = await load(client, profiles, target)
    assert began > 2
    assert content(target) == FILE
    assert stored.name == "Pläne.bin"
    assert [seen.headers["range"] for seen in away.seen] == ["bytes=150000-"]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([reply(200, FILE, {"ETag": '"other"'})], id="it begins anew by itself"),
        pytest.param([rest(200_000, tag='"other"'), reply(200, FILE, TAG)], id="another version"),
        pytest.param(
            [reply(416, headers={"Content-Range": "bytes */7"}), reply(200, FILE, TAG)],
            id="another size",
        ),
    ],
)
async def test_of_a_file_that_changed_meanwhile_nothing_old_is_kept(
    client: HttpClient,
    profiles: FakeProfiles,
    away: Server,
    target: Path,
    answers: list[Script],
) -> None:
    old = bytes(300_000)
    away.answers = [cut_body(reply(200, old, NAMED), HEAD + 200_000), *answers]
    await load(client, profiles, target)
    assert content(target) == FILE
    assert "range" not in away.seen[-1].headers or len(answers) == 1


async def test_a_file_that_never_stays_the_same_is_told(
    client: HttpClient, profiles: FakeProfiles, away: Server, target: Path
) -> None:
    cut = cut_body(reply(200, FILE, NAMED), HEAD + 200_000)
    away.answers = [cut, rest(200_000, tag='"other"')] * 10
    with pytest.raises((FileChanged, NoAnswer)):
        await load(client, profiles, target)
    assert "plan.bin" not in left(target)


async def test_a_file_that_was_whole_but_had_no_name_yet_is_not_loaded_again(
    client: HttpClient, profiles: FakeProfiles, away: Server, target: Path
) -> None:
    # A length that is too large looks like a cut; the server says then that nothing is missing.
    too_long = reply(200, FILE, TAG).replace(b"Length: 300000", b"Length: 300009")
    away.answers = [
        cut_body(too_long, len(too_long)),
        reply(416, headers={"Content-Range": f"bytes */{len(FILE)}"}),
    ]
    assert (await load(client, profiles, target)).size == len(FILE)
    assert content(target) == FILE
    assert len(away.seen) == 2


async def test_a_body_that_only_the_end_of_the_connection_ends_is_asked_for_its_rest(
    client: HttpClient, profiles: FakeProfiles, away: Server, target: Path
) -> None:
    endless = reply(200, FILE, TAG).replace(b"Content-Length: 300000\r\n", b"")
    keep = len(endless) - 100_000
    away.answers = [cut_body(endless, keep), rest(200_000)]
    await load(client, profiles, target)
    assert content(target) == FILE


async def test_without_a_version_a_cut_download_begins_anew(
    client: HttpClient, profiles: FakeProfiles, away: Server, target: Path
) -> None:
    weak = {"ETag": 'W/"1"'}
    away.answers = [cut_body(reply(200, FILE, weak), 200_000), reply(200, FILE, weak)]
    await load(client, profiles, target)
    assert content(target) == FILE
    assert not any("range" in seen.headers for seen in away.seen)


async def test_a_server_that_cuts_every_time_is_given_up_and_no_half_file_gets_the_name(
    client: HttpClient, profiles: FakeProfiles, clock: HeldClock, away: Server, target: Path
) -> None:
    await asyncio.to_thread(target.parent.mkdir)
    await asyncio.to_thread(target.write_bytes, b"before")
    away.by_target["/f?sig=secret"] = cut_body(reply(200, FILE), 100_000)
    with pytest.raises(NoAnswer):
        await load(client, profiles, target)
    assert len(clock.sleeps) == client.limits.retries
    assert content(target) == b"before"
    assert left(target) == {"plan.bin"}


async def test_who_never_answers_is_not_asked_by_two_budgets(
    client: HttpClient, profiles: FakeProfiles, clock: HeldClock, away: Server, target: Path
) -> None:
    away.by_target["/f?sig=secret"] = cut_connection
    with pytest.raises(NoAnswer):
        await load(client, profiles, target)
    assert len(away.seen) == client.limits.retries + 1


@pytest.mark.parametrize("length", ["300000", ""])
async def test_a_file_over_the_limit_is_not_kept(
    client: HttpClient, profiles: FakeProfiles, away: Server, target: Path, length: str
) -> None:
    whole = reply(200, FILE, TAG)
    if not length:
        whole = whole.replace(b"Content-Length: 300000\r\n", b"Connection: close\r\n")
    away.answers = [whole]
    with pytest.raises(FileTooLarge) as caught:
        await load(client, profiles, target, most=299_999)
    assert (caught.value.status, caught.value.code) == (413, "fileTooLarge")
    assert left(target) == set()


async def test_a_download_is_led_to_no_other_host_and_leaves_nothing(
    client: HttpClient, profiles: FakeProfiles, away: Server, target: Path
) -> None:
    profiles.profiles["graph-user"].transfer_hosts = frozenset({"*.sharepoint.com"})
    with pytest.raises(HostRefused):
        await load(client, profiles, target)
    assert (away.seen, left(target)) == ([], set())


async def test_another_part_than_was_asked_for_is_refused(
    client: HttpClient, profiles: FakeProfiles, away: Server, target: Path
) -> None:
    away.answers = [cut_body(reply(200, FILE, TAG), 200_000), rest(5)]
    with pytest.raises(HttpError, match="another part"):
        await load(client, profiles, target)
    away.answers = [rest(200_000)]
    call = make_call(profiles, f"{ITEM}/content", headers={"Range": "bytes=0-4"})
    with pytest.raises(InvalidRequest):
        await download_to(client, call, target)


async def test_what_another_request_left_is_not_gone_on_with(
    client: HttpClient, profiles: FakeProfiles, away: Server, target: Path
) -> None:
    part = Part.open(target, "of another request")
    part.begin(200, {"etag": '"1"'})
    await part.add(b"not this")
    part.close()
    away.answers = [reply(200, FILE, TAG)]
    await load(client, profiles, target)
    assert content(target) == FILE
    assert "range" not in away.seen[0].headers


async def test_a_file_that_is_under_way_is_not_loaded_a_second_time(
    client: HttpClient, profiles: FakeProfiles, away: Server, target: Path
) -> None:
    part = Part.open(target, "scope")
    with pytest.raises(FileBusy):
        await load(client, profiles, target)
    part.close()
    away.answers = [reply(200, FILE, TAG)]
    await load(client, profiles, target)
    assert content(target) == FILE


async def test_a_folder_that_cannot_be_written_is_told(
    client: HttpClient, profiles: FakeProfiles, away: Server, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileNotWritten, match=r"plan.bin cannot be written"):
        await load(client, profiles, tmp_path / "file" / "plan.bin")
    assert away.seen == []


@pytest.mark.verify
async def test_500_mb_come_with_the_memory_of_a_few_pieces(
    client: HttpClient, profiles: FakeProfiles, away: Server, target: Path
) -> None:
    size, block = 500_000_000, bytes(1_000_000)

    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(reply(200, b"", TAG).replace(b"Length: 0", b"Length: %d" % size))
        for _ in range(size // len(block)):
            writer.write(block)
            await writer.drain()

    away.answers = [send]
    tracemalloc.start()
    try:
        # What Python holds beside the file: a whole one would be 50 times this.
        stored = await load(client, profiles, target)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (stored.size, len(content(target))) == (size, size)
    assert peak < 10_000_000


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

    def begin_with(self, number: int) -> None:
        said = {
            "uploadUrl": f"{self.away.url}/up{number}?sig=secret",
            "expirationDateTime": "2026-11-23T12:00:00Z",
        }
        self.server.answers = [reply(200, said)]

    async def send(self) -> Any:
        self.away.seen.clear()
        answer = await upload_from(
            self.client,
            make_call(self.profiles, f"{ITEM}/content", "PUT"),
            make_call(self.profiles, f"{ITEM}/createUploadSession", "POST", body={"json": {}}),
            self.path,
            sessions=self.sessions,
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
    sender.server.by_target.clear()
    sender.server.answers = [DONE]
    assert await sender.send() == {"id": "1"}
    assert (sender.server.seen[0].method, sender.server.seen[0].body) == ("PUT", b"small")
    sender.path.unlink()
    with pytest.raises(FileGone):
        await sender.send()
