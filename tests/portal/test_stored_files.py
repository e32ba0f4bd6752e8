"""Files that rows hold, over the API: for whom, as what, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from graphwright.kernel.ids import new_id
from tests.portal.conftest import Browser, Place, step_path

LETTERS = {
    "lists/letter.yaml": """
        owner: user
        key: [id]
        fields:
          id: {type: text}
          scan: {type: file}
          kept: {type: file, sensitive: true}
    """,
    "imports/letter.yaml": """
        list: letter
        fields: {id: id, scan: scan, kept: kept}
    """,
    "pages/letters.yaml": """
        type: table
        title: Letters
        list: letter
        columns: [id, scan]
    """,
    "pages/letter.yaml": """
        type: detail
        title: Letter
        list: letter
        row: "'a'"
    """,
    "flows/letters.yaml": """
        kind: regular
        path: /letters
        start: show
        nodes: {show: {type: page, page: letters}}
    """,
    "flows/letter.yaml": """
        kind: regular
        path: /letter
        start: show
        nodes: {show: {type: page, page: letter}}
    """,
}
NAME = 'Größe "1";.html'


class Letters:
    """Anna's letters, of which one has a scan."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.anna = place.browser().sign_in("anna")
        id_ = new_id()
        self.content = place.runtime.settings.data / "files" / id_[:2].lower() / id_
        self.content.parent.mkdir(parents=True)
        self.content.write_bytes(b"<script>alert(1)</script>")
        self.file = {"file": id_, "name": NAME, "size": 25, "type": "text/html"}
        owner = place.owner(self.anna)
        place.put("letter", owner, {"id": "a", "scan": self.file, "kept": self.file}, {"id": "b"})

    def open(self, browser: Browser, flow: str = "/letters") -> str:
        return step_path(browser.start(flow).json())


@pytest.fixture
def letters(make_place: Callable[..., Place]) -> Letters:
    return Letters(make_place(**LETTERS))


@pytest.mark.parametrize("flow", ["/letters", "/letter"])
def test_the_file_of_a_row_is_saved_and_never_shown_as_a_page(letters: Letters, flow: str) -> None:
    path = letters.open(letters.anna, flow)
    answer = letters.anna.get(f"{path}/file", params={"key": "a", "field": "scan"})
    assert (answer.status_code, answer.content) == (200, letters.content.read_bytes())
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-length"] == "25"
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22%3B.html"
    )


def test_a_page_shows_the_file_by_its_name(letters: Letters) -> None:
    path = letters.open(letters.anna)
    rows = letters.anna.get(f"{path}/rows").json()["rows"]
    assert [row["scan"] and row["scan"]["name"] for row in rows] == [NAME, None]
    table = letters.anna.get(f"{path}/rows.csv").text
    assert letters.file["file"] not in table
    assert 'Größe ""1"";.html' in table


def test_a_file_of_somebody_else_is_not_there(letters: Letters) -> None:
    bert = letters.place.browser().sign_in("bert")
    query = {"key": "a", "field": "scan"}
    assert bert.get(f"{letters.open(bert)}/file", params=query).status_code == 404
    path = letters.open(letters.anna)
    assert bert.get(f"{path}/file", params=query).status_code == 404
    stranger = letters.place.browser()
    assert stranger.get(f"{path}/file", params=query).status_code == 401


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"key": "b", "field": "scan"}, "fileGone"),
        ({"key": "x", "field": "scan"}, "rowNotFound"),
        ({"key": "a", "field": "id"}, "partUnknown"),
        ({"key": "a", "field": "kept"}, "partUnknown"),
        ({"key": "a", "field": ""}, "invalidInput"),
        ({"key": "a", "field": "scan", "name": "x"}, "invalidInput"),
        ({"field": "scan"}, "invalidInput"),
    ],
)
def test_a_file_that_is_none_is_refused(letters: Letters, query: Any, code: str) -> None:
    answer = letters.anna.get(f"{letters.open(letters.anna)}/file", params=query)
    assert answer.json()["error"]["code"] == code
    assert answer.status_code == (400 if code == "invalidInput" else 404)


def test_a_content_that_is_gone_is_told(letters: Letters) -> None:
    letters.content.unlink()
    path = letters.open(letters.anna)
    answer = letters.anna.get(f"{path}/file", params={"key": "a", "field": "scan"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "fileGone")
