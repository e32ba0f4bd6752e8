"""Who gets into the modeler: whoever has the start link, once, and nobody from another site."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from graphwright.modeler.start_token import StartTokens
from tests.modeler.served.conftest import Bench, Editor
from tests.web.conftest import HeldClock

HTML = {"accept": "text/html"}


def start_path(bench: Bench) -> str:
    parts = urlsplit(bench.modeler.start_url())
    return f"{parts.path}?{parts.query}"


def test_the_start_link_becomes_a_session_and_leaves_the_address_bar(bench: Bench) -> None:
    client = bench.open_client()
    response = client.get(start_path(bench))
    assert (response.status_code, response.headers["location"]) == (303, "/")
    cookie = response.headers["set-cookie"].lower()
    assert cookie.startswith("graphwright-modeler_8090=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "token" not in response.text
    assert "Modeler" in client.get("/flows/calendar").text
    assert client.get("/api/session").json()["title"] == "My day"


def test_a_start_link_works_once_only(bench: Bench) -> None:
    path = start_path(bench)
    first, second = bench.open_client(), bench.open_client()
    assert first.get(path).status_code == 303
    refused = second.get(path, headers=HTML)
    assert refused.status_code == 401
    assert "prints a new link" in refused.text
    assert "set-cookie" not in refused.headers
    assert path.partition("=")[2] not in refused.text
    # Whoever is in already is shown in, whatever link was followed.
    assert first.get(path).headers["location"] == "/"


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=%F0%9F&token=é", "?x=1"])
def test_a_wrong_or_missing_token_opens_nothing(bench: Bench, query: str) -> None:
    bench.modeler.start_url()
    client = bench.open_client()
    assert client.get(f"/start{query}", headers=HTML).status_code == 401
    assert client.get("/api/model").status_code == 401


def test_a_start_link_is_forgotten_after_half_a_day() -> None:
    clock, tokens = HeldClock(), StartTokens()
    early, late = tokens.issue(clock.now()), tokens.issue(clock.now() + timedelta(hours=1))
    clock.pass_time(hours=12, minutes=30)
    assert not tokens.redeem(early, clock.now())
    assert tokens.redeem(late, clock.now())


def test_without_session_every_call_of_the_api_is_refused(bench: Bench) -> None:
    client = bench.open_client()
    for path in ("session", "model", "documents/app.yaml", "events", "catalogue", "nothing"):
        assert client.get(f"/api/{path}").json()["error"]["code"] == "modelerClosed"
    for method in ("POST", "PUT", "DELETE"):
        assert client.request(method, "/api/save", json={}).status_code == 401
    page = client.get("/", headers=HTML)
    assert page.status_code == 401
    assert "graphwright modeler" in page.text


def test_a_session_of_the_portal_opens_no_modeler(bench: Bench) -> None:
    """Both kinds lie in one table, and the portal gives one to everybody who asks."""
    session = bench.loop.call(bench.modeler.sessions.create)
    assert bench.loop.call(bench.modeler.sessions.find, session.secret) is not None
    client = bench.open_client()
    client.cookies.set(bench.modeler.session_cookie.name, session.secret)
    assert client.get("/api/model").status_code == 401


def test_a_session_of_the_modeler_signs_nobody_in_to_the_portal(bench: Bench) -> None:
    session = bench.loop.call(bench.modeler.begin_session, start_path(bench).partition("=")[2])
    assert session is not None
    portal = TestClient(bench.modeler.runner, base_url="http://localhost:8080")
    portal.portal = bench.loop
    portal.cookies.set("graphwright_8080", session.secret)
    answer = portal.get("/api/session").json()
    assert (answer["signed_in"], answer["user"]) == (False, None)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "csrfRefused"),
        ({"x-csrf-token": "guessed"}, "csrfRefused"),
        ({"origin": "http://evil.example"}, "csrfRefused"),
        ({"origin": "http://localhost:8080"}, "csrfRefused"),
        ({"sec-fetch-site": "same-site"}, "csrfRefused"),
        ({"host": "evil.example"}, "hostRefused"),
        ({"host": "127.0.0.1:8090"}, "hostRefused"),
        ({"host": "localhost:8080"}, "hostRefused"),
    ],
)
def test_a_write_from_elsewhere_changes_nothing(
    bench: Bench, editor: Editor, headers: dict[str, str], code: str
) -> None:
    editor.edit("app.yaml", bench.disk("app.yaml") + "# more\n")
    own = {} if not headers or "x-csrf-token" in headers else {"x-csrf-token": editor.token}
    before = bench.disk("app.yaml")
    response = editor.client.post("/api/save", json={}, headers={**own, **headers})
    assert response.json()["error"]["code"] == code
    assert bench.disk("app.yaml") == before
    assert editor.send("POST", "/api/save", {})["saved"] == ["app.yaml"]


def test_reads_under_a_foreign_host_are_refused(editor: Editor) -> None:
    answer = editor.client.get("/api/model", headers={"host": "evil.example:8090"})
    assert answer.status_code == 421


def test_pages_load_nothing_from_elsewhere(editor: Editor) -> None:
    policy = editor.client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
