"""Downloads that are cut off on their way, or whose process ends: what came is not asked for again."""

from __future__ import annotations

import asyncio
import json
import os
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

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
from graphwright.http.resume import Stored, download_to
from graphwright.kernel.errors import FileNotWritten
from tests.http.conftest import (
    TOKEN,
    FakeProfiles,
    HeldClock,
    Script,
    Server,
    cut_body,
    cut_connection,
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
    told: list[int] = []
    stored = await load(client, profiles, target, on_bytes=lambda done, _: told.append(done))
    assert began > 2
    assert content(target) == FILE
    assert (told[0], told[-1]) == (150_000, len(FILE))
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
