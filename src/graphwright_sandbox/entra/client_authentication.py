"""How a client proves who it is at the token endpoint: by a secret or by an assertion.

It must not know which grant the client asks for, save that client credentials need a proof.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import unquote_plus

from graphwright_sandbox.entra.assertions import ASSERTION_TYPE, Assertions
from graphwright_sandbox.entra.directory import Directory
from graphwright_sandbox.entra.endpoints import Endpoints
from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.parameters import Parameters
from graphwright_sandbox.tenant import AppRegistration


@dataclass(frozen=True, slots=True)
class Client:
    """The application that sent a request, and how it proved that (claim ``appidacr``)."""

    app: AppRegistration
    acr: Literal["0", "1", "2"]


class ClientAuthentication:
    """Authenticates the clients of one sandbox."""

    def __init__(
        self, directory: Directory, endpoints: Endpoints, clock: Callable[[], datetime]
    ) -> None:
        self._directory = directory
        self._assertions = Assertions(directory, endpoints, clock)

    def authenticate(
        self, segment: str, parameters: Parameters, authorization: str | None
    ) -> Client:
        """The client that sent the request; an EntraError where it did not prove it."""
        client_id, secret = parameters.get("client_id"), parameters.get("client_secret")
        if authorization is not None:
            basic_id, basic_secret = _read_basic(authorization)
            if secret is not None or (client_id is not None and client_id != basic_id):
                # RFC 6749, section 2.3: one way of authentication per request.
                raise EntraError(9002313)
            client_id, secret = basic_id, basic_secret
        assertion = parameters.get("client_assertion")
        if secret is not None and assertion is not None:
            raise EntraError(9002313)
        app = self._directory.find_app_at(client_id, segment)
        if app.public_client:
            if secret is not None or assertion is not None:
                raise EntraError(700025)
            return Client(app, "0")
        if assertion is not None:
            if parameters.require("client_assertion_type") != ASSERTION_TYPE:
                raise EntraError(90023, field="client_assertion_type")
            self._assertions.check(app, segment, assertion)
            return Client(app, "2")
        if secret is None:
            is_application = parameters.get("grant_type") == "client_credentials"
            raise EntraError(7000216 if is_application else 7000218)
        if not _is_one_of(secret, app.secrets):
            raise EntraError(7000215, app_id=app.app_id)
        return Client(app, "1")


def _is_one_of(secret: str, known: Iterable[str]) -> bool:
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
