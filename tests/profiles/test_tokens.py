"""Access tokens over time: kept, renewed once, revoked, refused; and where they never show."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from graphwright.kernel.settings import SettingMissing
from graphwright.profiles import (
    Account,
    AuthorityUnavailable,
    AuthorizationRequired,
    Profiles,
    ProfileUnknown,
    TokenRequestFailed,
)
from graphwright_sandbox.server import Sandbox
from tests.profiles.conftest import (
    ADA,
    MovableClock,
    Workshop,
    count_calls,
    create_profile,
)
from tests.sandbox.conftest import DAEMON_ID, REDIRECT_URI, WEB_ID

NEARLY_OVER = timedelta(minutes=90)


async def sign_in_long_ago(workshop: Workshop, sandbox: Sandbox, profiles: Profiles) -> Account:
    """Signs in and lets the access token run out; those after it live as long as ever."""
    sandbox.entra.tokens._lifetime = timedelta(minutes=6)
    account = await workshop.sign_in(profiles)
    sandbox.entra.tokens._lifetime = None
    workshop.clock.offset = timedelta(minutes=2)
    return account


async def test_a_token_is_kept_until_five_minutes_before_its_end(
    workshop: Workshop, refreshes: list[str], clock: MovableClock
) -> None:
    profiles = workshop.open()
    account = await workshop.sign_in(profiles)
    first = await profiles.access_token("web", account.principal_id)
    assert await profiles.access_token("web", account.principal_id) == first
    clock.offset = first.expires_at - clock.now() - timedelta(minutes=6)
    assert await profiles.access_token("web", account.principal_id) == first
    assert refreshes == []
    clock.offset += timedelta(minutes=2)
    second = await profiles.access_token("web", account.principal_id)
    assert second.value != first.value
    assert len(refreshes) == 1


async def test_a_restart_keeps_the_sign_in(workshop: Workshop, refreshes: list[str]) -> None:
    account = await workshop.sign_in(workshop.open())
    token = await workshop.open().access_token("web", account.principal_id)
    assert token.value
    assert refreshes == []


async def test_many_callers_at_once_cause_one_refresh(
    workshop: Workshop, sandbox: Sandbox, refreshes: list[str]
) -> None:
    profiles = workshop.open()
    account = await sign_in_long_ago(workshop, sandbox, profiles)
    calls = [profiles.access_token("web", account.principal_id) for _ in range(20)]
    tokens = await asyncio.gather(*calls)
    assert len(refreshes) == 1
    assert len({token.value for token in tokens}) == 1


async def test_callers_whose_token_was_refused_cause_one_refresh(
    workshop: Workshop, refreshes: list[str]
) -> None:
    profiles = workshop.open()
    account = await workshop.sign_in(profiles)
    before = await profiles.access_token("web", account.principal_id)
    calls = [profiles.access_token("web", account.principal_id, refresh=True) for _ in range(10)]
    tokens = await asyncio.gather(*calls)
    assert len(refreshes) == 1
    assert {token.value for token in tokens} != {before.value}


async def test_a_refresh_of_another_process_is_taken_over(
    workshop: Workshop, sandbox: Sandbox, refreshes: list[str]
) -> None:
    """Another process holds no lock of ours: the version of the row tells."""
    here, there = workshop.open(), workshop.open()
    account = await sign_in_long_ago(workshop, sandbox, here)
    stale = await here._find("web", account.principal_id, None)
    renewed = await there.access_token("web", account.principal_id)
    taken = await here._renew("web", stale, None)
    assert taken.value == renewed.value
    assert len(refreshes) == 1


async def test_two_processes_refreshing_at_once_both_get_a_token_and_lose_nothing(
    workshop: Workshop, sandbox: Sandbox
) -> None:
    first, second = workshop.open(), workshop.open()
    account = await sign_in_long_ago(workshop, sandbox, first)
    tokens = await asyncio.gather(
        first.access_token("web", account.principal_id),
        second.access_token("web", account.principal_id),
    )
    kept = await first.access_token("web", account.principal_id)
    assert kept.value in {token.value for token in tokens}


async def test_the_application_asks_once_for_many_callers_and_keeps_its_token(
    workshop: Workshop, sandbox: Sandbox, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = count_calls(monkeypatch, sandbox.entra.tokens, "issue_application_token")
    profiles = workshop.open()
    tokens = await asyncio.gather(*(profiles.access_token("daemon", None) for _ in range(20)))
    assert len(issued) == 1
    assert len({token.value for token in tokens}) == 1
    clock.offset = NEARLY_OVER
    renewed = await profiles.access_token("daemon", None)
    assert renewed.value != tokens[0].value
    clock.offset = timedelta()
    again = await asyncio.gather(
        *(profiles.access_token("daemon", None, refresh=True) for _ in range(5))
    )
    assert len(issued) == 3
    assert {token.value for token in again} == {again[0].value} != {renewed.value}


async def test_a_revoked_grant_asks_for_a_sign_in_and_forgets_the_account(
    workshop: Workshop, sandbox: Sandbox
) -> None:
    profiles = workshop.open()
    account = await workshop.sign_in(profiles)
    directory = sandbox.entra.directory
    directory.revoke_grants(directory.get_person(ADA))
    with pytest.raises(AuthorizationRequired, match="revoked") as caught:
        await profiles.access_token("web", account.principal_id, refresh=True)
    assert caught.value.status == 401
    assert caught.value.facts["profile"] == "web"
    assert await profiles.accounts(account.principal_id) == []
    with pytest.raises(AuthorizationRequired):
        await profiles.access_token("web", account.principal_id)


async def test_a_removed_account_does_not_come_back_by_a_refresh_under_way(
    workshop: Workshop, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles = workshop.open()
    account = await workshop.sign_in(profiles)
    loop = asyncio.get_running_loop()
    redeem = sandbox.entra.grants.redeem_refresh_token

    def remove_meanwhile(*args: Any) -> Any:
        removal = profiles.remove(account.principal_id)
        assert asyncio.run_coroutine_threadsafe(removal, loop).result(10) == 1
        return redeem(*args)

    monkeypatch.setattr(sandbox.entra.grants, "redeem_refresh_token", remove_meanwhile)
    await profiles.access_token("web", account.principal_id, refresh=True)
    assert await profiles.accounts(account.principal_id) == []


async def test_nobody_and_strangers_get_no_token(workshop: Workshop) -> None:
    profiles = workshop.open()
    account = await workshop.sign_in(profiles)
    for principal, home in (
        (None, None),
        ("", None),
        ("somebody", None),
        (account.principal_id, "another-account"),
        (account.principal_id + " ", account.home_account_id),
    ):
        with pytest.raises(AuthorizationRequired):
            await profiles.access_token("web", principal, account=home)
    with pytest.raises(ProfileUnknown, match="web"):
        await profiles.access_token("wbe", account.principal_id)


async def test_tokens_of_another_registration_are_not_used(workshop: Workshop) -> None:
    account = await workshop.sign_in(workshop.open())
    changed = workshop.open({"web": create_profile(tenant="small.example")})
    with pytest.raises(AuthorizationRequired):
        await changed.access_token("web", account.principal_id)


@pytest.mark.parametrize(
    "changes", [{"extra_hosts": ["evil.example"]}, {"graph": "https://evil.example"}]
)
async def test_tokens_are_not_used_where_the_profile_names_other_hosts_since(
    workshop: Workshop, changes: dict[str, Any]
) -> None:
    account = await workshop.sign_in(workshop.open())
    same = await workshop.open().access_token("web", account.principal_id)
    assert same.value
    changed = workshop.open({"web": create_profile(**changes)})
    assert "evil.example" in changed.definition("web").hosts()
    with pytest.raises(AuthorizationRequired):
        await changed.access_token("web", account.principal_id)


async def test_a_scope_added_to_the_profile_is_asked_for(
    workshop: Workshop, refreshes: list[str]
) -> None:
    narrow = workshop.open({"web": create_profile(scopes=["User.Read"])})
    account = await workshop.sign_in(narrow)
    token = await narrow.access_token("web", account.principal_id)
    assert "Calendars.ReadWrite" not in token.scopes
    wide = workshop.open({"web": create_profile(scopes=["User.Read", "Calendars.ReadWrite"])})
    with pytest.raises(AuthorizationRequired, match="consent"):
        await wide.access_token("web", account.principal_id)
    assert len(refreshes) == 1
    await workshop.sign_in(wide)
    assert "Calendars.ReadWrite" in (await wide.access_token("web", account.principal_id)).scopes


async def test_a_wrong_secret_is_explained_and_a_cured_one_works_at_once(
    workshop: Workshop,
) -> None:
    profiles = workshop.open(DAEMON_SECRET="wrong-secret")
    with pytest.raises(TokenRequestFailed) as caught:
        await profiles.access_token("daemon", None)
    assert caught.value.facts["aadsts"] == 7000215
    assert caught.value.facts["error"] == "invalid_client"
    assert len(caught.value.facts["trace_id"]) == 36
    assert DAEMON_ID in caught.value.hint
    assert "DAEMON_SECRET" in caught.value.hint
    assert "wrong-secret" not in str(caught.value) + str(caught.value.to_wire())
    assert (await workshop.open().access_token("daemon", None)).value


async def test_an_error_is_not_repeated_after_its_cause_was_cured(
    workshop: Workshop, sandbox: Sandbox
) -> None:
    """MSAL alone would answer from its cache for a minute."""
    profiles = workshop.open()
    account = await workshop.sign_in(profiles)
    directory = sandbox.entra.directory
    person = directory.get_person(ADA)
    pending = await profiles.begin("web", REDIRECT_URI)
    page = await asyncio.to_thread(workshop.browser.sign_in, pending.url)
    directory.set_enabled(person, False)
    with pytest.raises(TokenRequestFailed):
        await profiles.complete("web", pending.flow, page.answer)
    directory.set_enabled(person, True)
    with pytest.raises(TokenRequestFailed) as caught:
        await profiles.complete("web", pending.flow, page.answer)
    assert caught.value.facts["aadsts"] == 54005
    assert account.principal_id


async def test_a_missing_secret_names_file_and_field(workshop: Workshop) -> None:
    profiles = workshop.open(DAEMON_SECRET="")
    with pytest.raises(SettingMissing, match="DAEMON_SECRET") as caught:
        await profiles.access_token("daemon", None)
    assert caught.value.place is not None
    assert caught.value.place.file == "profiles/daemon.yaml"
    assert caught.value.place.field == "client_secret"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tenant": "nowhere.example"}, 90002),
        ({"client_id": "cccccccc-0000-4000-8000-000000000009"}, 700016),
        ({"client_id": "aaaaaaaa-0000-4000-8000-000000000003"}, 700025),
    ],
)
async def test_a_wrong_tenant_or_client_is_explained(
    workshop: Workshop, changes: dict[str, str], code: int
) -> None:
    definition = create_profile(
        **{"grant_type": "client_credentials", "client_id": WEB_ID, "scopes": None} | changes
    )
    with pytest.raises(TokenRequestFailed) as caught:
        await workshop.open({"app": definition}).access_token("app", None)
    assert caught.value.facts["aadsts"] == code
    assert caught.value.hint


async def test_an_authority_that_does_not_answer_is_named(
    workshop: Workshop, sandbox: Sandbox
) -> None:
    sandbox.stop()
    with pytest.raises(AuthorityUnavailable, match="cannot be reached") as caught:
        await workshop.open().access_token("daemon", None)
    assert caught.value.retryable


async def test_an_authority_with_an_unknown_certificate_is_not_trusted(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    # The variable would win over what the profile says if the environment were trusted.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(sandbox.ca_file))
    monkeypatch.setenv("SSL_CERT_FILE", str(sandbox.ca_file))
    definition = create_profile(ca_file=None)
    profiles = workshop.open({"web": definition})
    with pytest.raises(AuthorityUnavailable, match="not trusted") as caught:
        await profiles.begin("web", REDIRECT_URI)
    assert "ca_file" in caught.value.hint
