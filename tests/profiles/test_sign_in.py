"""The whole way of a sign-in against the sandbox, and every way to forge one."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from graphwright.kernel.errors import GraphwrightError, InvalidInput
from graphwright.profiles import (
    AuthorizationRequired,
    CallbackInvalid,
    ConsentRefused,
    Profiles,
    TokenRequestFailed,
)
from graphwright_sandbox.server import Sandbox
from tests.profiles.conftest import MovableClock, Workshop
from tests.sandbox.conftest import REDIRECT_URI, TENANT_ID, WEB_ID
from tests.sandbox.entra.browser import Browser


def ask_graph(sandbox: Sandbox, token: str) -> dict[str, Any]:
    """Whom the sandbox's Graph takes the bearer of a token for."""
    with requests.Session() as session:
        session.trust_env = False
        answer: dict[str, Any] = session.get(
            f"{sandbox.graph_url}/v1.0/me",
            headers={"Authorization": f"Bearer {token}"},
            verify=str(sandbox.ca_file),
        ).json()
    return answer


@pytest.mark.parametrize("name", ["web", "any-tenant", "domain"])
async def test_a_user_signs_in_and_graph_knows_them(
    workshop: Workshop, sandbox: Sandbox, name: str
) -> None:
    profiles = workshop.open()
    account = await workshop.sign_in(profiles, name)
    assert account.username == "person1@small.example"
    assert account.name == "Ada Lovelace"
    assert account.home_account_id == f"bbbbbbbb-0000-4000-8000-000000000001.{TENANT_ID}"
    assert account.claims["tid"] == TENANT_ID
    principal = await profiles.principal(account.principal_id)
    assert principal is not None
    assert principal.issuer == f"{sandbox.login_url}/{TENANT_ID}/v2.0"
    assert principal.email == "person1@small.example"
    token = await profiles.access_token(name, account.principal_id)
    assert token.flavour == "user"
    assert {"User.Read", "Calendars.ReadWrite"} <= token.scopes
    caller = await asyncio.to_thread(ask_graph, sandbox, token.value)
    assert caller["user_id"] == "bbbbbbbb-0000-4000-8000-000000000001"
    assert "Calendars.ReadWrite" in caller["scopes"]


async def test_a_public_client_signs_in_without_a_secret_on_any_port_of_localhost(
    workshop: Workshop, sandbox: Sandbox
) -> None:
    profiles = workshop.open()
    account = await workshop.sign_in(profiles, "native", redirect_uri="http://localhost:49152")
    token = await profiles.access_token("native", account.principal_id)
    caller = await asyncio.to_thread(ask_graph, sandbox, token.value)
    assert caller["user_id"] == "bbbbbbbb-0000-4000-8000-000000000001"


async def test_the_application_gets_its_own_token(profiles: Profiles, sandbox: Sandbox) -> None:
    token = await profiles.access_token("daemon", None)
    assert token.flavour == "application"
    caller = await asyncio.to_thread(ask_graph, sandbox, token.value)
    assert caller["user_id"] is None
    assert "User.Read.All" in caller["roles"]
    assert profiles.sign_out_url("daemon", "https://app.example/") is None


async def test_nobody_signs_in_as_the_application(profiles: Profiles) -> None:
    with pytest.raises(InvalidInput, match="stands for the application"):
        await profiles.begin("daemon", REDIRECT_URI)


async def test_the_authorization_request_has_state_nonce_pkce_and_answers_by_query(
    profiles: Profiles,
) -> None:
    pending = await profiles.begin("web", REDIRECT_URI, prompt="login", login_hint="a@b.example")
    query = {name: values[0] for name, values in parse_qs(urlsplit(pending.url).query).items()}
    assert query["state"] == pending.state
    assert len(query["nonce"]) >= 32
    assert query["code_challenge_method"] == "S256"
    assert query["response_type"] == "code"
    assert query["response_mode"] == "query"
    assert (query["prompt"], query["login_hint"]) == ("login", "a@b.example")
    assert {"openid", "offline_access", "User.Read"} <= set(query["scope"].split())
    again = await profiles.begin("web", REDIRECT_URI)
    assert again.state != pending.state


async def test_the_same_person_is_the_same_principal_and_another_is_not(
    workshop: Workshop,
) -> None:
    profiles = workshop.open()
    first = await workshop.sign_in(profiles)
    again = await workshop.sign_in(profiles)
    other = await workshop.sign_in(profiles, person="宮本 茂")
    assert first.principal_id == again.principal_id
    assert other.principal_id != first.principal_id
    assert [account.username for account in await profiles.accounts(first.principal_id)] == [
        "person1@small.example"
    ]
    with pytest.raises(AuthorizationRequired):
        await profiles.access_token("web", other.principal_id, account=first.home_account_id)


async def test_a_principal_links_an_account_of_another_profile(workshop: Workshop) -> None:
    profiles = workshop.open()
    own = await workshop.sign_in(profiles)
    linked = await workshop.sign_in(
        profiles,
        "native",
        principal_id=own.principal_id,
        redirect_uri="http://localhost",
    )
    assert linked.principal_id == own.principal_id
    names = [account.profile for account in await profiles.accounts(own.principal_id)]
    assert names == ["native", "web"]
    assert await profiles.remove(own.principal_id, "native") == 1
    with pytest.raises(AuthorizationRequired):
        await profiles.access_token("native", own.principal_id)


async def test_an_account_is_not_added_to_a_principal_that_does_not_exist(
    workshop: Workshop,
) -> None:
    profiles = workshop.open()
    with pytest.raises(AuthorizationRequired):
        await workshop.sign_in(profiles, principal_id="nobody")
    assert await profiles.accounts("nobody") == []


@pytest.mark.parametrize("state", ["", "forged", "é", None])
async def test_a_forged_state_is_refused(
    workshop: Workshop, browser: Browser, state: str | None
) -> None:
    profiles = workshop.open()
    pending = await profiles.begin("web", REDIRECT_URI)
    answer = (await asyncio.to_thread(browser.sign_in, pending.url)).answer
    forged = {name: value for name, value in answer.items() if name != "state"}
    if state is not None:
        forged["state"] = state
    with pytest.raises(CallbackInvalid, match="another sign-in"):
        await profiles.complete("web", pending.flow, forged)
    # Nothing was lost: the true answer still works.
    assert (await profiles.complete("web", pending.flow, answer)).name == "Ada Lovelace"


async def test_the_answer_to_one_sign_in_does_not_complete_another(
    workshop: Workshop, browser: Browser
) -> None:
    profiles = workshop.open()
    victim = await profiles.begin("web", REDIRECT_URI)
    attacker = await profiles.begin("web", REDIRECT_URI)
    answer = (await asyncio.to_thread(browser.sign_in, attacker.url)).answer
    with pytest.raises(CallbackInvalid):
        await profiles.complete("web", victim.flow, answer)
    # An injected code with the victim's own state fails by PKCE.
    with pytest.raises(TokenRequestFailed) as caught:
        await profiles.complete("web", victim.flow, answer | {"state": victim.state})
    assert caught.value.facts["aadsts"] == 501481


async def test_a_flow_of_another_profile_key_or_content_is_refused(
    workshop: Workshop, browser: Browser
) -> None:
    profiles = workshop.open()
    pending = await profiles.begin("web", REDIRECT_URI)
    answer = (await asyncio.to_thread(browser.sign_in, pending.url)).answer
    for name, flow in (
        ("native", pending.flow),
        ("web", pending.flow[:-1] + bytes([pending.flow[-1] ^ 1])),
        ("web", b""),
        ("web", b"nonsense"),
    ):
        with pytest.raises(CallbackInvalid, match="begun here"):
            await profiles.complete(name, flow, answer)


async def test_a_replayed_callback_is_refused(workshop: Workshop, browser: Browser) -> None:
    profiles = workshop.open()
    pending = await profiles.begin("web", REDIRECT_URI)
    answer = (await asyncio.to_thread(browser.sign_in, pending.url)).answer
    await profiles.complete("web", pending.flow, answer)
    with pytest.raises(TokenRequestFailed) as caught:
        await profiles.complete("web", pending.flow, answer)
    assert caught.value.facts["aadsts"] == 54005
    assert answer["code"] not in str(caught.value) + str(caught.value.to_wire())


async def test_a_sign_in_that_took_too_long_is_refused(
    workshop: Workshop, browser: Browser, clock: MovableClock
) -> None:
    profiles = workshop.open()
    pending = await profiles.begin("web", REDIRECT_URI)
    answer = (await asyncio.to_thread(browser.sign_in, pending.url)).answer
    clock.offset = timedelta(minutes=16)
    with pytest.raises(CallbackInvalid, match="too long"):
        await profiles.complete("web", pending.flow, answer)


async def test_a_refused_consent_is_told_apart(workshop: Workshop, browser: Browser) -> None:
    profiles = workshop.open()
    pending = await profiles.begin("web", REDIRECT_URI)

    def refuse() -> dict[str, str]:
        page = browser.press(browser.open(pending.url), "Ada Lovelace")
        return browser.press(page, "Cancel").answer

    answer = await asyncio.to_thread(refuse)
    assert answer["error"] == "access_denied"
    with pytest.raises(ConsentRefused) as caught:
        await profiles.complete("web", pending.flow, answer)
    assert caught.value.status == 403
    assert caught.value.facts["aadsts"] == 65004
    assert len(caught.value.facts["correlation_id"]) == 36


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"code": ""},
        {"session_state": "x"},
        {"error": "server_error"},
        {"error": "<script>", "error_description": "code=" + "A" * 80},
        {"error": "invalid_request", "error_description": "AADSTS90014: missing\r\nSet-Cookie: x"},
    ],
)
async def test_an_answer_without_a_code_is_explained_and_shows_nothing_token_like(
    profiles: Profiles, parameters: dict[str, str]
) -> None:
    pending = await profiles.begin("web", REDIRECT_URI)
    with pytest.raises(GraphwrightError) as caught:
        await profiles.complete("web", pending.flow, parameters | {"state": pending.state})
    shown = str(caught.value) + str(caught.value.to_wire())
    assert "A" * 44 not in shown
    assert "<script>" not in shown
    assert "\\r" not in shown


async def test_a_made_up_code_is_explained(profiles: Profiles) -> None:
    pending = await profiles.begin("web", REDIRECT_URI)
    with pytest.raises(TokenRequestFailed):
        await profiles.complete("web", pending.flow, {"state": pending.state, "code": "made-up"})


async def test_a_redirect_url_that_is_not_registered_is_named(
    profiles: Profiles, browser: Browser
) -> None:
    pending = await profiles.begin("web", "http://localhost:8000/elsewhere")
    page = await asyncio.to_thread(browser.open, pending.url)
    assert "50011" in page.text
    description = "AADSTS50011: The redirect URI does not match. Trace ID: x"
    with pytest.raises(TokenRequestFailed) as caught:
        await profiles.complete(
            "web",
            pending.flow,
            {"state": pending.state, "error": "invalid_request", "error_description": description},
        )
    assert "http://localhost:8000/elsewhere" in caught.value.hint
    assert WEB_ID in caught.value.hint


async def test_the_sign_out_url_is_the_one_a_browser_can_open(
    workshop: Workshop, sandbox: Sandbox
) -> None:
    profiles = workshop.open()
    after = "https://app.example/bye?a=b&c=d"
    before_discovery = profiles.sign_out_url("web", after)
    assert before_discovery is not None
    await profiles.prepare("web")
    url = profiles.sign_out_url("web", after)
    assert url is not None
    assert url.startswith(f"{sandbox.browser_url}/{TENANT_ID}/oauth2/v2.0/logout?")
    assert parse_qs(urlsplit(url).query)["post_logout_redirect_uri"] == [after]
    assert urlsplit(before_discovery).path == urlsplit(url).path


async def test_a_disabled_account_is_explained(
    workshop: Workshop, sandbox: Sandbox, browser: Browser
) -> None:
    profiles = workshop.open()
    pending = await profiles.begin("web", REDIRECT_URI)
    answer = (await asyncio.to_thread(browser.sign_in, pending.url)).answer
    directory = sandbox.entra.directory
    directory.set_enabled(directory.get_person("bbbbbbbb-0000-4000-8000-000000000001"), False)
    with pytest.raises(TokenRequestFailed) as caught:
        await profiles.complete("web", pending.flow, answer)
    assert caught.value.facts["aadsts"] == 50057
    assert "disabled" in caught.value.message
