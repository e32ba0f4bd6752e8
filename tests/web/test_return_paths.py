"""Where a sign-in returns to: never to another site, whatever a browser makes of the address."""

import pytest

from graphwright.web.return_paths import safe_return_path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/calendar",
        "/calendar?run=abc.3",
        "/people?search=%2F%2Fevil.example",
        "/people?search=a%20b&x=https://example.com",
        "/a/b-c_d",
        "/calendar#today",
        "/caf%C3%A9",
    ],
)
def test_paths_of_this_site_stay_as_they_are(path: str) -> None:
    assert safe_return_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "calendar",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/%2Fevil.example",
        "/%5Cevil.example",
        "/%2f%2fevil.example",
        "/%252Fevil.example",
        "/%09/evil.example",
        "/a/../..//evil.example",
        "/..//evil.example",
        "/.//evil.example",
        "/%2e%2e//evil.example",
        "/\x00",
        "/\x7f",
        "/auth/sign-in",
        "/auth/callback/graph-user?code=1",
        "/api/session",
        "/assets/x.js",
        "/" + "a" * 2001,
        "/?x=\r\nset-cookie: a=b",
    ],
)
def test_paths_that_lead_elsewhere_become_the_start(path: str | None) -> None:
    assert safe_return_path(path) == "/"
