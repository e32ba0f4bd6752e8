"""What an administrator is told to enter."""

from __future__ import annotations

from typing import Any

import pytest

from graphwright.profiles.kinds.oauth2_entra.config import Config
from graphwright.profiles.setup_guide import SetupGuide, describe_setup, portal_redirect_url


def guide_of(*requests: tuple[str, str], **changes: Any) -> SetupGuide:
    values = {
        "type": "oauth2_entra",
        "title": "Microsoft 365 (you)",
        "grant_type": "authorization_code",
        "tenant": "contoso.example",
        "client_id": "the client",
        "client_secret": {"secret": "APP_SECRET"},
        "scopes": ["User.Read", "Calendars.ReadWrite"],
    } | changes
    return describe_setup(
        "graph-user", Config.model_validate(values), "https://apps.example/", requests
    )


def test_a_users_profile_lists_its_redirect_urls_and_permissions() -> None:
    guide = guide_of(
        ("GET", "/me/calendarView"),
        ("patch", "/me/events/{{ key }}"),
        ("PATCH", "/me/events/{{ key }}"),
        ("GET", "/me/messages"),
        ("GET", "/me/unheard-of"),
    )
    assert [(r.url, r.platform) for r in guide.redirect_urls] == [
        ("https://apps.example/auth/callback/graph-user", "Web"),
        ("http://localhost", "Web"),
    ]
    assert [(p.name, p.covered) for p in guide.permissions] == [
        ("Calendars.ReadWrite", True),
        ("Mail.ReadBasic", False),
    ]
    # One that reads needs less, and what is to be registered anyway does for it.
    assert guide.permissions[0].requests == ("GET /me/calendarView", "PATCH /me/events/{{ key }}")
    assert guide.unknown_requests == ("GET /me/unheard-of",)
    assert guide.secrets == ("APP_SECRET",)
    assert guide.flavour == "user"
    assert guide.grant_type == "authorization_code"
    assert any("Mail.ReadBasic" in note for note in guide.notes)
    assert (
        guide.admin_consent_url
        == "https://login.microsoftonline.com/contoso.example/adminconsent?client_id=the%20client"
    )


def test_a_public_client_registers_under_the_other_platform() -> None:
    guide = guide_of(client_secret=None)
    assert {r.platform for r in guide.redirect_urls} == {"Mobile and desktop applications"}
    assert guide.secrets == ()
    assert guide.permissions == ()
    assert guide.notes == ()


def test_the_application_has_no_redirect_url_and_no_me() -> None:
    guide = guide_of(
        ("GET", "/users"),
        ("GET", "https://graph.microsoft.com/v1.0/me/messages?$top=1"),
        grant_type="client_credentials",
        scopes=[],
        cloud="usgov",
    )
    assert guide.redirect_urls == ()
    assert guide.flavour == "application"
    assert [p.name for p in guide.permissions] == ["Mail.ReadBasic.All", "User.ReadBasic.All"]
    assert any("/me does not exist" in note for note in guide.notes)
    assert guide.admin_consent_url is not None
    assert guide.admin_consent_url.startswith("https://login.microsoftonline.us/")


@pytest.mark.parametrize("url", ["/menu", "/users/me", "/groups"])
def test_only_me_is_me(url: str) -> None:
    guide = guide_of(("GET", url), grant_type="client_credentials", scopes=[])
    assert not any("/me does not exist" in note for note in guide.notes)


def test_scopes_with_their_resource_cover_permissions() -> None:
    guide = guide_of(
        ("GET", "/me/messages"),
        scopes=["https://graph.microsoft.us/Mail.Read"],
        cloud="usgov",
    )
    assert [p.covered for p in guide.permissions] == [True]


def test_a_consent_link_with_a_setting_in_it_is_none() -> None:
    for changes in ({"tenant": "${TENANT}"}, {"client_id": "${ID}"}, {"authority": "${LOGIN}"}):
        assert guide_of(**changes).admin_consent_url is None
    assert guide_of(tenant="${TENANT:-contoso.example}").admin_consent_url is not None


def test_anyones_tenant_asks_for_consent_in_the_administrators_own() -> None:
    guide = guide_of(tenant="common")
    assert guide.admin_consent_url is not None
    assert "/organizations/adminconsent" in guide.admin_consent_url


def test_a_name_cannot_break_out_of_the_redirect_url() -> None:
    assert portal_redirect_url("a/../b?c", "https://x.example") == (
        "https://x.example/auth/callback/a%2F..%2Fb%3Fc"
    )
