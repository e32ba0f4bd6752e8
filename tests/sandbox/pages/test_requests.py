"""The request inspector's pages: what is told of a request, what never is, the filter."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from graphwright_sandbox.inspector import Exchange
from graphwright_sandbox.pages.console.request_view import request_view, to_curl
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import DAEMON_ID, SECRET, TENANT_ID
from tests.sandbox.entra.browser import Browser, Page, get_tokens, post_token


def list_url(sandbox: Sandbox, rest: str = "") -> str:
    return f"{sandbox.browser_url}/_sandbox/requests{rest}"


def detail(browser: Browser, number: int) -> Page:
    return browser.open(list_url(browser.sandbox, f"/{number}"))


ISSUED: list[str] = []
"""The tokens of the fixture below."""


@pytest.fixture(scope="module")
def seen(shared_sandbox: Sandbox) -> Sandbox:
    """A sandbox at which one person signed in, and one application was refused."""
    shared_sandbox.inspector.clear()
    with Browser(shared_sandbox) as browser:
        tokens = get_tokens(shared_sandbox, browser, browser.session)
        url = f"{shared_sandbox.graph_url}/v1.0/me?$select=id&access_token=in-the-address"
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        browser.session.request("GET", url, headers=headers)
        wrong: dict[str, str | None] = {
            "grant_type": "client_credentials",
            "client_secret": "a-wrong-secret",
        }
        post_token(shared_sandbox, browser.session, wrong | {"client_id": DAEMON_ID})
    ISSUED.extend(value for name, value in tokens.items() if name.endswith("_token"))
    return shared_sandbox


@pytest.fixture
def running_graph(state: Path) -> Iterator[Sandbox]:
    """A sandbox with the whole Microsoft Graph."""
    with Sandbox.start(create_tenant(), state) as running:
        yield running


def numbers_of(sandbox: Sandbox) -> dict[str, int]:
    return {f"{one.method} {one.path}": one.number for one in sandbox.inspector}


def test_the_list_tells_request_status_application_and_why(
    seen: Sandbox, shared_browser: Browser
) -> None:
    page = shared_browser.open(list_url(seen))
    assert "GET /v1.0/me" in page.text
    assert f"POST /{TENANT_ID}/oauth2/v2.0/token" in page.text
    assert "AADSTS7000215" in page.text
    assert "Web <app>" in page.text
    assert "Daemon" in page.text
    assert "Ada Lovelace" in page.text
    assert "/_sandbox" not in page.text, "what the pages themselves ask for is nobody's matter"


def test_no_page_of_the_inspector_shows_a_token_a_secret_or_a_code(
    seen: Sandbox, shared_browser: Browser
) -> None:
    pages = [shared_browser.open(list_url(seen))]
    pages += [detail(shared_browser, one.number) for one in seen.inspector]
    shown = "\n".join(page.html for page in pages)
    assert "grant_type=authorization_code" in shown, "the bodies are there to be read"
    assert "code_verifier=•••••" in shown
    assert len(ISSUED) == 3
    for secret in (*ISSUED, SECRET, "a-wrong-secret", "in-the-address"):
        assert secret not in shown
    assert not re.search(r"eyJ[\w-]+\.", shown)
    # The address of an error's explanation names its code, and that is no secret.
    assert not re.search(r"(?<!error)[?&;#]code=[^•]", shown)


def test_a_request_is_shown_with_headers_bodies_and_a_command_to_repeat_it(
    seen: Sandbox, shared_browser: Browser
) -> None:
    page = detail(shared_browser, numbers_of(seen)["GET /v1.0/me"])
    assert "200 OK" in page.text
    assert "content-typeapplication/json" in page.text
    assert "authorizationBearer •••••" in page.text
    assert '"user_id": "bbbbbbbb-0000-4000-8000-000000000001"' in page.text
    assert "Authorization: Bearer $TOKEN" in page.text
    assert f"{seen.graph_url}/v1.0/me?$select=id&access_token=•••••" in page.text


def test_a_request_that_is_no_longer_kept_is_told(seen: Sandbox, shared_browser: Browser) -> None:
    page = detail(shared_browser, 999_999)
    assert page.status == 404
    assert "no longer kept" in page.text


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("status=4", "AADSTS7000215", "/v1.0/me"),
        ("status=2", "/v1.0/me", "AADSTS7000215"),
        (f"app={DAEMON_ID}", "AADSTS7000215", "/v1.0/me"),
        ("q=V1.0/me", "/v1.0/me", "AADSTS7000215"),
        ("q=aadsts7000215", "AADSTS7000215", "/v1.0/me"),
        ("status=nonsense", "/v1.0/me", "Nothing here yet"),
        ("q=nowhere", "Nothing here yet", "/v1.0/me"),
        ("status=0", "Nothing here yet", "/v1.0/me"),
        ("person=nobody", "Nothing here yet", "/v1.0/me"),
    ],
)
def test_the_list_is_narrowed(
    query: str, found: str, missing: str, seen: Sandbox, shared_browser: Browser
) -> None:
    page = shared_browser.open(list_url(seen, f"/rows?{query}"))
    assert found in page.text
    assert missing not in page.text


def test_a_request_is_found_by_the_id_that_an_error_names(
    running_graph: Sandbox, http: requests.Session
) -> None:
    http.verify = str(running_graph.ca_file)
    first, second = (http.get(f"{running_graph.graph_url}/v1.0/me/{one}") for one in ("a", "b"))
    assert first.status_code == second.status_code == 401
    page = http.get(list_url(running_graph, f"?q={first.headers['request-id']}")).text
    assert "/v1.0/me/a</a>" in page
    assert "/v1.0/me/b" not in page


def test_a_masked_value_is_not_found_by_guessing_it(seen: Sandbox, shared_browser: Browser) -> None:
    page = shared_browser.open(list_url(seen, "/rows?q=in-the-address"))
    assert "Nothing here yet" in page.text


def test_the_list_is_sent_again_only_when_something_happened(
    seen: Sandbox, http: requests.Session
) -> None:
    first = http.get(list_url(seen, "/rows"))
    tag = first.headers["etag"]
    again = http.get(list_url(seen, "/rows"), headers={"If-None-Match": tag})
    assert again.status_code == 304
    http.get(f"{seen.graph_url}/v1.0/me", verify=str(seen.ca_file))
    renewed = http.get(list_url(seen, "/rows"), headers={"If-None-Match": tag})
    assert renewed.status_code == 200
    assert renewed.headers["etag"] != tag


def test_the_list_is_cleared(sandbox: Sandbox, browser: Browser) -> None:
    browser.session.get(f"{sandbox.graph_url}/v1.0/me")
    page = browser.open(list_url(sandbox))
    assert "/v1.0/me" in page.text
    page = browser.press(page, "Clear the list")
    assert "Nothing here yet" in page.text


def test_a_command_cannot_be_broken_out_of() -> None:
    exchange = Exchange(
        method="GET",
        scheme="https",
        path="/v1.0/me/$(touch x)';touch y",
        query="q='`touch z`",
        request_headers=[(b"x-odd", b"a'b$(c)"), (b"authorization", b"$(rm) secret")],
    )
    exchange.request_headers.append((b"content-type", b"text/plain"))
    exchange.request_body.add(b"'$(touch w)")
    command = to_curl(exchange, "/ca file.pem")
    assert "--cacert '/ca file.pem'" in command
    words = shlex.split(command.replace("\\\n", ""))
    assert words[:5] == ["curl", "--cacert", "/ca file.pem", "-X", "GET"]
    assert words[5] == f"https://localhost{exchange.path}?{exchange.query}"
    assert words[6:] == [
        "-H",
        "x-odd: a'b$(c)",
        "-H",
        "Authorization: Bearer $TOKEN",
        "-H",
        "content-type: text/plain",
        "--data-raw",
        "'$(touch w)",
    ]


def test_the_requests_of_a_batch_are_told_one_by_one() -> None:
    refused = Exchange(method="GET", path="/me/messages", query="$top=1&code=a-code", status=403)
    refused.check("GET /users/{user}/messages", ("Mail.Read",), frozenset({"User.Read"}))
    refused.refuse("ErrorAccessDenied", "Access is denied.")
    batch = Exchange(method="POST", path="/v1.0/$batch", status=200, parts=[refused])
    shown = request_view(batch, app="Web", person="Ada", ca_file="ca.pem")
    for text in ("/me/messages", "ErrorAccessDenied", "Mail.Read", "s4"):
        assert text in shown
    assert "a-code" not in shown
