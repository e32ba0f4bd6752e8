"""The transfer origin: downloads by range, upload sessions in order, and what is refused there."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests
from starlette.testclient import TestClient

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.request import GraphResponse
from graphwright_sandbox.graph.transfer_app import create_transfer_app
from graphwright_sandbox.graph.transfers import DRIVE_UPLOAD, MAIL_UPLOAD, Transfers
from graphwright_sandbox.server import Sandbox
from tests.sandbox.graph.calls import NOW, Answer, error_code
from tests.sandbox.in_process import InProcess

ORIGIN = "https://transfers.example"
BLOCK = 320 * 1024


class Time:
    """A clock that a test moves."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def transfers(time: Time) -> Transfers:
    return Transfers(ORIGIN, time)


@pytest.fixture
def client(transfers: Transfers) -> Iterator[TestClient]:
    with InProcess(create_transfer_app(transfers), ORIGIN) as client:
        yield client


@pytest.fixture
def session(transfers: Transfers) -> Callable[..., tuple[str, list[bytes]]]:
    """The URL of a new session, and where its file will be found."""

    def begin(**options: Any) -> tuple[str, list[bytes]]:
        files: list[bytes] = []

        def finish(data: bytes) -> GraphResponse:
            files.append(data)
            return GraphResponse(201, {"id": "new", "size": len(data)})

        return transfers.create_upload(finish, **options)["uploadUrl"], files

    return begin


def put(client: TestClient, url: str, first: int, data: bytes, total: int) -> Answer:
    span = f"bytes {first}-{first + len(data) - 1}/{total}"
    return client.put(url, content=data, headers={"Content-Range": span})


def test_a_download_needs_no_token_and_carries_name_type_and_etag(
    client: TestClient, transfers: Transfers
) -> None:
    url = transfers.download_url(lambda: b"content", "Grüße/1.txt", "text/plain", '"1"')
    assert url.startswith(f"{ORIGIN}/download/")
    answer = client.get(url)
    assert (answer.status_code, answer.content) == (200, b"content")
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Gr%C3%BC%C3%9Fe%2F1.txt" in answer.headers["content-disposition"]
    assert client.get(url, headers={"If-None-Match": '"1"'}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "status", "content", "span"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=8-", 206, b"89", "bytes 8-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=5-500", 206, b"56789", "bytes 5-9/10"),
        ("bytes=10-11", 416, b"", "bytes */10"),
        ("bytes=5-4", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=-", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_a_range_gives_that_part_or_416(
    client: TestClient,
    transfers: Transfers,
    asked: str,
    status: int,
    content: bytes,
    span: str | None,
) -> None:
    url = transfers.download_url(lambda: b"0123456789", "a.txt", "text/plain", '"1"')
    answer = client.get(url, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, content)
    assert answer.headers.get("content-range") == span


def test_a_range_of_another_version_gives_the_whole_file(
    client: TestClient, transfers: Transfers
) -> None:
    url = transfers.download_url(lambda: b"0123456789", "a.txt", "text/plain", '"2"')
    answer = client.get(url, headers={"Range": "bytes=0-3", "If-Range": '"1"'})
    assert (answer.status_code, len(answer.content)) == (200, 10)


def test_a_download_ends_with_its_time_with_its_file_and_with_another_key(
    client: TestClient, transfers: Transfers, time: Time
) -> None:
    def gone() -> bytes:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")

    assert error_code(client.get(transfers.download_url(gone, "a", "text/plain"))) == "itemNotFound"
    url = transfers.download_url(lambda: b"1", "a", "text/plain")
    assert client.get(url.replace("/download/", "/download/x")).status_code == 404
    time.now += timedelta(hours=1)
    assert client.get(url).status_code == 404


def test_fragments_in_order_make_a_file(
    client: TestClient, session: Callable[..., tuple[str, list[bytes]]], time: Time
) -> None:
    url, files = session()
    first, last = b"a" * BLOCK, b"b" * 1000
    time.now += timedelta(hours=20)
    answer = put(client, url, 0, first, BLOCK + 1000)
    assert answer.status_code == 202
    assert answer.json()["nextExpectedRanges"] == [f"{BLOCK}-{BLOCK + 999}"]
    time.now += timedelta(hours=20)
    state = client.get(url)
    assert state.json()["nextExpectedRanges"] == [f"{BLOCK}-{BLOCK + 999}"]
    assert state.json()["uploadUrl"] == url
    answer = put(client, url, BLOCK, last, BLOCK + 1000)
    assert (answer.status_code, answer.json()["size"]) == (201, BLOCK + 1000)
    assert files == [first + last]
    again = put(client, url, BLOCK, last, BLOCK + 1000)
    assert (again.status_code, again.json(), len(files)) == (201, answer.json(), 1)
    assert error_code(put(client, url, 0, first, BLOCK + 1000)) == "itemNotFound"
    for method in ("GET", "DELETE", "POST"):
        assert error_code(client.request(method, url)) == "itemNotFound"


def test_exchange_takes_any_size_and_answers_200_and_a_bare_number(
    client: TestClient, session: Callable[..., tuple[str, list[bytes]]]
) -> None:
    url, files = session(rules=MAIL_UPLOAD)
    answer = put(client, url, 0, b"12345", 7)
    assert (answer.status_code, answer.json()["nextExpectedRanges"]) == (200, ["5"])
    assert put(client, url, 5, b"67", 7).status_code == 201
    assert files == [b"1234567"]
    url, _ = session(rules=MAIL_UPLOAD)
    large = bytes(MAIL_UPLOAD.largest_fragment + 1)
    assert put(client, url, 0, large, len(large)).status_code == 413


@pytest.mark.parametrize(
    ("span", "size", "status", "code", "words"),
    [
        ("", 10, 400, "invalidRequest", "missing or malformed"),
        ("bytes */10", 10, 400, "invalidRequest", "missing or malformed"),
        ("bytes 9-0/10", 10, 400, "invalidRequest", "missing or malformed"),
        ("bytes 0-10/10", 11, 400, "invalidRequest", "missing or malformed"),
        (f"bytes {BLOCK}-{BLOCK + 8}/{2 * BLOCK}", 10, 400, "invalidRequest", "provided number"),
        (f"bytes {BLOCK}-{BLOCK + 9}/{9 * BLOCK}", 10, 400, "invalidRequest", "declares a total"),
        (f"bytes {BLOCK}-{BLOCK + 9}/{2 * BLOCK}", 10, 400, "invalidRequest", "multiple of 327680"),
        (f"bytes {BLOCK}-{BLOCK + 1}/{2 * BLOCK}", 2, 400, "invalidRequest", "multiple of 327680"),
        (f"bytes 0-9/{2 * BLOCK}", 10, 416, "invalidRange", "overlaps"),
        (f"bytes {BLOCK + 1}-{BLOCK + 10}/{2 * BLOCK}", 10, 416, "invalidRange", "contiguous"),
        (f"bytes 0-9/{DRIVE_UPLOAD.largest_file + 1}", 10, 413, "maxFileSizeExceeded", "size"),
    ],
)
def test_a_fragment_that_does_not_fit_is_refused_and_changes_nothing(
    client: TestClient,
    session: Callable[..., tuple[str, list[bytes]]],
    span: str,
    size: int,
    status: int,
    code: str,
    words: str,
) -> None:
    url, files = session()
    assert put(client, url, 0, bytes(BLOCK), 2 * BLOCK).status_code == 202
    headers = {"Content-Range": span} if span else {}
    answer = client.put(url, content=bytes(size), headers=headers)
    assert (answer.status_code, error_code(answer)) == (status, code)
    assert words in answer.json()["error"]["message"]
    assert client.get(url).json()["nextExpectedRanges"] == [f"{BLOCK}-{2 * BLOCK - 1}"]
    assert put(client, url, BLOCK, bytes(BLOCK), 2 * BLOCK).status_code == 201
    assert len(files) == 1


def test_a_session_ends_by_delete_and_by_time(
    client: TestClient, session: Callable[..., tuple[str, list[bytes]]], time: Time
) -> None:
    url, files = session()
    assert client.delete(url).status_code == 204
    assert put(client, url, 0, b"1", 1).status_code == 404
    url, files = session(lifetime=timedelta(minutes=10))
    time.now += timedelta(minutes=10)
    assert put(client, url, 0, b"1", 1).status_code == 404
    assert files == []


def test_a_deferred_session_waits_for_its_commit_and_survives_a_conflict(
    client: TestClient, transfers: Transfers
) -> None:
    taken = True

    def finish(data: bytes) -> GraphResponse:
        if taken:
            raise GraphError(409, "nameAlreadyExists", "Name already exists")
        return GraphResponse(201, {"size": len(data)})

    url = transfers.create_upload(finish, deferred=True)["uploadUrl"]
    assert error_code(client.post(url)) == "invalidRequest"
    assert put(client, url, 0, b"123", 3).status_code == 202
    assert (client.post(url).status_code, error_code(client.post(url))) == (
        409,
        "nameAlreadyExists",
    )
    taken = False
    assert client.post(url).json() == {"size": 3}


def test_a_token_is_refused_where_files_are_downloaded_and_not_read_where_they_are_uploaded(
    client: TestClient,
    transfers: Transfers,
    session: Callable[..., tuple[str, list[bytes]]],
) -> None:
    token = {"Authorization": "Bearer secret-token"}
    download = transfers.download_url(lambda: b"1", "a", "text/plain")
    refused = client.get(download, headers=token)
    assert (refused.status_code, error_code(refused)) == (401, "unauthenticated")
    assert "secret-token" not in refused.text
    # Microsoft's client for Python sends its token to every upload URL.
    assert client.get(session()[0], headers=token).status_code == 200


def test_old_downloads_make_room_for_new_ones(transfers: Transfers, client: TestClient) -> None:
    urls = [transfers.download_url(lambda: b"1", "a", "text/plain") for _ in range(20_001)]
    assert client.get(urls[0]).status_code == 404
    assert client.get(urls[1]).status_code == 200


def test_a_running_sandbox_serves_transfers_on_an_origin_of_their_own(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    http.verify = str(shared_sandbox.ca_file)
    url = shared_sandbox.transfers.download_url(lambda: b"content", "a.txt", "text/plain")
    assert url.startswith(f"{shared_sandbox.transfer_url}/")
    assert http.get(url, timeout=10).content == b"content"
    elsewhere = url.replace(shared_sandbox.transfer_url, shared_sandbox.graph_url)
    assert http.get(elsewhere, timeout=10).status_code == 404
    assert http.get(f"{shared_sandbox.transfer_url}/v1.0/me", timeout=10).status_code == 404
