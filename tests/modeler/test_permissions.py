"""Permissions: what a profile lacks for a request, and what an account was not granted."""

from typing import Any, cast

import pytest

from graphwright.modeler.accounts import AccountMissing, KnownAccount
from graphwright.modeler.permissions import check_permissions
from graphwright.modeler.wire.tries import PermissionAnswer, PermissionQuestion
from graphwright.profiles.definition import Profile, profile_model
from graphwright.profiles.principals import Principal
from graphwright.profiles.service import Profiles
from graphwright.profiles.tokens import Account

ACCOUNT = KnownAccount(
    Account("p1", "you", "home", "anna@contoso.example", "Anna", {}),
    Principal("p1", "issuer", "s", "anna@contoso.example", "Anna", None),
)


def profile(**more: Any) -> Profile:
    return profile_model("oauth2_entra").model_validate(
        {"type": "oauth2_entra", "tenant": "contoso.example", "client_id": "c", **more}
    )


class FakeProfiles:
    """A profile of users and one of the application; one account with its grant."""

    def __init__(self, scopes: list[str], granted: set[str] | None) -> None:
        self._granted = granted
        self._profiles = {
            "you": profile(grant_type="authorization_code", scopes=scopes),
            "app": profile(grant_type="client_credentials", client_secret={"secret": "S"}),
        }

    def definition(self, name: str) -> Profile:
        return self._profiles[name]

    async def principals(self) -> list[Principal]:
        return [ACCOUNT.principal]

    async def accounts(self, _: str) -> list[Account]:
        return [ACCOUNT.account]

    async def granted(self, *_: Any) -> frozenset[str] | None:
        return None if self._granted is None else frozenset(self._granted)


async def check(
    url: str,
    name: str = "you",
    method: str = "GET",
    scopes: list[str] | None = None,
    granted: set[str] | None = None,
    account: str | None = None,
) -> PermissionAnswer:
    profiles = FakeProfiles(scopes if scopes is not None else ["User.Read"], granted)
    question = PermissionQuestion(profile=name, method=method, url=url, account=account)
    return await check_permissions(cast(Profiles, profiles), question)


async def test_what_the_profile_lacks_is_named() -> None:
    answer = await check("/me/calendarView?startDateTime={{ range.start }}")
    assert (answer.needed, answer.missing) == (["Calendars.ReadBasic"], ["Calendars.ReadBasic"])
    assert answer.message == "This profile lacks Calendars.ReadBasic."


@pytest.mark.parametrize(
    "scopes",
    [["Calendars.ReadWrite"], ["https://graph.microsoft.com/Calendars.Read"], [".default"]],
)
async def test_a_scope_that_covers_it_does(scopes: list[str]) -> None:
    answer = await check("https://graph.microsoft.com/v1.0/me/events", scopes=scopes)
    assert (answer.known, answer.missing, answer.message) == (True, [], "")


async def test_what_an_account_was_not_granted_is_a_warning() -> None:
    scopes = ["Calendars.Read"]
    told = await check("/me/events", scopes=scopes, granted={"User.Read"}, account=ACCOUNT.id)
    assert (told.missing, told.message) == ([], "")
    assert "anna@contoso.example was not granted Calendars.ReadBasic" in told.warning
    fine = await check("/me/events", scopes=scopes, granted={"Calendars.Read"}, account=ACCOUNT.id)
    unknown = await check("/me/events", scopes=scopes, account=ACCOUNT.id)
    assert (fine.warning, unknown.warning) == ("", "")
    with pytest.raises(AccountMissing):
        await check("/me/events", account="nobody")


async def test_the_application_has_no_me() -> None:
    for url in ("/me/events", "/me?$select=id", "https://graph.microsoft.com/beta/me"):
        assert "/users/{id}" in (await check(url, "app")).message
    answer = await check("/users/{{ id }}/events", "app")
    assert (answer.message, answer.needed) == ("", ["Calendars.ReadBasic"])
    assert "administrator" in answer.warning


async def test_what_a_flavour_cannot_do_is_said() -> None:
    answer = await check("/users/{{ id }}/findMeetingTimes", "app", "POST")
    assert answer.message == "Graph offers this not to an application."


@pytest.mark.parametrize(
    "url", ["/nowhere", "https://evil.example/v1.0/me", "https://[broken", "", "{{ all }}"]
)
async def test_what_is_not_known_is_said(url: str) -> None:
    answer = await check(url)
    assert (answer.known, answer.missing, answer.message) == (False, [], "")
    assert answer.warning
