"""Client assertions: by certificate and by federation, and every reason to refuse one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import SECRET, TENANT_ID
from tests.sandbox.entra.browser import post_token
from tests.sandbox.entra.requests_at_token import assert_refused, read_claims
from tests.sandbox.entra.rich_tenant import (
    CERTIFICATE_ID,
    FEDERATED_ID,
    RichStart,
    client_assertion,
    federated_assertion,
    identity,
    with_assertion,
)

Header = Callable[[], dict[str, Any]]


@pytest.mark.parametrize(
    ("algorithm", "header"),
    [
        ("RS256", lambda: {"x5t": identity("own").x5t}),
        ("PS256", lambda: {"x5t#S256": identity("own").x5t_s256}),
        ("PS256", lambda: {"x5t#s256": identity("own").x5t_s256 + "="}),
        ("PS256", lambda: {"x5c": identity("own").x5c}),
        (
            "PS256",
            lambda: {"x5c": identity("own").x5c, "x5t#S256": identity("own").x5t_s256},
        ),
    ],
)
def test_a_certificate_proves_the_application(
    shared_rich: Sandbox, http: requests.Session, algorithm: str, header: Header
) -> None:
    assertion = client_assertion(shared_rich, algorithm=algorithm, header=header())
    response = post_token(shared_rich, http, with_assertion(assertion))
    assert response.status_code == 200, response.text
    claims = read_claims(response.json()["access_token"])
    assert (claims["appidacr"], claims["roles"]) == ("2", ["User.Read.All"])


@pytest.mark.parametrize(
    "audience",
    [
        "/{tenant}/oauth2/v2.0/token",
        "/{tenant}/oauth2/token",
        "/{tenant}/v2.0",
        "/small.example/oauth2/v2.0/token",
    ],
)
def test_the_audience_is_the_token_endpoint_in_either_form_or_the_issuer(
    shared_rich: Sandbox, http: requests.Session, audience: str
) -> None:
    aud = shared_rich.login_url + audience.format(tenant=TENANT_ID)
    response = post_token(shared_rich, http, with_assertion(client_assertion(shared_rich, aud=aud)))
    assert response.status_code == 200, response.text


NOW = 1_900_000_000


@pytest.mark.parametrize(
    ("changes", "code", "error", "status"),
    [
        ({"aud": "https://login.microsoftonline.com/x/oauth2/v2.0/token"}, 700023, "", 401),
        ({"aud": None}, 90014, "invalid_request", 400),
        ({"aud": ["https://a.example"]}, 90014, "invalid_request", 400),
        ({"iss": None}, 90014, "invalid_request", 400),
        ({"iss": FEDERATED_ID}, 700021, "", 401),
        ({"sub": FEDERATED_ID}, 700021, "", 401),
        ({"exp": 1, "nbf": 0}, 700024, "", 401),
        ({"exp": None}, 90014, "invalid_request", 400),
        ({"exp": 10**30}, 90014, "invalid_request", 400),
        ({"nbf": NOW * 2, "exp": NOW * 2 + 60}, 700024, "", 401),
        ({"exp": NOW * 2}, 700024, "", 401),
        ({"header": {}}, 5002723, "", 401),
        ({"header": {"x5t": "nonsense"}}, 700027, "", 401),
        ({"header": {"x5t#S256": 7}}, 700027, "", 401),
        ({"header": {"x5c": ["nonsense"]}}, 50027, "invalid_request", 400),
        ({"algorithm": "RS384"}, 5002738, "", 401),
    ],
)
def test_an_assertion_that_proves_nothing_is_refused(
    shared_rich: Sandbox,
    http: requests.Session,
    changes: dict[str, Any],
    code: int,
    error: str,
    status: int,
) -> None:
    assertion = client_assertion(shared_rich, **changes)
    response = post_token(shared_rich, http, with_assertion(assertion))
    assert_refused(response, code, error or "invalid_client", status)
    assert assertion not in response.text


def test_a_certificate_that_is_not_registered_is_named_by_its_thumbprint(
    shared_rich: Sandbox, http: requests.Session
) -> None:
    stranger = identity("stranger")
    for header in ({"x5t": stranger.x5t}, {"x5c": stranger.x5c}):
        assertion = client_assertion(shared_rich, "stranger", algorithm="RS256", header=header)
        response = post_token(shared_rich, http, with_assertion(assertion))
        assert_refused(response, 700027, "invalid_client", 401)
        assert "The key was not found., Thumbprint of key used by client: '" in response.text


def test_a_certificate_that_is_over_is_refused(
    shared_rich: Sandbox, http: requests.Session
) -> None:
    former = identity("former", -1)
    assertion = client_assertion(
        shared_rich, key=former.key, algorithm="RS256", header={"x5t": former.x5t}
    )
    response = post_token(shared_rich, http, with_assertion(assertion))
    assert_refused(response, 1000502, "invalid_client", 401)


@pytest.mark.parametrize(
    ("changes", "code", "error"),
    [
        ({"client_assertion_type": None}, 900144, "invalid_request"),
        ({"client_assertion_type": "urn:saml"}, 90023, "invalid_request"),
        ({"client_assertion": "x.y.z"}, 50027, "invalid_request"),
        ({"client_assertion": "nonsense"}, 50027, "invalid_request"),
        ({"client_secret": SECRET}, 9002313, "invalid_request"),
    ],
)
def test_a_malformed_request_with_an_assertion_is_refused(
    shared_rich: Sandbox,
    http: requests.Session,
    changes: dict[str, str | None],
    code: int,
    error: str,
) -> None:
    fields = with_assertion(client_assertion(shared_rich)) | changes
    assert_refused(post_token(shared_rich, http, fields), code, error)


def test_a_federated_assertion_proves_the_application(
    shared_rich: Sandbox, http: requests.Session
) -> None:
    assertion = federated_assertion(shared_rich)
    response = post_token(shared_rich, http, with_assertion(assertion, FEDERATED_ID))
    assert response.status_code == 200, response.text
    claims = read_claims(response.json()["access_token"])
    assert (claims["appid"], claims["appidacr"]) == (FEDERATED_ID, "2")


@pytest.mark.parametrize(
    ("changes", "code", "error", "status"),
    [
        ({"iss": "https://builds.example/"}, 700211, "invalid_client", 401),
        ({"sub": "repo:small/sons:Main"}, 700213, "invalid_client", 401),
        ({"aud": "api://else"}, 700212, "invalid_client", 401),
        ({"exp": 1, "nbf": 0}, 700024, "invalid_client", 401),
        ({"signed_by": "stranger"}, 50013, "invalid_grant", 400),
    ],
)
def test_a_federated_assertion_of_somebody_else_is_refused(
    shared_rich: Sandbox,
    http: requests.Session,
    changes: dict[str, Any],
    code: int,
    error: str,
    status: int,
) -> None:
    stranger = identity("stranger").key if "signed_by" in changes else None
    claims = {name: value for name, value in changes.items() if name != "signed_by"}
    assertion = federated_assertion(shared_rich, key=stranger, **claims)
    response = post_token(shared_rich, http, with_assertion(assertion, FEDERATED_ID))
    assert_refused(response, code, error, status)


def test_an_assertion_is_good_until_it_expires_unless_the_tenant_wants_it_once(
    start_rich: RichStart, shared_rich: Sandbox, http: requests.Session
) -> None:
    assertion = client_assertion(shared_rich)
    for _ in range(2):
        assert post_token(shared_rich, http, with_assertion(assertion)).status_code == 200
    with start_rich(single_use_assertions=True) as strict:
        unnamed = client_assertion(strict, jti=None)
        assert_refused(post_token(strict, http, with_assertion(unnamed)), 90014, "invalid_request")
        once = with_assertion(client_assertion(strict))
        assert post_token(strict, http, once).status_code == 200
        assert_refused(post_token(strict, http, once), 50013, "invalid_grant")


def test_the_registration_of_another_tenant_is_not_known_there(
    shared_rich: Sandbox, http: requests.Session
) -> None:
    response = post_token(
        shared_rich,
        http,
        with_assertion(client_assertion(shared_rich)),
        tenant="neighbour.example",
    )
    assert_refused(response, 700016, "unauthorized_client")
    assert CERTIFICATE_ID in response.text
