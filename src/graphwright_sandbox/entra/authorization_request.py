"""Reading and checking an authorization request, before anybody sees a page.

Errors met before the redirect URI is known to be the client's are never sent there (RFC 6749,
section 4.1.2.1). This module must not know pages nor sessions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graphwright_sandbox.entra.claims_request import read_capabilities
from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.parameters import Parameters
from graphwright_sandbox.entra.redirects import (
    RESPONSE_MODES,
    RedirectTarget,
    match_redirect_uri,
)
from graphwright_sandbox.entra.scopes import RequestedScopes
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.tenant import AppRegistration

PROMPTS = ("login", "none", "consent", "select_account", "admin_consent")
_CODE_CHALLENGE = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What an authorization request asks for, all of it checked."""

    scopes: RequestedScopes
    prompt: str | None
    login_hint: str | None
    domain_hint: str | None
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str
    capabilities: frozenset[str]


def read_target(
    entra: Entra, tenant_segment: str, parameters: Parameters
) -> tuple[AppRegistration, RedirectTarget]:
    """The client and its way back. Errors from here are shown, never redirected."""
    app = entra.directory.find_app_at(parameters.get("client_id"), tenant_segment)
    redirect_uri = match_redirect_uri(app, parameters.get("redirect_uri"))
    mode = parameters.get("response_mode", "query").lower()
    # An unknown mode is reported in the query; read_request refuses it.
    known_mode = mode if mode in RESPONSE_MODES else "query"
    return app, RedirectTarget(redirect_uri, known_mode, parameters.get("state"))


def read_request(
    entra: Entra, app: AppRegistration, parameters: Parameters
) -> AuthorizationRequest:
    """The rest of the request. Errors from here go back to the client."""
    mode = parameters.get("response_mode", "query")
    if mode.lower() not in RESPONSE_MODES:
        raise EntraError(70007, response_mode=mode[:120])
    _check_response_type(parameters.require("response_type"))
    prompt = parameters.get("prompt")
    if prompt is not None and prompt not in PROMPTS:
        raise EntraError(90023, field="prompt")
    method, challenge = _read_code_challenge(parameters)
    return AuthorizationRequest(
        scopes=entra.scopes.read(parameters.get("scope"), app),
        prompt=prompt,
        login_hint=parameters.get("login_hint"),
        domain_hint=parameters.get("domain_hint"),
        nonce=parameters.get("nonce"),
        code_challenge=challenge,
        code_challenge_method=method,
        capabilities=read_capabilities(parameters.get("claims")),
    )


def _check_response_type(response_type: str) -> None:
    words = set(response_type.split())
    if words == {"code"}:
        return
    if not words or not words <= {"code", "token", "id_token"}:
        raise EntraError(70005, response_type=response_type[:120])
    # No registration of the sandbox has the implicit or the hybrid flow switched on.
    raise EntraError(700051 if "token" in words else 700054)


def _read_code_challenge(parameters: Parameters) -> tuple[str, str | None]:
    method = parameters.get("code_challenge_method", "plain")
    challenge = parameters.get("code_challenge")
    if method not in ("plain", "S256"):
        raise EntraError(90023, field="code_challenge_method")
    if challenge is None and "code_challenge_method" in parameters:
        raise EntraError(900144, field="code_challenge")
    if challenge is not None and not _CODE_CHALLENGE.fullmatch(challenge):
        raise EntraError(501491)
    return method, challenge
