"""How a client proves who it is at the token endpoint.

It must not know which grant the client asks for, save that client credentials need a proof.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from urllib.parse import unquote_plus

from graphwright_sandbox.entra.directory import Directory
from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.parameters import Parameters
from graphwright_sandbox.tenant import AppRegistration


def authenticate_client(
    directory: Directory, parameters: Parameters, authorization: str | None
) -> AppRegistration:
    """The client that sent the request; an EntraError where it did not prove it."""
    client_id, secret = parameters.get("client_id"), parameters.get("client_secret")
    if authorization is not None:
        basic_id, basic_secret = _read_basic(authorization)
        if secret is not None or (client_id is not None and client_id != basic_id):
            # RFC 6749, section 2.3: one way of authentication per request.
            raise EntraError(9002313)
        client_id, secret = basic_id, basic_secret
    app = directory.find_app(client_id)
    if app.public_client:
        if secret is not None or "client_assertion" in parameters:
            raise EntraError(700025)
        return app
    if "client_assertion" in parameters:
        # Registrations of the sandbox hold secrets only.
        raise EntraError(700027)
    if secret is None:
        is_application = parameters.get("grant_type") == "client_credentials"
        raise EntraError(7000216 if is_application else 7000218)
    if not _is_one_of(secret, app.secrets):
        raise EntraError(7000215, app_id=app.app_id)
    return app


def _is_one_of(secret: str, known: tuple[str, ...]) -> bool:
    # Compares with every secret, so that the time says nothing about which one is close.
    matches = [secrets.compare_digest(secret.encode(), one.encode()) for one in known]
    return any(matches)


def _read_basic(authorization: str) -> tuple[str, str | None]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError(scheme)
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (ValueError, binascii.Error):
        raise EntraError(9002313) from None
    # RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
    client_id, _, secret = text.partition(":")
    return unquote_plus(client_id), unquote_plus(secret) or None
