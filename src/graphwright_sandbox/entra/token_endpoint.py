"""The token endpoint: a grant comes in, tokens go out.

It must not know pages nor what Microsoft Graph does with a token.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphwright_sandbox.entra.client_authentication import authenticate_client
from graphwright_sandbox.entra.directory import ANY_TENANT
from graphwright_sandbox.entra.errors import EntraError, ErrorReport
from graphwright_sandbox.entra.grants import Grant
from graphwright_sandbox.entra.parameters import Parameters, read_form
from graphwright_sandbox.entra.permissions import PROTOCOL_SCOPES
from graphwright_sandbox.entra.scopes import RequestedScopes
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.entra.tokens import encode_client_info
from graphwright_sandbox.inspector import exchange_of
from graphwright_sandbox.tenant import AppRegistration

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


class TokenEndpoint:
    """``/{tenant}/oauth2/v2.0/token``."""

    def __init__(self, entra: Entra) -> None:
        self._entra = entra
        self._grant_types = {
            "authorization_code": self._redeem_code,
            "refresh_token": self._refresh,
            "client_credentials": self._issue_to_application,
        }

    def routes(self) -> list[Route]:
        return [Route("/{tenant}/oauth2/v2.0/token", self.handle, methods=_METHODS)]

    async def handle(self, request: Request) -> Response:
        correlation_id = request.headers.get("client-request-id")
        exchange = exchange_of(request.scope)
        try:
            if request.method != "POST":
                raise EntraError(900561, method=request.method)
            parameters = await read_form(request)
            correlation_id = parameters.get("client-request-id", correlation_id)
            segment = request.path_params["tenant"]
            self._entra.directory.check_tenant(segment)
            grant_type = parameters.require("grant_type")
            issue = self._grant_types.get(grant_type)
            if issue is None:
                raise EntraError(70003, grant_type=grant_type[:120])
            if grant_type == "client_credentials" and segment.lower() in ANY_TENANT:
                raise EntraError(50059)
            app = authenticate_client(
                self._entra.directory, parameters, request.headers.get("authorization")
            )
            exchange.app_id = app.app_id
            body = issue(app, parameters)
        except EntraError as error:
            exchange.refuse(f"AADSTS{error.code}", error.text)
            return ErrorReport.of(error, self._entra.clock(), correlation_id).to_response()
        return JSONResponse(body, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})

    def _redeem_code(self, app: AppRegistration, parameters: Parameters) -> dict[str, Any]:
        code = parameters.require("code")
        wanted = self._read_scopes(app, parameters)
        grant, binding = self._entra.grants.redeem_code(
            code, app, parameters.get("redirect_uri"), parameters.get("code_verifier")
        )
        return self._issue_to_person(app, _narrow(grant, wanted), nonce=binding.nonce)

    def _refresh(self, app: AppRegistration, parameters: Parameters) -> dict[str, Any]:
        token = parameters.require("refresh_token")
        wanted = self._read_scopes(app, parameters)
        grant = self._entra.grants.redeem_refresh_token(token, app)
        return self._issue_to_person(app, _narrow(grant, wanted), nonce=None)

    def _issue_to_application(self, app: AppRegistration, parameters: Parameters) -> dict[str, Any]:
        if app.public_client:
            raise EntraError(7000216)
        audience = self._entra.scopes.read_default(parameters.get("scope"))
        token = self._entra.tokens.issue_access_token(
            app, audience, person=None, permissions=self._entra.directory.granted_roles(app)
        )
        return {
            "token_type": "Bearer",
            "expires_in": token.expires_in,
            "ext_expires_in": token.expires_in,
            "access_token": token.value,
        }

    def _issue_to_person(
        self, app: AppRegistration, grant: Grant, *, nonce: str | None
    ) -> dict[str, Any]:
        entra = self._entra
        person = entra.directory.get_enabled_person(grant.user_id)
        consented = entra.directory.granted_scopes(app, person)
        if not grant.scopes.names <= consented:
            raise EntraError(65001, app_id=app.app_id, app_name=app.display_name)
        # As in Entra ID, the token carries every permission consented to, not only those named.
        granted = grant.scopes.protocol | {
            name
            for name in consented - PROTOCOL_SCOPES.keys()
            if entra.resources.resource_of(name) == grant.scopes.resource
        }
        token = entra.tokens.issue_access_token(
            app, grant.scopes.audience, person=person, permissions=granted
        )
        body: dict[str, Any] = {
            "token_type": "Bearer",
            "scope": grant.scopes.spell(granted),
            "expires_in": token.expires_in,
            "ext_expires_in": token.expires_in,
            "access_token": token.value,
        }
        if "offline_access" in grant.scopes.protocol:
            body["refresh_token"] = entra.grants.issue_refresh_token(grant)
        if "openid" in grant.scopes.protocol:
            body["id_token"] = entra.tokens.issue_id_token(
                app, person, grant.scopes.protocol, nonce, grant.auth_time
            )
        body["client_info"] = encode_client_info(person, entra.tenant)
        return body

    def _read_scopes(self, app: AppRegistration, parameters: Parameters) -> RequestedScopes | None:
        scope = parameters.get("scope")
        return self._entra.scopes.read(scope, app) if scope is not None else None


def _narrow(grant: Grant, wanted: RequestedScopes | None) -> Grant:
    """The grant with the scopes of this request; ``offline_access`` stays as it was granted."""
    if wanted is None:
        return grant
    offline = grant.scopes.protocol & {"offline_access"}
    protocol = (wanted.protocol - {"offline_access"}) | offline
    return replace(grant, scopes=replace(wanted, protocol=protocol))
