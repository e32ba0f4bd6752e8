"""Attacks by other sites, by guessing, and by asking for too much."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from graphwright.flows.steps import STEPS_OF_SESSION, steps_table
from graphwright.web.return_paths import safe_return_path
from tests.portal.conftest import Browser, Place, step_path

WRITES = ("/api/start", "/api/steps/x/1/exits/open", "/auth/sign-out")


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "null"},
        {"origin": "http://localhost:8081"},
        {"origin": "http://evil.example"},
        {"origin": "https://localhost:8080"},
        {"origin": "http://localhost:8080.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"x-csrf-token": ""},
        {"x-csrf-token": "é"},
    ],
)
def test_no_other_site_can_write(anna: Browser, path: str, headers: dict[str, str]) -> None:
    body = {"path": "/calendar", "submission": "abcdefgh"}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    token = [] if "x-csrf-token" in headers else [(b"x-csrf-token", anna.csrf.encode())]
    answer = anna.client.post(path, json=body, headers=[*raw, *token])
    assert answer.status_code == 403
    assert anna.session()["signed_in"] is True


@pytest.mark.parametrize("path", WRITES[:2])
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_read(anna: Browser, path: str, kind: str) -> None:
    headers = {"content-type": kind, "x-csrf-token": anna.csrf}
    step = anna.start("/agenda").json()
    path = path.replace("/api/steps/x/1", step_path(step))
    body = json.dumps({"path": "/calendar", "submission": "abcdefgh", "data": {"key": "1"}})
    assert anna.client.post(path, content=body, headers=headers).status_code == 415


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_write_has_one_method(anna: Browser, method: str) -> None:
    step = anna.start("/agenda").json()
    for path in ("/api/start", f"{step_path(step)}/exits/open", "/auth/sign-out"):
        answer = anna.client.request(method, path, headers={"x-csrf-token": anna.csrf})
        assert answer.status_code in (404, 405), (method, path)
    assert anna.session()["signed_in"] is True


def test_another_sessions_token_is_worth_nothing(anna: Browser, bert: Browser) -> None:
    anna.csrf = bert.csrf
    assert anna.start("/calendar").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/%5Cevil.example",
        "/%255Cevil.example",
        "/%2Fevil.example",
        "/%252Fevil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "/..//evil.example",
        "/%2e%2e//evil.example",
        "/.//evil.example",
        "/%2e//evil.example",
        "/x/..//evil.example",
        "http:evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "evil.example",
        "@evil.example",
        "?x",
        "",
        "/auth/sign-in",
        "/auth/../auth/sign-in",
        "/api/session",
        "/\x00",
        "/\r\nset-cookie:x=1",
        "/" + "x" * 3000,
    ],
)
def test_a_return_path_stays_here(path: str) -> None:
    assert safe_return_path(path) == "/"


HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {}),
        ("GET", "/api/session", {}),
        ("GET", "/api/runs", {}),
        ("GET", "/api/nothing", {}),
        ("GET", "/assets/nothing.js", {}),
        ("GET", "/auth/callback/graph-user", {}),
        ("GET", "/auth/sign-in", {}),
        ("POST", "/api/start", {}),
        ("PUT", "/api/start", {}),
        ("GET", "/", {"host": "evil.example"}),
        ("GET", "/", {"host": ""}),
        ("GET", "/api/steps/x/y/rows/%ff", {}),
    ],
)
def test_every_answer_is_protected(
    place: Place, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = place.browser().client.request(method, path, headers=headers)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "evil.example" not in answer.text


def test_a_forwarded_host_changes_nothing(place: Place) -> None:
    browser = place.browser()
    headers = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "forwarded": "host=evil.example",
        "x-original-url": "/api/runs",
    }
    answer = browser.get("/auth/sign-in", headers=headers)
    assert "redirect_uri=http://localhost:8080/auth/callback" in answer.headers["location"]


def test_an_unforeseen_failure_tells_nothing(
    make_place: Callable[..., Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_place()
    anna = place.browser().sign_in("anna")

    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("TOKENS OF SOMEBODY hunter2")

    monkeypatch.setattr(place.runtime.lists, "query", fail)
    step = anna.start("/agenda").json()
    answer = anna.get(f"{step_path(step)}/rows")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert answer.headers["content-security-policy"]


def test_a_wrong_path_names_no_flow_that_the_visitor_may_not_open(place: Place) -> None:
    nobody, bert, anna = place.browser(), place.browser().sign_in("bert"), place.browser()
    nobody.session()
    anna.sign_in("anna")
    for browser, named in ((nobody, False), (bert, False), (anna, True)):
        error = browser.start("/bosse").json()["error"]
        assert error["code"] == "notFound"
        assert ("/bosses" in json.dumps(error)) is named


def test_one_session_keeps_so_many_steps_and_no_more(
    place: Place, anna: Browser, bert: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert STEPS_OF_SESSION >= 200
    monkeypatch.setattr("graphwright.flows.steps.STEPS_OF_SESSION", 5)
    kept = bert.start("/agenda").json()
    steps = []
    for _ in range(8):
        place.clock.pass_time(seconds=1)
        steps.append(anna.start("/agenda").json())
    with place.runtime.databases.system.engine.connect() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(steps_table))
    assert count == 6
    found = [anna.get(step_path(step)).status_code for step in steps]
    assert found == [404] * 3 + [200] * 5
    assert bert.get(step_path(kept)).status_code == 200


def test_no_description_of_the_api_is_given_out(place: Place) -> None:
    for path in ("/openapi.json", "/docs", "/redoc"):
        assert "openapi" not in place.browser().get(path).text
