"""Contents over the API: whose files they are, how they are sent on, what is refused."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from graphwright.http.call import Call
from graphwright.http.errors import HttpError
from graphwright.http.response import Response
from tests.portal.conftest import Browser, Place, step_path

FILES = {
    "lists/file.yaml": """
        owner: user
        key: [id]
        fields: {id: {type: text}, name: {type: text}, folder: {type: boolean}}
    """,
    "imports/file.yaml": """
        list: file
        fields: {id: id, name: name, folder: folder}
    """,
    "pages/files.yaml": """
        type: files
        title: Files
        list: file
        fields: {name: name, folder: folder}
        contents:
          profile: graph-user
          download: /me/drive/items/{{ row.id }}/content
          upload: "/me/drive/root:/{{ row.name }}:"
    """,
    "flows/files.yaml": """
        kind: regular
        path: /files
        start: show
        nodes:
          show: {type: page, page: files, outputs: {open_folder: folder}, exits: {open_folder: told}}
          told: {type: end, message: "{{ folder.name }}"}
    """,
}
NAME = 'Größe "1";.html'


@dataclass
class Content:
    """A file as it comes from Graph."""

    headers: dict[str, str]
    pieces: list[bytes]

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


@dataclass
class Graph:
    """Stands in for the HTTP client."""

    content: Content = field(
        default_factory=lambda: Content({"content-length": "6"}, [b"abc", b"def"])
    )
    error: HttpError | None = None
    calls: list[Call] = field(default_factory=list)

    @asynccontextmanager
    async def stream(self, call: Call) -> AsyncGenerator[Content]:
        self.calls.append(call)
        if self.error:
            raise self.error
        yield self.content

    async def send(self, call: Call) -> Response:
        self.calls.append(call)
        return Response(201, {}, {"name": "Plan 1.txt"}, call.url, None)

    async def close(self) -> None:
        """Nothing to close."""


@dataclass
class Shown:
    """A files page that Anna sees."""

    place: Place
    anna: Browser
    graph: Graph
    path: str

    def upload(self, name: str, content: Any, **headers: str) -> Any:
        given = {"x-csrf-token": self.anna.csrf, **headers}
        return self.anna.client.put(
            f"{self.path}/file", params={"name": name}, content=content, headers=given
        )


@pytest.fixture
def shown(make_place: Callable[..., Place]) -> Shown:
    place = make_place(**FILES)
    anna = place.browser().sign_in("anna")
    graph = Graph()
    cast(Any, place.runtime).http = graph
    place.put(
        "file",
        place.owner(anna),
        {"id": "a/1", "name": NAME, "folder": False},
        {"id": "f", "name": "Plans", "folder": True},
    )
    return Shown(place, anna, graph, step_path(anna.start("/files").json()))


def test_a_file_is_saved_and_never_shown_as_a_page(shown: Shown) -> None:
    answer = shown.anna.get(f"{shown.path}/file", params={"key": "a/1"})
    assert (answer.status_code, answer.content) == (200, b"abcdef")
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22%3B.html"
    )
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-length"] == "6"
    (call,) = shown.graph.calls
    assert call.url == "https://graph.microsoft.com/v1.0/me/drive/items/a%2F1/content"
    assert call.principal_id == shown.place.owner(shown.anna)
    assert call.headers["Accept-Encoding"] == "identity"


def test_an_empty_file_is_a_file(shown: Shown) -> None:
    shown.graph.content = Content({}, [])
    answer = shown.anna.get(f"{shown.path}/file", params={"key": "a/1"})
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_file_of_somebody_else_is_not_there(shown: Shown) -> None:
    bert = shown.place.browser().sign_in("bert")
    own = step_path(bert.start("/files").json())
    assert bert.get(f"{own}/file", params={"key": "a/1"}).status_code == 404
    assert bert.get(f"{shown.path}/file", params={"key": "a/1"}).status_code == 404
    assert shown.graph.calls == []


def test_who_is_not_signed_in_gets_nothing(shown: Shown) -> None:
    stranger = shown.place.browser()
    assert stranger.get(f"{shown.path}/file", params={"key": "a/1"}).status_code == 401


def test_what_graph_refuses_is_told_before_the_download_begins(shown: Shown) -> None:
    shown.graph.error = HttpError("It is itemNotFound.", status=404, graph_code="itemNotFound")
    answer = shown.anna.get(f"{shown.path}/file", params={"key": "a/1"})
    assert answer.status_code == 502
    assert answer.json()["error"]["graph_code"] == "itemNotFound"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("key=", 400),
        ("key=a&key=b", 400),
        ("key=x", 404),
        ("key=f", 400),
        ("name=a", 400),
    ],
)
def test_a_download_that_is_none_is_refused(shown: Shown, query: str, status: int) -> None:
    answer = shown.anna.get(f"{shown.path}/file?{query}")
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert shown.graph.calls == []


def test_a_page_without_files_has_none_to_give(shown: Shown) -> None:
    other = step_path(shown.anna.start("/agenda").json())
    assert shown.anna.get(f"{other}/file", params={"key": "a/1"}).status_code == 404


def test_an_upload_is_stored_and_says_under_which_name(shown: Shown) -> None:
    answer = shown.upload("Plan.txt", b"hello")
    assert (answer.status_code, answer.json()) == (200, {"name": "Plan 1.txt"})
    (call,) = shown.graph.calls
    assert (call.method, call.body) == ("PUT", b"hello")
    assert call.url == (
        "https://graph.microsoft.com/v1.0/me/drive/root:/Plan.txt:/content"
        "?@microsoft.graph.conflictBehavior=rename"
    )


def test_an_upload_without_the_session_s_token_is_refused(shown: Shown) -> None:
    answer = shown.upload("Plan.txt", b"hello", **{"x-csrf-token": "wrong"})
    assert answer.json()["error"]["code"] == "csrfRefused"
    assert shown.graph.calls == []


def test_an_upload_says_how_long_it_is(shown: Shown) -> None:
    answer = shown.upload("Plan.txt", iter([b"hello"]))
    assert (answer.status_code, answer.json()["error"]["code"]) == (411, "lengthRequired")


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a:b"])
def test_an_upload_with_a_name_that_is_none_is_refused(shown: Shown, name: str) -> None:
    assert shown.upload(name, b"hello").status_code == 400
    assert shown.graph.calls == []


def test_opening_a_folder_hands_its_row_to_the_flow(shown: Shown) -> None:
    step = shown.anna.start("/files").json()
    assert shown.anna.exit(step, "open_folder", {"key": "f"}).json()["message"] == "Plans"
    assert shown.anna.exit(step, "open_folder", {"key": "nowhere"}).status_code == 404
    assert shown.anna.exit(step, "open_folder", {}).status_code == 400
