"""What goes wrong is told in one shape, and what nobody foresaw keeps its details to the log."""

import logging

import pytest

from tests.web.conftest import Site


@pytest.mark.parametrize("path", ["/api/fail", "/fail"])
def test_the_unforeseen_says_nothing_but_a_log_id(
    site: Site, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "graphwright.web"):
        answer = site.client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    (record,) = caplog.records
    log_id = record.args[0] if isinstance(record.args, tuple) else None
    assert isinstance(log_id, str)
    assert log_id in answer.text


def test_the_api_answers_json_and_a_browser_gets_a_page(site: Site) -> None:
    wanted = {"accept": "text/html,*/*"}
    assert site.client.get("/api/fail", headers=wanted).json()["error"]["code"] == "unexpected"
    page = site.client.get("/fail", headers=wanted)
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text
    assert "style=" not in page.text


def test_a_fetch_by_the_page_gets_json_whatever_it_accepts(site: Site) -> None:
    headers = {"accept": "text/html", "sec-fetch-dest": "empty"}
    assert site.client.get("/fail", headers=headers).json()["error"]["code"] == "unexpected"


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "invalidInput"),
        (b"", "application/json", 400, "invalidInput"),
        (b'{"a": NaN}', "application/json", 400, "invalidInput"),
        (b"[" * 100_000, "application/json", 413, "bodyTooLarge"),
        (b"[" * 900, "application/json", 400, "invalidInput"),
        (b"\xff\xfe", "application/json", 400, "invalidInput"),
        (b'"' + b"x" * 1000 + b'"', "application/json", 413, "bodyTooLarge"),
        (b"{}", "text/plain", 415, "mediaTypeRefused"),
        (b"{}", "", 415, "mediaTypeRefused"),
        (b"a=1", "application/x-www-form-urlencoded", 415, "mediaTypeRefused"),
    ],
)
def test_a_body_that_is_no_json_is_refused(
    site: Site, content: bytes, content_type: str, status: int, code: str
) -> None:
    site.client.get("/begin")
    headers = {"x-csrf-token": site.csrf(), "content-type": content_type}
    answer = site.client.post("/write", headers=headers, content=content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
