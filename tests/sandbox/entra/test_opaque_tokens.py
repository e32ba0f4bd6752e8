"""Access tokens that say nothing to anybody but Microsoft Graph."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import DAEMON_ID
from tests.sandbox.entra.browser import Browser, get_tokens, post_token
from tests.sandbox.entra.requests_at_token import ADA_ID, APPLICATION, assert_refused, read_claims
from tests.sandbox.entra.rich_tenant import DEVICE_ID, MIDDLE_ID, RichStart
from tests.sandbox.entra.test_on_behalf_of import API, OBO, tokens_for

DAEMON: dict[str, str | None] = {"client_id": DAEMON_ID, "client_secret": "daemon-secret"}


@pytest.fixture
def opaque(start_rich: RichStart) -> Iterator[Sandbox]:
    with start_rich(opaque_access_tokens=True) as running:
        yield running


def ask_graph(
    sandbox: Sandbox, http: requests.Session, token: str, path: str = "/v1.0/me"
) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return http.get(sandbox.graph_url + path, headers=headers, verify=str(sandbox.ca_file))


def test_graph_knows_a_token_that_holds_nothing(opaque: Sandbox, http: requests.Session) -> None:
    with Browser(opaque) as browser:
        body = get_tokens(opaque, browser, http)
    token = body["access_token"]
    assert "." not in token
    assert body["scope"] == "User.Read email openid profile"
    assert read_claims(body["id_token"])["oid"] == ADA_ID
    caller = ask_graph(opaque, http, token).json()
    assert (caller["user_id"], "User.Read" in caller["scopes"]) == (ADA_ID, True)
    assert ask_graph(opaque, http, token, "/oidc/userinfo").json()["name"] == "Ada Lovelace"
    assert ask_graph(opaque, http, token[:-1]).status_code == 401
    assert ask_graph(opaque, http, token + "x").status_code == 401


def test_a_token_ends_as_any_other(opaque: Sandbox, http: requests.Session) -> None:
    token = post_token(opaque, http, APPLICATION | DAEMON).json()["access_token"]
    assert ask_graph(opaque, http, token).json()["roles"] == ["Mail.Read", "User.Read.All"]
    opaque.clock.offset = timedelta(minutes=91)
    assert "is expired" in ask_graph(opaque, http, token).text


def test_tokens_for_own_apis_stay_readable(opaque: Sandbox, http: requests.Session) -> None:
    with Browser(opaque) as browser:
        token = tokens_for(opaque, browser, http, API)["access_token"]
    claims = read_claims(token)
    assert (claims["aud"], claims["azp"]) == (MIDDLE_ID, DEVICE_ID)
    graph = post_token(opaque, http, OBO | {"assertion": token}).json()["access_token"]
    assert ask_graph(opaque, http, graph).json()["user_id"] == ADA_ID
    refused = post_token(opaque, http, OBO | {"assertion": graph})
    assert_refused(refused, 50027, "invalid_request")
