"""Profiles through the API: the guide, tests against a sandbox, accounts, secrets, app registrations."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from graphwright_sandbox.cli import describe
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.app_registrations import (
    APPLICATION_APP_ID,
    NOTES_CLIENT_APP_ID,
    USERS_APP_ID,
)
from graphwright_sandbox.server import Sandbox
from tests.e2e.portal import settings_for
from tests.modeler.served.conftest import Bench, Editor
from tests.sandbox.entra.browser import Browser

PLANTED = "planted~secret-value"
PROFILE = "profiles/graph-user.yaml"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    tenant = create_tenant(["http://localhost"])
    with Sandbox.start(tenant, tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def connected(make_bench: Callable[..., Bench], sandbox: Sandbox) -> Bench:
    """A modeler beside a sandbox."""
    bench = make_bench("my-day", **settings_for(sandbox))
    bench.modeler.sandbox = describe(sandbox)
    return bench


def secrets_of(editor: Editor) -> dict[str, Any]:
    return {one["name"]: one for one in editor.get("/api/secrets")["secrets"]}


def test_the_session_names_the_page_that_tells_why_the_sandbox_refused(
    connected: Bench, sandbox: Sandbox
) -> None:
    editor = connected.open()
    address = f"{sandbox.browser_url}/_sandbox/requests"
    assert editor.get("/api/session")["sandbox_requests_url"] == address
    connected.modeler.sandbox = None
    assert editor.get("/api/session")["sandbox_requests_url"] is None


def test_the_guide_tells_what_to_register_and_how(connected: Bench, sandbox: Sandbox) -> None:
    guide = connected.open().get("/api/profiles/graph-user/guide")
    assert guide["flavour"] == "user"
    assert guide["redirect_urls"][0]["url"] == ("http://localhost:8080/auth/callback/graph-user")
    assert "Calendars.ReadWrite" in [one["name"] for one in guide["permissions"]]
    assert guide["admin_consent_url"].startswith(sandbox.login_url)
    assert guide["missing"] == []
    steps = "\n".join(guide["steps"])
    for told in ("/auth/callback/graph-user", "http://localhost`", "Calendars.ReadWrite",
                 "MY_DAY_CLIENT_SECRET", sandbox.tenant.id, USERS_APP_ID):  # fmt: skip
        assert told in steps


def test_the_guide_of_the_application_wants_consent_and_no_redirect_url(connected: Bench) -> None:
    guide = connected.open().get("/api/profiles/graph-app/guide")
    assert guide["redirect_urls"] == []
    steps = "\n".join(guide["steps"])
    assert "no redirect URI" in steps
    assert "User.Read.All" in steps or guide["permissions"][0]["name"] in steps
    assert "Grant admin consent" in steps


def test_without_settings_the_guide_names_what_is_missing(editor: Editor) -> None:
    guide = editor.get("/api/profiles/graph-user/guide")
    assert guide["missing"] == ["MY_DAY_CLIENT_ID", "MY_DAY_CLIENT_SECRET", "MY_DAY_TENANT"]
    assert guide["tenant"] == "${MY_DAY_TENANT}"
    assert guide["admin_consent_url"] is None
    assert [one["name"] for one in guide["permissions"]] == [
        "Calendars.ReadWrite",
        "Mail.ReadWrite",
        "Mail.Send",
    ]


def test_a_profile_that_is_broken_or_not_there_is_told(editor: Editor) -> None:
    assert editor.get("/api/profiles/nothing/guide", 404)["error"]["code"] == "profileUnknown"
    editor.edit(PROFILE, "type: oauth2_entra\n")
    assert editor.get("/api/profiles/graph-user/guide", 422)["error"]["code"] == "profileInvalid"
    outcome = editor.send("POST", "/api/profiles/graph-user/test", {})
    assert outcome["status"] == "failed"
    assert outcome["error"]["code"] == "profileInvalid"


def test_the_application_gets_a_token_and_tells_what_it_allows(connected: Bench) -> None:
    outcome = connected.open().send("POST", "/api/profiles/graph-app/test", {})
    assert outcome["status"] == "done", outcome
    assert outcome["expires_at"]
    assert outcome["missing_permissions"] == []
    assert "eyJ" not in str(outcome)


def test_a_wrong_secret_is_explained(make_bench: Callable[..., Bench], sandbox: Sandbox) -> None:
    settings = {**settings_for(sandbox), "MY_DAY_APPLICATION_SECRET": PLANTED}
    outcome = (
        make_bench("my-day", **settings).open().send("POST", "/api/profiles/graph-app/test", {})
    )
    assert outcome["status"] == "failed"
    assert "MY_DAY_APPLICATION_SECRET" in str(outcome["error"])
    assert PLANTED not in str(outcome)


def test_a_user_signs_in_in_another_tab_and_is_an_account_then(
    connected: Bench, sandbox: Sandbox
) -> None:
    editor = connected.open()
    waiting = editor.send("POST", "/api/profiles/graph-user/test", {})
    assert waiting["status"] == "waiting", waiting
    assert waiting["url"].startswith(sandbox.browser_url)
    path = f"/api/sign-ins/{waiting['sign_in']}"
    assert editor.get(path)["status"] == "waiting"
    with Browser(sandbox) as browser, requests.Session() as session:
        session.trust_env = False
        person = sandbox.tenant.people[0].display_name
        assert session.get(browser.sign_in(waiting["url"], person).url, timeout=10).ok
    connected.loop.call(_finished, connected)
    outcome = editor.get(path)
    assert outcome["status"] == "done", outcome
    assert outcome["claims"]["name"] == person
    assert "Calendars.ReadWrite" in outcome["scopes"]
    assert outcome["missing_permissions"] == []
    account = outcome["account"]
    assert editor.get("/api/accounts")["accounts"] == [account]
    again = editor.send("POST", "/api/profiles/graph-user/test", {"account": account["id"]})
    assert again["status"] == "done"
    assert "eyJ" not in str([outcome, again])
    # Not an account of another profile.
    other = {"account": account["id"]}
    assert editor.send("POST", "/api/profiles/graph-app/test", other, 404)
    editor.send("DELETE", f"/api/accounts/{account['id']}", status=204)
    assert editor.get("/api/accounts")["accounts"] == []
    assert editor.send("DELETE", f"/api/accounts/{account['id']}", status=404)


async def _finished(bench: Bench) -> None:
    tasks = list(bench.modeler.sign_ins._tasks.values())
    await asyncio.wait_for(asyncio.gather(*tasks), 20)


def test_a_second_sign_in_ends_the_first(connected: Bench) -> None:
    editor = connected.open()
    first = editor.send("POST", "/api/profiles/graph-user/test", {})
    second = editor.send("POST", "/api/profiles/graph-user/test", {})
    assert second["status"] == "waiting"
    ended = editor.get(f"/api/sign-ins/{first['sign_in']}")
    assert (ended["status"], ended["error"]["code"]) == ("failed", "signInEnded")


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/api/profiles/nothing/test", {}, 404, "profileUnknown"),
        ("/api/profiles/graph-user/test", {"account": "x"}, 404, "accountMissing"),
        ("/api/profiles/graph-user/test", {"account": 1}, 400, "bodyInvalid"),
        ("/api/profiles/graph-user/test", {"more": 1}, 400, "bodyInvalid"),
        ("/api/profiles/graph-user/test", [], 400, "bodyInvalid"),
    ],
)
def test_bad_tests_are_refused(
    editor: Editor, path: str, body: object, status: int, code: str
) -> None:
    assert editor.send("POST", path, body, status)["error"]["code"] == code
    assert editor.get("/api/sign-ins/x", 404)["error"]["code"] == "signInMissing"


def test_secrets_are_typed_once_and_never_given_out(bench: Bench, editor: Editor) -> None:
    name = "MY_DAY_CLIENT_SECRET"
    before = secrets_of(editor)
    assert before[name] == {
        "name": name, "kind": "secret", "where": "missing", "used_by": [PROFILE],
    }  # fmt: skip
    assert before["MY_DAY_TENANT"]["kind"] == "setting"
    assert len(before["MY_DAY_TENANT"]["used_by"]) == 2
    editor.send("PUT", f"/api/secrets/{name}", {"value": PLANTED}, 204)
    after = editor.get("/api/secrets")
    assert secrets_of(editor)[name]["where"] == "store"
    assert PLANTED not in str(after)
    assert bench.modeler.engine.settings.secret(name) == PLANTED
    problems = [p["code"] for p in editor.get("/api/model")["problems"] if name in p["message"]]
    assert problems == []
    editor.send("DELETE", f"/api/secrets/{name}", status=204)
    assert secrets_of(editor)[name]["where"] == "missing"


def test_settings_follow_the_env_file_while_the_modeler_runs(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench(MY_DAY_TENANT="contoso.example")
    editor = bench.open()
    bench.put(".env", f"MY_DAY_CLIENT_ID=client-1\nMY_DAY_CLIENT_SECRET={PLANTED}\n")
    assert secrets_of(editor)["MY_DAY_CLIENT_ID"]["where"] == "missing"
    bench.sync()
    where = {name: secret["where"] for name, secret in secrets_of(editor).items()}
    assert where["MY_DAY_CLIENT_ID"] == where["MY_DAY_CLIENT_SECRET"] == ".env"
    assert where["MY_DAY_TENANT"] == "environment"
    profiles = bench.loop.call(bench.modeler.engine.profiles)
    assert profiles.definition("graph-user").registration().client_id == "client-1"
    bench.put(".env", "MY_DAY_CLIENT_ID=client-22\n")
    bench.sync()
    profiles = bench.loop.call(bench.modeler.engine.profiles)
    assert profiles.definition("graph-user").registration().client_id == "client-22"
    assert secrets_of(editor)["MY_DAY_CLIENT_SECRET"]["where"] == "missing"
    (bench.root / ".env").unlink()
    bench.sync()
    assert secrets_of(editor)["MY_DAY_CLIENT_ID"]["where"] == "missing"


def test_the_environment_goes_before_the_store(connected: Bench) -> None:
    editor = connected.open()
    editor.send("PUT", "/api/secrets/MY_DAY_CLIENT_SECRET", {"value": PLANTED}, 204)
    assert secrets_of(editor)["MY_DAY_CLIENT_SECRET"]["where"] == "environment"


@pytest.mark.parametrize(
    ("method", "name", "body", "status", "code"),
    [
        ("PUT", "lower", {"value": PLANTED}, 400, "secretNameInvalid"),
        ("PUT", "A", {"value": ""}, 400, "bodyInvalid"),
        ("PUT", "A", {"value": " "}, 400, "secretValueInvalid"),
        ("PUT", "A", {"value": f"{PLANTED}\nx"}, 400, "secretValueInvalid"),
        ("PUT", "A", {"value": PLANTED * 1000}, 400, "secretValueInvalid"),
        ("PUT", "A", {"value": PLANTED * 2000}, 400, "bodyInvalid"),
        ("PUT", "A", {}, 400, "bodyInvalid"),
        ("DELETE", "A", None, 404, "secretNotStored"),
    ],
)
def test_bad_secrets_are_refused_without_a_word_of_them(
    editor: Editor, method: str, name: str, body: object, status: int, code: str
) -> None:
    answer = editor.send(method, f"/api/secrets/{name}", body, status)
    assert answer["error"]["code"] == code
    assert PLANTED not in str(answer)


def test_an_app_registration_of_the_sandbox_makes_a_new_profile_work(
    connected: Bench, sandbox: Sandbox
) -> None:
    editor = connected.open()
    found = editor.get("/api/sandbox")
    assert found["login_url"] == sandbox.login_url
    assert "secret" not in str(found)
    value = {"type": "oauth2_entra", "title": "Me", "grant_type": "authorization_code",
             "tenant": "contoso.example", "client_id": "none"}  # fmt: skip
    made = editor.send("POST", "/api/documents", {"name": "profiles/me.yaml", "value": value})
    body = {"client_id": USERS_APP_ID, "revision": made["revision"]}
    answer = editor.send("POST", "/api/profiles/me/sandbox", body)
    filled = answer["value"]
    assert filled["tenant"] == sandbox.tenant.id
    assert filled["client_id"] == USERS_APP_ID
    assert "User.Read" in filled["scopes"]
    assert filled["client_secret"] == {"secret": "ME_CLIENT_SECRET"}
    assert secrets_of(editor)["ME_CLIENT_SECRET"]["where"] == "store"
    assert connected.modeler.engine.settings.secret("ME_CLIENT_SECRET") not in str(answer)
    app = sandbox.entra.directory.find_app(USERS_APP_ID)
    assert "http://localhost:8080/auth/callback/me" in app.redirect_uris
    waiting = editor.send("POST", "/api/profiles/me/test", {})
    assert waiting["status"] == "waiting", waiting


def test_only_what_is_of_use_to_a_profile_is_offered(connected: Bench, sandbox: Sandbox) -> None:
    ready = describe(sandbox)
    certificate = ready["app_registrations"][0] | {"client_id": "by-certificate"}
    certificate |= {"client_secret": None, "public_client": False}
    ready["app_registrations"].append(certificate)
    connected.modeler.sandbox = ready
    offered = connected.open().get("/api/sandbox")["apps"]
    assert "by-certificate" not in {app["client_id"] for app in offered}
    notes = next(app for app in offered if app["client_id"] == NOTES_CLIENT_APP_ID)
    assert "User.Read" in notes["permissions"]
    assert not [name for app in offered for name in app["permissions"] if "/" in name]


def test_a_profile_that_leads_there_by_settings_stays_as_it_is(connected: Bench) -> None:
    editor = connected.open()
    before = editor.get("/api/documents/profiles/graph-app.yaml")
    body = {"client_id": APPLICATION_APP_ID, "revision": before["revision"]}
    assert editor.send("POST", "/api/profiles/graph-app/sandbox", body)["text"] == before["text"]


def test_without_a_sandbox_there_is_none(editor: Editor) -> None:
    assert editor.get("/api/sandbox") is None
    body = {"client_id": USERS_APP_ID, "revision": "x"}
    answer = editor.send("POST", "/api/profiles/graph-user/sandbox", body, 404)
    assert answer["error"]["code"] == "sandboxMissing"


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("graph-user", {"client_id": "x", "revision": "x"}, 404, "sandboxMissing"),
        ("graph-user", {"client_id": USERS_APP_ID, "revision": "x"}, 409, "documentChanged"),
        ("nothing", {"client_id": USERS_APP_ID, "revision": "x"}, 404, "documentMissing"),
        ("graph-user", {"client_id": USERS_APP_ID}, 400, "bodyInvalid"),
    ],
)
def test_bad_uses_of_the_sandbox_are_refused(
    connected: Bench, name: str, body: object, status: int, code: str
) -> None:
    answer = connected.open().send("POST", f"/api/profiles/{name}/sandbox", body, status)
    assert answer["error"]["code"] == code
