"""Requests at the token endpoint and what is asserted of a refusal."""

from __future__ import annotations

from typing import Any

import jwt
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import (
    REDIRECT_URI,
)
from tests.sandbox.entra.browser import post_token

GRAPH = "https://graph.microsoft.com"
ADA_ID = "bbbbbbbb-0000-4000-8000-000000000001"
VERIFIER = "v" * 43
APPLICATION: dict[str, str | None] = {
    "grant_type": "client_credentials",
    "scope": f"{GRAPH}/.default",
}


def read_claims(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def redeem(
    sandbox: Sandbox, http: requests.Session, value: str, **changes: str | None
) -> requests.Response:
    fields: dict[str, str | None] = {
        "grant_type": "authorization_code",
        "code": value,
        "redirect_uri": REDIRECT_URI,
    }
    return post_token(sandbox, http, fields | changes)


def refresh(
    sandbox: Sandbox, http: requests.Session, token: str, **changes: str | None
) -> requests.Response:
    fields: dict[str, str | None] = {"grant_type": "refresh_token", "refresh_token": token}
    return post_token(sandbox, http, fields | changes)


def assert_refused(response: requests.Response, code: int, error: str, status: int = 400) -> None:
    body = response.json()
    assert (response.status_code, body["error"]) == (status, error), body
    assert body["error_codes"] == [code]
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    for name in ("Trace ID", "Correlation ID", "Timestamp"):
        assert f" {name}: " in body["error_description"]
    assert body["error_uri"] == f"https://login.microsoftonline.com/error?code={code}"
    assert {"timestamp", "trace_id", "correlation_id"} <= body.keys()
    assert response.headers["cache-control"] == "no-store"
